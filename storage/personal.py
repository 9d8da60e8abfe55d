"""Personal columns: sealed on the way into the database, opened on the way out.

Which they are, each column of storage/tables.py says; from that alone it is sealed, sealed anew and blanked. A
sealed text is bound to its table, its column and its row: the row is named by the key that it has before it is written.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from sqlalchemy import Table, UniqueConstraint

from storage import tables as t
from storage.vault import Vault


@cache
def columns_of(table: Table) -> tuple[str, ...]:
    """The personal columns of a table."""
    return tuple(column.name for column in table.c if column.info.get(t.PERSONAL))


@cache
def marks_of(table: Table) -> Mapping[str, str]:
    """By which column an equal text of another is found."""
    return {column.name: mark for column in table.c if (mark := column.info.get(t.MARK))}


@cache
def natural_key(table: Table) -> tuple[str, ...]:
    """The columns that name a row before the database numbers it: the primary key, or what is unique besides."""
    keys = [column.name for column in table.primary_key]
    if keys != ["id"]:
        return tuple(keys)
    (unique,) = (one for one in table.constraints if isinstance(one, UniqueConstraint))
    return tuple(column.name for column in unique.columns)


def row_key(table: Table, row: Mapping[Any, Any]) -> str:
    """The row's natural key, as one text."""
    return json.dumps([row[name] for name in natural_key(table)])


def place(table: Table, name: str, key: str) -> str:
    """What a text in this column of that row is bound to."""
    return f"{table.name}.{name}{key}"


def sealed(table: Table, row: Mapping[Any, Any], vault: Vault, *, bound: bool) -> dict[str, Any]:
    """A row as the database holds it, with the marks of what is looked up; not `bound`, as older versions read it."""
    held = dict(row)
    held |= {mark: vault.mark(row[name] or "") for name, mark in marks_of(table).items()}
    key = row_key(table, row)
    for name in columns_of(table):
        if held[name] is not None:
            held[name] = vault.keep(held[name], place(table, name, key) if bound else None)
    return held


def opened(table: Table, row: Mapping[Any, Any], vault: Vault) -> dict[str, Any]:
    """A row as it was said. Raises NoKey or WrongKey."""
    said = dict(row)
    key = row_key(table, row)
    for name in columns_of(table):
        if said[name] is not None:
            said[name] = vault.read(said[name], place(table, name, key))
    return said


def texts_of(table: Table, row: Mapping[Any, Any]) -> Iterator[tuple[str, str]]:
    """What the row holds in its personal columns, each with the place that it is bound to."""
    key = row_key(table, row)
    for name in columns_of(table):
        if row[name]:
            yield row[name], place(table, name, key)
