"""The outbox's states: waiting → sending (with a deadline) → sent, or dropped, or parked with Slack's error.

One notice of a channel is under way at a time; within a case they keep their order; a case with an overdue
promise goes first. Where many pings wait at once, the most urgent become one: a bundle, claimed, sent and settled
together. Instants are the caller's clock.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any

import structlog
from sqlalchemy import ColumnElement, and_, delete, exists, func, insert, not_, null, or_, select, update
from sqlalchemy import case as one_of
from sqlalchemy.exc import SQLAlchemyError

from cases.case import Case
from cases.coaching import Coaching, CoachingState
from cases.figures.period import Period, week_before
from cases.figures.report import Asked, By
from cases.hands import Hand
from cases.ladder import Chain, Rule, still_speaks
from cases.program import Program
from cases.recurring import Digest, Handover, digest, handover, yesterday
from cases.shifts import Members
from storage import coaching
from storage import tables as t
from storage.mapping import Row
from storage.reading import Reading
from storage.records import EventRecord, Notice, NoticeKind, Post
from storage.work import Work

log = structlog.get_logger(__name__)

LOOK_AGAIN = timedelta(minutes=1)

LONGEST_WAIT = timedelta(minutes=10)
"""No notice waits longer before it is tried again: what a row says beyond that was written by a clock that was wrong
then, or is put back now. Nothing waits for such a clock.
"""

UNREADABLE = "a notice's case cannot be read; it is tried again"

UNSETTLED = ("waiting", "sending")

KINDS = tuple(kind.value for kind in NoticeKind)
"""What this version can show. While a newer one is rolled out, what only that one knows is left to it."""


BUNDLE_AT_MOST = 40
"""Pings in one message: as many as somebody can read, and as Slack takes with a link and a sentence each.

