"""A promise rings at the wall time that was promised: over every change of clocks, in every zone."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases import moves
from cases.forms import PromiseForm, read_when
from cases.reminders.engine import Fire, decide, wanted
from cases.reminders.rules import Rule
from cases.times import instant, skipped, wall
from tests import build
from tests.build import acting
from tests.cases.changes import CHANGES, FIRST, LAST, ZONES
from tests.cases.test_times import ZONES as ALL_ZONES
from tests.cases.test_times import minutes_of_day

SITE = build.program(timezone="Asia/Manila", horizon=timedelta(days=30))


def rings_at(zone: str, day: date, at: time, now: datetime) -> datetime:
    """Somebody types this promise and raises the case; the instant at which its owner is pinged."""
    typed = PromiseForm(f"{day:%Y-%m-%d}", f"{at:%H:%M}", zone, asked_for_time=True)
    promise = read_when(typed, zone, SITE, now)
    said = build.escalation(due_at=promise.due_at, zone=promise.zone)
    case = moves.raise_case(None, acting(build.ANA, now, SITE), 42, said).case
    (due,) = (one for one in wanted(case, SITE) if one.chain.rule is Rule.DUE)
    assert isinstance(decide(due, case, SITE, due.due_at), Fire)
    return due.due_at


def is_promised(zone: str, day: date, at: time, due: datetime) -> None:
    """The customer's clock shows the promised time, the first time that night; a time left out comes later."""
    shown = wall(due, zone)
    if skipped(day, at, zone):
        assert shown.replace(tzinfo=None) > datetime.combine(day, at)
        assert shown.replace(tzinfo=None) - datetime.combine(day, at) <= timedelta(hours=1)
    else:
        assert (shown.date(), shown.time(), shown.fold) == (day, at, 0)


@pytest.mark.parametrize(("zone", "day"), CHANGES, ids=lambda value: str(value))
@pytest.mark.parametrize("ahead", [0, 1, 3])
def test_a_promise_across_a_change_of_clocks_rings_at_its_wall_time(zone: str, day: date, ahead: int) -> None:
    """Every half hour of the day of the change, promised some days before and on the very day."""
    now = instant(day - timedelta(days=ahead), time(0), zone) - timedelta(minutes=1)
    for half_hours in range(48):
        at = time(half_hours // 2, half_hours % 2 * 30)
        is_promised(zone, day, at, rings_at(zone, day, at, now))


@settings(max_examples=300)
@given(
    st.sampled_from(ZONES) | st.sampled_from(ALL_ZONES),
    st.dates(FIRST, LAST),
    minutes_of_day,
    st.integers(1, 29),
)
def test_a_promise_in_any_zone_on_any_day_rings_at_its_wall_time(
    zone: str, day: date, at: time, ahead: int
) -> None:
    now = instant(day - timedelta(days=ahead), at, zone) - timedelta(hours=2)
    is_promised(zone, day, at, rings_at(zone, day, at, now))
