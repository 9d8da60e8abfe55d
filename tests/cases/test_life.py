"""A case in the hands of people who click whatever they like, whenever they like: what always holds.

The machine makes every move with anybody at any time, lets time pass with the beat running, and compares each
step with the table. A failing run is shrunk by hypothesis to the shortest story that breaks a rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from cases import moves
from cases.case import CallbackState, Case, Status
from cases.errors import NotAllowed, NotPossible, Refusal
from cases.events import Fact, Happened
from cases.moves import Change, Move
from cases.moves.refusal import parties
from cases.ownership import ownership
from cases.people import DESK as DESK_ITSELF
from cases.people import Person
from cases.reminders.engine import LOOK_AGAIN
from cases.reminders.rules import Rule
from cases.words import Disposition, Outcome
from tests import build
from tests.build import ANA, BEN, CALL_MAY_TAKE, IT, MIA, NOW, TESS, program
from tests.cases.acting import AMY, EVERYBODY, IDA, SAM, act
from tests.cases.schedule import Schedule

DESK = program()
HANDS = {SAM.id, BEN.id, TESS.id, IDA.id, MIA.id}

people = st.sampled_from(EVERYBODY)
waits = st.sampled_from([timedelta(minutes=n) for n in (1, 20, 120, 60 * 24, 60 * 24 * 6)])
choices = st.fixed_dictionaries(
    {
        "receiver": people,
        "disposition": st.sampled_from([one for one in Disposition if one is not Disposition.REACHED]),
        "again": waits,
        "outcome": st.sampled_from([one for one in Outcome if one is not Outcome.PARTLY]),
        "department": st.sampled_from([None, IT.name]),
    }
)
"""What goes with a move; each takes what it needs."""


def is_theirs(move: Move, who: Person, case: Case) -> bool:
    """Whether the declaration gives the move to this person."""
    return not parties(who, case).isdisjoint(move.by)


class Line(NamedTuple):
    """A line of the record."""

    kind: Happened
    by: str
    at: datetime
    facts: Mapping[str, Fact]


class Life(RuleBasedStateMachine):
    """One case from its raising on, with its schedule."""

    case: Case
    schedule: Schedule

    @initialize(waiting=st.booleans(), department=st.sampled_from([None, IT.name]), again=waits)
    def raised(self, waiting: bool, department: str | None, again: timedelta) -> None:
        """Ana raises it."""
        self.now = NOW
        due = NOW if waiting else NOW + again
        self.case = build.raised(build.escalation(waiting=waiting, due_at=due, department=department))
        self.schedule = Schedule(DESK)
        self.schedule.plan(self.case, self.now)
        self.ends: list[Move] = []
        self.record = [Line(Happened.RAISED, ANA.id, NOW, {"department": department})]

    @rule(
        move=st.sampled_from([move for move in moves.MOVES if move is not moves.raise_case]),
        who=people,
        what=choices,
    )
    def anybody_clicks_anything(self, move: Move, who: Person, what: dict[str, Any]) -> None:
        """Most of it is refused."""
        self.clicks(move, who, what)

    @rule(data=st.data(), what=choices)
    def somebody_does_what_is_theirs(self, data: st.DataObject, what: dict[str, Any]) -> None:
        """What the table allows, so that cases get somewhere; a case that nobody has left yet stays open a while."""
        mine = [
            (move, who)
            for move in moves.MOVES
            for who in EVERYBODY
            if self.case.status in move.leads and is_theirs(move, who, self.case)
        ]
        last = [(move, who) for move, who in mine if move.ground]
        move, who = data.draw(st.sampled_from([one for one in mine if one not in last] * 4 + last))
        self.clicks(move, who, what)

    @precondition(lambda self: self.case.status is Status.CLAIMED and self.case.callback is not None)
    @rule(what=choices)
    def the_owner_calls_and_reaches_nobody(self, what: dict[str, Any]) -> None:
        """The way to the last attempt."""
        owner = next(who for who in EVERYBODY if who.id == self.case.owner)
        self.clicks(moves.log_outcome, owner, what)

    @precondition(lambda self: self.case.status is Status.CLAIMED)
    @rule(what=choices)
    def the_owner_leaves(self, what: dict[str, Any]) -> None:
        """Their account is deactivated, whatever they were doing."""
        self.clicks(moves.owner_left, DESK_ITSELF, what)
        assert self.case.status is Status.OPEN
        assert self.case.free_since == self.now

    def clicks(self, move: Move, who: Person, what: dict[str, Any]) -> None:
        """A move, compared with the table."""
        before = self.case
        to = move.leads.get(before.status)
        allowed = is_theirs(move, who, before)
        try:
            change = act(before, move, who, self.now, **what)
        except Refusal as refusal:
            self.was_refused(refusal, to is not None, allowed)
            return
        assert to is not None, f"{move} is not in the table from {before.status}"
        assert allowed, f"{who.id} may not {move}"
        assert change.case.status is to
        self.was_done(before, move, who, change)
        self.case = replace(change.case, version=before.version + 1)
        self.record += [Line(event.kind, event.by, self.now, event.facts) for event in change.events]
        self.schedule.plan(self.case, self.now)

    def was_refused(self, refusal: Refusal, exists: bool, allowed: bool) -> None:
        """The sentence is for a person, and the right kind of refusal."""
        assert refusal.sentence
        assert refusal.sentence[0].isupper() or refusal.sentence.startswith("<@")
        if not exists:
            assert isinstance(refusal, NotPossible)
        elif not allowed:
            # The claim of whoever has it already is told so first.
            assert isinstance(refusal, (NotAllowed, NotPossible))
        else:
            assert not isinstance(refusal, NotAllowed)

    def was_done(self, before: Case, move: Move, who: Person, change: Change) -> None:
        """What every change keeps to."""
        now = change.case
        assert change.events, "a change without a line in the record"
        assert {event.by for event in change.events} == {who.id}
        assert (now.number, now.said, now.raised_by, now.raised_at) == (
            before.number, before.said, before.raised_by, before.raised_at,
        )  # fmt: skip
        assert now.first_due_at == before.first_due_at, "the first promise is kept"
        assert now.attempts in (before.attempts, before.attempts + 1)
        assert now.callbacks in (before.callbacks, before.callbacks + 1)
        assert now.round in (before.round, before.round + 1)
        assert now.tier >= before.tier
        for attempt in change.attempts:
            assert attempt.number == now.attempts
            assert attempt.caller == who.id
        left = {one.number for one in change.callbacks if one.state is not CallbackState.PENDING}
        if before.callback is not None and now.callback != before.callback:
            same = now.callback is not None and now.callback.number == before.callback.number
            assert same or left == {before.callback.number}, "a promise went without a trace"
        if now.status is Status.CLOSED and before.status is not Status.CLOSED:
            self.ends.append(move)

    @rule(passes=st.sampled_from([timedelta(minutes=n) for n in (1, 4, 14, 16, 31, 90, 60 * 7)]))
    def time_passes(self, passes: timedelta) -> None:
        """The beat settles everything at its time."""
        self.now += passes
        said = self.schedule.run(self.case, self.now + timedelta(microseconds=1))
        for ping in said:
            assert ping.fire.late == timedelta(), f"{ping.rule} says it is late, and the bot was there"
            assert ping.audience
            assert ping.fire.broadcast == (ping.rule is Rule.OVERDUE)
            assert self.case.status is not Status.CLOSED
            if ping.rule is Rule.UNCLAIMED:
                assert self.case.status is Status.OPEN
            else:
                assert not self.case.on_call(ping.at, CALL_MAY_TAKE), "a ping into a call"

    @invariant()
    def an_open_case_has_a_promise_and_nobody_in_charge(self) -> None:
        if self.case.status is Status.OPEN:
            assert self.case.owner is None
            assert (self.case.callback is None) == (self.case.unanswered_since is not None)
            assert self.case.call is None

    @invariant()
    def a_claimed_case_has_an_owner_and_a_promise_or_waits_for_a_manager(self) -> None:
        if self.case.status is Status.CLAIMED:
            assert self.case.owner in HANDS, "an agent has the case"
            assert (self.case.callback is None) == self.case.awaits_sign_off
            if self.case.awaits_sign_off:
                assert self.case.unanswered_since is not None
                assert self.case.unreached >= self.case.allowed
                assert self.case.call is None
            else:
                assert self.case.unanswered_since is None
                assert self.case.unreached < self.case.allowed, "more attempts than a manager allowed"

    @invariant()
    def a_closed_case_has_an_outcome_on_one_of_the_three_grounds(self) -> None:
        if self.case.status is Status.CLOSED:
            assert self.case.closing is not None
            assert self.case.closed_at is not None
            assert self.case.callback is None
            assert self.case.call is None
            assert self.ends[-1].ground is not None
            unreachable = self.case.closing.outcome is Outcome.UNREACHABLE
            assert unreachable == (self.ends[-1] is moves.sign_off)

    @invariant()
    def the_record_tells_in_whose_hands_the_case_is_and_was(self) -> None:
        """From the first owner on without a gap but while it was closed."""
        course = ownership(self.record)
        for one, following in pairwise(course):
            assert one.until is not None
            assert one.since <= one.until <= following.since
        if course:
            assert course[0].owner is not None
            assert {hand.owner for hand in course} <= HANDS | {None}
        if self.case.status is not Status.CLOSED and course:
            last = course[-1]
            assert last.until is None
            assert (last.owner, last.tier) == (self.case.owner, self.case.tier)
            assert last.department == self.case.department
        elif self.case.status is Status.CLAIMED:
            raise AssertionError("an owner whom the record does not know")
        elif course:
            assert course[-1].until is not None

    @invariant()
    def the_promise_and_the_call_are_the_latest_of_their_kind(self) -> None:
        callback, call = self.case.callback, self.case.call
        if callback is not None:
            assert callback.number == self.case.callbacks
            assert callback.state is CallbackState.PENDING
        if call is not None:
            assert callback is not None
            assert (call.number, call.callback, call.caller) == (
                self.case.attempts,
                callback.number,
                self.case.owner,
            )
            assert call.ended_at is None

    @invariant()
    def somebody_is_chased_within_half_an_hour_until_the_case_is_closed(self) -> None:
        """Rule 3: never capped, never lost. Whatever was clicked, a louder ping waits for every case that is behind."""
        waiting = self.schedule.waiting.values()
        if self.case.status is Status.CLOSED:
            assert not list(waiting)
            return
        behind = self.case.awaits_sign_off or (
            self.case.callback is not None and self.case.callback.is_overdue(self.now)
        )
        soon = min(row.due_at for row in waiting)
        if behind:
            assert soon <= self.now + timedelta(minutes=30)
        elif self.case.callback is not None:
            assert soon <= max(self.now, self.case.callback.window_end) + timedelta(minutes=1)

    @invariant()
    def what_a_call_held_back_comes_soon_after_it(self) -> None:
        if self.case.call is None:
            for chain in self.schedule.deferred & self.schedule.waiting.keys():
                assert self.schedule.waiting[chain].due_at <= self.now + LOOK_AGAIN

    @invariant()
    def nothing_is_possible_for_strangers_but_what_is_for_everybody(self) -> None:
        for move in moves.MOVES:
            if self.case.status in move.leads and AMY.id not in (self.case.owner, self.case.raised_by):
                may = is_theirs(move, AMY, self.case)
                assert may == (move is moves.add_note)
        assert ANA.id != self.case.owner


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
