"""Wall time and instants, above all on the nights when clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.hours import next_free
from cases.program import Hours
from cases.times import instant, round_up, skipped, spoken, wall, zone_exists
from tests.build import program

ZONES = sorted(name for name in available_timezones() if zone_exists(name))

NIGHTS = [
    # zone, the day, a time that the night skips, what it then means, how far it jumps
    ("America/New_York", date(2026, 3, 8), time(2, 30), time(3, 30)),
    ("Europe/London", date(2026, 3, 29), time(1, 30), time(2, 30)),
    ("Australia/Sydney", date(2026, 10, 4), time(2, 30), time(3, 30)),
    ("Australia/Lord_Howe", date(2026, 10, 4), time(2, 15), time(2, 45)),
]
TWICE = [
    # zone, the day, a time that the night has twice, its first instant
    ("America/New_York", date(2026, 11, 1), time(1, 30), datetime(2026, 11, 1, 5, 30, tzinfo=UTC)),
    ("Europe/London", date(2026, 10, 25), time(1, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
    ("Australia/Sydney", date(2026, 4, 5), time(2, 30), datetime(2026, 4, 4, 15, 30, tzinfo=UTC)),
    ("Australia/Lord_Howe", date(2026, 4, 5), time(1, 45), datetime(2026, 4, 4, 14, 45, tzinfo=UTC)),
]

zones = st.sampled_from(ZONES)
moments = st.timedeltas(timedelta(), timedelta(days=4700)).map(
    lambda after: datetime(2024, 1, 1, tzinfo=UTC) + after
)
minutes_of_day = st.integers(0, 24 * 60 - 1).map(lambda n: time(n // 60, n % 60))


@pytest.mark.parametrize(("zone", "day", "at", "means"), NIGHTS, ids=lambda value: str(value))
def test_a_time_that_the_night_skips_comes_as_much_later_as_the_clock_jumps(
    zone: str, day: date, at: time, means: time
) -> None:
    assert wall(instant(day, at, zone), zone).timetz().replace(tzinfo=None) == means
    assert skipped(day, at, zone)
    assert not skipped(day, means, zone)
    assert not skipped(day + timedelta(days=1), at, zone)


@pytest.mark.parametrize(("zone", "day", "at", "first"), TWICE, ids=lambda value: str(value))
def test_a_time_that_the_night_has_twice_is_the_first_of_the_two(
    zone: str, day: date, at: time, first: datetime
) -> None:
    assert instant(day, at, zone) == first
    assert not skipped(day, at, zone)
    again = wall(first, zone).replace(fold=1)
    assert again.astimezone(UTC) > first


@given(zones, moments)
def test_the_wall_clock_of_an_instant_leads_back_to_it(zone: str, moment: datetime) -> None:
    shown = wall(moment, zone)
    back = instant(shown.date(), shown.time(), zone)
    assert back == moment if shown.fold == 0 else back < moment
    assert wall(back, zone).replace(tzinfo=None, fold=0) == shown.replace(tzinfo=None, fold=0)
    assert not skipped(shown.date(), shown.time(), zone)


@given(zones, st.dates(date(2024, 1, 1), date(2036, 12, 31)), minutes_of_day)
def test_nobody_is_called_before_the_time_they_heard(zone: str, day: date, at: time) -> None:
    heard, shown = datetime.combine(day, at), wall(instant(day, at, zone), zone).replace(tzinfo=None)
    assert shown == heard if not skipped(day, at, zone) else shown > heard


@given(zones, moments, st.sampled_from([5, 15]))
def test_rounding_up_goes_to_the_next_step_of_the_zones_clock(zone: str, moment: datetime, step: int) -> None:
    rounded = round_up(wall(moment, zone), step)
    assert timedelta() <= rounded.astimezone(UTC) - moment < timedelta(minutes=step)
    assert (rounded.minute % step, rounded.second, rounded.microsecond) == (0, 0, 0)
    assert round_up(rounded, step) == rounded


def next_slot(earliest: datetime, zone: str, opens: time, closes: time) -> datetime:
    """The next free time of a program that calls at the same hours every day."""
    return next_free(earliest, zone, program(calling=(Hours(opens, closes),) * 7))


@given(zones, moments, st.integers(0, 21), st.integers(2, 24))
@settings(max_examples=500)
def test_the_next_slot_is_inside_calling_hours_and_never_earlier(
    zone: str, earliest: datetime, opens_at: int, length: int
) -> None:
    opens = time(opens_at)
    closes = time(min(opens_at + length, 23), 30)
    slot = next_slot(earliest, zone, opens, closes)
    shown = wall(slot, zone)
    assert slot >= earliest
    assert opens <= shown.time() < closes
    assert shown.minute % 5 == 0
    assert shown.second == shown.microsecond == 0
    assert slot - earliest < timedelta(hours=26)


def test_the_next_slot_of_a_day_that_is_over_is_tomorrows_first() -> None:
    zone, opens, closes = "America/New_York", time(8), time(21)
    at = [(7, 59, 8, 0), (8, 1, 8, 5), (20, 55, 20, 55), (20, 56, 8, 0), (23, 0, 8, 0)]
    for hour, minute, slot_hour, slot_minute in at:
        slot = wall(
            next_slot(instant(date(2026, 11, 24), time(hour, minute), zone), zone, opens, closes), zone
        )
        assert (slot.hour, slot.minute) == (slot_hour, slot_minute)
        assert slot.day == (24 if (hour, minute) <= (20, 55) else 25)


def test_the_second_of_two_equal_hours_is_not_taken_for_the_first() -> None:
    """1:52 for the second time, on the night when New York's clocks go back: the next slot is 1:55, now."""
    second = datetime(2026, 11, 1, 6, 52, tzinfo=UTC)
    slot = next_slot(second, "America/New_York", time(0), time(23, 30))
    assert slot == second + timedelta(minutes=3)
    assert round_up(wall(second, "America/New_York"), 15).astimezone(UTC) == second + timedelta(minutes=8)


def test_an_opening_that_comes_twice_that_night_opens_again() -> None:
    """1:10 for the second time, and calls start at 1:30: in twenty minutes, not forty minutes ago."""
    second = datetime(2026, 11, 1, 6, 10, tzinfo=UTC)
    assert next_slot(second, "America/New_York", time(1, 30), time(20)) == second + timedelta(minutes=20)


@pytest.mark.parametrize(
    "name",
    ["", "EST", "Manila", "Asia", "Asia/", "asia/manila", "/etc/passwd", "../UTC", "A/" * 500, "\0", "auto"],
)
def test_what_is_no_zone_is_known_as_none(name: str) -> None:
    assert not zone_exists(name)


def test_zones_go_by_their_iana_names() -> None:
    assert all(zone_exists(name) for name in ("Asia/Manila", "America/Argentina/Salta", "UTC", "Etc/UTC"))


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (timedelta(seconds=-5), "0 s"),
        (timedelta(seconds=59), "59 s"),
        (timedelta(seconds=60), "1 min"),
        (timedelta(minutes=59, seconds=59), "59 min"),
        (timedelta(hours=1), "1 h"),
        (timedelta(hours=1, minutes=5), "1 h 05 min"),
        (timedelta(hours=47, minutes=59), "47 h 59 min"),
        (timedelta(hours=48), "2 d"),
        (timedelta(hours=51), "2 d 3 h"),
    ],
)
def test_a_length_is_said_as_people_say_it(length: timedelta, text: str) -> None:
    assert spoken(length) == text
