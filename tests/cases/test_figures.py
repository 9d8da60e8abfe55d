"""Each figure against an example counted by hand, and what the definitions leave out."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.case import Closing
from cases.figures import definitions
from cases.figures.definitions import OF_A_CASE, Figure, Section, Unit, coaching_on_time
from cases.figures.facts import CaseFact, CoachingFact, FirstPromise, Share
from cases.figures.period import LONGEST, NotAPeriod, Period, read_period, week
from cases.figures.report import (
    OF_ONE_PROGRAM,
    By,
    Calls,
    NotDivisible,
    combined,
    group_label,
    read_by,
    report,
)
from cases.figures.tally import added, median, percentile
from cases.times import instant, wall
from cases.words import Missed, Outcome, Reason, Satisfied, Scenario, Verdict
from tests.sums import of_case, sums_of

MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
"""Nine in the morning in Manila."""
ZONE = "Asia/Manila"
WINDOW = timedelta(minutes=15)
DUE = MONDAY + timedelta(hours=2)
LATER = MONDAY + timedelta(days=2)
THE_WEEK = Period(date(2026, 11, 23), date(2026, 11, 29), ZONE)

ANSWERS = [one.name for one in fields(Closing)]


def fact(**changes: Any) -> CaseFact:
    """A case that was raised on Monday morning and promised for two hours later."""
    standard = CaseFact(
        program=1,
        raised_by="U0ANA",
        raised_at=MONDAY,
        scenario=Scenario.DURING,
        reasons=(Reason.BILLING_DISPUTE,),
        promise=FirstPromise(DUE, WINDOW, None),
        team="Team A",
    )
    answers = {name: changes.pop(name) for name in ANSWERS if name in changes}
    closing = Closing(notes="", **answers) if answers else None
    return replace(standard, closing=closing, **changes)


def called(after: timedelta, **changes: Any) -> CaseFact:
    """Claimed after four minutes, called so long after the agreed time, and resolved."""
    solved: dict[str, Any] = {
        "claimed_at": MONDAY + timedelta(minutes=4),
        "promise": FirstPromise(DUE, WINDOW, DUE + after),
        "logged": 1,
        "reached": True,
        "closed": True,
        "outcome": Outcome.RESOLVED,
        "satisfied": Satisfied.YES,
        "right_department": Verdict.YES,
        "assessed_well": Verdict.NO,
        "missed": Missed.NONE,
    }
    return fact(**(solved | changes))


FIVE = (
    called(timedelta(0)),
    called(timedelta(minutes=14), satisfied=Satisfied.PARTLY, missed=Missed.ONE, repeat=True),
    called(
        timedelta(minutes=15),
        logged=3,
        outcome=Outcome.UPHELD,
        satisfied=Satisfied.NOT_ASKED,
        right_department=None,
        claimed_at=MONDAY + timedelta(minutes=10),
        moved_by_us=2,
        moved_by_customer=1,
    ),
    fact(
        claimed_at=MONDAY + timedelta(seconds=30),
        logged=3,
        closed=True,
        outcome=Outcome.UNREACHABLE,
        satisfied=Satisfied.NOT_ASKED,
        missed=Missed.NONE,
        promise=FirstPromise(DUE, WINDOW, DUE - timedelta(minutes=1)),
    ),
    fact(raised_by="U0AMY", team=None),
)
"""On time to the second; in the window's last minute; a moment too late; a minute too early; not called at all."""


