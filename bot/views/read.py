"""From a modal's `state.values` to the forms of `cases.forms`. A block that is not shown reads as empty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.views.ids import NEXT_TIER
from cases.coaching_form import FeedbackForm
from cases.fields import Field
from cases.forms import CloseForm, EscalationForm, PromiseForm
from cases.words import Outcome

Values = Mapping[str, Mapping[str, Mapping[str, Any]]]


def text(values: Values, field: Field) -> str | None:
    """What was typed, or a date or time that was picked."""
    entry = _entry(values, field)
    found = entry.get("value") or entry.get("selected_date") or entry.get("selected_time")
    return str(found) if found else None


def choice(values: Values, field: Field) -> str | None:
    """The value of the option chosen."""
    option = _entry(values, field).get("selected_option")
    return str(option["value"]) if option else None


def choices(values: Values, field: Field) -> tuple[str, ...]:
    """The values of the options chosen or ticked."""
    return tuple(str(option["value"]) for option in _entry(values, field).get("selected_options") or ())


def user(values: Values, field: Field) -> str | None:
    """The person chosen, from Slack's menu of everybody or from one of some people."""
    return choice(values, field) or _entry(values, field).get("selected_user")


def users(values: Values, field: Field) -> tuple[str, ...]:
    """The people chosen."""
    return tuple(str(user) for user in _entry(values, field).get("selected_users") or ())


def ticked(values: Values, field: Field) -> bool:
    """Whether a checkbox is ticked."""
    return bool(choices(values, field))


def department(values: Values) -> str | None:
    """Where *Escalate to* points: a department's name, or None for the next tier."""
    found = choice(values, Field.TARGET)
    return None if found in (None, NEXT_TIER) else found


def escalation_form(values: Values) -> EscalationForm:
    """The `/escalate` form."""
    return EscalationForm(
        customer=text(values, Field.CUSTOMER),
        contact=text(values, Field.CONTACT),
        customer_is=choice(values, Field.CUSTOMER_IS),
        when=promise_form(values),
        scenario=choice(values, Field.SCENARIO),
        reasons=choices(values, Field.REASONS),
        other_reason=text(values, Field.OTHER_REASON),
        steps=choices(values, Field.STEPS),
        not_attempted=choice(values, Field.NOT_ATTEMPTED),
        details=text(values, Field.DETAILS),
        superior=user(values, Field.SUPERIOR),
        department=choice(values, Field.DEPARTMENT),
        reference=text(values, Field.REFERENCE),
        mood=choice(values, Field.MOOD),
        language=choice(values, Field.LANGUAGE) or text(values, Field.LANGUAGE),
        repeat=ticked(values, Field.REPEAT),
    )


def promise_form(values: Values) -> PromiseForm:
    """Date, time and zone of any form that takes a new time."""
    return PromiseForm(
        date=text(values, Field.DATE),
        time=text(values, Field.TIME),
        zone=choice(values, Field.ZONE),
        asked_for_time=ticked(values, Field.ASKED_FOR_TIME),
    )


def close_form(values: Values) -> CloseForm:
    """The close form; its outcome is *withdrawn* where the customer's withdrawal is ticked."""
    outcome = Outcome.WITHDRAWN.value if ticked(values, Field.WITHDRAWN) else choice(values, Field.OUTCOME)
    return CloseForm(
        outcome=outcome,
        granted=text(values, Field.GRANTED),
        notes=text(values, Field.NOTES),
        satisfied=choice(values, Field.SATISFIED),
        right_department=choice(values, Field.RIGHT_DEPARTMENT),
        assessed_well=choice(values, Field.ASSESSED_WELL),
        missed=choice(values, Field.MISSED),
        when=promise_form(values),
    )


def feedback_form(values: Values) -> FeedbackForm:
    """The superior's form."""
    return FeedbackForm(
        observed=text(values, Field.OBSERVED),
        steps=choices(values, Field.MISSED_STEPS),
        controllable=choice(values, Field.CONTROLLABLE),
        actions=(text(values, Field.ACTION), text(values, Field.SECOND_ACTION)),
        follow_up=text(values, Field.FOLLOW_UP_DATE),
        outcome=choice(values, Field.COACHING_OUTCOME),
    )


def _entry(values: Values, field: Field) -> Mapping[str, Any]:
    return values.get(field.value, {}).get(field.value, {})
