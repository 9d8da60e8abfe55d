"""The sandbox and the bot in one process, over real sockets; and the story of one escalation, told in the terminal."""

from __future__ import annotations

import asyncio
import logging
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from rich.console import Console

from bot.app.wiring import Askdesk, Pace
from bot.demo.environment import seeded_environment
from bot.demo.shift import good_moment
from bot.demo.story import tell
from bot.environment.clock import wall_clock
from bot.environment.log import configure
from bot.environment.manifest import manifest
from bot.environment.settings import load
from sandbox import SandboxClock, SandboxThread, Seed
from storage.schema import upgrade
from storage.store import Store


@contextmanager
def bot_beside(
    sandbox: SandboxThread, database: str, pace: Pace, changes: Mapping[str, str] | None = None
) -> Iterator[Askdesk]:
    """The bot on a thread and loop of its own, following the sandbox's clock, until the block ends.

    `changes` are to the settings of the sandbox's contact centre. Whatever ends the bot by itself is raised at the
    end of the block.
    """
    settings = load(seeded_environment(sandbox.api_url, database) | dict(changes or {}))
    store = Store.at(database, settings.vault)
    upgrade(store.engine)
    loop = asyncio.new_event_loop()
    made: list[Askdesk] = []
    ready: list[Askdesk] = []
    failed: list[BaseException] = []
    up = threading.Event()

    async def opened() -> None:
        bot = Askdesk(settings, store, sandbox.clock.now, pace)
        made.append(bot)
        await bot.start()
        ready.append(bot)
        up.set()
        await bot.wait()

    async def served() -> None:
        """The end of the block cancels only `opening`: the bot stops properly, and what ended it is not lost."""
        try:
            await opening
        finally:
            for bot in made:
                await bot.stop()

    def run() -> None:
        asyncio.set_event_loop(loop)
        try:
            loop.run_until_complete(served())
        except asyncio.CancelledError:
            return
        except BaseException as error:  # noqa: BLE001 - raised again where the block ends
            failed.append(error)
        finally:
            up.set()
            loop.close()

    opening = loop.create_task(opened())
    thread = threading.Thread(target=run, name="askdesk", daemon=True)
    try:
        thread.start()
        up.wait()
        if ready:
            yield ready[0]
    finally:
        with suppress(RuntimeError):  # the loop may end by itself this very moment
            loop.call_soon_threadsafe(opening.cancel)
        thread.join()
        store.close()
    if failed:
        raise failed[0]


def play() -> None:
    """Tells the story in the terminal."""
    configure("console", level=logging.ERROR)
    console = Console(highlight=False)
    with tempfile.TemporaryDirectory(prefix="askdesk-demo-", ignore_cleanup_errors=True) as folder:
        database = f"sqlite:///{Path(folder) / 'demo.db'}"
        clock = SandboxClock(good_moment(wall_clock()))
        with (
            SandboxThread(Seed(manifest()), clock=clock) as sandbox,
            bot_beside(sandbox, database, Pace(0.2)),
        ):
            tell(sandbox.url, console)
