"""Values as rows and as JSON, and back, by how their dataclasses declare them: a new attribute needs its column, no line here.

A column is named like its attribute, a length of time in seconds with `_seconds` behind it. Words (enums) are kept by
their value, lists comma-separated. Where a column may be empty, an empty text is kept as NULL.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, time, timedelta
from enum import Enum
from functools import cache
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, Generic, NamedTuple, TypeVar, get_args, get_origin, get_type_hints

from sqlalchemy import Table

from cases.program import Hours, OwnDay

T = TypeVar("T")
Row = Mapping[Any, Any]
Way = Callable[[Any], Any]


class Rows(Generic[T]):
    """How values of a dataclass stand in a table's rows."""

    def __init__(
        self,
        made: type[T],
        table: Table,
        *,
        names: Mapping[str, str] | None = None,
        inside: Mapping[str, Rows[Any]] | None = None,
        apart: tuple[str, ...] = (),
        there: str = "",
    ) -> None:
        """`names` are the columns that are named otherwise than their attributes, `inside` the attributes that are spread
        over columns of their own, `apart` those that are no columns. A value that may be missing is `there` where that
        column is filled.
        """
        self._made = made
        self._there = there
        self._inside = inside or {}
        self._writes: dict[str, Way] = {}
        self._reads: dict[str, tuple[str, Way]] = {}
        self._plain: dict[str, str] = {}
        hints = get_type_hints(made)
        named = {one.name: one.name for one in fields(made) if one.name not in (*self._inside, *apart)}  # type: ignore[arg-type]
        for name in named:
            hint = hints[name]
            column = (names or {}).get(name, name) + ("_seconds" if hint is timedelta else "")
            named[name] = column
            is_text_or_null = hint is str and table.c[column].nullable
            write, read = (_or_none, _or_empty) if is_text_or_null else _column(hint)
            if write is not None:
                self._writes[column] = write
            if read is not None:
                self._reads[name] = (column, read)
            else:
                self._plain[name] = column
        self._values = attrgetter(*named)
        self._columns = tuple(named.values())

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns in which a value stands."""
        return self._columns + tuple(column for inner in self._inside.values() for column in inner.columns)

    def row(self, value: T | None) -> dict[str, Any]:
        """The columns of a value; all of them empty where there is none."""
        if value is None:
            return dict.fromkeys(self.columns)
        row = dict(zip(self._columns, self._values(value), strict=True))
        for column, write in self._writes.items():
            if row[column] is not None:
                row[column] = write(row[column])
        for name, inner in self._inside.items():
            row |= inner.row(getattr(value, name))
        return row

    def value(self, row: Row, **apart: Any) -> T:
        """The value of a row; `apart` are the attributes that are no columns."""
        for name, column in self._plain.items():
            apart[name] = row[column]
        for name, (column, read) in self._reads.items():
            apart[name] = read(row[column])
        for name, inner in self._inside.items():
            apart[name] = None if inner._there and not row[inner._there] else inner.value(row)
        return self._made(**apart)


_WORD: Way = attrgetter("_value_")  # what `value` looks up, without looking


def _or_none(text: str) -> str | None:
    return text or None


def _or_empty(text: str | None) -> str:
    return text or ""


def _column(hint: Any) -> tuple[Way | None, Way | None]:
    """How a value of this type goes into its column, and how it comes back; None where it is kept as it is."""
    (kind, *others) = [one for one in get_args(hint) if one is not NoneType] or [hint]
    if get_origin(hint) is tuple:
        return joined, lambda column: tuple(kind(word) for word in parted(column))
    if others or not isinstance(kind, type):
        raise TypeError(f"no column holds a {hint}")
    if kind is bool:
        return None, bool
    if kind is timedelta:
        return lambda length: int(length.total_seconds()), lambda seconds: timedelta(seconds=seconds)
    if issubclass(kind, Enum):
        optional = kind is not hint
        return _WORD, (lambda word: kind(word) if word else None) if optional else kind
    return None, None


def joined(words: tuple[Any, ...]) -> str:
    return ",".join(str(word) for word in words)


def parted(column: str) -> list[str]:
    return column.split(",") if column else []


# JSON


def _same(held: Any) -> Any:
    return held


class Form(NamedTuple):
    """How values of a type become JSON, and how they come back."""

    held: Way
    value: Way


PLAIN = Form(_same, _same)
MINUTE = timedelta(minutes=1)
FORMS = {
    timedelta: Form(lambda length: int(length // MINUTE), lambda minutes: minutes * MINUTE),
    time: Form(lambda at: f"{at:%H:%M}", cache(time.fromisoformat)),
    date: Form(date.isoformat, date.fromisoformat),
}
LISTED = (Hours, OwnDay)
"""Held as a list of their parts, other dataclasses by their parts' names."""


@cache
def json_form(kind: Any) -> Form:
    """How a type stands in JSON: lengths in minutes. What is not there has its default, what is not known is left out."""
    if kind in FORMS:
        return FORMS[kind]
    if isinstance(kind, UnionType):
        held, value = json_form(next(one for one in get_args(kind) if one is not NoneType))
        return Form(lambda it: None if it is None else held(it), lambda it: None if it is None else value(it))
    if get_origin(kind) is tuple:
        held, value = json_form(get_args(kind)[0])
        if value is _same:
            return Form(list, tuple)
        return Form(lambda several: [*map(held, several)], lambda several: tuple(map(value, several)))
    if is_dataclass(kind):
        return _of_parts(kind, {name: json_form(part) for name, part in get_type_hints(kind).items()})
    return Form(_WORD, kind) if issubclass(kind, Enum) else PLAIN


def _of_parts(kind: Any, parts: Mapping[str, Form]) -> Form:
    if kind in LISTED:
        return Form(
            lambda it: [part.held(getattr(it, name)) for name, part in parts.items()],
            lambda it: kind(*(part.value(one) for part, one in zip(parts.values(), it, strict=True))),
        )
    ways = [(name, part.value) for name, part in parts.items() if part is not PLAIN]
    plain = [name for name, part in parts.items() if part is PLAIN]
    return Form(
        lambda it: {name: part.held(getattr(it, name)) for name, part in parts.items()},
        lambda it: kind(
            **{name: it[name] for name in plain if name in it},
            **{name: way(it[name]) for name, way in ways if name in it},
        ),
    )
