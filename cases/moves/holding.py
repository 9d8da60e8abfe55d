"""A customer on hold: off the line again, and to be called back."""

from __future__ import annotations

from dataclasses import replace

from cases.case import CallbackState, Case, Status
from cases.events import Fact, Happened
from cases.forms import Promise, first_time
from cases.moves.calling import calling_now
from cases.moves.declared import Acting
from cases.moves.making import Combined, Effect, move
from cases.moves.promises import following, no_call_runs, on_the_line, promise, promised, when
from cases.moves.raising import promised_instead
from cases.people import Party
from cases.words import CallbackKind

take_call = Combined(value="take_call", label="Take the call", parts=(calling_now,), needs=(on_the_line,))
"""Somebody was given the case of a customer on hold: nobody has to be called."""

_HOLD_ENDS: dict[Status | None, Status] = {Status.OPEN: Status.OPEN, Status.CLAIMED: Status.CLAIMED}


@move(
    "turn_into_callback",
    "Turn into a callback",
    _HOLD_ENDS,
    by=(Party.RAISER, Party.OWNER, Party.MANAGER),
    can="turn {it} into a callback",
    event=Happened.TURNED_INTO_CALLBACK,
    needs=(on_the_line, no_call_runs),
)
def turn_into_callback(case: Case, act: Acting, again: Promise) -> Effect:
    """The customer would rather be called back, at a time they agreed to."""
    return _off_hold(case, act, again)


@move(
    "hung_up",
    "Hung up",
    _HOLD_ENDS,
    by=(Party.RAISER, Party.OWNER, Party.MANAGER),
    can="say that the customer of {it} hung up",
    event=Happened.HUNG_UP,
    needs=(on_the_line, no_call_runs),
)
def hung_up(case: Case, act: Acting) -> Effect:
    """The customer gave up: they are called back at the next reasonable time."""
    again = Promise(first_time(act.program, case.zone, act.now), case.zone)
    return _off_hold(case, act, again, is_high=True)


def _off_hold(case: Case, act: Acting, again: Promise, *, is_high: bool = False) -> Effect:
    """The callback is the promise from now on, of a case that began on hold the first one, and nobody's case begins the
    usual ladder.
    """
    hold = promise(case)
    callback = following(case, again, CallbackKind.PROMISE, hold.window)
    if hold.kind is CallbackKind.CALLED_AGAIN:
        off, facts = promised(case, callback), when(callback)
    else:
        off, facts = promised_instead(case, callback, is_high=is_high)
    if case.owner is None:
        off = replace(off, free_since=act.now, round=case.round + 1)
    told: dict[str, Fact] = {**facts, "since": hold.due_at.isoformat(), "owner": case.owner}
    over = replace(hold, state=CallbackState.MOVED)
    return Effect(off, told, callbacks=(over, callback))
