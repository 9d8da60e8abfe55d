"""The outbox's states: waiting → sending (with a deadline) → sent, or dropped, or parked with Slack's error.

What goes next is claimed in storage/outbox/next_notice.py; here is what becomes of it. Instants are the caller's clock.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, String, and_, bindparam, delete, insert, or_, select, update

from storage import tables as t
from storage.engine import is_sqlite
from storage.outbox.notices import Bundle, Card, Claimed, Handover, OfCase, notice_of
from storage.reading import Reading
from storage.records import Notice, NoticeKind, NoticeState
from storage.statements import UNSETTLED
from storage.unit import UnitOfWork
from storage.writing.notices import redraw_card, redraw_handover

LONGEST_WAIT = timedelta(minutes=10)
"""No notice waits longer before it is tried again: what a row says beyond that was written by a clock that was wrong
then, or is put back now. Nothing waits for such a clock.
"""

SETTLED_SOON = timedelta(seconds=5)
"""After which a card that was deleted is tried again, where something may stand under it."""

ALONE = 0
"""The `bundle` of a ping that goes by itself, because Slack refused the bundle that it was in."""

n = t.notices.c
SENT = (
    update(t.notices)
    .where(
        n.id == bindparam("of_id"),
        or_(
            bindparam("of_sender", type_=String).is_(None),
            n.sender == bindparam("of_sender", type_=String),
        ),
    )
    .values(state=NoticeState.SENT.value, deadline=None, error=None)
)
WAITS = {"state": NoticeState.WAITING.value, "deadline": None}
CHANNELS = select(n.channel).where(UNSETTLED).distinct()


def channels(unit: Reading) -> list[str]:
    """Channels that have something to be sent, now or later."""
    return list(unit.connection.execute(CHANNELS).scalars())


def take_back(unit: UnitOfWork, now: datetime) -> None:
    """At the start of the only process there is: whatever was under way has lost its sender, and is uncertain.

    On PostgreSQL another replica may be sending it this moment; there its lease decides.
    """
    if is_sqlite(unit.connection):
        unit.connection.execute(delete(t.leases))
        under_way = update(t.notices).where(n.state == NoticeState.SENDING.value)
        unit.connection.execute(under_way.values(deadline=now))


def sent(
    unit: UnitOfWork,
    claimed: Claimed,
    ts: str,
    permalink: str | None,
    now: datetime,
    pings: Collection[int] = (),
    *,
    found: bool = False,
) -> None:
    """Slack has it; a card's place is kept with it.

    `found` says that an earlier try put it there: what is kept up to date is drawn again, as the changes since then
    waited for this notice, or were dropped for it. Of a bundle, `pings` are those that the message names; the others
    had nothing to say any more.
    """
    notice = claimed.notice
    if isinstance(claimed, Bundle):
        row = update(t.notices).where(rows_of(notice))
        named = pings or [ping.notice.id for ping in claimed.pings]
        unnamed = row.where(n.id.not_in(named))
        unit.connection.execute(
            unnamed.values(state=NoticeState.DROPPED.value, settled_at=now, deadline=None)
        )
        settled = row.values(state=NoticeState.SENT.value, ts=ts, settled_at=now, deadline=None, error=None)
        unit.connection.execute(settled)
        return
    mine = {"of_id": notice.id, "of_sender": notice.sender, "ts": ts, "settled_at": now}
    if not unit.connection.execute(SENT, mine).rowcount:
        return
    if found and isinstance(claimed, Handover) and notice.recurring is not None:
        redraw_handover(unit, notice.recurring, claimed.program, now)
    if isinstance(claimed, Card):
        number, place = claimed.case.number, {"channel": notice.channel, "ts": ts, "permalink": permalink}
        if claimed.post is None:
            unit.connection.execute(insert(t.posts), [{"case_number": number, **place}])
        elif claimed.post.ts != ts:
            moved = update(t.posts).where(t.posts.c.case_number == number)
            unit.connection.execute(moved.values(**place))
        if found:
            redraw_card(unit, number, claimed.program, now)
    elif isinstance(claimed, OfCase) and permalink is not None:
        linked = update(t.posts).where(t.posts.c.case_number == claimed.case.number)
        unit.connection.execute(linked.values(permalink=permalink))


def later(unit: UnitOfWork, notice: Notice, at: datetime, why: str, *, uncertain: bool) -> None:
    """Not now: again at `at`. `uncertain` says that Slack may have it all the same.

    A bundle that certainly was not sent falls apart: by then others may be more urgent. One in doubt stays as it
    is, to be found as the message that it may be.
    """
    if not _is_mine(unit, notice):
        return
    if notice.kind is NoticeKind.CARD:
        _drop_newer_redraw(unit, notice, at)
    waits = {**WAITS, "bundle": None} if notice.bundle and not uncertain else WAITS
    row = update(t.notices).where(rows_of(notice))
    unit.connection.execute(row.values(**waits, not_before=at, error=why, uncertain=uncertain))


def scatter(unit: UnitOfWork, notice: Notice, why: str, now: datetime) -> None:
    """Slack refuses a bundle for good: each of its pings goes by itself, so that none is lost with the others."""
    row = update(t.notices).where(rows_of(notice)).values(bundle=ALONE, uncertain=notice.uncertain)
    unit.connection.execute(row.values(**WAITS, not_before=now, error=why))


def drop(unit: UnitOfWork, notice: Notice, now: datetime) -> None:
    """It is not to be seen any more."""
    row = update(t.notices).where(rows_of(notice))
    unit.connection.execute(row.values(state=NoticeState.DROPPED.value, settled_at=now, deadline=None))


def card_lost(unit: UnitOfWork, card: Card, now: datetime) -> None:
    """Somebody deleted the card: its notice becomes one that posts it again. A case whose data was deleted needs none."""
    if not _is_mine(unit, card.notice):
        return
    if card.case.blanked_at is not None:
        drop(unit, card.notice, now)
        return
    if _may_stand_under(unit, card.notice):
        later(unit, card.notice, now + SETTLED_SOON, "the card was deleted", uncertain=False)
        return
    unit.connection.execute(delete(t.posts).where(t.posts.c.case_number == card.case.number))
    later(unit, card.notice, now, "the card was deleted", uncertain=False)


def _may_stand_under(unit: UnitOfWork, card: Notice) -> bool:
    """Whether something earlier of the case is in doubt: it is looked for under the lost card, whose place is kept till then."""
    earlier = select(n.id).where(n.case_number == card.case, n.id < card.id, n.uncertain, UNSETTLED)
    return unit.finds(earlier.limit(1))


def park(unit: UnitOfWork, notice: Notice, why: str, now: datetime) -> None:
    """Slack refuses it for good; it stays, with Slack's error, for people to see."""
    row = update(t.notices).where(rows_of(notice))
    parked = {"state": NoticeState.PARKED.value, "error": why, "settled_at": now, "deadline": None}
    unit.connection.execute(row.values(**parked, uncertain=notice.uncertain))


