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
from cases.case import Case, Status
from cases.program import Ladder, Program
from cases.shifts import Members
from cases.words import Word

Whom = tuple[Audience, ...]


@dataclass(frozen=True)
class Course:
    """When a chain speaks: `first` from `begins` on, `then` again and again after the last of those (None: never).

    After `levels` steps everybody has heard whom the chain may reach. It is about one callback of the case, or (callback
    0) about one round of being free.
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
    """Whether its reminders go over the channel, before everything else that waits there."""
    held_by_call = True
    """Whether a running call holds them back."""
    only_ahead = False
    """Whether it announces: it does not begin where its first time has passed already."""

    @abstractmethod
    def course(self, case: Case, ladder: Ladder) -> Course | None:
        """The chain that a case which is not closed wants; None where it wants none."""

    def is_outdated(self, case: Case, now: datetime) -> bool:
        """Whether a louder rule says the same by now."""
        return False

    def is_calling(self, case: Case, ladder: Ladder, now: datetime) -> bool:
        """Whether, by this rule, somebody has to act just now."""
        course = self.course(case, ladder)
        return course is not None and next(course.times()) <= now

    def audience(self, case: Case, program: Program, now: datetime, members: Members = NOBODY_KNOWN) -> Whom:
        """Who is called now. A late reminder is for all whom the steps that it stands for would have reached."""
        return in_hand(case, program, now, members)

    def skips(self, case: Case) -> str:
        """Who is not called, because they know: their own click asked for it. Empty where nobody is."""
        return ""


class _Overdue(Behaviour):
    """From the window's end: when it ends, when the managers join, often in the first hour, then less often."""

    loud = True

    def course(self, case: Case, ladder: Ladder) -> Course | None:
        if case.callback is None:
            return None
        joined, every = ladder.overdue_managers, ladder.overdue_every
        hour = range(joined + every, ladder.overdue_first_hour + 1, every)
        first = _minutes(0, joined, *hour)
        then = timedelta(minutes=ladder.overdue_every_after)
        return Course(case.callback.window_end, first, then, levels=2, callback=case.callback.number)

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
        if case.callback is None:
            return None
        return Course(case.callback.due_at, _minutes(0), callback=case.callback.number)

    def is_outdated(self, case: Case, now: datetime) -> bool:
        return case.callback is not None and now >= case.callback.window_end

    def is_calling(self, case: Case, ladder: Ladder, now: datetime) -> bool:
        free = case.waiting and case.status is Status.OPEN  # somebody has to claim it first
        return not free and super().is_calling(case, ladder, now)

    def skips(self, case: Case) -> str:
        """The form itself leads to this call where the customer waits on the line."""
        return case.raised_by if case.waiting else ""


class _SignOff(Behaviour):
    """The attempts ran out: the line that says so asks the managers, and they are asked until one of them decides."""

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
    """While nobody has the case: SMEs, TLs, managers, each louder than the one before; faster for who is on the line."""

    held_by_call = False

    def course(self, case: Case, ladder: Ladder) -> Course | None:
        if case.status is not Status.OPEN:
            return None
        steps = _minutes(*self._steps(case, ladder))
        every = timedelta(minutes=ladder.unclaimed_every)
        return Course(case.free_since, steps, every, levels=len(steps), round=case.round)

    def audience(self, case: Case, program: Program, now: datetime, members: Members = NOBODY_KNOWN) -> Whom:
        steps, free = self._steps(case, program.ladder), now - case.free_since
        # However few steps a ladder has: after the last of them the managers are asked.
        if free >= timedelta(minutes=steps[-1] + program.ladder.unclaimed_every):
            return (Audience.MANAGERS,)
        passed = sum(step <= free for step in _minutes(*steps))
        return ((Audience.SMES, Audience.SMES, Audience.TLS, Audience.MANAGERS)[min(passed, 3)],)

    def _steps(self, case: Case, ladder: Ladder) -> tuple[int, ...]:
        return ladder.unclaimed_waiting if case.waiting else ladder.unclaimed


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


class Rule(Word):
    """Why the bot speaks up, the loudest first."""

    does: Behaviour

    def __new__(cls, value: str, label: str = "", does: Behaviour | None = None) -> Self:
        rule = str.__new__(cls, value)
        rule._value_, rule.label, rule.does = value, label, does or Rule(value).does
        return rule

    OVERDUE = "overdue", "overdue", _Overdue()
    DUE = "due", "due now", _Due()
    SIGN_OFF = "sign_off", "waits for a sign-off", _SignOff()
    UNCLAIMED = "unclaimed", "unclaimed", _Unclaimed()
    HEADS_UP = "heads_up", "heads-up", _HeadsUp()


def _minutes(*numbers: int) -> tuple[timedelta, ...]:
    return tuple(timedelta(minutes=number) for number in numbers)