@pytest.mark.parametrize(
    ("figure", "share"),
    [
        (Figure.RAISED, (5, 5)),
        (Figure.KEPT, (2, 5)),
        (Figure.CLAIMED, (4, 5)),
        (Figure.REACHED, (3, 4)),
        (Figure.FIRST_CALLBACK, (2, 4)),
        (Figure.RESOLVED, (2, 4)),
        (Figure.ATTEMPTS, (8, 4)),
        (Figure.MOVED_BY_CUSTOMER, (1, 5)),
        (Figure.MOVED_BY_US, (2, 5)),
        (Figure.REPEAT, (1, 5)),
        (Figure.SATISFIED, (1, 2)),
        (Figure.RIGHT_DEPARTMENT, (2, 2)),
        (Figure.ASSESSED_WELL, (0, 3)),
        (Figure.AVOIDABLE, (1, 3)),
    ],
)
def test_five_cases_come_to_what_is_counted_by_hand(figure: Figure, share: tuple[int, int]) -> None:
    found = report("Billing", THE_WEEK, LATER, sums_of(FIVE, THE_WEEK, LATER))
    assert found.total.share(figure) == share


def test_the_time_to_claim_is_a_median_and_a_ninetieth_percentile() -> None:
    """30, 240, 240 and 600 seconds; the fifth case, which nobody claimed, has none."""
    found = report("Billing", THE_WEEK, LATER, sums_of(FIVE, THE_WEEK, LATER))
    assert found.total.waits == {30: 1, 240: 2, 600: 1}
    assert median(found.total.waits) == 240
    assert percentile(found.total.waits, 90) == 600


def test_a_promise_counts_once_it_is_decided() -> None:
    """Not while its window runs and nobody has called; at the window's end it is broken."""
    open_ = FirstPromise(DUE, WINDOW, None)
    end = DUE + WINDOW
    assert definitions.promise_kept(open_, end - timedelta(seconds=1)) == (0, 0)
    assert definitions.promise_kept(open_, end) == (0, 1)
    assert definitions.promise_kept(replace(open_, first_call=DUE), DUE) == (1, 1)


def test_a_promise_counts_on_the_day_for_which_it_was_given() -> None:
    """Raised late on Sunday for Monday: the case is last week's, its promise this week's."""
    sunday = MONDAY - timedelta(hours=10)
    case = replace(called(timedelta(0)), raised_at=sunday)
    found = report("Billing", THE_WEEK, LATER, sums_of([case], THE_WEEK, LATER))
    assert found.total.raised == 0
    assert found.total.share(Figure.KEPT) == (1, 1)
    assert not found.is_empty


@pytest.mark.parametrize(
    ("given_at", "share"),
    [
        (None, (0, 1)),
        (LATER - timedelta(hours=1), (1, 1)),
        (LATER, (1, 1)),
        (LATER + timedelta(minutes=1), (0, 1)),
    ],
)
def test_coaching_is_on_time_when_it_was_given_until_it_was_due(
    given_at: datetime | None, share: tuple[int, int]
) -> None:
    assert coaching_on_time(CoachingFact(LATER, given_at), LATER + timedelta(days=1)) == share


def test_coaching_that_is_owed_and_not_due_yet_does_not_count() -> None:
    assert coaching_on_time(CoachingFact(LATER), MONDAY) == (0, 0)
    found = report(
        "Billing",
        THE_WEEK,
        LATER,
        sums_of([], THE_WEEK, LATER),
        coaching=[CoachingFact(LATER), CoachingFact(MONDAY, MONDAY)],
    )
    assert found.total.share(Figure.COACHING) == (1, 2)


def test_the_median_of_an_even_number_lies_between_the_two_in_the_middle() -> None:
    assert median({10: 1, 20: 1}) == 15
    assert median({10: 2, 20: 1}) == 10
    assert median({}) is None
    assert percentile({}, 90) is None


@given(st.lists(st.integers(0, 50), min_size=1), st.integers(1, 100))
def test_percentiles_are_those_of_the_whole_list(lengths: list[int], hundredths: int) -> None:
    """Counted the long way: so many of a hundred are no longer, and no shorter one would do."""
    spread = {length: lengths.count(length) for length in lengths}
    found = percentile(spread, hundredths)
    assert found in lengths
    enough = len(lengths) * hundredths / 100
    assert sum(one <= found for one in lengths) >= enough > sum(one < found for one in lengths)


