"""What each figure counts and what it does not, in one place. The table of docs/figures.md is these docstrings.

A case counts on the day on which it was raised, as it stands now; a promise, on the day for which it was given.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from cases.figures.facts import CaseFact, CoachingFact, FirstPromise, Share, whole_seconds
from cases.words import Missed, Outcome, Satisfied, Verdict, Word


class Unit(Word):
    """How a figure is read."""

    TIME = "time", "median and 90th percentile"
    SHARE = "share", "percent"
    MEAN = "mean", "on average"
    COUNT = "count", "how many"


class Figure(Word):
    """The figures, in the order in which they are shown."""

    RAISED = "raised", "Cases raised"
    PER_100_CALLS = "per_100_calls", "Escalations per 100 calls"
    CLAIM = "claim", "Time to claim"
    KEPT = "kept", "Promise kept"
    CLAIMED = "claimed", "Claimed"
    REACHED = "reached", "Reached"
    FIRST_CALLBACK = "first_callback", "Resolved on the first callback"
    RESOLVED = "resolved", "Resolved"
    ATTEMPTS = "attempts", "Attempts per case"
    MOVED_BY_CUSTOMER = "moved_by_customer", "Rescheduled by customers' wish"
    MOVED_BY_US = "moved_by_us", "Rescheduled by our wish"
    REPEAT = "repeat", "Repeat customers"
    SATISFIED = "satisfied", "Satisfied"
    RIGHT_DEPARTMENT = "right_department", "Right department"
    ASSESSED_WELL = "assessed_well", "Assessed well"
    AVOIDABLE = "avoidable", "Avoidable"
    COACHING = "coaching", "Coaching on time"
    REFUSED = "refused", "Refused DMs"


UNITS: dict[Figure, Unit] = dict.fromkeys(Figure, Unit.SHARE) | {
    Figure.RAISED: Unit.COUNT,
    Figure.PER_100_CALLS: Unit.SHARE,
    Figure.CLAIM: Unit.TIME,
    Figure.ATTEMPTS: Unit.MEAN,
    Figure.MOVED_BY_CUSTOMER: Unit.COUNT,
    Figure.MOVED_BY_US: Unit.COUNT,
    Figure.REFUSED: Unit.COUNT,
}

NOBODY_ASKED = frozenset({Outcome.UNREACHABLE, Outcome.WITHDRAWN})
"""Outcomes without a talk with the customer, by which one could tell how the case was handled."""


def raised(case: CaseFact) -> Share:
    """Cases raised, however they ended."""
    return Share(1, 1)


def per_100_calls(raised: int, calls: int) -> Share:
    """Cases raised per hundred calls that the program took, on the days whose call volume was imported. Other days are
    left out, cases and calls alike.
    """
    return Share(raised, calls)


def time_to_claim(case: CaseFact) -> int | None:
    """The time from raising a case until somebody first claimed it, in whole seconds. Cases that nobody has claimed yet
    are left out; taking over and handing over do not restart the time.
    """
    if case.claimed_at is None:
        return None
    return whole_seconds(case.claimed_at) - whole_seconds(case.raised_at)


def promise_kept(promise: FirstPromise, now: datetime) -> Share:
    """First promises whose first attempt began inside their window. A call before the agreed time is outside it, and
    moving a promise does not keep it. Until somebody calls or the window is over, a promise does not count.
    """
    return Share(int(promise.is_kept), int(promise.is_settled(now)))


def claimed(case: CaseFact) -> Share:
    """Cases raised that somebody claimed, no matter when."""
    return Share(int(case.claimed_at is not None), 1)


def reached(case: CaseFact) -> Share:
    """Of the cases with at least one logged attempt, those in which an attempt reached the customer."""
    return Share(int(case.reached), int(case.logged > 0))


def first_callback(case: CaseFact) -> Share:
    """Closed cases whose outcome is *resolved* after one attempt in all. Rescheduling before that attempt
    makes no difference. A second attempt does, even after a reopening.
    """
    return Share(int(case.closed and case.outcome is Outcome.RESOLVED and case.logged == 1), int(case.closed))


def resolved(case: CaseFact) -> Share:
    """Closed cases whose outcome is *resolved*. A *partly resolved* case stays open until its follow-up is done."""
    return Share(int(case.closed and case.outcome is Outcome.RESOLVED), int(case.closed))


def attempts(case: CaseFact) -> Share:
    """Attempts logged per closed case. Calls that were begun and never logged do not count."""
    return Share(case.logged, 1) if case.closed else Share()


def moved_by_customer(case: CaseFact) -> Share:
    """New times that the customer wanted: *Reschedule*, or the disposition *asked to reschedule*. The next attempt after
    nobody answered does not count, nor does a time agreed with *Escalate further*.
    """
    return Share(case.moved_by_customer, 1)


def moved_by_us(case: CaseFact) -> Share:
    """New times that we wanted, with *Reschedule*."""
    return Share(case.moved_by_us, 1)


def repeat(case: CaseFact) -> Share:
    """Cases of customers who had been in touch about the matter before: the agent said so, or the same number or
    reference had a case within the program's number of days.
    """
    return Share(int(case.repeat), 1)


def satisfied(case: CaseFact) -> Share:
    """Of the closed cases whose customer was asked, those whose customer was satisfied. *Partly* counts as no."""
    asked = case.closed and case.satisfied not in (None, Satisfied.NOT_ASKED)
    return Share(int(asked and case.satisfied is Satisfied.YES), int(asked))


def right_department(case: CaseFact) -> Share:
    """Of the closed cases whose close form says yes or no, those that came to the right department."""
    return _verdict(case, case.right_department)


def assessed_well(case: CaseFact) -> Share:
    """Of the closed cases whose close form says yes or no, those that the agent assessed well."""
    return _verdict(case, case.assessed_well)


def avoidable(case: CaseFact) -> Share:
    """Of the closed cases whose customer was reached, those with one or more missed opportunities to de-escalate.
    *Withdrawn* and *unreachable* cases are left out, although their form asks as well.
    """
    asked = case.closed and case.outcome not in NOBODY_ASKED
    return Share(int(asked and case.missed in (Missed.ONE, Missed.SEVERAL)), int(asked))


def coaching_on_time(coaching: CoachingFact, now: datetime) -> Share:
    """Of the feedback due in these days, what was given in time. Feedback that is not due yet counts only once it is
    given.
    """
    given = coaching.given_at
    settled = given is not None or now >= coaching.due_at
    return Share(int(given is not None and given <= coaching.due_at), int(settled))


def refused(tries: int) -> Share:
    """Attempts by direct or group message that were pointed to the ASK channel. Attempts in other channels do not count.
    They belong to the workspace, not to one program, and what they said is not stored.
    """
    return Share(tries, 1)


OF_A_CASE: dict[Figure, Callable[[CaseFact], Share]] = {
    Figure.RAISED: raised,
    Figure.CLAIMED: claimed,
    Figure.REACHED: reached,
    Figure.FIRST_CALLBACK: first_callback,
    Figure.RESOLVED: resolved,
    Figure.ATTEMPTS: attempts,
    Figure.MOVED_BY_CUSTOMER: moved_by_customer,
    Figure.MOVED_BY_US: moved_by_us,
    Figure.REPEAT: repeat,
    Figure.SATISFIED: satisfied,
    Figure.RIGHT_DEPARTMENT: right_department,
    Figure.ASSESSED_WELL: assessed_well,
    Figure.AVOIDABLE: avoidable,
}
"""What one case adds to each figure that is counted by cases."""

DEFINED: dict[Figure, Callable[..., object]] = OF_A_CASE | {
    Figure.PER_100_CALLS: per_100_calls,
    Figure.CLAIM: time_to_claim,
    Figure.KEPT: promise_kept,
    Figure.COACHING: coaching_on_time,
    Figure.REFUSED: refused,
}
"""Where each figure is defined."""


def definition(figure: Figure) -> str:
    """A figure's definition in words, as its function says it."""
    return " ".join((DEFINED[figure].__doc__ or "").split())


def _verdict(case: CaseFact, verdict: Verdict | None) -> Share:
    said = case.closed and verdict is not None
    return Share(int(said and verdict is Verdict.YES), int(said))
