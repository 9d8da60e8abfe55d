"""When the bot speaks up by itself, minute for minute as docs/policy.md has it, *Reminders and posts*."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases import moves
from cases.audience import Audience
from cases.case import Case
from cases.program import Ladder, Program
from cases.reminders import engine
from cases.reminders.engine import Chain, Drop, Fire, Later, Reminder, decide, wanted
from cases.reminders.rules import Course, Rule
from tests import build
from tests.build import BEN, DUE, MIA, NOW, TESS, program
from tests.cases.acting import act
from tests.cases.programs import programs
from tests.cases.schedule import Ping, Schedule, scheduled

END = DUE + program().window
Said = tuple[int, tuple[Audience, ...]]

OWNER, SMES, TLS, SME_TL, MANAGERS = (
    Audience.OWNER,
    Audience.SMES,
    Audience.TLS,
    Audience.SME_TL,
    Audience.MANAGERS,
)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def said(pings: list[Ping], rule: Rule, since: datetime) -> list[Said]:
    """The pings of one rule, in minutes since an instant, with who was mentioned."""
    return [(round((ping.at - since) / minutes(1)), ping.audience) for ping in pings if ping.rule is rule]


def test_an_unclaimed_case_climbs_from_smes_to_managers_and_never_rests() -> None:
    case = build.raised()
    pings = scheduled(case, program(), NOW).run(case, NOW + timedelta(days=3))
    found = said(pings, Rule.UNCLAIMED, NOW)
    assert found[:3] == [(3, (SMES,)), (7, (TLS,)), (15, (MANAGERS,))]
    assert found[3:] == [(at, (MANAGERS,)) for at in range(30, 3 * 24 * 60, 15)]


@pytest.mark.parametrize(
    ("steps", "found"),
    [
        ((5,), [(5, (SMES,)), (15, (MANAGERS,)), (25, (MANAGERS,))]),
        ((5, 9), [(5, (SMES,)), (9, (TLS,)), (19, (MANAGERS,))]),
        ((1, 2, 3, 4), [(1, (SMES,)), (2, (TLS,)), (3, (MANAGERS,)), (4, (MANAGERS,)), (14, (MANAGERS,))]),
    ],
)
def test_a_ladder_of_any_length_ends_with_the_managers(steps: tuple[int, ...], found: list[Said]) -> None:
    desk = program(ladder=Ladder(unclaimed=steps, unclaimed_every=10))
    pings = scheduled(build.raised(), desk, NOW).run(build.raised(), NOW + timedelta(minutes=100))
    assert said(pings, Rule.UNCLAIMED, NOW)[: len(found)] == found
    assert pings[-1].audience == (MANAGERS,)


@settings(max_examples=30)
@given(programs)
def test_every_ladder_that_a_manager_may_set_reaches_the_managers_and_never_rests(desk: Program) -> None:
    """However it is set: an unclaimed case and an overdue one are with the managers the same day, and go on."""
    until = NOW + timedelta(hours=11)
    for case in (build.raised(), build.claimed(), build.waiting()):
        pings = scheduled(case, desk, NOW).run(case, until)
        for rule in {Rule.OVERDUE} | ({Rule.UNCLAIMED} if case.owner is None else set()):
            mine = [ping for ping in pings if ping.rule is rule]
            assert MANAGERS in mine[-1].audience
            gaps = [after.at - before.at for before, after in pairwise(mine)]
            assert all(gap <= minutes(240) for gap in gaps)
            assert mine[-1].at >= until - minutes(240)


@given(
    st.lists(st.integers(-30, 90), min_size=1, max_size=4, unique=True).map(sorted),
    st.none() | st.integers(1, 60),
    st.integers(-60, 600),
)
def test_the_step_after_a_moment_is_the_first_that_lies_ahead(
    first: list[int], every: int | None, at: int
) -> None:
    then = None if every is None else minutes(every)
    course = Course(NOW, tuple(map(minutes, first)), then)
    ahead = (step for step in enumerate(course.times()) if step[1] > NOW + minutes(at))
    assert course.after(NOW + minutes(at)) == next(ahead, None)


def test_a_customer_on_the_line_has_the_fast_ladder() -> None:
    case = build.waiting()
    pings = scheduled(case, program(), NOW).run(case, NOW + timedelta(days=1))
    found = said(pings, Rule.UNCLAIMED, NOW)
    assert found[:3] == [(1, (SMES,)), (3, (TLS,)), (5, (MANAGERS,))]
    assert found[3:] == [(at, (MANAGERS,)) for at in range(20, 24 * 60, 15)]
    assert said(pings, Rule.HEADS_UP, NOW) == []
    assert said(pings, Rule.DUE, NOW) == [(0, (SME_TL,))]


def test_a_claimed_case_is_announced_due_and_chased_louder_without_end() -> None:
    case = build.claimed()
    pings = scheduled(case, program(), NOW).run(case, END + timedelta(days=4))
    assert said(pings, Rule.HEADS_UP, DUE) == [(-15, (OWNER,))]
    assert said(pings, Rule.DUE, DUE) == [(0, (OWNER,))]
    assert said(pings, Rule.UNCLAIMED, NOW) == []
    overdue = said(pings, Rule.OVERDUE, END)
    louder = (OWNER, TLS, MANAGERS)
    first_hour = [(0, (OWNER, TLS)), *((at, louder) for at in (20, 30, 40, 50, 60))]
    assert overdue[:6] == first_hour
    assert overdue[6:] == [(at, louder) for at in range(90, 4 * 24 * 60, 30)]
    assert {ping.fire.broadcast for ping in pings if ping.rule is Rule.OVERDUE} == {True}
    assert {ping.fire.broadcast for ping in pings if ping.rule is not Rule.OVERDUE} == {False}
    assert {ping.fire.late for ping in pings} == {timedelta()}


def test_what_nobody_owns_mentions_the_whole_group() -> None:
    case = build.raised()
    pings = scheduled(case, program(), NOW).run(case, END + minutes(25))
    assert said(pings, Rule.HEADS_UP, DUE) == [(-15, (SME_TL,))]
    assert said(pings, Rule.DUE, DUE) == [(0, (SME_TL,))]
    assert said(pings, Rule.OVERDUE, END) == [(0, (SME_TL,)), (20, (SME_TL, MANAGERS))]


def test_a_sign_off_that_the_thread_asked_for_is_asked_for_again_every_half_hour() -> None:
    case = build.awaiting_sign_off()
    assert case.unanswered_since is not None
    pings = scheduled(case, program(), case.unanswered_since).run(
        case, case.unanswered_since + timedelta(days=2)
    )
    found = said(pings, Rule.SIGN_OFF, case.unanswered_since)
    assert found == [(at, (MANAGERS,)) for at in range(30, 2 * 24 * 60, 30)]
    assert len(pings) == len(found)


def test_a_closed_case_wants_nothing() -> None:
    assert wanted(build.closed(), program()) == ()
    every = [Chain(rule, number, turn) for rule in Rule for number in (0, 1, 2) for turn in (0, 1)]
    for chain in every:
        assert decide(Reminder(chain, 0, DUE), build.closed(), program(), END) == Drop()


def test_the_numbers_are_the_programs() -> None:
    own = Ladder(
        unclaimed=(2, 4), unclaimed_every=5, heads_up=30, overdue_managers=5, overdue_every=15,
        overdue_first_hour=45, overdue_every_after=60,
    )  # fmt: skip
    desk = program(ladder=own, window=minutes(10))
    case = build.raised(desk=desk)
    pings = scheduled(case, desk, NOW).run(case, NOW + timedelta(hours=6))
    assert [at for at, _ in said(pings, Rule.UNCLAIMED, NOW)][:5] == [2, 4, 9, 14, 19]
    assert said(pings, Rule.HEADS_UP, DUE) == [(-30, (SME_TL,))]
    assert [at for at, _ in said(pings, Rule.OVERDUE, DUE + minutes(10))] == [0, 5, 20, 35, 95, 155, 215]


# What is late


def test_a_ping_on_time_says_nothing_of_lateness() -> None:
    """The beat comes every second; a little behind is on time."""
    case = build.claimed()
    due = Reminder(Chain(Rule.DUE, 1), 0, DUE)
    for behind, late in ((0, 0), (1, 0), (89, 0), (90, 90), (600, 600)):
        found = decide(due, case, program(), DUE + timedelta(seconds=behind))
        assert isinstance(found, Fire)
        assert found.late == timedelta(seconds=late)


def test_after_an_outage_one_ping_speaks_for_all_that_were_missed() -> None:
    """The bot was down for two hours: one late overdue ping to everybody it would have reached, then the usual pace."""
    case, back = build.claimed(), END + minutes(125)
    schedule = scheduled(case, program(), NOW)
    pings = schedule.beat(case, back)
    assert [(ping.rule, ping.audience, ping.fire.late) for ping in pings] == [
        (Rule.OVERDUE, (OWNER, TLS, MANAGERS), minutes(125))
    ]
    assert [at for at, _ in said(schedule.run(case, END + minutes(200)), Rule.OVERDUE, END)] == [150, 180]


def test_after_an_outage_the_unclaimed_ladder_goes_on_where_it_would_be() -> None:
    case = build.raised()
    schedule = scheduled(case, program(), NOW)
    (ping,) = schedule.beat(case, NOW + minutes(10))
    assert (ping.audience, ping.fire.late) == ((TLS,), minutes(7))
    assert said(schedule.run(case, NOW + minutes(31)), Rule.UNCLAIMED, NOW) == [
        (15, (MANAGERS,)),
        (30, (MANAGERS,)),
    ]


def test_an_announcement_that_comes_after_its_time_is_dropped() -> None:
    case = build.claimed()
    assert decide(Reminder(Chain(Rule.HEADS_UP, 1), 0, DUE - minutes(15)), case, program(), DUE) == Drop()
    assert decide(Reminder(Chain(Rule.DUE, 1), 0, DUE), case, program(), END) == Drop()
    last = decide(Reminder(Chain(Rule.HEADS_UP, 1), 0, DUE - minutes(15)), case, program(), DUE - minutes(1))
    assert isinstance(last, Fire)
    assert last.late == minutes(14)


# What is dropped


def chains(case: Case) -> set[Rule]:
    return {wish.chain.rule for wish in wanted(case, program())}


def first(case: Case, rule: Rule) -> Reminder:
    return next(wish for wish in wanted(case, program()) if wish.chain.rule is rule)


def test_a_claim_ends_the_unclaimed_ladder_and_leaves_the_promise() -> None:
    open_, claimed = build.raised(), build.claimed()
    assert chains(open_) == {Rule.UNCLAIMED, Rule.HEADS_UP, Rule.DUE, Rule.OVERDUE}
    assert chains(claimed) == {Rule.HEADS_UP, Rule.DUE, Rule.OVERDUE}
    assert decide(first(open_, Rule.UNCLAIMED), claimed, program(), NOW + minutes(3)) == Drop()
    assert isinstance(decide(first(open_, Rule.OVERDUE), claimed, program(), END), Fire)


def test_a_promise_that_moved_takes_its_pings_along() -> None:
    case = build.claimed()
    moved = act(case, moves.reschedule, BEN, NOW + minutes(5), again=timedelta(hours=5)).case
    for rule in (Rule.HEADS_UP, Rule.DUE, Rule.OVERDUE):
        assert decide(first(case, rule), moved, program(), END) == Drop()
        assert first(moved, rule).chain.callback == 2
    assert first(moved, Rule.DUE).due_at == NOW + minutes(305)


def test_a_logged_attempt_ends_the_chase_of_its_promise() -> None:
    case = build.claimed()
    for done in (build.attempted(), build.closed(), build.partly_resolved(), build.awaiting_sign_off()):
        assert decide(first(case, Rule.OVERDUE), done, program(), END) == Drop()


def test_a_release_starts_the_unclaimed_ladder_again() -> None:
    schedule = scheduled(build.raised(), program(), NOW)
    schedule.beat(build.raised(), NOW + minutes(3))
    claimed = build.claimed(now=NOW + minutes(4))
    schedule.plan(claimed, NOW + minutes(4))
    freed_at = NOW + minutes(20)
    free = act(claimed, moves.release, BEN, freed_at).case
    schedule.plan(free, freed_at)
    pings = schedule.run(free, freed_at + minutes(31))
    assert [at for at, _ in said(pings, Rule.UNCLAIMED, freed_at)] == [3, 7, 15, 30]
    assert {ping.fire.late for ping in pings} == {timedelta()}


def test_an_owner_who_left_starts_the_unclaimed_ladder_again() -> None:
    """Also while a manager is asked: the case needs an owner, and the managers are asked on as before."""
    left_at = NOW + minutes(20)
    free = build.left_behind(now=left_at)
    pings = scheduled(free, program(), left_at).run(free, left_at + minutes(31))
    assert [at for at, _ in said(pings, Rule.UNCLAIMED, left_at)] == [3, 7, 15, 30]
    waits = build.awaiting_sign_off()
    assert waits.unanswered_since is not None
    asked = waits.unanswered_since
    schedule = scheduled(waits, program(), asked)
    left_at = asked + minutes(10)
    free = build.left_behind(waits, now=left_at)
    schedule.plan(free, left_at)
    pings = schedule.run(free, asked + minutes(91))
    assert [at for at, _ in said(pings, Rule.SIGN_OFF, asked)] == [30, 60, 90]
    assert [at for at, _ in said(pings, Rule.UNCLAIMED, left_at)] == [3, 7, 15, 30, 45, 60, 75]
    assert {told for ping in pings if ping.rule is Rule.SIGN_OFF for told in ping.audience} == {
        Audience.MANAGERS
    }
    assert pings[0].audience == (Audience.SMES,)


def test_a_reschedule_leaves_the_unclaimed_ladder_as_it_runs() -> None:
    """Nobody has claimed the case, and the customer's wish for another time does not change that: no step comes twice."""
    case = build.raised()
    schedule = scheduled(case, program(), NOW)
    schedule.run(case, NOW + minutes(10))
    moved = act(case, moves.reschedule, build.ANA, NOW + minutes(10)).case
    schedule.plan(moved, NOW + minutes(10))
    schedule.run(moved, NOW + minutes(31))
    assert [at for at, _ in said(schedule.pings, Rule.UNCLAIMED, NOW)] == [3, 7, 15, 30]
    assert {ping.fire.late for ping in schedule.pings} == {timedelta()}


