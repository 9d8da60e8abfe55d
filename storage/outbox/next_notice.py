"""Which notice of a channel goes next: claimed in one short transaction, alone or as one of a bundle.

One notice of a channel is under way at a time; within a case they keep their order; a case with an overdue
promise goes first. Where many pings wait at once, the most urgent become one: a bundle, claimed, sent and settled
together. Instants are the caller's clock.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from functools import cache
from typing import Any, TypeVar

import sqlalchemy as sa
import structlog
from sqlalchemy import case as one_of
from sqlalchemy.exc import SQLAlchemyError

from cases.case import Case
from cases.program import Program
from storage import tables as t
from storage.engine import is_sqlite
from storage.outbox import outbox
from storage.outbox.notices import Bundle, Card, Claimed, Ping, claimed, judged, notice_of, people_of
from storage.outbox.outbox import ALONE, LONGEST_WAIT, rows_of
from storage.records import Notice, NoticeKind, NoticeState
from storage.rows import Row
from storage.statements import UNSETTLED, is_any_of, written
from storage.unit import UnitOfWork

log = structlog.get_logger(__name__)

R = TypeVar("R")

LOOK_AGAIN = timedelta(minutes=1)

UNREADABLE = "a notice's case cannot be read; it is tried again"

KINDS = tuple(kind.value for kind in NoticeKind)
"""What this version can show. While a newer one is rolled out, what only that one knows is left to it."""

BUNDLE_AT_MOST = 40
"""Pings in one message: as many as somebody can read, and as Slack takes with a link and a sentence each.

It refuses blocks of more than about 12,000 characters in all.
"""

LOOKED_AT_MOST = 200
"""Pings that one claim judges, so that after an outage the moot ones do not keep the writing thread for long."""

n = t.notices.c
ONE: sa.ColumnElement[int] = sa.literal_column("1")
CHANNEL = n.channel == sa.bindparam("channel")
MAY_GO = sa.or_(n.not_before <= sa.bindparam("now"), n.not_before > sa.bindparam("beyond"))
"""Whether a notice has waited long enough."""

POSTED = sa.exists().where(t.posts.c.case_number == n.case_number)
BUNDLED = sa.and_(
    CHANNEL,
    n.state == written(NoticeState.WAITING),
    n.kind == written(NoticeKind.PING),
    n.bundle.is_(None),
    n.uncertain.is_(False),
    MAY_GO,
    POSTED,
)
"""Pings that nobody has tried to send, whose cards stand in the channel: what else waits there does not count."""

WAITING_PINGS = sa.select(sa.func.count(), sa.func.max(n.urgency), sa.func.max(n.program)).where(BUNDLED)
HOLD_CHANNEL = sa.select(t.programs.c.id).where(t.programs.c.channel == sa.bindparam("channel"))
UNDER_WAY = (
    sa.select(n.deadline)
    .where(
        CHANNEL,
        n.state == written(NoticeState.SENDING),
        n.deadline > sa.bindparam("now"),
        n.deadline <= sa.bindparam("latest"),
    )
    .limit(ONE)
)
UNDER_WAY_UNLEASED = UNDER_WAY.where(n.sender.is_(None))
MARK = (
    sa.update(t.notices)
    .where(n.id == sa.bindparam("of_id"))
    .values(state=NoticeState.SENDING.value, uncertain=True, tries=n.tries + 1)
)


@dataclass(frozen=True)
class Nothing:
    """No notice can go now; `until` is when the next one may, if that is known."""

    until: datetime | None


class May(Enum):
    """What a channel may get at this moment, by Slack's limits on posting and on redrawing."""

    ALL = "all"
    POSTS = "posts"
    REDRAWS = "redraws"


def claim(
    unit: UnitOfWork,
    channel: str,
    now: datetime,
    hold: timedelta,
    may: May = May.ALL,
    sender: str | None = None,
) -> Claimed | Nothing:
    """The channel's next notice, marked as being sent until `now + hold`.

    `sender` holds the channel's lease (see storage/outbox/replicas.py): whatever else is marked as being sent there has lost
    its sender. Without a lease it has when its deadline passed. Such a notice comes again, marked uncertain: the
    sender looks before repeating it. A ping whose case has moved on is dropped here, in the transaction that would send it. The
    notice is held before its case is read, so that a change that waits to be seen is seen.
    """
    if not is_sqlite(unit.connection):
        _hold_channel(unit, channel)
    under_way = _under_way(unit, channel, now, hold, sender)
    if under_way is not None:
        return Nothing(under_way)
    bundles = may is not May.REDRAWS
    while True:
        head = _head(unit, channel, now, may)
        if bundles and _is_bundle(unit, channel, now, head):
            bundle = _bundle(unit, channel, now, hold, sender)
            if bundle is not None:
                return bundle
            bundles = False  # the moot ones are dropped, the few others go one by one
            continue
        if isinstance(head, Nothing):
            return head
        again = _claim_again if head["bundle"] else _claim_one
        found = again(unit, head, now, hold, sender)
        if found is not None:
            return found


