"""The way back: a view, its state as Slack keeps it, the forms, and the rules' values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.faces import calling, escalating, raising
from bot.faces.closing import close_form, complete
from bot.faces.escalating import NEXT_TIER
from bot.views import read
from bot.views.message import Json
from cases.close_form import Question
from cases.errors import FieldErrors
from cases.fields import Field
from cases.forms import (
    AUTO_ZONE,
    CloseForm,
    EscalationForm,
    PromiseForm,
    proposed_time,
    read_closing,
    read_escalation,
    read_when,
)
from cases.words import (
    Disposition,
    Missed,
    Mood,
    NotAttempted,
    Outcome,
    Reason,
    Satisfied,
    Scenario,
    Step,
    Verdict,
    Word,
)
from sandbox.blockkit.state import carry_over, initial_state, set_value
from tests import build
from tests.views.reading import inputs

PROGRAM, NOW = build.program(), build.NOW


def test_a_filled_form_comes_back_as_it_was_and_becomes_an_escalation() -> None:
    entered = EscalationForm(
        customer="Jane & Co <x>",
        contact="(212) 555-4567",
        customer_is="agreed",
        when=PromiseForm("2026-11-24", "15:30", "America/New_York", True),
        scenario="right_away",
        reasons=("billing_dispute", "other"),
        other_reason="Wants the CEO",
        steps=("listened", "offered"),
        not_attempted="hung_up",
        details=build.DETAILS,
        superior="U0BEN",
        department="Billing & refunds",
        reference="A-1",
        mood="angry",
        language="es",
        repeat=True,
    )
    view = raising.escalate(PROGRAM, NOW, entered, knows_superior=False)
    form = read.form(EscalationForm, initial_state(view))
    assert form == entered
    said = read_escalation(form, PROGRAM, "U0ANA", None, NOW)
    assert said.customer == "Jane & Co <x>"
    assert said.contact.value == build.NUMBER
    assert said.due_at == datetime(2026, 11, 24, 20, 30, tzinfo=UTC)
    assert (said.scenario, said.reasons) == (Scenario.RIGHT_AWAY, (Reason.BILLING_DISPUTE, Reason.OTHER))
    assert (said.steps, said.not_attempted) == ((Step.LISTENED, Step.OFFERED), NotAttempted.HUNG_UP)
    assert (said.department, said.mood, said.superior) == ("Billing & refunds", Mood.ANGRY, "U0BEN")
    assert said.repeat


def test_the_defaults_stand_with_only_the_rest_filled_in() -> None:
    """Under a minute: the presets of the untouched form are good as they are."""
    view = raising.escalate(PROGRAM, NOW, EscalationForm(), knows_superior=True)
    state = initial_state(view)
    fill(view, state, Field.CUSTOMER, "Jane Doe")
    fill(view, state, Field.CONTACT, "212 555 4567")
    fill(view, state, Field.SCENARIO, "during")
    fill(view, state, Field.REASONS, ["long_wait"])
    fill(view, state, Field.STEPS, ["apologised"])
    fill(view, state, Field.DETAILS, build.DETAILS)
    form = read.form(EscalationForm, state)
    assert form.when.zone == AUTO_ZONE
    said = read_escalation(form, PROGRAM, "U0ANA", "U0BEN", NOW)
    assert said.zone == "America/New_York"
    assert said.due_at == NOW + timedelta(minutes=30)
    assert not said.waiting


def test_what_was_typed_outlives_the_redraw_for_a_waiting_customer() -> None:
    view = raising.escalate(PROGRAM, NOW, EscalationForm(), knows_superior=True)
    state = initial_state(view)
    fill(view, state, Field.CUSTOMER, "Jane Doe")
    fill(view, state, Field.CONTACT, "212 555 4567")
    fill(view, state, Field.DETAILS, build.DETAILS)
    fill(view, state, Field.CUSTOMER_IS, "waiting")
    again = raising.escalate(PROGRAM, NOW, read.form(EscalationForm, state), knows_superior=True)
    kept = carry_over(view, state, again)
    form = read.form(EscalationForm, kept)
    assert (form.customer, form.contact, form.details) == ("Jane Doe", "212 555 4567", build.DETAILS)
    assert form.when == PromiseForm(zone=AUTO_ZONE)
    filled = EscalationForm(
        **{
            **vars(form),
            "scenario": "during",
            "reasons": ("other",),
            "other_reason": "x",
            "steps": ("empathy",),
        }
    )
    said = read_escalation(filled, PROGRAM, "U0ANA", "U0BEN", NOW)
    assert said.waiting
    assert said.due_at == NOW


def test_the_fields_that_the_rules_name_are_all_in_the_form() -> None:
    """Slack shows an error only at a block that is in the view."""
    view = raising.escalate(PROGRAM, NOW, EscalationForm(), knows_superior=False)
    with pytest.raises(FieldErrors) as found:
        read_escalation(EscalationForm(when=PromiseForm(zone="Nowhere/At_all")), PROGRAM, "U0ANA", None, NOW)
    assert {field.value for field in found.value.errors} <= set(inputs(view))


def test_the_proposed_next_time_is_one_that_the_rules_take() -> None:
    view = calling.log_outcome(build.on_call(), PROGRAM, NOW, Disposition.NO_ANSWER)
    state = initial_state(view)
    assert read.choice(state, Field.DISPOSITION) == "no_answer"
    promise = read_when(read.form(PromiseForm, state), build.CUSTOMER_ZONE, PROGRAM, NOW)
    assert promise.due_at == proposed_time(PROGRAM, build.CUSTOMER_ZONE, NOW)


def test_the_close_form_comes_back() -> None:
    view = calling.log_outcome(build.on_call(), PROGRAM, NOW, Disposition.REACHED, Outcome.PARTLY)
    state = initial_state(view)
    fill(view, state, Question.NOTES, build.NOTES)
    fill(view, state, Question.GRANTED, "20 USD")
    fill(view, state, Question.RIGHT_DEPARTMENT, "no")
    fill(view, state, Question.MISSED, "several")
    fill(view, state, Question.SATISFIED, "yes")
    form = close_form(state)
    assert form.outcome == "partly"
    closing, follow_up = read_closing(form, build.CUSTOMER_ZONE, PROGRAM, NOW)
    assert (closing.outcome, closing.satisfied, closing.missed) == (
        Outcome.PARTLY,
        Satisfied.YES,
        Missed.SEVERAL,
    )
    assert (closing.granted, closing.right_department, closing.assessed_well) == ("20 USD", Verdict.NO, None)
    assert follow_up is not None


def test_the_untouched_close_form_says_not_asked_and_none_missed() -> None:
    form = close_form(initial_state(complete(build.on_call(), PROGRAM, NOW)))
    assert form == build.close_form(None, satisfied="not_asked", missed="none")


def test_a_ticked_withdrawal_is_the_outcome() -> None:
    view = calling.log_outcome(
        build.on_call(), PROGRAM, NOW, Disposition.ASKED_NOT_TO_BE_CALLED, withdrawn=True
    )
    state = initial_state(view)
    fill(view, state, Question.NOTES, build.NOTES)
    assert read.ticked(state, Field.WITHDRAWN)
    closing, follow_up = read_closing(close_form(state), build.CUSTOMER_ZONE, PROGRAM, NOW)
    assert closing.outcome is Outcome.WITHDRAWN
    assert follow_up is None


def test_people_and_targets_are_read() -> None:
    view = escalating.escalate_further(build.claimed(), PROGRAM, NOW)
    state = initial_state(view)
    assert read.choice(state, Field.TARGET) == NEXT_TIER
    assert escalating.department(state) is None
    fill(view, state, Field.TARGET, "Billing & refunds")
    fill(view, state, Field.REVIEWER, "U0MIA")
    assert escalating.department(state) == "Billing & refunds"
    assert read.user(state, Field.REVIEWER) == "U0MIA"


@pytest.mark.parametrize(
    "values",
    [
        {},
        {field.value: {} for field in (*Field, *Question)},
        {field.value: {field.value: {}} for field in (*Field, *Question)},
        {
            field.value: {field.value: {"selected_option": None, "selected_options": [], "value": None}}
            for field in (*Field, *Question)
        },
    ],
)
def test_blocks_that_are_not_shown_or_empty_read_as_empty(values: Any) -> None:
    assert read.form(EscalationForm, values) == EscalationForm()
    assert read.form(PromiseForm, values) == PromiseForm()
    assert close_form(values) == CloseForm()
    assert read.user(values, Field.RECEIVER) is None
    assert escalating.department(values) is None
    assert not read.ticked(values, Field.SECOND_CASE)


def fill(view: Json, state: Any, field: Word, value: object) -> None:
    """Types or chooses, as a person does."""
    set_value(view, state, field.value, field.value, value)
