"""Shifts: which turn runs, when it ends, who works it; in any zone and over every change of clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.program import Shift
from cases.shifts import (
    Members,
    ending,
    length,
    next_begin,
    next_end,
    on_shift,
    overlapping,
    running,
    works,
)
from cases.times import instant, skipped, wall
from tests.build import program
from tests.cases.changes import CHANGES, FIRST, LAST, ZONES
from tests.cases.test_times import ZONES as ALL_ZONES
from tests.cases.test_times import minutes_of_day

WEEKDAYS = (0, 1, 2, 3, 4)
EVERY_DAY = tuple(range(7))
EARLY = Shift("Early", WEEKDAYS, time(6), time(14))
LATE = Shift("Late", WEEKDAYS, time(14), time(22), groups=("S0LATE", "S0MORE"), users=("U0SIA",))
NIGHT = Shift("Night", WEEKDAYS, time(22), time(6))
THREE = (EARLY, LATE, NIGHT)
MANILA = "Asia/Manila"


def at(day: date, hour: int, minute: int = 0, zone: str = MANILA) -> datetime:
    return instant(day, time(hour, minute), zone)


MONDAY = date(2026, 11, 23)
SATURDAY = date(2026, 11, 28)


@pytest.mark.parametrize(
    ("moment", "names"),
    [
        (at(MONDAY, 5, 59), []),
        (at(MONDAY, 6), ["Early"]),
        (at(MONDAY, 14), ["Late"]),
        (at(MONDAY, 23), ["Night"]),
        (at(MONDAY + timedelta(days=1), 5, 59), ["Night"]),
        (at(SATURDAY, 5, 59), ["Night"]),  # Friday's
        (at(SATURDAY, 6), []),
        (at(SATURDAY, 23), []),
    ],
)
def test_one_turn_runs_at_a_time_and_a_night_belongs_to_the_day_it_begins(
    moment: datetime, names: list[str]
) -> None:
    assert [span.shift.name for span in running(program(shifts=THREE), moment)] == names


def test_a_shift_over_midnight_ends_on_the_next_day() -> None:
    desk = program(shifts=THREE)
    (night,) = running(desk, at(MONDAY, 23))
    assert (night.day, night.begins_at, night.ends_at) == (
        MONDAY,
        at(MONDAY, 22),
        at(MONDAY + timedelta(days=1), 6),
    )


def test_the_next_end_and_the_next_beginning_skip_the_weekend() -> None:
    desk = program(shifts=THREE)
    ends, begins = next_end(desk, at(SATURDAY, 6)), next_begin(desk, at(SATURDAY, 6))
    assert ends is not None
    assert begins is not None
    assert (ends.shift, ends.ends_at) == (EARLY, at(date(2026, 11, 30), 14))
    assert (begins.shift, begins.begins_at) == (EARLY, at(date(2026, 11, 30), 6))
    after_early = next_begin(desk, ends.ends_at)
    assert after_early is not None
    assert after_early.shift is LATE


def test_a_program_without_shifts_has_no_ends_and_everybody_at_work() -> None:
    desk = program()
    assert running(desk, at(MONDAY, 9)) == ending(desk, at(MONDAY, 9)) == ()
    assert next_end(desk, at(MONDAY, 9)) is next_begin(desk, at(MONDAY, 9)) is None
    assert on_shift(desk, "U0SAM", {}, at(MONDAY, 9))


def test_a_turn_is_ending_for_the_time_of_the_handover() -> None:
    desk = program(shifts=THREE, handover_before=timedelta(minutes=20))
    told = {
        minute: [span.shift.name for span in ending(desk, at(MONDAY, 14) - timedelta(minutes=minute))]
        for minute in (21, 20, 1, 0)
    }
    assert told == {21: [], 20: ["Early"], 1: ["Early"], 0: []}


EVERYBODY = ("U0SAM", "U0BEN", "U0SIA", "U0ANA")


def workers(shift: Shift, members: Members) -> frozenset[str]:
    return frozenset(user for user in EVERYBODY if works(shift, user, members))


def test_who_works_a_shift() -> None:
    """Its groups, any of them, and those who are named; everybody where it names nobody."""
    members = {"S0LATE": ("U0SAM",), "S0MORE": ("U0BEN", "U0SAM")}
    assert workers(LATE, members) == frozenset(("U0SAM", "U0BEN", "U0SIA"))
    assert all(works(LATE, user, members) for user in ("U0SAM", "U0BEN", "U0SIA"))
    assert not works(LATE, "U0ANA", members)
    assert workers(EARLY, members) == frozenset(EVERYBODY)
    assert works(EARLY, "U0ANA", members)
    # A group that nobody is in, or that was never read, brings nobody in.
    assert workers(LATE, {}) == frozenset(("U0SIA",))
    desk = program(shifts=THREE)
    assert on_shift(desk, "U0SAM", members, at(MONDAY, 15))
    assert not on_shift(desk, "U0ANA", members, at(MONDAY, 15))
    assert on_shift(desk, "U0ANA", members, at(MONDAY, 9))
    assert not on_shift(desk, "U0SAM", members, at(SATURDAY, 9))


def shift(days: tuple[int, ...], begins: tuple[int, int], ends: tuple[int, int], name: str = "A") -> Shift:
    return Shift(name, days, time(*begins), time(*ends))


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        (EARLY, LATE, False),
        (NIGHT, EARLY, False),
        (shift((0,), (6, 0), (14, 0)), shift((0,), (13, 59), (20, 0)), True),
        (shift((0,), (6, 0), (14, 0)), shift((1,), (6, 0), (14, 0)), False),
        (shift((0,), (6, 0), (14, 0)), shift((0, 3), (6, 0), (14, 0)), True),
        (shift((0,), (22, 0), (6, 0)), shift((1,), (5, 59), (9, 0)), True),
        (shift((6,), (22, 0), (6, 0)), shift((0,), (5, 0), (9, 0)), True),  # Sunday's night into Monday
        (shift((6,), (22, 0), (6, 0)), shift((0,), (6, 0), (9, 0)), False),
        (shift((2,), (8, 0), (8, 0)), shift((3,), (8, 0), (8, 0)), False),  # round the clock
        (shift((2,), (8, 0), (8, 0)), shift((3,), (7, 59), (8, 0)), True),
        (shift((0,), (6, 0), (14, 0)), shift((0,), (8, 0), (9, 0)), True),
    ],
)
def test_shifts_that_overlap_are_found(one: Shift, other: Shift, meet: bool) -> None:
    assert overlapping((one, other)) == ([(one, other)] if meet else [])
    assert overlapping((other, one)) == ([(other, one)] if meet else [])


shifts = st.builds(
    Shift,
    st.just("Any"),
    st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))),
    minutes_of_day,
    minutes_of_day,
)
moments = st.timedeltas(timedelta(), timedelta(days=1095)).map(
    lambda after: datetime(2026, 1, 1, tzinfo=UTC) + after
)


@given(st.sampled_from(ALL_ZONES), moments, shifts)
def test_a_turn_runs_when_the_sites_clock_says_so(zone: str, now: datetime, one: Shift) -> None:
    """But on the nights of a change, where a boundary itself may move."""
    desk = program(shifts=(one,), timezone=zone)
    local = wall(now, zone)
    if any(
        wall(now + timedelta(hours=h), zone).utcoffset() != local.utcoffset() for h in (-50, -26, -2, 2, 26)
    ):
        return
    today, at_the_clock = local.date(), local.time()
    yesterday = (today.weekday() - 1) % 7
    if one.ends > one.begins:
        expected = today.weekday() in one.days and one.begins <= at_the_clock < one.ends
    else:
        expected = (today.weekday() in one.days and at_the_clock >= one.begins) or (
            yesterday in one.days and at_the_clock < one.ends
        )
    assert bool(running(desk, now)) is expected


@given(st.sampled_from(ALL_ZONES), moments, st.lists(shifts, min_size=1, max_size=4))
def test_ends_and_beginnings_come_in_order_and_none_is_missed(
    zone: str, now: datetime, several: list[Shift]
) -> None:
    desk = program(shifts=tuple(several), timezone=zone)
    end, begin = next_end(desk, now), next_begin(desk, now)
    assert end is not None
    assert begin is not None
    assert now < end.ends_at <= now + timedelta(days=9)
    assert now <= begin.begins_at <= now + timedelta(days=9)
    assert end in running(desk, end.ends_at - timedelta(microseconds=1))
    assert end not in running(desk, end.ends_at)
    assert begin in running(desk, begin.begins_at)
    for span in running(desk, now):
        assert end.ends_at <= span.ends_at
        assert span.ends_at - span.begins_at <= timedelta(hours=26)


@given(st.sampled_from(CHANGES), minutes_of_day, minutes_of_day)
def test_a_shift_on_the_night_of_a_change_ends_at_its_wall_time(
    change: tuple[str, date], begins: time, ends: time
) -> None:
    """Every change of clocks from 2026 to 2028: the turns of the day before, the day itself and the day after."""
    zone, day = change
    desk = program(shifts=(Shift("Any", EVERY_DAY, begins, ends),), timezone=zone)
    now = instant(day - timedelta(days=1), time(0), zone)
    seen = []
    while (span := next_end(desk, now)) is not None and span.day <= day + timedelta(days=1):
        seen.append(span)
        now = span.ends_at
        over = span.day + timedelta(days=ends <= begins)
        if not skipped(over, ends, zone):
            shown = wall(span.ends_at, zone)
            assert (shown.date(), shown.time(), shown.fold) == (over, ends, 0)
    days = [span.day for span in seen]
    whole = length(Shift("Any", EVERY_DAY, begins, ends)) > 60
    assert days == sorted(set(days))
    if whole:  # a change takes an hour at most from these clocks, so nothing longer is left out
        assert {day - timedelta(days=1), day, day + timedelta(days=1)} <= set(days)


@pytest.mark.parametrize("zone", ZONES)
def test_the_hours_of_three_years_are_worked_once(zone: str) -> None:
    """Three shifts round the clock, every day: at each hour one of them runs, and 1,096 times three of them end."""
    desk = program(
        shifts=(
            Shift("Early", EVERY_DAY, time(6), time(14)),
            Shift("Late", EVERY_DAY, time(14), time(22)),
            Shift("Night", EVERY_DAY, time(22), time(6)),
        ),
        timezone=zone,
    )
    now, until = instant(FIRST, time(6), zone), instant(LAST, time(23), zone)
    ends = []
    while (span := next_end(desk, now)) is not None and span.ends_at <= until:
        assert span.begins_at == now
        assert running(desk, now) == (span,)
        now = span.ends_at
        ends.append((span.shift.name, wall(now, zone).time()))
    assert set(ends) == {("Early", time(14)), ("Late", time(22)), ("Night", time(6))}
    assert len(ends) == 1096 * 3 - 1
