"""Programs are saved: opened with the first line of their record, changed with everything that shows it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import insert, select, update

from cases.events import Event
from cases.program import Program
from storage import record
from storage import tables as t
from storage.mapping import program_row
from storage.record import Head
from storage.tables import Stage
from storage.unit import PROGRAMS, UnitOfWork
from storage.writing.notices import note_on_program, redraw_cards
from storage.writing.reminders import replan_program


def save_program(unit: UnitOfWork, program: Program) -> Program:
    """Adds a program, or brings the one of that channel up to date; hands it back with its id."""
    count_change(unit)
    held = select(t.programs.c.id).where(t.programs.c.channel == program.channel)
    known = unit.value(held)
    row = program_row(program)
    if known is None:
        stage = _stage_of_new(unit)
        known = unit.connection.execute(insert(t.programs).returning(t.programs.c.id), [row]).scalar_one()
        head = Head(known, 0, record.GENESIS, stage, is_ours=True)
        first = {"program": known, **record.head_row(head, unit.vault)}
        unit.connection.execute(insert(t.heads), [first])
    else:
        unit.connection.execute(update(t.programs).where(t.programs.c.id == known).values(**row))
    return replace(program, id=known)


def count_change(unit: UnitOfWork) -> None:
    """Every replica notices that a program, or who is in a user group or a channel, is another than before."""
    counter = update(t.counters).where(t.counters.c.name == PROGRAMS)
    unit.connection.execute(counter.values(value=t.counters.c.value + 1))


def open_program(unit: UnitOfWork, program: Program, event: Event, now: datetime) -> Program:
    """A new program, with the first line of its record and of its channel.

    The others' records name it as well: a program that is deleted with all that it has is missed there.
    """
    before = unit.programs()
    opened = save_program(unit, program)
    note_on_program(unit, opened, event, now)
    for other in before:
        beside = Event(event.kind, event.by, {**event.facts, "programs": str(opened.id)})
        unit.append([beside], other.id, None, now)
    return opened


def save_settings(unit: UnitOfWork, before: Program, after: Program, event: Event, now: datetime) -> None:
    """What a manager changed, whole: the program, the record, the line in the channel, the reminders that wait, and
    the cards that show it.
    """
    save_program(unit, after)
    note_on_program(unit, after, event, now)
    replan_program(unit, before, after, now)
    if before.on_cards != after.on_cards:
        redraw_cards(unit, {case.number: after for case in unit.waiting_cases(after.id)}, now)


def _stage_of_new(unit: UnitOfWork) -> Stage:
    """How a new program's record is vouched for: as the others are, and from its first line where it is the first."""
    if not unit.vault.has_key:
        return Stage.LINKED
    others = [head.stage for head in unit.record_heads()]
    if others:
        return min(others)
    return Stage.BOUND if unit.vault.strict or not unit.has_older_bots() else Stage.LINKED
