"""Redaction: after a case's personal data is deleted, the bot's own messages that still show it are edited.

A redaction is a row of the outbox, written in the transaction that deletes. While it waits, it has a state of its own,
`queued`: however many there are, they don't slow down what must be seen. `about` is the notice whose message is to be
edited; for a bundle, the one that leads it. Edits say nothing new, so their order doesn't matter; only one bot edits at
a time, so several together keep the pace of one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import SQLAlchemyError

from cases.case import Case
from cases.events import Event, Fact, Happened
from cases.people import ASKDESK
from cases.program import Program
from storage import tables as t
from storage.outbox import replicas
from storage.outbox.notices import notice_of
from storage.reading import Reading
from storage.record import NOTHING_SAID
from storage.records import EventRecord, Notice, NoticeKind, NoticeState, Post
from storage.rows import Row
from storage.statements import UNSETTLED, UNSETTLED_STATES, is_any_of, written
from storage.unit import UnitOfWork
from storage.writing.notices import notice_row

log = structlog.get_logger(__name__)

HOLD = timedelta(minutes=1)
"""How long an edit may take before its sender counts as lost."""

EDITS = "redaction"
"""Takes the place of the channel in a lease: its holder is the one that edits."""

AT_A_TIME = 500
"""Cases per query: SQLite limits the length of a list."""

SOON = timedelta(minutes=1)
"""When to check again a message that is still being sent, or whose case cannot be read."""

OF_A_CASE = (NoticeKind.LINE, NoticeKind.PING, NoticeKind.COACHING)
PRIVATE = (NoticeKind.CONFIRMATION.value, NoticeKind.QUESTION.value)
LISTS = (NoticeKind.DIGEST, NoticeKind.HANDOVER)
"""Posts that list the open cases."""

n = t.notices.c
QUEUED = n.state == written(NoticeState.QUEUED)
ORDERED = n.kind == written(NoticeKind.REDACTION)
WAITING = sa.and_(ORDERED, QUEUED)
MESSAGE = sa.func.coalesce(sa.func.nullif(n.bundle, 0), n.id)
"""The notice behind a message: its own, or the one that leads its bundle."""

OF_CASES = n.case_number.in_(sa.bindparam("numbers", expanding=True))
# Written out: PostgreSQL and SQLite match a partial index by its own words only.
SENT = sa.and_(
    OF_CASES, sa.text(f"notices.state = '{NoticeState.SENT}' AND notices.kind <> '{NoticeKind.CARD}'")
)
UNDER_WAY = sa.and_(OF_CASES, UNSETTLED, sa.or_(n.state == NoticeState.SENDING.value, n.uncertain))
"""What may be in the channel in a moment, as it was rendered before."""


SAYS_SOMETHING = sa.or_(
    n.kind != NoticeKind.LINE.value,
    sa.exists().where(t.events.c.id == n.event, t.events.c.said_hash != NOTHING_SAID),
)
OPEN_THEN = sa.exists().where(
    t.cases.c.number.in_(sa.bindparam("numbers", expanding=True)),
    t.cases.c.program == n.program,
    t.cases.c.raised_at <= n.created_at,
    t.cases.c.closed_at >= n.created_at,
)
MESSAGES = sa.union(
    sa.select(MESSAGE).where(SENT, is_any_of(n.kind, OF_A_CASE), SAYS_SOMETHING),
    sa.select(MESSAGE).where(UNDER_WAY, is_any_of(n.kind, OF_A_CASE), SAYS_SOMETHING),
    sa.select(sa.func.min(n.id))
    .where(n.recurring.is_not(None), is_any_of(n.kind, LISTS), n.state == NoticeState.SENT.value, OPEN_THEN)
    .group_by(n.recurring),
)
"""The messages that show who these cases were about or what was written, each by its notice: lines with a text, pings
of such a case, and lists posted while one was open.
"""


@dataclass(frozen=True)
class Redaction:
    """A message to be edited, with everything its new text needs: `calls` are a ping's rules and cases, `event` is a
    line's; a post that lists cases has neither.
    """

    notice: Notice
    target: Notice
    program: Program
    ts: str
    calls: tuple[tuple[str, Case], ...] = ()
    event: EventRecord | None = None
    posts: tuple[Post, ...] = ()


@dataclass(frozen=True)
class Progress:
    """How many messages wait to be edited, were edited, and cannot be."""

    waiting: int
    done: int
    unreachable: int


@dataclass(frozen=True)
class Reach:
    """How many messages of some cases Slack has: editable ones, and ephemeral ones, which nobody can edit."""

    messages: int
    private: int


def reach(reading: Reading, numbers: Sequence[int]) -> Reach:
    """How many messages would be edited if these cases were deleted."""
    messages: set[int] = set()
    private = 0
    told = sa.select(sa.func.count()).where(SENT, n.kind.in_(PRIVATE))
    for first in range(0, len(numbers), AT_A_TIME):
        those = {"numbers": list(numbers[first : first + AT_A_TIME])}
        messages |= set(reading.connection.execute(MESSAGES, those).scalars())
        private += reading.connection.execute(told, those).scalar_one()
    return Reach(len(messages), private)


def order(unit: UnitOfWork, program: Program, numbers: Sequence[int], now: datetime) -> None:
    """Queues the messages of these cases to be edited.

    A message that names several of them is edited once; one that is being edited now is edited again.
    """
    wanted = set(unit.connection.execute(MESSAGES, {"numbers": list(numbers)}).scalars())
    known = sa.select(n.id, n.about).where(WAITING, n.about.in_(wanted)).with_for_update()
    again = unit.connection.execute(known).all()
    if again:
        anew = sa.update(t.notices).where(n.id.in_([row.id for row in again]))
        unit.connection.execute(anew.values(deadline=None, sender=None))
    rows = [
        notice_row(NoticeKind.REDACTION, None, program, now, about=about, state=NoticeState.QUEUED.value)
        for about in sorted(wanted - {row.about for row in again})
    ]
    if rows:
        unit.connection.execute(sa.insert(t.notices), rows)


def any_queued(reading: Reading, now: datetime) -> bool:
    """Whether a message may be edited now."""
    return reading.finds(_next(now))


def claim(unit: UnitOfWork, now: datetime, sender: str) -> Redaction | None:
    """The next message to be edited, locked for `sender`; None if there is none, or another bot edits.

    Edits wait while their channel has something to post. A message that is still being sent, or whose case cannot be
    read, is checked again later, so it doesn't hold up the others.
    """
    if not replicas.hold(unit, EDITS, sender, HOLD):
        return None
    while (row := unit.connection.execute(_next(now).with_for_update(skip_locked=True)).first()) is not None:
        held = sa.select(t.notices).where(n.id == row.id)
        notice = notice_of(unit.connection.execute(held).mappings().one())
        target = _message(unit, notice.about)
        if target["state"] in UNSETTLED_STATES:
            _set(unit, notice, not_before=now + SOON)
            continue
        if target["state"] != NoticeState.SENT.value or not target["ts"]:
            _set(unit, notice, state=NoticeState.DROPPED.value, settled_at=now)
            _note_the_end(unit, notice.program, now)
            continue
        try:
            found = _read(unit, replace(notice, sender=sender), notice_of(target), target["ts"])
        except SQLAlchemyError:
            raise
        except Exception:
            log.exception("a message cannot be redacted yet, as its case cannot be read", notice=target["id"])
            _set(unit, notice, not_before=now + SOON, error="its case cannot be read")
            continue
        _set(unit, notice, deadline=now + HOLD, sender=sender, tries=notice.tries + 1)
        return found
    return None


def _message(unit: UnitOfWork, number: int) -> Row:
    """A message's row; if its bundle's leader was dropped in the end, the row of another of its pings."""
    alone = sa.select(t.notices).where(n.id == number)
    row = unit.connection.execute(alone).mappings().one()
    if row["state"] != NoticeState.DROPPED.value or not row["bundle"]:
        return row
    others = sa.select(t.notices).where(
        n.bundle == number, sa.text("bundle > 0"), n.state != NoticeState.DROPPED.value
    )
    return unit.connection.execute(others.limit(1)).mappings().one_or_none() or row


def _next(now: datetime) -> sa.Select[Any]:
    other = t.notices.alias("other")
    states = is_any_of(other.c.state, UNSETTLED_STATES)
    busy = sa.exists().where(other.c.channel == n.channel, states, other.c.not_before <= now)
    free = sa.or_(n.deadline.is_(None), n.deadline <= now)
    return sa.select(n.id).where(QUEUED, n.not_before <= now, free, ~busy).order_by(n.id).limit(1)


def _read(unit: UnitOfWork, notice: Notice, target: Notice, ts: str) -> Redaction:
    program = unit.program(target.program)
    if target.kind in LISTS:
        return Redaction(notice, target, program, ts)
    same = n.bundle == target.bundle if target.bundle else n.id == target.id
    partial = sa.text("bundle > 0") if target.bundle else same
    pings = sa.select(n.rule, n.case_number).where(same, partial, n.state == NoticeState.SENT.value)
    rows = unit.connection.execute(pings.order_by(n.id)).all()
    calls = tuple((row.rule or "", unit.case(row.case_number, program.id)) for row in rows)
    event = unit.event(target.event) if target.event is not None else None
    posts = tuple(unit.posts([case.number for _, case in calls]))
    return Redaction(notice, target, program, ts, calls, event, posts)


def done(unit: UnitOfWork, notice: Notice, now: datetime) -> None:
    """The message no longer shows anything of the deleted cases."""
    _settle(unit, notice, now, state=NoticeState.SENT.value, error=None)


def unreachable(unit: UnitOfWork, notice: Notice, why: str, now: datetime) -> None:
    """Slack lets nobody edit it: counts it, with Slack's error."""
    _settle(unit, notice, now, state=NoticeState.DROPPED.value, error=why)


