"""What comes again: due at the site's wall time, across every change of clocks; what digest and handover tell."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import moves
from cases.case import Case
from cases.figures.facts import FirstPromise
from cases.program import Program, Shift
from cases.reminders.recurring import Recurring, RecurringKind, coming, digest, due, handover, yesterday
from cases.times import instant, wall
from tests import build
from tests.build import BEN, DUE, NOW, TESS, acting

ZONES = ("Asia/Manila", "America/New_York", "Europe/London", "Australia/Sydney", "Australia/Lord_Howe")
WEEK = tuple(range(7))
MINUTE = timedelta(minutes=1)

zones = st.sampled_from(ZONES)
days = st.dates(date(2026, 1, 1), date(2028, 12, 31))
walls = st.builds(time, st.integers(0, 23), st.integers(0, 59))
CHANGES = [
    ("America/New_York", date(2026, 3, 8)), ("America/New_York", date(2026, 11, 1)),
    ("Europe/London", date(2027, 3, 28)), ("Europe/London", date(2027, 10, 31)),
    ("Australia/Sydney", date(2028, 4, 2)), ("Australia/Sydney", date(2028, 10, 1)),
]  # fmt: skip


def desk(**changes: object) -> Program:
    return build.program(**changes)


def digests(program: Program, now: datetime) -> list[Recurring]:
    return [post for post in due(program, now) if post.kind is RecurringKind.DIGEST]


def handovers(program: Program, now: datetime) -> list[Recurring]:
    return [post for post in due(program, now) if post.kind is RecurringKind.HANDOVER]


@given(zone=zones, day=days, at=walls)
def test_a_digest_is_due_from_its_wall_time_until_its_day_is_over(zone: str, day: date, at: time) -> None:
    """Not a minute earlier; the key is the day, so that a late one is the same one."""
    program = desk(timezone=zone, digest_at=at)
    begins = instant(day, at, zone)
    last = instant(day + timedelta(days=1), time(0), zone) - timedelta(seconds=1)
    (post,) = digests(program, begins)
    assert post == Recurring(RecurringKind.DIGEST, day.isoformat(), begins)
    assert digests(program, max(begins, last)) == [post]
    assert post not in digests(program, begins - timedelta(seconds=1))
    assert post not in digests(program, last + timedelta(seconds=1))


@pytest.mark.parametrize(("zone", "day"), CHANGES)
def test_a_digest_keeps_its_wall_time_when_clocks_change(zone: str, day: date) -> None:
    """Eight in the morning before, on and after the day, once each."""
    program = desk(timezone=zone)
    start = instant(day - timedelta(days=1), time(0), zone)
    seen: dict[str, datetime] = {}
    for minute in range(0, 3 * 24 * 60, 5):
        for post in digests(program, start + minute * MINUTE):
            seen.setdefault(post.key, start + minute * MINUTE)
    for at in seen.values():
        assert wall(at, zone).time() == time(8, 0)
    assert len(seen) == 3


def test_a_program_may_have_no_digest_or_rest() -> None:
    """As its manager says."""
    shifts = (Shift("Day", WEEK, time(8), time(16)),)
    noon = instant(date(2026, 11, 24), time(15, 50), "Asia/Manila")
    assert not digests(desk(digest_at=None), noon)
    assert due(desk(shifts=shifts), noon)
    assert not due(desk(shifts=shifts, active=False), noon)


@given(zone=zones, day=days, begins=walls, ends=walls, before=st.integers(1, 30))
def test_a_handover_is_due_from_its_time_until_the_shift_has_ended(
    zone: str, day: date, begins: time, ends: time, before: int
) -> None:
    """Over midnight and over changes of clocks; its key is the end."""
    program = desk(
        timezone=zone,
        digest_at=None,
        shifts=(Shift("Night", WEEK, begins, ends),),
        handover_before=before * MINUTE,
    )
    over = timedelta(days=1) if ends <= begins else timedelta()
    starts_at, ends_at = instant(day, begins, zone), instant(day + over, ends, zone)
    if ends_at - starts_at < before * MINUTE:
        return  # too short a turn (or none at all, on the night of a change)
    at = ends_at - before * MINUTE
    (post,) = handovers(program, at)
    assert post == Recurring(RecurringKind.HANDOVER, ends_at.isoformat(), at)
    assert post in handovers(program, ends_at - timedelta(seconds=1))
    assert post not in handovers(program, at - timedelta(seconds=1))
    assert post not in handovers(program, ends_at)
    assert coming(program, at - timedelta(seconds=1)) == at


@given(zone=zones, day=days, begins=walls, ends=walls, since=st.integers(-90, 90), looked=st.integers(0, 240))
def test_a_handover_that_nobody_was_there_to_make_is_made_late(
    zone: str, day: date, begins: time, ends: time, since: int, looked: int
) -> None:
    """Whoever looks first after the end makes it, for two hours; who looked after the end already does not."""
    program = desk(timezone=zone, digest_at=None, shifts=(Shift("Night", WEEK, begins, ends),))
    over = timedelta(days=1) if ends <= begins else timedelta()
    starts_at, ends_at = instant(day, begins, zone), instant(day + over, ends, zone)
    if ends_at - starts_at < program.handover_before:
        return
    before, now = ends_at + since * MINUTE, ends_at + max(since, looked) * MINUTE
    found = [post for post in due(program, now, before) if post.key == ends_at.isoformat()]
    assert bool(found) is (since < 0 and max(since, looked) < 120)


@pytest.mark.parametrize(("zone", "day"), CHANGES)
def test_the_next_post_is_known(zone: str, day: date) -> None:
    """From each to the next over a change of clocks, digest and handovers in their order, none left out."""
    shifts = (Shift("Night", WEEK, time(22), time(6)), Shift("Day", WEEK, time(6), time(22)))
    program = desk(timezone=zone, shifts=shifts)
    now = instant(day - timedelta(days=1), time(12), zone)
    walls_of = []
    for _ in range(6):
        following = coming(program, now)
        assert following is not None
        assert following > now
        assert due(program, following)
        walls_of.append(f"{wall(following, zone):%H:%M}")
        now = following
    assert walls_of == ["21:45", "05:45", "08:00"] * 2
    assert coming(desk(digest_at=None), now) is None
    assert coming(desk(active=False), now) is None


def test_shifts_that_end_together_are_handed_over_together() -> None:
    """One post, however many teams go."""
    shifts = (Shift("East", WEEK, time(8), time(16)), Shift("West", WEEK, time(9), time(16)))
    program = desk(shifts=shifts, digest_at=None)
    ends_at = instant(date(2026, 11, 24), time(16), program.timezone)
    assert len(handovers(program, ends_at - MINUTE)) == 1
    assert handover([], {}, program, ends_at, ends_at - MINUTE).ending == "East, West"


# What a digest tells

TODAY = date(2026, 11, 24)
"""In Manila, the day after NOW's."""
MORNING = instant(TODAY, time(8), "Asia/Manila")


