"""How much is waiting, and for how long: what operators watch and `askdesk doctor` judges."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from cases.case import Status
from cases.program import Program
from cases.standing import is_running
from storage import tables as t
from storage.privacy import redaction
from storage.reading import Reading
from storage.records import NoticeState, ReminderState
from storage.statements import UNSETTLED

n = t.notices.c

SHOWN_AT_MOST = 5


@dataclass(frozen=True)
class Backlog:
    """Things that are late: how many, and since when the first has waited (None: nothing is late)."""

    count: int
    since: datetime | None


@dataclass(frozen=True)
class Parked:
    """A notice that Slack refused for good; `case` is None if it is about the program."""

    id: int
    kind: str
    case: int | None
    error: str


@dataclass(frozen=True)
class OpenCases:
    """A program's cases that are not closed, by status, and how many of them are overdue."""

    program: Program
    cases: Mapping[Status, int]
    overdue: int


@dataclass(frozen=True)
class Figures:
    """The whole backlog at one moment."""

    notices: Mapping[NoticeState, int]
    late_notices: Backlog
    due_reminders: Backlog
    refusals: int
    to_redact: int
    programs: tuple[OpenCases, ...]


def figures(reading: Reading, now: datetime) -> Figures:
    """What is waiting, by the reminders' clock. Reads only what is open, never the whole history."""
    return Figures(
        notices=_notices(reading),
        late_notices=late_notices(reading, now),
        due_reminders=due_reminders(reading, now),
        refusals=reading.refusals(),
        to_redact=redaction.progress(reading).waiting,
        programs=_programs(reading, now),
    )


def late_notices(reading: Reading, now: datetime) -> Backlog:
    """Notices that could be sent and are not settled; their waiting counts from when they were stored."""
    query = select(func.count(), func.min(n.created_at)).where(UNSETTLED, n.not_before <= now)
    return Backlog(*reading.connection.execute(query).one())


def why_late(reading: Reading, now: datetime) -> str | None:
    """Slack's last error for the oldest of them."""
    query = select(n.error).where(UNSETTLED, n.not_before <= now).order_by(n.created_at, n.id)
    return reading.value(query.limit(1))


def due_reminders(reading: Reading, now: datetime) -> Backlog:
    """Reminders that are due and that no beat has handled yet."""
    r = t.reminders.c
    query = select(func.count(), func.min(r.due_at)).where(
        r.state == ReminderState.WAITING.value, r.due_at <= now
    )
    return Backlog(*reading.connection.execute(query).one())


def parked(reading: Reading) -> tuple[int, list[Parked]]:
    """How many notices Slack refused for good, and the last few of them."""
    count = select(func.count()).where(n.state == NoticeState.PARKED.value)
    last = select(n.id, n.kind, n.case_number, n.error).where(n.state == NoticeState.PARKED.value)
    rows = reading.connection.execute(last.order_by(n.id.desc()).limit(SHOWN_AT_MOST))
    return reading.connection.execute(count).scalar_one(), [
        Parked(row.id, row.kind, row.case_number, row.error or "") for row in rows
    ]


def _notices(reading: Reading) -> dict[NoticeState, int]:
    """By state; settled ones, whose number only grows, are not counted."""
    looked_at = (NoticeState.WAITING, NoticeState.SENDING, NoticeState.PARKED)
    query = select(n.state, func.count()).where(UNSETTLED).group_by(n.state)
    found = {NoticeState(state): count for state, count in reading.connection.execute(query)}
    found[NoticeState.PARKED] = parked(reading)[0]
    return {state: found.get(state, 0) for state in looked_at}


def _programs(reading: Reading, now: datetime) -> tuple[OpenCases, ...]:
    c, b, a = t.cases.c, t.callbacks.c, t.attempts.c
    query = (
        select(c.program, c.status, b.due_at, b.window_seconds, func.coalesce(a.heard_at, a.started_at))
        .outerjoin(t.callbacks, (b.case_number == c.number) & (b.number == c.callback))
        .outerjoin(t.attempts, (a.case_number == c.number) & (a.number == c.call))
        .where(c.status != Status.CLOSED.value)
    )
    programs = {program.id: program for program in reading.programs()}
    cases: Counter[tuple[int, Status]] = Counter()
    overdue: Counter[int] = Counter()
    for program, status, due_at, window, heard in reading.connection.execute(query):
        cases[program, Status(status)] += 1
        is_late = due_at is not None and now >= due_at + timedelta(seconds=window)
        overdue[program] += is_late and not is_running(heard, programs[program].ladder, now)
    waiting = [status for status in Status if status is not Status.CLOSED]
    return tuple(
        OpenCases(program, {status: cases[number, status] for status in waiting}, overdue[number])
        for number, program in programs.items()
    )
