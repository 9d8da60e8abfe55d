"""How much waits and how long already: what operators watch, and what `askdesk doctor` judges."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from cases.case import CallbackState, Status
from cases.program import Program
from storage import tables as t
from storage.privacy import redaction
from storage.reading import Reading
from storage.records import NoticeState, ReminderState
from storage.statements import UNSETTLED

n = t.notices.c

SHOWN_AT_MOST = 5


@dataclass(frozen=True)
class Backlog:
    """Things that should have happened by now: how many, and since when the first of them waits (None: nothing does)."""

    count: int
    since: datetime | None


@dataclass(frozen=True)
class Parked:
    """A notice that Slack refused for good; `case` is None where it is about the program."""

    id: int
    kind: str
    case: int | None
    error: str


@dataclass(frozen=True)
class OpenCases:
    """A program's cases that are not closed, by their status, and how many of them are overdue."""

    program: Program
    cases: Mapping[Status, int]
    overdue: int


@dataclass(frozen=True)
class Figures:
    """How everything stands at one moment."""

    notices: Mapping[NoticeState, int]
    late_notices: Backlog
    due_reminders: Backlog
    refusals: int
    to_redact: int
    programs: tuple[OpenCases, ...]


def figures(reading: Reading, now: datetime) -> Figures:
    """What waits, by the clock that reminders go by. Looks at what is open, never at all that ever was."""
    return Figures(
        notices=_notices(reading),
        late_notices=late_notices(reading, now),
        due_reminders=due_reminders(reading, now),
        refusals=reading.refusals(),
        to_redact=redaction.progress(reading).waiting,
        programs=_programs(reading, now),
    )


def late_notices(reading: Reading, now: datetime) -> Backlog:
    """Notices that could go and are not settled: the time since each was written down counts."""
    query = select(func.count(), func.min(n.created_at)).where(UNSETTLED, n.not_before <= now)
    return Backlog(*reading.connection.execute(query).one())


def why_late(reading: Reading, now: datetime) -> str | None:
    """What kept the oldest of them, as Slack said it the last time."""
    query = select(n.error).where(UNSETTLED, n.not_before <= now).order_by(n.created_at, n.id)
    return reading.value(query.limit(1))


def due_reminders(reading: Reading, now: datetime) -> Backlog:
    """Reminders whose time has come and of which no beat has made anything yet."""
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
    """By state; the settled ones, which only grow, are not counted."""
    looked_at = (NoticeState.WAITING, NoticeState.SENDING, NoticeState.PARKED)
    query = select(n.state, func.count()).where(UNSETTLED).group_by(n.state)
    found = {NoticeState(state): count for state, count in reading.connection.execute(query)}
    found[NoticeState.PARKED] = parked(reading)[0]
    return {state: found.get(state, 0) for state in looked_at}


def _programs(reading: Reading, now: datetime) -> tuple[OpenCases, ...]:
    c, b = t.cases.c, t.callbacks.c
    promise = (b.case_number == c.number) & (b.number == c.callback)
    query = (
        select(c.program, c.status, b.due_at, b.window_seconds, b.state)
        .outerjoin(t.callbacks, promise)
        .where(c.status != Status.CLOSED.value)
    )
    cases: Counter[tuple[int, Status]] = Counter()
    overdue: Counter[int] = Counter()
    for program, status, due_at, window, state in reading.connection.execute(query):
        cases[program, Status(status)] += 1
        if state == CallbackState.PENDING.value and now >= due_at + timedelta(seconds=window):
            overdue[program] += 1
    waiting = [status for status in Status if status is not Status.CLOSED]
    return tuple(
        OpenCases(program, {status: cases[program.id, status] for status in waiting}, overdue[program.id])
        for program in reading.programs()
    )
