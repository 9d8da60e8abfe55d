"""The outbox's states: waiting → sending (with a deadline) → sent, or dropped, or parked with Slack's error.

One notice of a channel is under way at a time; within a case they keep their order; a case with an overdue
promise goes first. Instants are the caller's clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

import structlog
from sqlalchemy import and_, delete, exists, func, insert, not_, or_, select, update
from sqlalchemy.exc import SQLAlchemyError

from cases.case import Case
from cases.ladder import Chain, Rule, still_speaks
from cases.program import Program
from storage import tables as t
from storage.mapping import Row
from storage.reading import Reading
from storage.records import EventRecord, Notice, NoticeKind, Post
from storage.work import Work

log = structlog.get_logger(__name__)

LOOK_AGAIN = timedelta(minutes=1)

UNSETTLED = ("waiting", "sending")


@dataclass(frozen=True)
class Errand:
    """A notice that was claimed, with all that its text is made of, as it stands at this moment.

    `moot`: the case has moved on since an earlier try; if that one did not reach Slack, nothing is to be sent.
    """

    notice: Notice
    case: Case
    program: Program
    event: EventRecord | None
    post: Post | None
    moot: bool = False


@dataclass(frozen=True)
class Nothing:
    """No notice can go now; `until` is when the next one may, if that is known."""

    until: datetime | None


def channels(work: Reading) -> list[str]:
    """Channels that have something to be sent, now or later."""
    query = select(t.notices.c.channel).where(t.notices.c.state.in_(UNSETTLED)).distinct()
    return list(work.connection.execute(query).scalars())


class May(Enum):
    """What a channel may get at this moment, by Slack's limits on posting and on redrawing."""

    ALL = "all"
    POSTS = "posts"
    REDRAWS = "redraws"


def claim(work: Work, channel: str, now: datetime, hold: timedelta, may: May = May.ALL) -> Errand | Nothing:
    """The channel's next notice, marked as being sent until `now + hold`.

    A notice whose sender was lost (its deadline passed) comes again, marked uncertain: the sender looks before
    repeating it. A ping whose case has moved on is dropped here, in the transaction that would send it. The
    notice is held before its case is read, so that a change that waits to be seen is seen.
    """
    _hold_channel(work, channel)
    while True:
        found = _next(work, channel, now, may)
        if not isinstance(found, Notice):
            return found
        row = update(t.notices).where(t.notices.c.id == found.id)
        work.connection.execute(
            row.values(state="sending", deadline=now + hold, tries=found.tries + 1, uncertain=True)
        )
        try:
            errand = _errand(work, found, now)
        except SQLAlchemyError:
            raise
        except Exception:
            # One case that cannot be read must not hold up its channel.
            log.exception(
                "a notice's case cannot be read; it is tried again", notice=found.id, case=found.case
            )
            later(work, found, now + LOOK_AGAIN, "its case cannot be read", uncertain=found.uncertain)
            continue
        if errand.moot and not found.uncertain:
            drop(work, found, now)
            continue
        return errand


def take_back(work: Work, now: datetime) -> None:
    """At the start of the only process there is: whatever was under way has lost its sender, and is uncertain.

    On PostgreSQL another replica may be sending it this moment; there the deadline decides.
    """
    if work.connection.dialect.name == "sqlite":
        under_way = update(t.notices).where(t.notices.c.state == "sending")
        work.connection.execute(under_way.values(deadline=now))


def sent(work: Work, errand: Errand, ts: str, permalink: str | None, now: datetime) -> None:
    """Slack has it; a card's place is kept with it."""
    notice = errand.notice
    row = update(t.notices).where(t.notices.c.id == notice.id)
    work.connection.execute(row.values(state="sent", ts=ts, settled_at=now, deadline=None, error=None))
    if notice.kind is NoticeKind.CARD:
        place = {"channel": notice.channel, "ts": ts, "permalink": permalink}
        moved = update(t.posts).where(t.posts.c.case_number == notice.case, t.posts.c.ts != ts)
        if errand.post is None:
            work.connection.execute(insert(t.posts), [{"case_number": notice.case, **place}])
        else:
            work.connection.execute(moved.values(**place))
    elif permalink is not None:
        work.keep_permalink(notice.case, permalink)


def later(work: Work, notice: Notice, at: datetime, why: str, *, uncertain: bool) -> None:
    """Not now: again at `at`. `uncertain` says that Slack may have it all the same."""
    if notice.kind is NoticeKind.CARD:
        _drop_newer_redraw(work, notice, at)
    row = update(t.notices).where(t.notices.c.id == notice.id)
    work.connection.execute(
        row.values(state="waiting", not_before=at, deadline=None, error=why, uncertain=uncertain)
    )


def drop(work: Work, notice: Notice, now: datetime) -> None:
    """It is not to be seen any more."""
    row = update(t.notices).where(t.notices.c.id == notice.id)
    work.connection.execute(row.values(state="dropped", settled_at=now, deadline=None))


