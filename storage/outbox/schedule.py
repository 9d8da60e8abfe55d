"""The schedule is a table: due reminders are claimed here, some in each transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import structlog
from sqlalchemy import Integer, RowMapping, and_, bindparam, literal_column, select
from sqlalchemy.exc import SQLAlchemyError

from cases.case import Case
from cases.program import Program
from cases.reminders.engine import Drop, Fire, Later, Reminder, decide
from cases.reminders.recurring import Recurring, RecurringKind, coming, due
from cases.reminders.rules import Rule
from cases.times import instant
from storage import statements
from storage import tables as t
from storage.mapping import REMINDERS, program_value
from storage.outbox import outbox
from storage.reading import Reading, case_of_row
from storage.records import NoticeKind, ReminderState
from storage.rows import Row
from storage.unit import UnitOfWork
from storage.writing import coaching
from storage.writing.notices import add_recurring, notice_row, post_recurring, redraw_cards
from storage.writing.reminders import reminder_row

log = structlog.get_logger(__name__)

LOOK_AGAIN = timedelta(minutes=1)

RULES = tuple(rule.value for rule in Rule)
"""What this version knows. While a newer one is rolled out, what only that one knows is left to it."""


NOW_DUE = and_(
    t.reminders.c.state == statements.WAITS,
    t.reminders.c.due_at <= bindparam("now"),
    statements.is_any_of(t.reminders.c.rule, RULES),
)
ANY_DUE = select(t.reminders.c.id).where(NOW_DUE).limit(literal_column("1"))
DUE = (
    select(t.reminders)
    .join(t.cases, t.cases.c.number == t.reminders.c.case_number)
    .where(NOW_DUE)
    .order_by(t.reminders.c.due_at)
    .limit(bindparam("at_most", type_=Integer))
    .with_for_update(skip_locked=True, of=[t.reminders, t.cases])
)
"""The reminders whose time has come, held with their cases; what others hold is left out."""


@dataclass(frozen=True)
class Found:
    """What a beat finds to do: whether reminders of calls or of feedback are due, and the channels with something to be
    sent, now or later: what a change left, what another replica left, what waited for its time.
    """

    reminders: bool
    feedback: bool
    channels: list[str]


@dataclass(frozen=True)
class Settled:
    """A due reminder that this beat took: the channel that hears of it, or None where it was dropped or waits."""

    channel: str | None


def look(reading: Reading, now: datetime) -> Found:
    """What there is to do at an instant: asked at every beat, so it only reads."""
    return Found(
        reading.finds(ANY_DUE, {"now": now}),
        coaching.any_due(reading, now),
        outbox.channels(reading),
    )


def settle_due(unit: UnitOfWork, now: datetime, at_most: int) -> list[Settled]:
    """Takes so many due reminders and turns each into a notice, drops it, or lets it wait; empty when nothing is due.

    The cases are looked at again in this very transaction, so that a case which has moved on is not pinged. Two
    beats never take the same row: SQLite begins with the write lock, PostgreSQL skips rows that are held, and a
    case that somebody is changing right now is left to the next beat.
    """
    rows = unit.connection.execute(DUE, {"now": now, "at_most": at_most}).mappings().all()
    if not rows:
        return []
    # Asked for by themselves: PostgreSQL would join the cases that it just held with promises as they were before.
    cases = unit.case_rows({row["case_number"] for row in rows})
    settling = _Settling(unit, now, unit.program_rows({case["program"] for case in cases.values()}))
    settled = [settling.settle(row, cases[row["case_number"]]) for row in rows]
    settling.keep()
    return settled


class _Settling:
    """What one transaction of the beat does, gathered row by row and then kept in a few statements."""

    def __init__(self, unit: UnitOfWork, now: datetime, program_rows: Mapping[int, Row]) -> None:
        self._unit = unit
        self._now = now
        self._program_rows = program_rows
        self._programs: dict[int, Program] = {}
        self._sent: list[int] = []
        self._dropped: list[int] = []
        self._later: dict[int, datetime] = {}
        self._following: list[dict[str, Any]] = []
        self._redrawn: dict[int, Program] = {}
        self._pings: list[dict[str, Any]] = []

    def settle(self, row: RowMapping, case_row: RowMapping) -> Settled:
        """Decides on one due reminder by its case as it stands."""
        number, reminder = row["id"], REMINDERS.value(row)
        try:
            program = self._program(case_row["program"])
            case = case_of_row(case_row, self._unit.vault)
            verdict = decide(reminder, case, program, self._now)
        except SQLAlchemyError:
            raise
        except Exception:
            # One case that cannot be read must not hold up the promises of all the others.
            log.exception(
                "a reminder cannot be judged; it is looked at again",
                case=row["case_number"],
                reminder=number,
            )
            self._later[number] = self._now + LOOK_AGAIN
            return Settled(None)
        match verdict:
            case Drop():
                self._dropped.append(number)
                return Settled(None)
            case Later(at):
                self._later[number] = at
                return Settled(None)
            case Fire() as fire:
                self._sent.append(number)
                self._fire(reminder, fire, case, program)
                return Settled(program.channel)

    def keep(self) -> None:
        """Writes what was decided. Cards go before pings, as they do for every change of a case."""
        for state, ids in ((ReminderState.SENT, self._sent), (ReminderState.DROPPED, self._dropped)):
            if ids:
                values = {"numbers": ids, "becomes": state.value, "now": self._now}
                self._unit.connection.execute(statements.SETTLE_REMINDERS, values)
        if self._later:
            moved = [{"of_id": number, "due_at": at} for number, at in self._later.items()]
            self._unit.connection.execute(statements.MOVE_REMINDER, moved)
        if self._following:
            self._unit.connection.execute(statements.ADD_REMINDERS, self._following)
        redraw_cards(self._unit, self._redrawn, self._now)
        if self._pings:
            self._unit.connection.execute(statements.ADD_NOTICES, self._pings)

    def _fire(self, reminder: Reminder, fire: Fire, case: Case, program: Program) -> None:
        chain = reminder.chain
        if fire.following is not None:
            self._following.append(reminder_row(case.number, fire.following))
        # Whoever is called finds the card as it stands, and finds one where somebody deleted it.
        self._redrawn[case.number] = program
        self._pings.append(
            notice_row(
                NoticeKind.PING,
                case.number,
                program,
                self._now,
                rule=chain.rule.value,
                step=reminder.step,
                about=chain.callback,
                round=chain.round,
                late=int(fire.late / timedelta(seconds=1)),
                broadcast=fire.broadcast,
                urgency=int(fire.broadcast),  # what the whole channel is to see goes before routine lines
            )
        )

    def _program(self, number: int) -> Program:
        if number not in self._programs:
            self._programs[number] = program_value(self._program_rows[number])
        return self._programs[number]


def make_recurring(
    unit: UnitOfWork, program: int, post: Recurring, now: datetime, since: datetime | None = None
) -> bool | None:
    """Makes the post's row and its notice, once on any number of replicas: whether this one made a notice.

    None where it is not due: the program is looked at again, a manager may have changed its hours a moment ago. A
    desk that never had a case has nothing to tell, so that none begins with an empty digest, nor with the report of a
    week in which it had no case yet. `since` is when this replica looked last.
    """
    its_program = unit.program(program)
    if post not in due(its_program, now, since):
        return None
    number = add_recurring(unit, program, post, now)
    before = None
    if post.kind is RecurringKind.WEEKLY:
        before = instant(date.fromisoformat(post.key), time(0), its_program.timezone)
    if number is None or not unit.has_cases(program, before):
        return False
    post_recurring(unit, post.kind, number, its_program, now)
    return True


def next_due(reading: Reading) -> datetime | None:
    """When the earliest waiting reminder is due, of a call or of feedback."""
    query = select(t.reminders.c.due_at).where(t.reminders.c.state == ReminderState.WAITING.value)
    found = reading.value(query.order_by(t.reminders.c.due_at).limit(1))
    return min((at for at in (found, coaching.next_chase(reading)) if at is not None), default=None)


def next_of_each(reading: Reading, program: int) -> dict[tuple[int, Rule], datetime]:
    """When each case of a program is spoken of next, by each rule that waits."""
    waiting = (
        select(t.reminders.c.case_number, t.reminders.c.rule, t.reminders.c.due_at)
        .join(t.cases, t.cases.c.number == t.reminders.c.case_number)
        .where(t.cases.c.program == program, t.reminders.c.state == ReminderState.WAITING.value)
        .order_by(t.reminders.c.due_at.desc())
    )
    rows = reading.connection.execute(waiting)
    return {(row.case_number, Rule(row.rule)): row.due_at for row in rows}


def next_post(reading: Reading, now: datetime) -> datetime | None:
    """When the next recurring post of any program is due."""
    found = (coming(program, now) for program in reading.programs())
    return min((at for at in found if at is not None), default=None)


def next_ping(reading: Reading, now: datetime) -> datetime | None:
    """When somebody is next spoken to, if nobody does anything meanwhile."""
    waiting = select(t.reminders, t.cases.c.program).join(
        t.cases, t.cases.c.number == t.reminders.c.case_number
    )
    rows = (
        reading.connection.execute(waiting.where(t.reminders.c.state == ReminderState.WAITING.value))
        .mappings()
        .all()
    )
    speaking = [at for row in rows if (at := _speaks_at(reading, row, now)) is not None]
    if (chase := coaching.next_chase(reading)) is not None:
        speaking.append(max(chase, now))
    return min(speaking, default=None)


def _speaks_at(reading: Reading, row: RowMapping, now: datetime) -> datetime | None:
    """When a waiting reminder fires; None where it will be dropped."""
    program = reading.program(row["program"])
    case = reading.case(row["case_number"], program.id)
    at = max(row["due_at"], now)
    verdict = decide(REMINDERS.value(row), case, program, at)
    if isinstance(verdict, Later) and case.call is not None:  # once the call counts as over
        at = case.call.started_at + program.call_may_take
        verdict = decide(REMINDERS.value(row), case, program, at)
    return at if isinstance(verdict, Fire) else None
