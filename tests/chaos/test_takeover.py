"""Two bots on one database: one is killed in the middle of its work, and the other goes on within seconds."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from sandbox import SandboxThread
from sandbox.driver import Driver
from scheduler.delivery import Lease
from storage import tables as t
from storage.engine import open_engine
from tests.chaos.reckoning import Reckoning, rests
from tests.chaos.running import environment, until
from tests.chaos.storm import Notes
from tests.chaos.test_stop import Starts, filled, sandbox, starts, stopped

__all__ = ["sandbox", "starts"]

TAKEN_OVER_WITHIN = 15.0
"""Seconds, as docs/operating.md promises: a lease, and room for the beat and the sending that follow it."""


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_the_other_takes_over_what_a_killed_bot_had_in_hand(
    sandbox: SandboxThread, starts: Starts, database_url: str
) -> None:
    """SIGKILL while it sends: its channel is another's within seconds, and each message is seen once."""
    slack, environ = Driver(sandbox.url), environment(sandbox.api_url, database_url)
    bots = [starts("run", **environ) for _ in range(2)]
    for bot in bots:
        bot.logs("the desk is open")
    slack.faults.add("slow", "chat.postMessage", times=None, delay=1.0)
    for number in (1, 2, 3):
        assert filled(slack, number).submit().closed
    engine = open_engine(database_url)

    def sender() -> str | None:
        with engine.connect() as connection:
            under_way = t.notices.select().where(t.notices.c.state == "sending")
            row = connection.execute(under_way).mappings().first()
            return str(row["sender"]) if row else None

    name = until(sender, about="somebody sends")
    (killed,) = [bot for bot in bots if f"-{bot.child.pid}-" in name]
    (other,) = [bot for bot in bots if bot is not killed]
    assert Lease().seconds <= TAKEN_OVER_WITHIN - 4.0
    killed.kill()
    until(
        lambda: True if (now := sender()) is not None and now != name else None,
        about="the other sends",
        within=120.0,
    )
    slack.faults.clear()  # only now: a quick send is over between two looks
    until(lambda: rests(engine, slack.clock.now()), about="everything is sent", within=120.0)
    Reckoning(slack, engine, Notes()).holds()
    assert stopped(other) == 0, other.output
    with engine.connect() as connection:
        left = [row.name for row in connection.execute(t.replicas.select())]
        assert len(left) == 1, "the killed one is still told of, the stopped one took its leave"
        assert f"-{killed.child.pid}-" in left[0]
        assert all(row.holder in left for row in connection.execute(t.leases.select()))
    engine.dispose()


def test_a_second_bot_on_a_sqlite_file_is_told_so(
    sandbox: SandboxThread, starts: Starts, sqlite_url: str
) -> None:
    """Exit code 1 and what to do instead; the first one works on, and when it was killed its place is free."""
    environ = environment(sandbox.api_url, sqlite_url)
    first = starts("run", **environ)
    first.logs("the desk is open")
    second = starts("run", **environ)
    assert second.ends() == 1, second.output
    assert "Another askdesk run is at work on" in second.output
    assert "PostgreSQL" in second.output
    assert Path(sqlite_url.removeprefix("sqlite:///")).exists()
    assert filled(Driver(sandbox.url), 1).submit().closed
    first.signal(signal.SIGKILL)
    first.ends()
    third = starts("run", **environ)
    third.logs("the desk is open")
    assert stopped(third) == 0, third.output
