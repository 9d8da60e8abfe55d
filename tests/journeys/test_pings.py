"""What the bot says by itself, when and to whom (docs/policy.md, *Reminders and posts*).

"Nothing was said" is shown by a case beside it that nobody has claimed: the beat that pings that one has looked
at all others as well.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sandbox.driver import Message
from tests.journeys.floor import Floor
from tests.journeys.telling import closes, opens, tries_in_vain

SMES, TLS, MANAGERS = "S0SMES", "S0TLS", "S0MANAGERS"
BEN = "U0BEN"


def ping(desk: Floor, card: Message, text: str, *, minutes: float, after: Message | None = None) -> Message:
    """Time passes; then this stands in the case's thread."""
    desk.clock.passes(minutes=minutes)
    return desk.mia.sees(text, in_=card, after=after)


def said(card: Message, *texts: str) -> list[str]:
    """The messages of the thread that say any of this."""
    found = [reply.text for reply in card.thread() if not reply.ephemeral]
    return [text for text in found if any(word in text for word in texts)]


def beside(desk: Floor) -> Message:
    """Another customer's case, which nobody claims."""
    return desk.escalates(desk.arjun, minutes=3_000, **ANOTHER, **ASKED)


ASKED: dict[str, Any] = {"Outside calling hours": ["Customer asked for this time"]}
WAITS: dict[str, Any] = {"The customer": "Is waiting on the line"}
ANOTHER: dict[str, Any] = {"Customer": "Joe Poe", "Contact number": "+1 212 555 0199"}


def the_beat_has_looked(desk: Floor, other: Message, after: Message | None = None) -> Message:
    """The case beside was pinged."""
    return desk.mia.sees("Nobody has claimed", in_=other, after=after)


def chased(
    desk: Floor, card: Message, text: str, steps: Iterable[tuple[int, set[str]]]
) -> tuple[Message, list[str]]:
    """Each step: so many minutes pass, then a new ping mentions exactly these. The last one, and all of them."""
    last: Message | None = None
    for minutes, mentioned in steps:
        last = ping(desk, card, text, minutes=minutes, after=last)
        assert last.mentions() == mentioned, last
    assert last is not None
    return last, said(card, text)


def test_an_unclaimed_case_climbs_until_somebody_takes_it(desk: Floor) -> None:
    """3, 7, 15 minutes: SMEs, TLs, managers; then the managers every 15. The claim ends it."""
    card = desk.escalates(minutes=600, **ASKED)
    steps = [(3, {SMES}), (4, {TLS}), (8, {MANAGERS}), (15, {MANAGERS}), (15, {MANAGERS})]
    last, all_of_them = chased(desk, card, "Nobody has claimed", steps)
    assert len(all_of_them) == len(steps)
    assert "for 45 min" in last.text
    assert last.thread_ts == card.ts
    assert not last.broadcast

    other = beside(desk)
    desk.mia.clicks("Claim", on=last)
    desk.ana.sees("claimed case 1", in_=card)
    desk.clock.passes(minutes=16)
    the_beat_has_looked(desk, other)
    assert len(said(card, "Nobody has claimed")) == len(steps)


def test_a_customer_on_the_line_is_not_kept_waiting(desk: Floor) -> None:
    """Due at once; 1, 3, 5 minutes: SMEs, TLs, managers."""
    card = desk.escalates(**WAITS)
    desk.sam.sees("Now", in_=card)
    steps = [(1, {SMES}), (2, {TLS}), (2, {MANAGERS}), (15, {MANAGERS})]
    chased(desk, card, "has been waiting on the line for", steps)


