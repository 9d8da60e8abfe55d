"""Functional escalation: to a department from the start, or later; and the next tier (docs/policy.md, *Departments*)."""

from __future__ import annotations

from typing import Any

from cases.program import Department
from sandbox.driver import Message
from tests.journeys.floor import ASK, FORM, Floor
from tests.journeys.telling import is_told_why_not, nothing_happens, opens, opens_for_anybody, record, set_up
from tests.journeys.test_pings import ping

IT = Department("IT", users=("U0AMY", "U0ABEL"))
SALES = Department("Sales", groups=("S0SMES",))
EMPTY = Department("Product")
TO_IT: dict[str, Any] = {"Department": "IT"}
ON_THE_LINE: dict[str, Any] = {"The customer": "Is waiting on the line", **TO_IT}


def test_a_case_goes_to_a_department_from_the_start(desk: Floor) -> None:
    """Its card says so, its people are called and may claim it, though they are agents otherwise."""
    set_up(desk, departments=(IT, SALES, EMPTY))
    amy, abel = desk.slack.person("Amy"), desk.slack.person("Abel")
    desk.ana.types("/escalate", in_=ASK)
    form = desk.ana.modal("Escalate")
    assert form.options("Department") == ["IT", "Sales", "Product"]
    assert "Department" not in form.required()
    entries = {**FORM, **desk.time_in(300), **TO_IT}
    assert form.submit(entries).closed
    card = desk.ben.sees("Case 1", in_=ASK)
    assert "Department: IT" in card.text

    with nothing_happens(desk, card):
        is_told_why_not(desk, desk.arjun, "Claim", "Only an SME/TL or a manager can", on=card)
    for minutes in (3, 4):
        called = ping(desk, card, "Nobody has claimed", minutes=minutes)
        assert {amy.id, abel.id} == called.mentions()
    managers = ping(desk, card, "for 15 min", minutes=8)
    assert managers.mentions() == {"S0MANAGERS"}
    amy.clicks("Claim", on=managers)
    card = card.becomes("With @Amy Cole")
    amy.clicks("Calling now", on=card)
    desk.ana.sees("Amy Cole is calling now", in_=card)


def test_a_department_is_called_about_a_customer_on_the_line(desk: Floor) -> None:
    """The fast ladder, and one click that takes the call."""
    set_up(desk, departments=(IT,))
    card = desk.escalates(**ON_THE_LINE)
    now = desk.mia.sees("Now", in_=card)
    assert now.mentions() == {"U0AMY", "U0ABEL"}
    desk.slack.person("Abel").clicks("Claim and take the call", on=now)
    desk.ana.sees("Abel Cruz is calling now", in_=card)


def test_where_a_department_has_nobody_the_smes_and_tls_are_called(desk: Floor) -> None:
    """None named, or a group without members."""
    set_up(desk, departments=(EMPTY, Department("Tools", groups=("S0TLS",))))
    card = desk.escalates(minutes=300, Department="Product")
    assert ping(desk, card, "Nobody has claimed", minutes=3).mentions() == {"S0SMES"}
    assert ping(desk, card, "for 7 min", minutes=4).mentions() == {"S0TLS"}
    desk.slack.set_usergroup("billing-tls", [])
    desk.slack.settles()
    other: dict[str, Any] = {"Customer": "Joe Poe", "Contact number": "+1 212 555 0199"}
    other |= {"Your direct superior": "Mia Grant"}  # Ben leads nobody any more
    card = desk.escalates(desk.arjun, minutes=300, Department="Tools", **other)
    assert ping(desk, card, "Nobody has claimed", minutes=3).mentions() == {"S0SMES"}
    assert ping(desk, card, "for 7 min", minutes=4).mentions() == {"S0SMES"}


def test_a_department_that_was_taken_away_while_the_form_was_open(desk: Floor) -> None:
    """The form says so at its field, and stays."""
    set_up(desk, departments=(IT,))
    desk.ana.types("/escalate", in_=ASK)
    form = desk.ana.modal("Escalate")
    entries = {**FORM, **desk.time_in(60), **TO_IT}
    form.fill(entries)
    set_up(desk, departments=(SALES,))
    result = form.submit()
    assert "no longer on the list" in result.errors["Department"]
    assert record(desk) == []


def further(desk: Floor, card: Message, **entries: Any) -> Any:
    """*Escalate further* as Ben fills it in, with anybody offered."""
    modal = opens_for_anybody(desk, desk.ben, "Escalate further", on=card)
    return modal, modal.submit({"Reason": "It is not ours to solve.", **desk.time_in(120), **entries})


def test_a_case_goes_on_to_another_department(desk: Floor) -> None:
    """Reviewer, when the customer hears back, contact; from then on that department's people are called."""
    set_up(desk, departments=(IT, SALES))
    card = desk.claimed(minutes=300)
    modal, refused = further(desk, card, **{"Escalate to": "IT", "Who reviews it?": "Arjun"})
    assert "An agent can't take a case" in refused.errors["Who reviews it?"]
    contact = {"Contact number": "jane@example.com"}
    assert modal.submit({"Who reviews it?": "Amy Cole", **contact}).closed
    line = desk.ana.sees("escalated case 1 to IT", in_=card)
    assert line.mentions() >= {"U0AMY", "U0ANA"}
    assert "14:05 America/New_York" in line.text
    assert "j•••@example.com" in line.text
    card = card.becomes("With @Amy Cole")
    assert "Department: IT" in card.text
    amy = desk.slack.person("Amy")
    modal = opens(amy, "Release", on=card)
    assert modal.submit({"Reason": "I am at lunch."}).closed
    card.becomes("nobody has claimed it yet")
    called = ping(desk, card, "Nobody has claimed", minutes=3)
    assert called.mentions() == {"U0AMY", "U0ABEL"}


def test_the_form_offers_the_next_tier_and_the_other_departments(desk: Floor) -> None:
    """Never the one that has the case; without a reviewer nothing goes anywhere."""
    set_up(desk, departments=(IT, SALES))
    card = desk.claimed(minutes=300, **TO_IT)
    with nothing_happens(desk, card):
        modal, refused = further(desk, card)
        assert modal.options("Escalate to") == ["Managers, the next tier", "Sales"]
        assert refused.errors.keys() == {"Who reviews it?"}
        modal.close()
