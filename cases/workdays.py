"""The site's working days: not weekends, not the public holidays of the country where it is, not the program's own days off."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib import resources

from cases.calendars import has_holidays, holiday
from cases.program import Program
from cases.times import instant, wall

SATURDAY = 5


def country_of(zone: str) -> str | None:
    """The country (ISO 3166) whose zone this is, by the table that comes with the zones; None where it names none."""
    return _countries().get(zone)


def calendars_of(program: Program) -> set[str]:
    """The countries whose holidays count for a program: for calls the one in its settings, for its people the site's."""
    return {country for country in (program.holiday_country, country_of(program.timezone)) if country}


def is_working_day(day: date, program: Program) -> bool:
    """Whether the site works on a day of its own calendar."""
    if day.weekday() >= SATURDAY or any(own.day == day for own in program.own_days):
        return False
    country = country_of(program.timezone)
    known = country if country is not None and has_holidays(country) else None
    return holiday(known, day, program.timezone) is None


def working_day(program: Program, day: date, ahead: int) -> date:
    """The working day that comes `ahead` of them after a day; before it, where `ahead` is negative. 0: the day itself."""
    step = timedelta(days=1 if ahead > 0 else -1)
    left = abs(ahead)
    while left:
        day += step
        left -= is_working_day(day, program)
    return day


def working_days_after(program: Program, moment: datetime, ahead: int) -> datetime:
    """The same time of the site's day, that many working days later (UTC); a working day in between counts whole."""
    shown = wall(moment, program.timezone)
    return instant(working_day(program, shown.date(), ahead), shown.time(), program.timezone).astimezone(UTC)


@cache
def _countries() -> dict[str, str]:
    table = resources.files("tzdata.zoneinfo").joinpath("zone.tab").read_text("utf-8")
    rows = (line.split("\t") for line in table.splitlines() if line and not line.startswith("#"))
    return {row[2]: row[0] for row in rows}
