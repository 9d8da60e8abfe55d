"""Calling hours and holidays, by the customer's own wall clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import holidays
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cases.calendars import has_holidays, holiday
from cases.errors import FieldErrors
from cases.fields import Field
from cases.forms import OutsideHours, PromiseForm, first_time, proposed_time, read_when
from cases.hours import next_free, open_at
from cases.program import Hours, OwnDay, Program
from cases.regions import REGIONS
from cases.times import instant, wall, zone_exists
from tests.build import CUSTOMER_ZONE, NOW, program
from tests.cases.programs import programs
from tests.cases.test_times import ZONES as ALL_ZONES

US = program(holiday_country="US", horizon=timedelta(days=10))
EVE = datetime(2026, 12, 24, 20, 0, tzinfo=UTC)
"""15:00 in New York on the day before Christmas, a Thursday."""


def test_a_holiday_is_known_by_its_country() -> None:
    assert holiday("US", date(2026, 12, 25)) == "Christmas Day"
    assert holiday("US", date(2026, 12, 24)) is None
    assert holiday(None, date(2026, 12, 25)) is None
    assert has_holidays("PH")
    assert not has_holidays("001")


def test_nobody_is_promised_a_call_on_a_holiday_unawares() -> None:
    """The error stands at the date, names the day, proposes the next free time."""
    form = PromiseForm("2026-12-25", "10:00", CUSTOMER_ZONE)
    with pytest.raises(FieldErrors) as refused:
        read_when(form, CUSTOMER_ZONE, US, EVE)
    sentence = refused.value.errors[Field.DATE]
    assert "Christmas Day" in sentence
    assert "08:00 on Sat 26 Dec" in sentence


def test_a_customer_may_ask_for_a_holiday() -> None:
    form = PromiseForm("2026-12-25", "10:00", CUSTOMER_ZONE, asked_for_time=True)
    promise = read_when(form, CUSTOMER_ZONE, US, EVE)
    assert wall(promise.due_at, CUSTOMER_ZONE).date() == date(2026, 12, 25)


def test_a_time_off_the_five_minute_step_is_as_good_as_any() -> None:
    form = PromiseForm("2026-12-24", "16:02", CUSTOMER_ZONE)
    assert wall(read_when(form, CUSTOMER_ZONE, US, EVE).due_at, CUSTOMER_ZONE).minute == 2


def test_proposals_leave_holidays_out() -> None:
    late = EVE + timedelta(hours=5, minutes=50)
    for proposed in (proposed_time(US, CUSTOMER_ZONE, late), first_time(US, CUSTOMER_ZONE, late)):
        assert wall(proposed, CUSTOMER_ZONE).isoformat()[:16] == "2026-12-26T08:00"
    assert next_free(EVE, CUSTOMER_ZONE, US) == EVE


def at(zone: str, day: date, hour: int, minute: int = 0) -> datetime:
    return instant(day, time(hour, minute), zone)


def why(zone: str, day: date, hour: int, desk: Program) -> str:
    closed = open_at(at(zone, day, hour), zone, desk)
    assert closed is not None
    return str(closed)


WEEK = program(
    calling=(*(Hours(time(9), time(18)),) * 4, Hours(time(9), time(0)), Hours(time(10), time(14)), None),
    own_days=(OwnDay(date(2026, 11, 24), "Company day"),),
    holiday_country="US",
)
MONDAY = date(2026, 11, 23)
SUNDAY_MIDNIGHT = program(
    customer_timezone="Australia/Sydney",
    calling=(*(None,) * 6, Hours(time(0), time(0, 1))),
    spacing=timedelta(minutes=5),
)
"""Its only hours are those of the night in which clocks go back."""


def test_each_weekday_has_its_hours_and_says_why_it_is_closed() -> None:
    zone = CUSTOMER_ZONE
    assert open_at(at(zone, MONDAY, 9), zone, WEEK) is None
    assert open_at(at(zone, MONDAY, 17, 59), zone, WEEK) is None
    assert why(zone, MONDAY, 18, WEEK) == f"Calling hours are 09:00–18:00 on Mondays in {zone}."
    assert why(zone, MONDAY + timedelta(days=1), 12, WEEK) == (
        "Tue 24 Nov is a day without calls (Company day)."
    )
    assert (
        why(zone, MONDAY + timedelta(days=3), 12, WEEK) == "Thu 26 Nov is a holiday there (Thanksgiving Day)."
    )
    friday, saturday, sunday = (MONDAY + timedelta(days=n) for n in (4, 5, 6))
    assert open_at(at(zone, friday, 23, 59), zone, WEEK) is None
    assert why(zone, friday, 8, WEEK) == f"Calling hours are 09:00–24:00 on Fridays in {zone}."
    assert open_at(at(zone, saturday, 13, 59), zone, WEEK) is None
    assert why(zone, sunday, 12, WEEK) == "No calls on Sundays."
    assert why(zone, MONDAY, 21, program()) == f"Calling hours are 08:00–21:00 in {zone}."


def test_what_a_whole_day_forbids_stands_at_the_date_and_an_hour_at_the_time() -> None:
    for day, field in (("2026-11-29", Field.DATE), ("2026-11-24", Field.DATE), ("2026-11-28", Field.TIME)):
        with pytest.raises(FieldErrors) as refused:
            read_when(PromiseForm(day, "16:00", CUSTOMER_ZONE), CUSTOMER_ZONE, WEEK, NOW)
        assert set(refused.value.errors) == {field}
        assert "the next free time, or tick" in refused.value.errors[field]


@given(
    programs,
    st.integers(0, 60 * 24 * 60),
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
@example(SUNDAY_MIDNIGHT, 180, datetime(2028, 4, 1, 12, tzinfo=UTC))
@settings(max_examples=150, deadline=None)
def test_what_is_proposed_can_be_sent_as_it_is(program: Program, minutes: int, now: datetime) -> None:
    """In place of any time that is refused for its hour: the one that is proposed stands."""
    zone = program.customer_timezone
    asked = wall(now + timedelta(minutes=minutes), zone)
    form = PromiseForm(f"{asked:%Y-%m-%d}", f"{asked:%H:%M}", zone)
    try:
        read_when(form, zone, program, now)
    except FieldErrors as error:
        (sentence,) = error.errors.values()
        if not isinstance(sentence, OutsideHours):
            return
        assert (sentence.agreed.date(), sentence.agreed.hour) == (asked.date(), asked.hour)
        free = sentence.free
        stands = read_when(PromiseForm(f"{free:%Y-%m-%d}", f"{free:%H:%M}", zone), zone, program, now)
        assert open_at(stands.due_at, zone, program) is None
        kept = read_when(replace(form, asked_for_time=True), zone, program, now)
        # As an instant: Python finds a wall time that the night has twice equal to none of another zone (PEP 495).
        assert (kept.due_at, kept.asked_for_time) == (sentence.agreed.astimezone(UTC), True)


def test_the_next_free_time_skips_closed_days_days_off_and_holidays() -> None:
    zone = CUSTOMER_ZONE
    found = {
        name: f"{wall(next_free(at(zone, day, hour), zone, WEEK), zone):%a %H:%M}"
        for name, day, hour in (
            ("after hours before the company day", MONDAY, 18),
            ("after hours before Thanksgiving", MONDAY + timedelta(days=2), 19),
            ("before hours", MONDAY, 6),
            ("Saturday afternoon", MONDAY + timedelta(days=5), 14),
        )
    }
    assert found == {
        "after hours before the company day": "Wed 09:00",
        "after hours before Thanksgiving": "Fri 09:00",
        "before hours": "Mon 09:00",
        "Saturday afternoon": "Mon 09:00",
    }


def test_the_zone_tells_the_region_whose_holidays_count() -> None:
    assert holiday("AU", date(2026, 6, 8), "Australia/Sydney") == "King's Birthday"
    assert holiday("AU", date(2026, 6, 8), "Australia/Brisbane") is None
    assert holiday("CA", date(2026, 2, 16), "America/Toronto") == "Family Day"
    assert holiday("CA", date(2026, 2, 16)) is None
    assert holiday("CA", date(2026, 6, 24), "America/Toronto") is None
    assert holiday("CA", date(2026, 6, 24), "America/Montreal") is not None
    assert holiday("GB", date(2026, 4, 6), "Europe/London") == "Easter Monday"
    assert holiday("GB", date(2026, 4, 6)) is None
    # A zone of another country tells nothing, its own country's holidays are not the program's.
    assert holiday("US", date(2026, 6, 8), "Australia/Sydney") is None
    assert holiday("US", date(2026, 3, 26), "Pacific/Honolulu") is not None


def test_every_region_is_one_that_has_holidays() -> None:
    known = holidays.list_supported_countries()
    for zone, (country, region) in REGIONS.items():
        assert zone_exists(zone), zone
        assert region in known[country], zone


moments = st.timedeltas(timedelta(), timedelta(days=1090)).map(
    lambda after: datetime(2026, 1, 1, tzinfo=UTC) + after
)


@settings(max_examples=300)
@given(programs, st.sampled_from(ALL_ZONES), moments)
def test_the_next_free_time_is_open_and_no_holiday_for_every_program(
    desk: Program, zone: str, earliest: datetime
) -> None:
    """However narrow its hours, however many its days off: it ends, at an instant at which calls are made."""
    slot = next_free(earliest, zone, desk)
    shown = wall(slot, zone)
    assert slot >= earliest
    assert open_at(slot, zone, desk) is None
    assert holiday(desk.holiday_country, shown.date(), zone) is None
    assert shown.date() not in {one.day for one in desk.own_days}
    hours = desk.calling[shown.weekday()]
    assert hours is not None
    assert hours.admit(shown.time())
    assert shown.minute % 5 == 0 or shown.time() == hours.opens
    if shown.minute % 5 == 0:
        assert next_free(slot, zone, desk) == slot


@settings(max_examples=200)
@given(programs, st.sampled_from(ALL_ZONES), moments)
def test_what_the_desk_proposes_is_never_refused(desk: Program, zone: str, now: datetime) -> None:
    """Not even where calls are closed for longer than a promise may be ahead."""
    now = now.replace(second=0, microsecond=0)
    short = replace(desk, horizon=timedelta(days=1))
    for proposed in (first_time(short, zone, now), proposed_time(short, zone, now)):
        shown = wall(proposed, zone)
        if shown.fold:
            continue  # the second of two equal hours: a form's wall time means the first
        form = PromiseForm(f"{shown:%Y-%m-%d}", f"{shown:%H:%M}", zone)
        assert read_when(form, zone, short, now).due_at == proposed


def test_days_off_for_years_are_got_over() -> None:
    """Only Mondays are open, and each of the next hundred is a day off."""
    mondays = tuple(OwnDay(MONDAY + timedelta(weeks=n), "Off") for n in range(100))
    desk = program(calling=(Hours(time(8), time(9)), *(None,) * 6), own_days=mondays, holiday_country="US")
    slot = wall(next_free(NOW, CUSTOMER_ZONE, desk), CUSTOMER_ZONE)
    assert slot.date() == MONDAY + timedelta(weeks=100)


def test_an_opening_that_the_night_leaves_out_waits_for_the_next_day() -> None:
    """Calls from 02:15 to 02:45 only; on the night when New York's clocks jump from 2 to 3 there are none."""
    desk = program(calling=(Hours(time(2, 15), time(2, 45)),) * 7)
    slot = wall(next_free(at(CUSTOMER_ZONE, date(2026, 3, 8), 0), CUSTOMER_ZONE, desk), CUSTOMER_ZONE)
    assert f"{slot:%m-%d %H:%M}" == "03-09 02:15"


def test_a_program_that_never_calls_leaves_the_time_as_it_is() -> None:
    desk = program(calling=(None,) * 7)
    assert next_free(NOW, CUSTOMER_ZONE, desk) == NOW
