"""Every night of 2026 to 2028 on which clocks change in the zones where promises are tried hardest."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from cases.times import wall

ZONES = ("America/New_York", "Europe/London", "Australia/Sydney", "Asia/Manila")
FIRST, LAST = date(2026, 1, 1), date(2028, 12, 31)


def offset(day: date, zone: str) -> timedelta | None:
    return wall(datetime.combine(day, time(0), UTC), zone).utcoffset()


def changes(zone: str) -> list[date]:
    """The days on which the clocks of a zone change; Manila's never do."""
    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    found = [day for day in days if offset(day, zone) != offset(day + timedelta(days=1), zone)]
    return [_local(day, zone) for day in found]


def _local(day: date, zone: str) -> date:
    """The zone's own date of the change that lies between two midnights of UTC."""
    before = offset(day, zone)
    hours = (datetime.combine(day, time(0), UTC) + timedelta(hours=n) for n in range(1, 25))
    return next(wall(hour, zone).date() for hour in hours if wall(hour, zone).utcoffset() != before)


CHANGES = [(zone, day) for zone in ZONES for day in changes(zone) or changes(ZONES[0])]
"""A zone and a day; for Manila the days on which its customers in New York change their clocks."""