It refuses blocks of more than about 12,000 characters in all.
"""

LOOKED_AT_MOST = 200
"""Pings that one claim judges, so that after an outage the moot ones do not keep the writing thread for long."""

MENTIONS = frozenset({NoticeKind.PING, NoticeKind.LINE, NoticeKind.COACHING})
"""What calls user groups by name."""

REPORTS = frozenset({NoticeKind.WEEKLY, NoticeKind.REPORT})
"""What is made of figures."""

ALONE = 0
"""The `bundle` of a ping that goes by itself, because Slack refused the bundle that it was in."""


@dataclass(frozen=True)
class Pinged:
    """One ping of a bundle, with its case as it stands at this moment."""

    notice: Notice
    case: Case


@dataclass(frozen=True)
class Order:
    """A report that is to be posted. Its figures are read when it is sent, in a transaction of their own: they may take
    a second, for which nobody's click should wait. `asked` is None for the weekly one.
    """

    period: Period
    by: By | None = None
    asked: Asked | None = None


@dataclass(frozen=True)
class Errand:
    """A notice that was claimed, with all that its text is made of, as it stands at this moment.

    `moot`: the case has moved on since an earlier try; if that one did not reach Slack, nothing is to be sent.
    Of a bundle `notice` is the leader and `pings` are those that still speak; it has no case of its own.
    `posts` are the cards of all the cases that a message of many names, `matter` is what a recurring post tells,
    `stands` where it stands already (its timestamp), to be drawn anew,
    `hands` are those through which the case of a card went, `members` who is in which user group, for what mentions
    people, `gone` the groups that Slack has no more and the people who left, `coaching` the item that a reminder of
    feedback is about.
    """

    notice: Notice
    program: Program
    case: Case | None = None
    event: EventRecord | None = None
    post: Post | None = None
    moot: bool = False
    pings: tuple[Pinged, ...] = ()
    posts: tuple[Post, ...] = ()
    matter: Digest | Handover | Order | None = None
    stands: str | None = None
    hands: tuple[Hand, ...] = ()
    members: Members = field(default_factory=dict)
    gone: frozenset[str] = frozenset()
    coaching: Coaching | None = None

    @property
    def is_bundle(self) -> bool:
        """Whether many pings go as one message."""
        return bool(self.notice.bundle)


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


def claim(
    work: Work,
    channel: str,
    now: datetime,
    hold: timedelta,
    may: May = May.ALL,
    sender: str | None = None,
) -> Errand | Nothing:
    """The channel's next notice, marked as being sent until `now + hold`.

    `sender` holds the channel's lease (see storage/replicas.py): whatever else is marked as being sent there has lost
    its sender. Without a lease it has when its deadline passed. Such a notice comes again, marked uncertain: the
    sender looks before repeating it. A ping whose case has moved on is dropped here, in the transaction that would send it. The
    notice is held before its case is read, so that a change that waits to be seen is seen.
    """
    _hold_channel(work, channel)
    under_way = _under_way(work, channel, now, hold, sender)
    if under_way is not None:
        return Nothing(under_way)
    bundles = may is not May.REDRAWS
    while True:
        head = _head(work, channel, now, may)
        if bundles and _is_burst(work, channel, now, head):
            bundle = _bundle(work, channel, now, hold, sender)
            if bundle is not None:
                return bundle
            bundles = False  # the moot ones are dropped, the few others go one by one
            continue
        if isinstance(head, Nothing):
            return head
        again = _claim_again if head["bundle"] else _claim_one
        errand = again(work, head, now, hold, sender)
        if errand is not None:
            return errand


def take_back(work: Work, now: datetime) -> None:
    """At the start of the only process there is: whatever was under way has lost its sender, and is uncertain.

    On PostgreSQL another replica may be sending it this moment; there its lease decides.
    """
    if work.connection.dialect.name == "sqlite":
        work.connection.execute(delete(t.leases))
        under_way = update(t.notices).where(t.notices.c.state == "sending")
        work.connection.execute(under_way.values(deadline=now))


def sent(
    work: Work,
    errand: Errand,
    ts: str,
    permalink: str | None,
    now: datetime,
    pings: Collection[int] = (),
) -> None:
    """Slack has it; a card's place is kept with it.

    Of a bundle, `pings` are those that the message names, where it was found in Slack instead of sent just now.
    The others had nothing to say any more.
    """
    notice = errand.notice
    row = update(t.notices).where(_rows(notice))
    if errand.is_bundle:
        named = pings or [ping.notice.id for ping in errand.pings]
        unnamed = row.where(t.notices.c.id.not_in(named))
        work.connection.execute(unnamed.values(state="dropped", settled_at=now, deadline=None))
    settled = row.values(state="sent", ts=ts, settled_at=now, deadline=None, error=None)
    if not work.connection.execute(settled).rowcount or notice.case is None or errand.is_bundle:
        return
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
    """Not now: again at `at`. `uncertain` says that Slack may have it all the same.

    A bundle that certainly was not sent falls apart: by then others may be more urgent. One in doubt stays as it
    is, to be found as the message that it may be.
    """
    if not _is_mine(work, notice):
        return
    if notice.kind is NoticeKind.CARD:
        _drop_newer_redraw(work, notice, at)
    row = update(t.notices).where(_rows(notice))
    if notice.bundle and not uncertain:
        row = row.values(bundle=None)
    work.connection.execute(
        row.values(state="waiting", not_before=at, deadline=None, error=why, uncertain=uncertain)
    )


def scatter(work: Work, notice: Notice, why: str, now: datetime) -> None:
    """Slack refuses a bundle for good: each of its pings goes by itself, so that none is lost with the others."""
    row = update(t.notices).where(_rows(notice))
    work.connection.execute(
        row.values(
            state="waiting",
            bundle=ALONE,
            not_before=now,
            deadline=None,
            error=why,
            uncertain=notice.uncertain,
        )
    )


def drop(work: Work, notice: Notice, now: datetime) -> None:
    """It is not to be seen any more."""
    row = update(t.notices).where(_rows(notice))
    work.connection.execute(row.values(state="dropped", settled_at=now, deadline=None))


def card_lost(work: Work, errand: Errand, now: datetime) -> None:
    """Somebody deleted the card: its notice becomes one that posts it again. A case whose data was deleted needs none."""
    if not _is_mine(work, errand.notice):
        return
    if errand.case is not None and errand.case.blanked_at is not None:
        drop(work, errand.notice, now)
        return
    work.connection.execute(delete(t.posts).where(t.posts.c.case_number == errand.notice.case))
    later(work, errand.notice, now, "the card was deleted", uncertain=False)


def park(work: Work, notice: Notice, why: str, now: datetime) -> None:
    """Slack refuses it for good; it stays, with Slack's error, for people to see."""
    row = update(t.notices).where(_rows(notice))
    work.connection.execute(row.values(state="parked", error=why, settled_at=now, deadline=None))