def _hold_channel(unit: UnitOfWork, channel: str) -> None:
    """Senders of one channel come one after the other; SQLite's write lock does that by itself."""
    unit.connection.execute(HOLD_CHANNEL.with_for_update(key_share=True), {"channel": channel}).all()


def _under_way(
    unit: UnitOfWork, channel: str, now: datetime, hold: timedelta, sender: str | None
) -> datetime | None:
    """Until when somebody may be sending something in this channel; nobody holds a notice for longer than `hold`.

    For the holder of its lease that is only somebody who knows of no lease: an older version of the bot.
    """
    held = UNDER_WAY if sender is None else UNDER_WAY_UNLEASED
    at = {"channel": channel, "now": now, "latest": now + hold}
    return unit.value(held, at)


@cache
def _heads(may: May) -> tuple[sa.Select[Any], sa.Select[Any]]:
    """Of all that are first in their line (a case's, a bundle's, the program's own): the one to go next, and when the
    soonest may.
    """
    mine = sa.and_(CHANNEL, UNSETTLED, is_any_of(n.kind, KINDS))
    redraw = sa.and_(n.kind == written(NoticeKind.CARD), POSTED)
    # Where Slack takes only the one, the other does not hold it back; else a case is told in its order.
    ranked = {May.ALL: mine, May.POSTS: sa.and_(mine, sa.not_(redraw)), May.REDRAWS: sa.and_(mine, redraw)}[
        may
    ]
    in_bundle = n.bundle > 0
    line = (one_of((in_bundle, n.bundle)), one_of((in_bundle, sa.null()), else_=n.case_number))
    lines = (
        sa.select(
            n.id,
            sa.func.row_number().over(partition_by=line, order_by=n.id).label("place"),
            sa.func.max(n.urgency).over(partition_by=line).label("most_urgent"),
        )
        .where(ranked)
        .subquery()
    )
    first = (
        sa.select(t.notices, lines.c.most_urgent).join(lines, lines.c.id == n.id).where(lines.c.place == 1)
    )
    ready = first.where(sa.or_(n.state == written(NoticeState.SENDING), MAY_GO))
    soonest = sa.select(sa.func.min(n.not_before)).join(lines, lines.c.id == n.id).where(lines.c.place == 1)
    return ready.order_by(lines.c.most_urgent.desc(), n.id).limit(ONE), soonest


def _head(unit: UnitOfWork, channel: str, now: datetime, may: May) -> Row | Nothing:
    """The row to go next, of all that are first in their line."""
    ready, soonest = _heads(may)
    row = unit.connection.execute(ready, _at(channel, now)).mappings().one_or_none()
    if row is not None:
        return row
    return Nothing(unit.connection.execute(soonest, {"channel": channel}).scalar_one())


def _is_bundle(unit: UnitOfWork, channel: str, now: datetime, head: Row | Nothing) -> bool:
    """Whether more pings wait than are said one by one, and nothing louder comes before them."""
    waiting = unit.connection.execute(WAITING_PINGS, _at(channel, now)).one()
    if waiting[0] < 2 or waiting[0] <= unit.program(waiting[2]).ladder.burst_over:
        return False
    return isinstance(head, Nothing) or (head["most_urgent"], bool(head["bundle"])) <= (waiting[1], False)


def _at(channel: str, now: datetime) -> dict[str, Any]:
    return {"channel": channel, "now": now, "beyond": now + LONGEST_WAIT}


def _bundle(
    unit: UnitOfWork, channel: str, now: datetime, hold: timedelta, sender: str | None
) -> Bundle | None:
    """The most urgent of the pings that wait as one; None where too few of them still speak.

    Each is judged here, in the transaction that would send it, as it would be alone.
    """
    order = sa.select(t.notices).where(BUNDLED).order_by(n.urgency.desc(), n.id)
    speaking: list[tuple[Notice, Case]] = []
    looked_at, program = 0, None
    while len(speaking) < BUNDLE_AT_MOST and looked_at < LOOKED_AT_MOST:
        more = order.where(n.id.not_in([notice.id for notice, _ in speaking]))
        # Held before their cases are read, so that a change that waits to be seen is seen.
        held = more.limit(BUNDLE_AT_MOST - len(speaking)).with_for_update(of=t.notices)
        rows = unit.connection.execute(held, _at(channel, now)).mappings().all()
        if not rows:
            break
        looked_at += len(rows)
        program = program or unit.program(rows[0]["program"])
        for row in rows:
            notice = notice_of(row)
            match _readable(unit, notice, now, judged, program):
                case (Case() as case, False):
                    speaking.append((notice, case))
                case (_, True):
                    outbox.drop(unit, notice, now)
    if program is None or len(speaking) <= program.ladder.burst_over:
        return None
    leader = replace(speaking[0][0], bundle=speaking[0][0].id, sender=sender)
    _mark(unit, n.id.in_([notice.id for notice, _ in speaking]), now + hold, sender, bundle=leader.id)
    return _as_one(unit, leader, program, speaking)


