"""The figures' definitions as SQL: a hundred thousand cases are summed where they are kept.

Each expression here says what a function of `cases.figures.definitions` says of one case; tests hold the two against
each other on both databases.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import IntEnum
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    Text,
    and_,
    cast,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy import case as one_of
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import KeyedColumnElement
from sqlalchemy.sql.functions import FunctionElement

from cases.case import Status
from cases.figures.definitions import NOBODY_ASKED, Figure
from cases.figures.period import Period
from cases.figures.report import By
from cases.words import CallbackKind, Disposition, Missed, Outcome, Satisfied, Verdict, WantedBy
from storage import tables as t

HOUR_SECONDS = 3600
HOURS = 24

Facts = ReadOnlyColumnCollection[str, KeyedColumnElement[Any]]
Pair = tuple[ColumnElement[int], ColumnElement[int]]
"""The part and the whole of a share."""


class Sum(IntEnum):
    """What a row of the answer holds."""

    CASES = 0
    """The figures of cases, in the order of `of_cases`."""
    PROMISES = 1
    """The figures of promises, in the order of `of_promises`."""
    MOVES = 2
    """The figures of new times, in the order of `of_moves`."""
    WAITS = 3
    """So many cases were claimed after so many seconds: the seconds, the count."""
    REASONS = 4
    """How many cases have these reasons."""


class seconds(FunctionElement[int]):
    """Whole seconds since 1970 of an instant, cut off as `whole_seconds` does."""

    type = BigInteger()
    inherit_cache = True


@compiles(seconds, "sqlite")
def _sqlite_seconds(element: seconds, compiler: SQLCompiler, **options: Any) -> str:
    # Without the fraction, which strftime would round.
    return f"CAST(strftime('%s', substr({compiler.process(element.clauses, **options)}, 1, 19)) AS INTEGER)"


@compiles(seconds, "postgresql")
def _postgresql_seconds(element: seconds, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST(floor(date_part('epoch', {compiler.process(element.clauses, **options)})) AS BIGINT)"


NEEDED = (
    "first_due_at",
    "claimed_at",
    "raised_by",
    "scenario",
    "reasons",
    "department",
    "status",
    "outcome",
    "satisfied",
    "right_department",
    "assessed_well",
    "missed",
    "repeat",
    "related",
)
"""What of a case the figures need."""


def facts_of(program: int, period: Period, by: By | None = None, *, lite: bool) -> CTE:
    """A row for each case that was raised in these days or promised for one of them, with its attempts counted.

    An attempt that was begun and left without a word is none, but for the call that runs now. `raised_hour` and `due_hour`
    are hours of the site's clock, where they are in these days; `wait` is how many seconds claiming took. The rows are
    made once, however many sums are made of them; they have the agent's `team` where they are divided by it. `lite` is
    SQLite.
    """
    c, a, first = t.cases.c, t.attempts.c, t.callbacks.c
    made = or_(a.disposition.is_not(None), a.number == c.call)
    rows = t.cases.join(t.callbacks, and_(first.case_number == c.number, first.number == 1))
    rows = rows.outerjoin(t.attempts, a.case_number == c.number)
    if by is By.TEAM:
        rows = rows.outerjoin(t.people, t.people.c.id == c.raised_by)
    told_of = _in_order(program, period) if lite else [_told_of(c, c.program == program, period)]
    facts = (
        select(
            *(c[name] for name in NEEDED),
            *([func.max(t.people.c.team).label("team")] if by is By.TEAM else []),
            func.max(first.window_seconds).label("window_seconds"),
            _if(within(c.raised_at, period), hour_of(c.raised_at, period)).label("raised_hour"),
            _if(within(c.first_due_at, period), hour_of(c.first_due_at, period)).label("due_hour"),
            (seconds(c.claimed_at) - seconds(c.raised_at)).label("wait"),
            func.count(a.disposition).label("logged"),
            func.count().filter(a.disposition == Disposition.REACHED.value).label("reached"),
            func.min(a.started_at).filter(made).label("first_call"),
        )
        .select_from(rows)
        .where(*told_of)
        .group_by(c.number)
    )
    return facts.cte("facts").prefix_with("MATERIALIZED")


def _told_of(c: Facts, mine: ColumnElement[bool], period: Period) -> ColumnElement[bool]:
    """The cases of a program that a report on these days tells of."""
    return and_(mine, or_(within(c.raised_at, period), within(c.first_due_at, period)))


def _in_order(program: int, period: Period) -> list[ColumnElement[bool]]:
    """The same cases, for SQLite to walk them by their numbers, from the first that counts to the last.

    By the indexes of their times it finds them out of order, and most of a report is sorting them into groups; it keeps
    away from these indexes where the program is a sum.
    """
    c, others = t.cases.c, t.cases.alias("others")
    first, last = (
        select(end(others.c.number))
        .where(_told_of(others.c, others.c.program == program, period))
        .scalar_subquery()
        for end in (func.min, func.max)
    )
    return [c.number.between(first, last), _told_of(c, c.program + 0 == program, period)]


# The definitions


def of_cases(f: Facts) -> dict[Figure, Pair]:
    """The SQL of `OF_A_CASE`, but for what was moved, which is asked of the callbacks."""
    closed = f.status == Status.CLOSED.value
    solved = and_(closed, f.outcome == Outcome.RESOLVED.value)
    asked = and_(closed, f.satisfied.is_not(None), f.satisfied != Satisfied.NOT_ASKED.value)
    reviewed = and_(closed, f.outcome.not_in(sorted(outcome.value for outcome in NOBODY_ASKED)))
    missed = and_(reviewed, f.missed.in_([Missed.ONE.value, Missed.SEVERAL.value]))
    logged = func.coalesce(func.sum(one_of((closed, f.logged), else_=0)), 0)
    everything = func.count()
    return {
        Figure.RAISED: (everything, everything),
        Figure.CLAIMED: (_count(f.claimed_at.is_not(None)), everything),
        Figure.REACHED: (_count(f.reached > 0), _count(f.logged > 0)),
        Figure.FIRST_CALLBACK: (_count(and_(solved, f.logged == 1)), _count(closed)),
        Figure.RESOLVED: (_count(solved), _count(closed)),
        Figure.ATTEMPTS: (cast(logged, Integer), _count(closed)),
        Figure.REPEAT: (_count(or_(f.repeat.is_(True), f.related != "")), everything),
        Figure.SATISFIED: (_count(and_(asked, f.satisfied == Satisfied.YES.value)), _count(asked)),
        Figure.RIGHT_DEPARTMENT: _verdict(closed, f.right_department),
        Figure.ASSESSED_WELL: _verdict(closed, f.assessed_well),
        Figure.AVOIDABLE: (_count(missed), _count(reviewed)),
    }


def of_promises(f: Facts, now: datetime) -> dict[Figure, Pair]:
    """The SQL of `promise_kept`."""
    over = seconds(f.first_due_at) + f.window_seconds
    kept = and_(f.first_call >= f.first_due_at, seconds(f.first_call) < over)
    settled = or_(f.first_call.is_not(None), over <= literal(int(now.timestamp()), BigInteger))
    return {Figure.KEPT: (_count(kept), _count(settled))}


def of_moves(wanted_by: ColumnElement[str]) -> dict[Figure, Pair]:
    """The SQL of `moved_by_customer` and `moved_by_us`; their whole are the cases, which are counted elsewhere."""
    none = literal(0, Integer)
    return {
        Figure.MOVED_BY_CUSTOMER: (_count(wanted_by == WantedBy.CUSTOMER.value), none),
        Figure.MOVED_BY_US: (_count(wanted_by == WantedBy.US.value), none),
    }


def _verdict(closed: ColumnElement[bool], said: ColumnElement[str]) -> Pair:
    return _count(and_(closed, said == Verdict.YES.value)), _count(and_(closed, said.is_not(None)))


def _count(what: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count().filter(what)


# What they are put together by


def within(column: ColumnElement[datetime], period: Period) -> ColumnElement[bool]:
    return and_(column >= period.begins, column < period.ends)


def hour_of(column: ColumnElement[datetime], period: Period) -> ColumnElement[int]:
    """The hour of the site's clock that an instant is in, counted through from 1970."""
    (first, *changes) = period.offsets
    offset: ColumnElement[int] = literal(int(first[1].total_seconds()), Integer)
    if changes:
        whens = [
            (column >= at, literal(int(ahead.total_seconds()), Integer)) for at, ahead in reversed(changes)
        ]
        offset = one_of(*whens, else_=offset)
    return (seconds(column) + offset) // HOUR_SECONDS


