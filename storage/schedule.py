"""The schedule is a table: due reminders are claimed here, one transaction each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import RowMapping, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from cases.ladder import Chain, Drop, Fire, Later, Reminder, Rule, decide
from cases.recurring import Recurring, due
from storage import tables as t
from storage.reading import Reading
from storage.records import NoticeKind
from storage.work import URGENT, Work, notice_row, reminder_row

log = structlog.get_logger(__name__)

LOOK_AGAIN = timedelta(minutes=1)

REDRAWN = frozenset({Rule.DUE, Rule.OVERDUE, Rule.SIGN_OFF})
"""Reminders after which the card shows something new: *Take over*, *overdue*, *sign off*.

So it does at each reminder of a customer on the line: for how long they wait.
"""


@dataclass(frozen=True)
class Settled:
    """A due reminder that this beat took: the channel that hears of it, or None where it was dropped or waits."""

    channel: str | None


def settle_next(work: Work, now: datetime) -> Settled | None:
    """Takes one due reminder and turns it into a notice, drops it, or lets it wait; None when nothing is due.

    The case is looked at again in this very transaction, so that a case which has moved on is not pinged. Two
    beats never take the same row: SQLite begins with the write lock, PostgreSQL skips rows that are held, and a
    case that somebody is changing right now is left to the next beat.
    """
    waiting = (
        select(t.reminders, t.cases.c.program)
        .join(t.cases, t.cases.c.number == t.reminders.c.case_number)
        .where(t.reminders.c.state == "waiting", t.reminders.c.due_at <= now)
        .order_by(t.reminders.c.due_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = work.connection.execute(waiting).mappings().one_or_none()
    if row is None:
        return None
    reminder = _reminder(row)
    settled = update(t.reminders).where(t.reminders.c.id == row["id"])
    try:
        program = work.program(row["program"])
        case = work.case(row["case_number"], program.id)
        verdict = decide(reminder, case, program, now)
    except SQLAlchemyError:
        raise
    except Exception:
        # One case that cannot be read must not hold up the promises of all the others.
        log.exception(
            "a reminder cannot be judged; it is looked at again", case=row["case_number"], reminder=row["id"]
        )
        work.connection.execute(settled.values(due_at=now + LOOK_AGAIN))
        return Settled(None)
    match verdict:
        case Drop():
            work.connection.execute(settled.values(state="dropped", settled_at=now))
            return Settled(None)
        case Later(at):
            work.connection.execute(settled.values(due_at=at))
            return Settled(None)
        case Fire() as fire:
            work.connection.execute(settled.values(state="sent", settled_at=now))
            if fire.following is not None:
                work.connection.execute(insert(t.reminders), [reminder_row(case.number, fire.following)])
            ping = {
                **notice_row(NoticeKind.PING, case.number, program, now),
                "rule": reminder.chain.rule.value,
                "step": reminder.step,
                "about": reminder.chain.callback,
                "round": reminder.chain.round,
                "late": int(fire.late / timedelta(seconds=1)),
                "broadcast": fire.broadcast,
                "urgency": URGENT if reminder.chain.rule is Rule.OVERDUE else 0,
            }
            if reminder.chain.rule in REDRAWN or (reminder.chain.rule is Rule.UNCLAIMED and case.waiting):
                work.redraw(case.number, program, now)
            work.connection.execute(insert(t.notices), [ping])
            return Settled(program.channel)


def make_recurring(work: Work, program: int, post: Recurring, now: datetime) -> bool | None:
    """Makes the post's row and its notice, once on any number of replicas: whether this one made a notice.

    None where it is not due: the program is looked at again, a manager may have changed its hours a moment ago. A
    desk that never had a case has nothing to tell, so that none begins with an empty digest.
    """
    desk = work.program(program)
    if post not in due(desk, now):
        return None
    number = work.once_recurring(program, post, now)
    if number is None or not work.has_cases(program):
        return False
    kind = NoticeKind(post.kind.value)
    work.connection.execute(insert(t.notices), [notice_row(kind, None, desk, now, recurring=number)])
    return True


def next_due(reading: Reading) -> datetime | None:
    """When the earliest waiting reminder is due."""
    query = select(t.reminders.c.due_at).where(t.reminders.c.state == "waiting")
    found: datetime | None = reading.connection.execute(
        query.order_by(t.reminders.c.due_at).limit(1)
    ).scalar_one_or_none()
    return found


def next_ping(reading: Reading, now: datetime) -> datetime | None:
    """When somebody is next spoken to, if nobody does anything meanwhile."""
    waiting = select(t.reminders, t.cases.c.program).join(
        t.cases, t.cases.c.number == t.reminders.c.case_number
    )
    rows = reading.connection.execute(waiting.where(t.reminders.c.state == "waiting")).mappings().all()
    return min((at for row in rows if (at := _speaks_at(reading, row, now)) is not None), default=None)


def _speaks_at(reading: Reading, row: RowMapping, now: datetime) -> datetime | None:
    """When a waiting reminder fires; None where it will be dropped."""
    program = reading.program(row["program"])
    case = reading.case(row["case_number"], program.id)
    at = max(row["due_at"], now)
    verdict = decide(_reminder(row), case, program, at)
    if isinstance(verdict, Later) and case.call is not None:  # once the call counts as over
        at = case.call.started_at + timedelta(minutes=program.ladder.call_may_take)
        verdict = decide(_reminder(row), case, program, at)
    return at if isinstance(verdict, Fire) else None


def _reminder(row: RowMapping) -> Reminder:
    return Reminder(Chain(Rule(row["rule"]), row["callback"], row["round"]), row["step"], row["due_at"])
