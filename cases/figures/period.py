"""The days that a report is about: from words (`week`, `2026-11-02..2026-11-08`) to days and instants of the site."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from cases.errors import Misread
from cases.times import instant, wall

LONGEST = 366
"""Days in one report: a year."""

WORDS = ("today", "yesterday", "week", "last week", "month", "last month")
EXAMPLES = "today, week, last month, or days such as 2026-11-02..2026-11-08"


class NotAPeriod(Misread):
    """The days asked for are none; the text says which ones are."""


@dataclass(frozen=True)
class Period:
    """From the first day to the last, both counted, by the site's calendar."""

    first: date
    last: date
    zone: str

    @property
    def begins(self) -> datetime:
        """The first instant of the first day (UTC)."""
        return instant(self.first, time(0), self.zone)

    @property
    def ends(self) -> datetime:
        """The first instant after the last day (UTC)."""
        return instant(self.last + timedelta(days=1), time(0), self.zone)

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))

    @property
    def offsets(self) -> tuple[tuple[datetime, timedelta], ...]:
        """From which instant on the site's clock is how far ahead of UTC; more than one where clocks change."""
        found = [(self.begins, _offset(self.begins, self.zone))]
        at = self.begins
        while at < self.ends:
            following = min(at + timedelta(days=1), self.ends)
            offset = _offset(following, self.zone)
            if offset != found[-1][1]:
                found.append((_change(at, following, self.zone), offset))
            at = following
        return tuple(found)

    @property
    def before(self) -> Period:
        """As many days before it, to compare with."""
        length = self.last - self.first + timedelta(days=1)
        return Period(self.first - length, self.last - length, self.zone)

    def __str__(self) -> str:
        """As people read it: `Mon 2 – Sun 8 November 2026`."""
        first, last = self.first, self.last
        if first == last:
            return f"{first:%a} {first.day} {first:%B %Y}"
        begins = f"{first:%a} {first.day}"
        if (first.year, first.month) != (last.year, last.month):
            begins += f" {first:%B}" if first.year == last.year else f" {first:%B %Y}"
        return f"{begins} – {last:%a} {last.day} {last:%B %Y}"


def week(now: datetime, zone: str) -> Period:
    """The site's week so far, from Monday to today."""
    day = wall(now, zone).date()
    return Period(day - timedelta(days=day.weekday()), day, zone)


def week_before(monday: date, zone: str) -> Period:
    """The seven days before a Monday: what a weekly report is about."""
    return Period(monday - timedelta(days=7), monday - timedelta(days=1), zone)


def read_period(text: str, now: datetime, zone: str) -> Period:
    """The days that somebody asked for; what lies ahead is cut off. Raises NotAPeriod with the sentence for them."""
    words = " ".join(text.lower().split()) or "week"
    day = wall(now, zone).date()
    match words:
        case "today":
            return Period(day, day, zone)
        case "yesterday":
            return Period(day - timedelta(days=1), day - timedelta(days=1), zone)
        case "week":
            return week(now, zone)
        case "last week":
            return week_before(week(now, zone).first, zone)
        case "month":
            return Period(day.replace(day=1), day, zone)
        case "last month":
            last = day.replace(day=1) - timedelta(days=1)
            return Period(last.replace(day=1), last, zone)
    begins, dots, ends = (part.strip() for part in words.partition(".."))
    first = _day(begins, text)
    last = _day(ends, text) if dots else first
    if last < first:
        raise NotAPeriod(f"{last} comes before {first}. Write the earlier day first: {last}..{first}.")
    if first > day:
        raise NotAPeriod(
            f"{first} lies ahead: it is {day} here ({zone}). A report tells what was: {EXAMPLES}."
        )
    last = min(last, day)
    if (last - first).days >= LONGEST:
        raise NotAPeriod(f"From {first} to {last} are more than {LONGEST} days. Choose a year or less.")
    return Period(first, last, zone)


def _day(word: str, text: str) -> date:
    try:
        found = date.fromisoformat(word)
    except ValueError:
        shown = " ".join(text.split())[:60]
        raise NotAPeriod(f"“{shown}” names no days. Write {EXAMPLES}.") from None
    if found.year < 2000:
        raise NotAPeriod(f"{found} was long before this desk. Write {EXAMPLES}.")
    return found


def _offset(at: datetime, zone: str) -> timedelta:
    return wall(at, zone).utcoffset() or timedelta()


def _change(before: datetime, after: datetime, zone: str) -> datetime:
    """The instant between the two, to the second, at which the clock changes."""
    old = _offset(before, zone)
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) / 2
        middle = middle.replace(microsecond=0)
        if middle == before:
            break
        if _offset(middle, zone) == old:
            before = middle
        else:
            after = middle
    return after.astimezone(UTC)