def test_the_owner_is_warned_pinged_and_chased_without_end(desk: Floor) -> None:
    """15 minutes before, at the time, when the window is over (in the channel), and on and on."""
    card = desk.claimed(minutes=30)
    warning = ping(desk, card, "you call case 1", minutes=15)
    assert "In 15 min" in warning.text
    assert warning.mentions() == {BEN}
    assert not warning.broadcast
    due = ping(desk, card, "is the agreed time", minutes=15, after=warning)
    assert (due.mentions(), due.buttons()) == ({BEN}, ["Calling now"])
    overdue = ping(desk, card, "Overdue: case 1", minutes=15, after=due)
    assert overdue.mentions() == {BEN, TLS}
    assert overdue.broadcast, "everybody in the channel sees it"
    assert "Take over" in card.becomes("Overdue since").buttons()
    louder = {BEN, TLS, MANAGERS}
    minutes = [20, 10, 10, 10, 10, 30, 30, 30]  # at 20, 30 … 60, 90, 120, 150
    steps = [(passed, louder) for passed in minutes]
    last = overdue
    for passed, mentioned in steps:
        last = ping(desk, card, "Overdue: case 1", minutes=passed, after=last)
        assert last.mentions() == mentioned
        assert last.broadcast
    assert len(said(card, "Overdue: case 1")) == 1 + len(steps)
    assert len(said(card, "you call case 1", "is the agreed time")) == 2


def test_what_nobody_owns_is_announced_to_the_groups(desk: Floor) -> None:
    """Without an owner the SMEs and TLs are warned, and asked to claim it."""
    card = desk.escalates(minutes=30)
    warning = ping(desk, card, "needs a call", minutes=15)
    assert (warning.mentions(), warning.buttons()) == ({SMES, TLS}, ["Claim"])
    due = ping(desk, card, "is the agreed time", minutes=15)
    assert (due.mentions(), due.buttons()) == ({SMES, TLS}, ["Claim"])
    overdue = ping(desk, card, "Overdue: case 1", minutes=15)
    assert (overdue.mentions(), overdue.buttons()) == ({SMES, TLS}, ["Claim"])


def test_a_call_stops_the_pings_for_half_an_hour(desk: Floor) -> None:
    """Then the chase goes on where it would be: begun, but nothing logged."""
    card = desk.claimed(minutes=10)
    due = ping(desk, card, "is the agreed time", minutes=10)
    desk.ben.clicks("Calling now", on=due)
    calling = desk.ana.sees("calling now", in_=card)
    other = beside(desk)
    desk.clock.passes(minutes=29)
    the_beat_has_looked(desk, other)
    assert not said(card, "Overdue")
    overdue = ping(desk, card, "Overdue: case 1", minutes=2, after=calling)
    assert "a call was started but not logged" in overdue.text
    assert BEN in overdue.mentions()


def test_a_promise_that_moves_takes_all_its_pings_along(desk: Floor) -> None:
    """Not one at the old time; all at the new one."""
    card = desk.claimed(minutes=30)
    modal = opens(desk.ben, "Reschedule", on=card)
    wish = {**desk.time_in(90), "Who wanted the new time?": "The customer"}
    assert modal.submit(wish).closed
    moved = card.becomes("First promised")
    other = beside(desk)
    desk.clock.passes(minutes=70)  # the old time's heads-up, due and overdue would have come
    the_beat_has_looked(desk, other)
    assert not said(card, "you call case 1", "agreed time", "Overdue")
    warning = ping(desk, moved, "you call case 1", minutes=5)
    due = ping(desk, card, "is the agreed time", minutes=15, after=warning)
    overdue = ping(desk, card, "Overdue: case 1", minutes=15, after=due)
    assert overdue.broadcast


def test_a_closed_case_is_never_pinged(desk: Floor) -> None:
    """Neither about its time nor about anything else."""
    card = closes(desk, desk.claimed(minutes=30))
    other = beside(desk)
    desk.clock.passes(minutes=120)
    the_beat_has_looked(desk, other)
    assert not said(card, "you call case 1", "agreed time", "Overdue")


def test_a_ping_that_waits_to_be_sent_is_dropped_when_its_case_moves_on(desk: Floor) -> None:
    """Slack takes no posts for a while; meanwhile somebody claims. The ping is never seen, the claim is."""
    card = desk.escalates(minutes=600, **ASKED)
    desk.ana.is_told("Case 1", in_=card.channel)
    with desk.slack.faults.during("ratelimited", "chat.postMessage", retry_after=1):
        desk.clock.passes(minutes=3)
        desk.slack.eventually(
            lambda: desk.slack.calls("chat.postMessage")[1:] or None,
            about="the ping was tried",
        )
        desk.ben.clicks("Claim", on=card)
    desk.ana.sees("claimed case 1", in_=card)
    assert not said(card, "Nobody has claimed")


