"""Redaction: after a case was blanked, the bot's own messages that still show who or what it was about are edited.

A redaction is a row of the outbox, written in the transaction that blanks. It has a state of its own while it waits,
`queued`: however many there are, nothing that must be seen is looked for among them. `about` is the notice whose
message is to be edited, of a bundle the one that leads it. Edits say nothing new, so they need no order; one bot edits at
a time, so that several together keep the pace of one.
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
from cases.people import DESK
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
"""Stands in a lease where others have their channel: whoever holds it edits."""

AT_A_TIME = 500
"""Cases in one question: SQLite takes no list of any length."""

SOON = timedelta(minutes=1)
"""After which a message is looked at again that is still being sent, or whose case cannot be read."""

OF_A_CASE = (NoticeKind.LINE, NoticeKind.PING, NoticeKind.COACHING)
LISTS = (NoticeKind.DIGEST, NoticeKind.HANDOVER)
"""Posts that name whatever cases were open."""

n = t.notices.c
QUEUED = n.state == written(NoticeState.QUEUED)
ORDERED = n.kind == written(NoticeKind.REDACTION)
WAITING = sa.and_(ORDERED, QUEUED)
MESSAGE = sa.func.coalesce(sa.func.nullif(n.bundle, 0), n.id)
"""The notice by which a message goes: its own, or the one that leads its bundle."""

OF_CASES = n.case_number.in_(sa.bindparam("numbers", expanding=True))
# Written out, as PostgreSQL and SQLite find a partial index by its own words only.
SENT = sa.and_(
    OF_CASES, sa.text(f"notices.state = '{NoticeState.SENT}' AND notices.kind <> '{NoticeKind.CARD}'")
)
UNDER_WAY = sa.and_(OF_CASES, UNSETTLED, sa.or_(n.state == NoticeState.SENDING.value, n.uncertain))
"""What may be in the channel a moment from now, as it was rendered before."""


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
"""The messages that show who some cases were about or what was written, each by its notice: lines whose event said
something, whatever reminded of a case, and lists that were posted while one of the cases was open.
"""


@dataclass(frozen=True)
class Redaction:
    """A message to be edited, with all that its new text is made of: `calls` are a ping's rules and cases, `event` is a
    line's; neither is there for a post that lists cases.
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
    """What there is of some cases in Slack: messages that can be edited, and ones for one person's eyes, which cannot."""

    messages: int
    private: int


def reach(reading: Reading, numbers: Sequence[int]) -> Reach:
    """How many messages blanking these cases would edit."""
    messages: set[int] = set()
    private = 0
    told = sa.select(sa.func.count()).where(SENT, n.kind == NoticeKind.CONFIRMATION.value)
    for first in range(0, len(numbers), AT_A_TIME):
        those = {"numbers": list(numbers[first : first + AT_A_TIME])}
        messages |= set(reading.connection.execute(MESSAGES, those).scalars())
        private += reading.connection.execute(told, those).scalar_one()
    return Reach(len(messages), private)


def order(unit: UnitOfWork, program: Program, numbers: Sequence[int], now: datetime) -> None:
    """Has the messages of these cases edited.

    Several cases may be named in one message, which is edited once. One that is being edited is edited again.
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
    """The next message to be edited, held for `sender`; None where there is none, or where another bot edits.

    One whose channel has something to say waits behind it. What is still being sent is looked at again later, and so is
    one whose case cannot be read: it must not hold up the others.
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
    """The row of a message; of a bundle whose leader had nothing to say in the end, that of another of its pings."""
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
    """The message shows nothing of a blanked case any more."""
    _settle(unit, notice, now, state=NoticeState.SENT.value, error=None)


def unreachable(unit: UnitOfWork, notice: Notice, why: str, now: datetime) -> None:
    """Slack lets nobody edit it: it is counted, with Slack's word for it."""
    _settle(unit, notice, now, state=NoticeState.DROPPED.value, error=why)


def again(unit: UnitOfWork, notice: Notice, why: str, at: datetime) -> None:
    """Not now: it is edited once more, which does no harm where this try succeeded."""
    unit.connection.execute(_mine(notice).values(not_before=at, deadline=None, sender=None, error=why))


def progress(reading: Reading, program: int | None = None) -> Progress:
    """How far the edits have come, in all programs or in one. A message that never reached the channel is not counted."""
    of = ORDERED if program is None else sa.and_(ORDERED, n.program == program)
    query = sa.select(n.state, sa.func.count(), sa.func.count(n.error)).where(of).group_by(n.state)
    found = {state: (number, errors) for state, number, errors in reading.connection.execute(query)}
    states = (NoticeState.QUEUED, NoticeState.SENT, NoticeState.DROPPED)
    queued, done, dropped = (found.get(state.value, (0, 0)) for state in states)
    return Progress(queued[0], done[0], dropped[1])


def _settle(unit: UnitOfWork, notice: Notice, now: datetime, **values: Any) -> None:
    """Where it is still its sender's: not where the message is to be edited again, or another bot took it over."""
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
    """When nothing is left to be edited, the record says how many messages were; their rows are not needed any more.

    The record's end is held before the rows are counted: of two bots that settle the last two, the later one sees both.
    """
    unit.head(program)
    so_far = progress(unit, program)
    if so_far.waiting:
        return
    facts: dict[str, Fact] = {"messages": so_far.done, "unreachable": so_far.unreachable}
    unit.append([Event(Happened.REDACTED, DESK.id, facts)], program, None, now)
    unit.connection.execute(sa.delete(t.notices).where(ORDERED, ~QUEUED, n.program == program))