def card_lost(work: Work, errand: Errand, now: datetime) -> None:
    """Somebody deleted the card: its notice becomes one that posts it again."""
    work.connection.execute(delete(t.posts).where(t.posts.c.case_number == errand.case.number))
    later(work, errand.notice, now, "the card was deleted", uncertain=False)


def park(work: Work, notice: Notice, why: str, now: datetime) -> None:
    """Slack refuses it for good; it stays, with Slack's error, for people to see."""
    row = update(t.notices).where(t.notices.c.id == notice.id)
    work.connection.execute(row.values(state="parked", error=why, settled_at=now, deadline=None))


def parked(work: Work) -> int:
    """How many notices Slack refused for good."""
    query = select(func.count()).select_from(t.notices).where(t.notices.c.state == "parked")
    count: int = work.connection.execute(query).scalar_one()
    return count


def _hold_channel(work: Work, channel: str) -> None:
    """Senders of one channel come one after the other; SQLite's write lock does that by itself."""
    held = select(t.programs.c.id).where(t.programs.c.channel == channel)
    work.connection.execute(held.with_for_update(key_share=True)).all()


def _next(work: Work, channel: str, now: datetime, may: May) -> Notice | Nothing:
    n = t.notices.c
    mine = and_(n.channel == channel, n.state.in_(UNSETTLED))
    under_way = work.connection.execute(
        select(n.deadline).where(mine, n.state == "sending", n.deadline > now).limit(1)
    ).scalar_one_or_none()
    if under_way is not None:
        return Nothing(under_way)
    posted = exists().where(t.posts.c.case_number == n.case_number)
    redraw = and_(n.kind == NoticeKind.CARD.value, posted)
    # Where Slack takes only the one, the other does not hold it back; else a case is told in its order.
    ranked = {May.ALL: mine, May.POSTS: and_(mine, not_(redraw)), May.REDRAWS: and_(mine, redraw)}[may]
    lines = (
        select(
            t.notices,
            func.row_number().over(partition_by=n.case_number, order_by=n.id).label("place"),
            func.max(n.urgency).over(partition_by=n.case_number).label("most_urgent"),
        )
        .where(ranked)
        .subquery()
    )
    heads = select(lines).where(lines.c.place == 1)
    ready = or_(lines.c.state == "sending", lines.c.not_before <= now)
    row = (
        work.connection.execute(heads.where(ready).order_by(lines.c.most_urgent.desc(), lines.c.id).limit(1))
        .mappings()
        .one_or_none()
    )
    if row is not None:
        return _notice(row)
    soonest = work.connection.execute(heads.order_by(lines.c.not_before).limit(1)).mappings().one_or_none()
    return Nothing(soonest["not_before"] if soonest else None)


def _drop_newer_redraw(work: Work, notice: Notice, now: datetime) -> None:
    """The older notice of a card stays, because Slack may know it by its id; it shows all that the newer would."""
    n = t.notices.c
    newer = update(t.notices).where(
        n.case_number == notice.case, n.kind == NoticeKind.CARD.value, n.state == "waiting", n.id != notice.id
    )
    work.connection.execute(newer.values(state="dropped", settled_at=now))


def _errand(work: Work, notice: Notice, now: datetime) -> Errand:
    program = work.program(notice.program)
    case = work.case(notice.case, program.id)
    event = work.event(notice.event) if notice.event is not None else None
    moot = notice.kind is NoticeKind.PING and (
        not still_speaks(chain_of(notice), case, program, now, since=notice.created_at)
        or _overtaken(work, notice)
    )
    return Errand(notice, case, program, event, work.post(case.number), moot)


def chain_of(notice: Notice) -> Chain:
    """The chain that a ping belongs to."""
    return Chain(Rule(notice.rule or ""), notice.about, notice.round)


def _overtaken(work: Work, notice: Notice) -> bool:
    """Whether a later step of the same chain waits already: after an outage one ping says what all would."""
    n = t.notices.c
    later_step = select(n.id).where(
        n.case_number == notice.case,
        n.kind == NoticeKind.PING.value,
        n.rule == notice.rule,
        n.about == notice.about,
        n.round == notice.round,
        n.step > notice.step,
        n.state.in_(UNSETTLED),
    )
    return work.connection.execute(later_step.limit(1)).first() is not None


def _notice(row: Row) -> Notice:
    values: dict[str, Any] = {
        name: row[name]
        for name in (
            "id",
            "program",
            "channel",
            "created_at",
            "tries",
            "uncertain",
            "event",
            "person",
            "rule",
            "step",
            "about",
            "round",
            "late",
            "broadcast",
        )
    }
    values["uncertain"] = bool(row["uncertain"])
    values["broadcast"] = bool(row["broadcast"])
    return Notice(kind=NoticeKind(row["kind"]), case=row["case_number"], **values)
