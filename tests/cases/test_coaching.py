"""Coaching: whom feedback is owed by and until when, who may do what with it, how it is chased, what a pattern is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import coaching, moves
from cases.coaching import Coaching, CoachingState, Miss
from cases.coaching_form import FeedbackForm, read_comment, read_feedback
from cases.errors import FieldErrors, NotAllowed, NotPossible
from cases.events import Event, Happened
from cases.fields import Field
from cases.forms import Promise
from cases.people import Person
from cases.program import OwnDay
from cases.times import instant, wall
from cases.words import Missed, Outcome, Role, Step, Word
from cases.workdays import country_of, is_working_day, working_days_after
from tests import build
from tests.build import ANA, BEN, MIA, NOW, TESS, acting

PROGRAM = build.program()
MANILA = ZoneInfo("Asia/Manila")
MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=MANILA)


def item(superior: str | None = BEN.id, now: datetime = MONDAY, **changes: object) -> Coaching:
    """What is owed to Ana since Monday afternoon."""
    fresh = coaching.owed(build.closed(), PROGRAM, superior, now.astimezone(UTC))
    return replace(fresh, id=7, **changes)  # type: ignore[arg-type]


def late(days: int = 10) -> datetime:
    return (MONDAY + timedelta(days=days)).astimezone(UTC)


# When it is due


def test_it_is_due_three_working_days_later_at_the_same_hour() -> None:
    """Opened on a Monday at three in the afternoon, on the site's clock: Thursday at three."""
    assert wall(item().due_at, "Asia/Manila").isoformat() == "2026-11-26T15:00:00+08:00"


def test_weekends_and_the_sites_holidays_do_not_count_nor_do_the_programs_own_days() -> None:
    """Bonifacio Day, Monday 30 November, is a holiday in Manila; Thanksgiving, that Thursday, is not."""
    thursday = datetime(2026, 11, 26, 9, 30, tzinfo=MANILA)
    due = coaching.due(PROGRAM, thursday)
    assert wall(due, "Asia/Manila").isoformat() == "2026-12-02T09:30:00+08:00"
    closed = replace(PROGRAM, own_days=(OwnDay(date(2026, 12, 1), "Move"),))
    assert wall(coaching.due(closed, thursday), "Asia/Manila").date() == date(2026, 12, 3)
    assert wall(coaching.due(replace(PROGRAM, coaching_days=1), thursday), "Asia/Manila").day == 27


def test_a_site_is_in_the_country_of_its_zone() -> None:
    assert [country_of(zone) for zone in ("Asia/Manila", "America/New_York", "Europe/Berlin", "UTC")] == [
        "PH",
        "US",
        "DE",
        None,
    ]
    assert is_working_day(date(2026, 11, 26), PROGRAM)
    assert not is_working_day(date(2026, 11, 26), replace(PROGRAM, timezone="America/New_York"))
    assert is_working_day(date(2026, 11, 26), replace(PROGRAM, timezone="UTC"))
    assert not is_working_day(date(2026, 11, 28), replace(PROGRAM, timezone="UTC"))


@given(
    st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    st.times(),
    st.integers(1, 15),
    st.sampled_from(["Asia/Manila", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "UTC"]),
)
def test_whenever_it_is_opened_it_is_due_on_a_working_day(day: date, at: time, days: int, zone: str) -> None:
    """At that hour of the site's day, or where the clocks of that night leave it out, a little later."""
    program = replace(PROGRAM, timezone=zone, coaching_days=days)
    opened = instant(day, at, zone)
    due = wall(coaching.due(program, opened), zone)
    assert is_working_day(due.date(), program)
    assert due > opened
    assert due.time() == wall(opened, zone).time() or due.time() > wall(opened, zone).time()
    between = (due.date() - timedelta(days=n) for n in range((due.date() - wall(opened, zone).date()).days))
    assert sum(is_working_day(day, program) for day in between) == days


# Who gives it


def test_the_roster_knows_best_and_nobody_coaches_themselves() -> None:
    assert coaching.superior_of(ANA.id, [TESS.id, BEN.id]) == TESS.id
    assert coaching.superior_of(ANA.id, [None, BEN.id]) == BEN.id
    assert coaching.superior_of(ANA.id, [ANA.id, None]) is None
    assert coaching.superior_of(ANA.id, []) is None


