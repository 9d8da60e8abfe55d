"""Calling hours and holidays, by the customer's own wall clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from cases.errors import FieldErrors
from cases.fields import Field
from cases.forms import PromiseForm, first_time, proposed_time, read_when
from cases.hours import has_holidays, holiday, next_free
from cases.times import wall
from tests.build import CUSTOMER_ZONE, program

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
