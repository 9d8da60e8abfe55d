"""Which of a channel's notices goes next: claimed in one short transaction, alone or in a bundle.

A channel sends one notice at a time; within a case they keep their order; a case with an overdue promise goes first. If
many pings are waiting, the most urgent become one: a bundle, claimed, sent and settled together. Instants are the
caller's clock.
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

from cases.audience import People
from cases.program import Program
from cases.reminders.alerts import loudest, people, riding
from cases.reminders.engine import still_speaks
from storage import tables as t
from storage.engine import is_sqlite
from storage.outbox import settling
from storage.outbox.notices import (
    Bundle,
    Card,
    Claimed,
    Ping,
    claimed,
    everybody,
    judged,
    notice_of,
    people_of,
)
from storage.outbox.settling import ALONE, LONGEST_WAIT, rows_of
from storage.records import Alert, Notice, NoticeKind, NoticeState
from storage.rows import Row
from storage.statements import UNSETTLED, is_any_of, written
from storage.unit import UnitOfWork
from storage.writing import alerts
from storage.writing.notices import notice_row

log = structlog.get_logger(__name__)

R = TypeVar("R")

LOOK_AGAIN = timedelta(minutes=1)

UNREADABLE = "a notice's case cannot be read; trying again"

KINDS = tuple(kind.value for kind in NoticeKind)
"""What this version can show. During an upgrade, kinds that only a newer bot knows are left to that bot."""

BUNDLE_AT_MOST = 40
"""Pings in one message: as many as people can read, and as Slack accepts with a link and a sentence each.

Slack refuses blocks of more than about 12,000 characters in all.
"""

LOOKED_AT_MOST = 200
"""Pings judged in one claim, so that moot ones after an outage don't block the writing thread for long."""

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
"""Pings that nobody has tried to send and whose cards are in the channel; other waiting notices don't count."""

WAITING_PINGS = sa.select(sa.func.count(), sa.func.max(n.urgency), sa.func.max(n.program)).where(BUNDLED)
LIVE = alerts.STANDING.where(CHANNEL, n.alert == Alert.LIVE.value).order_by(n.settled_at, n.id)
"""The live alerts of a channel, the oldest first."""

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
CALLS = sa.update(t.notices).where(n.id == sa.bindparam("of_id"))
"""Whom a ping mentions: it says so again where it is in doubt."""


@dataclass(frozen=True)
class Nothing:
    """No notice can go now; `until` is when the next one may, if known."""

    until: datetime | None


