"""The superior's form and the agent's comment, checked: what was entered in, values out, or one sentence per field."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cases.coaching import CoachingOutcome, Controllable, Feedback
from cases.errors import FieldErrors
from cases.fields import Field
from cases.forms import Errors, read_choice, read_choices, read_written
from cases.program import Program
from cases.times import wall
from cases.words import Step

OBSERVED_LIMITS = (20, 1000)
ACTION_AT_MOST = 300
COMMENT_AT_MOST = 1000
FOLLOW_UP_WITHIN = timedelta(days=366)


@dataclass(frozen=True)
class FeedbackForm:
    """The superior's form as entered."""

    observed: str | None = None
    steps: tuple[str, ...] = ()
    controllable: str | None = None
    actions: tuple[str | None, ...] = ()
    follow_up: str | None = None
    outcome: str | None = None


def read_feedback(form: FeedbackForm, program: Program, now: datetime) -> Feedback:
    """The form, validated; raises FieldErrors with all that is wrong at once."""
    errors: Errors = {}
    least, most = OBSERVED_LIMITS
    observed = read_written(
        form.observed,
        Field.OBSERVED,
        errors,
        least,
        most,
        f"Write {least} to {most:,} characters: what you heard or read, not what you think of the person.",
    )
    steps = read_choices(Step, form.steps, Field.MISSED_STEPS, errors)
    controllable = read_choice(Controllable, form.controllable, Field.CONTROLLABLE, errors)
    outcome = read_choice(CoachingOutcome, form.outcome, Field.COACHING_OUTCOME, errors)
    if outcome is CoachingOutcome.NOT_MISSED and steps:
        errors.setdefault(Field.MISSED_STEPS, "Uncheck the steps, or choose another outcome below.")
    fields = (Field.ACTION, Field.SECOND_ACTION)
    actions = [
        read_written(text, field, errors, 0, ACTION_AT_MOST, f"Keep it to {ACTION_AT_MOST} characters.")
        for field, text in zip(fields, form.actions, strict=False)
    ]
    follow_up = _follow_up(form.follow_up, program, now, errors)
    if errors or outcome is None:
        raise FieldErrors(errors)
    return Feedback(
        observed=observed,
        outcome=outcome,
        missed_steps=steps,
        controllable=controllable,
        actions=tuple(action for action in actions if action),
        follow_up=follow_up,
    )


def read_comment(value: str | None) -> str:
    """The agent's comment, which may be empty; raises FieldErrors."""
    errors: Errors = {}
    comment = read_written(
        value, Field.COMMENT, errors, 0, COMMENT_AT_MOST, f"Keep it to {COMMENT_AT_MOST:,} characters."
    )
    if errors:
        raise FieldErrors(errors)
    return comment


def _follow_up(value: str | None, program: Program, now: datetime, errors: Errors) -> date | None:
    if not value:
        return None
    try:
        day = date.fromisoformat(value)
    except ValueError:
        errors[Field.FOLLOW_UP_DATE] = "Choose a day."
        return None
    today = wall(now, program.timezone).date()
    if not today <= day <= today + FOLLOW_UP_WITHIN:
        errors[Field.FOLLOW_UP_DATE] = "Choose today or a day within the next year."
    return day
