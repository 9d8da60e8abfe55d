"""The first button is what its reader may do (docs/policy.md, *The card*): overdue, whoever is there takes over and calls."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sandbox.driver import PATIENCE, Message
from tests.journeys.floor import ASK, Floor
from tests.journeys.telling import is_told_why_not, nothing_happens, record
from tests.journeys.test_home import looks
from tests.journeys.test_pings import ping

TAKE = "Take over and call"
EVENING: dict[str, Any] = {"Callback date": "2026-11-23", "Callback time": "20:55"}
ASKED: dict[str, Any] = {"Outside calling hours": ["Customer asked for this time"]}


def overdue(desk: Floor, **changes: Any) -> tuple[Message, Message]:
    """Ben's card and the ping that calls him and the TLs."""
    card = desk.claimed(minutes=10, **changes)
    return card, ping(desk, card, "Overdue: case 1", minutes=26)


def test_the_ping_that_calls_the_tls_offers_them_what_they_may_do(desk: Floor) -> None:
    """Tess takes the case and the call with one click; Sam, who comes later, reads who is on the phone."""
    card, told = overdue(desk)
    assert told.buttons() == [TAKE]
    desk.tess.clicks(TAKE, on=told)
    assert "@Tess Lim" in card.becomes("On the call").text
    taken = desk.ben.sees("took case 1 over", in_=card)
    desk.ana.sees("calling now (attempt 1)", in_=card, after=taken)
    assert record(desk)[-2:] == [(1, "taken_over", "U0TESS"), (1, "calling", "U0TESS")]
    with nothing_happens(desk, card):
        is_told_why_not(desk, desk.sam, TAKE, "@Tess Lim is on the phone with case 1's customer", on=told)


def test_for_the_owner_the_same_button_is_calling_now(desk: Floor) -> None:
    card, told = overdue(desk)
    desk.ben.clicks(TAKE, on=told)
    desk.ana.sees("calling now (attempt 1)", in_=card)
    assert [kind for _, kind, _ in record(desk)] == ["raised", "claimed", "calling"]


def test_on_the_card_calling_now_does_the_right_thing_for_whoever_clicks(desk: Floor) -> None:
    """A TL who calls once the owner is late has the case; before that Ben still has time, and an agent never may."""
    card = desk.claimed(minutes=10)
    with nothing_happens(desk, card):
        is_told_why_not(desk, desk.tess, "Calling now", "with @Ben Carter, who still has time", on=card)
        is_told_why_not(desk, desk.arjun, "Calling now", "Only the owner (@Ben Carter) can", on=card)
    desk.clock.passes(minutes=26)
    late = card.becomes("Overdue")
    desk.tess.clicks("Calling now", on=late)
    assert "@Tess Lim" in card.becomes("On the call").text
    assert record(desk)[-2:] == [(1, "taken_over", "U0TESS"), (1, "calling", "U0TESS")]


def test_home_offers_each_reader_what_is_theirs(desk: Floor) -> None:
    """Ben calls; Tess takes over and calls, without leaving her Home; Ana may do neither."""
    card, _ = overdue(desk)
    assert looks(desk, desk.ben).buttons()[0] == "Calling now"
    assert TAKE not in looks(desk, desk.ben).buttons()
    assert not {TAKE, "Calling now"} & set(looks(desk, desk.ana).buttons())
    home = looks(desk, desk.tess)
    assert home.buttons()[0] == TAKE
    desk.tess.clicks(TAKE, on=home)
    assert "@Tess Lim" in card.becomes("On the call").text


def test_outside_calling_hours_whoever_takes_over_is_asked_first(desk: Floor) -> None:
    """Nothing happens before the tick; then the case and the call are hers together."""
    card = desk.claimed(**EVENING)
    desk.clock.reaches(datetime(2026, 11, 24, 2, 10, tzinfo=UTC))
    told = desk.mia.sees("Overdue: case 1", in_=card)
    with nothing_happens(desk, card):
        assert desk.tess.clicks(TAKE, on=told, within=PATIENCE).acked
        modal = desk.tess.modal("Calling now")
        assert "It is 9:10 PM on Mon 23 Nov in New York, where the customer is" in modal.text
    assert modal.submit(ASKED).closed
    assert "@Tess Lim" in card.becomes("On the call").text
    assert record(desk)[-2:] == [(1, "taken_over", "U0TESS"), (1, "calling", "U0TESS")]
    assert not desk.tess.ephemerals(in_=ASK)
