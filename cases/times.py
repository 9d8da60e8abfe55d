"""Wall time and instants: a promise is the customer's wall time, kept with its IANA zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
"""As `weekday()` counts them."""


def zone_exists(name: str) -> bool:
    """Whether `name` is an IANA time zone, such as `Asia/Manila`."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return "/" in name or name == "UTC"


@cache
def _zones() -> tuple[str, ...]:
    """Every IANA time zone, by name. Looking them all up reads 600 files."""
    return tuple(sorted(zone for zone in available_timezones() if zone_exists(zone)))


def near_zones(text: str) -> list[str]:
    """Up to three zones that look like a text: the one that it is but for capitals and spaces, else by name or city."""
    zones = _zones()
    wanted = text.strip().replace(" ", "_").casefold()[:80]
    whole = {zone.casefold(): zone for zone in zones}
    if wanted in whole:
        return [whole[wanted]]
    city = {zone.rpartition("/")[2].casefold(): zone for zone in zones if not zone.startswith("Etc/")}
    near = [whole[name] for name in get_close_matches(wanted, whole, 3, 0.8)]
    return near or [city[n] for n in get_close_matches(wanted.rpartition("/")[2], city, 3, 0.8)]


def instant(day: date, at: time, zone: str) -> datetime:
    """The instant (UTC) of a wall time in a zone, defined for the two nights when clocks change.

    A time that the night skips (2:30 when clocks go from 2:00 to 3:00) means as many minutes later as
    the clock jumped (3:30): nobody is called before the time they heard. A time that the night has twice
    means the first of the two: nobody waits an hour longer than they expect.
    """
    return datetime.combine(day, at, ZoneInfo(zone)).replace(fold=0).astimezone(UTC)


def wall(moment: datetime, zone: str) -> datetime:
    """The wall clock of `zone` at an instant; aware."""
    return moment.astimezone(ZoneInfo(zone))


def skipped(day: date, at: time, zone: str) -> bool:
    """Whether this wall time is skipped because clocks go forward."""
    shown = wall(instant(day, at, zone), zone)
    return (shown.date(), shown.time()) != (day, at)


def round_up(moment: datetime, minutes: int) -> datetime:
    """The next full step of `minutes` at or after `moment`, by the clock of the moment's own zone."""
    whole = moment.replace(second=0, microsecond=0)
    if whole < moment:
        whole += timedelta(minutes=1)
    whole += timedelta(minutes=-whole.minute % minutes)
    # The way there is added to the instant: wall time's own sum forgets which of two equal hours it is in.
    return (moment.astimezone(UTC) + (whole - moment)).astimezone(moment.tzinfo)


def spoken(length: timedelta) -> str:
    """A length as people say it: `45 s`, `12 min`, `1 h 05 min`, `2 d 3 h`."""
    seconds = max(0, int(length.total_seconds()))
    if seconds < 60:
        return f"{seconds} s"
    minutes = seconds // 60
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes:02d} min" if minutes else f"{hours} h"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h" if hours else f"{days} d"
