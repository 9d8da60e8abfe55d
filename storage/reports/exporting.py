"""The cases of an export, read as a stream: a case with its first promise and the feedback that is owed for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, select

from cases.figures.export import Told
from cases.figures.facts import FirstPromise
from cases.figures.period import Period
from storage import statements
from storage import tables as t
from storage.reading import Reading, case_of_row, first_call, part_of
from storage.writing.coaching import ITEMS, said_in_row

AT_A_TIME = 200


def count(reading: Reading, program: int, period: Period) -> int:
    """How many cases were raised in a period."""
    query = select(func.count()).select_from(t.cases).where(_raised(program, period))
    found: int = reading.connection.execute(query).scalar_one()
    return found


def cases(reading: Reading, program: int, period: Period, now: datetime, *, personal: bool) -> Iterator[Told]:
    """The cases that were raised in a period, one after the other; what coaching said is opened only if `personal`."""
    first = t.callbacks.alias("first")
    case = t.cases.c.number
    query = (
        statements.CASE_ROWS.add_columns(
            first.c.due_at.label("first_due"),
            first.c.window_seconds.label("first_window"),
            first_call().label("first_call"),
            *(column.label(f"co_{column.name}") for column in t.coaching.c),
        )
        .join(first, and_(first.c.case_number == case, first.c.number == 1))
        .outerjoin(t.coaching, and_(t.coaching.c.case_number == case, t.coaching.c.is_pattern.is_(False)))
        .where(_raised(program, period))
        .order_by(case)
    )
    with reading.connection.execute(query.execution_options(yield_per=AT_A_TIME)) as rows:
        for row in rows.mappings():
            window = timedelta(seconds=row["first_window"])
            item = part_of(row, t.coaching, "co_") if row["co_id"] is not None else None
            said = said_in_row(reading, item) if personal and item else None
            yield Told(
                case_of_row(row, reading.vault),
                FirstPromise(row["first_due"], window, row["first_call"]),
                now,
                ITEMS.value(item) if item else None,
                said.feedback if said else None,
                said.comment if said else None,
            )


def _raised(program: int, period: Period) -> ColumnElement[bool]:
    raised = t.cases.c.raised_at
    return and_(t.cases.c.program == program, raised >= period.begins, raised < period.ends)