class May(Enum):
    """What a channel may get now, by Slack's limits on posting and on redrawing."""

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

    `sender` holds the channel's lease (see storage/outbox/replicas.py), so anything else marked as being sent there has
    lost its sender; without a lease, only once its deadline has passed. Such a notice comes again, marked uncertain:
    the sender looks before repeating it. A ping whose case has moved on is dropped here, in the transaction that would
    send it. The notice is locked before its case is read, so it sees changes that are being saved.
    """
    if not is_sqlite(unit.connection):
        _hold_channel(unit, channel)
    under_way = _under_way(unit, channel, now, hold, sender)
    if under_way is not None:
        return Nothing(under_way)
    bundles = may is not May.REDRAWS
    while True:
        head = _head(unit, channel, now, may)
        if bundles and _is_time_for_pings(unit, channel, now, head):
            bundle = _bundle(unit, channel, now, hold, sender)
            if bundle is not None:
                return bundle
            bundles = False  # the moot ones are dropped, and the few others go one by one
            continue
        if isinstance(head, Nothing):
            return head
        again = _claim_again if head["bundle"] else _claim_one
        found = again(unit, head, now, hold, sender)
        if found is not None:
            return found


def _hold_channel(unit: UnitOfWork, channel: str) -> None:
    """Makes senders of one channel take turns; on SQLite the write lock does."""
    unit.connection.execute(HOLD_CHANNEL.with_for_update(key_share=True), {"channel": channel}).all()


def _under_way(
    unit: UnitOfWork, channel: str, now: datetime, hold: timedelta, sender: str | None
) -> datetime | None:
    """Until when somebody may be sending something in this channel; nobody holds a notice for longer than `hold`.

    For the lease's holder, that can only be an older bot, which knows no leases.
    """
    held = UNDER_WAY if sender is None else UNDER_WAY_UNLEASED
    at = {"channel": channel, "now": now, "latest": now + hold}
    return unit.value(held, at)


@cache
def _heads(may: May) -> tuple[sa.Select[Any], sa.Select[Any]]:
    """Of all that are first in their queue (a case's, a bundle's, the program's own): the next one to go, and when the
    soonest may.
    """
    mine = sa.and_(CHANNEL, UNSETTLED, is_any_of(n.kind, KINDS))
    redraw = sa.or_(sa.and_(n.kind == written(NoticeKind.CARD), POSTED), n.kind == written(NoticeKind.ALERT))
    # If Slack accepts only one of them, the other does not hold it back; otherwise a case's notices keep their order.
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
    """The row to go next, of all that are first in their queue."""
    ready, soonest = _heads(may)
    row = unit.connection.execute(ready, _at(channel, now)).mappings().one_or_none()
    if row is not None:
        return row
    return Nothing(unit.connection.execute(soonest, {"channel": channel}).scalar_one())


def _is_time_for_pings(unit: UnitOfWork, channel: str, now: datetime, head: Row | Nothing) -> bool:
    """Whether pings are waiting that may become one message, and nothing more urgent precedes them."""
    waiting = unit.connection.execute(WAITING_PINGS, _at(channel, now)).one()
    if not waiting[0] or (waiting[0] == 1 and not unit.finds(LIVE.limit(ONE), {"channel": channel})):
        return False
    return isinstance(head, Nothing) or (head["most_urgent"], bool(head["bundle"])) <= (waiting[1], False)


def _at(channel: str, now: datetime) -> dict[str, Any]:
    return {"channel": channel, "now": now, "beyond": now + LONGEST_WAIT}


def _bundle(
    unit: UnitOfWork, channel: str, now: datetime, hold: timedelta, sender: str | None
) -> Bundle | None:
    """The most urgent of the waiting pings as one, with the live alerts that concern the same people; None if there are
    too few, and each mentions others.

    Each is judged here, in the transaction that would send it, as it would be alone.
    """
    order = sa.select(t.notices).where(BUNDLED).order_by(n.urgency.desc(), n.id)
    speaking: list[Ping] = []
    looked_at = 0
    program, known = None, People()
    while len(speaking) < BUNDLE_AT_MOST and looked_at < LOOKED_AT_MOST:
        more = order.where(n.id.not_in([ping.notice.id for ping in speaking]))
        # Locked before their cases are read, so they see changes that are being saved.
        held = more.limit(BUNDLE_AT_MOST - len(speaking)).with_for_update(of=t.notices)
        rows = unit.connection.execute(held, _at(channel, now)).mappings().all()
        if not rows:
            break
        looked_at += len(rows)
        if program is None:
            program = unit.program(rows[0]["program"])
            known = people_of(unit, program)
        for row in rows:
            match _readable(unit, notice_of(row), now, judged, program, known):
                case Ping(moot=False) as ping:
                    speaking.append(ping)
                case Ping() as ping:
                    _drop(unit, ping, now)
    if program is None or not speaking:
        return None
    together = [*speaking, *_riders(unit, channel, speaking, program, known, now)]
    called = [set(people(ping.whom, known.members)) for ping in together]
    if len(together) <= program.ladder.burst_over and sum(map(len, called)) == len(set().union(*called)):
        return None
    leader = replace(speaking[0].notice, bundle=speaking[0].notice.id, sender=sender)
    _mark(unit, n.id.in_([ping.notice.id for ping in together]), now + hold, sender, bundle=leader.id)
    _note_calls(unit, together)
    return _as_one(unit, leader, program, known, together)


def _riders(
    unit: UnitOfWork,
    channel: str,
    speaking: Sequence[Ping],
    program: Program,
    known: People,
    now: datetime,
) -> list[Ping]:
    """Alerts that stand in the channel and are for people whom these pings call anyway: these hear of them again, so that
    nobody is called for one case after the other.
    """
    called = {user for ping in speaking for user in people(ping.whom, known.members)}
    rows = unit.connection.execute(LIVE.limit(LOOKED_AT_MOST), {"channel": channel}).mappings()
    told = {ping.case.number for ping in speaking}
    live = [alert for alert in map(notice_of, rows) if alert.case not in told]
    standing = alerts.standing(unit, [alert.case or 0 for alert in live])
    found: list[Ping] = []
    for alert in live[: BUNDLE_AT_MOST - len(speaking)]:
        try:
            case = unit.case(alert.case or 0, program.id)
        except SQLAlchemyError:
            raise
        except Exception:
            log.exception("an alert's case cannot be read; it is left out", case=alert.case)
            continue
        stand = standing[case.number]
        speak = [one for one in stand if still_speaks(one.chain, case, program, now, since=one.created_at)]
        chains = {one.chain.rule: one for one in speak}
        audience = {rule: rule.does.audience(case, program, now, known.members) for rule in chains}
        every = tuple(dict.fromkeys(one for rule in audience for one in audience[rule]))
        asked = everybody(speak[-1], case, program, every, known, now) if speak else ()
        if whom := riding(asked, alerts.heard(stand), called, known.members, now):
            rule = loudest(chains)
            again = _add_again(unit, chains[rule], program, now)
            found.append(Ping(again, program, case, None, known, audience[rule], whom))
    return found


def _add_again(unit: UnitOfWork, alert: Notice, program: Program, now: datetime) -> Notice:
    """A ping that says an alert once more."""
    same = ("rule", "step", "about", "round", "broadcast")
    columns = {name: getattr(alert, name) for name in same}
    row = notice_row(NoticeKind.PING, alert.case, program, now, **columns)
    number: int = unit.connection.execute(sa.insert(t.notices).returning(n.id), row).scalar_one()
    return replace(alert, id=number, created_at=now, tries=0)


def _claim_again(unit: UnitOfWork, head: Row, now: datetime, hold: timedelta, sender: str | None) -> Bundle:
    """A bundle whose sender was lost or got no clear answer: the same pings, without those that are moot now."""
    leader = unit.connection.execute(sa.select(t.notices).where(n.id == head["bundle"])).mappings().one()
    notice = replace(notice_of(leader), tries=head["tries"], uncertain=bool(head["uncertain"]), sender=None)
    _mark(unit, rows_of(notice), now + hold, sender, bundle=notice.id)
    notice = replace(notice, sender=sender)
    mine = sa.select(t.notices).where(rows_of(notice)).order_by(n.urgency.desc(), n.id)
    pings = [notice_of(row) for row in unit.connection.execute(mine).mappings().all()]
    program = unit.program(notice.program)
    known = people_of(unit, program)
    found = [_readable(unit, one, now, judged, program, known) for one in pings]
    return _as_one(unit, notice, program, known, [ping for ping in found if ping and not ping.moot])


def _as_one(
    unit: UnitOfWork, leader: Notice, program: Program, known: People, pings: Sequence[Ping]
) -> Bundle:
    posts = tuple(unit.posts([ping.case.number for ping in pings]))
    return Bundle(leader, program, tuple(pings), known, moot=not pings, posts=posts)


def _claim_one(
    unit: UnitOfWork, head: Row, now: datetime, hold: timedelta, sender: str | None
) -> Claimed | None:
    """A single notice; None if it is dropped, or postponed."""
    notice = replace(notice_of(head), sender=sender)
    unit.connection.execute(MARK, {"of_id": notice.id, "deadline": now + hold, "sender": sender})
    found = _readable(unit, notice, now, claimed)
    if found is None:
        return None
    if found.moot and not notice.uncertain:
        if isinstance(found, Ping):
            _drop(unit, found, now)
        else:
            settling.drop(unit, notice, now)
        return None
    if isinstance(found, Ping):
        _note_calls(unit, [found])
    if isinstance(found, Card) and found.post is None:
        return _as_what_is_in_doubt(unit, found, now, hold)
    return found


def _drop(unit: UnitOfWork, ping: Ping, now: datetime) -> None:
    """Nobody is called by this ping; if an alert of its case stands, it is brought up to date."""
    settling.drop(unit, ping.notice, now)
    stands = alerts.standing(unit, [ping.case.number])[ping.case.number]
    alerts.redraw(unit, stands[-1:], ping.program, now)


def _note_calls(unit: UnitOfWork, pings: Sequence[Ping]) -> None:
    calls = [{"of_id": ping.notice.id, "called": ",".join(map(str, ping.whom))} for ping in pings]
    unit.connection.execute(CALLS, calls)


def _as_what_is_in_doubt(unit: UnitOfWork, card: Card, now: datetime, hold: timedelta) -> Card:
    """A first card goes as the parked one that may already be in Slack, if there is one."""
    notice = card.notice
    earlier = settling.card_in_doubt(unit, card.case.number)
    if earlier is None:
        return card
    settling.drop(unit, notice, now)
    unit.connection.execute(MARK, {"of_id": earlier.id, "deadline": now + hold, "sender": notice.sender})
    return replace(card, notice=replace(earlier, sender=notice.sender))


def _mark(
    unit: UnitOfWork, rows: sa.ColumnElement[bool], deadline: datetime, sender: str | None, bundle: int
) -> None:
    """Marks these as being sent together."""
    marked = sa.update(t.notices).where(rows)
    values = {"state": NoticeState.SENDING.value, "deadline": deadline, "sender": sender, "bundle": bundle}
    unit.connection.execute(marked.values(**values, uncertain=True, tries=n.tries + 1))


def _readable(
    unit: UnitOfWork, notice: Notice, now: datetime, read: Callable[..., R], *rest: Any
) -> R | None:
    """What `read` makes of a notice; None if it is broken: it is taken out and tried again."""
    try:
        return read(unit, notice, *rest, now)
    except SQLAlchemyError:
        raise
    except Exception:
        log.exception(UNREADABLE, notice=notice.id, case=notice.case)
        _leave(unit, notice, now)
        return None


def _leave(unit: UnitOfWork, notice: Notice, now: datetime) -> None:
    """One case that cannot be read must hold up neither its channel nor its bundle."""
    if notice.bundle:
        alone = sa.update(t.notices).where(t.notices.c.id == notice.id)
        unit.connection.execute(alone.values(bundle=ALONE))
    again = replace(notice, bundle=ALONE)
    settling.later(unit, again, now + LOOK_AGAIN, "its case cannot be read", uncertain=notice.uncertain)
