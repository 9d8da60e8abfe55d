"""Alerts: pings that were sent and still stand for their cases (docs/policy.md, *Alerts*).

The newest of a case is live: it has buttons, and is drawn again as the case changes. What a newer one replaced, and what
was handled, is drawn once more, without.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, select, text, update

from cases.audience import Called
from cases.case import Case
from cases.program import Program
from cases.reminders.alerts import KNOWS, Heard
from cases.reminders.engine import still_speaks
from storage import tables as t
from storage.engine import is_sqlite
from storage.mapping import NOTICES
from storage.records import Alert, Notice, NoticeKind, NoticeState
from storage.unit import UnitOfWork
from storage.writing.notices import add_notice, notice_row

n = t.notices.c
STANDING = select(t.notices).where(text("alert > 0"))
OF_CASES = STANDING.where(n.case_number.in_(bindparam("numbers", expanding=True))).order_by(n.id)
WAITS = (
    select(n.id)
    .where(
        n.about == bindparam("of_message"),
        text(f"kind = '{NoticeKind.ALERT}' AND state = '{NoticeState.WAITING}'"),
    )
    .limit(1)
    .with_for_update()
)
CLICKS = (
    select(t.events.c.by, func.max(t.events.c.at).label("at"))
    .where(t.events.c.case_number == bindparam("of_case"), t.events.c.at > bindparam("since"))
    .group_by(t.events.c.by)
)


def standing(unit: UnitOfWork, cases: Collection[int]) -> dict[int, list[Notice]]:
    """The alerts that stand for each of these cases, the live one last."""
    found: dict[int, list[Notice]] = defaultdict(list)
    for row in unit.connection.execute(OF_CASES, {"numbers": list(cases)}).mappings():
        found[row["case_number"]].append(NOTICES.value(row))
    return found


def heard(alerts: Iterable[Notice]) -> list[Heard]:
    """Whom these called."""
    return [Heard(one.chain.rule, called_by(one), one.settled_at or one.created_at) for one in alerts]


def called_by(notice: Notice) -> tuple[Called, ...]:
    """Whom a ping mentions."""
    return tuple(Called.of(word) for word in notice.called.split(",") if word)


def clicks(unit: UnitOfWork, case: int, now: datetime) -> dict[str, datetime]:
    """Who did something with a case lately, and when last."""
    rows = unit.connection.execute(CLICKS, {"of_case": case, "since": now - KNOWS})
    return {row.by: row.at for row in rows}


def follow(unit: UnitOfWork, case: Case, program: Program, now: datetime) -> None:
    """After a change of a case: its live alert is drawn again, for the last time where nobody is called any more."""
    alerts = standing(unit, [case.number])[case.number]
    if not alerts:
        return
    live = alerts[-1]
    if not still_speaks(live.chain, case, program, now, since=live.created_at):
        becomes(unit, alerts, Alert.GONE)
    redraw(unit, [live], program, now)


def becomes(unit: UnitOfWork, alerts: Sequence[Notice], state: Alert) -> None:
    """These alerts stand from now on as `state` says."""
    those = update(t.notices).where(n.id.in_([one.id for one in alerts]))
    unit.connection.execute(those.values(alert=state.value))


def posted(
    unit: UnitOfWork, pings: Collection[int], versions: Mapping[int, int], program: Program, now: datetime
) -> None:
    """These pings, which are sent, are in the channel: each is its case's live alert, and replaces those before it.

    `versions` are those of the cases that their message was made of: what has changed since then is drawn now.
    """
    unit.connection.execute(update(t.notices).where(n.id.in_(pings)).values(alert=Alert.LIVE.value))
    of = unit.connection.execute(select(n.case_number).where(n.id.in_(pings)).distinct()).scalars().all()
    stand = standing(unit, of)
    replaced = [one for found in stand.values() for one in found[:-1] if one.alert is Alert.LIVE]
    if replaced:
        becomes(unit, replaced, Alert.REPLACED)
        redraw(unit, replaced, program, now)
    for number in stand:
        case = unit.case(number, program.id)
        if case.version != versions.get(number):
            follow(unit, case, program, now)


def hold_cases(unit: UnitOfWork, pings: Collection[int]) -> None:
    """The cases of some pings, held before it is noted that these are in the channel: whoever is changing one of them
    comes before, and is seen here, or comes after, and sees the alert.
    """
    if not is_sqlite(unit.connection):
        of = select(n.case_number).where(n.id.in_(pings))
        held = select(t.cases.c.number).where(t.cases.c.number.in_(of)).order_by(t.cases.c.number)
        unit.connection.execute(held.with_for_update()).all()


def redraw(unit: UnitOfWork, found: Iterable[Notice], program: Program, now: datetime) -> None:
    """The messages of these alerts are drawn as things stand; redraws of a message that still wait are one."""
    redraw_messages(unit, {one.message: one.case for one in found}, program, now)


def redraw_messages(
    unit: UnitOfWork, messages: Mapping[int, int | None], program: Program, now: datetime
) -> None:
    """The same by the notices that the messages are known by, each with a case of it.

    A redraw that waits already is locked, so that a delivery about to draw it waits until it can see this change.
    """
    for about, case in messages.items():
        if not unit.finds(WAITS, {"of_message": about}):
            add_notice(unit, notice_row(NoticeKind.ALERT, case, program, now, about=about))


def of_message(unit: UnitOfWork, message: int) -> tuple[list[Notice], Notice]:
    """The pings that one message stands for, those that are gone as well, and the notice that it is known by."""
    first = NOTICES.value(unit.connection.execute(select(t.notices).where(n.id == message)).mappings().one())
    bundled = select(t.notices).where(n.bundle == message, text("bundle > 0")).order_by(n.id)
    rows = unit.connection.execute(bundled).mappings() if first.bundle else ()
    found = [NOTICES.value(row) for row in rows if row["state"] == NoticeState.SENT.value]
    return found or [first], first
