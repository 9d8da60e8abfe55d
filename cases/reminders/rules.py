"""The reminder rules: when a case wants each, its steps, whom it calls, what outdates it and what holds it back.

A new rule is a class and a member here, and a face in bot/views/rules.py. Pure; instants are UTC.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from cases.audience import NOBODY_KNOWN, Audience, in_hand
from cases.case import Attempt, Case, Status
from cases.program import Ladder, Program
from cases.shifts import Members
from cases.standing import asked_at
from cases.words import Word

Whom = tuple[Audience, ...]


@dataclass(frozen=True)
class Course:
    """When a chain reminds: `first` from `begins` on, then again and again at `then` after the last of those (None:
    never).

    After `levels` steps, it has called everybody it can. It is about one callback of the case, or (callback 0) one
    round of being unclaimed.
    """

    begins: datetime
    first: tuple[timedelta, ...]
    then: timedelta | None = None
    levels: int = 1
    callback: int = 0
    round: int = 0

    def times(self) -> Iterator[datetime]:
        """The instants of its steps, in order."""
        at = self.begins
        for step in self.first:
            yield (at := self.begins + step)
        while self.then is not None:
            yield (at := at + self.then)

    def after(self, now: datetime) -> tuple[int, datetime] | None:
        """The first step after `now`: its place, from 0, and its instant; None when the chain is over."""
        last = self.begins + self.first[-1]
        if now < last or self.then is None:
            return next(((step, at) for step, at in enumerate(self.times()) if at > now), None)
        repeats = (now - last) // self.then + 1
        return len(self.first) - 1 + repeats, last + repeats * self.then


class Behaviour(ABC):
    """What makes a rule."""

    loud = False
    """Whether its reminders go to the whole channel, before everything else that waits there."""
    held_by_call = True
    """Whether a running call holds them back."""
    of_closed = False
    """Whether it is about closed cases, and no other."""
    only_ahead = False
    """Whether it announces something: it doesn't begin once its first time has passed."""

    @abstractmethod
    def course(self, case: Case, ladder: Ladder) -> Course | None:
        """The chain that a case wants, one that is not closed unless `of_closed`; None if it wants none."""

    def is_outdated(self, case: Case, now: datetime) -> bool:
        """Whether a more urgent rule now says the same."""
        return False

    def is_calling(self, case: Case, ladder: Ladder, now: datetime) -> bool:
        """Whether somebody has to act now by this rule."""
        course = self.course(case, ladder)
        return course is not None and next(course.times()) <= now

    def audience(self, case: Case, program: Program, now: datetime, members: Members = NOBODY_KNOWN) -> Whom:
        """Who is called now. A late reminder is for everybody whom the steps it replaces would have reached."""
        return in_hand(case, program, now, members)

    def again(self, case: Case, ladder: Ladder, now: datetime) -> timedelta:
        """After how long the same people are called again."""
        return timedelta(minutes=ladder.call_again)

    def skips(self, case: Case) -> str:
        """Who is not called, because their own click asked for it. Empty if there is nobody."""
        return ""

    def asks(self, case: Case) -> str:
        """Who is asked privately, and nobody called. Empty where the rule speaks to the channel."""
        return ""


class _Overdue(Behaviour):
    """From the window's end: at its end, when the managers join, often in the first hour, then less often."""

    loud = True

    def course(self, case: Case, ladder: Ladder) -> Course | None:
        if case.callback is None or case.on_hold:
            return None
        joined, every = ladder.overdue_managers, ladder.overdue_every
        hour = range(joined + every, ladder.overdue_first_hour + 1, every)
        first = _minutes(0, joined, *hour)
        then = timedelta(minutes=ladder.overdue_every_after)
        turn = case.round if case.waiting else 0  # a new one with each call that is taken
        return Course(
            case.callback.window_end, first, then, levels=2, callback=case.callback.number, round=turn
        )

    def audience(self, case: Case, program: Program, now: datetime, members: Members = NOBODY_KNOWN) -> Whom:
        if case.callback is None:
            return (Audience.MANAGERS,)
        told = in_hand(case, program, now, members)
        if case.owner:
            told = (*told, Audience.TLS)
        joined = case.callback.window_end + timedelta(minutes=program.ladder.overdue_managers)
        return (*told, Audience.MANAGERS) if now >= joined else told