def parked(work: Work) -> int:
    """How many notices Slack refused for good."""
    query = select(func.count()).select_from(t.notices).where(t.notices.c.state == "parked")
    count: int = work.connection.execute(query).scalar_one()
    return count


def retry_parked(work: Work, now: datetime) -> int:
    """What Slack refused for good waits again, because its cause is gone; how many that were. Cards are drawn anew."""
    n = t.notices.c
    refused = select(n.id, n.kind, n.case_number, n.program).where(n.state == "parked").with_for_update()
    rows = work.connection.execute(refused).all()
    for row in rows:
        again = update(t.notices).where(n.id == row.id)
        if row.kind == NoticeKind.CARD.value:
            work.connection.execute(again.values(state="dropped", settled_at=now))
            work.redraw(row.case_number, work.program(row.program), now)
        else:
            waits = {"state": "waiting", "not_before": now, "settled_at": None, "bundle": ALONE}
            work.connection.execute(again.values(**waits))
    return len(rows)


def _hold_channel(work: Work, channel: str) -> None:
    """Senders of one channel come one after the other; SQLite's write lock does that by itself."""
    held = select(t.programs.c.id).where(t.programs.c.channel == channel)
    work.connection.execute(held.with_for_update(key_share=True)).all()


def _rows(notice: Notice) -> ColumnElement[bool]:
    """The rows of a claimed notice: its own, or all of its bundle that are not settled.

    None of them where another bot has taken it over meanwhile: how it ended is that one's to say.
    """
    n = t.notices.c
    mine = n.id == notice.id
    if notice.bundle:
        mine = and_(n.channel == notice.channel, n.bundle == notice.bundle, n.state.in_(UNSETTLED))
    return mine if notice.sender is None else and_(mine, n.sender == notice.sender)


def _is_mine(work: Work, notice: Notice) -> bool:
    """Whether a claimed notice is still its sender's; it stays so until this transaction ends."""
    held = select(t.notices.c.id).where(_rows(notice)).limit(1)
    return work.connection.execute(held.with_for_update()).first() is not None


def _under_way(
    work: Work, channel: str, now: datetime, hold: timedelta, sender: str | None
) -> datetime | None:
    """Until when somebody may be sending something in this channel; nobody holds a notice for longer than `hold`.

    For the holder of its lease that is only somebody who knows of no lease: an older version of the bot.
    """
    n = t.notices.c
    sending = select(n.deadline).where(n.channel == channel, n.state == "sending")
    held = sending.where(n.deadline > now, n.deadline <= now + hold)
    if sender is not None:
        held = held.where(n.sender.is_(None))
    found: datetime | None = work.connection.execute(held.limit(1)).scalar_one_or_none()
    return found


def _may_go(not_before: ColumnElement[datetime], now: datetime) -> ColumnElement[bool]:
    """Whether a notice has waited long enough."""
    return or_(not_before <= now, not_before > now + LONGEST_WAIT)


def _posted() -> ColumnElement[bool]:
    return exists().where(t.posts.c.case_number == t.notices.c.case_number)