def test_the_direct_superior_gives_it_and_nobody_else_before_it_is_overdue() -> None:
    owed = item()
    coaching.check_give(owed, BEN, PROGRAM, NOW)
    with pytest.raises(NotAllowed, match="Only the direct superior, <@U0BEN>, can give this feedback"):
        coaching.check_give(owed, TESS, PROGRAM, NOW)
    with pytest.raises(NotAllowed, match="A manager can once it is overdue"):
        coaching.check_give(owed, MIA, PROGRAM, NOW)
    coaching.check_give(owed, MIA, PROGRAM, owed.due_at)
    with pytest.raises(NotAllowed):
        coaching.check_give(owed, TESS, PROGRAM, owed.due_at)


def test_where_no_superior_is_known_and_for_a_pattern_managers_may() -> None:
    coaching.check_give(item(None), MIA, PROGRAM, NOW)
    coaching.check_give(item(cases=(1, 2, 42)), MIA, PROGRAM, NOW)
    with pytest.raises(NotAllowed, match="only a manager"):
        coaching.check_give(item(None), BEN, PROGRAM, NOW)


def test_nobody_gives_feedback_to_themselves_not_even_a_manager() -> None:
    both = Person(ANA.id, frozenset({Role.MANAGER}))
    with pytest.raises(NotAllowed, match="This feedback is for you"):
        coaching.check_give(item(None), both, PROGRAM, late())
    assert not coaching.may_give(item(superior=ANA.id), both, late())


def test_what_was_given_is_not_given_again() -> None:
    """Whoever tries reads who gave it, and when by the site's calendar."""
    done = coaching.given(item(), BEN, PROGRAM, MONDAY)
    assert (done.state, done.given_by, done.chase_at) == (CoachingState.GIVEN, BEN.id, None)
    for who in (BEN, MIA):
        with pytest.raises(NotPossible, match="<@U0BEN> already gave this feedback on 23 November 2026"):
            coaching.given(done, who, PROGRAM, late())


def test_the_agent_acknowledges_once_and_only_what_was_given() -> None:
    with pytest.raises(NotPossible, match="has not been given yet"):
        coaching.acknowledged(item(), ANA, PROGRAM, NOW)
    done = coaching.given(item(), BEN, PROGRAM, NOW)
    for who in (BEN, MIA, TESS):
        with pytest.raises(NotAllowed, match="Only the agent"):
            coaching.acknowledged(done, who, PROGRAM, NOW)
    read = coaching.acknowledged(done, ANA, PROGRAM, NOW)
    assert (read.state, read.acknowledged_at) == (CoachingState.ACKNOWLEDGED, NOW)
    with pytest.raises(NotPossible, match="You acknowledged this feedback on 23 November 2026"):
        coaching.acknowledged(read, ANA, PROGRAM, late())


def test_agent_superior_and_managers_read_it_and_nobody_else() -> None:
    """Another team lead does not, nor does whoever owns the case; and nobody before it was given."""
    done = coaching.given(item(), BEN, PROGRAM, NOW)
    arjun = Person("U0ARJUN")
    assert [coaching.may_read(done, who) for who in (ANA, BEN, MIA)] == [True] * 3
    assert [coaching.may_read(done, who) for who in (TESS, arjun)] == [False] * 2
    for who in (TESS, arjun):
        with pytest.raises(NotAllowed, match="Only the agent, the direct superior and managers can read"):
            coaching.check_read(done, who)
    with pytest.raises(NotPossible, match="not been given yet"):
        coaching.check_read(item(), BEN)


def test_the_record_holds_names_and_dates_and_nothing_that_was_said() -> None:
    done = coaching.given(item(cases=(1, 2, 42)), BEN, PROGRAM, NOW)
    events = [
        coaching.event_of(step) for step in (item(), done, replace(done, state=CoachingState.ACKNOWLEDGED))
    ]
    assert [(event.kind, event.by) for event in events] == [
        (Happened.COACHING_OWED, "askdesk"),
        (Happened.COACHING_GIVEN, BEN.id),
        (Happened.COACHING_ACKNOWLEDGED, ANA.id),
    ]
    assert all(not event.said for event in events)
    assert {name for event in events for name in event.facts} == {
        "item",
        "agent",
        "superior",
        "due_at",
        "cases",
    }


