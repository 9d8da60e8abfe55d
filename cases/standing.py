"""How a case stands now: the one answer that card, lists, App Home, posts, reminders and moves go by.

Pure; `now` is aware. What each standing is called where people read it: bot/views/standing.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cases.case import Case, Status
from cases.program import Ladder, Program
from cases.words import Word


class Standing(Word):
    """What matters first about a case; the most urgent first."""

    WAITING = "waiting", "the customer is on hold: on the line, and nobody talks to them"
    OVERDUE = "overdue", "the window is over, and nobody is on the phone"
    DUE = "due", "the agreed time has come"
    DECISION = "decision", "the attempts ran out: a manager decides"
    UNCLAIMED = "unclaimed", "nobody has it"
    LONG_CALL = "long_call", "the owner is on the phone, and asked whether the call still goes on"
    ON_CALL = "on_call", "the owner is on the phone"
    CLAIMED = "claimed", "it has an owner, and time left"
    CLOSED = "closed", "closed"


ON_THE_PHONE = frozenset({Standing.ON_CALL, Standing.LONG_CALL})


@dataclass(frozen=True)
class AskedAt:
    """When a call that nobody logs is asked about: its owner, then the TLs; from `over` on it counts as over, so that
    nothing is held back forever.
    """

    owner: datetime
    tls: datetime
    over: datetime


def asked_at(heard: datetime, ladder: Ladder) -> AskedAt:
    """These times of a call of which somebody last said then that it goes on, at first by beginning it."""
    owner, more = heard + timedelta(minutes=ladder.call_may_take), timedelta(minutes=ladder.call_tls)
    return AskedAt(owner, owner + more, owner + 2 * more)


def standing(case: Case, program: Program, now: datetime) -> Standing:
    """How the case stands. During a call it is neither due nor overdue: nobody else is to call this customer."""
    if case.status is Status.CLOSED:
        return Standing.CLOSED
    if case.callback is None:
        return Standing.DECISION
    if case.call is not None and is_running(case.call.last_heard, program.ladder, now):
        is_long = now >= asked_at(case.call.last_heard, program.ladder).owner
        return Standing.LONG_CALL if is_long else Standing.ON_CALL
    if case.on_hold:
        return Standing.WAITING
    if now >= case.callback.window_end:
        return Standing.OVERDUE
    if now >= case.callback.due_at:
        return Standing.DUE
    return Standing.UNCLAIMED if case.status is Status.OPEN else Standing.CLAIMED


def is_running(heard: datetime | None, ladder: Ladder, now: datetime) -> bool:
    """Whether a call that was last heard of then (None: there is none) counts as running."""
    return heard is not None and now < asked_at(heard, ladder).over


def on_call(case: Case, program: Program, now: datetime) -> bool:
    """Whether somebody is on the phone with this customer."""
    return standing(case, program, now) in ON_THE_PHONE


def is_late(case: Case, program: Program, now: datetime) -> bool:
    """Whether the window is over and nobody is on the phone: overdue, or still waiting on the line."""
    stands = standing(case, program, now)
    waits = stands is Standing.WAITING and case.callback is not None and now >= case.callback.window_end
    return stands is Standing.OVERDUE or waits


@dataclass(frozen=True)
class ByUrgency:
    """Open cases, each once, by what is most urgent about it; `calm` are those with an owner and time left, or on a call."""

    waiting: tuple[Case, ...]
    overdue: tuple[Case, ...]
    sign_off: tuple[Case, ...]
    unclaimed: tuple[Case, ...]
    calm: tuple[Case, ...]


def by_urgency(cases: Iterable[Case], program: Program, now: datetime) -> ByUrgency:
    """Sorts open cases; within a kind, the one that needs somebody first comes first."""
    found: dict[Standing, list[Case]] = {stands: [] for stands in Standing}
    for case in sorted(cases, key=act_by):
        stands = standing(case, program, now)
        free = stands is Standing.DUE and case.owner is None
        found[Standing.UNCLAIMED if free else stands].append(case)
    calm = (
        case
        for stands in (Standing.DUE, Standing.LONG_CALL, Standing.ON_CALL, Standing.CLAIMED)
        for case in found[stands]
    )
    return ByUrgency(
        waiting=tuple(found[Standing.WAITING]),
        overdue=tuple(found[Standing.OVERDUE]),
        sign_off=tuple(found[Standing.DECISION]),
        unclaimed=tuple(found[Standing.UNCLAIMED]),
        calm=tuple(calm),
    )


def act_by(case: Case) -> tuple[datetime, int]:
    """By when somebody has to act."""
    since = (
        case.callback.due_at if case.callback else case.unanswered_since or case.closed_at or case.raised_at
    )
    return since, case.number


def urgency(
    case: Case, program: Program, now: datetime, reader: str | None = None
) -> tuple[bool, int, datetime, int]:
    """Sorts cases: by how they stand, then by when somebody has to act. A reader's own running call comes before all
    others: its outcome is what they log next.
    """
    stands = standing(case, program, now)
    theirs = stands in ON_THE_PHONE and case.owner == reader
    return not theirs, list(Standing).index(stands), *act_by(case)
