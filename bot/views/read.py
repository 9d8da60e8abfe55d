"""From a modal's `state.values` to the forms of `cases.forms`. A block that is not shown reads as empty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cases.fields import Field
from cases.forms import CloseForm, EscalationForm, PromiseForm

Values = Mapping[str, Mapping[str, Mapping[str, Any]]]


def text(values: Values, field: Field) -> str | None:
    """What was typed, or a date or time that was picked."""
    raise NotImplementedError


def choice(values: Values, field: Field) -> str | None:
    """The value of the option chosen."""
    raise NotImplementedError


def choices(values: Values, field: Field) -> tuple[str, ...]:
    """The values of the options chosen or ticked."""
    raise NotImplementedError


def user(values: Values, field: Field) -> str | None:
    """The person chosen."""
    raise NotImplementedError


def ticked(values: Values, field: Field) -> bool:
    """Whether a checkbox is ticked."""
    raise NotImplementedError


def department(values: Values) -> str | None:
    """Where *Escalate to* points: a department's name, or None for the next tier."""
    raise NotImplementedError


def escalation_form(values: Values) -> EscalationForm:
    """The `/escalate` form."""
    raise NotImplementedError


def promise_form(values: Values) -> PromiseForm:
    """Date, time and zone of any form that takes a new time."""
    raise NotImplementedError


def close_form(values: Values) -> CloseForm:
    """The close form; its outcome is *withdrawn* where the customer's withdrawal is ticked."""
    raise NotImplementedError
