"""Personal columns: sealed on the way into the database, opened on the way out.

Which they are says the table (`tables.PERSONAL`); whoever adds one there has it sealed, sealed anew and blanked.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Table

from storage import tables as t
from storage.vault import Vault

MARKS = {"contact": "contact_mark", "other_contact": "other_contact_mark", "reference": "reference_mark"}
"""By which column of `cases` an equal contact or reference is found, now that the text itself is sealed."""


@cache
def columns_of(table: Table) -> tuple[str, ...]:
    """The personal columns of a table."""
    return tuple(column.name for column in table.c if t.PERSONAL in column.info)


def sealed(table: Table, row: Mapping[Any, Any], vault: Vault) -> dict[str, Any]:
    """A row as the database holds it, with the marks of what is looked up."""
    held = dict(row)
    if table is t.cases:
        held |= {mark: vault.mark(row[name] or "") for name, mark in MARKS.items()}
    for name in columns_of(table):
        if held[name] is not None:
            held[name] = vault.keep(held[name])
    return held


def opened(table: Table, row: Mapping[Any, Any], vault: Vault) -> dict[str, Any]:
    """A row as it was said. Raises NoKey or WrongKey."""
    said = dict(row)
    for name in columns_of(table):
        if said[name] is not None:
            said[name] = vault.read(said[name])
    return said
