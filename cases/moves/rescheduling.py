"""Replaces the agreed time with another."""

from __future__ import annotations

from cases.case import Case, Status
from cases.errors import NotPossible
from cases.events import Fact, Happened
from cases.forms import Promise
from cases.moves.calling import log_outcome
from cases.moves.declared import Acting, Move
from cases.moves.making import Effect, move
from cases.moves.promises import a_promise, moved, no_call_runs, promise, when
from cases.moves.refusal import parties
from cases.people import Party
from cases.words import CallbackKind


def _not_on_the_line(case: Case, act: Acting) -> NotPossible | None:
    """There is no promise yet that could move."""
    if not case.waiting:
        return None
    return NotPossible(f"Case {case.number}'s customer is on the line. Turn the case into a callback first.")


def _attempts_left_or_the_raiser(case: Case, act: Acting) -> NotPossible | None:
    """Once the attempts have run out, only the raising agent may, because that customer has called again; whether the
    owner tries once more is the manager's decision.
    """
    return None if Party.RAISER in parties(act.who, case) else a_promise(case, act)


def _outcome_of_the_call(case: Case, act: Acting) -> Move | None:
    """A customer who asks for another time on the phone was reached: the call ends with that disposition."""
    return log_outcome if case.call is not None and Party.OWNER in parties(act.who, case) else None


@move(
    "reschedule",
    "Reschedule",
    {Status.OPEN: Status.OPEN, Status.CLAIMED: Status.CLAIMED},
    by=(Party.OWNER, Party.RAISER),
    can="reschedule {it}",
    event=Happened.RESCHEDULED,
    needs=(no_call_runs, _not_on_the_line, _attempts_left_or_the_raiser),
    instead=_outcome_of_the_call,
)
def reschedule(case: Case, act: Acting, again: Promise) -> Effect:
    """A new promise replaces the old one; the first promise is kept for the figures."""
    before = case.callback
    fresh, callbacks = moved(case, act, again, CallbackKind.MOVED)
    facts: dict[str, Fact] = {
        **when(promise(fresh)),
        "wanted_by": again.wanted_by.value,
        "was": before.due_at.isoformat() if before else None,
        "raised_by": case.raised_by,
        "owner": case.owner,
    }
    return Effect(fresh, facts, callbacks=callbacks)
