"""An agent's direct superior: only somebody who can be one, and never in silence when they are gone."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import pytest

from cases.roster import Entry
from sandbox.driver import Modal
from storage.writing.people import remember_superior, save_roster
from tests.build import NOW
from tests.journeys.floor import ASK, FORM, Floor, stored_at
from tests.journeys.telling import closes, lines, record

SUPERIOR = "Your direct superior"
NOBODYS = "This person is not a lead here"
MISSED: dict[str, Any] = {"De-escalation opportunity missed": "One"}
FIRST_TIME = "named @Ben Carter as direct superior for the first time"


def form_of_ana(desk: Floor, **changes: Any) -> Modal:
    """Filled in, not sent."""
    desk.ana.types("/escalate", in_=ASK)
    modal = desk.ana.modal("Escalate")
    entries = {**FORM, **desk.time_in(60), **changes}
    modal.fill({label: value for label, value in entries.items() if label in modal.labels()})
    return modal


def knows(desk: Floor, change: Any, *args: Any) -> None:
    with closing(stored_at(desk.database)) as books:
        books.write_now(change, *args)


@pytest.mark.parametrize("who", ["Slackbot", "Askdesk", "Otto Frei", "Arjun Mehta"])
def test_nobody_who_leads_nobody_is_named_as_superior(desk: Floor, who: str) -> None:
    """Slack's own bot, this one, a stranger to the program, a fellow agent; the form stays with all that was typed."""
    modal = form_of_ana(desk, **{SUPERIOR: who})
    refused = modal.submit()
    assert list(refused.errors) == [SUPERIOR]
    assert refused.errors[SUPERIOR].startswith(NOBODYS)
    assert record(desk) == []
    assert modal.submit({SUPERIOR: "Mia Grant"}).closed, "a manager may be"


def test_whoever_the_roster_says_leads_may_be_named(desk: Floor) -> None:
    """Also by an agent whom the roster does not know."""
    knows(desk, save_roster, {"U0ARJUN": Entry("U0OTTO", "North")}, NOW)
    assert form_of_ana(desk, **{SUPERIOR: "Otto Frei"}).submit().closed


def test_managers_see_in_the_record_who_was_named_as_superior_for_the_first_time(desk: Floor) -> None:
    desk.escalates()
    other: dict[str, Any] = {"Contact number": "+1 212 555 0199"}
    desk.escalates(**other)
    told = {}
    for case in (1, 2):
        desk.mia.types(f"/askdesk show {case}", in_=ASK)
        told[case] = desk.mia.is_told(f"raised case {case}", in_=ASK).text
    assert FIRST_TIME in told[1]
    assert "for the first time" not in told[2]


def test_nobody_but_managers_sees_who_was_named_as_superior_for_the_first_time(desk: Floor) -> None:
    """Neither in the history nor in the thread, also where that tells of the same customer."""
    closes(desk, desk.claimed())
    second = desk.escalates(desk.arjun)
    desk.ben.sees("Same customer as case 1", in_=second)
    for who in (desk.ana, desk.ben, desk.arjun):
        who.types("/askdesk show 2", in_=ASK)
        assert "for the first time" not in who.is_told("raised case 2", in_=ASK).text
    assert not [line for line in lines(second) if "for the first time" in line]
    desk.mia.types("/askdesk show 2", in_=ASK)
    assert "named @Ben Carter" in desk.mia.is_told("raised case 2", in_=ASK).text


def test_a_friend_who_was_named_before_is_no_superior_any_more(desk: Floor) -> None:
    """The agent is asked again; feedback about a case from before goes to managers."""
    card = desk.claimed()
    knows(desk, remember_superior, "U0ANA", "U0ARJUN", NOW)
    desk.ana.types("/escalate", in_=ASK)
    modal = desk.ana.modal("Escalate")
    assert SUPERIOR in modal.labels()
    modal.close()
    closes(desk, card, **MISSED)
    owed = desk.mia.sees("Feedback owed to @Ana Reyes, by Ben Carter", in_=card)
    assert not desk.arjun.is_mentioned(owed), "what the form said when the case was raised"


def test_feedback_that_a_leaver_owed_is_told_to_managers_once(desk: Floor) -> None:
    """In its thread, with the button; whoever hears twice that the account is gone says nothing again."""
    card = desk.claimed(desk.tess)
    closes(desk, card, desk.tess, **MISSED)
    desk.ben.sees("Feedback owed", in_=card)
    desk.slack.sockets.duplicate_next()
    desk.slack.change_person("Ben", deleted=True)
    passed = desk.mia.sees("@Ben Carter owed it, but the account was deactivated", in_=card)
    assert desk.mia.is_mentioned(passed)
    assert passed.buttons() == ["Give feedback"]
    desk.slack.settles()
    desk.closes()
    desk.opens()
    desk.slack.settles()
    assert len([line for line in lines(card) if "owed it, but" in line]) == 1
