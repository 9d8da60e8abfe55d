"""The statements of the hot paths, built once: what a change of a case runs is put together anew for none of them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

import sqlalchemy as sa

from cases.events import AROUND_A_CASE
from cases.ownership import CHANGES_OWNER
from cases.reminders.recurring import RecurringKind
from storage import tables as t
from storage.inserts import insert_into
from storage.records import NoticeKind, NoticeState, ReminderState


def is_any_of(column: sa.ColumnElement[Any], words: Iterable[str]) -> sa.ColumnElement[bool]:
    """Whether a column holds one of these constants. Written out: a partial index is found by constants only, and a
    list that is bound is put together anew each time.
    """
    return column.in_([written(word) for word in words])


def written(word: str) -> sa.ColumnElement[str]:
    """A constant, written out."""
    return sa.literal_column(f"'{word}'")


UNSETTLED_STATES = (NoticeState.WAITING, NoticeState.SENDING)
UNSETTLED = is_any_of(t.notices.c.state, UNSETTLED_STATES)
WAITS = written(ReminderState.WAITING)

CASE_ROWS = (
    sa.select(
        t.cases,
        *(c.label(f"cb_{c.name}") for c in t.callbacks.c),
        *(c.label(f"at_{c.name}") for c in t.attempts.c),
    )
    .select_from(t.cases)
    .outerjoin(
        t.callbacks,
        sa.and_(t.callbacks.c.case_number == t.cases.c.number, t.callbacks.c.number == t.cases.c.callback),
    )
    .outerjoin(
        t.attempts,
        sa.and_(t.attempts.c.case_number == t.cases.c.number, t.attempts.c.number == t.cases.c.call),
    )
)
"""Cases, each with its pending promise and its running call."""

THESE_CASES = CASE_ROWS.where(t.cases.c.number.in_(sa.bindparam("numbers", expanding=True)))
ONE_CASE = CASE_ROWS.where(
    t.cases.c.number == sa.bindparam("of_number"), t.cases.c.program == sa.bindparam("of_program")
)
LAST_LINE = (
    sa.select(t.events.c.hash)
    .where(
        t.events.c.case_number == t.cases.c.number,
        ~is_any_of(t.events.c.kind, sorted(kind.value for kind in AROUND_A_CASE)),
    )
    .order_by(t.events.c.id.desc())
    .limit(sa.literal_column("1"))
    .correlate(t.cases)
    .scalar_subquery()
    .label("last_line")
)
"""The hash of the last line of the record that changed a case: its stamp is bound to it."""

ONE_CASE_STAMPED = ONE_CASE.add_columns(LAST_LINE)
HOLD_CASE = sa.select(t.cases.c.number).where(t.cases.c.number == sa.bindparam("of_number")).with_for_update()
PROGRAM = sa.select(t.programs).where(t.programs.c.id == sa.bindparam("of_program"))
THESE_PROGRAMS = sa.select(t.programs).where(t.programs.c.id.in_(sa.bindparam("numbers", expanding=True)))
SUPERIOR = sa.select(t.people.c.superior).where(t.people.c.id == sa.bindparam("of_person"))

NEXT_NUMBER = (
    sa.update(t.counters)
    .where(t.counters.c.name == sa.literal_column("'cases'"))
    .values(value=t.counters.c.value + 1)
    .returning(t.counters.c.value)
)

SAVE_CASE = sa.update(t.cases).where(
    t.cases.c.number == sa.bindparam("of_number"), t.cases.c.version == sa.bindparam("of_version")
)
"""Sets the columns that it is given, where nobody saved the case meanwhile."""

HEAD = sa.select(t.heads).where(t.heads.c.program == sa.bindparam("of")).with_for_update()
SAVE_HEAD = sa.update(t.heads).where(t.heads.c.program == sa.bindparam("of"))
ADD_EVENTS = sa.insert(t.events).returning(t.events.c.id, sort_by_parameter_order=True)
ADD_NOTICES = sa.insert(t.notices)
ADD_REMINDERS = sa.insert(t.reminders)
SETTLE_REMINDERS = (
    sa.update(t.reminders)
    .where(t.reminders.c.id.in_(sa.bindparam("numbers", expanding=True)))
    .values(state=sa.bindparam("becomes"), settled_at=sa.bindparam("now"))
)
MOVE_REMINDER = sa.update(t.reminders).where(t.reminders.c.id == sa.bindparam("of_id"))

EVENT = sa.select(t.events).where(t.events.c.id == sa.bindparam("of_id"))
OWNERSHIP = (
    sa.select(t.events)
    .where(
        t.events.c.case_number == sa.bindparam("of_case"),
        is_any_of(t.events.c.kind, sorted(kind.value for kind in CHANGES_OWNER)),
    )
    .order_by(t.events.c.id)
)
POST = sa.select(t.posts).where(t.posts.c.case_number == sa.bindparam("of_case"))
GROUPS = sa.select(t.groups)
CHANNELS = sa.select(t.channels)
CHANNEL = CHANNELS.where(t.channels.c.id == sa.bindparam("of_channel"))
LEAVERS = sa.select(t.people.c.id).where(t.people.c.left_at.is_not(None))

OF_CASE = sa.and_(t.reminders.c.case_number == sa.bindparam("of_case"), t.reminders.c.state == WAITS)
REMINDERS = sa.select(
    t.reminders.c.id, t.reminders.c.rule, t.reminders.c.callback, t.reminders.c.round
).where(OF_CASE)
SHOWN_HANDOVERS = sa.select(t.recurring.c.id).where(
    t.recurring.c.program == sa.bindparam("of_program"),
    t.recurring.c.kind == written(RecurringKind.HANDOVER),
    t.recurring.c.key > sa.bindparam("since"),
)
"""The handovers that are kept up to date."""


@cache
def related(numbers: int, *, by_reference: bool) -> sa.Select[Any]:
    """A customer's latest cases: by as many marks of the contact (and of the reference) as the vault has."""
    marks: list[Any] = [sa.bindparam(f"contact{place}") for place in range(numbers)]
    same = [t.cases.c.contact_mark.in_(marks), t.cases.c.other_contact_mark.in_(marks)]
    if by_reference:
        same.append(
            t.cases.c.reference_mark.in_([sa.bindparam(f"reference{place}") for place in range(numbers)])
        )
    theirs = CASE_ROWS.where(
        t.cases.c.program == sa.bindparam("of_program"),
        t.cases.c.raised_at >= sa.bindparam("since"),
        sa.or_(*same),
    )
    return theirs.order_by(t.cases.c.number.desc()).limit(sa.literal_column("20"))


