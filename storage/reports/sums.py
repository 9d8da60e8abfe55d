"""The figures' definitions as SQL: a hundred thousand cases are summed where they are kept.

Each expression here says what a function of `cases.figures.definitions` says of one case; tests hold the two against
each other on both databases.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import IntEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import case as one_of
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import KeyedColumnElement
from sqlalchemy.sql.functions import FunctionElement

from cases.case import Status
from cases.figures.definitions import NOBODY_ASKED, OF_A_CASE, Figure
from cases.figures.period import Period
from cases.figures.report import By
from cases.words import CallbackKind, Disposition, Missed, Outcome, Satisfied, WantedBy
from storage import tables as t

HOUR_SECONDS = 3600
HOURS = 24

Facts = ReadOnlyColumnCollection[str, KeyedColumnElement[Any]]
Pair = tuple[sa.ColumnElement[int], sa.ColumnElement[int]]
"""The part and the whole of a share."""

FIGURES = (*OF_A_CASE, Figure.KEPT)
"""The figures whose sums are in each row of the answer, in this order, the part and the whole of each."""

NONE, ONE = sa.literal(0, sa.Integer), sa.literal(1, sa.Integer)


class Of(IntEnum):
    """What a row of the answer tells of: its key is the hour, the group or the reasons."""

    AN_HOUR = 0
    A_GROUP = 1
    REASONS = 2
    """How many cases have them, and nothing else; none where reasons are the groups."""


class seconds(FunctionElement[int]):
    """Whole seconds since 1970 of an instant, cut off as `whole_seconds` does."""

    type = sa.BigInteger()
    inherit_cache = True


@compiles(seconds, "sqlite")
def _sqlite_seconds(element: seconds, compiler: SQLCompiler, **options: Any) -> str:
    # Without the fraction, which strftime would round.
    return f"CAST(strftime('%s', substr({compiler.process(element.clauses, **options)}, 1, 19)) AS INTEGER)"


@compiles(seconds, "postgresql")
def _postgresql_seconds(element: seconds, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST(floor(date_part('epoch', {compiler.process(element.clauses, **options)})) AS BIGINT)"


KEYS: dict[By, sa.ColumnElement[str]] = {
    By.AGENT: t.cases.c.raised_by,
    By.REASON: t.cases.c.reasons,
    By.SCENARIO: t.cases.c.scenario,
    By.DEPARTMENT: sa.func.coalesce(t.cases.c.department, ""),
    By.TEAM: sa.func.coalesce(sa.func.max(t.people.c.team), ""),
}
"""What the cases of a group have in common. All reasons of a case stand in one column and are parted afterwards."""


def facts_of(program: int, period: Period, now: datetime, by: By | None = None, *, is_sqlite: bool) -> sa.CTE:
    """A row for each case that was raised in these days or promised for one of them, with what it adds to each figure.

    `raised_hour` and `due_hour` are hours of the site's clock, where they are in these days; `wait` is how many seconds
    claiming took. The rows are made once, however many sums are made of them; where these are divided, `key` is the
    group of a row.
    """
    c, a, first = t.cases.c, t.attempts.c, t.callbacks.c
    rows = t.cases.join(t.callbacks, sa.and_(first.case_number == c.number, first.number == 1))
    rows = rows.outerjoin(t.attempts, a.case_number == c.number)
    if by is By.TEAM:
        rows = rows.outerjoin(t.people, t.people.c.id == c.raised_by)
    told_of = _in_order(program, period) if is_sqlite else [_told_of(c, c.program == program, period)]
    facts = (
        sa.select(
            c.number,
            c.reasons,
            *([KEYS[by].label("key")] if by in KEYS else []),
            _if(within(c.raised_at, period), hour_of(c.raised_at, period)).label("raised_hour"),
            _if(within(c.first_due_at, period), hour_of(c.first_due_at, period)).label("due_hour"),
            (seconds(c.claimed_at) - seconds(c.raised_at)).label("wait"),
            *_labelled(of_case() | {Figure.KEPT: of_promise(now)}),
        )
        .select_from(rows)
        .where(*told_of)
        .group_by(c.number)
    )
    return facts.cte("facts").prefix_with("MATERIALIZED")


def _labelled(shares: Mapping[Figure, Pair]) -> Iterator[sa.ColumnElement[int]]:
    for figure, (part, whole) in shares.items():
        yield part.label(f"{figure.value}_part")
        yield whole.label(f"{figure.value}_whole")


def _told_of(c: Facts, mine: sa.ColumnElement[bool], period: Period) -> sa.ColumnElement[bool]:
    """The cases of a program that a report on these days tells of."""
    return sa.and_(mine, sa.or_(within(c.raised_at, period), within(c.first_due_at, period)))


def _in_order(program: int, period: Period) -> list[sa.ColumnElement[bool]]:
    """The same cases, for SQLite to walk them by their numbers, from the first that counts to the last.

    By the indexes of their times it finds them out of order, and most of a report is sorting them into groups; it keeps
    away from these indexes where the program is a sum.
    """
    c, others = t.cases.c, t.cases.alias("others")
    first, last = (
        sa.select(end(others.c.number))
        .where(_told_of(others.c, others.c.program == program, period))
        .scalar_subquery()
        for end in (sa.func.min, sa.func.max)
    )
    return [c.number.between(first, last), _told_of(c, c.program + 0 == program, period)]


# The definitions


def of_case() -> dict[Figure, Pair]:
    """The SQL of `OF_A_CASE`, of a case beside all its attempts. How often its promise was moved is asked of the
    callbacks.
    """
    c, a = t.cases.c, t.attempts.c
    logged = sa.func.count(a.disposition)
    reached = sa.func.count().filter(a.disposition == Disposition.REACHED.value)
    closed = c.status == Status.CLOSED.value
    solved = sa.and_(closed, c.outcome == Outcome.RESOLVED.value)
    reviewed = sa.and_(closed, c.outcome.not_in(sorted(outcome.value for outcome in NOBODY_ASKED)))
    missed = sa.and_(reviewed, c.missed.in_([Missed.ONE.value, Missed.SEVERAL.value]))
    return {
        Figure.RAISED: (ONE, ONE),
        Figure.CLAIMED: (_one(c.claimed_at.is_not(None)), ONE),
        Figure.REACHED: (_one(reached > 0), _one(logged > 0)),
        Figure.FIRST_CALLBACK: (_one(sa.and_(solved, logged == 1)), _one(closed)),
        Figure.RESOLVED: (_one(solved), _one(closed)),
        Figure.ATTEMPTS: (one_of((closed, sa.cast(logged, sa.Integer)), else_=NONE), _one(closed)),
        Figure.REPEAT: (_one(sa.or_(c.repeat.is_(True), c.related != "")), ONE),
        **{figure: _yes(closed, c[figure.value]) for figure in Figure if figure.of_answer},
        Figure.AVOIDABLE: (_one(missed), _one(reviewed)),
        **dict.fromkeys(of_moves(), (NONE, ONE)),
    }


def of_promise(now: datetime) -> Pair:
    """The SQL of `promise_kept`, of a case beside its first callback and all its attempts.

    An attempt that was begun and left without a word is none, but for the call that runs now.
    """
    c, a = t.cases.c, t.attempts.c
    made = sa.or_(a.disposition.is_not(None), a.number == c.call)
    first_call = sa.func.min(a.started_at).filter(made)
    over = seconds(c.first_due_at) + sa.func.max(t.callbacks.c.window_seconds)
    kept = sa.and_(first_call >= c.first_due_at, seconds(first_call) < over)
    settled = sa.or_(first_call.is_not(None), over <= sa.literal(int(now.timestamp()), sa.BigInteger))
    return _one(kept), _one(settled)


def of_moves() -> dict[Figure, Pair]:
    """The SQL of `moved_by_customer` and `moved_by_us`, of a new time; their whole are the cases."""
    wanted_by = t.callbacks.c.wanted_by
    return {
        Figure.MOVED_BY_CUSTOMER: (_one(wanted_by == WantedBy.CUSTOMER.value), NONE),
        Figure.MOVED_BY_US: (_one(wanted_by == WantedBy.US.value), NONE),
    }


def _yes(closed: sa.ColumnElement[bool], answer: sa.ColumnElement[str]) -> Pair:
    asked = sa.and_(closed, answer.is_not(None), answer != Satisfied.NOT_ASKED.value)
    return _one(sa.and_(asked, answer == Satisfied.YES.value)), _one(asked)


def _one(what: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return one_of((what, ONE), else_=NONE)


# What they are put together by


def within(column: sa.ColumnElement[datetime], period: Period) -> sa.ColumnElement[bool]:
    return sa.and_(column >= period.begins, column < period.ends)


def hour_of(column: sa.ColumnElement[datetime], period: Period) -> sa.ColumnElement[int]:
    """The hour of the site's clock that an instant is in, counted through from 1970."""
    (first, *changes) = period.offsets
    offset: sa.ColumnElement[int] = sa.literal(int(first[1].total_seconds()), sa.Integer)
    if changes:
        whens = [
            (column >= at, sa.literal(int(ahead.total_seconds()), sa.Integer))
            for at, ahead in reversed(changes)
        ]
        offset = one_of(*whens, else_=offset)
    return (seconds(column) + offset) // HOUR_SECONDS


