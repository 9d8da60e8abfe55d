"""Cases are saved: each change whole, with its lines in the record, its reminders and its notices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Table, insert, select, update

from cases.case import Case, Status
from cases.events import Event, Happened
from cases.moves import Change
from cases.people import DESK
from cases.program import Program
from storage import statements
from storage import tables as t
from storage.mapping import attempt_row, callback_row, case_row
from storage.stamps import STAMP
from storage.unit import StaleCase, UnitOfWork
from storage.writing.notices import redraw_card, show_events
from storage.writing.reminders import replan


def save_change(unit: UnitOfWork, change: Change, program: Program, now: datetime) -> Case:
    """Saves a change whole: the case, its callbacks and attempts, the record, reminders and notices.

    Raises StaleCase when the case was saved by somebody else since it was read.
    """
    head, number = unit.head(program.id), change.case.number
    lines, end = unit.lines(change.events, program.id, number, now)
    case = save_case(unit, change.case, program.id, end.hash)
    unit.put_stamped(t.callbacks, [callback_row(number, one) for one in change.callbacks], program.id)
    calls = [attempt_row(number, one, unit.vault, bound=head.binds) for one in change.attempts]
    unit.put_stamped(t.attempts, calls, program.id)
    ids = unit.enter(lines, end)
    # The record's head is held from here on, by settings that change as well: these are the newest.
    replan(unit, case, unit.program(program.id), now)
    show_events(unit, dict(zip(ids, change.events, strict=True)), number, program, now)
    return case


def amend_case(unit: UnitOfWork, case: Case, event: Event, program: int, now: datetime) -> None:
    """Saves a case that changed otherwise than by a move, with a line of its own in the record; nobody is told."""
    unit.append([event], program, case.number, now)
    save_case(unit, case, program, unit.head(program).hash)


def amend_columns(
    unit: UnitOfWork, row: RowMapping, values: Mapping[str, Any], event: Event, program: int, now: datetime
) -> None:
    """Changes columns of a held case otherwise than by a move, with a line of its own in the record."""
    unit.append([event], program, row["number"], now)
    values = {**values, "version": row["version"] + 1}
    mark = unit.stamper.stamp(t.cases, {**row, **values}, unit.head(program), unit.head(program).hash)
    same = update(t.cases).where(t.cases.c.number == row["number"])
    unit.connection.execute(same.values({**values, STAMP: mark}))


def amend_rows(
    unit: UnitOfWork, table: Table, where: ColumnElement[bool], values: Mapping[str, Any], program: int
) -> None:
    """The same for rows that hang on held cases; the line is the case's."""
    for row in unit.connection.execute(select(table).where(where).with_for_update()).mappings().all():
        unit.stamper.judge(table, row)
        mark = unit.stamper.stamp(table, {**row, **values}, unit.head(program))
        same = [column == row[column.name] for column in table.primary_key]
        unit.connection.execute(update(table).where(*same).values({**values, STAMP: mark}))


def rename_department(unit: UnitOfWork, program: Program, old: str, new: str, now: datetime) -> None:
    """The cases that are in a department go with it when its name changes."""
    there = (t.cases.c.program == program.id, t.cases.c.department == old)
    event = Event(Happened.DEPARTMENT_RENAMED, DESK.id, {"was": old, "department": new})
    for row in unit.held_cases(*there, t.cases.c.status != Status.CLOSED.value):
        amend_columns(unit, row, {"department": new}, event, program.id, now)
        redraw_card(unit, row["number"], program, now)


def save_case(unit: UnitOfWork, case: Case, program: int, line: str) -> Case:
    """Saves the case alone; `line` is the hash of the last line of the record about this change. Raises StaleCase."""
    head, saved = unit.head(program), replace(case, version=case.version + 1)
    row = case_row(saved, unit.vault, bound=head.binds)
    if case.version and not unit.stamper.has_judged(t.cases, row):
        unit.held_cases(t.cases.c.number == case.number)
    row[STAMP] = unit.stamper.stamp(t.cases, row, head, line)
    if not case.version:
        unit.connection.execute(insert(t.cases), [row])
        return saved
    held = {**row, "of_number": case.number, "of_version": case.version}
    if unit.connection.execute(statements.SAVE_CASE, held).rowcount != 1:
        raise StaleCase(f"case {case.number}")
    return saved