def case(number: int, due_at: datetime, owner: bool = True) -> Case:
    raised = build.raised(build.escalation(due_at=due_at), number=number)
    return build.claimed(raised) if owner else raised


def numbers(cases: tuple[Case, ...]) -> list[int]:
    return [one.number for one in cases]


def test_a_digest_has_each_open_case_once_where_it_is_most_urgent() -> None:
    """Overdue before unclaimed, unclaimed before due; what is for another day is only counted."""
    there = [
        case(1, MORNING + timedelta(hours=2)),
        case(2, MORNING - timedelta(hours=2), owner=False),
        case(3, MORNING + timedelta(hours=1), owner=False),
        case(4, MORNING + timedelta(days=1)),
        build.awaiting_sign_off(build.claimed(build.raised(number=5))),
        case(6, MORNING + timedelta(minutes=5)),
        case(7, instant(TODAY, time(23, 59), "Asia/Manila")),
        case(8, instant(TODAY + timedelta(days=1), time(0), "Asia/Manila")),
    ]
    told = digest(there, [], desk(), TODAY, MORNING)
    found = (told.overdue, told.sign_off, told.unclaimed, told.due_today)
    assert [numbers(part) for part in found] == [[2], [5], [3], [6, 1, 7]]
    assert (told.open, told.promised, told.kept, told.day) == (8, 0, 0, TODAY)


@pytest.mark.parametrize(
    ("called", "kept"), [(None, 0), (-1, 0), (0, 1), (14, 1), (15, 0), (300, 0)]
)  # fmt: skip
def test_a_promise_is_kept_by_a_first_call_inside_its_window(called: int | None, kept: int) -> None:
    """Neither before the customer expects it nor when the window is over."""
    first = None if called is None else DUE + called * MINUTE
    promise = FirstPromise(DUE, timedelta(minutes=15), first)
    told = digest([], [promise, FirstPromise(DUE, timedelta(minutes=15), DUE)], desk(), TODAY, MORNING)
    assert (told.promised, told.kept) == (2, kept + 1)


@given(zone=zones, day=days)
def test_yesterday_ends_where_today_begins(zone: str, day: date) -> None:
    begins, ends = yesterday(desk(timezone=zone), day)
    assert wall(ends, zone).date() == day
    assert wall(ends - timedelta(seconds=1), zone).date() == day - timedelta(days=1)
    assert wall(begins, zone).date() == day - timedelta(days=1)
    assert timedelta(hours=23) <= ends - begins <= timedelta(hours=25)


# What a handover tells

EARLY = Shift("Early", WEEK, time(6), time(14), groups=("S0EARLY",))
LATE = Shift("Late", WEEK, time(14), time(22), users=("U0TESS",))
ENDS = instant(TODAY, time(14), "Asia/Manila")
MEMBERS = {"S0EARLY": ("U0BEN", "U0TESS", "U0SAM")}