# What opens it


@pytest.mark.parametrize("missed", Missed)
@pytest.mark.parametrize("kind", [Happened.CLOSED, Happened.FOLLOW_UP, Happened.NOTED])
def test_a_close_form_that_names_a_missed_opportunity_opens_an_item(missed: Missed, kind: Happened) -> None:
    told = coaching.missed_at_close([Event(kind, BEN.id, {"missed": missed.value})])
    assert told is (missed is not Missed.NONE and kind is not Happened.NOTED)


def test_what_the_moves_say_of_a_close_form_is_understood() -> None:
    """Facts of the real moves: closed, and partly resolved with its follow-up."""
    ending = build.closing(missed=Missed.SEVERAL)
    assert coaching.missed_at_close(moves.complete(build.on_call(), acting(BEN, NOW), ending).events)
    assert coaching.missed_at_close(moves.withdraw(build.claimed(), acting(BEN, NOW), ending).events)
    partly = replace(ending, outcome=Outcome.PARTLY)
    again = Promise(NOW + timedelta(days=1), build.CUSTOMER_ZONE)
    assert coaching.missed_at_close(moves.follow_up(build.on_call(), acting(BEN, NOW), partly, again).events)
    assert not coaching.missed_at_close(
        moves.complete(build.on_call(), acting(BEN, NOW), build.closing()).events
    )


def test_three_within_thirty_days_are_a_pattern() -> None:
    days = [NOW - timedelta(days=ago) for ago in (29, 12, 0)]
    misses = [Miss(number, at) for number, at in enumerate(days, start=1)]
    assert coaching.pattern(PROGRAM, misses, None, NOW) == (1, 2, 3)
    assert coaching.pattern(PROGRAM, misses[1:], None, NOW) == ()
    assert coaching.pattern(PROGRAM, [Miss(1, NOW - timedelta(days=30)), *misses[1:]], None, NOW) == ()


def test_a_program_may_count_otherwise() -> None:
    two = replace(PROGRAM, pattern_of=2, pattern_within=timedelta(days=7))
    misses = [Miss(1, NOW - timedelta(days=8)), Miss(2, NOW - timedelta(days=6)), Miss(3, NOW)]
    assert coaching.pattern(two, misses, None, NOW) == (2, 3)
    assert coaching.pattern(two, misses[:2], None, NOW) == ()


def test_what_the_superior_saw_otherwise_does_not_count() -> None:
    misses = [Miss(1, NOW), Miss(2, NOW, cleared=True), Miss(3, NOW)]
    assert coaching.pattern(PROGRAM, misses, None, NOW) == ()


def test_a_pattern_is_told_of_once_in_its_time_and_no_case_twice() -> None:
    misses = [Miss(number, NOW + timedelta(days=number)) for number in range(1, 8)]
    last = NOW + timedelta(days=3)
    assert coaching.pattern(PROGRAM, misses, last, NOW + timedelta(days=7)) == ()
    later = last + PROGRAM.pattern_within
    assert coaching.pattern(PROGRAM, misses, last, later) == (4, 5, 6, 7)
    assert coaching.pattern(PROGRAM, misses, last, later + timedelta(days=2)) == ()


# How it is chased


def test_the_chase_begins_a_day_before_and_calls_the_managers_a_day_after_without_an_end() -> None:
    """Each at the hour of the day at which it was opened, on working days only: Monday 30 is a holiday."""
    owed = item()
    told: list[tuple[str, bool]] = []
    while len(told) < 6:
        assert owed.chase_at is not None
        told.append((f"{wall(owed.chase_at, 'Asia/Manila'):%a %d %H}", coaching.step_at(owed.step).managers))
        owed = coaching.chased(owed, PROGRAM, owed.chase_at)
    assert told == [
        ("Wed 25 15", False),
        ("Thu 26 15", False),
        ("Fri 27 15", True),
        ("Tue 01 15", True),
        ("Wed 02 15", True),
        ("Thu 03 15", True),
    ]