# Groups


def test_a_case_of_two_reasons_counts_for_each_and_once_in_the_whole() -> None:
    two = fact(reasons=(Reason.LONG_WAIT, Reason.NO_PROGRESS))
    cases = [two, fact(reasons=(Reason.LONG_WAIT,))]
    found = report("Billing", THE_WEEK, LATER, sums_of(cases, THE_WEEK, LATER, By.REASON), by=By.REASON)
    assert {name: tally.raised for name, tally in found.groups.items()} == {"long_wait": 2, "no_progress": 1}
    assert found.reasons == {Reason.LONG_WAIT: 2, Reason.NO_PROGRESS: 1}
    assert found.total.raised == 2


def test_groups_without_a_name_are_called_something() -> None:
    found = report("Billing", THE_WEEK, LATER, sums_of(FIVE, THE_WEEK, LATER, By.TEAM), by=By.TEAM)
    labels = {group_label(By.TEAM, name): tally.raised for name, tally in found.groups.items()}
    assert labels == {"Team A": 4, "No team known": 1}
    assert group_label(By.HOUR, "7") == "07:00"
    assert group_label(By.DAY, "2026-11-23") == "Mon 23 Nov"
    assert group_label(By.SCENARIO, "during") == Scenario.DURING.label


def test_hours_and_days_are_the_sites() -> None:
    """One in the morning UTC is nine in Manila; the promise is for eleven."""
    found = report("Billing", THE_WEEK, LATER, sums_of(FIVE, THE_WEEK, LATER, By.HOUR), by=By.HOUR)
    assert list(found.groups) == ["9", "11"]
    assert found.groups["11"].share(Figure.KEPT) == (2, 5)
    assert found.load == {(0, 9): 5}


def test_two_programs_together_are_their_sum() -> None:
    one = report("Billing", THE_WEEK, LATER, sums_of(FIVE, THE_WEEK, LATER), tries=3)
    other = report("Sales", THE_WEEK, LATER, sums_of(FIVE[:2], THE_WEEK, LATER), tries=3)
    both = combined([one, other], "All programs")
    assert both.total.raised == 7
    assert both.total.share(Figure.REFUSED).part == 3
    assert {name: tally.raised for name, tally in both.groups.items()} == {"Billing": 5, "Sales": 2}


# Call volume


def test_escalations_per_100_calls_count_the_days_whose_volume_is_known() -> None:
    """Five cases on 200 calls on Monday; the case of Wednesday, whose calls nobody imported, stays out of it."""
    wednesday = fact(raised_at=MONDAY + timedelta(days=2))
    calls = [Calls(date(2026, 11, 23), hour, 100) for hour in (9, 10)]
    found = report("Billing", THE_WEEK, LATER, sums_of([*FIVE, wednesday], THE_WEEK, LATER), calls=calls)
    assert found.total.share(Figure.PER_100_CALLS) == (5, 200)
    assert found.days[date(2026, 11, 25)].share(Figure.PER_100_CALLS) == (0, 0)


def test_a_quiet_day_counts_with_its_calls() -> None:
    calls = [Calls(date(2026, 11, 24), None, 50)]
    found = report("Billing", THE_WEEK, LATER, sums_of(FIVE, THE_WEEK, LATER, By.DAY), by=By.DAY, calls=calls)
    assert found.groups["2026-11-24"].share(Figure.PER_100_CALLS) == (0, 50)


