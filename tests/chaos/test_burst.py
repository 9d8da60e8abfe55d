"""The bot is killed while it says many pings in one message: nothing is lost, and nothing is said twice."""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest

from bot.environment.manifest import manifest
from sandbox import SandboxClock, Seed
from sandbox.driver import Driver
from sandbox.driver.switches import FaultKind
from tests.chaos.reckoning import Reckoning, everything_shown, rests
from tests.chaos.running import Bots, until
from tests.chaos.storm import Notes
from tests.chaos.test_sigkill import come_to_rest
from tests.journeys.floor import START, stored_at
from tests.journeys.test_bursts import MINUTES, planned
from tests.patient import patient

CASES = 60
"""More than one message holds."""


@pytest.mark.parametrize("kind", ["slow", "lost_answer"])
def test_a_kill_between_post_and_commit_repeats_nothing(
    database_url: str, tmp_path: Path, kind: FaultKind
) -> None:
    """The message stands in the channel, its answer never came: the next bot finds it, and says the rest."""
    with ExitStack() as after:
        sandbox = after.enter_context(patient(Seed(manifest()), clock=SandboxClock(START)))
        bots = Bots(sandbox, database_url, tmp_path)
        after.callback(bots.end)
        slack = Driver(sandbox.url)
        bots.opens()
        store = stored_at(database_url)
        after.callback(store.close)
        planned(store, CASES, slack.clock.now())
        come_to_rest(slack, store.engine)  # the next beat finds what was planned beside it
        slack.faults.add(kind, "chat.postMessage", delay=5.0)
        slack.clock.passes(minutes=MINUTES)
        slack.eventually(
            lambda: [one for one in everything_shown(slack) if one.pings] or None,
            about="the message is there, its answer on the way or lost",
        )
        bots.kills()
        bots.opens()
        come_to_rest(slack, store.engine)
        until(partial(rests, store.engine, slack.clock.now()), about="all is said")
        books = Reckoning(slack, store.engine, Notes())
        books.holds()
        bundles = [len(one.pings) for one in books.shown if one.pings]
        rung = [row for row in books.notices.values() if row.kind == "ping" and row.rule == "due"]
        assert [row.state for row in rung] == ["sent"] * CASES
        assert bundles[0] > 5, bundles
        assert slack.calls("conversations.history"), "it was looked for"
        bots.closes()