def held(number: int, owner: str, hours: float = 1) -> Case:
    who = {BEN.id: BEN, TESS.id: TESS}[owner]
    raised = build.raised(build.escalation(due_at=ENDS + timedelta(hours=hours)), number=number)
    return build.claimed(raised, by=who)


def test_a_handover_names_who_goes_home_with_which_cases() -> None:
    """Ben does; Tess works the next shift as well, so that her cases stay with her."""
    there = [held(1, BEN.id), held(2, TESS.id), held(3, BEN.id, hours=30), held(4, BEN.id, hours=0.5)]
    told = handover(there, MEMBERS, desk(shifts=(EARLY, LATE)), ENDS, ENDS - 15 * MINUTE)
    assert [(one.owner, numbers(one.cases)) for one in told.going_home] == [(BEN.id, [4, 1, 3])]
    assert (told.ending, told.ends_at, told.open) == ("Early", ENDS, 4)
    assert told.follows is not None
    assert told.follows.shift == LATE
    assert numbers(told.due_next) == [4, 1, 2], "case 3 is for another day"


def test_whoever_is_not_in_the_shift_that_ends_does_not_go_home_now() -> None:
    """They went before, or come later."""
    told = handover([held(1, BEN.id)], {}, desk(shifts=(EARLY, LATE)), ENDS, ENDS)
    assert told.going_home == ()


def test_where_nobody_is_named_everybody_is_asked() -> None:
    """Such shifts do not say who stays."""
    shifts = tuple(Shift(s.name, s.days, s.begins, s.ends) for s in (EARLY, LATE))
    told = handover([held(1, BEN.id), held(2, TESS.id)], {}, desk(shifts=shifts), ENDS, ENDS)
    assert {one.owner for one in told.going_home} == {BEN.id, TESS.id}


def test_the_next_shift_may_begin_only_tomorrow() -> None:
    """What comes due in the hours between is told as well."""
    program = desk(shifts=(Shift("Day", WEEK, time(6), time(14)),))
    there = [held(1, BEN.id, hours=5), held(2, BEN.id, hours=20), held(3, BEN.id, hours=30)]
    told = handover(there, {}, program, ENDS, ENDS - 15 * MINUTE)
    assert told.follows is not None
    assert told.follows.begins_at == instant(TODAY + timedelta(days=1), time(6), program.timezone)
    assert numbers(told.due_next) == [1, 2]


def test_a_handover_has_the_trouble_as_well() -> None:
    """Overdue, waiting for a manager, unclaimed."""
    there = [
        case(1, NOW),
        case(2, ENDS + timedelta(hours=1), owner=False),
        build.awaiting_sign_off(build.claimed(build.raised(number=3))),
    ]
    told = handover(there, MEMBERS, desk(shifts=(EARLY, LATE)), ENDS, ENDS - 15 * MINUTE)
    assert [numbers(part) for part in (told.overdue, told.sign_off, told.unclaimed)] == [[1], [3], [2]]
    assert told.ends_at.tzinfo is UTC


@pytest.mark.parametrize(
    ("monday", "utc"),
    [(date(2026, 10, 19), 6), (date(2026, 10, 26), 7), (date(2026, 3, 23), 7), (date(2026, 3, 30), 6)],
)
def test_the_weekly_report_comes_at_its_wall_time_before_and_after_a_change_of_clocks(
    monday: date, utc: int
) -> None:
    """Eight in Berlin, whatever that is in UTC; until Tuesday is over, and not a minute before."""
    program = desk(timezone="Europe/Berlin")
    at = datetime(monday.year, monday.month, monday.day, utc, tzinfo=UTC)
    weekly = Recurring(RecurringKind.WEEKLY, monday.isoformat(), at)
    tuesday_ends = instant(monday + timedelta(days=2), time(0), "Europe/Berlin")
    assert weekly in due(program, at)
    assert weekly in due(program, tuesday_ends - timedelta(minutes=1))
    assert weekly not in due(program, at - timedelta(minutes=1))
    assert weekly not in due(program, tuesday_ends)
    assert weekly not in due(desk(timezone="Europe/Berlin", digest_at=None), at)


def test_who_stays_says_so_for_all_that_comes_due_in_the_next_shift() -> None:
    """Not for what is due after it; whoever claims one more meanwhile is asked again."""
    program = desk(shifts=(EARLY, LATE))
    staying = moves.stay(held(1, BEN.id), acting(BEN, NOW)).case
    tomorrow, one_more = held(2, BEN.id, hours=30), held(3, BEN.id, hours=2)

    def stays(*cases: Case) -> list[bool]:
        return [one.stays for one in handover(cases, MEMBERS, program, ENDS, ENDS).going_home]

    assert stays(staying, tomorrow) == [True]
    assert stays(staying, tomorrow, one_more) == [False]
    assert stays(tomorrow) == [False], "nothing of it comes due"
