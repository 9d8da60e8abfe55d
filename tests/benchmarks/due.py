"""(c) Due dispatch: 1,000 callbacks due in the same second, over how many wait; and after a restart that comes late.

The beat runs as a process of its own (`tests.benchmarks.beating`). A ping counts as handed to delivery when its
notice is committed and its channel is woken; lateness is counted from the agreed second, the beat's own second included.
"""

from __future__ import annotations

import bisect
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from bot.environment.clock import wall_clock
from cases.reminders.rules import Rule
from scheduler.beat import BATCH
from storage import tables as t
from storage.schema import upgrade
from storage.store import Store
from tests.benchmarks import fill, peers
from tests.benchmarks.databases import Databases
from tests.benchmarks.figures import Figure, Target, percentile
from tests.chaos.running import TOP, until

NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
MEGABYTE = 1024 * 1024
CHANNELS = 50
WAITING = (1_000, 10_000, 100_000, 1_000_000)
BESIDE_PEERS = 100_000
TIMES = 3
"""How often it comes due: the run in the middle counts."""

AHEAD = timedelta(seconds=3)
"""How long before the second everything is in place."""


class Beating:
    """The beat's process."""

    def __init__(self, url: str, batch: int = BATCH) -> None:
        self._child = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.beating", url, str(batch)],
            cwd=TOP,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def begins(self) -> None:
        """Back when the first beat is over."""
        assert self._child.stdout is not None
        said = self._child.stdout.readline().strip()
        if said != "beats":
            raise RuntimeError(f"the beat did not begin: {said or 'it ended'}")

    def ends(self) -> dict[str, Any]:
        """What it noted."""
        out, _ = self._child.communicate("enough\n", timeout=60)
        if self._child.returncode:
            raise RuntimeError(f"the beat ended with {self._child.returncode}")
        found: dict[str, Any] = json.loads(out)
        return found


@dataclass(frozen=True)
class Dispatch:
    """How `number` pings went: seconds from the agreed instant to each one's handing over, in order."""

    lateness: Sequence[float]
    span: float
    idle: float
    memory: int
    twice: int


