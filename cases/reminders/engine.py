"""When the bot speaks up by itself: the reminders that a case wants, and what becomes of one that is due.

A *chain* is one rule's row of reminders for one callback: it begins when the case wants it, each step plans the next, and
it ends when the case no longer wants it. The rules are in cases/reminders/rules.py; nothing here knows one by name. Pure;
instants are UTC.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice

from cases.case import Case, Status
from cases.program import Ladder, Program
from cases.reminders.rules import Rule

LATE_AFTER = timedelta(seconds=90)
"""A ping that comes this much after its time says how late it is."""

LOOK_AGAIN = timedelta(minutes=1)
"""While a call runs its pings are looked at this often: it may end by a hand-over, without an outcome."""


@dataclass(frozen=True)
class Chain:
    """The identity of a rule's reminders: one callback of the case, or (callback 0) one round of being free."""

    rule: Rule
    callback: int
    round: int = 0


@dataclass(frozen=True)
class Reminder:
    """A row of the schedule: this step of this chain is due at that instant."""

    chain: Chain
    step: int
    due_at: datetime


@dataclass(frozen=True)
class Fire:
    """The reminder speaks: whether over the channel, how late; `following` is the chain's next step."""

    broadcast: bool
    late: timedelta
    following: Reminder | None


@dataclass(frozen=True)
class Drop:
    """The case has moved on, or a louder reminder says the same."""


@dataclass(frozen=True)
class Later:
    """A call runs: the reminder waits until it may have ended."""

    at: datetime


def wanted(case: Case, program: Program) -> tuple[Reminder, ...]:
    """The first reminder of every chain that this case wants as it stands."""
    return tuple(first for rule in Rule if (first := _first(rule, case, program)) is not None)


def may_begin(first: Reminder, now: datetime) -> bool:
    """Whether a chain that a case wants begins with this reminder, of which nothing is planned yet."""
    return first.due_at > now or not first.chain.rule.does.only_ahead


def announced(case: Case, before: Program, after: Program, now: datetime) -> list[Reminder]:
    """The announcements that lie ahead by other settings: they may have been too late by those before."""
    new = set(wanted(case, after)) - set(wanted(case, before))
    return [first for first in new if first.chain.rule.does.only_ahead and first.due_at > now]


def decide(reminder: Reminder, case: Case, program: Program, now: datetime) -> Fire | Drop | Later:
    """What becomes of a due reminder, by the case as it stands in this very transaction."""
    if not _is_wanted(reminder.chain, case, program):
        return Drop()
    rule, at_most = reminder.chain.rule.does, timedelta(minutes=program.ladder.call_may_take)
    if rule.held_by_call and case.call is not None and case.on_call(now, at_most):
        return Later(min(now + LOOK_AGAIN, case.call.started_at + at_most))
    if rule.is_outdated(case, now):
        return Drop()
    return Fire(rule.loud, lateness(now - reminder.due_at), _following(reminder, case, program.ladder, now))


def lateness(behind: timedelta) -> timedelta:
    """How late a ping is by its own words: a little behind is on time."""
    return behind if behind >= LATE_AFTER else timedelta()


def still_speaks(chain: Chain, case: Case, program: Program, now: datetime, *, since: datetime) -> bool:
    """Whether a ping written at `since` is still worth sending now: nobody took up the phone, nothing moved on."""
    rule = chain.rule.does
    if not _is_wanted(chain, case, program) or rule.is_outdated(case, now):
        return False
    return not rule.held_by_call or case.call is None or case.call.started_at < since


def speaking(case: Case, program: Program, now: datetime) -> Rule | None:
    """By which rule somebody is called about this case just now, the loudest; None while nobody need be."""
    if case.status is Status.CLOSED or case.on_call(now, timedelta(minutes=program.ladder.call_may_take)):
        return None
    return next((rule for rule in Rule if rule.does.is_calling(case, program.ladder, now)), None)


def replanned(
    reminder: Reminder, case: Case, before: Ladder, after: Ladder, sent: int, now: datetime
) -> Reminder:
    """A waiting reminder by another ladder: its chain goes on with the first step that lies ahead.

    At once where the new ladder would have spoken by now to somebody whom none of the `sent` reminders reached.
    Where the new ladder says the same about this chain, the reminder stays.
    """
    old, new = (reminder.chain.rule.does.course(case, ladder) for ladder in (before, after))
    if new is None or old == new:
        return reminder
    reached = [at <= now for at in islice(new.times(), new.levels)]
    if any(reached) and (not sent or (all(reached) and sent < len(reached))):
        return replace(reminder, due_at=now)
    step, due_at = new.after(now) or (reminder.step, now)
    return replace(reminder, step=step, due_at=due_at)


def _first(rule: Rule, case: Case, program: Program) -> Reminder | None:
    """The first reminder by a rule that the case wants as it stands."""
    course = None if case.status is Status.CLOSED else rule.does.course(case, program.ladder)
    if course is None:
        return None
    return Reminder(Chain(rule, course.callback, course.round), 0, next(course.times()))


def _is_wanted(chain: Chain, case: Case, program: Program) -> bool:
    first = _first(chain.rule, case, program)
    return first is not None and first.chain == chain


def _following(reminder: Reminder, case: Case, ladder: Ladder, now: datetime) -> Reminder | None:
    """The chain's next step after now: steps that an outage swallowed are not sent one after the other."""
    course = reminder.chain.rule.does.course(case, ladder)
    if course is None:
        return None
    after = course.after(now)
    if after is None:
        return None
    step, at = after
    # After another ladder took over, the place in the row and the number of reminders may differ.
    return replace(reminder, step=max(step, reminder.step + 1), due_at=at)
