"""(g) Socket Mode on a bad day: how long until envelopes flow again, and what is lost."""

from __future__ import annotations

import asyncio

from sandbox.workspace.socketmode import Ack
from tests.benchmarks.databases import Databases
from tests.benchmarks.figures import Figure, Target
from tests.bot.test_sockets import APP, stage

BOUNDS = {"refresh": 0.5, "close": 0.5, "reset": 2.0, "deaf": 10.0}
NAMES = {"refresh": "a refresh", "close": "a close", "reset": "a reset", "deaf": "a silent hole"}
REAL = {"ping_interval": 2.0, "pong_within": 3.0}
"""As the bot pings."""


async def _gap(action: str) -> float:
    """With one connection alone."""
    async with stage(connections=1, **REAL) as now:
        await now.command()
        return await now.flows_again_after(action)


async def _lost_on_a_reset(commands: int) -> int:
    """Of a stream of commands on two connections, one of which is reset in the middle."""
    async with stage(connections=2, **REAL) as now:
        sent: list[asyncio.Future[Ack]] = []
        for number in range(commands):
            if number == commands // 2:
                await now.hub.switch("reset", now.hub.live(APP)[0].id)
            sent.append(asyncio.ensure_future(now.command()))
            await asyncio.sleep(0.005)
        return sum(not ack.acked for ack in await asyncio.gather(*sent))


def measure(
    databases: Databases, actions: tuple[str, ...] = tuple(BOUNDS), commands: int = 200
) -> list[Figure]:
    figures = [
        Figure("g", f"one connection: until envelopes flow again after {NAMES[action]}", asyncio.run(_gap(action)), "s",
               target=Target(BOUNDS[action]))
        for action in actions
    ]  # fmt: skip
    lost = asyncio.run(_lost_on_a_reset(commands))
    figures.append(
        Figure("g", f"two connections, one reset amid {commands} commands: lost", lost, "", target=Target(0))
    )
    return figures