def _head(work: Work, channel: str, now: datetime, may: May) -> Row | Nothing:
    """The row to go next, of all that are first in their line: a case's, a bundle's, the program's own."""
    n = t.notices.c
    mine = and_(n.channel == channel, n.state.in_(UNSETTLED), n.kind.in_(KINDS))
    redraw = and_(n.kind == NoticeKind.CARD.value, _posted())
    # Where Slack takes only the one, the other does not hold it back; else a case is told in its order.
    ranked = {May.ALL: mine, May.POSTS: and_(mine, not_(redraw)), May.REDRAWS: and_(mine, redraw)}[may]
    in_bundle = n.bundle > 0
    line = (one_of((in_bundle, n.bundle)), one_of((in_bundle, null()), else_=n.case_number))
    lines = (
        select(
            t.notices,
            func.row_number().over(partition_by=line, order_by=n.id).label("place"),
            func.max(n.urgency).over(partition_by=line).label("most_urgent"),
        )
        .where(ranked)
        .subquery()
    )
    heads = select(lines).where(lines.c.place == 1)
    ready = or_(lines.c.state == "sending", _may_go(lines.c.not_before, now))
    row = (
        work.connection.execute(heads.where(ready).order_by(lines.c.most_urgent.desc(), lines.c.id).limit(1))
        .mappings()
        .one_or_none()
    )
    if row is not None:
        return row
    soonest = work.connection.execute(heads.order_by(lines.c.not_before).limit(1)).mappings().one_or_none()
    return Nothing(soonest["not_before"] if soonest else None)


def _is_burst(work: Work, channel: str, now: datetime, head: Row | Nothing) -> bool:
    """Whether more pings wait than are said one by one, and nothing louder comes before them."""
    n = t.notices.c
    waiting = work.connection.execute(
        select(func.count(), func.max(n.urgency), func.max(n.program)).where(_may_be_bundled(channel, now))
    ).one()
    if waiting[0] < 2 or waiting[0] <= work.program(waiting[2]).ladder.burst_over:
        return False
    return isinstance(head, Nothing) or (head["most_urgent"], bool(head["bundle"])) <= (waiting[1], False)


def _may_be_bundled(channel: str, now: datetime) -> ColumnElement[bool]:
    """Pings that nobody has tried to send, whose cards stand in the channel: what else waits there does not count."""
    n = t.notices.c
    return and_(
        n.channel == channel,
        n.state == "waiting",
        n.kind == NoticeKind.PING.value,
        n.bundle.is_(None),
        not_(n.uncertain),
        _may_go(n.not_before, now),
        _posted(),
    )


def _bundle(work: Work, channel: str, now: datetime, hold: timedelta, sender: str | None) -> Errand | None:
    """The most urgent of the pings that wait as one errand; None where too few of them still speak.

    Each is judged here, in the transaction that would send it, as it would be alone.
    """
    n = t.notices.c
    order = select(t.notices).where(_may_be_bundled(channel, now)).order_by(n.urgency.desc(), n.id)
    speaking: list[Pinged] = []
    looked_at, program = 0, None
    while len(speaking) < BUNDLE_AT_MOST and looked_at < LOOKED_AT_MOST:
        more = order.where(n.id.not_in([ping.notice.id for ping in speaking]))
        # Held before their cases are read, so that a change that waits to be seen is seen.
        held = more.limit(BUNDLE_AT_MOST - len(speaking)).with_for_update(of=t.notices)
        rows = work.connection.execute(held).mappings().all()
        if not rows:
            break
        looked_at += len(rows)
        program = program or work.program(rows[0]["program"])
        for row in rows:
            ping = _read(work, _notice(row), program, now)
            if ping is None:
                continue
            if _is_moot(work, ping.notice, ping.case, program, now):
                drop(work, ping.notice, now)
            else:
                speaking.append(ping)
    if program is None or len(speaking) <= program.ladder.burst_over:
        return None
    leader = replace(speaking[0].notice, bundle=speaking[0].notice.id, sender=sender)
    ids = [ping.notice.id for ping in speaking]
    _mark(work, n.id.in_(ids), now + hold, sender, bundle=leader.id)
    posts, (members, gone) = _posts(work, speaking), _groups(work)
    return Errand(leader, program, pings=tuple(speaking), posts=posts, members=members, gone=gone)


