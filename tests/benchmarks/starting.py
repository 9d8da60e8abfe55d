"""(f) From the start of the process until Slack's envelopes flow, and the memory it then holds."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from asyncio.subprocess import DEVNULL
from tempfile import TemporaryDirectory

from bot.demo.environment import seeded_environment
from storage.engine import open_engine
from storage.schema import upgrade
from tests.benchmarks.databases import Databases
from tests.benchmarks.figures import Figure, Target, percentile
from tests.benchmarks.load import Load, workspace
from tests.benchmarks.machine import resident
from tests.chaos.running import TOP

PEER = "a bare async Bolt app with SQLModel and APScheduler imported"

BARE = """
import asyncio, os
import sqlmodel
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

async def main():
    client = AsyncWebClient(token=os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"])
    app = AsyncApp(client=client)

    @app.command("/escalate")
    async def escalate(ack):
        await ack()

    AsyncIOScheduler().start()
    await AsyncSocketModeHandler(app, os.environ["SLACK_APP_TOKEN"], web_client=client).start_async()

asyncio.run(main())
"""

ASKDESK = "from bot.cli import main; main()"


async def _started(load: Load, program: str, database: str, compiled: str) -> tuple[float, int]:
    """Seconds until a command is acknowledged, and bytes a moment later; `compiled` is where Python keeps its bytecode."""
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, "run", cwd=TOP, stdout=DEVNULL, stderr=DEVNULL,
        env={name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        | seeded_environment(load.sandbox.api_url, database) | {"PYTHONPYCACHEPREFIX": compiled},
    )  # fmt: skip
    try:
        await load.connected()
        await load.escalates()
        took = time.perf_counter() - began
        await asyncio.sleep(1.0)
        return took, resident(process.pid)
    finally:
        process.kill()
        await process.wait()
        await load.until(lambda: not load.sandbox.core.hub.live())


def measure(databases: Databases, times: int = 5) -> list[Figure]:
    return asyncio.run(_measure(databases, times))


async def _measure(databases: Databases, times: int) -> list[Figure]:
    found: dict[str, list[tuple[float, int]]] = {ASKDESK: [], BARE: []}
    with databases.new("sqlite") as url:
        engine = open_engine(url)
        upgrade(engine)
        engine.dispose()
        async with workspace() as load:
            with TemporaryDirectory() as compiled:
                for (
                    program
                ) in found:  # not counted: Python compiles what it imports, as after an installation
                    await _started(load, program, url, compiled)
                for _ in range(times):
                    for program, went in found.items():
                        went.append(await _started(load, program, url, compiled))
    seconds = {program: percentile([took for took, _ in went], 0.5) for program, went in found.items()}
    memory = {program: percentile([held for _, held in went], 0.5) / 2**20 for program, went in found.items()}
    return [
        Figure("f", "start of the process → a command is acknowledged, p50", seconds[ASKDESK], "s", peer=PEER,
               beside=seconds[BARE], target=Target(2.0, of_ratio=True)),
        Figure("f", "resident memory after the start, p50", memory[ASKDESK], "MB", peer=PEER, beside=memory[BARE],
               target=Target(1.6, of_ratio=True)),
    ]  # fmt: skip
