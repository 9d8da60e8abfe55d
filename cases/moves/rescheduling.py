"""Another time in place of the agreed one."""

from __future__ import annotations

from dataclasses import replace

from cases.case import CallbackState, Case, Status
from cases.errors import NotPossible
from cases.events import Fact, Happened
from cases.forms import Promise
from cases.moves.calling import log_outcome
from cases.moves.declared import Acting, Move
from cases.moves.making import Effect, move
from cases.moves.promises import a_promise, following, promised, when
from cases.moves.refusal import parties
from cases.people import Party, mention
from cases.words import CallbackKind


def _no_call_runs(case: Case, act: Acting) -> NotPossible | None:
    """A new time would leave the call without an outcome."""
    if case.call is None:
        return None
    return NotPossible(
        f"{mention(case.call.caller)} has already started this call. Its outcome is logged first, with the new time."
    )


def _attempts_left_or_the_raiser(case: Case, act: Acting) -> NotPossible | None:
    """When the attempts ran out only the raising agent may, whose customer called again; whether the owner tries once more
    is the manager's decision.
    """
    return None if Party.RAISER in parties(act.who, case) else a_promise(case, act)


def _outcome_of_the_call(case: Case, act: Acting) -> Move | None:
    """Whoever asks for another time on the phone was reached: the call ends with that wish."""
    return log_outcome if case.call is not None and Party.OWNER in parties(act.who, case) else None


@move(
    "reschedule",
    "Reschedule",
    {Status.OPEN: Status.OPEN, Status.CLAIMED: Status.CLAIMED},
    by=(Party.OWNER, Party.RAISER),
    can="reschedule {it}",
    event=Happened.RESCHEDULED,
    needs=(_no_call_runs, _attempts_left_or_the_raiser),
    instead=_outcome_of_the_call,
)
def reschedule(case: Case, act: Acting, again: Promise) -> Effect:
    """A new promise in place of the old one; the first promise is kept for the metrics."""
    before = case.callback
    moved = () if before is None else (replace(before, state=CallbackState.MOVED),)
    fresh = replace(case, unanswered_since=None)
    if case.awaits_sign_off:
        fresh = replace(fresh, allowed=case.unreached + 1)
    if case.waiting and case.owner is None:  # nobody waits on the line now: the usual ladder, from its start
        fresh = replace(fresh, free_since=act.now, round=case.round + 1)
    callback = following(fresh, again, CallbackKind.MOVED, act.program.window)
    facts: dict[str, Fact] = {
        **when(callback),
        "wanted_by": again.wanted_by.value,
        "was": before.due_at.isoformat() if before else None,
        "raised_by": case.raised_by,
        "owner": case.owner,
    }
    return Effect(promised(fresh, callback), facts, callbacks=(*moved, callback))
