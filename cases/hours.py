"""When customers are called: the program's calling hours, and not on the holidays of their country.

Both by the customer's own wall clock; another time stands only when the customer asked for it (policy.md).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache

from cases.program import Program
from cases.times import instant, next_slot, wall


def holiday(country: str | None, day: date) -> str | None:
    """The public holiday of that day in a country (ISO 3166), by name; None on any other day."""
    if country is None:
        return None
    return _holidays(country, day.year).get(day)


def has_holidays(country: str) -> bool:
    """Whether the holidays of a country are known."""
    import holidays

    return country in holidays.list_supported_countries()


def next_free(earliest: datetime, zone: str, program: Program) -> datetime:
    """The first instant (UTC) at or after `earliest` at which the program calls customers of that zone."""
    slot = next_slot(earliest, zone, program.calls_from, program.calls_until)
    while holiday(program.holiday_country, wall(slot, zone).date()):
        slot = instant(wall(slot, zone).date() + timedelta(days=1), program.calls_from, zone)
    return slot


@lru_cache(maxsize=64)
def _holidays(country: str, year: int) -> dict[date, str]:
    # Imported when first needed: the library takes longer to load than all the rest of the rules.
    import holidays

    return dict(holidays.country_holidays(country, years=year))
