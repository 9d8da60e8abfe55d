"""(d) Delivery: messages a second over what Slack's pace allows, in 1 and in 50 channels, without and with 5 % 429s."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.demo.environment import key
from bot.environment.clock import wall_clock
from cases import moves
from cases.program import Program
from sandbox.workspace.faults import Fault, Faults
from storage.schema import upgrade
from storage.store import Store
from storage.unit import UnitOfWork
from storage.vault import Vault
from storage.writing.cases import save_change
from storage.writing.programs import save_program
from tests import build
from tests.benchmarks.databases import Databases
from tests.benchmarks.figures import Figure, Target
from tests.benchmarks.load import Load, bot, workspace
from tests.build import ANA, acting

EVERY = 20
"""Every so manieth post is refused with 429 and `Retry-After: 1`: 5 %."""

POST = "chat.postMessage"

AFTERWARDS = timedelta(hours=2)
"""When the calls are due."""


class EveryTwentieth(Faults):
    """Slack has too much to do, now and then."""

    def __init__(self) -> None:
        super().__init__()
        self._asked = 0

    def take(self, method: str) -> Fault | None:
        self._asked += method == POST
        if method == POST and self._asked % EVERY == 0:
            return Fault("ratelimited", POST, retry_after=1)
        return None


def _filled(url: str, channels: Sequence[str], lines: int) -> None:
    """A case in every channel with so many notes, of which nothing is sent yet."""
    with closing(Store.at(url, Vault([key()]))) as store:
        upgrade(store.engine)
        for place, channel in enumerate(channels):
            store.write_now(_desk, channel, f"Desk {place}", lines, wall_clock())


def _desk(unit: UnitOfWork, channel: str, name: str, lines: int, now: datetime) -> Program:
    desk = save_program(unit, build.program(channel=channel, name=name, digest_at=None))
    case = save_change(
        unit,
        moves.raise_case(
            None, acting(ANA, now, desk), unit.next_number(), build.escalation(due_at=now + AFTERWARDS)
        ),
        desk,
        now,
    )
    for number in range(lines):
        case = save_change(unit, moves.add_note(case, acting(ANA, now), f"Note {number}."), desk, now)
    return desk


@dataclass(frozen=True)
class Pace:
    """Posts a second in a channel, all channels together: as it went, and as it may go at most."""

    went: float
    allowed: float


async def _pace(load: Load, expected: int) -> Pace:
    """Each channel from its first post to its last. A refused post takes a second as well: Slack asks to wait for one."""
    await load.until(lambda: len(load.messages()) >= expected, within=300.0)
    calls: dict[str, list[tuple[datetime, bool]]] = defaultdict(list)
    for entry in load.sandbox.workspace.traffic.so_far():
        if entry["kind"] == "api" and entry["name"] == POST:
            moment = datetime.fromisoformat(entry["at"])
            calls[entry["payload"]["channel"]].append((moment, not entry.get("error")))
    posts = spent = seconds = 0.0
    for tried in calls.values():
        first, last = tried[0][0], tried[-1][0]
        posts += sum(went for _, went in tried[1:])
        spent += (last - first).total_seconds()
        seconds += len(tried) - 1
    if not posts:
        raise ValueError("a pace needs two messages in a channel")
    return Pace(posts / spent, posts / seconds)


def measure(
    databases: Databases, lines: tuple[int, int] = (30, 8), channels: tuple[int, int] = (1, 50)
) -> list[Figure]:
    """`lines` are how many notes wait in each channel, of so few and so many `channels`."""
    return asyncio.run(_measure(databases, lines, channels))


async def _measure(
    databases: Databases, lines: tuple[int, int], few_and_many: tuple[int, int]
) -> list[Figure]:
    figures = []
    for channels, notes in zip(few_and_many, lines, strict=True):
        for refused in (False, True):
            with databases.new("sqlite") as url:
                async with workspace(channels, limits=True) as load:
                    if refused:
                        load.sandbox.core.faults = EveryTwentieth()
                    _filled(url, load.channels, notes)
                    async with bot(load, "askdesk", url):
                        pace = await _pace(load, channels * (notes + 1))
            figures.append(
                Figure("d", f"{channels} channel{'s' * (channels > 1)}, in each{', 5 % of the posts refused with 429' * refused}",
                       pace.went, "posts/s", peer="at most: one post a second and channel", beside=pace.allowed,
                       target=Target(0.95, at_least=True, of_ratio=True))
            )  # fmt: skip
    return figures
