"""Any legal program: what its manager may have set up."""

from __future__ import annotations

from datetime import date, time, timedelta

from hypothesis import strategies as st

from cases.program import Department, Hours, Ladder, OwnDay, Program, Shift
from cases.shifts import overlapping
from cases.text import clean
from cases.words import Reason, Step
from tests.build import program
from tests.cases.changes import ZONES

minutes_of_day = st.integers(0, 24 * 60 - 1).map(lambda n: time(n // 60, n % 60))
names = (
    st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12)
    .map(clean)
    .filter(lambda name: name and not any(map(str.isspace, name)))
)


def chosen(*ids: str, least: int = 0) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(ids), min_size=least, max_size=3, unique=True).map(tuple)


groups = chosen("S0SMES", "S0TLS", "S0MGRS", "S0IT")
some_groups = chosen("S0SMES", "S0TLS", "S0MGRS", "S0IT", least=1)
users = chosen("U0SAM", "U0BEN", "U0MIA", "W0IDA")


def _hours(opens: int, length: int) -> Hours:
    closes = min(opens + length, 24 * 60) % (24 * 60)
    return Hours(time(opens // 60, opens % 60), time(closes // 60, closes % 60))


hours = st.builds(_hours, st.integers(0, 24 * 60 - 1), st.integers(1, 24 * 60))
weeks = st.tuples(*[st.none() | hours] * 7).filter(any)
days = st.dates(date(2026, 1, 1), date(2029, 12, 31))
own_days = st.lists(st.builds(OwnDay, days, names), max_size=5, unique_by=lambda one: one.day).map(
    lambda several: tuple(sorted(several, key=lambda one: one.day))
)
weekdays = st.sets(st.integers(0, 6), min_size=1).map(lambda chosen: tuple(sorted(chosen)))
shifts = st.lists(
    st.builds(Shift, names, weekdays, minutes_of_day, minutes_of_day, groups, users),
    max_size=3,
    unique_by=lambda one: one.name.casefold(),
).map(lambda several: () if overlapping(several) else tuple(several))
departments = st.lists(
    st.builds(Department, names, some_groups, users), max_size=3, unique_by=lambda one: one.name.casefold()
).map(tuple)
growing = st.sets(st.integers(1, 120), min_size=1, max_size=10).map(lambda several: tuple(sorted(several)))
ladders = st.builds(
    Ladder,
    unclaimed=growing,
    unclaimed_waiting=growing,
    unclaimed_every=st.integers(1, 240),
    heads_up=st.integers(0, 240),
    overdue_managers=st.integers(0, 60),
    overdue_every=st.integers(1, 60),
    overdue_every_after=st.integers(1, 240),
    call_may_take=st.integers(5, 240),
    sign_off_every=st.integers(5, 24 * 60),
    burst_over=st.integers(1, 50),
)


def some_of(words: type[Reason] | type[Step]) -> st.SearchStrategy[tuple[Reason | Step, ...]]:
    """Some words that are off, in the order of the list; never all."""
    return st.sets(st.sampled_from(list(words)), max_size=len(words) - 1).map(
        lambda off: tuple(word for word in words if word in off)
    )


def minutes(least: int, most: int) -> st.SearchStrategy[timedelta]:
    return st.integers(least, most).map(lambda number: timedelta(minutes=number))


def whole_days(least: int, most: int) -> st.SearchStrategy[timedelta]:
    return st.integers(least, most).map(lambda number: timedelta(days=number))


programs: st.SearchStrategy[Program] = st.builds(
    program,
    name=names,
    timezone=st.sampled_from((*ZONES, "Asia/Kathmandu", "UTC")),
    customer_timezone=st.sampled_from(ZONES),
    phone_region=st.sampled_from(["US", "GB", "AU", "PH"]),
    sme_groups=some_groups,
    sme_users=users,
    tl_groups=groups,
    tl_users=users,
    manager_groups=groups,
    manager_users=chosen("U0MIA", "U0MAX", least=1),
    departments=departments,
    window=minutes(1, 240),
    horizon=whole_days(7, 60),
    attempts=st.integers(1, 10),
    spacing=minutes(5, 7 * 24 * 60),
    repeat_within=whole_days(1, 90),
    calling=weeks,
    holiday_country=st.none() | st.sampled_from(["US", "GB", "AU", "PH"]),
    own_days=own_days,
    reasons_off=some_of(Reason),
    steps_off=some_of(Step),
    shifts=shifts,
    handover_before=minutes(1, 120),
    digest_at=st.none() | minutes_of_day,
    coaching_days=st.integers(1, 30),
    pattern_of=st.integers(2, 50),
    pattern_within=whole_days(1, 365),
    retention=whole_days(30, 3650),
    ladder=ladders,
    active=st.booleans(),
)
