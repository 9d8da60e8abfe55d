"""The forms: the labels of docs/policy.md, at most nine required inputs, and each form what its moment asks for."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given

from bot.faces import calling, claiming, closing, escalating, handing, notes, raising, rescheduling
from bot.faces.escalating import NEXT_TIER
from bot.usecases.links import LinkedCase
from bot.views import modals
from bot.views.ids import case_of
from bot.views.message import Json
from cases import moves
from cases.case import Case
from cases.close_form import Question
from cases.contact import Contact
from cases.fields import Field
from cases.forms import EscalationForm, PromiseForm
from cases.moves import Move, calls_closed
from cases.program import Department, OwnDay
from cases.words import ContactKind, Disposition, Outcome
from tests import build
from tests.build import acting
from tests.views.reading import assert_openable, inputs, kept, nasty_texts, options, strings

PROGRAM, NOW = build.program(), build.NOW
CASES = [build.raised(), build.claimed(), build.on_call(), build.awaiting_sign_off(), build.closed()]
DATE_TIME_ZONE = {"date", "time", "zone", "asked_for_time"}
CLOSE_FORM = {"outcome", "granted", "notes", "satisfied", "right_department", "assessed_well", "missed"}

LABELS = {field.value: field.label for field in (*Field, *Question)}

OF_MOVES = {
    moves.log_outcome: calling.log_outcome,
    moves.reschedule: rescheduling.reschedule,
    moves.hand_over: handing.hand_over,
    moves.release: claiming.release,
    moves.escalate_further: escalating.escalate_further,
    moves.add_note: notes.add_note,
    moves.complete: closing.complete,
    moves.sign_off: closing.sign_off,
    moves.grant_attempt: closing.grant_attempt,
    moves.reopen: closing.reopen,
}


def text_of(view: Json) -> str:
    return "\n".join(strings(view["blocks"]))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.status.value)
@pytest.mark.parametrize("move", OF_MOVES, ids=str)
def test_every_form_of_a_move_says_which_case_it_is_about(move: Move, case: Case) -> None:
    view = OF_MOVES[move](case, PROGRAM, NOW)
    assert_openable(view)
    assert view["callback_id"] == move.value
    assert case_of(view) == 42
    assert kept(view)["program"] == PROGRAM.id
    assert "Case 42 · Jane Doe" in text_of(view)
    assert case.reach.spaced not in str(view)
    for block_id, block in inputs(view).items():
        assert block["element"]["action_id"] == block_id
        assert block["label"]["text"] == LABELS[block_id]


@pytest.mark.parametrize(
    ("move", "asked"),
    [
        (moves.reschedule, DATE_TIME_ZONE | {"wanted_by"}),
        (moves.hand_over, {"receiver", "note"}),
        (moves.release, {"reason"}),
        (moves.escalate_further, DATE_TIME_ZONE | {"target", "reviewer", "contact", "reason"}),
        (moves.add_note, {"note"}),
        (moves.complete, CLOSE_FORM),
        (moves.sign_off, CLOSE_FORM - {"outcome", "satisfied"}),
        (moves.grant_attempt, DATE_TIME_ZONE),
        (moves.reopen, DATE_TIME_ZONE | {"reason"}),
        (moves.log_outcome, {"disposition"}),
    ],
)
def test_a_form_asks_for_what_its_move_needs(move: Move, asked: set[str]) -> None:
    assert set(inputs(OF_MOVES[move](build.claimed(), PROGRAM, NOW))) == asked


def test_the_dispositions_are_the_policys_and_redraw_the_form() -> None:
    block = inputs(calling.log_outcome(build.claimed(), PROGRAM, NOW))["disposition"]
    assert options(block) == [
        "Reached",
        "No answer",
        "Busy",
        "Voicemail left",
        "Wrong or invalid number",
        "Third party answered",
        "Asked to reschedule",
        "Asked not to be called",
    ]
    assert block["dispatch_action"]
    assert "initial_option" not in block["element"]


def test_reached_goes_on_to_the_close_form_in_the_same_modal() -> None:
    view = calling.log_outcome(build.claimed(), PROGRAM, NOW, Disposition.REACHED)
    assert_openable(view)
    assert set(inputs(view)) == {"disposition"} | CLOSE_FORM
    assert inputs(view)["outcome"]["dispatch_action"]
    assert inputs(view)["notes"]["element"]["min_length"] == 20


def test_an_owner_cannot_choose_unreachable() -> None:
    shown = options(inputs(closing.complete(build.claimed(), PROGRAM, NOW))["outcome"])
    assert shown == [
        "Resolved",
        "Partly resolved",
        "Policy upheld, apologised",
        "Escalated further",
        "Withdrawn by the customer",
    ]


@pytest.mark.parametrize("outcome", list(Outcome))
def test_only_partly_resolved_asks_for_a_dated_follow_up(outcome: Outcome) -> None:
    for view in (
        closing.complete(build.claimed(), PROGRAM, NOW, outcome),
        calling.log_outcome(build.claimed(), PROGRAM, NOW, Disposition.REACHED, outcome),
    ):
        assert_openable(view)
        assert (set(inputs(view)) >= DATE_TIME_ZONE) == (outcome is Outcome.PARTLY)


@pytest.mark.parametrize("disposition", [d for d in Disposition if d is not Disposition.REACHED])
def test_all_but_reached_propose_the_next_time(disposition: Disposition) -> None:
    view = calling.log_outcome(build.claimed(), PROGRAM, NOW, disposition)
    assert_openable(view)
    shown = inputs(view)
    assert set(shown) >= DATE_TIME_ZONE | {"note"}
    assert shown["date"]["element"]["initial_date"] == "2026-11-23"
    assert shown["time"]["element"]["initial_time"] == "11:00"  # 9 a.m. there and two hours
    assert shown["zone"]["element"]["initial_option"]["value"] == "America/New_York"
    assert ("withdrawn" in shown) == (disposition is Disposition.ASKED_NOT_TO_BE_CALLED)


def test_the_last_attempt_tells_that_a_manager_is_asked() -> None:
    last = replace(build.claimed(), unreached=2)
    view = calling.log_outcome(last, PROGRAM, NOW, Disposition.NO_ANSWER)
    assert_openable(view)
    assert set(inputs(view)) == {"disposition", "note"}
    assert "attempt 3 of 3. A manager now decides" in text_of(view)
    again = calling.log_outcome(last, PROGRAM, NOW, Disposition.ASKED_RESCHEDULE)
    assert set(inputs(again)) >= DATE_TIME_ZONE


@pytest.mark.parametrize("unreached", [0, 2])
def test_a_withdrawing_customer_leads_to_the_close_form_without_an_outcome(unreached: int) -> None:
    case = replace(build.claimed(), unreached=unreached)
    asked = Disposition.ASKED_NOT_TO_BE_CALLED
    before = inputs(calling.log_outcome(case, PROGRAM, NOW, asked))
    assert before["withdrawn"]["dispatch_action"]
    view = calling.log_outcome(case, PROGRAM, NOW, asked, withdrawn=True)
    assert_openable(view)
    assert set(inputs(view)) == {"disposition", "withdrawn"} | (CLOSE_FORM - {"outcome"})
    assert inputs(view)["withdrawn"]["element"]["initial_options"]


def test_reschedule_starts_from_the_agreed_time_and_asks_whose_wish_it_was() -> None:
    shown = inputs(rescheduling.reschedule(build.claimed(), PROGRAM, NOW))
    assert shown["time"]["element"]["initial_time"] == "11:00"
    assert options(shown["wanted_by"]) == ["The customer", "We did"]
    assert "initial_option" not in shown["wanted_by"]["element"]
    past = inputs(rescheduling.reschedule(build.claimed(), PROGRAM, build.WHEN_OVERDUE))
    assert (
        past["time"]["element"]["initial_time"] == "13:40"
    )  # two hours from then, not the time that has passed


def test_escalate_further_goes_to_the_managers_or_another_department() -> None:
    case = replace(build.claimed(), department="IT")
    target = inputs(escalating.escalate_further(case, PROGRAM, NOW))["target"]["element"]
    assert [option["value"] for option in target["options"]] == [NEXT_TIER, "Billing & refunds"]
    assert target["initial_option"]["value"] == NEXT_TIER


TO_SOMEBODY = ((handing.hand_over, "receiver"), (escalating.escalate_further, "reviewer"))


@pytest.mark.parametrize(("form", "field"), TO_SOMEBODY)
def test_whoever_may_get_a_case_is_offered_by_name(form: Any, field: str) -> None:
    """However many they are; where their names are not known, anybody in the workspace."""
    many = {f"U0LEAD{number}": f"Lead {number}" for number in range(250)}
    view = form(build.claimed(), PROGRAM, NOW, {"Managers": {"U0MIA": "Mia Grant"}, "SMEs and TLs": many})
    assert_openable(view)
    element = inputs(view)[field]["element"]
    groups = [(group["label"]["text"], len(group["options"])) for group in element["option_groups"]]
    assert groups == [("Managers", 1), ("SMEs and TLs", 100), ("SMEs and TLs", 100), ("SMEs and TLs", 50)]
    assert element["option_groups"][0]["options"][0]["value"] == "U0MIA"
    unknown: tuple[Any, ...] = (None, {}, {"Managers": {}})
    for nobody in unknown:
        assert inputs(form(build.claimed(), PROGRAM, NOW, nobody))[field]["element"]["type"] == "users_select"


@given(nasty_texts, nasty_texts)
def test_whatever_people_are_called_the_form_opens(heading: str, name: str) -> None:
    for form, _ in TO_SOMEBODY:
        assert_openable(form(build.claimed(), PROGRAM, NOW, {heading: {"U0MIA": name}}))


@pytest.mark.parametrize(
    ("contact", "shown"),
    [
        (Contact(ContactKind.PHONE, "+12125554567"), "<tel:+12125554567|+1 212-555-4567>"),
        (
            Contact(ContactKind.EMAIL, "j@example.com?bcc=a|b@x.com"),
            "<mailto:j@example.com%3Fbcc%3Da%7Cb@x.com|j@example.com?bcc=a%7Cb@x.com>",
        ),
        (Contact(ContactKind.EMAIL, "a&b@example.com"), "<mailto:a%26b@example.com|a&amp;b@example.com>"),
    ],
)
def test_the_number_is_shown_in_full_only_in_its_own_modal(contact: Contact, shown: str) -> None:
    view = notes.show_number(build.claimed(build.raised(build.escalation(contact=contact))))
    assert_openable(view)
    assert shown in text_of(view)
    assert "submit" not in view


def test_light_views_fit_any_title() -> None:
    for view in (
        modals.loading("A title that is much too long for Slack"),
        modals.problem("No.", "Grant another attempt"),
    ):
        assert_openable(view)
        assert "submit" not in view


@given(nasty_texts)
def test_whatever_was_typed_every_form_opens(text: str) -> None:
    entered = EscalationForm(
        customer=text, contact=text, details=text, other_reason=text, reference=text, language="es",
        department=text, scenario=text, reasons=(text,), steps=(text,), when=PromiseForm(zone=text),
    )  # fmt: skip
    program = build.program(departments=(Department(text), build.IT))
    case = build.claimed(build.raised(build.escalation(customer=text[:80], department=text)))
    views = [OF_MOVES[move](case, program, NOW + timedelta(minutes=3)) for move in OF_MOVES]
    views.append(
        raising.escalate(program, NOW, entered, knows_superior=False, already_open=[LinkedCase(case)] * 9)
    )
    views.append(notes.show_number(case))
    for view in views:
        assert_openable(view)
        mentions = [part for part in "\n".join(strings(view)).split("<")[1:] if part[:1] in "@!#"]
        assert {part.split(">")[0].split("^")[0] for part in mentions} <= {"@U0BEN", "!date"}
        assert len(view["private_metadata"]) < 300


@given(nasty_texts)
def test_before_a_call_at_a_strange_hour_the_form_says_what_the_clock_shows_and_why(name: str) -> None:
    """A day without calls may be called anything."""
    desk = build.program(own_days=(OwnDay(NOW.date(), name),))
    case = build.claimed()
    closed = calls_closed(case, acting(build.BEN, NOW, desk))
    assert closed is not None
    view = calling.calling_now(case, closed, desk, NOW)
    assert_openable(view)
    assert (view["callback_id"], case_of(view)) == (moves.calling_now.value, 42)
    assert "It is 09:00 on Mon 23 Nov where the customer is* (America/New_York)" in text_of(view)
    assert "the next free time is 08:00 on Tue 24 Nov there" in text_of(view)
    assert "<!" not in text_of(view).replace("<!date^", "")
    assert options(inputs(view)["asked_for_time"]) == ["Customer asked for this time"]
