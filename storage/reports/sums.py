"""The figures' definitions as SQL: a hundred thousand cases are summed in the database.

Each expression matches a function of `cases.figures.definitions`; tests compare the two on both databases.
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
"""The figures summed in each row of the answer, in this order, each as its part and whole."""

NONE, ONE = sa.literal(0, sa.Integer), sa.literal(1, sa.Integer)


class Of(IntEnum):
    """What a row of the answer is about: its key is the hour, the group or the reasons."""

    AN_HOUR = 0
    A_GROUP = 1
    REASONS = 2
    """How many cases have them, and nothing else; left out if the groups are reasons."""


class seconds(FunctionElement[int]):
    """An instant in whole seconds since 1970, cut off like `whole_seconds`."""

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
"""What a group's cases have in common. A case's reasons are one column, split afterwards."""


def facts_of(program: int, period: Period, now: datetime, by: By | None = None, *, is_sqlite: bool) -> sa.CTE:
    """A row for each case raised in these days or promised for one of them, with what it adds to each figure.

    `raised_hour` and `due_hour` are hours of the site's clock, if they are in these days; `wait` is how many seconds
    claiming took. The rows are made once, for however many sums; if those are grouped, `key` is a row's group.
    """
    c, a, first = t.cases.c, t.attempts.c, t.callbacks.c
    rows = t.cases.join(t.callbacks, sa.and_(first.case_number == c.number, first.number == 1))
    rows = rows.outerjoin(t.attempts, a.case_number == c.number)
    if by is By.TEAM:
        rows = rows.outerjoin(t.people, t.people.c.id == c.raised_by)
    reported = _in_order(program, period) if is_sqlite else [_reported(c, c.program == program, period)]
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
        .where(*reported)
        .group_by(c.number)
    )
    return facts.cte("facts").prefix_with("MATERIALIZED")


def saves_of(program: int, period: Period, by: By | None) -> sa.Subquery:
    """A row for each case that its agent resolved in these days. It has no callback, so it is none of the facts."""
    c = t.cases.c
    return (
        sa.select(
            hour_of(c.raised_at, period).label("raised_hour"),
            *([KEYS[by].label("key")] if by in KEYS else []),
        )
        .select_from(t.cases.outerjoin(t.people, t.people.c.id == c.raised_by))
        .where(c.program == program, c.outcome == Outcome.SAVED.value, within(c.raised_at, period))
        .group_by(c.number)
        .subquery()
    )


def _labelled(shares: Mapping[Figure, Pair]) -> Iterator[sa.ColumnElement[int]]:
    for figure, (part, whole) in shares.items():
        yield part.label(f"{figure.value}_part")
        yield whole.label(f"{figure.value}_whole")


def _reported(c: Facts, mine: sa.ColumnElement[bool], period: Period) -> sa.ColumnElement[bool]:
    """A program's cases that count in a report on these days."""
    return sa.and_(mine, sa.or_(within(c.raised_at, period), within(c.first_due_at, period)))


def _in_order(program: int, period: Period) -> list[sa.ColumnElement[bool]]:
    """The same cases for SQLite, by their numbers, from the first that counts to the last.

    By the indexes on their times SQLite would find them out of order and spend most of a report sorting them into
    groups. Writing the program as a sum keeps it off those indexes.
    """
    c, others = t.cases.c, t.cases.alias("others")
    first, last = (
        sa.select(end(others.c.number))
        .where(_reported(others.c, others.c.program == program, period))
        .scalar_subquery()
        for end in (sa.func.min, sa.func.max)
    )
    return [c.number.between(first, last), _reported(c, c.program + 0 == program, period)]


# The definitions


def of_case() -> dict[Figure, Pair]:
    """The SQL of `OF_A_CASE`, for a case joined with all its attempts. How often its promise moved is counted from its
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
        Figure.SAVED: (NONE, ONE),
        Figure.ATTEMPTS: (one_of((closed, sa.cast(logged, sa.Integer)), else_=NONE), _one(closed)),
        Figure.FOLLOWED_UP: (_one(c.followed_up_at.is_not(None)), _one(c.follow_up_at.is_not(None))),
        Figure.REPEAT: (_one(sa.or_(c.repeat.is_(True), c.related != "")), ONE),
        **{figure: _yes(closed, c[figure.value]) for figure in Figure if figure.of_answer},
        Figure.AVOIDABLE: (_one(missed), _one(reviewed)),
        **dict.fromkeys(of_moves(), (NONE, ONE)),
    }


def of_promise(now: datetime) -> Pair:
    """The SQL of `promise_kept`, for a case joined with its first callback and all its attempts. An attempt that was
    abandoned without an outcome doesn't count, unless it is the call running now.
    """
    c, a = t.cases.c, t.attempts.c
    made = sa.or_(a.disposition.is_not(None), a.number == c.call)
    first_call = sa.func.min(a.started_at).filter(made)
    over = seconds(c.first_due_at) + sa.func.max(t.callbacks.c.window_seconds)
    kept = sa.and_(first_call >= c.first_due_at, seconds(first_call) < over)
    settled = sa.or_(first_call.is_not(None), over <= sa.literal(int(now.timestamp()), sa.BigInteger))
    return _one(kept), _one(settled)


def of_moves() -> dict[Figure, Pair]:
    """The SQL of `moved_by_customer` and `moved_by_us`, for a new time; their whole is the cases."""
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


# What they are built from


def within(column: sa.ColumnElement[datetime], period: Period) -> sa.ColumnElement[bool]:
    return sa.and_(column >= period.begins, column < period.ends)


def hour_of(column: sa.ColumnElement[datetime], period: Period) -> sa.ColumnElement[int]:
    """The hour of the site's clock that contains an instant, numbered from 1970."""
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


# The queries


def facts_summed(
    program: int, period: Period, now: datetime, by: By | None, *, is_sqlite: bool
) -> sa.CompoundSelect[Any]:
    """A program's cases summed: rows of what they are about (`Of`), the key, how long claiming took, and the sums of
    `FIGURES`. Rows with the same key add up.
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
    saves = saves_of(program, period, by).c
    saved = {Figure.SAVED: (sa.func.count(), sa.func.count())}
    parts.append(_row(Of.AN_HOUR, saves.raised_hour, saved))
    if by in KEYS:
        parts.append(_row(Of.A_GROUP, saves.key, saved))
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
    """These sums for each key; the other figures are empty, so that all rows fit into one answer."""
    columns = [column for figure in FIGURES for column in sums.get(figure, (NONE, NONE))]
    return sa.select(
        sa.literal(int(of), sa.Integer),
        sa.cast(key, sa.Text).label("key"),
        sa.cast(waits, sa.Text).label("waits"),
        *(column.label(f"n{n}") for n, column in enumerate(columns)),
    ).group_by(key)
