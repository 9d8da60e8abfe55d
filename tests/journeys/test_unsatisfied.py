"""A customer who is left unsatisfied goes to a manager (docs/policy.md, *A customer left unsatisfied*)."""

from __future__ import annotations

from tests.journeys.floor import CLOSE, Floor
from tests.journeys.telling import is_told_why_not, opens
from tests.journeys.test_export import content, exported, report

UPHELD: dict[str, object] = {**CLOSE, "Outcome": "Policy upheld, apologised"}
SATISFIED, FOLLOW_UP = "Was the customer satisfied?", "Follow-up on"


def test_a_manager_gets_back_to_a_customer_who_was_left_unsatisfied(desk: Floor) -> None:
    """The close form proposes the day; card and line name it. That day the managers are called, until Mia did it."""
    card = desk.claimed(minutes=10)
    desk.clock.passes(minutes=10)
    desk.ben.clicks("Calling now", on=card)
    form = opens(desk.ben, "Complete", on=card)
    form.choose("Outcome", "Policy upheld, apologised")
    assert FOLLOW_UP not in form.labels()
    form.choose(SATISFIED, "No")
    desk.slack.eventually(lambda: True if FOLLOW_UP in form.labels() else None, about="the day is asked for")
    assert form.value(FOLLOW_UP) == "2026-11-26", "two working days from now, at the site"
    assert form.submit(UPHELD).closed
    line = desk.ana.sees("closed case 1: Policy upheld, apologised", in_=card)
    assert "customer satisfied: no · a manager follows up on Thu 26 Nov" in line.text
    closed = card.becomes("Left unsatisfied · a manager follows up on Thu 26 Nov")
    assert closed.buttons() == ["Followed up", "Reopen"]

    desk.clock.passes(hours=48)
    ping = desk.mia.sees("Follow up on case 1 (Jane Doe): the customer was left unsatisfied", in_=card)
    assert (ping.mentions(), ping.buttons()) == ({"S0MANAGERS"}, ["Followed up"])
    desk.clock.passes(hours=24)
    again = desk.mia.sees("Follow up on case 1", in_=card, after=ping)
    is_told_why_not(desk, desk.ben, "Followed up", "Only a manager can follow up on case 1", on=again)
    assert "0 % (0 of 1)" in report(desk, "2026-11-24..2026-11-24").text
    modal = opens(desk.mia, "Followed up", on=again)
    assert modal.submit({"Note": "Explained the fee again; she accepts half of it as a credit."}).closed
    desk.ana.sees("Mia Grant followed up with the customer of case 1", in_=card)
    assert card.becomes("a manager followed up").buttons() == ["Reopen"]
    figures = report(desk, "2026-11-24..2026-11-24")
    desk.mia.clicks("Export", on=figures)
    (row,) = content(exported(desk, desk.mia))
    assert row["follow_up_at"].startswith("2026-11-25T17:15")
    assert row["followed_up_at"].startswith("2026-11-26T17:15")


def test_nobody_follows_up_with_a_customer_who_is_content(desk: Floor) -> None:
    card = desk.claimed(minutes=10)
    desk.clock.passes(minutes=10)
    desk.ben.clicks("Calling now", on=card)
    assert opens(desk.ben, "Complete", on=card).submit({**UPHELD, SATISFIED: "Partly"}).closed
    closed = card.becomes("Closed: Policy upheld")
    assert closed.buttons() == ["Reopen"]
    assert "unsatisfied" not in closed.text