def again(unit: UnitOfWork, notice: Notice, why: str, at: datetime) -> None:
    """Not now: edits it again later, which does no harm if this try succeeded."""
    unit.connection.execute(_mine(notice).values(not_before=at, deadline=None, sender=None, error=why))


def progress(reading: Reading, program: int | None = None) -> Progress:
    """How far the edits have come, in all programs or in one. Messages that never reached the channel don't count."""
    of = ORDERED if program is None else sa.and_(ORDERED, n.program == program)
    query = sa.select(n.state, sa.func.count(), sa.func.count(n.error)).where(of).group_by(n.state)
    found = {state: (number, errors) for state, number, errors in reading.connection.execute(query)}
    states = (NoticeState.QUEUED, NoticeState.SENT, NoticeState.DROPPED)
    queued, done, dropped = (found.get(state.value, (0, 0)) for state in states)
    return Progress(queued[0], done[0], dropped[1])


def _settle(unit: UnitOfWork, notice: Notice, now: datetime, **values: Any) -> None:
    """Only if this sender still has it: it may have been queued again, or taken over by another bot."""
    row = _mine(notice).values(settled_at=now, deadline=None, **values)
    if unit.connection.execute(row).rowcount:
        _note_the_end(unit, notice.program, now)


def _mine(notice: Notice) -> Any:
    return sa.update(t.notices).where(
        n.id == notice.id, QUEUED, n.sender == notice.sender, n.deadline.is_not(None)
    )


def _set(unit: UnitOfWork, notice: Notice, **values: Any) -> None:
    unit.connection.execute(sa.update(t.notices).where(n.id == notice.id).values(**values))


def _note_the_end(unit: UnitOfWork, program: int, now: datetime) -> None:
    """When no edit is left, records how many messages were edited and deletes their rows.

    The record's end is locked before the rows are counted: of two bots that settle the last two, the later sees both.
    """
    unit.head(program)
    so_far = progress(unit, program)
    if so_far.waiting:
        return
    facts: dict[str, Fact] = {"messages": so_far.done, "unreachable": so_far.unreachable}
    unit.append([Event(Happened.REDACTED, ASKDESK.id, facts)], program, None, now)
    unit.connection.execute(sa.delete(t.notices).where(ORDERED, ~QUEUED, n.program == program))
