"""When customers are called: the program's calling hours, and not on holidays or on the program's own days off.

All by the customer's own wall clock; another time stands only when the customer asked for it (docs/policy.md, *The
callback time*).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from cases.calendars import holiday
from cases.program import Hours, Program
from cases.times import WEEKDAYS, instant, round_up, wall


@dataclass(frozen=True)
class Closed:
    """Why no call may start: a sentence, and whether that goes for the whole day."""

    why: str
    whole_day: bool

    def __str__(self) -> str:
        return self.why


def open_at(moment: datetime, zone: str, program: Program) -> Closed | None:
    """Why no call to that zone may start at that instant; None within calling hours."""
    shown = wall(moment, zone)
    hours = program.calling[shown.weekday()]
    if day := _day_off(shown.date(), zone, program):
        return Closed(day, whole_day=True)
    weekday = WEEKDAYS[shown.weekday()]
    if hours is None:
        return Closed(f"No calls on {weekday}s.", whole_day=True)
    if hours.admit(shown.time()):
        return None
    which = f"{hours}" if len(set(program.calling)) == 1 else f"{hours} on {weekday}s"
    return Closed(f"Calling hours are {which} in {zone}.", whole_day=False)


def next_free(earliest: datetime, zone: str, program: Program) -> datetime:
    """The first instant (UTC) at or after `earliest` at which the program calls customers of that zone.

    On a five-minute step of the zone's clock, or when calls open. A program that never calls (its settings are
    refused) leaves the time as it is.
    """
    soonest = round_up(wall(earliest, zone), 5)
    # A weekday that is open has a free day within a year of holidays and one week for each of the program's own.
    for ahead in range(7 * (54 + len(program.own_days))):
        day = soonest.date() + timedelta(days=ahead)
        hours = program.calling[day.weekday()]
        if hours is None:
            continue
        slot = _first(day, hours, soonest, zone)
        # Where the clocks of that night leave the opening out, it may be too late already.
        if slot is not None and open_at(slot, zone, program) is None:
            return slot
    return soonest.astimezone(UTC)


def _first(day: date, hours: Hours, soonest: datetime, zone: str) -> datetime | None:
    """The first instant of a day's hours at or after `soonest`."""
    if soonest.date() == day and hours.admit(soonest.time()):
        return soonest.astimezone(UTC)
    opening = instant(day, hours.opens, zone)
    if opening < soonest:  # over, or the night has this time twice
        opening = wall(opening, zone).replace(fold=1).astimezone(UTC)
    return opening if opening >= soonest else None


def _day_off(day: date, zone: str, program: Program) -> str | None:
    """Why nobody is called on that day, as a sentence; None on other days."""
    if feast := holiday(program.holiday_country, day, zone):
        return f"{day:%a %d %b} is a holiday there ({feast})."
    if own := next((one for one in program.own_days if one.day == day), None):
        return f"{day:%a %d %b} is a day without calls ({own.name})."
    return None
