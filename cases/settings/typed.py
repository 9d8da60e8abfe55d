"""What a manager types, read and written: minutes, hours, days, zones and countries.

`read_…` raises NotUnderstood, whose text is the sentence for the field; `write_…` gives what `read_…` takes back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, time
from itertools import pairwise

import phonenumbers

from cases.calendars import has_holidays
from cases.program import MIDNIGHT, Hours, OwnDay, Shift
from cases.text import CARD_REFUSED, NotTyped, clean, holds_card_number, read_free_text
from cases.times import WEEKDAYS, near_zones, zone_exists

CLOSED = "closed"
CLOSED_TOO = {CLOSED, "none", "no", "no calls", "off", "-", "–", "—"}
LIST_AT_MOST = 10
TYPED_AT_MOST = 3000
OWN_DAY_NAME_AT_MOST = 80

_CLOCK = r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?"
_ONE_CLOCK = re.compile(_CLOCK, re.IGNORECASE)
_HOURS = re.compile(rf"{_CLOCK}\s*(?:-|–|—|to|until)\s*{_CLOCK}", re.IGNORECASE)
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})[,;:]?\s+(\S.*)")


class NotUnderstood(ValueError):
    """What was typed means nothing here; the text says what to enter."""


def read_line(value: str | None, most: int, sentence: str) -> str:
    """One line of text."""
    try:
        return " ".join(read_free_text(value, 1, most, sentence).split())
    except NotTyped as problem:
        raise NotUnderstood(str(problem)) from None


def read_number(value: str | None, least: int, most: int, unit: str = "") -> int:
    """A whole number within its bounds."""
    text = clean(value).replace(",", "")
    number = int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None
    if number is None or not least <= number <= most:
        raise NotUnderstood(f"Enter a whole number{unit and f' of {unit}'} from {least:,} to {most:,}.")
    return number


def read_minutes(value: str | None, most: int) -> tuple[int, ...]:
    """A list of minutes that grows, such as `3, 7, 15`."""
    parts = [part for part in re.split(r"[\s,;/]+", clean(value)) if part]
    if not parts:
        raise NotUnderstood(
            "Enter at least one number of minutes, such as 3, 7, 15. Somebody has to be reminded."
        )
    if wrong := [part for part in parts if not re.fullmatch(r"[0-9]{1,9}", part)]:
        raise NotUnderstood(
            f"“{_short(wrong[0])}” is not a number of minutes. Enter them like this: 3, 7, 15."
        )
    if len(parts) > LIST_AT_MOST:
        raise NotUnderstood(f"Enter at most {LIST_AT_MOST} numbers. The reminders go on after the last one.")
    minutes = tuple(map(int, parts))
    if not all(1 <= minute <= most for minute in minutes):
        raise NotUnderstood(f"Each number must be from 1 to {most:,} minutes.")
    for before, after in pairwise(minutes):
        if after <= before:
            raise NotUnderstood(
                f"Each number must be greater than the one before it, as all count from the start: {after} follows {before}."
            )
    return minutes


def write_minutes(minutes: Iterable[int]) -> str:
    """`3, 7, 15`."""
    return ", ".join(map(str, minutes))


def read_clock(value: str | None, sentence: str) -> time:
    """A wall time as people type it, such as `8:00` or `8 am`."""
    found = _ONE_CLOCK.fullmatch(clean(value))
    minutes = found and _clock(found[1], found[2], found[3])
    if minutes is None or minutes >= 24 * 60:
        raise NotUnderstood(sentence)
    return _time(minutes)


def read_time(value: str | None, sentence: str) -> time:
    """A wall time as Slack's time picker hands it over."""
    try:
        return time.fromisoformat(clean(value)).replace(second=0, microsecond=0, tzinfo=None, fold=0)
    except ValueError:
        raise NotUnderstood(sentence) from None


def write_time(at: time) -> str:
    """`08:00`."""
    return f"{at:%H:%M}"


def read_hours(value: str | None) -> Hours | None:
    """A weekday's calling hours, such as `08:00–21:00` or `8am to 9pm`; None for `closed`."""
    text = clean(value)
    if text.casefold() in CLOSED_TOO:
        return None
    found = _HOURS.fullmatch(text)
    opens = found and _clock(found[1], found[2], found[3])
    closes = found and _clock(found[4], found[5], found[6])
    if opens is None or closes is None:
        raise NotUnderstood("Enter hours such as 08:00–21:00, or “closed” for a day without calls.")
    if closes in (0, 24 * 60):
        closes = 24 * 60
    if opens >= 24 * 60 or opens >= closes:
        raise NotUnderstood("These hours end before they begin. The latest closing time is 24:00.")
    return Hours(_time(opens), _time(closes))


def write_hours(hours: Hours | None) -> str:
    """`08:00–21:00`, or `closed`."""
    return CLOSED if hours is None else str(hours)