def test_steps_that_an_outage_swallowed_do_not_come_one_after_the_other() -> None:
    owed = item()
    caught_up = coaching.chased(owed, PROGRAM, late())
    assert caught_up.chase_at == working_days_after(
        PROGRAM, owed.due_at, coaching.step_at(caught_up.step).after
    )
    assert caught_up.chase_at > late()
    assert coaching.calls_managers(owed, late(), PROGRAM)
    assert not coaching.calls_managers(owed, owed.due_at, PROGRAM)
    assert coaching.calls_managers(item(None), NOW, PROGRAM)


@given(st.integers(1, 30), st.integers(0, 60), st.times())
def test_a_chase_only_goes_forward_and_never_ends(days: int, passed: int, at: time) -> None:
    program = replace(PROGRAM, coaching_days=days)
    opened = datetime.combine(date(2026, 11, 23), at.replace(tzinfo=None), MANILA).astimezone(UTC)
    owed = coaching.owed(build.closed(), program, BEN.id, opened)
    seen = []
    now = opened + timedelta(days=passed)
    for _ in range(5):
        owed = coaching.chased(owed, program, now)
        assert owed.chase_at is not None
        seen.append((owed.step, owed.chase_at))
        now = owed.chase_at
    assert all(a[0] < b[0] and a[1] < b[1] for a, b in pairwise(seen))


# The forms

FORM = FeedbackForm(
    observed="Said “that is our policy” three times before offering anything.",
    steps=(Step.OFFERED.value, Step.POSITIVE.value),
    controllable="agent",
    actions=("Offer one option before naming the policy.", None),
    follow_up="2026-12-01",
    outcome="feedback",
)


def wrong(**changes: object) -> dict[Word, str]:
    """What the form says at its fields."""
    with pytest.raises(FieldErrors) as refused:
        read_feedback(replace(FORM, **changes), PROGRAM, NOW)  # type: ignore[arg-type]
    return dict(refused.value.errors)


def test_a_filled_form_becomes_feedback() -> None:
    said = read_feedback(FORM, PROGRAM, NOW)
    assert said.missed_steps == (Step.OFFERED, Step.POSITIVE)
    assert said.actions == ("Offer one option before naming the policy.",)
    assert said.follow_up == date(2026, 12, 1)
    assert said.outcome is coaching.CoachingOutcome.FEEDBACK


def test_every_mistake_stands_at_its_field() -> None:
    found = wrong(
        observed="Rude.", steps=("nonsense",), controllable=None, actions=("x" * 301,), outcome=None
    )
    assert set(found) == {
        Field.OBSERVED,
        Field.MISSED_STEPS,
        Field.CONTROLLABLE,
        Field.ACTION,
        Field.COACHING_OUTCOME,
    }


def test_nothing_missed_goes_with_no_missed_steps() -> None:
    assert set(wrong(outcome="not_missed")) == {Field.MISSED_STEPS}
    assert read_feedback(replace(FORM, outcome="not_missed", steps=()), PROGRAM, NOW).missed_steps == ()


@pytest.mark.parametrize("day", ["2026-11-22", "2028-01-01", "soon"])
def test_a_follow_up_is_a_day_that_comes(day: str) -> None:
    """By the site's calendar: there it is Monday, ten in the evening."""
    assert set(wrong(follow_up=day)) == {Field.FOLLOW_UP_DATE}
    assert read_feedback(replace(FORM, follow_up="2026-11-23"), PROGRAM, NOW).follow_up == date(2026, 11, 23)


def test_card_numbers_are_kept_nowhere() -> None:
    card = "The customer read out 4111 1111 1111 1111 and was not stopped."
    assert "card" in wrong(observed=card)[Field.OBSERVED]
    with pytest.raises(FieldErrors):
        read_comment(card)
    assert read_comment(None) == ""
    assert read_comment("  Fair, thank you. ") == "Fair, thank you."
