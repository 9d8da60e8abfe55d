"""What each figure counts and what it does not, in one place: its definition is a function, all else about it is its row.

A case counts on the day on which it was raised, as it stands now; a promise, on the day for which it was given. The table
of docs/figures.md is these rows, with the functions' docstrings.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple, Self

from cases.close_form import Question
from cases.figures.facts import CaseFact, CoachingFact, FirstPromise, Share, whole_seconds
from cases.words import Missed, Outcome, Satisfied, Word

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
    return Share(int(_is_resolved(case) and case.logged == 1), int(case.closed))


def resolved(case: CaseFact) -> Share:
    """Closed cases whose outcome is *resolved*. A *partly resolved* case stays open until its follow-up is done."""
    return Share(int(_is_resolved(case)), int(case.closed))


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
    return _yes(case, Question.SATISFIED)


def right_department(case: CaseFact) -> Share:
    """Of the closed cases whose close form says yes or no, those that came to the right department."""
    return _yes(case, Question.RIGHT_DEPARTMENT)


def assessed_well(case: CaseFact) -> Share:
    """Of the closed cases whose close form says yes or no, those that the agent assessed well."""
    return _yes(case, Question.ASSESSED_WELL)


def avoidable(case: CaseFact) -> Share:
    """Of the closed cases whose customer was reached, those with one or more missed opportunities to de-escalate.
    *Withdrawn* and *unreachable* cases are left out, although their form asks as well.
    """
    if not case.closed or case.closing is None or case.closing.outcome in NOBODY_ASKED:
        return Share()
    return Share(int(case.closing.missed in (Missed.ONE, Missed.SEVERAL)), 1)


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


def _is_resolved(case: CaseFact) -> bool:
    return case.closed and case.closing is not None and case.closing.outcome is Outcome.RESOLVED


def _yes(case: CaseFact, question: Question) -> Share:
    """Of the closed cases with an answer to a question of the close form, those that say yes."""
    answer = question.of(case.closing) if case.closed and case.closing is not None else None
    if answer in (None, Satisfied.NOT_ASKED):
        return Share()
    return Share(int(answer == Satisfied.YES), 1)


class Unit(Word):
    """How a figure is shown."""

    TIME = "time", "median and 90th percentile"
    SHARE = "share", "percent"
    PER_100 = "per_100", "per hundred"
    MEAN = "mean", "average"
    COUNT = "count", "number"


class Section(Word):
    """The heading under which a report in Slack shows a figure. `OPENING` figures stand above them or in a chart."""

    OPENING = "opening", ""
    PROMISES = "promises", "Promises"
    CUSTOMERS = "customers", "Customers"
    QUALITY = "quality", "Quality"


class Row(NamedTuple):
    """What there is to say about a figure; its definition is the docstring of the function that `counts`.

    `column` heads it in a table of groups, `in_line` names it in a group's line: empty, and it is not in there. What is
    not `of_a_case` is not counted case by case. `of_answer`: it counts *yes* among the answers to the close form's question
    of the same name.
    """

    value: str
    label: str
    counts: Callable[..., Any]
    section: Section
    unit: Unit = Unit.SHARE
    column: str = ""
    in_line: str = ""
    of_a_case: bool = True
    of_answer: bool = False


class Figure(Word):
    """The figures, in the order in which they are shown. One that is counted by cases has its SQL in `storage.reports.sums`."""

    counts: Callable[..., Any]
    section: Section
    unit: Unit
    column: str
    in_line: str
    of_a_case: bool
    of_answer: bool

    def __new__(cls, *row: Any) -> Self:
        figure = str.__new__(cls, row[0])
        figure._value_ = row[0]
        for name, said in zip(Row._fields[1:], row[1:], strict=True):
            setattr(figure, name, said)
        return figure

    @property
    def definition(self) -> str:
        """What it counts and what it leaves out, in words."""
        return " ".join((self.counts.__doc__ or "").split())

    RAISED = Row("raised", "Cases raised", raised, Section.OPENING, Unit.COUNT, "Cases")
    PER_100_CALLS = Row(
        "per_100_calls",
        "Escalations per 100 calls",
        per_100_calls,
        Section.OPENING,
        Unit.PER_100,
        of_a_case=False,
    )
    KEPT = Row(
        "kept", "Promise kept", promise_kept, Section.PROMISES, column="Kept", in_line="kept", of_a_case=False
    )
    CLAIM = Row(
        "claim",
        "Time to claim",
        time_to_claim,
        Section.PROMISES,
        Unit.TIME,
        "Claimed in",
        "claimed in",
        of_a_case=False,
    )
    CLAIMED = Row("claimed", "Claimed", claimed, Section.OPENING)
    REACHED = Row("reached", "Reached", reached, Section.CUSTOMERS, column="Reached")
    FIRST_CALLBACK = Row(
        "first_callback",
        "Resolved on the first callback",
        first_callback,
        Section.CUSTOMERS,
        column="1st callback",
        in_line="resolved on the 1st callback",
    )
    RESOLVED = Row("resolved", "Resolved", resolved, Section.OPENING)
    ATTEMPTS = Row("attempts", "Attempts per case", attempts, Section.PROMISES, Unit.MEAN)
    MOVED_BY_CUSTOMER = Row(
        "moved_by_customer", "Rescheduled by the customer", moved_by_customer, Section.PROMISES, Unit.COUNT
    )
    MOVED_BY_US = Row("moved_by_us", "Rescheduled by us", moved_by_us, Section.PROMISES, Unit.COUNT)
    SATISFIED = Row(
        "satisfied", "Satisfied", satisfied, Section.CUSTOMERS, column="Satisfied", of_answer=True
    )
    REPEAT = Row("repeat", "Repeat customers", repeat, Section.CUSTOMERS)
    RIGHT_DEPARTMENT = Row(
        "right_department", "Right department", right_department, Section.QUALITY, of_answer=True
    )
    ASSESSED_WELL = Row("assessed_well", "Assessed well", assessed_well, Section.QUALITY, of_answer=True)
    AVOIDABLE = Row(
        "avoidable", "Avoidable", avoidable, Section.QUALITY, column="Avoidable", in_line="avoidable"
    )
    COACHING = Row("coaching", "Coaching on time", coaching_on_time, Section.QUALITY, of_a_case=False)
    REFUSED = Row("refused", "Refused DMs", refused, Section.QUALITY, Unit.COUNT, of_a_case=False)


OF_A_CASE = tuple(figure for figure in Figure if figure.of_a_case)
"""The figures to which each case adds something, by itself."""