def test_somebody_who_no_longer_waits_on_the_line_gets_the_usual_ladder_from_then_on() -> None:
    case, agreed_at = build.waiting(), NOW + minutes(12)
    schedule = scheduled(case, program(), NOW)
    schedule.run(case, agreed_at)
    moved = act(case, moves.reschedule, build.ANA, agreed_at).case
    assert not moved.waiting
    schedule.plan(moved, agreed_at)
    pings = schedule.run(moved, agreed_at + minutes(31))
    assert said(pings, Rule.UNCLAIMED, agreed_at) == [
        (3, (SMES,)),
        (7, (TLS,)),
        (15, (MANAGERS,)),
        (30, (MANAGERS,)),
    ]


# While a call runs


def test_pings_wait_while_the_call_runs_for_half_an_hour_at_most() -> None:
    began = END - minutes(2)
    case = build.on_call(now=began)
    schedule = scheduled(case, program(), began)
    pings = schedule.run(case, began + timedelta(hours=2))
    assert pings[0].at == began + minutes(30)
    assert (pings[0].rule, pings[0].fire.late) == (Rule.OVERDUE, timedelta())


def test_a_call_that_ends_otherwise_lets_the_chase_go_on_at_once() -> None:
    """The owner hands the case over in the middle of the call: the receiver is chased within a minute."""
    began = END - minutes(2)
    case = build.on_call(now=began)
    schedule = scheduled(case, program(), began)
    assert schedule.run(case, END + minutes(3)) == []
    handed = act(case, moves.hand_over, BEN, END + minutes(3), receiver=TESS).case
    schedule.plan(handed, END + minutes(3))
    (ping,) = schedule.run(handed, END + minutes(5))
    assert (ping.rule, ping.at <= END + minutes(4)) == (Rule.OVERDUE, True)


