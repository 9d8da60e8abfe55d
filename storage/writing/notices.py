"""Notices are put into the outbox: what must be seen in a channel, and what is to be drawn again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert, select

from cases.events import AROUND_A_CASE, FOR_THE_CHANNEL, Event, Happened, has_line
from cases.figures.report import Asked
from cases.program import Program
from cases.reminders.recurring import ANSWERED_WITHIN, ANSWERS, Recurring, RecurringKind
from storage import statements
from storage import tables as t
from storage.engine import is_sqlite
from storage.inserts import insert_into
from storage.records import NoticeKind, NoticeState
from storage.unit import UnitOfWork


def show_events(
    unit: UnitOfWork, events: Mapping[int, Event], case: int, program: Program, now: datetime
) -> None:
    """A change of a case is seen: its card, a line for each event (by its id in the record), the handover just posted."""
    # The card goes first: if somebody deleted it, it is posted again before the lines that belong under it.
    redraw_card(unit, case, program, now)
    seen = [row for number, event in events.items() for row in _seen(event, number, case, program, now)]
    unit.connection.execute(statements.ADD_NOTICES, seen)
    if any(event.kind in ANSWERS for event in events.values()):
        _redraw_handovers(unit, program, now)


def _seen(event: Event, number: int, case: int, program: Program, now: datetime) -> Iterator[dict[str, Any]]:
    if event.kind is Happened.RAISED:
        yield notice_row(NoticeKind.CONFIRMATION, case, program, now, person=event.by)
    if has_line(event):
        broadcast = event.kind in FOR_THE_CHANNEL
        yield notice_row(NoticeKind.LINE, case, program, now, event=number, broadcast=broadcast)


def note_on_case(unit: UnitOfWork, event: Event, case: int, program: Program, now: datetime) -> None:
    """Something happened around a case that does not change it: a line of its record and of its thread."""
    if event.kind not in AROUND_A_CASE:
        raise ValueError(f"{event.kind} changes a case: use save_change or amend_case")
    (number,) = unit.append([event], program.id, case, now)
    add_notice(unit, notice_row(NoticeKind.LINE, case, program, now, event=number))


def note_on_program(
    unit: UnitOfWork,
    program: Program,
    event: Event,
    now: datetime,
    kind: NoticeKind = NoticeKind.PROGRAM_LINE,
) -> None:
    """Something happened to the program itself: a line of its record, and one in its channel (or another `kind`)."""
    (number,) = unit.append([event], program.id, None, now)
    add_notice(unit, notice_row(kind, None, program, now, event=number))


def add_recurring(unit: UnitOfWork, program: int, post: Recurring, now: datetime) -> int | None:
    """The new row of a recurring post; None where somebody has made it already."""
    row = {"program": program, "kind": post.kind.value, "key": post.key, "at": post.at, "made_at": now}
    added = (
        insert_into(t.recurring, is_sqlite=is_sqlite(unit.connection)).values(row).on_conflict_do_nothing()
    )
    return unit.value(added.returning(t.recurring.c.id))


def post_recurring(
    unit: UnitOfWork, kind: RecurringKind, number: int, program: Program, now: datetime
) -> None:
    """The notice of a recurring post's row."""
    add_notice(unit, notice_row(NoticeKind(kind.value), None, program, now, recurring=number))


def post_report(unit: UnitOfWork, program: Program, asked: Asked, now: datetime) -> bool:
    """A report that somebody asked for goes to the channel; False where the same click came before."""
    number = add_recurring(unit, program.id, Recurring(RecurringKind.REPORT, asked.key, now), now)
    if number is None:
        return False
    post_recurring(unit, RecurringKind.REPORT, number, program, now)
    return True


def _redraw_handovers(unit: UnitOfWork, program: Program, now: datetime) -> None:
    """The handover that was just posted shows who has which case by now; redraws that wait are one."""
    since = (now - ANSWERED_WITHIN).astimezone(UTC).isoformat()  # its key is the end of its shift
    shown = {"of_program": program.id, "since": since}
    for number in unit.connection.execute(statements.SHOWN_HANDOVERS, shown).scalars().all():
        redraw_handover(unit, number, program, now)


def redraw_handover(unit: UnitOfWork, number: int, program: Program, now: datetime) -> None:
    """A handover shows how things stand, unless a notice of it waits already.

    That one is held, so that delivery, about to draw it, waits until this change can be seen.
    """
    n = t.notices.c
    waits = select(n.id).where(n.recurring == number, n.state == NoticeState.WAITING.value).limit(1)
    if not unit.finds(waits.with_for_update()):
        post_recurring(unit, RecurringKind.HANDOVER, number, program, now)


def redraw_card(unit: UnitOfWork, case: int, program: Program, now: datetime) -> None:
    """The card shows how the case stands; redraws that still wait are one."""
    redraw_cards(unit, {case: program}, now)


def redraw_cards(unit: UnitOfWork, cases: Mapping[int, Program], now: datetime) -> None:
    """The same for several cases, each with its program."""
    rows = [notice_row(NoticeKind.CARD, case, program, now) for case, program in cases.items()]
    if rows:
        unit.connection.execute(statements.redraw(is_sqlite=is_sqlite(unit.connection)), rows)


def add_notice(unit: UnitOfWork, row: dict[str, Any]) -> None:
    """A notice waits to be posted."""
    unit.connection.execute(insert(t.notices), [row])


def notice_row(
    kind: NoticeKind, case: int | None, program: Program, now: datetime, **columns: Any
) -> dict[str, Any]:
    """The columns of a notice that waits, to be seen in the program's channel."""
    known = {"program": program.id, "channel": program.channel, "kind": kind.value, "case_number": case}
    return {**_FRESH, **known, "not_before": now, "created_at": now, **columns}


_FRESH = {name: one.default for name, one in t.NoticeRow.model_fields.items() if name != "id"}
"""What is not said of a notice: as its columns say."""
