"""The bot is killed again and again in the middle of a busy day; nothing is lost, and nothing is said twice.

`ASKDESK_CHAOS_SEED` repeats a seed that failed (the people's choices are the same, the machine's timing is not);
`ASKDESK_CHAOS_KILLS` makes a run longer.
"""

from __future__ import annotations

import os
import random
import sys
import threading
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path

from sqlalchemy import Engine

from bot.environment.manifest import manifest
from sandbox import SandboxClock, SandboxThread, Seed
from sandbox.driver import Driver, NotSeen
from sandbox.driver.switches import FaultKind
from storage.engine import open_engine
from tests.chaos.reckoning import Reckoning, left, rests
from tests.chaos.running import Bots, Unseen, until
from tests.chaos.storm import Storm
from tests.journeys.floor import START

KILLS = int(os.environ.get("ASKDESK_CHAOS_KILLS", "9"))

ACK_SECONDS = 1.5
"""Slack waits three; half of it leaves people more time to work between two kills."""

AT_A_POST: tuple[tuple[FaultKind, str], ...] = (
    ("slow", "chat.postMessage"),
    ("lost_answer", "chat.postMessage"),
    ("slow", "chat.postMessage"),
    ("slow", "chat.update"),
    ("slow", "conversations.replies"),
)
"""Moments between Slack's doing and our commit: the call has had its effect, its answer is on the way or lost."""

WITHOUT_A_KILL: tuple[FaultKind, ...] = ("http_500", "reset", "lost_answer", "ratelimited")


def test_nothing_is_lost_and_nothing_said_twice(database_url: str, tmp_path: Path) -> None:
    """At least eight kills, half of them right at a post, while seven people work and hours pass."""
    seed = os.environ.get("ASKDESK_CHAOS_SEED") or str(random.SystemRandom().randrange(10**6))
    sys.stdout.write(f"ASKDESK_CHAOS_SEED={seed}\n")  # pytest shows it when the test fails
    with ExitStack() as after:
        sandbox = after.enter_context(
            SandboxThread(Seed(manifest()), limits=False, clock=SandboxClock(START), ack_seconds=ACK_SECONDS)
        )
        bots = Bots(sandbox, database_url, tmp_path)
        after.callback(bots.end)
        slack, storm = Driver(sandbox.url), Storm(Driver(sandbox.url), seed)
        bots.opens()
        after.callback(storm.ends)
        storm.begins()
        kill_again_and_again(bots, slack, random.Random(f"{seed} kills"))
        storm.ends()
        storm.notes.are_whole()
        engine = open_engine(database_url)
        after.callback(engine.dispose)
        come_to_rest(slack, engine)
        books = Reckoning(slack, engine, storm.notes)
        sys.stdout.write(f"{bots.killed} kills, {books.counts()}\n")
        books.holds()
        bots.closes()
        assert books.shown == Reckoning(slack, engine, storm.notes).shown


def kill_again_and_again(bots: Bots, slack: Driver, chance: random.Random) -> None:
    """Kills at random moments and right at Slack's calls, each time with a restart."""
    pause = threading.Event()
    for number in range(KILLS):
        pause.wait(chance.uniform(0.2, 1.6))
        if chance.random() < 0.4:
            slack.faults.add(chance.choice(WITHOUT_A_KILL), "chat.postMessage")
        if number % 2:
            kind, method = chance.choice(AT_A_POST)
            slack.faults.add(kind, method, delay=2.0)
            with suppress(NotSeen):  # nothing to be said just now: it is killed all the same
                slack.eventually(lambda: None if slack.faults.left() else True, about="the fault", within=2.0)
            pause.wait(chance.choice([0.0, 0.0, chance.uniform(0.0, 0.2)]))
        bots.kills()
        slack.faults.clear()
        pause.wait(chance.choice([0.0, chance.uniform(0.0, 0.5)]))
        bots.opens()


def come_to_rest(slack: Driver, engine: Engine) -> None:
    """Time passes until nothing waits any more: holds of senders that were killed, and pauses after failures, end.

    And until a moment comes in which nothing is about to be due, so that the books can be read in peace.
    """
    for _ in range(30):
        now = slack.clock.passes(seconds=61)
        with suppress(Unseen):
            until(partial(rests, engine, now), about="the outbox is empty", within=2.0)
            return
    raise AssertionError(f"the outbox does not come to rest: {left(engine)}")
