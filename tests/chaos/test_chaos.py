"""Two replicas on PostgreSQL, and one bot on SQLite, in all weathers: what people saw is held against what they did.

`uv run pytest -m chaos` is the long run: storm after storm for half an hour (`ASKDESK_CHAOS_MINUTES`), each on a fresh
workspace and database, every fourth on SQLite. `ASKDESK_CHAOS_SEED` repeats a seed: the people's choices and the order
of what befalls the desk are the same, the machine's timing is not.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.environment.manifest import manifest
from sandbox import SandboxClock, SandboxThread, Seed
from sandbox.driver import Driver
from storage import tables as t
from storage.engine import open_engine
from tests.benchmarks.databases import Databases
from tests.chaos.reckoning import DeletedCard, Reckoning, left, rows
from tests.chaos.running import Bots
from tests.chaos.storm import Notes, Storm
from tests.chaos.test_sigkill import ACK_SECONDS, come_to_rest
from tests.chaos.weather import ON_POSTGRESQL, ON_SQLITE, Befalls, Sky, disk_full, locked, throw
from tests.journeys.floor import START

A_MINUTE = 60.0
LONGER_THAN_PATIENCE = 20.0
"""Seconds that a file is locked: SQLite waits 15 (`BUSY_SECONDS`)."""

MINUTES = float(os.environ.get("ASKDESK_CHAOS_MINUTES", "30"))


def chosen_seed() -> str | None:
    return os.environ.get("ASKDESK_CHAOS_SEED")


def fresh_seed() -> str:
    return chosen_seed() or str(random.SystemRandom().randrange(10**6))


def say(line: str) -> None:
    """For whoever repeats or reports a run."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


@dataclass(frozen=True)
class Place:
    """Where a storm rages: how many bots there are, on which kind of database, and what may befall them."""

    kind: str
    replicas: tuple[str, ...]
    weather: tuple[Befalls, ...]


TWO_ON_POSTGRESQL = Place("postgresql", ("one", "two"), ON_POSTGRESQL)
ONE_ON_SQLITE = Place("sqlite", ("one",), ON_SQLITE)


def read_in_peace(slack: Driver, engine: Engine, notes: Notes, deleted: Sequence[DeletedCard]) -> Reckoning:
    """The books, read while nothing happened: on a slow machine a reminder may come due before all is read."""
    while True:
        come_to_rest(slack, engine)
        before = len(rows(engine, t.notices))
        books = Reckoning(slack, engine, notes, deleted)
        if len(rows(engine, t.notices)) == before and not left(engine):
            return books


@contextmanager
def last_words_of(replicas: Sequence[Bots]) -> Iterator[None]:
    """Whoever reads that a run failed finds the end of each bot's log beside it."""
    try:
        yield
    except BaseException:
        for replica in replicas:
            say(f"--- the last words of bot {replica.name}, now {replica.pid}:\n{replica.last_words()}")
        raise


def storm(
    place: Place, database: str, folder: Path, seed: str, *, rounds: int, longest: float, outage: float
) -> None:
    """Seven people at work while everything happens that can; then the books. Times are in real seconds."""
    with ExitStack() as after:
        sandbox = after.enter_context(
            SandboxThread(Seed(manifest()), limits=False, clock=SandboxClock(START), ack_seconds=ACK_SECONDS)
        )
        replicas = [Bots(sandbox, database, folder / name) for name in place.replicas]
        for replica in replicas:
            after.callback(replica.end)
        after.enter_context(last_words_of(replicas))
        slack, people = Driver(sandbox.url), Storm(Driver(sandbox.url), seed)
        for replica in replicas:
            replica.opens()
        after.callback(people.ends)
        people.begins()
        sky = Sky(replicas, slack, database, random.Random(f"{seed} weather"), longest, outage)
        throw(sky, place.weather, rounds)
        people.ends()
        people.notes.are_whole()
        engine = open_engine(database)
        after.callback(engine.dispose)
        books = read_in_peace(slack, engine, people.notes, sky.deleted)
        say(
            f"seed {seed}: {sum(replica.killed for replica in replicas)} kills, {dict(sky.thrown)}, {books.counts()}"
        )
        books.holds()
        for replica in replicas:
            replica.closes()


def test_two_replicas_in_all_weathers(postgres: str, tmp_path: Path) -> None:
    """Whatever can go wrong goes wrong once, in an order that a seed shuffled: the same one in every run of the tests."""
    seed = chosen_seed() or "20261123"
    say(f"ASKDESK_CHAOS_SEED={seed}")  # pytest shows it when the test fails
    with Databases(postgres) as databases, databases.new("postgresql") as database:
        storm(TWO_ON_POSTGRESQL, database, tmp_path, seed, rounds=1, longest=0.4, outage=1.0)


def test_one_bot_on_a_file_that_is_full_or_locked(sqlite_url: str, tmp_path: Path) -> None:
    """What befalls SQLite only, in the middle of work."""
    seed = chosen_seed() or "20261123"
    say(f"ASKDESK_CHAOS_SEED={seed}")
    place = replace(ONE_ON_SQLITE, weather=(disk_full, locked))
    storm(place, sqlite_url, tmp_path, seed, rounds=3, longest=1.5, outage=1.5)


@pytest.mark.chaos
@pytest.mark.timeout(0)
def test_half_an_hour_of_it(postgres: str, tmp_path: Path) -> None:
    """One storm after the other until the time is over, each by a seed of its own."""
    seed, ends = fresh_seed(), time.monotonic() + MINUTES * 60
    say(f"ASKDESK_CHAOS_SEED={seed}")
    number = 0
    while time.monotonic() < ends:
        number += 1
        place = ONE_ON_SQLITE if number % 4 == 0 else TWO_ON_POSTGRESQL
        with Databases(postgres) as databases, databases.new(place.kind) as database:
            storm(
                place,
                database,
                tmp_path / str(number),
                f"{seed}-{number}",
                rounds=2,
                longest=2.0,
                outage=A_MINUTE if place is TWO_ON_POSTGRESQL else LONGER_THAN_PATIENCE,
            )