class _Due(Behaviour):
    """Once, at the agreed time."""

    def course(self, case: Case, ladder: Ladder) -> Course | None:
        if case.callback is None or case.waiting:
            return None
        return Course(case.callback.due_at, _minutes(0), callback=case.callback.number)

    def is_outdated(self, case: Case, now: datetime) -> bool:
        return case.callback is not None and now >= case.callback.window_end


class _SignOff(Behaviour):
    """The attempts ran out: that line asks the managers, who are then asked again until one of them decides."""

    def course(self, case: Case, ladder: Ladder) -> Course | None:
        if case.callback is not None or case.unanswered_since is None:
            return None
        (every,) = _minutes(ladder.sign_off_every)
        return Course(case.unanswered_since, (every,), every, callback=case.callbacks)

    def is_calling(self, case: Case, ladder: Ladder, now: datetime) -> bool:
        return case.awaits_sign_off

    def audience(self, case: Case, program: Program, now: datetime, members: Members = NOBODY_KNOWN) -> Whom:
        return (Audience.MANAGERS,)


class _Unclaimed(Behaviour):
    """While nobody has the case: SMEs, TLs, managers, each louder than the one before. What cannot wait goes up faster, from
    the first second on; where the reason is urgent, the managers hear of it then.
    """

    held_by_call = False

    def course(self, case: Case, ladder: Ladder) -> Course | None:
        if not self._wants(case):
            return None
        steps = self._steps(case, ladder)
        return Course(case.free_since, steps, self._every(ladder), levels=len(steps), round=case.round)

    def audience(self, case: Case, program: Program, now: datetime, members: Members = NOBODY_KNOWN) -> Whom:
        steps, free = self._steps(case, program.ladder), now - case.free_since
        # However few steps a ladder has: after the last of them the managers are asked.
        if free >= steps[-1] + self._every(program.ladder):
            return (Audience.MANAGERS,)
        passed = sum(step <= free for step in steps)
        if _cannot_wait(case) and passed <= 1:
            return (Audience.SME_TL, Audience.MANAGERS) if case.said.urgent else (Audience.SME_TL,)
        levels = (Audience.SMES, Audience.TLS, Audience.MANAGERS)
        return (levels[min(max(passed - 1 - _cannot_wait(case), 0), 2)],)

    def _wants(self, case: Case) -> bool:
        return case.status is Status.OPEN and not case.waiting

    def _every(self, ladder: Ladder) -> timedelta:
        return timedelta(minutes=ladder.unclaimed_every)

    def _steps(self, case: Case, ladder: Ladder) -> tuple[timedelta, ...]:
        return _minutes(0, *ladder.unclaimed_waiting) if _cannot_wait(case) else _minutes(*ladder.unclaimed)


class _OnHold(_Unclaimed):
    """While a customer is on hold: the same for them, claimed or not, and the managers often, until somebody takes the call."""

    loud = True

    def audience(self, case: Case, program: Program, now: datetime, members: Members = NOBODY_KNOWN) -> Whom:
        owner = () if case.owner is None else in_hand(case, program, now, members)
        return (*owner, *super().audience(case, program, now, members))

    def skips(self, case: Case) -> str:
        """Whoever raised it is on the phone with the customer, unless the customer called again."""
        return case.raised_by if case.callbacks == 1 else ""

    def again(self, case: Case, ladder: Ladder, now: datetime) -> timedelta:
        """Often, until the agent is asked whether the customer is still there."""
        asked = now - case.free_since > timedelta(minutes=ladder.on_hold_ask)
        return super().again(case, ladder, now) if asked else self._every(ladder)

    def _wants(self, case: Case) -> bool:
        return case.on_hold

    def _every(self, ladder: Ladder) -> timedelta:
        return timedelta(minutes=ladder.on_hold_every)