def _if(condition: ColumnElement[bool], value: ColumnElement[int]) -> ColumnElement[int | None]:
    return one_of((condition, value), else_=None)


def key_of(by: By, f: Facts, hour: ColumnElement[int]) -> ColumnElement[Any]:
    """The group of a row, at that hour; a case's reasons stand in one column, and are parted afterwards.

    `f` are the facts, or cases with the agents beside them.
    """
    match by:
        case By.AGENT:
            return f.raised_by
        case By.REASON:
            return f.reasons
        case By.SCENARIO:
            return f.scenario
        case By.DEPARTMENT:
            return func.coalesce(f.department, "")
        case By.TEAM:
            return func.coalesce(f.get("team", t.people.c.team), "")
        case By.DAY:
            return hour // HOURS
        case By.HOUR:
            return hour % HOURS
        case By.PROGRAM:
            raise ValueError("a report of one program is not divided by program")


# The questions


def facts_summed(
    program: int, period: Period, now: datetime, by: By | None, *, lite: bool
) -> CompoundSelect[Any]:
    """All but what was moved, in one statement: rows of whether it is of a group, a `Sum`, the key, the sums."""
    facts = facts_of(program, period, by, lite=lite)
    f = facts.c
    raised, due = f.raised_hour.is_not(None), f.due_hour.is_not(None)
    claimed, wait = f.wait.is_not(None), f.wait
    cases, promises = _columns(of_cases(f)), _columns(of_promises(f, now))
    parts = [
        _row(Sum.CASES, f.raised_hour, cases).where(raised),
        _row(Sum.PROMISES, f.due_hour, promises).where(due),
        _row(Sum.WAITS, f.raised_hour // HOURS, [wait, func.count()], wait).where(raised, claimed),
        _row(Sum.REASONS, f.reasons, [func.count()]).where(raised),
    ]
    if by is not None:
        key, due_key = (key_of(by, f, hour) for hour in (f.raised_hour, f.due_hour))
        parts += [
            _row(Sum.CASES, key, cases, group=True).where(raised),
            _row(Sum.PROMISES, due_key, promises, group=True).where(due),
            _row(Sum.WAITS, key, [wait, func.count()], wait, group=True).where(raised, claimed),
        ]
    return union_all(*parts)


def moves_summed(program: int, period: Period, by: By | None) -> CompoundSelect[Any]:
    """New times by whose wish, of the cases raised in these days; rows as those of `facts_summed`."""
    c, cb = t.cases.c, t.callbacks.c
    mine = (c.program == program, within(c.raised_at, period), cb.kind == CallbackKind.MOVED.value)
    rows = t.cases.join(t.callbacks, cb.case_number == c.number)
    if by is By.TEAM:
        rows = rows.outerjoin(t.people, t.people.c.id == c.raised_by)
    moves = _columns(of_moves(cb.wanted_by))
    hour = hour_of(c.raised_at, period)
    parts = [_row(Sum.MOVES, hour, moves)]
    if by is not None:
        parts.append(_row(Sum.MOVES, key_of(by, c, hour), moves, group=True))
    return union_all(*(part.select_from(rows).where(*mine) for part in parts))


def kept_by_day(program: int, period: Period, now: datetime, *, lite: bool) -> Select[*tuple[Any, ...]]:
    """The first promises of these days: the day, how many were kept, of how many."""
    f = facts_of(program, period, lite=lite).c
    (kept,) = of_promises(f, now).values()
    query = select((f.due_hour // HOURS).label("key"), *kept)
    return query.where(f.due_hour.is_not(None)).group_by("key")


WIDTH = 2 * 11
"""Sums in a row: two for each figure of cases. A row that has fewer is filled up, so that all fit into one answer."""


def _columns(figures: Mapping[Figure, Pair]) -> list[ColumnElement[int]]:
    return [column for pair in figures.values() for column in pair]


def _row(
    what: Sum,
    key: ColumnElement[Any],
    sums: list[ColumnElement[int]],
    *also: ColumnElement[Any],
    group: bool = False,
) -> Select[*tuple[Any, ...]]:
    """Sums for each key, and for each of what else is named among them."""
    filled = [*sums, *[literal(0, Integer)] * (WIDTH - len(sums))]
    return select(
        literal(int(group), Integer),
        literal(int(what), Integer),
        cast(key, Text).label("key"),
        *(column.label(f"n{n}") for n, column in enumerate(filled)),
    ).group_by(key, *also)