def _claim_again(work: Work, head: Row, now: datetime, hold: timedelta, sender: str | None) -> Errand:
    """A bundle whose sender was lost, or had no clear answer: the same pings, without those that are moot by now."""
    n = t.notices.c
    leader = work.connection.execute(select(t.notices).where(n.id == head["bundle"])).mappings().one()
    notice = replace(_notice(leader), tries=head["tries"], uncertain=bool(head["uncertain"]), sender=None)
    _mark(work, _rows(notice), now + hold, sender, bundle=notice.id)
    notice = replace(notice, sender=sender)
    mine = _rows(notice)
    program = work.program(notice.program)
    rows = work.connection.execute(select(t.notices).where(mine).order_by(n.urgency.desc(), n.id)).mappings()
    found = [_read(work, _notice(row), program, now) for row in rows.all()]
    pings = [ping for ping in found if ping and not _is_moot(work, ping.notice, ping.case, program, now)]
    posts, (members, gone) = _posts(work, pings), _groups(work)
    return Errand(
        notice, program, moot=not pings, pings=tuple(pings), posts=posts, members=members, gone=gone
    )


def _claim_one(work: Work, head: Row, now: datetime, hold: timedelta, sender: str | None) -> Errand | None:
    """A notice by itself; None where it is dropped, or left for later."""
    notice = replace(_notice(head), sender=sender)
    _mark(work, t.notices.c.id == notice.id, now + hold, sender)
    try:
        errand = _errand(work, notice, now)
    except SQLAlchemyError:
        raise
    except Exception:
        log.exception(UNREADABLE, notice=notice.id, case=notice.case)
        _leave(work, notice, now)
        return None
    if errand.moot and not notice.uncertain:
        drop(work, notice, now)
        return None
    return errand


def _mark(work: Work, rows: ColumnElement[bool], deadline: datetime, sender: str | None, **more: Any) -> None:
    """These are being sent."""
    marked = update(t.notices).where(rows)
    tries = t.notices.c.tries + 1
    work.connection.execute(
        marked.values(state="sending", deadline=deadline, sender=sender, tries=tries, uncertain=True, **more)
    )


def _read(work: Work, notice: Notice, program: Program, now: datetime) -> Pinged | None:
    """A ping of a bundle with its case; None where that cannot be read: it is taken out and tried again."""
    try:
        return Pinged(notice, work.case(notice.case or 0, program.id))
    except SQLAlchemyError:
        raise
    except Exception:
        log.exception(UNREADABLE, notice=notice.id, case=notice.case)
        _leave(work, notice, now)
        return None


def _leave(work: Work, notice: Notice, now: datetime) -> None:
    """One case that cannot be read must not hold up its channel, nor the bundle that it is in."""
    if notice.bundle:
        alone = update(t.notices).where(t.notices.c.id == notice.id)
        work.connection.execute(alone.values(bundle=ALONE))
    again = replace(notice, bundle=ALONE)
    later(work, again, now + LOOK_AGAIN, "its case cannot be read", uncertain=notice.uncertain)


def _posts(work: Work, pings: Collection[Pinged]) -> tuple[Post, ...]:
    return tuple(work.posts([ping.case.number for ping in pings]))


def _drop_newer_redraw(work: Work, notice: Notice, now: datetime) -> None:
    """The older notice of a card stays, because Slack may know it by its id; it shows all that the newer would."""
    n = t.notices.c
    newer = update(t.notices).where(
        n.case_number == notice.case, n.kind == NoticeKind.CARD.value, n.state == "waiting", n.id != notice.id
    )
    work.connection.execute(newer.values(state="dropped", settled_at=now))