def _if(condition: sa.ColumnElement[bool], value: sa.ColumnElement[int]) -> sa.ColumnElement[int | None]:
    return one_of((condition, value), else_=None)


# The questions


def facts_summed(
    program: int, period: Period, now: datetime, by: By | None, *, is_sqlite: bool
) -> sa.CompoundSelect[Any]:
    """All that a program's cases add up to: rows of what it is of (`Of`), the key, how long claiming took, and the sums
    of `FIGURES`. Rows with the same key add up.
    """
    facts = facts_of(program, period, now, by, is_sqlite=is_sqlite)
    f, cb = facts.c, t.callbacks.c
    raised, due = f.raised_hour.is_not(None), f.due_hour.is_not(None)
    moved = sa.and_(cb.case_number == f.number, cb.kind == CallbackKind.MOVED.value)
    waits = sa.func.aggregate_strings(sa.cast(f.wait, sa.Text), ",")
    kept = {Figure.KEPT: _added(f, Figure.KEPT)}
    cases = {figure: _added(f, figure) for figure in OF_A_CASE}
    moves = {figure: (sa.func.sum(part), none) for figure, (part, none) in of_moves().items()}
    keys = [(Of.AN_HOUR, f.raised_hour, f.due_hour)]
    if by in KEYS:
        keys.append((Of.A_GROUP, f.key, f.key))
    parts = []
    if by is not By.REASON:
        parts.append(_row(Of.REASONS, f.reasons, {Figure.RAISED: cases[Figure.RAISED]}).where(raised))
    for of, key, due_key in keys:
        parts += [
            _row(of, key, cases, waits).where(raised),
            _row(of, key, moves).join(t.callbacks, moved).where(raised),
            _row(of, due_key, kept).where(due),
        ]
    return sa.union_all(*parts)


