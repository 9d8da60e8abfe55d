"""The numbers that managers read, asked of the database.

report_of(reading, program, period, now, by)   a program's report, of which everything is made that managers read
cases_raised(reading, program, period)         how many cases there were, as in the days before a report's
kept_lately(reading, program, now)             App Home's rates: promises kept today and this week
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime
from operator import add

from sqlalchemy import func, select, text

from cases.figures import period as periods
from cases.figures.facts import Share, summed
from cases.figures.period import Period
from cases.figures.report import By, Calls, Hour, KeptLately, Report, Sums, report
from cases.figures.tally import Tally
from cases.figures.volume import Volume
from cases.program import Program
from cases.words import Reason
from storage import tables as t
from storage.engine import is_sqlite
from storage.reading import Reading
from storage.reports import sums
from storage.reports.sums import FIGURES, HOURS, Of
from storage.rows import parted
from storage.writing import coaching

EPOCH = date(1970, 1, 1).toordinal()

DIRECT = ("dm", "group_dm")
"""Places of a refusal that are direct messages."""

WORK_MEMORY = "64MB"
"""What PostgreSQL may take for one sort of a report."""


def report_of(
    reading: Reading, program: Program, period: Period, now: datetime, by: By | None = None
) -> Report:
    """A program's report on the days of `period`, as the cases stand now."""
    sqlite = is_sqlite(reading.connection)
    if not sqlite:
        # For this transaction only: a month of a hundred thousand cases is then sorted in memory.
        reading.connection.execute(text(f"SET LOCAL work_mem = '{WORK_MEMORY}'"))
    found = _Found(by)
    for row in reading.connection.execute(sums.facts_summed(program.id, period, now, by, is_sqlite=sqlite)):
        found.add(*row)
    return report(
        program.name,
        period,
        now,
        found.sums(),
        by=by,
        coaching=coaching.facts(reading, program.id, period.begins, period.ends),
        tries=refusals(reading, period),
        calls=calls_of(reading, program.id, period),
    )


def cases_raised(reading: Reading, program: Program, period: Period) -> int:
    """How many cases were raised in these days: all that a report tells of the days before its own."""
    c = t.cases.c
    query = select(func.count()).where(c.program == program.id, sums.within(c.raised_at, period))
    count: int = reading.connection.execute(query).scalar_one()
    return count


def kept_lately(reading: Reading, program: Program, now: datetime) -> KeptLately:
    """The kept rate of a program's promises today and this week, for the home of its managers."""
    week = periods.week(now, program.timezone)
    kept = reading.connection.execute(
        sums.kept_by_day(program.id, week, now, is_sqlite=is_sqlite(reading.connection))
    )
    days = {_day(row[0]): Share(row[1], row[2]) for row in kept}
    return KeptLately(days.get(week.last, Share()), summed(days.values()))


def calls_of(reading: Reading, program: int, period: Period) -> list[Calls]:
    """The call volume of these days, as far as it was imported."""
    v = t.volume.c
    query = select(v.day, v.hour, v.calls).where(
        v.program == program, v.day >= period.first, v.day <= period.last
    )
    return [
        Calls(row.day, None if row.hour == t.WHOLE_DAY else row.hour, row.calls)
        for row in reading.connection.execute(query)
    ]


def volume_of(reading: Reading, days: Collection[tuple[int, date]]) -> Volume:
    """What is known of programs' days."""
    found: dict[tuple[int, date], dict[int | None, int]] = {}
    if days:
        among = {day for _, day in days}
        v = t.volume.c
        for row in reading.connection.execute(select(t.volume).where(v.day.between(min(among), max(among)))):
            if (row.program, row.day) in days:
                hours = found.setdefault((row.program, row.day), {})
                hours[None if row.hour == t.WHOLE_DAY else row.hour] = row.calls
    return found


def refusals(reading: Reading, period: Period) -> int:
    """How many direct messages were refused in these days, in the whole workspace."""
    r = t.refusals.c
    query = select(func.count()).where(sums.within(r.at, period), r.place.in_(DIRECT))
    count: int = reading.connection.execute(query).scalar_one()
    return count


class _Found:
    """Takes the rows of the answer, and puts them where they belong."""

    def __init__(self, by: By | None) -> None:
        self._by = by
        self._sums: dict[Of, dict[str, _Sum]] = {of: defaultdict(_Sum) for of in Of}

    def add(self, of: int, key: str, waits: str | None, *numbers: int) -> None:
        """One row: what it tells of, its key, how long claiming took, the figures' numbers."""
        of = Of(of)
        several = of is Of.REASONS or (of is Of.A_GROUP and self._by is By.REASON)
        for name in parted(key) if several else [key]:
            self._sums[of][name].add(waits, numbers)

    def sums(self) -> Sums:
        groups = self._tallies(Of.A_GROUP)
        reasons = groups if self._by is By.REASON else self._tallies(Of.REASONS)
        return Sums(
            {_hour(int(key)): tally for key, tally in self._tallies(Of.AN_HOUR).items()},
            {Reason(name): tally.raised for name, tally in reasons.items() if tally.raised},
            groups,
        )

    def _tallies(self, of: Of) -> dict[str, Tally]:
        return {key: one.tally() for key, one in self._sums[of].items()}


class _Sum:
    """What rows of the same key add up to."""

    def __init__(self) -> None:
        self._numbers: Sequence[int] = [0] * (2 * len(FIGURES))
        self._waits: list[str] = []

    def add(self, waits: str | None, numbers: Sequence[int]) -> None:
        self._numbers = list(map(add, self._numbers, numbers))
        if waits:
            self._waits.append(waits)

    def tally(self) -> Tally:
        shares = map(Share, self._numbers[::2], self._numbers[1::2])
        waits = Counter(map(int, ",".join(self._waits).split(","))) if self._waits else {}
        return Tally(dict(zip(FIGURES, shares, strict=True)), waits)


def _hour(number: int) -> Hour:
    day, hour = divmod(number, HOURS)
    return _day(day), hour


def _day(number: int) -> date:
    return date.fromordinal(EPOCH + number)