def test_a_call_defers_by_a_minute_and_never_past_its_half_hour() -> None:
    case = build.on_call(now=DUE)
    overdue = Reminder(Chain(Rule.OVERDUE, 1), 0, END)
    assert decide(overdue, case, program(), END) == Later(END + engine.LOOK_AGAIN)
    assert decide(overdue, case, program(), DUE + minutes(29.5)) == Later(DUE + minutes(30))
    assert isinstance(decide(overdue, case, program(), DUE + minutes(30)), Fire)


def test_an_unclaimed_case_is_not_held_back_by_a_call() -> None:
    case = build.raised()
    calling = build.on_call()
    odd = replace(case, call=calling.call)
    assert isinstance(decide(first(case, Rule.UNCLAIMED), odd, program(), NOW + minutes(3)), Fire)


@pytest.mark.parametrize(
    "at", [datetime(2026, 3, 8, 6, 50, tzinfo=UTC), datetime(2026, 11, 1, 5, 50, tzinfo=UTC)]
)
def test_the_chase_counts_real_minutes_on_the_nights_when_clocks_change(at: datetime) -> None:
    case = build.claimed(
        build.raised(build.escalation(due_at=at), now=at - timedelta(hours=3)), now=at - timedelta(hours=2)
    )
    pings = scheduled(case, program(), at - timedelta(hours=2)).run(case, at + minutes(80))
    assert [at_ for at_, _ in said(pings, Rule.OVERDUE, at + program().window)] == [0, 20, 30, 40, 50, 60]


