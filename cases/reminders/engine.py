"""When the bot reminds: the reminders that a case wants, and what becomes of one that is due.

A *chain* is one rule's series of reminders for one callback: it begins when the case wants it, each step plans the
next, and it ends when the case no longer wants it. The rules are in cases/reminders/rules.py; nothing here knows one by
name. Pure; instants are UTC.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice

from cases.case import Case, Status
from cases.program import Ladder, Program
from cases.reminders.rules import Rule
from cases.standing import asked_at, on_call

LATE_AFTER = timedelta(seconds=90)
"""A ping that is late by more than this says how late it is."""

LOOK_AGAIN = timedelta(minutes=1)
"""How often a call's pings are checked: it may end in a hand-over, without an outcome."""


@dataclass(frozen=True)
class Chain:
    """Identifies a rule's reminders: for one callback of the case, or (callback 0) for one round of being unclaimed."""

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
    """The reminder is sent: whether to the whole channel, how late; `following` is the chain's next step."""

    broadcast: bool
    late: timedelta
    following: Reminder | None


@dataclass(frozen=True)
class Drop:
    """The case has moved on, or a more urgent reminder says the same."""


@dataclass(frozen=True)
class Later:
    """A call is running: the reminder waits until it may have ended."""

    at: datetime


def wanted(case: Case, program: Program) -> tuple[Reminder, ...]:
    """The first reminder of every chain that this case now wants."""
    return tuple(first for rule in Rule if (first := _first(rule, case, program)) is not None)


def may_begin(first: Reminder, now: datetime) -> bool:
    """Whether this reminder begins a chain that the case wants and that has none planned yet."""
    return first.due_at > now or not first.chain.rule.does.only_ahead


def announced(case: Case, before: Program, after: Program, now: datetime) -> list[Reminder]:
    """The announcements still ahead under other settings; under the earlier ones they may have been too late."""
    new = set(wanted(case, after)) - set(wanted(case, before))
    return [first for first in new if first.chain.rule.does.only_ahead and first.due_at > now]


def decide(reminder: Reminder, case: Case, program: Program, now: datetime) -> Fire | Drop | Later:
    """What becomes of a due reminder, by the case as this transaction reads it."""
    if not _is_wanted(reminder.chain, case, program):
        return Drop()
    rule = reminder.chain.rule.does
    if rule.held_by_call and case.call is not None and on_call(case, program, now):
        return Later(min(now + LOOK_AGAIN, asked_at(case.call.last_heard, program.ladder).over))
    if rule.is_outdated(case, now):
        return Drop()
    return Fire(rule.loud, lateness(now - reminder.due_at), _following(reminder, case, program.ladder, now))


def lateness(behind: timedelta) -> timedelta:
    """How late a ping says it is: a little late counts as on time."""
    return behind if behind >= LATE_AFTER else timedelta()


def still_speaks(chain: Chain, case: Case, program: Program, now: datetime, *, since: datetime) -> bool:
    """Whether a ping written at `since` is still worth sending: nobody has called, and nothing has moved on."""
    rule = chain.rule.does
    if not _is_wanted(chain, case, program) or rule.is_outdated(case, now):
        return False
    return not rule.held_by_call or case.call is None or case.call.last_heard < since


def speaking(case: Case, program: Program, now: datetime) -> Rule | None:
    """The rule by which somebody is being called about this case, the most urgent one; None if nobody need be."""
    if case.status is Status.CLOSED:
        return None
    held = on_call(case, program, now)
    rules = (rule for rule in Rule if not (held and rule.does.held_by_call))
    return next((rule for rule in rules if rule.does.is_calling(case, program.ladder, now)), None)


def replanned(
    reminder: Reminder, case: Case, before: Ladder, after: Ladder, sent: int, now: datetime
) -> Reminder:
    """A waiting reminder under another ladder: its chain continues with the first step still ahead.

    It is sent immediately if the new ladder would by now have called somebody whom none of the `sent` reminders
    reached. If the new ladder says the same about this chain, the reminder stays.
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
    """The first reminder by a rule that the case now wants."""
    fits = rule.does.of_closed is (case.status is Status.CLOSED)
    course = rule.does.course(case, program.ladder) if fits else None
    if course is None:
        return None
    return Reminder(Chain(rule, course.callback, course.round), 0, next(course.times()))


def _is_wanted(chain: Chain, case: Case, program: Program) -> bool:
    first = _first(chain.rule, case, program)
    return first is not None and first.chain == chain


def _following(reminder: Reminder, case: Case, ladder: Ladder, now: datetime) -> Reminder | None:
    """The chain's next step after now: steps missed in an outage are not sent one after the other."""
    course = reminder.chain.rule.does.course(case, ladder)
    if course is None:
        return None
    after = course.after(now)
    if after is None:
        return None
    step, at = after
    # If another ladder took over, the place in the series and the number of reminders may differ.
    return replace(reminder, step=max(step, reminder.step + 1), due_at=at)
