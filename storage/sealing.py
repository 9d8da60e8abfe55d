"""Texts that are not sealed with the first key are sealed anew: when a key is given for the first time, or another one.

In batches, each a transaction of its own: what was done stays done, and whoever begins again passes over it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Table,
    and_,
    bindparam,
    delete,
    func,
    literal,
    or_,
    select,
    tuple_,
    update,
)
from sqlmodel import SQLModel

from storage import tables as t
from storage.mapping import Row
from storage.personal import columns_of, opened, sealed
from storage.reading import Reading
from storage.vault import is_sealed
from storage.wipe import note_traces
from storage.work import Work

BATCH = 100


@dataclass(frozen=True)
class Place:
    """How far a pass has come: in which table, after which key; `rows` were sealed so far."""

    table: int = 0
    after: tuple[Any, ...] | None = None
    rows: int = 0


def tables() -> list[Table]:
    """Every table with something personal in it."""
    return [table for table in SQLModel.metadata.sorted_tables if columns_of(table)]


def is_done(reading: Reading) -> bool:
    """Whether everything was sealed with the first key, the only one: nothing needs to be looked through."""
    rows = reading.connection.execute(select(t.keys)).all()
    return len(rows) == 1 and rows[0].id == reading.vault.key_ids[0] and rows[0].done_at is not None


def left(reading: Reading) -> int:
    """How many rows hold something that the first key has not sealed. Raises NoKey."""
    return sum(
        reading.connection.execute(
            select(func.count()).select_from(table).where(_is_stale(table, reading.vault.sign))
        ).scalar_one()
        for table in tables()
    )


def seal_next(work: Work, place: Place) -> Place | None:
    """Seals the next batch and returns where to go on; None at the end. Raises NoKey or WrongKey."""
    todo = tables()
    if place.table == len(todo):
        return None
    table = todo[place.table]
    keys = list(table.primary_key)
    stale = select(*keys, *(table.c[name] for name in columns_of(table))).where(
        _is_stale(table, work.vault.sign)
    )
    if place.after is not None:
        stale = stale.where(tuple_(*keys) > tuple_(*map(literal, place.after)))
    rows = work.connection.execute(stale.order_by(*keys).limit(BATCH).with_for_update()).mappings().all()
    if not rows:
        return Place(place.table + 1, None, place.rows)
    _seal(work, table, rows)
    after = tuple(rows[-1][key.name] for key in keys)
    return Place(place.table, after, place.rows + len(rows))


def finish(work: Work, now: datetime, *, retire: bool) -> int:
    """Notes that all is sealed with the first key; `retire` lets go of the other keys. How many rows are left after all."""
    rows = left(work)
    if not rows:
        first = t.keys.c.id == work.vault.key_ids[0]
        work.connection.execute(update(t.keys).where(first).values(done_at=now))
        if retire:
            work.connection.execute(delete(t.keys).where(~first))
    return rows


def _seal(work: Work, table: Table, rows: Sequence[Row]) -> None:
    keys = [column.name for column in table.primary_key]
    said = [opened(table, row, work.vault) for row in rows]
    held = [sealed(table, row, work.vault) for row in said]
    changed = [name for name in held[0] if name not in keys]
    query = update(table).where(and_(*(table.c[name] == bindparam(f"key_{name}") for name in keys)))
    work.connection.execute(
        query.values({name: bindparam(f"new_{name}") for name in changed}),
        [
            {f"key_{name}": row[name] for name in keys} | {f"new_{name}": row[name] for name in changed}
            for row in held
        ],
    )
    if any(row[name] and not is_sealed(row[name]) for row in rows for name in columns_of(table)):
        note_traces(work)


def _is_stale(table: Table, sign: str) -> ColumnElement[bool]:
    """A text of the row is there and is not sealed with this key."""
    return or_(
        *(
            and_(table.c[name] != "", ~table.c[name].startswith(sign, autoescape=True))
            for name in columns_of(table)
        )
    )
