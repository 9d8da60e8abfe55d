"""Many promises at the same second: a few messages that name them all, whatever Slack does meanwhile."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest

from bot.app.wiring import Pace
from bot.posts.poster import pings_in
from cases import moves
from cases.case import Case
from cases.events import Event, Happened
from cases.people import Person
from cases.words import Role
from sandbox.driver import Message
from storage import tables as t
from storage.outbox import outbox
from storage.store import Store
from storage.unit import UnitOfWork
from storage.writing.cases import save_change
from storage.writing.notices import note_on_program
from tests import build
from tests.build import acting
from tests.chaos.reckoning import Reckoning, rows
from tests.chaos.running import until
from tests.chaos.storm import Notes
from tests.journeys.floor import ASK, Floor, floor, stored_at

POSTS = "chat.postMessage"
OWNERS = ("U0BEN", "U0TESS", "U0SAM", "U0SIA", "U0MIA")
MINUTES = 10
"""How far ahead the promises are: so near that there is no heads-up."""


@pytest.fixture
def desk(sqlite_url: str) -> Iterator[Floor]:
    """A floor that works as fast as it can."""
    with floor(sqlite_url) as place:
        yield place


@contextmanager
def stored(desk: Floor) -> Iterator[Store]:
    """The bot's database, from outside."""
    store = stored_at(desk.database)
    try:
        yield store
    finally:
        store.close()


def promised(desk: Floor, number: int, *, claimed: bool = True) -> list[Case]:
    """So many (claimed) cases whose customers were all promised the same second, their cards in the channel."""
    desk.closes()
    with stored(desk) as store:
        found = planned(store, number, desk.clock.now(), claimed=claimed)
    desk.opens()
    rests(desk, within=max(60.0, 0.6 * number))
    return found


def planned(store: Store, number: int, now: datetime, *, claimed: bool = True) -> list[Case]:
    """The same in the database alone."""
    due = now + timedelta(minutes=MINUTES)
    with store.read() as reading:
        (program,) = reading.programs()

    def job(unit: UnitOfWork, place: int) -> Case:
        said = build.escalation(customer=f"Customer {place}", due_at=due)
        owner = Person(OWNERS[place % len(OWNERS)], frozenset({Role.SME_TL}))
        raised = moves.raise_case(None, acting(build.ANA, now, program), unit.next_number(), said)
        case = save_change(unit, raised, program, now)
        return save_change(unit, moves.claim(case, acting(owner, now)), program, now) if claimed else case

    return [store.write_now(job, place) for place in range(number)]


def rests(desk: Floor, within: float = 60.0) -> None:
    """Everything that waits has been sent."""
    with stored(desk) as store:
        until(
            lambda: True if not store.ask_now(outbox.channels) else None,
            about="the outbox is empty",
            within=within,
        )


def due(desk: Floor, found: list[Case]) -> datetime:
    """The promised second comes."""
    assert found[0].callback is not None
    return desk.clock.reaches(found[0].callback.due_at)


def bursts(desk: Floor) -> list[Message]:
    """The messages in the channel that name many cases."""
    return [m for m in desk.slack.channel(ASK).messages() if "somebody now" in m.text and not m.thread_ts]


def sees_burst(desk: Floor) -> Message:
    found = desk.mia.sees("somebody now", in_=ASK)
    assert found.thread_ts is None
    return found


def named(message: Message) -> list[str]:
    """The cases that a burst names, in its order."""
    return [
        line.partition("(")[2].partition(")")[0] for line in message.text.splitlines() if line.startswith("•")
    ]


def holds(desk: Floor, pings: int = 0) -> Reckoning:
    """What people saw is what was done, each thing once, when so many pings (or more) were sent."""
    until(lambda: all_rung(desk, pings), about=f"{pings} pings are sent")
    rests(desk)
    with stored(desk) as store:
        books = Reckoning(desk.slack, store.engine, Notes())
        books.holds()
    return books


def test_five_hundred_promises_at_the_same_second_are_all_seen(sqlite_url: str) -> None:
    """At Slack's pace of one post a second: in at most twenty messages, with nothing else before the first of them.

    When the first and the last were seen is printed: on a machine with two cores under load after 1 and 16 seconds.
    """
    with floor(sqlite_url) as desk:
        found = promised(desk, 500)
        desk.closes()
        desk._pace = Pace()
        desk.slack.limits(on=True)
        desk.opens()
        before, now = len(desk.slack.calls(POSTS)), due(desk, found)
        until(lambda: all_rung(desk, 500), about="all pings are sent", within=240.0)
        posts = desk.slack.calls(POSTS)[before:]
        assert len(posts) <= 20
        messages = bursts(desk)
        since = [m.ts for m in desk.slack.channel(ASK).messages() if m.at >= now]
        assert since == [m.ts for m in messages], "nothing else was posted meanwhile"
        seen = Counter(ping for m in messages for ping in pings_in((m.metadata or {})["event_payload"]))
        assert sorted(seen.values()) == [1] * 500
        assert sorted(name for m in messages for name in named(m)) == sorted(c.said.customer for c in found)
        first, last = messages[0].at - now, messages[-1].at - now
        sys.stdout.write(f"500 pings: {len(posts)} posts, first after {first}, last after {last}\n")
        assert not [entry for entry in desk.slack.traffic() if entry.get("error") == "ratelimited"
                    and entry.get("name") == POSTS]  # fmt: skip


def all_rung(desk: Floor, number: int) -> bool | None:
    with stored(desk) as store:
        sent = [row for row in rows(store.engine, t.notices) if row.kind == "ping" and row.state == "sent"]
    return True if len(sent) >= number else None