@cache
def add_key(*, is_sqlite: bool) -> Any:
    """Adds the key of something that may arrive twice; hands it back where it is new."""
    return insert_into(t.handled, is_sqlite=is_sqlite).on_conflict_do_nothing().returning(t.handled.c.key)


@cache
def upsert(table: sa.Table, names: tuple[str, ...], *, is_sqlite: bool) -> Any:
    """Adds rows of these columns, or brings those of the same key up to date."""
    keys = [column.name for column in table.primary_key]
    added = insert_into(table, is_sqlite=is_sqlite)
    new = {name: added.excluded[name] for name in names if name not in keys}
    return added.on_conflict_do_update(index_elements=keys, set_=new)


@cache
def add_missing(table: sa.Table, *, is_sqlite: bool) -> Any:
    """Adds rows, but none that is there already."""
    return insert_into(table, is_sqlite=is_sqlite).on_conflict_do_nothing()


@cache
def redraw(*, is_sqlite: bool) -> Any:
    """Adds a card's notice, unless one waits.

    Then an update that changes nothing, rather than nothing at all: it holds the row, so that delivery, about to draw
    this card, waits until this change can be seen.
    """
    # As text: PostgreSQL matches a partial index only by constants, which bound values are not.
    waiting = sa.text(f"kind = '{NoticeKind.CARD}' AND state = '{NoticeState.WAITING}'")
    same = {"state": t.notices.c.state}
    return insert_into(t.notices, is_sqlite=is_sqlite).on_conflict_do_update(
        index_elements=["case_number"], index_where=waiting, set_=same
    )
