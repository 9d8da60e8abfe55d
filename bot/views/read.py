"""What stands in a modal's inputs, by `state.values`. A block that is not shown reads as empty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.views.ids import E, word_of
from cases.fields import Field
from cases.forms import PromiseForm

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


def word(kind: type[E], values: Values, field: Field) -> E | None:
    """The word chosen from a list of words; raises OutOfUse."""
    found = choice(values, field)
    return word_of(kind, found) if found else None


def promise_form(values: Values) -> PromiseForm:
    """Date, time and zone of any form that takes a new time."""
    return PromiseForm(
        date=text(values, Field.DATE),
        time=text(values, Field.TIME),
        zone=choice(values, Field.ZONE),
        asked_for_time=ticked(values, Field.ASKED_FOR_TIME),
    )


def _entry(values: Values, field: Field) -> Mapping[str, Any]:
    return values.get(field.value, {}).get(field.value, {})