def test_a_burst_mentions_everybody_once_and_leads_to_every_card(desk: Floor) -> None:
    """In the channel itself; the overdue ones first."""
    found = promised(desk, 7)
    due(desk, found)
    message = sees_burst(desk)
    assert message.mentions() == set(OWNERS)
    assert named(message) == [case.said.customer for case in found]
    cards = {m.ts for m in desk.slack.channel(ASK).messages() if m.buttons()}
    raw = str(message.blocks)
    assert all(f"p{ts.replace('.', '')}|case" in raw for ts in cards), "each line is a link"
    holds(desk)


@pytest.mark.parametrize("number", [8, 6])
def test_a_claim_between_planning_and_sending_drops_its_ping(database_url: str, number: int) -> None:
    """Slack takes no posts for a moment; meanwhile somebody claims. The others are named, or pinged one by one."""
    with floor(database_url) as desk:
        promised(desk, number, claimed=False)
        card = next(m for m in desk.slack.channel(ASK).messages() if "Customer 0" in m.text)
        with desk.slack.faults.during("ratelimited", POSTS, retry_after=1):
            desk.clock.passes(minutes=3)
            tried(desk, "ratelimited")
            desk.ben.clicks("Claim", on=card)
            card.becomes("With @Ben")
        books = holds(desk, pings=number - 1)
        assert [named(m) for m in bursts(desk)] == (
            [[f"Customer {place}" for place in range(1, 8)]] if number == 8 else []
        )
        pings = [row for row in books.notices.values() if row.kind == "ping"]
        assert Counter(row.state for row in pings) == {"sent": number - 1, "dropped": 1}


def test_a_case_that_is_called_meanwhile_is_left_out(desk: Floor) -> None:
    """Its owner is on the phone by the time that Slack takes posts again."""
    found = promised(desk, 8)
    card = next(m for m in desk.slack.channel(ASK).messages() if "Customer 0" in m.text)
    with desk.slack.faults.during("ratelimited", POSTS, retry_after=1):
        due(desk, found)
        tried(desk, "ratelimited")
        desk.ben.clicks("Calling now", on=card)
        card.becomes("On the call")
    message = sees_burst(desk)
    assert named(message) == [f"Customer {place}" for place in range(1, 8)]
    books = holds(desk)
    assert Counter(row.state for row in books.notices.values() if row.kind == "ping") == {
        "sent": 7,
        "dropped": 1,
    }


def test_few_that_still_speak_go_one_by_one(desk: Floor) -> None:
    """Six were due, one is called meanwhile: five pings, each in its thread."""
    found = promised(desk, 6)
    card = next(m for m in desk.slack.channel(ASK).messages() if "Customer 0" in m.text)
    with desk.slack.faults.during("ratelimited", POSTS, retry_after=1):
        due(desk, found)
        tried(desk, "ratelimited")
        desk.ben.clicks("Calling now", on=card)
        card.becomes("On the call")
    books = holds(desk, pings=5)
    assert not bursts(desk)
    assert sum(row.state == "sent" for row in books.notices.values() if row.kind == "ping") == 5


def tried(desk: Floor, error: str) -> None:
    desk.slack.eventually(
        lambda: [e for e in desk.slack.traffic() if e.get("error") == error] or None,
        about=f"Slack answers {error}",
    )


@pytest.mark.parametrize("kind", ["lost_answer", "http_500", "reset", "ratelimited"])
def test_a_burst_is_seen_once_though_slack_stumbles(desk: Floor, kind: str) -> None:
    """Before Slack had read it, or after, when it stands there already and only the answer was lost."""
    found = promised(desk, 8)
    desk.slack.faults.add(kind, POSTS)  # type: ignore[arg-type]
    due(desk, found)
    sees_burst_after(desk, kind)
    holds(desk, pings=8)
    assert len(bursts(desk)) == 1
    assert len(desk.slack.calls("conversations.history")) == (0 if kind == "ratelimited" else 1)


def sees_burst_after(desk: Floor, kind: str) -> None:
    """The fault was met, and time passes until the next try."""
    desk.slack.eventually(lambda: None if desk.slack.faults.left() else True, about=f"the {kind}")
    desk.clock.passes(seconds=5)
    sees_burst(desk)


def test_a_burst_that_slack_refuses_is_told_one_by_one(desk: Floor) -> None:
    """Nobody misses a ping because one message was too much."""
    found = promised(desk, 7)
    desk.slack.faults.add("error", POSTS, error="msg_blocks_too_long")
    due(desk, found)
    holds(desk, pings=7)
    assert not bursts(desk)


def test_a_deleted_card_is_posted_again_and_its_ping_is_not_lost(desk: Floor) -> None:
    """The burst names it; the redraw that follows finds the card gone."""
    found = promised(desk, 7)
    place = desk.slack.channel(ASK)
    old = next(m for m in place.messages() if "Customer 0" in m.text)
    desk.mia.deletes(old)
    due(desk, found)
    assert "Customer 0" in named(sees_burst(desk))
    rests(desk)
    new = [m for m in place.messages() if m.buttons() and "Customer 0" in m.text]
    assert len(new) == 1
    assert new[0].ts != old.ts


def test_the_channel_hears_of_what_happens_to_its_program(desk: Floor) -> None:
    """A line in the channel itself, and one in the record; its answer may be lost."""
    desk.slack.faults.add("lost_answer", POSTS)
    with stored(desk) as store:
        with store.read() as reading:
            (program,) = reading.programs()
        event = Event(Happened.SETTINGS_CHANGED, "U0MIA", {"Window": "15 min → 20 min"})
        store.write_now(note_on_program, program, event, desk.clock.now())
    said = desk.ana.sees("Window: 15 min → 20 min", in_=ASK)
    assert said.thread_ts is None
    desk.clock.passes(seconds=5)
    assert len(holds(desk).shown) == 1
