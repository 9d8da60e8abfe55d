"""`askdesk run` is asked to stop while something hangs: it ends before an orchestrator would kill it, and loses nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from bot.app import wiring
from bot.commands import run
from bot.environment.forced_exit import LONGEST_STOP
from sandbox import SandboxThread
from sandbox.driver import Driver, Modal
from storage.engine import is_sqlite, open_engine
from tests.chaos.reckoning import Reckoning, rests
from tests.chaos.running import TOP, Process, environment, until
from tests.chaos.storm import Notes
from tests.chaos.test_stop import Starts, filled, sandbox, starts
from tests.journeys.floor import ASK

__all__ = ["sandbox", "starts"]

KILLED_AFTER = 30.0
"""Seconds that an orchestrator gives a process to end."""


@dataclass
class Desk:
    """The command line beside its workspace and database."""

    sandbox: SandboxThread
    starts: Starts
    database: str

    def __post_init__(self) -> None:
        self.slack = Driver(self.sandbox.url)

    def opens(self) -> Process:
        bot = self.starts("run", **environment(self.sandbox.api_url, self.database))
        bot.logs("the desk is open")
        return bot

    def goes_on(self, modal: Modal | None = None) -> None:
        """The next bot finds whatever was under way; whoever got no answer presses the button again."""
        bot, engine = self.opens(), open_engine(self.database)
        assert modal is None or modal.submit().closed
        until(lambda: rests(engine, self.slack.clock.now()), about="everything is sent", within=120.0)
        books = Reckoning(self.slack, engine, Notes())
        books.holds()
        assert len(books.cases) == 1
        stops(bot)
        engine.dispose()


def stops(bot: Process) -> None:
    """SIGTERM, and a good end in time."""
    bot.signal(signal.SIGTERM)
    assert bot.ends(within=KILLED_AFTER) == 0, bot.output


@contextmanager
def locked(database: str) -> Iterator[None]:
    """Somebody else writes to the SQLite file, and does not come to an end."""
    engine = open_engine(database)
    with engine.begin() as connection:
        yield
        connection.rollback()
    engine.dispose()


@contextmanager
def silent(database: str) -> Iterator[None]:
    """PostgreSQL's processes stand still: connections stay open, and nothing comes back."""
    admin = create_engine(make_url(database).set(database="postgres"))
    with admin.connect() as connection:
        name = make_url(database).database
        query = f"SELECT pid FROM pg_stat_activity WHERE datname = '{name}'"
        processes = [int(pid) for pid in connection.exec_driver_sql(query).scalars()]
    admin.dispose()
    assert processes
    for pid in processes:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in processes:
            os.kill(pid, signal.SIGCONT)


def hanging(database: str) -> AbstractContextManager[None]:
    engine = open_engine(database)
    engine.dispose()
    return locked(database) if is_sqlite(engine) else silent(database)


def test_a_database_that_hangs_holds_no_stop_up(
    sandbox: SandboxThread, starts: Starts, database_url: str
) -> None:
    """A form, the beat and delivery wait for it: they are given up, and the form is kept by the next bot."""
    desk = Desk(sandbox, starts, database_url)
    bot, modal = desk.opens(), filled(desk.slack, 1)
    with ThreadPoolExecutor(1) as fingers, hanging(database_url):
        before = len(desk.slack.traffic())
        pressed = fingers.submit(modal.submit)
        until(lambda: desk.slack.traffic()[before:] or None, about="the form is on its way")
        stops(bot)
        assert not pressed.result().closed
    assert "given up at shutdown" in bot.output, "who reads the log is told"
    desk.goes_on(modal)


def test_a_slack_that_hangs_holds_no_stop_up(sandbox: SandboxThread, starts: Starts, sqlite_url: str) -> None:
    """The card stands there, its answer does not come: the next bot finds it, and says the rest."""
    desk = Desk(sandbox, starts, sqlite_url)
    bot, modal = desk.opens(), filled(desk.slack, 1)
    desk.slack.faults.add("slow", delay=60.0, times=None)
    assert modal.submit().closed
    desk.slack.eventually(lambda: desk.slack.channel(ASK).messages() or None, about="the card")
    stops(bot)
    desk.slack.faults.clear()
    desk.goes_on()
    assert desk.slack.calls("conversations.history"), "what was in doubt was looked for"


HANGS = """
import threading
from bot.environment.forced_exit import ForcedExit

end = ForcedExit(seconds=0.2)
end.code = 3
end.arm()
threading.Thread(target=threading.Event().wait).start()
"""


def test_a_thread_that_nobody_can_end_ends_with_the_process() -> None:
    """With the exit code that it would have had, and a line in the log."""
    ended = subprocess.run(
        [sys.executable, "-c", HANGS], cwd=TOP, capture_output=True, text=True, timeout=KILLED_AFTER
    )
    assert ended.returncode == 3
    assert "the stop took too long" in ended.stdout + ended.stderr


@pytest.mark.parametrize("drain", [0.0, wiring.Pace().drain], ids=["sockets", "http"])
def test_all_bounds_of_a_stop_together_are_less_than_the_last_resort(drain: float) -> None:
    """Which is for what has no bound; and that is well before a kill."""
    in_turn = (drain, wiring.GRACE, wiring.LEAVE_WITHIN, 2 * wiring.CLOSE_WITHIN, run.CLOSE_WITHIN)
    assert sum(in_turn) < LONGEST_STOP < KILLED_AFTER * 0.75