# The days


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("", (23, 11), (25, 11)),
        ("today", (25, 11), (25, 11)),
        ("Yesterday", (24, 11), (24, 11)),
        ("week", (23, 11), (25, 11)),
        ("last  week", (16, 11), (22, 11)),
        ("month", (1, 11), (25, 11)),
        ("last month", (1, 10), (31, 10)),
        ("2026-11-02", (2, 11), (2, 11)),
        ("2026-11-02..2026-11-08", (2, 11), (8, 11)),
        ("2026-11-20 .. 2026-12-24", (20, 11), (25, 11)),
    ],
)
def test_days_are_read_from_words(text: str, first: tuple[int, int], last: tuple[int, int]) -> None:
    """On Wednesday, 25 November; the site is ahead of UTC, where it is Tuesday still."""
    now = instant(date(2026, 11, 25), time(2), ZONE)
    assert now.day == 24
    found = read_period(text, now, ZONE)
    assert ((found.first.day, found.first.month), (found.last.day, found.last.month)) == (first, last)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2026-11-26", "lies ahead"),
        ("2027-01-01..2027-02-01", "lies ahead"),
        ("2026-11-08..2026-11-02", "2026-11-02..2026-11-08"),
        ("fortnight", "names no days"),
        ("2026-02-30", "names no days"),
        ("..", "names no days"),
        ("2024-01-01..2026-01-01", f"more than {LONGEST} days"),
        ("0001-01-01", "long before"),
    ],
)
def test_days_that_are_none_are_refused_with_what_works(text: str, says: str) -> None:
    now = instant(date(2026, 11, 25), time(2), ZONE)
    with pytest.raises(NotAPeriod, match=says) as refused:
        read_period(text, now, ZONE)
    assert len(refused.value.sentence) < 200


def test_a_week_begins_on_monday_and_days_are_told_as_people_say_them() -> None:
    assert str(week(LATER, ZONE)) == "Mon 23 – Wed 25 November 2026"
    assert str(Period(date(2026, 11, 30), date(2026, 12, 6), ZONE)) == "Mon 30 November – Sun 6 December 2026"
    assert (
        str(Period(date(2026, 12, 28), date(2027, 1, 3), ZONE)) == "Mon 28 December 2026 – Sun 3 January 2027"
    )
    assert str(Period(date(2026, 11, 23), date(2026, 11, 23), ZONE)) == "Mon 23 November 2026"


@given(
    st.sampled_from(
        ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Manila", "Africa/Casablanca"]
    ),
    st.dates(date(2024, 1, 1), date(2027, 12, 1)),
    st.integers(0, 60),
    st.floats(0, 1),
)
def test_the_offsets_of_a_period_are_those_of_every_instant_in_it(
    zone: str, first: date, more: int, where: float
) -> None:
    """Also on the nights when clocks change, by half an hour as by an hour."""
    period = Period(first, first + timedelta(days=more), zone)
    at = period.begins + (period.ends - period.begins) * where
    at = min(at, period.ends - timedelta(microseconds=1))
    ahead = next(offset for since, offset in reversed(period.offsets) if since <= at)
    assert ahead == wall(at, zone).utcoffset()


# Words


def test_what_a_report_may_be_divided_by_is_said_when_it_is_something_else() -> None:
    assert read_by("") is None
    assert read_by(" Reasons ") is By.REASON
    for by in OF_ONE_PROGRAM:
        assert read_by(by.value) is by
    with pytest.raises(NotDivisible, match="agent, reason, scenario"):
        read_by("mood")
    with pytest.raises(NotDivisible):
        read_by("program")


def test_every_figure_is_defined_and_says_what_it_counts() -> None:
    assert set(OF_A_CASE) <= set(of_case(FIVE[0]).shares)
    assert len({figure.counts for figure in Figure}) == len(Figure)
    for figure in Figure:
        assert len(figure.definition) > 30, figure
        assert isinstance(figure.unit, Unit)
        assert isinstance(figure.section, Section)


def test_no_figure_counts_more_than_there_is() -> None:
    for case in FIVE:
        for figure, share in of_case(case).shares.items():
            assert share.part >= 0, figure
            assert share.part <= share.whole or figure.unit.value in ("mean", "count"), figure
    assert added([]).is_empty
    assert Share().rate is None