def retry_parked(unit: UnitOfWork, now: datetime) -> int:
    """What Slack refused for good waits again, because its cause is gone; how many that were. Cards are drawn again, and
    one in doubt is looked for first (`card_in_doubt`).
    """
    refused = select(n.id, n.kind, n.case_number, n.program, n.uncertain).where(
        n.state == NoticeState.PARKED.value
    )
    rows = unit.connection.execute(refused.order_by(n.id).with_for_update()).all()
    for row in rows:
        again = update(t.notices).where(n.id == row.id)
        if row.kind == NoticeKind.CARD.value:
            if not row.uncertain or unit.post(row.case_number) is not None:
                unit.connection.execute(again.values(state=NoticeState.DROPPED.value, settled_at=now))
            redraw_card(unit, row.case_number, unit.program(row.program), now)
        else:
            waits = {
                "state": NoticeState.WAITING.value,
                "not_before": now,
                "settled_at": None,
                "bundle": ALONE,
            }
            unit.connection.execute(again.values(**waits))
    return len(rows)


def card_in_doubt(unit: UnitOfWork, case: int) -> Notice | None:
    """The notice of a card that may stand in Slack, and was parked because Slack let nobody look for it.

    By another id it would be posted twice, and the first would show for ever how the case once stood.
    """
    parked = select(t.notices).where(
        n.state == NoticeState.PARKED.value, n.kind == NoticeKind.CARD.value, n.uncertain
    )
    row = unit.connection.execute(parked.where(n.case_number == case).limit(1)).mappings().one_or_none()
    return None if row is None else notice_of(row)


def rows_of(notice: Notice) -> ColumnElement[bool]:
    """The rows of a claimed notice: its own, or all of its bundle that are not settled.

    None of them where another bot has taken it over meanwhile: how it ended is that one's to say.
    """
    mine = n.id == notice.id
    if notice.bundle:
        mine = and_(n.channel == notice.channel, n.bundle == notice.bundle, UNSETTLED)
    return mine if notice.sender is None else and_(mine, n.sender == notice.sender)


def _is_mine(unit: UnitOfWork, notice: Notice) -> bool:
    """Whether a claimed notice is still its sender's; it stays so until this transaction ends."""
    held = select(n.id).where(rows_of(notice)).limit(1)
    return unit.finds(held.with_for_update())


def _drop_newer_redraw(unit: UnitOfWork, notice: Notice, now: datetime) -> None:
    """The older notice of a card stays, because Slack may know it by its id. It shows all that the newer would, or orders
    another redraw where it is found (`sent`).
    """
    newer = update(t.notices).where(
        n.case_number == notice.case,
        n.kind == NoticeKind.CARD.value,
        n.state == NoticeState.WAITING.value,
        n.id != notice.id,
    )
    unit.connection.execute(newer.values(state=NoticeState.DROPPED.value, settled_at=now))
