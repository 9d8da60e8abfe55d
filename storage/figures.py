"""The numbers that managers read, asked of the database.

report_of(reading, program, period, now, by)   a program's report, of which everything is made that managers read
cases_raised(reading, program, period)         how many cases there were, as in the days before a report's
kept_lately(reading, program, now)             App Home's rates: promises kept today and this week
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import Row, func, select, text

from cases.figures import period as periods
from cases.figures.definitions import OF_A_CASE, Figure
from cases.figures.facts import Share, summed
from cases.figures.period import Period
from cases.figures.report import By, Calls, Hour, KeptLately, Report, Sums, report
from cases.figures.tally import Tally
from cases.program import Program
from cases.volume import Volume
from cases.words import Reason
from storage import coaching, sums
from storage import tables as t
from storage.mapping import parted
from storage.reading import Reading
from storage.sums import HOURS, Sum

EPOCH = date(1970, 1, 1).toordinal()

DIRECT = ("dm", "group_dm")
"""Places of a refusal that are direct messages."""

WORK_MEMORY = "64MB"
"""What PostgreSQL may take for one sort of a report."""

MOVED = (Figure.MOVED_BY_CUSTOMER, Figure.MOVED_BY_US)
FIGURES: dict[Sum, tuple[Figure, ...]] = {
    Sum.CASES: tuple(figure for figure in OF_A_CASE if figure not in MOVED),
    Sum.PROMISES: (Figure.KEPT,),
    Sum.MOVES: MOVED,
}
"""The figures whose sums a row holds, in that order: the part and the whole of each."""


def report_of(
    reading: Reading, program: Program, period: Period, now: datetime, by: By | None = None
) -> Report:
    """A program's report on the days of `period`, as the cases stand now."""
    lite = _lite(reading)
    if not lite:
        # For this transaction only: a month of a hundred thousand cases is then sorted in memory.
        reading.connection.execute(text(f"SET LOCAL work_mem = '{WORK_MEMORY}'"))
    found = _Found(by)
    for query in (
        sums.facts_summed(program.id, period, now, by, lite=lite),
        sums.moves_summed(program.id, period, by),
    ):
        for row in reading.connection.execute(query):
            found.add(row)
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
    kept = reading.connection.execute(sums.kept_by_day(program.id, week, now, lite=_lite(reading)))
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


def _lite(reading: Reading) -> bool:
    """Whether the database is SQLite."""
    return reading.connection.dialect.name == "sqlite"


class _Found:
    """Takes the rows of the answers, and puts them where they belong."""

    def __init__(self, by: By | None) -> None:
        self._by = by
        self._hours: dict[Hour, dict[Figure, Share]] = {}
        self._groups: dict[str, dict[Figure, Share]] = {}
        self._waits: dict[date, dict[int, int]] = {}
        self._group_waits: dict[str, dict[int, int]] = {}
        self._reasons: dict[Reason, int] = {}

    def add(self, row: Row[*tuple[int, ...]]) -> None:
        """One row: whether it is of a group, what it holds, its key, its numbers."""
        group, what, key, *numbers = row
        if group:
            for name in self._names(str(key)):
                if what == Sum.WAITS:
                    waits = self._group_waits.setdefault(name, {})
                    waits[numbers[0]] = waits.get(numbers[0], 0) + numbers[1]
                else:
                    _into(self._groups.setdefault(name, {}), Sum(what), numbers)
        elif what == Sum.WAITS:
            self._waits.setdefault(_day(int(key)), {})[numbers[0]] = numbers[1]
        elif what == Sum.REASONS:
            for word in parted(str(key)):
                self._reasons[Reason(word)] = self._reasons.get(Reason(word), 0) + numbers[0]
        else:
            day, hour = divmod(int(key), HOURS)
            _into(self._hours.setdefault((_day(day), hour), {}), Sum(what), numbers)

    def sums(self) -> Sums:
        return Sums(
            {hour: Tally(shares) for hour, shares in self._hours.items()},
            self._waits,
            self._reasons,
            {name: Tally(shares, self._group_waits.get(name, {})) for name, shares in self._groups.items()},
        )

    def _names(self, key: str) -> list[str]:
        match self._by:
            case By.REASON:
                return parted(key)
            case By.DAY:
                return [_day(int(key)).isoformat()]
            case _:
                return [key]


def _into(shares: dict[Figure, Share], what: Sum, numbers: list[int]) -> None:
    for n, figure in enumerate(FIGURES[what]):
        before = shares.get(figure, Share())
        shares[figure] = Share(before.part + numbers[2 * n], before.whole + numbers[2 * n + 1])
    if what is Sum.CASES:
        for figure in MOVED:  # so far none of so many cases
            before = shares.get(figure, Share())
            shares[figure] = Share(before.part, before.whole + numbers[0])


def _day(number: int) -> date:
    return date.fromordinal(EPOCH + number)
