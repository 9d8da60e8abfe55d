"""When the bot speaks up by itself: the reminders that a case wants, and what becomes of one that is due.

A *chain* is a rule's row of reminders for one callback: it begins when the case wants it, each step plans the
next, and it ends when the case no longer wants it. Pure; instants are UTC.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain, count, islice

from cases.case import Case, Status
from cases.program import Ladder, Program
from cases.shifts import Members, in_channel, on_shift
from cases.words import Word

NOBODY_KNOWN: Members = {}
"""Of no user group it is known who is in it."""

LATE_AFTER = timedelta(seconds=90)
"""A ping that comes this much after its time says how late it is."""

LOOK_AGAIN = timedelta(minutes=1)
"""While a call runs its pings are looked at this often: it may end by a hand-over, without an outcome."""


class Rule(Word):
    """Why the bot speaks up."""

    UNCLAIMED = "unclaimed", "unclaimed"
    HEADS_UP = "heads_up", "heads-up"
    DUE = "due", "due now"
    OVERDUE = "overdue", "overdue"
    SIGN_OFF = "sign_off", "waits for a sign-off"


class Audience(Word):
    """Who is mentioned."""

    OWNER = "owner", "the owner"
    ON_SHIFT = "on_shift", "those on shift"
    IN_PLACE = "in_place", "those on shift"
    """In place of an owner who is not in the channel."""
    SMES = "smes", "SMEs"
    TLS = "tls", "TLs"
    SME_TL = "sme_tl", "SMEs and TLs"
    MANAGERS = "managers", "managers"


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
    if case.status is Status.CLOSED:
        return ()
    callback, ladder, reminders = case.callback, program.ladder, []
    if callback is not None:
        reminders += [
            Reminder(Chain(Rule.DUE, callback.number), 0, callback.due_at),
            Reminder(Chain(Rule.OVERDUE, callback.number), 0, callback.window_end),
        ]
        heads_up = callback.due_at - timedelta(minutes=ladder.heads_up)
        if not case.waiting:
            reminders.append(Reminder(Chain(Rule.HEADS_UP, callback.number), 0, heads_up))
    elif case.unanswered_since is not None:
        # The line that says so asks the managers at once; they are asked again until one decides.
        again = case.unanswered_since + _minutes(ladder.sign_off_every)
        reminders.append(Reminder(Chain(Rule.SIGN_OFF, case.callbacks), 0, again))
    if case.status is Status.OPEN:
        first = case.free_since + next(_unclaimed(case, ladder))
        reminders.append(Reminder(Chain(Rule.UNCLAIMED, 0, case.round), 0, first))
    return tuple(reminders)


def decide(reminder: Reminder, case: Case, program: Program, now: datetime) -> Fire | Drop | Later:
    """What becomes of a due reminder, by the case as it stands in this very transaction."""
    if reminder.chain not in {wish.chain for wish in wanted(case, program)}:
        return Drop()
    rule, ladder = reminder.chain.rule, program.ladder
    at_most = timedelta(minutes=ladder.call_may_take)
    if rule is not Rule.UNCLAIMED and case.call is not None and case.on_call(now, at_most):
        return Later(min(now + LOOK_AGAIN, case.call.started_at + at_most))
    late = now - reminder.due_at
    late = late if late >= LATE_AFTER else timedelta()
    if _outdated(rule, case, now):
        return Drop()
    following = _following(reminder, case, ladder, now)
    return Fire(rule is Rule.OVERDUE, late, following)


def still_speaks(chain: Chain, case: Case, program: Program, now: datetime, *, since: datetime) -> bool:
    """Whether a ping written at `since` is still worth sending now: nobody took up the phone, nothing moved on."""
    if chain not in {wish.chain for wish in wanted(case, program)} or _outdated(chain.rule, case, now):
        return False
    return chain.rule is Rule.UNCLAIMED or case.call is None or case.call.started_at < since


def _outdated(rule: Rule, case: Case, now: datetime) -> bool:
    """Whether a louder rule says the same by now."""
    if case.callback is None:
        return False
    return (rule is Rule.HEADS_UP and now >= case.callback.due_at) or (
        rule is Rule.DUE and now >= case.callback.window_end
    )


def audience(
    rule: Rule, case: Case, program: Program, now: datetime, members: Members = NOBODY_KNOWN
) -> tuple[Audience, ...]:
    """Who is mentioned now (docs/policy.md, *Reminders and posts*).

    A ping that comes late speaks to everybody whom the steps it stands for would have reached. An owner who, by the
    user groups' `members`, is off shift is called together with those on shift, but not one who stays for the call; so is
    one who is not in the channel, where alone a mention is seen.
    """
    ladder = program.ladder
    hands = _in_hand(case, program, now, members)
    if rule in (Rule.HEADS_UP, Rule.DUE):
        return hands
    if rule is Rule.UNCLAIMED:
        steps = ladder.unclaimed_waiting if case.waiting else ladder.unclaimed
        passed = sum(case.free_since + _minutes(step) <= now for step in steps)
        # However few steps a ladder has: after the last of them the managers are asked.
        if case.free_since + _minutes(steps[-1] + ladder.unclaimed_every) <= now:
            return (Audience.MANAGERS,)
        return ((Audience.SMES, Audience.SMES, Audience.TLS, Audience.MANAGERS)[min(passed, 3)],)
    if rule is Rule.SIGN_OFF or case.callback is None:
        return (Audience.MANAGERS,)
    louder = now >= case.callback.window_end + _minutes(ladder.overdue_managers)
    told = (*hands, Audience.TLS) if case.owner else hands
    return (*told, Audience.MANAGERS) if louder else told


def speaking(case: Case, program: Program, now: datetime) -> Rule | None:
    """By which rule somebody is called about this case just now, the loudest; None while nobody need be."""
    callback, ladder = case.callback, program.ladder
    if case.status is Status.CLOSED or case.on_call(now, timedelta(minutes=ladder.call_may_take)):
        return None
    if callback is None:
        return Rule.SIGN_OFF
    if now >= callback.window_end:
        return Rule.OVERDUE
    if now >= callback.due_at and not (case.waiting and case.status is Status.OPEN):
        return Rule.DUE
    first = case.free_since + next(_unclaimed(case, ladder))
    return Rule.UNCLAIMED if case.status is Status.OPEN and now >= first else None


def _in_hand(case: Case, program: Program, now: datetime, members: Members) -> tuple[Audience, ...]:
    """Who is to see to a promise at this moment."""
    if case.owner is None:
        return (Audience.SME_TL,)
    if not in_channel(program, case.owner, members):
        return (Audience.OWNER, Audience.IN_PLACE)
    stays = case.callback is not None and case.callback.stays == case.owner
    if stays or on_shift(program, case.owner, members, now):
        return (Audience.OWNER,)
    return (Audience.OWNER, Audience.ON_SHIFT)


def replanned(
    reminder: Reminder, case: Case, before: Ladder, after: Ladder, sent: int, now: datetime
) -> Reminder:
    """A waiting reminder by another ladder: its chain goes on with the first step that lies ahead.

    At once where the new ladder would have spoken by now to somebody whom none of the `sent` reminders reached.
    Where the new ladder says the same about this chain, the reminder stays.
    """
    old, new = (_course(reminder.chain.rule, case, ladder) for ladder in (before, after))
    if new is None or old is None or old.numbers == new.numbers:
        return reminder
    reached = [new.begins + offset <= now for offset in islice(new.offsets(), new.levels)]
    if any(reached) and (not sent or (all(reached) and sent < len(reached))):
        return replace(reminder, due_at=now)
    for step, offset in enumerate(new.offsets()):
        if new.begins + offset > now:
            return replace(reminder, step=step, due_at=new.begins + offset)
    return replace(reminder, due_at=now)


def _following(reminder: Reminder, case: Case, ladder: Ladder, now: datetime) -> Reminder | None:
    """The chain's next step after now: steps that an outage swallowed are not sent one after the other."""
    course = _course(reminder.chain.rule, case, ladder)
    if course is None or reminder.chain.rule is Rule.HEADS_UP:
        return None
    for step, offset in enumerate(course.offsets()):
        if course.begins + offset > now:
            # After another ladder took over, the place in the row and the number of reminders may differ.
            return replace(reminder, step=max(step, reminder.step + 1), due_at=course.begins + offset)
    raise AssertionError("a chase has no end")


