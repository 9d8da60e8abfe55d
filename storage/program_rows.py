"""A program as its row holds it, by the types of its attributes: a new one with a default needs nothing here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import is_dataclass
from datetime import date, time, timedelta
from functools import cache
from types import NoneType, UnionType
from typing import Any, NamedTuple, get_args, get_origin, get_type_hints

from cases.program import Hours, OwnDay, Program
from cases.words import Word

_COLUMNS = ("channel", "name", "timezone", "customer_timezone", "phone_region")
_PEOPLE = (
    *("sme_groups", "tl_groups", "manager_groups", "sme_users", "tl_users", "manager_users"),
    *("departments", "shifts"),
)
"""What has a column of its own, and what stands in `people`; everything else stands in `numbers`."""

_LISTED = (Hours, OwnDay)
"""Held as a list of their parts, other dataclasses by their parts' names."""

MINUTE = timedelta(minutes=1)


class _Form(NamedTuple):
    """How values of a type become JSON, and how they come back."""

    held: Callable[[Any], Any]
    value: Callable[[Any], Any]


def program_row(program: Program) -> dict[str, Any]:
    """A program's columns, all but its id. Lengths are in minutes."""
    numbers = _form(Program).held(program)
    del numbers["id"]
    columns = {name: numbers.pop(name) for name in _COLUMNS}
    people = {name: numbers.pop(name) for name in _PEOPLE}
    return {**columns, "people": people, "numbers": numbers}


def program_value(row: Mapping[Any, Any]) -> Program:
    """A program from its row. What the row does not hold has its default; what this version does not know is left out."""
    held = {name: row[name] for name in ("id", *_COLUMNS)} | row["people"] | row["numbers"]
    program: Program = _form(Program).value(held)
    return program


@cache
def _form(kind: Any) -> _Form:
    if kind in _FORMS:
        return _FORMS[kind]
    if isinstance(kind, UnionType):
        held, value = _form(next(one for one in get_args(kind) if one is not NoneType))
        return _Form(
            lambda it: None if it is None else held(it), lambda it: None if it is None else value(it)
        )
    if get_origin(kind) is tuple:
        held, value = _form(get_args(kind)[0])
        return _Form(lambda several: [*map(held, several)], lambda several: tuple(map(value, several)))
    if is_dataclass(kind):
        return _of_parts(kind, {name: _form(part) for name, part in get_type_hints(kind).items()})
    return _Form(lambda word: word.value, kind) if issubclass(kind, Word) else _Form(kind, kind)


def _of_parts(kind: Any, parts: Mapping[str, _Form]) -> _Form:
    if kind in _LISTED:
        return _Form(
            lambda it: [part.held(getattr(it, name)) for name, part in parts.items()],
            lambda it: kind(*(part.value(one) for part, one in zip(parts.values(), it, strict=True))),
        )
    return _Form(
        lambda it: {name: part.held(getattr(it, name)) for name, part in parts.items()},
        lambda it: kind(**{name: part.value(it[name]) for name, part in parts.items() if name in it}),
    )


_FORMS = {
    timedelta: _Form(lambda length: int(length // MINUTE), lambda minutes: minutes * MINUTE),
    time: _Form(lambda at: f"{at:%H:%M}", time.fromisoformat),
    date: _Form(date.isoformat, date.fromisoformat),
}
