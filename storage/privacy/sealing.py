"""What is here is brought up to the first key: texts bound to their places, rows stamped, the record keyed.

That is done when a key is given for the first time, when it changes, and after an update from a version that knew no
such things; it begins once no bot of that version is at work (`Reading.has_older_bots`). First each record is keyed
(`begin`), so that all that is written from then on is as it should be; then what was there before is looked through
(`seal_next`), in batches, each a transaction of its own; then each record says that nothing else is left (`finish`).
From then on what is not bound or not stamped was put there by somebody else: it is left as it is, for `askdesk verify`
to find.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
import structlog
from sqlmodel import SQLModel

from cases.events import Event, Fact, Happened
from cases.people import DESK
from storage import statements
from storage import tables as t
from storage.personal import columns_of, opened, sealed
from storage.privacy.wipe import note_traces
from storage.reading import Reading
from storage.record import Head
from storage.rows import Row
from storage.stamps import STAMP, is_genuine, is_stamped, stamp
from storage.tables import Stage
from storage.unit import UnitOfWork
from storage.vault import Vault, VaultError, is_bound, is_sealed
from storage.writing.notices import note_on_program

log = structlog.get_logger(__name__)

BATCH = 100


@dataclass(frozen=True)
class Place:
    """How far a pass has come: in which table, after which key; `rows` were brought up to the first key so far."""

    table: int = 0
    after: tuple[Any, ...] | None = None
    rows: int = 0


def tables() -> list[sa.Table]:
    """Every table with something personal in it."""
    return [table for table in SQLModel.metadata.sorted_tables if columns_of(table)]


def looked_through() -> list[sa.Table]:
    """Every table whose rows are sealed or stamped."""
    return [table for table in SQLModel.metadata.sorted_tables if columns_of(table) or is_stamped(table)]


def is_done(reading: Reading) -> bool:
    """Whether everything is as the first key, the only one, leaves it: nothing needs to be looked through."""
    rows = reading.connection.execute(sa.select(t.keys)).all()
    key = reading.vault.key_ids[0]
    only = len(rows) == 1 and rows[0].id == key and rows[0].done_at is not None
    return only and all(head.stage is Stage.BOUND and head.key == key for head in reading.record_heads())


def is_settled(reading: Reading) -> bool:
    """Whether everything here is bound and stamped, by whichever key: nothing else is to be believed (`Vault.strict`).

    So it is where nothing is here yet, unless a bot of an older version may write first.
    """
    heads = reading.record_heads()
    if not reading.vault.has_key or (not heads and reading.has_older_bots()):
        return False
    return all(head.stage is Stage.BOUND or not head.is_ours for head in heads)


def begin(unit: UnitOfWork, now: datetime) -> None:
    """Keys every record that is not: its next line says so, and how it stood until then. So does one in its channel: there
    it is seen should it ever be said twice.

    One that has keyed lines already was put back by somebody; it is left alone, so that it stays found.
    """
    programs = ",".join(str(program.id) for program in unit.programs())
    for program in unit.programs():
        head = unit.head(program.id)
        if head.stage is not Stage.LINKED:
            continue
        keyed = sa.select(t.events.c.id).where(t.events.c.program == program.id, t.events.c.mac != "")
        if unit.finds(keyed.limit(1)):
            log.error("a record was put back to the time before it was keyed", channel=program.channel)
            continue
        unit.raise_stage(program.id, Stage.KEYED)
        facts: dict[str, Fact] = {"lines": head.length, "head": head.hash, "programs": programs}
        note_on_program(unit, program, Event(Happened.RECORD_KEYED, DESK.id, facts), now)


def left(reading: Reading) -> int:
    """How many rows hold something that the first key has not sealed or stamped. Raises NoKey."""
    return sum(
        reading.connection.execute(
            sa.select(sa.func.count()).select_from(table).where(_is_stale(table, reading.vault))
        ).scalar_one()
        for table in looked_through()
    )


def seal_next(unit: UnitOfWork, place: Place) -> Place | None:
    """Brings the next batch up to the first key and returns where to go on; None at the end. Raises NoKey."""
    todo = looked_through()
    if place.table == len(todo):
        return None
    table = todo[place.table]
    keys = list(table.primary_key)
    stale = sa.select(*keys).where(_is_stale(table, unit.vault))
    if place.after is not None:
        stale = stale.where(sa.tuple_(*keys) > sa.tuple_(*map(sa.literal, place.after)))
    held = unit.connection.execute(stale.order_by(*keys).limit(BATCH).with_for_update()).all()
    # Once they are held: a statement that waits for a row reads its last line as it was before.
    columns = [table, statements.LAST_LINE] if table is t.cases else [table]
    query = sa.select(*columns).where(sa.tuple_(*keys).in_([tuple(row) for row in held])).order_by(*keys)
    rows = unit.connection.execute(query).mappings().all()
    if not rows:
        return Place(place.table + 1, None, place.rows)
    trusting = any(head.stage is not Stage.BOUND and head.is_ours for head in unit.record_heads())
    done = [row for row in rows if _is_believed(table, row, unit.vault, trusting=trusting)]
    if done:
        _seal(unit, table, done)
    if len(done) < len(rows):
        log.error(
            "rows were changed by hand, see askdesk verify", table=table.name, rows=len(rows) - len(done)
        )
    after = tuple(rows[-1][key.name] for key in keys)
    return Place(place.table, after, place.rows + len(done))


def finish(unit: UnitOfWork, now: datetime, *, retire: bool) -> int:
    """Notes that all is as the first key leaves it; `retire` lets go of the other keys. How many rows are left after all."""
    rows, key = left(unit), unit.vault.key_ids[0]
    if not rows:
        for program in unit.programs():
            if _has_to_say(head := unit.head(program.id), key):
                unit.raise_stage(program.id, Stage.BOUND)
                event = Event(Happened.RECORD_SEALED, DESK.id, {"key": key, "lines": head.length})
                unit.append([event], program.id, None, now)
        first = t.keys.c.id == key
        unit.connection.execute(sa.update(t.keys).where(first).values(done_at=now))
        if retire:
            unit.connection.execute(sa.delete(t.keys).where(~first))
    return rows


def _has_to_say(head: Head, key: str) -> bool:
    """Whether a record does not say yet that all is as this key leaves it."""
    return head.stage is Stage.KEYED or (head.stage is Stage.BOUND and head.is_ours and head.key != key)


def _is_believed(table: sa.Table, row: Row, vault: Vault, *, trusting: bool) -> bool:
    """Whether a row may be sealed and stamped anew; `trusting`: it may be of the time before that was done at all."""
    texts = [row[name] for name in columns_of(table) if row[name]]
    if not trusting and not all(map(is_bound, texts)):
        return False
    if is_stamped(table):
        genuine = is_genuine(table, row, vault, _line(table, row))
        if genuine is False or (genuine is None and not trusting):
            return False
    try:
        opened(table, row, vault)
    except VaultError:
        return False
    return True


def _line(table: sa.Table, row: Row) -> str:
    """What a stamp of this table is bound to."""
    return (row["last_line"] or "") if table is t.cases else ""


def _seal(unit: UnitOfWork, table: sa.Table, rows: Sequence[Row]) -> None:
    keys = [column.name for column in table.primary_key]
    held = []
    for row in rows:
        new = sealed(table, opened(table, row, unit.vault), unit.vault, bound=True)
        if is_stamped(table):
            new[STAMP] = stamp(table, new, unit.vault, _line(table, row))
        held.append(new)
    changed = [column.name for column in table.c if column.name not in keys]
    query = sa.update(table).where(sa.and_(*(table.c[name] == sa.bindparam(f"key_{name}") for name in keys)))
    unit.connection.execute(
        query.values({name: sa.bindparam(f"new_{name}") for name in changed}),
        [
            {f"key_{name}": row[name] for name in keys} | {f"new_{name}": row[name] for name in changed}
            for row in held
        ],
    )
    if any(row[name] and not is_sealed(row[name]) for row in rows for name in columns_of(table)):
        note_traces(unit)


def _is_stale(table: sa.Table, vault: Vault) -> sa.ColumnElement[bool]:
    """Something of the row is not as the first key leaves it. Raises NoKey."""
    sign = vault.sign
    stale = [
        sa.and_(table.c[name] != "", ~table.c[name].startswith(sign, autoescape=True))
        for name in columns_of(table)
    ]
    if is_stamped(table):
        stale.append(~table.c[STAMP].startswith(f"{vault.key_ids[0]}:", autoescape=True))
    return sa.or_(*stale)