def _usual(went: Sequence[Dispatch]) -> Dispatch:
    """The one in the middle, by its span."""
    return sorted(went, key=lambda one: one.span)[len(went) // 2]


def prepared(store: Store, waiting: int) -> list[int]:
    """A desk with that many callbacks that wait; the models from which more are made."""
    upgrade(store.engine)
    now = wall_clock()
    models = fill.models(store, fill.programs(store, CHANNELS), now)
    fill.waiting(store, models, waiting, now + fill.FAR)
    fill.settled(store)
    return models


def dispatched(
    url: str, store: Store, models: Sequence[int], number: int, workers: int = 1, batch: int = BATCH
) -> Dispatch:
    """Lets `number` callbacks come due in one second before so many beats; `batch` is how many a transaction settles."""
    beats = [Beating(url, batch) for _ in range(workers)]
    for beat in beats:
        beat.begins()
    before = _last_notice(store)
    at = (wall_clock() + AHEAD).replace(microsecond=0)
    fill.due_at_once(store, models, number, at)
    until(lambda: True if len(_pings(store, before)) >= number else None, about="all pings", within=120.0)
    return _told(store, before, at, [beat.ends() for beat in beats])


def restarted(url: str, store: Store, models: Sequence[int], number: int) -> tuple[float, int]:
    """Seconds from a start to the last of `number` pings that were missed minutes ago; how many customers were named."""
    before = _last_notice(store)
    fill.due_at_once(store, models, number, wall_clock() - timedelta(minutes=5))
    beat = Beating(url)
    beat.begins()
    until(lambda: True if len(_pings(store, before)) >= number else None, about="all pings", within=120.0)
    told = beat.ends()
    return max(told["handed"]) - told["began"], len({row.case_number for row in _pings(store, before)})


def measure(
    databases: Databases,
    waiting: Sequence[int] = WAITING,
    number: int = 1_000,
    kinds: Sequence[str] = tuple(NAMES),
    *,
    peers_too: bool = True,
) -> list[Figure]:
    """The beat over more and more that waits; in the middle of it the peers, over as much."""
    return [one for kind in kinds for one in _by_kind(databases, kind, waiting, number, peers_too=peers_too)]


def _by_kind(
    databases: Databases, kind: str, waiting: Sequence[int], number: int, *, peers_too: bool
) -> Iterator[Figure]:
    found: dict[int, Dispatch] = {}
    for many in waiting:
        with databases.new(kind) as url, closing(Store.at(url)) as store:
            models = prepared(store, many)
            found[many] = _usual([dispatched(url, store, models, number) for _ in range(TIMES)])
            if peers_too and many == BESIDE_PEERS:
                yield from _beside_peers(databases, kind, url, store, models, found[many], number)
    yield from _over(NAMES[kind], found, number)


def _over(name: str, found: dict[int, Dispatch], number: int) -> Iterator[Figure]:
    """How it goes with more and more that waits."""
    least = found[min(found)]
    for many, went in found.items():
        about = f"{name}, {many:,} waiting"
        yield Figure(
            "c",
            f"{about}: {number:,} due in one second, from the first claimed to the last handed over",
            went.span,
            "s",
        )
        yield Figure("c", f"{about}: lateness p50", percentile(went.lateness, 0.5), "s")
        most = many == max(found)
        yield Figure(
            "c",
            f"{about}: lateness p99",
            percentile(went.lateness, 0.99),
            "s",
            peer=f"with {min(found):,} waiting" if most else "",
            beside=percentile(least.lateness, 0.99) if most else None,
            target=Target(2.0, of_ratio=True) if most else None,
            note="the beat's own second included",
        )
        yield Figure(
            "c",
            f"{about}: a beat with nothing due, p50",
            went.idle * 1_000,
            "ms",
            target=Target(5.0) if most else None,
        )
        yield Figure("c", f"{about}: memory of the beat's process", went.memory / MEGABYTE, "MB")
    grown = (found[max(found)].memory - least.memory) / MEGABYTE
    yield Figure(
        "c",
        f"{name}: memory from {min(found):,} to {max(found):,} waiting, more by",
        grown,
        "MB",
        target=Target(10.0),
    )


def _beside_peers(
    databases: Databases,
    kind: str,
    url: str,
    store: Store,
    models: Sequence[int],
    alone: Dispatch,
    number: int,
) -> Iterator[Figure]:
    """The same number of jobs, due in the same second, where each callback is a job of its own."""
    name = NAMES[kind]
    for workers in (2, 4):
        went = dispatched(url, store, models, number, workers)
        yield Figure(
            "c",
            f"{name}: {number:,} pings with {workers} workers, lost or doubled",
            number - len(went.lateness) + went.twice,
            "",
            target=Target(0),
        )
        yield Figure("c", f"{name}: {number:,} due in one second with {workers} workers", went.span, "s")
    went = _usual([dispatched(url, store, models, number, batch=1) for _ in range(TIMES)])
    yield Figure(
        "c",
        f"{name}, {BESIDE_PEERS:,} waiting: {number:,} due in one second, a commit for each",
        went.span,
        "s",
        target=Target(2.0),
    )
    seconds, came = restarted(url, store, models, number)
    with databases.new(kind) as theirs:
        # Those that wait stay in its store from one run to the next.
        runs = [
            peers.by_apscheduler(theirs, 0 if n else BESIDE_PEERS, number, missed=False) for n in range(TIMES)
        ]
        peer = sorted(runs, key=lambda one: one.span)[TIMES // 2]
        yield Figure(
            "c",
            f"{name}, {BESIDE_PEERS:,} waiting: {number:,} due in one second, all handed over",
            alone.span,
            "s",
            peer="APScheduler, one date job per callback in an SQLAlchemyJobStore",
            beside=peer.span,
            inverse=True,
            target=Target(8.0, at_least=True, of_ratio=True),
        )
        late = peers.by_apscheduler(theirs, 0, number, missed=True)
        yield Figure(
            "c",
            f"{name}: restart with {number:,} missed, customers called for",
            came,
            "",
            peer="APScheduler with its defaults",
            beside=late.fired,
        )
        yield Figure(
            "c", f"{name}: restart with {number:,} missed, until the last is handed over", seconds, "s"
        )
    if kind == "postgresql":
        with databases.new(kind) as theirs:
            peer = peers.by_procrastinate(theirs, BESIDE_PEERS, number, missed=False)
            yield Figure(
                "c",
                f"{name}, {BESIDE_PEERS:,} waiting: {number:,} due in one second, all handed over",
                alone.span,
                "s",
                peer="procrastinate, one worker with 10 at once",
                beside=peer.span,
                inverse=True,
            )
            late = peers.by_procrastinate(theirs, 0, number, missed=True)
            yield Figure(
                "c",
                f"{name}: restart with {number:,} missed, until the last is handed over",
                seconds,
                "s",
                peer="procrastinate",
                beside=late.span,
                inverse=True,
            )


def _told(store: Store, before: int, at: datetime, found: Sequence[dict[str, Any]]) -> Dispatch:
    """When each ping was handed over: at the first waking of delivery after its row was claimed."""
    rows = _pings(store, before)
    handed = sorted(moment for one in found for moment in one["handed"])
    claimed = [row.created_at.timestamp() for row in rows]
    lateness = [
        handed[min(bisect.bisect_left(handed, moment), len(handed) - 1)] - at.timestamp()
        for moment in claimed
    ]
    return Dispatch(
        lateness=lateness,
        span=max(lateness) + at.timestamp() - min(claimed),
        idle=percentile([one for told in found for one in told["idle"]], 0.5),
        memory=max(one["memory"] for one in found),
        twice=len(rows) - len({row.case_number for row in rows}),
    )


def _pings(store: Store, before: int) -> Sequence[Any]:
    """The pings at the agreed time that were written after that notice."""
    n = t.notices.c
    query = select(n.case_number, n.created_at).where(
        n.id > before, n.kind == "ping", n.rule == Rule.DUE.value
    )
    with store.engine.connect() as connection:
        return connection.execute(query).all()


def _last_notice(store: Store) -> int:
    with store.engine.connect() as connection:
        found: int | None = connection.execute(select(func.max(t.notices.c.id))).scalar_one()
        return found or 0