def _errand(work: Work, notice: Notice, now: datetime) -> Errand:
    program = work.program(notice.program)
    event = work.event(notice.event) if notice.event is not None else None
    if notice.recurring is not None:
        return _recurring(work, notice, program, now)
    if notice.case is None:
        return Errand(notice, program, event=event)
    case = work.case(notice.case, program.id)
    if notice.kind is NoticeKind.COACHING:
        return _coaching(work, notice, program, case)
    moot = notice.kind is NoticeKind.PING and _is_moot(work, notice, case, program, now)
    course = work.hands(case.number) if notice.kind is NoticeKind.CARD and case.claimed_at else ()
    members, gone = _groups(work) if notice.kind in MENTIONS else ({}, frozenset())
    post = work.post(case.number)
    return Errand(notice, program, case, event, post, moot, hands=course, members=members, gone=gone)


def _groups(work: Work) -> tuple[Members, frozenset[str]]:
    """Who is in which user group, and who can be called no more: groups that Slack has not, people who left."""
    known = work.groups()
    lost = (group for group, one in known.items() if one.gone)
    return {group: one.members for group, one in known.items()}, frozenset((*lost, *work.leavers()))


def _coaching(work: Work, notice: Notice, program: Program, case: Case) -> Errand:
    """A reminder of feedback with its item; moot once it was given, or where a later reminder waits already."""
    item = coaching.item(work, notice.about, program.id)
    moot = item.state is not CoachingState.OWED or _overtaken(work, notice)
    (members, gone), post = _groups(work), work.post(case.number)
    return Errand(notice, program, case, post=post, moot=moot, members=members, gone=gone, coaching=item)


def _recurring(work: Work, notice: Notice, program: Program, now: datetime) -> Errand:
    """A recurring post with what then stands; its row's key says of which day, or of the end of which shift."""
    query = select(t.recurring.c.key, t.recurring.c.made_at).where(t.recurring.c.id == notice.recurring)
    key, made_at = work.connection.execute(query).one()
    if notice.kind in REPORTS:
        return Errand(notice, program, matter=_order(notice, key, program))
    n = t.notices.c
    first = select(n.ts).where(n.recurring == notice.recurring, n.state == "sent").order_by(n.id).limit(1)
    stands = work.connection.execute(first).scalar_one_or_none()
    cases = work.waiting_cases(program.id)
    matter: Digest | Handover
    if notice.kind is NoticeKind.DIGEST:
        day = date.fromisoformat(key)
        promises = work.first_promises(program.id, *yesterday(program, day))
        matter = digest(cases, promises, program, day, now)
    else:
        ends_at = datetime.fromisoformat(key)
        matter = handover(cases, work.group_members(), program, ends_at, now, made_at)
    posts = tuple(work.posts([case.number for case in cases]))
    return Errand(notice, program, posts=posts, matter=matter, stands=stands)


def _order(notice: Notice, key: str, program: Program) -> Order:
    if notice.kind is NoticeKind.WEEKLY:
        return Order(week_before(date.fromisoformat(key), program.timezone))
    asked = Asked.of(key)
    return Order(Period(asked.first, asked.last, program.timezone), asked.by, asked)


def _is_moot(work: Work, notice: Notice, case: Case, program: Program, now: datetime) -> bool:
    """Whether a ping has nothing to say any more: its case has moved on, or a later step says it."""
    speaks = still_speaks(chain_of(notice), case, program, now, since=notice.created_at)
    return not speaks or _overtaken(work, notice)


def chain_of(notice: Notice) -> Chain:
    """The chain that a ping belongs to."""
    return Chain(Rule(notice.rule or ""), notice.about, notice.round)


def _overtaken(work: Work, notice: Notice) -> bool:
    """Whether a later step of the same chain waits already: after an outage one ping says what all would."""
    n = t.notices.c
    later_step = select(n.id).where(
        n.case_number == notice.case,
        n.kind == notice.kind.value,
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
            "bundle",
            "recurring",
            "sender",
        )
    }
    values["uncertain"] = bool(row["uncertain"])
    values["broadcast"] = bool(row["broadcast"])
    return Notice(kind=NoticeKind(row["kind"]), case=row["case_number"], **values)
