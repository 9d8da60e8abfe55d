"""Two replicas on PostgreSQL in all weathers: what people saw is held against what they did, each thing once.

`uv run pytest -m chaos` is the long run: storm after storm for half an hour (`ASKDESK_CHAOS_MINUTES`), each on a fresh
workspace and database. `ASKDESK_CHAOS_SEED` repeats a seed: the people's choices and the order of what befalls the desk
are the same, the machine's timing is not.
"""

from __future__ import annotations

import os
import random
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.demo import manifest
from sandbox import SandboxClock, SandboxThread, Seed
from sandbox.driver import Driver
from storage import tables as t
from storage.engine import open_engine
from tests.benchmarks.databases import Databases
from tests.chaos.reckoning import Reckoning, left, rows
from tests.chaos.running import Bots
from tests.chaos.storm import Notes, Storm
from tests.chaos.test_sigkill import ACK_SECONDS, come_to_rest
from tests.chaos.weather import Sky, throw
from tests.journeys.floor import START

MINUTES = float(os.environ.get("ASKDESK_CHAOS_MINUTES", "30"))


def chosen_seed() -> str | None:
    return os.environ.get("ASKDESK_CHAOS_SEED")


def fresh_seed() -> str:
    return chosen_seed() or str(random.SystemRandom().randrange(10**6))


def say(line: str) -> None:
    """For whoever repeats or reports a run."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def read_in_peace(slack: Driver, engine: Engine, notes: Notes) -> Reckoning:
    """The books, read while nothing happened: on a slow machine a reminder may come due before all is read."""
    while True:
        come_to_rest(slack, engine)
        before = len(rows(engine, t.notices))
        books = Reckoning(slack, engine, notes)
        if len(rows(engine, t.notices)) == before and not left(engine):
            return books


def storm(database: str, folder: Path, seed: str, *, rounds: int, longest: float) -> None:
    """Seven people at work on two replicas while everything happens that can; then the books."""
    with ExitStack() as after:
        sandbox = after.enter_context(
            SandboxThread(Seed(manifest()), limits=False, clock=SandboxClock(START), ack_seconds=ACK_SECONDS)
        )
        replicas = [Bots(sandbox, database, folder / name) for name in ("one", "two")]
        for replica in replicas:
            after.callback(replica.end)
        slack, people = Driver(sandbox.url), Storm(Driver(sandbox.url), seed)
        for replica in replicas:
            replica.opens()
        after.callback(people.ends)
        people.begins()
        sky = Sky(replicas, slack, database, random.Random(f"{seed} weather"), longest=longest)
        throw(sky, rounds)
        people.ends()
        assert not people.notes.broken, people.notes.broken
        engine = open_engine(database)
        after.callback(engine.dispose)
        books = read_in_peace(slack, engine, people.notes)
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
        storm(database, tmp_path, seed, rounds=1, longest=0.4)


@pytest.mark.chaos
@pytest.mark.timeout(0)
def test_half_an_hour_of_it(postgres: str, tmp_path: Path) -> None:
    """One storm after the other until the time is over, each by a seed of its own."""
    seed, ends = fresh_seed(), time.monotonic() + MINUTES * 60
    say(f"ASKDESK_CHAOS_SEED={seed}")
    number = 0
    while time.monotonic() < ends:
        number += 1
        with Databases(postgres) as databases, databases.new("postgresql") as database:
            storm(database, tmp_path / str(number), f"{seed}-{number}", rounds=2, longest=2.0)
