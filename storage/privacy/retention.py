"""Personal data is deleted after the program's retention, or because its customer is to be forgotten.

Deleted texts were hashed separately in the record (storage/record.py), so the chain holds and the figures stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table, and_, or_, select, update

from cases.case import Status
from cases.events import Event, Happened
from cases.languages import told_apart
from cases.people import ASKDESK
from cases.program import Program
from cases.reminders.recurring import Recurring
from cases.retention import by_request, by_retention, kept_since
from storage import tables as t
from storage.personal import columns_of, marks_of
from storage.privacy import redaction
from storage.privacy.sealing import tables
from storage.privacy.wipe import note_traces
from storage.reading import Reading
from storage.record import text_of
from storage.stamps import is_stamped
from storage.unit import UnitOfWork
from storage.writing.cases import amend_columns, amend_rows
from storage.writing.notices import add_recurring, note_on_program, redraw_card

BATCH = 50
"""How many cases one transaction handles; clicks and reminders come in between."""


@dataclass(frozen=True)
class Known:
    """The numbers of a customer's cases: those that are closed, and those that are not."""

    closed: tuple[int, ...]
    open: tuple[int, ...]


def past_retention(reading: Reading, program: Program, now: datetime) -> list[int]:
    """The closed cases that still have personal data after their retention."""
    query = select(t.cases.c.number).where(*_past(program, now)).order_by(t.cases.c.number)
    return list(reading.connection.execute(query).scalars())


def purge_next(unit: UnitOfWork, program: Program, now: datetime) -> int:
    """Deletes the personal data of the next cases past their retention; returns how many, 0 if none is left."""
    query = select(t.cases.c.number).where(*_past(program, now)).order_by(t.cases.c.number).limit(BATCH)
    numbers = unit.connection.execute(query.with_for_update(skip_locked=True)).scalars().all()
    blank(unit, program, numbers, by_retention(program), now)
    return len(numbers)


def begin_night(unit: UnitOfWork, program: int, night: Recurring, now: datetime) -> bool:
    """Whether this process does tonight's deletion: once per program and day, however many run."""
    return add_recurring(unit, program, night, now) is not None


def known(reading: Reading, program: Program, contact: str | None, reference: str) -> Known:
    """A customer's cases, found by any number or address they ever had, or by a reference; without those already
    deleted.
    """
    c, same = t.cases.c, []
    if contact:
        marks = reading.vault.marks(contact)
        same += [c.contact_mark.in_(marks), c.other_contact_mark.in_(marks)]
        same.append(c.number.in_(_in_between(reading, program, contact)))
    if reference:
        same.append(c.reference_mark.in_(reading.vault.marks(reference)))
    if not same:
        return Known((), ())  # an empty search must not mean everybody
    query = select(c.number, c.status).where(c.program == program.id, c.blanked_at.is_(None), or_(*same))
    rows = reading.connection.execute(query.order_by(c.number)).all()
    closed = Status.CLOSED.value
    return Known(
        tuple(row.number for row in rows if row.status == closed),
        tuple(row.number for row in rows if row.status != closed),
    )


def _in_between(reading: Reading, program: Program, contact: str) -> list[int]:
    """The cases in which this contact was an intermediate one of several *Escalate further*, or was corrected.

    A case's row has its first and its last contact, and marks to find them by. Those in between, and those that were
    wrong, are only in the record, sealed: they are opened here, so no key and no change of keys hides one.
    """
    c, e, corrected = t.cases.c, t.events.c, Happened.CORRECTED.value
    further = (
        select(e.case_number, e.program, e.place, e.said)
        .join(t.cases, c.number == e.case_number)
        .where(c.program == program.id, c.blanked_at.is_(None), e.said.is_not(None))
        .where(or_(and_(e.kind == Happened.ESCALATED.value, c.other_contact_mark > ""), e.kind == corrected))
    )
    with reading.connection.execute(further.execution_options(yield_per=500)) as rows:
        said = ((row["case_number"], text_of(row, reading.vault)) for row in rows.mappings())
        return [
            number for number, words in said if contact in (words.get("contact"), words.get("contact_before"))
        ]


def forget(unit: UnitOfWork, program: Program, contact: str | None, reference: str, now: datetime) -> Known:
    """Deletes the data of a customer's closed cases. Open ones stay: their promise is still to be kept."""
    found = known(unit, program, contact, reference)
    if found.closed:
        blank(unit, program, found.closed, by_request(), now)
        cases = ",".join(map(str, found.closed))
        note_on_program(unit, program, Event(Happened.FORGOTTEN, ASKDESK.id, {"cases": cases}), now)
    return found


def blank(unit: UnitOfWork, program: Program, numbers: Sequence[int], event: Event, now: datetime) -> None:
    """Deletes everything personal in these cases; a line of the record says why, for each. A case reopened meanwhile is
    left alone.
    """
    c = t.cases.c
    rows = unit.held_cases(c.number.in_(numbers), c.status == Status.CLOSED.value, c.blanked_at.is_(None))
    if not rows:
        return
    numbers = [row["number"] for row in rows]
    redaction.order(unit, program, numbers, now)
    for table in tables():
        if is_stamped(table) and table is not t.cases:
            amend_rows(unit, table, table.c.case_number.in_(numbers), _empty(table), program.id)
        elif table is not t.cases:
            emptied = update(table).where(table.c.case_number.in_(numbers))
            unit.connection.execute(emptied.values(**_empty(table)))
    nobody = {**_empty(t.cases), "blanked_at": now}
    posted = select(t.posts.c.case_number).where(t.posts.c.case_number.in_(numbers))
    on_show = set(unit.connection.execute(posted).scalars())
    for row in rows:
        language, written = told_apart(row["language"], None)
        values = {**nobody, "language": language} if written else nobody
        amend_columns(unit, row, values, event, program.id, now)
        if row["number"] in on_show:
            redraw_card(unit, row["number"], program, now)
    note_traces(unit)


def _empty(table: Table) -> dict[str, Any]:
    """Empties every personal column, and the marks that find them."""
    return {
        name: None if table.c[name].nullable else ""
        for name in (*columns_of(table), *marks_of(table).values())
    }


def _past(program: Program, now: datetime) -> tuple[Any, ...]:
    c = t.cases.c
    return (
        c.program == program.id,
        c.status == Status.CLOSED.value,
        c.blanked_at.is_(None),
        c.closed_at < kept_since(program, now),
    )
