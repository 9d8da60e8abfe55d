"""`askdesk demo`: the sandbox and the real bot in one process, over real sockets; plays one escalation."""

from __future__ import annotations

import asyncio
import logging
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console

from bot.clock import wall_clock
from bot.demo_story import tell
from bot.log import configure
from bot.settings import load
from bot.wiring import Askdesk, Pace
from cases.hours import next_free
from cases.program import Program
from sandbox import APP_TOKEN, BOT_TOKEN, SandboxClock, SandboxThread, Seed
from storage.schema import upgrade
from storage.store import Store


def manifest() -> dict[str, Any]:
    """The app's manifest, the very one that a real workspace gets."""
    here = Path(__file__).parent
    path = next(p for p in (here / "manifest.yml", here.parent / "manifest.yml") if p.exists())
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def seeded_environment(api_url: str, database: str) -> dict[str, str]:
    """The settings' variables for the sandbox's contact centre: #ask-billing with its SMEs, TLs and manager."""
    return {
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_APP_TOKEN": APP_TOKEN,
        "SLACK_API_URL": api_url,
        "ASK_CHANNEL_ID": "C0ASKBILL",
        "ASK_PROGRAM_NAME": "Billing",
        "ASK_TIMEZONE": "Asia/Manila",
        "ASK_CUSTOMER_TIMEZONE": "America/New_York",
        "ASK_PHONE_REGION": "US",
        "SME_TL_USERGROUP_IDS": "S0SMES,S0TLS",
        "MANAGER_USERGROUP_IDS": "S0MANAGERS",
        "DATABASE_URL": database,
    }


@contextmanager
def desk_beside(sandbox: SandboxThread, database: str, pace: Pace) -> Iterator[Askdesk]:
    """The bot on a thread and loop of its own, following the sandbox's clock, until the block ends.

    Whatever ends it by itself is raised at the end of the block.
    """
    settings = load(seeded_environment(sandbox.api_url, database))
    store = Store.at(database)
    upgrade(store.engine)
    loop = asyncio.new_event_loop()
    ready: list[Askdesk] = []
    failed: list[BaseException] = []
    up = threading.Event()

    async def serve() -> None:
        desk = Askdesk(settings, store, sandbox.clock.now, pace)
        try:
            await desk.start()
            ready.append(desk)
            up.set()
            await desk.wait()
        finally:
            await desk.stop()

    def run() -> None:
        asyncio.set_event_loop(loop)
        try:
            loop.run_until_complete(serving)
        except asyncio.CancelledError:
            return
        except BaseException as error:  # noqa: BLE001 - raised again where the block ends
            failed.append(error)
        finally:
            up.set()
            loop.close()

    serving = loop.create_task(serve())
    thread = threading.Thread(target=run, name="askdesk", daemon=True)
    try:
        thread.start()
        up.wait()
        if ready:
            yield ready[0]
    finally:
        with suppress(RuntimeError):  # the loop may end by itself this very moment
            loop.call_soon_threadsafe(serving.cancel)
        thread.join()
        store.close()
    if failed:
        raise failed[0]


def _a_good_moment() -> datetime:
    """Today in the morning of the story's customer, or the next day on which she may be called."""
    today = wall_clock().replace(hour=17, minute=5, second=0, microsecond=0)
    desk = Program(0, "", "", "Asia/Manila", "America/Los_Angeles", "US", holiday_country="US")
    return next_free(today, desk.customer_timezone, desk)


def play() -> int:
    """Tells the story in the terminal; returns the exit code."""
    configure("console", level=logging.ERROR)
    console = Console(highlight=False)
    with tempfile.TemporaryDirectory(prefix="askdesk-demo-", ignore_cleanup_errors=True) as folder:
        database = f"sqlite:///{Path(folder) / 'demo.db'}"
        clock = SandboxClock(_a_good_moment())
        with (
            SandboxThread(Seed(manifest()), clock=clock) as sandbox,
            desk_beside(sandbox, database, Pace(0.2)),
        ):
            tell(sandbox.url, console)
    return 0
