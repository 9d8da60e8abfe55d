"""Reminders are planned: the chains that a case wants, in the transaction that gives or ends their reason."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from cases.case import Case
from cases.program import Program
from cases.reminders.engine import Reminder, announced, may_begin, replanned, wanted
from storage import statements
from storage import tables as t
from storage.mapping import REMINDERS
from storage.records import ReminderState
from storage.unit import UnitOfWork


def replan(unit: UnitOfWork, case: Case, program: Program, now: datetime) -> None:
    """Chains that the case no longer wants end here, in the transaction that ended their reason.

    A chain that has begun goes on as it stands; a new one gets its first reminder. A time agreed at shorter
    notice than the heads-up has none.
    """
    wishes = wanted(case, program)
    rows = unit.connection.execute(statements.REMINDERS, {"of_case": case.number}).all()
    kept = {(wish.chain.rule.value, wish.chain.callback, wish.chain.round) for wish in wishes}
    over = [row.id for row in rows if (row.rule, row.callback, row.round) not in kept]
    if over:
        ended = update(t.reminders).where(t.reminders.c.id.in_(over))
        unit.connection.execute(ended.values(state=ReminderState.DROPPED.value, settled_at=now))
    going = {(row.rule, row.callback, row.round) for row in rows}
    first = [
        reminder_row(case.number, wish)
        for wish in wishes
        if (wish.chain.rule.value, wish.chain.callback, wish.chain.round) not in going
        and may_begin(wish, now)
    ]
    unit.add_missing(t.reminders, first)


def replan_program(unit: UnitOfWork, before: Program, after: Program, now: datetime) -> None:
    """The reminders that wait follow another ladder; what was sent stays sent, and no promise moves."""
    if before.ladder == after.ladder:
        return
    cases = {case.number: case for case in unit.waiting_cases(after.id)}
    ours = select(t.cases.c.number).where(t.cases.c.program == after.id)
    of_ours = t.reminders.c.case_number.in_(ours)
    chain = (t.reminders.c.case_number, t.reminders.c.callback, t.reminders.c.rule, t.reminders.c.round)
    said = select(*chain, func.count().label("times"), func.max(t.reminders.c.step).label("last"))
    sent = {
        tuple(row[:4]): (row.times, row.last)
        for row in unit.connection.execute(
            said.where(of_ours, t.reminders.c.state == ReminderState.SENT.value).group_by(*chain)
        )
    }
    waiting = (
        select(t.reminders)
        .where(of_ours, t.reminders.c.state == ReminderState.WAITING.value)
        .with_for_update()
    )
    for row in unit.connection.execute(waiting).mappings().all():
        case = cases.get(row["case_number"])
        if case is None:
            continue
        reminder = REMINDERS.value(row)
        times, last = sent.get(tuple(row[column.name] for column in chain), (0, -1))
        new = replanned(reminder, case, before.ladder, after.ladder, times, now)
        if new != reminder:
            moved = update(t.reminders).where(t.reminders.c.id == row["id"])
            step = max(new.step, last + 1)
            unit.connection.execute(moved.values(step=step, due_at=new.due_at))
    ahead = [
        reminder_row(case.number, first)
        for case in cases.values()
        for first in announced(case, before, after, now)
    ]
    unit.add_missing(t.reminders, ahead)


def reminder_row(case: int, reminder: Reminder) -> dict[str, Any]:
    """The columns of a reminder that waits."""
    return {"case_number": case, **REMINDERS.row(reminder), "state": ReminderState.WAITING.value}