def test_a_manager_owns_and_is_pinged_as_the_owner() -> None:
    case = build.claimed(by=MIA)
    assert isinstance(scheduled(case, program(), NOW), Schedule)
    (heads_up,) = scheduled(case, program(), NOW).run(case, DUE)
    assert heads_up.audience == (OWNER,)


def test_who_is_called_just_now_is_told_by_the_loudest_rule() -> None:
    """Nobody while all is well, or while the call runs."""
    calm, free, later = build.claimed(), build.raised(), DUE + program().window
    assert engine.speaking(calm, program(), NOW) is None
    assert engine.speaking(calm, program(), DUE) is Rule.DUE
    assert engine.speaking(calm, program(), later) is Rule.OVERDUE
    assert engine.speaking(build.on_call(), program(), later) is None
    assert engine.speaking(free, program(), NOW + minutes(2)) is None
    assert engine.speaking(free, program(), NOW + minutes(3)) is Rule.UNCLAIMED
    assert engine.speaking(free, program(), later) is Rule.OVERDUE
    assert engine.speaking(build.waiting(), program(), NOW + minutes(1)) is Rule.UNCLAIMED
    assert engine.speaking(build.awaiting_sign_off(), program(), NOW) is Rule.SIGN_OFF
    assert engine.speaking(build.closed(), program(), later) is None