def test_when_the_attempts_run_out_the_managers_are_asked_until_one_decides(desk: Floor) -> None:
    """At once, then every half hour; the sign-off ends it."""
    card = desk.claimed()
    tries_in_vain(desk, card)
    asked = desk.mia.sees("nobody reached: sign case 1 off", in_=card)
    assert desk.mia.is_mentioned(asked)
    steps = [(30, {MANAGERS}), (30, {MANAGERS}), (30, {MANAGERS})]
    last, _ = chased(desk, card, "is waiting for your decision", steps)
    assert last.buttons() == ["Sign off unreachable", "Grant another attempt"]
    modal = opens(desk.mia, "Sign off unreachable", on=last)
    assert modal.submit({"Notes": "Three calls at three times of day; a letter was sent."}).closed
    card.becomes("Closed")
    other = beside(desk)
    desk.clock.passes(minutes=40)
    the_beat_has_looked(desk, other)
    assert len(said(card, "is waiting for your decision")) == 3


def test_after_an_outage_one_ping_says_it_all(desk: Floor) -> None:
    """The bot was down for two hours: only the loudest of what was missed comes, at once, and says how late it is."""
    card = desk.claimed(minutes=30)
    desk.closes()
    desk.clock.passes(hours=2)
    desk.opens()
    late = desk.mia.sees("Overdue: case 1", in_=card)
    assert "1 h 15 min late: Askdesk was offline" in late.text
    assert late.mentions() == {BEN, TLS, MANAGERS}
    following = ping(desk, card, "Overdue: case 1", minutes=15, after=late)
    assert "late" not in following.text
    assert len(said(card, "you call case 1", "agreed time", "Overdue: case 1")) == 2


def test_a_restart_in_time_loses_and_repeats_nothing(desk: Floor) -> None:
    """Down between two pings, up before the next."""
    card = desk.claimed(minutes=30)
    warning = ping(desk, card, "you call case 1", minutes=15)
    desk.closes()
    desk.clock.passes(minutes=5)
    desk.opens()
    due = ping(desk, card, "is the agreed time", minutes=10, after=warning)
    assert "late" not in due.text
    assert len(said(card, "you call case 1", "agreed time")) == 2


@pytest.mark.parametrize(
    ("eve", "promised", "rings"),
    [
        # clocks go forward on 14 March 2027: 14:30 in New York is 18:30 UTC, the day before it was 19:30
        (datetime(2027, 3, 13, 17, 5, tzinfo=UTC), "14:30", datetime(2027, 3, 14, 18, 30, tzinfo=UTC)),
        # the night leaves 02:30 out: nobody is called before the time they heard
        (datetime(2027, 3, 13, 17, 5, tzinfo=UTC), "02:30", datetime(2027, 3, 14, 7, 30, tzinfo=UTC)),
        # clocks go back on 7 November 2027: 14:30 is 19:30 UTC, the day before it was 18:30
        (datetime(2027, 11, 6, 17, 5, tzinfo=UTC), "14:30", datetime(2027, 11, 7, 19, 30, tzinfo=UTC)),
    ],
)
def test_a_promise_across_the_change_of_clocks_rings_at_the_customers_wall_time(
    desk: Floor, eve: datetime, promised: str, rings: datetime
) -> None:
    """Promised the day before, for the day after."""
    desk.clock.reaches(eve)
    card = desk.claimed(**{**ASKED, "Callback date": f"{rings:%Y-%m-%d}", "Callback time": promised})
    desk.clock.reaches(rings - timedelta(minutes=1))
    warning = desk.ben.sees("you call case 1", in_=card)
    assert not said(card, "agreed time")
    due = ping(desk, card, "is the agreed time", minutes=1, after=warning)
    assert due.at - rings < timedelta(minutes=1)
