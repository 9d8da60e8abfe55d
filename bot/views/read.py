"""What stands in a modal's inputs, by `state.values`. A block that is not shown reads as empty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from dataclasses import Field as Attribute
from typing import TYPE_CHECKING, Any, TypeVar

from bot.views.ids import E, word_of
from cases.fields import Field
from cases.words import Word

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

F = TypeVar("F", bound="DataclassInstance")

Values = Mapping[str, Mapping[str, Mapping[str, Any]]]


def text(values: Values, field: Word) -> str | None:
    """What was typed, or a date or time that was picked."""
    entry = _entry(values, field)
    found = entry.get("value") or entry.get("selected_date") or entry.get("selected_time")
    return str(found) if found else None


def choice(values: Values, field: Word) -> str | None:
    """The value of the option chosen."""
    option = _entry(values, field).get("selected_option")
    return str(option["value"]) if option else None


def choices(values: Values, field: Word) -> tuple[str, ...]:
    """The values of the options chosen or ticked."""
    return tuple(str(option["value"]) for option in _entry(values, field).get("selected_options") or ())


def user(values: Values, field: Word) -> str | None:
    """The person chosen, from Slack's menu of everybody or from one of some people."""
    return choice(values, field) or _entry(values, field).get("selected_user")


def users(values: Values, field: Word) -> tuple[str, ...]:
    """The people chosen."""
    return tuple(str(user) for user in _entry(values, field).get("selected_users") or ())


def ticked(values: Values, field: Word) -> bool:
    """Whether a checkbox is ticked."""
    return bool(choices(values, field))


def word(kind: type[E], values: Values, field: Field) -> E | None:
    """The word chosen from a list of words; raises OutOfUse."""
    found = choice(values, field)
    return word_of(kind, found) if found else None


def one(values: Values, field: Word) -> str | None:
    """What was typed, picked or chosen, where it is one thing."""
    return text(values, field) or user(values, field)


def form(kind: type[F], values: Values) -> F:
    """A form of `cases.forms`: what is drawn in the input of an attribute's name is read into that attribute, into a
    mapping what is drawn in the input of each key.
    """
    return kind(**{part.name: _part(part, values) for part in fields(kind)})


def _part(part: Attribute[Any], values: Values) -> Any:
    empty = part.default_factory() if part.default_factory is not MISSING else part.default
    if is_dataclass(empty) and not isinstance(empty, type):
        return form(type(empty), values)
    if isinstance(empty, Mapping):
        return {field: one(values, field) for field in empty}
    field = Field(part.name)
    if isinstance(empty, bool):
        return ticked(values, field)
    return choices(values, field) if isinstance(empty, tuple) else one(values, field)


def _entry(values: Values, field: Word) -> Mapping[str, Any]:
    return values.get(field.value, {}).get(field.value, {})
