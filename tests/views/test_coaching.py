"""Feedback in Slack's blocks: the reminder that all can read, the superior's form, what the agent reads."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given

from bot.faces import coaching as coaching_face
from bot.usecases.coaching import Item
from bot.views.coaching import reminder
from bot.views.message import Json
from cases import coaching
from cases.coaching import Coaching, CoachingOutcome, CoachingState, Controllable, Feedback
from cases.words import COACHING, NotAttempted, Step
from storage.writing.coaching import Said
from tests import build
from tests.views.reading import (
    assert_openable,
    assert_postable,
    inputs,
    kept,
    labels,
    mentioned,
    nasty_texts,
    options,
    shown,
    strings,
)

PROGRAM, NOW = build.program(), build.NOW
CASE = build.closed()
MANAGERS = "!subteam^S0MGRS"
SAID = Feedback(
    observed="Said “policy” three times before anything was offered.",
    outcome=CoachingOutcome.TRAINING,
    missed_steps=(Step.OFFERED,),
    controllable=Controllable.AGENT,
    actions=("Offer one option first.", "Ask a TL sooner."),
    follow_up=date(2026, 12, 1),
)


def owed(**changes: object) -> Coaching:
    return replace(coaching.owed(CASE, PROGRAM, build.BEN.id, NOW), id=7, **changes)  # type: ignore[arg-type]


def text_of(view: Json) -> str:
    return "\n".join(strings(view))


def reads(said: Said | None, *, acknowledges: bool = True, keeps: bool = True, **changes: object) -> Json:
    item = owed(**{"state": CoachingState.GIVEN, "given_by": build.BEN.id, "given_at": NOW, **changes})
    return coaching_face.read_feedback(Item(item, (CASE,), said), acknowledges=acknowledges, keeps=keeps)


# The reminder


@pytest.mark.parametrize(
    ("after", "whom", "words"),
    [
        (timedelta(days=-1), {"@U0BEN"}, "is owed: due <!date^"),
        (timedelta(), {"@U0BEN"}, "is owed: *due now*."),
        (timedelta(days=5), {"@U0BEN", MANAGERS}, "is owed: *overdue for 5 d*."),
    ],
)
def test_a_reminder_calls_whom_it_is_up_to_and_never_the_agent(
    after: timedelta, whom: set[str], words: str
) -> None:
    item = owed()
    message = reminder(item, CASE, PROGRAM, 1, timedelta(), item.due_at + after)
    assert_postable(message)
    assert mentioned(message) == whom
    assert "Feedback about case 42 (Jane Doe)" in shown(message)
    assert words in shown(message)
    assert "Reminder 2" in shown(message)


def test_where_no_superior_is_known_the_managers_are_called_at_once() -> None:
    message = reminder(owed(superior=None), CASE, PROGRAM, 0, timedelta(), NOW)
    assert mentioned(message) == {MANAGERS}


def test_a_reminder_of_several_cases_names_them_and_a_late_one_says_so() -> None:
    message = reminder(owed(cases=(7, 30, 42)), CASE, PROGRAM, 0, timedelta(hours=2), NOW)
    assert "Feedback about case 7, case 30 and case 42 is owed" in shown(message)
    assert "This reminder is 2 h late" in shown(message)


def test_the_button_bears_the_item() -> None:
    (button,) = reminder(owed(), CASE, PROGRAM, 0, timedelta(), NOW).blocks[-1]["elements"]
    assert (button["text"]["text"], button["action_id"], button["value"]) == (
        "Give feedback",
        "feedback_give",
        "7",
    )


# The superior's form


def test_the_form_asks_what_policy_names_and_says_who_reads_it() -> None:
    view = coaching_face.give_feedback(Item(owed(), (CASE,)), keeps=True)
    assert_openable(view)
    assert labels(view) == [
        "Observed behaviour",
        "Missed steps",
        "Controllable by",
        "Agreed action",
        "Second agreed action",
        "Follow-up on",
        "Outcome",
    ]
    asked = inputs(view)
    assert options(asked["missed_steps"]) == [step.label for step in Step]
    assert options(asked["controllable"]) == ["The agent", "Process", "Product", "Tool"]
    assert options(asked["coaching_outcome"]) == [
        "No missed opportunity after all",
        "Feedback given",
        "Training needed",
        "Process defect raised",
        "Commendation",
        "Referred for sanction",
    ]
    assert [name for name, block in asked.items() if not block.get("optional")] == [
        "observed",
        "controllable",
        "coaching_outcome",
    ]
    text = text_of(view)
    assert "the direct superior and managers can read it" in text
    assert "This is your conclusion, not Askdesk's" in text
    assert view["callback_id"] == coaching_face.FEEDBACK
    assert kept(view) == {"program": 1, "item": 7}


def test_the_form_shows_what_the_case_says_already() -> None:
    """The superior need not look for it, nor for a number that is not theirs to see."""
    refused = build.escalation(steps=(), not_attempted=NotAttempted.HUNG_UP)
    case = build.closed(build.on_call(build.claimed(build.raised(refused))))
    view = coaching_face.give_feedback(Item(owed(), (case,)), keeps=True)
    assert "Could not attempt: customer hung up" in text_of(view)
    assert "Tried: listened" in text_of(coaching_face.give_feedback(Item(owed(), (CASE,)), keeps=True))
    assert build.NOTES in json.dumps(view)
    assert build.NUMBER not in json.dumps(view)
    assert "4567" not in json.dumps(view)


def test_a_form_about_several_cases_lists_them() -> None:
    cases = tuple(build.closed(build.on_call(build.claimed(build.raised(number=n)))) for n in (7, 30, 42))
    view = coaching_face.give_feedback(Item(owed(cases=(7, 30, 42)), cases), keeps=True)
    assert_openable(view)
    assert all(f"Case {number} · Jane Doe" in text_of(view) for number in (7, 30, 42))


def test_without_a_key_the_form_says_so_and_takes_nothing_down() -> None:
    view = coaching_face.give_feedback(Item(owed(), (CASE,)), keeps=False)
    assert_openable(view)
    assert inputs(view) == {}
    assert "`ENCRYPTION_KEY`" in text_of(view)
    assert view["submit"]["text"] == "I gave feedback"


# What the agent reads


def test_the_agent_reads_all_of_it_with_a_tip_for_each_missed_step() -> None:
    view = reads(Said(SAID, None))
    assert_openable(view)
    text = text_of(view)
    assert SAID.observed in json.dumps(view, ensure_ascii=False)
    assert COACHING[Step.OFFERED] in text
    assert "*Controllable by*: the agent" in text
    assert "1. Offer one option first.\n2. Ask a TL sooner." in text
    assert "*Outcome*: Training needed" in text
    assert "*Follow-up on*: Tue 1 Dec 2026" in text
    assert (view["submit"]["text"], labels(view)) == ("Acknowledge", ["Your comment"])


def test_others_read_it_with_the_agents_comment_and_cannot_answer_for_them() -> None:
    view = reads(
        Said(SAID, "Fair."),
        acknowledges=False,
        state=CoachingState.ACKNOWLEDGED,
        acknowledged_at=NOW,
    )
    assert_openable(view)
    assert "*Acknowledged* by <@U0ANA>" in text_of(view)
    assert "Fair." in json.dumps(view)
    assert "submit" not in view
    assert inputs(view) == {}


@pytest.mark.parametrize("keeps", [True, False])
def test_what_no_key_kept_is_said_not_to_be_kept(keeps: bool) -> None:
    view = reads(Said(None, None), keeps=keeps)
    assert_openable(view)
    assert "The text is not stored" in text_of(view)
    assert (inputs(view) == {}) is not keeps


@given(nasty_texts)
def test_whatever_was_said_is_shown_as_typed_and_calls_nobody(text: str) -> None:
    said = replace(SAID, observed=text[:1000], actions=(text[:300], text[:300]))
    view = reads(
        Said(said, text[:1000]), acknowledges=False, state=CoachingState.ACKNOWLEDGED, acknowledged_at=NOW
    )
    assert_openable(view)
    assert "<!" not in text_of(view).replace("<!date^", "")
    assert "<@U0MIA>" not in text_of(view)