@dataclass(frozen=True)
class _Course:
    """A chain's steps: when they begin, how far each is from there, and the ladder's numbers that say so.

    After the first `levels` of them everybody has heard whom the chain may reach.
    """

    numbers: tuple[object, ...]
    begins: datetime
    offsets: Callable[[], Iterable[timedelta]]
    levels: int = 1


def _course(rule: Rule, case: Case, ladder: Ladder) -> _Course | None:
    """The course of a rule that the ladder times; None where the agreed time alone does."""
    callback = case.callback
    if rule is Rule.UNCLAIMED:
        steps = ladder.unclaimed_waiting if case.waiting else ladder.unclaimed
        return _Course(
            (steps, ladder.unclaimed_every), case.free_since, lambda: _unclaimed(case, ladder), len(steps)
        )
    if rule is Rule.OVERDUE and callback is not None:
        numbers = (ladder.overdue_managers, ladder.overdue_every, ladder.overdue_every_after)
        return _Course(numbers, callback.window_end, lambda: _overdue(ladder), 2)
    if rule is Rule.SIGN_OFF and case.unanswered_since is not None:
        every = ladder.sign_off_every
        return _Course((every,), case.unanswered_since, lambda: _every(every, every))
    if rule is Rule.HEADS_UP and callback is not None:
        ahead = -_minutes(ladder.heads_up)
        return _Course((ahead,), callback.due_at, lambda: (ahead,))
    return None


def _unclaimed(case: Case, ladder: Ladder) -> Iterator[timedelta]:
    steps = ladder.unclaimed_waiting if case.waiting else ladder.unclaimed
    return chain(map(_minutes, steps), _every(steps[-1] + ladder.unclaimed_every, ladder.unclaimed_every))


def _overdue(ladder: Ladder) -> Iterator[timedelta]:
    """From the window's end: at once, when the managers join, every 10 min in the first hour, then every 30."""
    hour = range(
        ladder.overdue_managers + ladder.overdue_every, ladder.overdue_first_hour + 1, ladder.overdue_every
    )
    first = [0, ladder.overdue_managers, *hour]
    return chain(
        map(_minutes, first), _every(first[-1] + ladder.overdue_every_after, ladder.overdue_every_after)
    )


def _every(first: int, step: int) -> Iterator[timedelta]:
    return map(_minutes, count(first, step))


def _minutes(number: int) -> timedelta:
    return timedelta(minutes=number)