def read_own_days(value: str | None) -> tuple[OwnDay, ...]:
    """One day a line, such as `2026-12-24 Company day`; in the order of the calendar."""
    days: dict[date, str] = {}
    wrong: list[str] = []
    for number, line in enumerate(clean(value).split("\n"), start=1):
        text = " ".join(line.split())
        if not text:
            continue
        try:
            one = _own_day(text)
            if one.day in days:
                raise NotUnderstood(f"{one.day} appears twice.")
            days[one.day] = one.name
        except NotUnderstood as problem:
            wrong.append(f"Line {number}: {problem}")
    if wrong:
        more = f" And {len(wrong) - 3} more." if len(wrong) > 3 else ""
        raise NotUnderstood(" ".join(wrong[:3]) + more)
    if holds_card_number("\n".join(days.values())):
        raise NotUnderstood(CARD_REFUSED)
    own_days = tuple(OwnDay(day, days[day]) for day in sorted(days))
    if len(write_own_days(own_days)) > TYPED_AT_MOST:
        raise NotUnderstood(f"Keep the list to {TYPED_AT_MOST:,} characters: remove days that have passed.")
    return own_days


def write_own_days(days: Iterable[OwnDay]) -> str:
    """One day a line."""
    return "\n".join(f"{one.day} {one.name}" for one in days)


def read_zone(value: str | None) -> str:
    """A time zone's IANA name, in whatever case and with spaces for underscores."""
    text = clean(value)
    if zone_exists(text):
        return text
    near = near_zones(text)
    if len(near) == 1 and near[0].casefold() == text.replace(" ", "_").casefold():
        return near[0]
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    raise NotUnderstood(
        f"“{_short(text)}” is not a time zone.{hint} Enter an IANA name such as Asia/Manila."
        if text
        else "Enter an IANA time zone, such as Asia/Manila."
    )


def read_region(value: str | None) -> str:
    """A country whose phone numbers are known, by its two letters."""
    region = clean(value).upper()
    if region in phonenumbers.SUPPORTED_REGIONS:
        return region
    hint = " Great Britain is GB." if region == "UK" else ""
    raise NotUnderstood(f"Enter a country by its two letters, such as US or PH.{hint}")


def read_holiday_country(value: str | None) -> str | None:
    """A country whose holidays are known, by its two letters; None for nothing."""
    country = clean(value).upper()
    if country and not has_holidays(country):
        raise NotUnderstood(
            "Askdesk does not know this country's holidays. Enter two letters, such as US, or leave it empty."
        )
    return country or None


def read_digest(value: str | None) -> time | None:
    """When the digest comes; None for nothing."""
    sentence = "Enter a time such as 08:00, or leave it empty for no digest."
    return read_clock(value, sentence) if clean(value) else None


def write_when(days: Iterable[int], begins: str, ends: str) -> str:
    """When a shift is: `Mon–Fri 22:00–06:00`."""
    return f"{write_days(days)} {begins}–{ends}"


def write_shift(shift: Shift) -> str:
    """`Mon–Fri 22:00–06:00`."""
    return write_when(shift.days, write_time(shift.begins), write_time(shift.ends))


def write_days(days: Iterable[int]) -> str:
    """`Mon–Fri`, `Mon, Wed–Fri`, `every day`: weekdays as people write them."""
    chosen = sorted(set(days))
    if len(chosen) == 7:
        return "every day"
    runs: list[list[int]] = []
    for day in chosen:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    short = [day[:3] for day in WEEKDAYS]
    return ", ".join(
        f"{short[run[0]]}–{short[run[-1]]}" if len(run) > 2 else ", ".join(short[day] for day in run)
        for run in runs
    )


def _clock(hour: str, minute: str | None, half: str | None) -> int | None:
    """Minutes since midnight, up to 24:00."""
    hours, minutes = int(hour), int(minute or 0)
    if half:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + (12 if half.casefold() == "pm" else 0)
    total = hours * 60 + minutes
    return total if minutes < 60 and total <= 24 * 60 else None


def _time(minutes: int) -> time:
    return MIDNIGHT if minutes == 24 * 60 else time(minutes // 60, minutes % 60)


def _own_day(text: str) -> OwnDay:
    found = _DAY.fullmatch(text)
    if found is None:
        raise NotUnderstood(f"enter a date and a name, such as 2026-12-24 Company day, not “{_short(text)}”.")
    try:
        day = date.fromisoformat(found[1])
    except ValueError:
        raise NotUnderstood(f"{found[1]} is not a date in the calendar.") from None
    if len(found[2]) > OWN_DAY_NAME_AT_MOST:
        raise NotUnderstood(f"keep the name to {OWN_DAY_NAME_AT_MOST} characters.")
    return OwnDay(day, found[2])


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"
