"""What several families of moves share: the pending promise, the one after it, and how they are recorded."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from cases.case import Attempt, Callback, CallbackState, Case
from cases.errors import FieldErrors, NotPossible
from cases.events import Fact
from cases.fields import Field
from cases.forms import WHY_EARLY, Promise
from cases.moves.declared import Acting
from cases.people import mention
from cases.words import CallbackKind, Disposition


def a_promise(case: Case, act: Acting) -> NotPossible | None:
    """There is a call to make: the case is not waiting for a sign-off."""
    if case.callback is not None:
        return None
    return NotPossible(
        f"Case {case.number} has no attempts left: a manager signs it off or grants another attempt."
    )


def on_the_line(case: Case, act: Acting) -> NotPossible | None:
    """The customer is on hold."""
    if case.waiting:
        return None
    return NotPossible(
        f"Case {case.number}'s customer is no longer on the line. See its card for the next step."
    )


def no_call_runs(case: Case, act: Acting) -> NotPossible | None:
    """A new time would leave the call without an outcome."""
    if case.call is None:
        return None
    return NotPossible(
        f"{mention(case.call.caller)} has already started this call. They have to log its outcome first, with the new time."
    )


def promise(case: Case) -> Callback:
    """The pending callback; `a_promise` has been checked."""
    assert case.callback is not None
    return case.callback


def ended(case: Case, act: Acting, disposition: Disposition, note: str = "") -> tuple[Callback, Attempt]:
    """The promise and the attempt after a call; if nobody clicked *Calling now*, the call began when it was logged."""
    callback = promise(case)
    call = case.call or Attempt(case.attempts + 1, callback.number, act.who.id, act.now)
    call = replace(call, ended_at=act.now, disposition=disposition, note=note)
    done = replace(callback, state=CallbackState.DONE, called_at=callback.called_at or call.started_at)
    return done, call


def early(case: Case, act: Acting) -> dict[str, Fact]:
    """Why a call that begins now comes before the agreed time; nothing where it doesn't. Raises FieldErrors where nobody said."""
    if not case.is_early(act.now):
        return {}
    if act.early is None:
        raise FieldErrors({Field.EARLY: WHY_EARLY})
    return {"early": act.early.value}


def following(case: Case, again: Promise, kind: CallbackKind, window: timedelta) -> Callback:
    """The case's next promise."""
    return Callback(
        case.callbacks + 1,
        again.due_at,
        again.zone,
        window,
        kind,
        again.wanted_by,
        asked_for_time=again.asked_for_time,
    )


def moved(case: Case, act: Acting, again: Promise, kind: CallbackKind) -> tuple[Case, tuple[Callback, ...]]:
    """The case with another promise in place of the one that waited, and both callbacks; where the attempts had run out,
    with one more.
    """
    before = case.callback
    fresh = replace(case, unanswered_since=None)
    if case.awaits_sign_off:
        fresh = replace(fresh, allowed=case.unreached + 1)
    callback = following(fresh, again, kind, act.program.window)
    old = () if before is None else (replace(before, state=CallbackState.MOVED),)
    return promised(fresh, callback), (*old, callback)


def promised(case: Case, callback: Callback) -> Case:
    """The case with this promise as its latest."""
    return replace(case, callback=callback, callbacks=callback.number)


def when(callback: Callback) -> dict[str, Fact]:
    """A new promise as facts for the record."""
    return {
        "callback": callback.number,
        "due_at": callback.due_at.isoformat(),
        "zone": callback.zone,
        **asked(callback),
    }


def asked(callback: Callback) -> dict[str, Fact]:
    """Records that the customer asked for a time outside calling hours; empty if they did not."""
    return {"asked_for_time": True} if callback.asked_for_time else {}