def kept_by_day(
    program: int, period: Period, now: datetime, *, is_sqlite: bool
) -> sa.Select[*tuple[Any, ...]]:
    """The first promises of these days: the day, how many were kept, of how many."""
    f = facts_of(program, period, now, is_sqlite=is_sqlite).c
    query = sa.select((f.due_hour // HOURS).label("key"), *_added(f, Figure.KEPT))
    return query.where(f.due_hour.is_not(None)).group_by("key")


def _added(f: Facts, figure: Figure) -> Pair:
    return sa.func.sum(f[f"{figure.value}_part"]), sa.func.sum(f[f"{figure.value}_whole"])


def _row(
    of: Of,
    key: sa.ColumnElement[Any],
    sums: Mapping[Figure, Pair],
    waits: sa.ColumnElement[str] | None = None,
) -> sa.Select[*tuple[Any, ...]]:
    """These sums for each key, and nothing of the other figures, so that all rows fit into one answer."""
    columns = [column for figure in FIGURES for column in sums.get(figure, (NONE, NONE))]
    return sa.select(
        sa.literal(int(of), sa.Integer),
        sa.cast(key, sa.Text).label("key"),
        sa.cast(waits, sa.Text).label("waits"),
        *(column.label(f"n{n}") for n, column in enumerate(columns)),
    ).group_by(key)
