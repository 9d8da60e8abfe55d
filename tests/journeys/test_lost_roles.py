"""Somebody loses the role that takes cases: what they had goes back to the pool, and they see no customer's number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from sandbox.driver import PATIENCE, Message
from storage.writing.programs import save_program
from tests.journeys.floor import Floor, floor, stored_at
from tests.journeys.telling import (
    closes,
    is_told_why_not,
    lines,
    nothing_happens,
    number,
    opens,
    record,
    rests,
    with_every_button,
)

NO_ROLE = "@Ben Carter can no longer take cases here"
NOT_YOURS = "You no longer have a role that takes cases here"


def loses_his_role(desk: Floor) -> None:
    """Ben is taken out of his only group, and the bot has heard of it."""
    desk.slack.set_usergroup("billing-tls", ["Tess"])
    desk.slack.settles()


def is_freed(desk: Floor, card: Message) -> Message:
    line = desk.ana.sees(NO_ROLE, in_=card)
    assert line.broadcast, "everybody in the channel sees it"
    assert desk.sam.is_mentioned(line)
    assert desk.tess.is_mentioned(line)
    return card.becomes("nobody has claimed it yet")


def test_the_cases_of_whoever_lost_the_role_are_free_again_and_said_aloud(database_url: str) -> None:
    """Once for each case, by the desk itself; a colleague's case stays. On both databases."""
    with floor(database_url) as desk:
        first = desk.claimed(minutes=60, **number("+1 212 555 0133"))
        second = desk.claimed(minutes=120, **number("+1 212 555 0134"))
        hers = desk.claimed(desk.tess, **number("+1 212 555 0135"))
        loses_his_role(desk)
        for card in (first, second):
            is_freed(desk, card)
        assert [entry for entry in record(desk) if entry[1] == "owner_left"] == [
            (1, "owner_left", "askdesk"),
            (2, "owner_left", "askdesk"),
        ]
        assert "With @Tess Lim" in hers.now().text
        with nothing_happens(desk, first):
            loses_his_role(desk)
            desk.closes()
            desk.opens()
        desk.tess.clicks("Claim", on=first, within=PATIENCE)
        first.becomes("With @Tess Lim")


def test_whoever_lost_the_role_sees_no_number_of_a_case_once_theirs(desk: Floor) -> None:
    """Not even of a closed one; nor may they reopen it, and a manager who does has it."""
    card = closes(desk, desk.claimed())
    loses_his_role(desk)
    behind = with_every_button(card)
    with nothing_happens(desk, card):
        for label in ("Show number", "Reopen"):
            is_told_why_not(desk, desk.ben, label, NOT_YOURS, on=behind)
    modal = opens(desk.mia, "Reopen", on=card)
    assert modal.submit({"Reason": "The refund did not arrive.", **desk.time_in(30)}).closed
    card = card.becomes("With @Mia Grant")
    assert "account was deactivated" not in "".join(lines(card))


def test_whoever_lost_the_role_is_not_called_about_a_customer_once_theirs(desk: Floor) -> None:
    """Raised again, the case is for those who may have it; nobody else is left to be told."""
    closes(desk, desk.claimed())
    loses_his_role(desk)
    answers: dict[str, Any] = {"Your direct superior": "Tess Lim"}
    again = desk.escalates(desk.arjun, **answers)
    rests(desk)
    assert "Repeat contact: case 1" in again.text
    assert not again.thread()


def test_a_form_opened_before_the_role_was_lost_does_nothing(desk: Floor) -> None:
    card = closes(desk, desk.claimed())
    modal = opens(desk.ben, "Reopen", on=card)
    modal.fill({"Reason": "The refund did not arrive.", **desk.time_in(30)})
    loses_his_role(desk)
    with nothing_happens(desk, card):
        modal.submit()
        modal.shows(NOT_YOURS)


def test_who_was_promoted_keeps_the_case(desk: Floor) -> None:
    """Any role that takes cases will do, in whichever order Slack tells of the two groups."""
    card = desk.claimed()
    with nothing_happens(desk, card):
        desk.slack.set_usergroup("billing-managers", ["Mia", "Ben"])
        loses_his_role(desk)
    assert "With @Ben Carter" in card.now().text


def test_settings_that_take_the_role_free_the_case(desk: Floor) -> None:
    """A manager takes the group out of *Who is who*."""
    card = desk.claimed()
    desk.mia.types("/askdesk settings", in_="#ask-billing")
    overview = desk.mia.modal("Settings")
    overview.click("Edit", near="Who is who")
    form = desk.mia.modal("Who is who")
    form.fill({"TLs: user groups": None, "TLs: people": ["Tess"]})
    assert form.submit().ok
    line = desk.ana.sees(NO_ROLE, in_=card)
    assert line.broadcast
    card.becomes("nobody has claimed it yet")


@pytest.mark.parametrize("error", ["no_such_subteam", "internal_error"])
def test_nobody_loses_a_role_by_an_outage(desk: Floor, error: str) -> None:
    """A group that is gone, or that Slack cannot tell, keeps its last list; so does one that was never read."""
    card = desk.claimed()
    desk.closes()
    with desk.slack.faults.during("error", "usergroups.users.list", error=error):
        desk.opens()
        rests(desk)
        with nothing_happens(desk, card):
            desk.slack.set_usergroup("billing-smes", ["Sam"])
            desk.slack.settles()
    assert "With @Ben Carter" in card.now().text


def test_somebody_whose_new_group_cannot_be_read_keeps_the_case_until_it_can(desk: Floor) -> None:
    """Out of one group and into another that Slack does not tell of just now."""
    card = desk.claimed()
    _one_more_group(desk, lambda sme_groups: (*sme_groups, "S0NIGHT"))
    with nothing_happens(desk, card):
        loses_his_role(desk)
    assert "With @Ben Carter" in card.now().text


def _one_more_group(desk: Floor, change: Callable[[tuple[str, ...]], tuple[str, ...]]) -> None:
    store = stored_at(desk.database)
    try:
        (program,) = store.ask_now(lambda reading: reading.programs())
        store.write_now(
            lambda unit: save_program(unit, replace(program, sme_groups=change(program.sme_groups)))
        )
    finally:
        store.close()
