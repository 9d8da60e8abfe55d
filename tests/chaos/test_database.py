"""The database fails while people work: they are told, nothing is lost, and the same process goes on afterwards."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.environment.manifest import manifest
from sandbox import SandboxClock, SandboxThread, Seed
from sandbox.driver import Driver, Message
from storage.engine import open_engine
from tests.benchmarks.databases import Databases
from tests.chaos.reckoning import Reckoning, rests
from tests.chaos.running import Bots, until
from tests.chaos.storm import BROKE, Notes
from tests.chaos.test_sigkill import come_to_rest
from tests.chaos.test_stop import filled
from tests.chaos.weather import database_away, no_room
from tests.journeys.floor import ASK, START


@dataclass
class Desk:
    """One bot as a process of its own, and who works with it."""

    slack: Driver
    bots: Bots
    engine: Engine

    def raises(self, number: int) -> Message:
        """Ana's case; its card."""
        assert filled(self.slack, number).submit().closed

        def card() -> Message | None:
            there = self.slack.channel(ASK).messages()
            return next((one for one in there if f"Customer {number}" in one.text), None)

        return self.slack.eventually(card, about=f"the card of Customer {number}")


@contextmanager
def desk(database: str, folder: Path) -> Iterator[Desk]:
    """At the end the books hold."""
    with ExitStack() as after:
        clock = SandboxClock(START)
        sandbox = after.enter_context(
            SandboxThread(Seed(manifest()), limits=False, clock=clock, ack_seconds=20.0)
        )
        bots = Bots(sandbox, database, folder)
        after.callback(bots.end)
        bots.opens()
        engine = open_engine(database)
        after.callback(engine.dispose)
        slack = Driver(sandbox.url)
        yield Desk(slack, bots, engine)
        come_to_rest(slack, engine)
        until(partial(rests, engine, slack.clock.now()), about="all is said")
        Reckoning(slack, engine, Notes()).holds()
        bots.closes()


def trouble_and_after(now: Desk, trouble: AbstractContextManager[None]) -> None:
    """A click and a form meet a database that does not take them; then it is back."""
    card = now.raises(1)
    modal, ben = filled(now.slack, 2), now.slack.person("Ben")
    with trouble:
        assert ben.clicks("Claim", on=card).acked
        ben.is_told(BROKE, in_=ASK)
        (told,) = modal.submit().errors.values()
        assert BROKE in told
        now.slack.clock.passes(minutes=1)
    assert modal.submit().closed, "the form was kept with all that was typed"
    ben.clicks("Claim", on=card)
    ben.sees("claimed case 1", in_=card)
    now.slack.person("Ana").sees("Customer 2", in_=ASK)


def test_a_database_that_is_gone_for_a_minute(postgres: str, tmp_path: Path) -> None:
    """PostgreSQL cuts every connection and takes no new one; a minute passes."""
    with (
        Databases(postgres) as databases,
        databases.new("postgresql") as database,
        desk(database, tmp_path) as now,
    ):
        trouble_and_after(now, database_away(database))


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="Linux sets the limits of other processes")
def test_a_disk_that_is_full(sqlite_url: str, tmp_path: Path) -> None:
    """SQLite can write no more; with room again the same process goes on."""
    with desk(sqlite_url, tmp_path) as now:
        file = Path(sqlite_url.removeprefix("sqlite:///"))
        trouble_and_after(now, no_room(now.bots.pid, file))


def test_a_database_that_somebody_else_has_locked(sqlite_url: str, tmp_path: Path) -> None:
    """A backup, say: whoever clicks waits until it is over, and nobody is told that anything broke."""
    with desk(sqlite_url, tmp_path) as now:
        card, ben = now.raises(1), now.slack.person("Ben")
        before = len(now.slack.traffic())
        with ThreadPoolExecutor(1) as pool, now.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE counters SET value = value WHERE name = 'cases'")
            click = pool.submit(lambda: ben.clicks("Claim", on=card))
            until(lambda: now.slack.traffic()[before:] or None, about="the click is on its way")
            assert not click.done(), "it waits for the lock"
            connection.rollback()
            assert click.result(timeout=30).acked
        ben.sees("claimed case 1", in_=card)
        assert not [one for one in ben.ephemerals(in_=ASK) if BROKE in one.text]