def _claim_again(unit: UnitOfWork, head: Row, now: datetime, hold: timedelta, sender: str | None) -> Bundle:
    """A bundle whose sender was lost, or had no clear answer: the same pings, without those that are moot by now."""
    leader = unit.connection.execute(sa.select(t.notices).where(n.id == head["bundle"])).mappings().one()
    notice = replace(notice_of(leader), tries=head["tries"], uncertain=bool(head["uncertain"]), sender=None)
    _mark(unit, rows_of(notice), now + hold, sender, bundle=notice.id)
    notice = replace(notice, sender=sender)
    mine = sa.select(t.notices).where(rows_of(notice)).order_by(n.urgency.desc(), n.id)
    pings = [notice_of(row) for row in unit.connection.execute(mine).mappings().all()]
    program = unit.program(notice.program)
    found = [(one, _readable(unit, one, now, judged, program)) for one in pings]
    speaking = [(one, it[0]) for one, it in found if it and not it[1]]
    return _as_one(unit, notice, program, speaking)


def _as_one(
    unit: UnitOfWork, leader: Notice, program: Program, speaking: Sequence[tuple[Notice, Case]]
) -> Bundle:
    people, posts = people_of(unit, program), tuple(unit.posts([case.number for _, case in speaking]))
    pings = tuple(Ping(notice, program, case, None, people) for notice, case in speaking)
    return Bundle(leader, program, posts, pings, people, moot=not pings)


def _claim_one(
    unit: UnitOfWork, head: Row, now: datetime, hold: timedelta, sender: str | None
) -> Claimed | None:
    """A notice by itself; None where it is dropped, or left for later."""
    notice = replace(notice_of(head), sender=sender)
    unit.connection.execute(MARK, {"of_id": notice.id, "deadline": now + hold, "sender": sender})
    found = _readable(unit, notice, now, claimed)
    if found is None:
        return None
    if found.moot and not notice.uncertain:
        outbox.drop(unit, notice, now)
        return None
    if isinstance(found, Card) and found.post is None:
        return _as_what_is_in_doubt(unit, found, now, hold)
    return found


def _as_what_is_in_doubt(unit: UnitOfWork, card: Card, now: datetime, hold: timedelta) -> Card:
    """A first card goes as the parked one that may stand in Slack already, if there is one."""
    notice = card.notice
    earlier = outbox.card_in_doubt(unit, card.case.number)
    if earlier is None:
        return card
    outbox.drop(unit, notice, now)
    unit.connection.execute(MARK, {"of_id": earlier.id, "deadline": now + hold, "sender": notice.sender})
    return replace(card, notice=replace(earlier, sender=notice.sender))


def _mark(
    unit: UnitOfWork, rows: sa.ColumnElement[bool], deadline: datetime, sender: str | None, bundle: int
) -> None:
    """These are being sent as one."""
    marked = sa.update(t.notices).where(rows)
    values = {"state": NoticeState.SENDING.value, "deadline": deadline, "sender": sender, "bundle": bundle}
    unit.connection.execute(marked.values(**values, uncertain=True, tries=n.tries + 1))


def _readable(
    unit: UnitOfWork, notice: Notice, now: datetime, read: Callable[..., R], *rest: Any
) -> R | None:
    """What `read` makes of a notice; None where that is broken: it is taken out and tried again."""
    try:
        return read(unit, notice, *rest, now)
    except SQLAlchemyError:
        raise
    except Exception:
        log.exception(UNREADABLE, notice=notice.id, case=notice.case)
        _leave(unit, notice, now)
        return None


def _leave(unit: UnitOfWork, notice: Notice, now: datetime) -> None:
    """One case that cannot be read must not hold up its channel, nor the bundle that it is in."""
    if notice.bundle:
        alone = sa.update(t.notices).where(t.notices.c.id == notice.id)
        unit.connection.execute(alone.values(bundle=ALONE))
    again = replace(notice, bundle=ALONE)
    outbox.later(unit, again, now + LOOK_AGAIN, "its case cannot be read", uncertain=notice.uncertain)
