"""Personal data is blanked: after the program's retention, or because its customer is to be forgotten.

What is blanked was hashed apart in the record (storage/record.py): the chain holds, and the figures stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table, or_, select, update

from cases.case import Status
from cases.events import Event, Happened
from cases.languages import told_apart
from cases.people import DESK
from cases.program import Program
from cases.reminders.recurring import Recurring
from cases.retention import by_request, by_retention, kept_since
from storage import tables as t
from storage.personal import columns_of, marks_of
from storage.privacy import redaction
from storage.privacy.sealing import tables
from storage.privacy.wipe import note_traces
from storage.reading import Reading
from storage.record import spoken
from storage.stamps import is_stamped
from storage.unit import UnitOfWork
from storage.writing.cases import amend_columns, amend_rows
from storage.writing.notices import add_recurring, note_on_program, redraw_card

BATCH = 50
"""How many cases one transaction blanks, so that clicks and reminders come in between."""


@dataclass(frozen=True)
class Known:
    """The cases in which a customer is known, by number: those that are closed, and those that are not."""

    closed: tuple[int, ...]
    open: tuple[int, ...]


def past_retention(reading: Reading, program: Program, now: datetime) -> list[int]:
    """The closed cases that still have personal data although their time is over."""
    query = select(t.cases.c.number).where(*_past(program, now)).order_by(t.cases.c.number)
    return list(reading.connection.execute(query).scalars())


def purge_next(unit: UnitOfWork, program: Program, now: datetime) -> int:
    """Blanks the next cases whose time is over; how many, 0 when none is left."""
    query = select(t.cases.c.number).where(*_past(program, now)).order_by(t.cases.c.number).limit(BATCH)
    numbers = unit.connection.execute(query.with_for_update(skip_locked=True)).scalars().all()
    blank(unit, program, numbers, by_retention(program), now)
    return len(numbers)


def begin_night(unit: UnitOfWork, program: int, night: Recurring, now: datetime) -> bool:
    """Whether the night's deletion is this process's: once per program and day, however many run."""
    return add_recurring(unit, program, night, now) is not None


def known(reading: Reading, program: Program, contact: str | None, reference: str) -> Known:
    """Where a customer is known by any number or address that a case ever had, or by a reference; not what was blanked
    already.
    """
    c, same = t.cases.c, []
    if contact:
        marks = reading.vault.marks(contact)
        same += [c.contact_mark.in_(marks), c.other_contact_mark.in_(marks)]
        same.append(c.number.in_(_in_between(reading, program, contact)))
    if reference:
        same.append(c.reference_mark.in_(reading.vault.marks(reference)))
    if not same:
        return Known((), ())  # not everybody
    query = select(c.number, c.status).where(c.program == program.id, c.blanked_at.is_(None), or_(*same))
    rows = reading.connection.execute(query.order_by(c.number)).all()
    closed = Status.CLOSED.value
    return Known(
        tuple(row.number for row in rows if row.status == closed),
        tuple(row.number for row in rows if row.status != closed),
    )


def _in_between(reading: Reading, program: Program, contact: str) -> list[int]:
    """The cases in which this contact was one of several *Escalate further*.

    A case's row has its first contact and its last one, and marks by which they are found. Those in between stand in the
    record alone, sealed: they are opened here, so that no key and no change of keys leaves one out. Only cases with
    another contact can have any.
    """
    c, e = t.cases.c, t.events.c
    further = (
        select(e.case_number, e.program, e.place, e.said)
        .join(t.cases, c.number == e.case_number)
        .where(c.program == program.id, c.blanked_at.is_(None), c.other_contact_mark > "")
        .where(e.kind == Happened.ESCALATED.value, e.said.is_not(None))
    )
    with reading.connection.execute(further.execution_options(yield_per=500)) as rows:
        said = ((row["case_number"], spoken(row, reading.vault)) for row in rows.mappings())
        return [number for number, words in said if words.get("contact") == contact]


def forget(unit: UnitOfWork, program: Program, contact: str | None, reference: str, now: datetime) -> Known:
    """Blanks a customer's closed cases; those that are open stay, their promise is still to be kept."""
    found = known(unit, program, contact, reference)
    if found.closed:
        blank(unit, program, found.closed, by_request(), now)
        cases = ",".join(map(str, found.closed))
        note_on_program(unit, program, Event(Happened.FORGOTTEN, DESK.id, {"cases": cases}), now)
    return found


def blank(unit: UnitOfWork, program: Program, numbers: Sequence[int], event: Event, now: datetime) -> None:
    """Takes everything personal out of these cases, each with a line of its own in the record that says why.

    One that somebody reopened meanwhile is left alone.
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
    """Nothing in every personal column, nor in the marks by which they are found."""
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
