"""While somebody is on the phone, nobody is told that the customer still has to be called (docs/policy.md, *A running call*)."""

from __future__ import annotations

from datetime import time

from cases.program import Shift
from sandbox.driver import Message
from tests.journeys.floor import ASK, Floor
from tests.journeys.telling import set_up
from tests.journeys.test_home import looks
from tests.journeys.test_pings import said

EVENING = Shift("Evening", tuple(range(7)), time(18), time(1, 50))
NIGHT = Shift("Night", tuple(range(7)), time(1, 50), time(10))


def answered(desk: Floor, which: str) -> str:
    """What `/callbacks` answers Mia."""
    before = len(desk.mia.ephemerals(in_=ASK))
    desk.mia.types(f"/callbacks {which}", in_=ASK)
    found = desk.slack.eventually(
        lambda: desk.mia.ephemerals(in_=ASK)[before:] or None, about=f"/callbacks {which} is answered"
    )
    return found[-1].text


def on_the_phone(desk: Floor) -> Message:
    """Tess calls her customer at the agreed time, 1:15 in Manila."""
    card = desk.claimed(desk.tess, minutes=10)
    desk.clock.passes(minutes=10)
    due = desk.tess.sees("is the agreed time", in_=card)
    desk.tess.clicks("Calling now", on=due)
    return card.becomes("On the call")


def test_a_running_call_is_overdue_nowhere(desk: Floor) -> None:
    """Card, `/callbacks`, Home and handover say who is on the phone; Tess reads it as well."""
    set_up(desk, shifts=(EVENING, NIGHT))
    card = on_the_phone(desk)
    desk.clock.passes(
        minutes=20
    )  # the window was over five minutes ago, the shift ends in a quarter of an hour
    handover = desk.mia.sees("the shift ends at", in_=ASK)
    assert "Overdue" not in handover.text
    assert "on the phone" in handover.text
    assert "On the call" in card.now().text
    assert "Nothing is overdue" in answered(desk, "overdue")
    assert "on the phone since" in answered(desk, "all")
    for who in (desk.tess, desk.mia):
        home = looks(desk, who).text
        assert "overdue" not in home.lower().partition("what to type")[0].replace("nothing is overdue", "")
        assert "1 on a call" in home
    assert "on the phone since" in looks(desk, desk.tess).text
    assert not said(card, "Overdue")


def test_after_a_long_call_only_the_owner_is_asked(desk: Floor) -> None:
    """Tess answers, and is asked again as long after; nobody in the channel is called meanwhile."""
    card = on_the_phone(desk)
    desk.clock.passes(minutes=30)
    asked = desk.tess.is_told("Still talking? Your call for case 1 (Jane Doe)", in_=ASK)
    assert asked.buttons() == ["Still talking", "Log outcome"]
    assert not desk.mia.ephemerals(in_=ASK)
    desk.tess.clicks("Still talking", on=asked)
    desk.ana.sees("Tess Lim is still on the phone", in_=card)
    desk.clock.passes(minutes=29)
    assert "On the call" in card.becomes("On the call").text
    assert not said(card, "Overdue", "Please look after them")
    assert "Nothing is overdue" in answered(desk, "overdue")


def test_who_does_not_answer_is_looked_after_before_anybody_is_called(desk: Floor) -> None:
    """The TLs are asked to look; then the usual ladder comes, so that nothing is muted for good."""
    card = on_the_phone(desk)
    desk.clock.passes(minutes=30)
    desk.tess.is_told("Still talking?", in_=ASK)
    desk.clock.passes(minutes=10)
    look = desk.mia.sees("Please look after them. Don't call the customer.", in_=card)
    assert look.mentions() == {"U0TESS", "S0TLS"}
    assert look.buttons() == ["Still talking", "Take over"]
    assert not said(card, "Overdue")
    desk.clock.passes(minutes=10)
    desk.mia.sees("Overdue: case 1", in_=card, after=look)