class _StillThere(Behaviour):
    """While a customer is on hold, the agent who has them on the phone is asked whether they are still there."""

    def course(self, case: Case, ladder: Ladder) -> Course | None:
        if not case.on_hold or case.callbacks > 1:  # the case does not know who took that call
            return None
        (every,) = _minutes(ladder.on_hold_ask)
        return Course(case.free_since, (every,), every, round=case.round)

    def is_calling(self, case: Case, ladder: Ladder, now: datetime) -> bool:
        return False

    def asks(self, case: Case) -> str:
        return case.raised_by


class _LongCall(Behaviour):
    """Once, when a call takes long: only the owner is asked whether it still goes on. Each answer begins another chain."""

    held_by_call = False

    def course(self, case: Case, ladder: Ladder) -> Course | None:
        if case.call is None:
            return None
        turn = int((case.call.last_heard - case.raised_at) / timedelta(minutes=1))
        return Course(self._at(case.call, ladder), _minutes(0), callback=case.call.number, round=turn)

    def is_calling(self, case: Case, ladder: Ladder, now: datetime) -> bool:
        return False

    def asks(self, case: Case) -> str:
        return case.owner or ""

    def _at(self, call: Attempt, ladder: Ladder) -> datetime:
        return asked_at(call.last_heard, ladder).owner


class _NotAnswered(_LongCall):
    """The owner did not answer: the TLs are asked to look after them, not to call the customer."""

    def is_calling(self, case: Case, ladder: Ladder, now: datetime) -> bool:
        if case.call is None:
            return False
        asked = asked_at(case.call.last_heard, ladder)
        return asked.tls <= now < asked.over

    def audience(self, case: Case, program: Program, now: datetime, members: Members = NOBODY_KNOWN) -> Whom:
        return (Audience.TLS,)

    def asks(self, case: Case) -> str:
        return ""

    def _at(self, call: Attempt, ladder: Ladder) -> datetime:
        return asked_at(call.last_heard, ladder).tls


class _HeadsUp(Behaviour):
    """Once, before the agreed time."""

    only_ahead = True

    def course(self, case: Case, ladder: Ladder) -> Course | None:
        if case.callback is None or case.waiting:
            return None
        return Course(case.callback.due_at, _minutes(-ladder.heads_up), callback=case.callback.number)

    def is_outdated(self, case: Case, now: datetime) -> bool:
        return case.callback is not None and now >= case.callback.due_at

    def is_calling(self, case: Case, ladder: Ladder, now: datetime) -> bool:
        return False


class _FollowUp(Behaviour):
    """A customer was left unsatisfied: on the agreed day, and every day after it, until a manager got back to them."""

    of_closed = True

    def course(self, case: Case, ladder: Ladder) -> Course | None:
        if case.follow_up_at is None or not case.awaits_follow_up:
            return None
        return Course(case.follow_up_at, _minutes(0), timedelta(days=1), callback=case.callbacks)

    def audience(self, case: Case, program: Program, now: datetime, members: Members = NOBODY_KNOWN) -> Whom:
        return (Audience.MANAGERS,)


class Rule(Word):
    """Why the bot speaks up, the loudest first."""

    does: Behaviour

    def __new__(cls, value: str, label: str = "", does: Behaviour | None = None) -> Self:
        rule = str.__new__(cls, value)
        rule._value_, rule.label, rule.does = value, label, does or Rule(value).does
        return rule

    ON_HOLD = "on_hold", "on hold", _OnHold()
    OVERDUE = "overdue", "overdue", _Overdue()
    DUE = "due", "due now", _Due()
    SIGN_OFF = "sign_off", "waiting for a sign-off", _SignOff()
    UNCLAIMED = "unclaimed", "unclaimed", _Unclaimed()
    FOLLOW_UP = "follow_up", "follow-up due", _FollowUp()
    HEADS_UP = "heads_up", "heads-up", _HeadsUp()
    NOT_ANSWERED = "not_answered", "a long call", _NotAnswered()
    LONG_CALL = "long_call", "asks the owner on a long call", _LongCall()
    STILL_THERE = "still_there", "asks the agent on hold", _StillThere()


def _cannot_wait(case: Case) -> bool:
    return case.waiting or case.said.urgent


def _minutes(*numbers: int) -> tuple[timedelta, ...]:
    return tuple(timedelta(minutes=number) for number in numbers)
