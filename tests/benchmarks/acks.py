"""(a) How soon commands, clicks and submissions are acknowledged, beside a bare Bolt app on the same transport."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from functools import partial

from sandbox.workspace.faults import Fault
from tests.benchmarks.databases import Databases
from tests.benchmarks.figures import Figure, Target, percentile
from tests.benchmarks.load import Answered, Load, bot, workspace

TUNED = "a bare Bolt app, tuned the same way"
UNTUNED = "a bare Bolt app with its defaults"
IN_FLIGHT = 20
ROUNDS = 3
"""So often each has its turn, one after the other: a machine that is slower for a while is so for all of them."""


@dataclass(frozen=True)
class Acks:
    """What one bot did with the same load."""

    alone: Answered
    commands: Answered
    submissions: Answered
    clicks: Answered


def _together(rounds: Sequence[Acks]) -> Acks:
    """What one bot did in all its turns."""
    return Acks(*(_added([getattr(one, part.name) for one in rounds]) for part in fields(Acks)))


def _added(turns: Sequence[Answered]) -> Answered:
    return Answered([ms for turn in turns for ms in turn.ms], sum(turn.seconds for turn in turns))


async def _turn(load: Load, databases: Databases, kind: str, number: int, *, on: str = "sqlite") -> Acks:
    """One turn, on a database of its own."""
    with databases.new(on) as database:
        return await _acks(load, kind, database, number)


async def _acks(load: Load, kind: str, database: str, number: int) -> Acks:
    async with bot(load, kind, database):
        await load.one_by_one(load.escalates, 5)
        alone = await load.one_by_one(load.escalates, max(1, number // 3))
        submissions = await load.at_once([load.submits] * number, IN_FLIGHT)
        clicks = await load.at_once([partial(load.claims, case) for case in range(1, number + 1)], IN_FLIGHT)
        commands = await load.at_once([load.escalates] * number, IN_FLIGHT)
    return Acks(alone, commands, submissions, clicks)


async def _while_slack_is_slow(load: Load, database: str, seconds: float) -> Answered:
    async with bot(load, "askdesk", database):
        await load.one_by_one(load.escalates, 5)
        load.faults.add(Fault("slow", times=None, delay=0.5))
        try:
            return await load.steadily(load.escalates, 50, seconds)
        finally:
            load.faults.clear()


def measure(databases: Databases, number: int = 600, seconds: float = 10.0) -> list[Figure]:
    return asyncio.run(_measure(databases, number, seconds))


async def _measure(databases: Databases, number: int, seconds: float) -> list[Figure]:
    tuned, lite, post = [], [], []
    async with workspace() as load:
        untuned = await _turn(load, databases, "untuned", max(10, number // 6))
        for _ in range(ROUNDS):
            tuned.append(await _turn(load, databases, "tuned", number // ROUNDS))
            lite.append(await _turn(load, databases, "askdesk", number // ROUNDS))
            post.append(await _turn(load, databases, "askdesk", number // ROUNDS, on="postgresql"))
    async with workspace() as load:
        with databases.new("sqlite") as other:
            slow = await _while_slack_is_slow(load, other, seconds)
    return _figures(untuned, _together(tuned), _together(lite), _together(post), slow)


def _figures(untuned: Acks, tuned: Acks, lite: Acks, post: Acks, slow: Answered) -> list[Figure]:
    return [
        *_alone(lite.alone, tuned.alone, untuned.alone),
        *_many("`/escalate`, its form opened", lite.commands, tuned.commands, None),
        *_many("a submission, kept in SQLite", lite.submissions, tuned.submissions, 0.18),
        *_many("a submission, kept in PostgreSQL", post.submissions, tuned.submissions, 0.18),
        *_many("a click on *Claim*, kept in SQLite", lite.clicks, tuned.clicks, None),
        *_many("a click on *Claim*, kept in PostgreSQL", post.clicks, tuned.clicks, None),
        Figure("a", "`/escalate`, 50 a second, while Slack takes 500 ms for each call: ack p99",
               percentile(slow.ms, 0.99), "ms", target=Target(300)),
    ]  # fmt: skip


def _alone(askdesk: Answered, tuned: Answered, untuned: Answered) -> Iterator[Figure]:
    """One at a time: how many a second there could be."""
    p50 = percentile(askdesk.ms, 0.5)
    yield Figure("a", "`/escalate` alone, one after the other: acks", 1_000 / p50, "/s", peer=TUNED,
                 beside=1_000 / percentile(tuned.ms, 0.5), target=Target(0.85, at_least=True, of_ratio=True),
                 note="by the p50 of each")  # fmt: skip
    yield Figure("a", "`/escalate` alone: ack p50", p50, "ms", peer=UNTUNED, beside=percentile(untuned.ms, 0.5),
                 target=Target(0.2, of_ratio=True))  # fmt: skip
    yield Figure("a", "`/escalate` alone: ack p99", percentile(askdesk.ms, 0.99), "ms", peer=TUNED,
                 beside=percentile(tuned.ms, 0.99))  # fmt: skip


def _many(what: str, askdesk: Answered, tuned: Answered, bound: float | None) -> Iterator[Figure]:
    """A storm."""
    target = Target(bound, at_least=True, of_ratio=True) if bound else None
    yield Figure("a", f"{what}, {IN_FLIGHT} in flight: acks", askdesk.per_second, "/s", peer=TUNED,
                 beside=tuned.per_second, target=target)  # fmt: skip
    for share in (0.5, 0.99):
        yield Figure("a", f"{what}, {IN_FLIGHT} in flight: ack p{share * 100:.0f}", percentile(askdesk.ms, share), "ms",
                     peer=TUNED, beside=percentile(tuned.ms, share))  # fmt: skip
