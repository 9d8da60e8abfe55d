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
    handover = desk.mia.sees("open at", in_=ASK)
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
