"""Stamps: marks over whole rows, so that a column that somebody changed by hand shows, and a row that they put back.

A case's stamp is bound to the last line of the record that changed the case. What has no value (None, nothing, no, 0)
is left out of what is stamped, so that a column which a later version adds leaves stamps as they are. A migration that
changes values of stamped rows cannot stamp them, as it has no key: let it add a column, and let the bot do the rest.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

import structlog
from sqlalchemy import Table

from storage.personal import row_key
from storage.record import Head
from storage.tables import Stage
from storage.vault import Vault

log = structlog.get_logger(__name__)

STAMP = "stamp"
ROW = "row"
"""What the mark is over."""


@cache
def is_stamped(table: Table) -> bool:
    """Whether the table's rows bear stamps."""
    return STAMP in table.c


def stamp(table: Table, row: Mapping[Any, Any], vault: Vault, line: str = "") -> str:
    """The stamp of a row; of a case, with the hash of the last line that changed it. Raises NoKey."""
    return vault.vouch(ROW, _stamped(table, row, line))


def is_genuine(table: Table, row: Mapping[Any, Any], vault: Vault, line: str = "") -> bool | None:
    """Whether the row is as Askdesk left it; None where it has no stamp."""
    mark = row[STAMP]
    return vault.vouches(ROW, _stamped(table, row, line), mark) is True if mark else None


def _stamped(table: Table, row: Mapping[Any, Any], line: str) -> str:
    values = {name: _plain(row[name]) for name in _names(table) if row[name]}
    return json.dumps([table.name, line, values], ensure_ascii=False, separators=(",", ":"))


@cache
def _names(table: Table) -> tuple[str, ...]:
    return tuple(sorted(column.name for column in table.c if column.name != STAMP))


def _plain(value: Any) -> Any:
    """The same for a value as it is written and as either database gives it back."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return int(value) if isinstance(value, bool) else value


class Stamper:
    """Judges the rows that a unit of work holds, and stamps those that it writes."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._genuine: dict[tuple[str, str], bool | None] = {}
        """Which rows of those that are held are as Askdesk left them (`is_genuine`)."""

    def has_judged(self, table: Table, row: Mapping[Any, Any]) -> bool:
        """Whether the row was looked at, or written, in this unit of work."""
        return (table.name, row_key(table, row)) in self._genuine

    def judge(self, table: Table, row: Mapping[Any, Any], line: str = "") -> None:
        """Looks whether a held row is as Askdesk left it."""
        key = row_key(table, row)
        found = self._genuine[table.name, key] = is_genuine(table, row, self._vault, line)
        if found is False and self._vault.has_key:
            log.error("a row was changed by hand, see askdesk verify", table=table.name, row=key)

    def stamp(self, table: Table, row: Mapping[Any, Any], head: Head, line: str = "") -> str:
        """The stamp of a row that is written now, in the record that ends with `head`; none where what stood there before
        was not ours.
        """
        key = (table.name, row_key(table, row))
        ours = self._genuine.get(key, True)
        if ours is None:
            ours = head.stage is not Stage.BOUND
        mark = stamp(table, row, self._vault, line) if ours and head.vouches else ""
        self._genuine[key] = bool(mark) if head.binds else None
        return mark
