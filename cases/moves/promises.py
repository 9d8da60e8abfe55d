"""What several families of moves share: the promise that waits, the one that follows it, and how it is put down."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from cases.case import Attempt, Callback, CallbackState, Case
from cases.errors import NotPossible
from cases.events import Fact
from cases.forms import Promise
from cases.moves.declared import Acting
from cases.words import CallbackKind, Disposition


def a_promise(case: Case, act: Acting) -> NotPossible | None:
    """There is a call to make: the case does not wait for a sign-off instead."""
    if case.callback is not None:
        return None
    return NotPossible(
        f"Case {case.number} has no attempts left: a manager signs it off or grants another attempt."
    )


def promise(case: Case) -> Callback:
    """The callback that waits, where `a_promise` was asked for."""
    assert case.callback is not None
    return case.callback


def ended(case: Case, act: Acting, disposition: Disposition, note: str = "") -> tuple[Callback, Attempt]:
    """The promise and the attempt after a call; one that nobody began with the button began when it was logged."""
    callback = promise(case)
    call = case.call or Attempt(case.attempts + 1, callback.number, act.who.id, act.now)
    call = replace(call, ended_at=act.now, disposition=disposition, note=note)
    done = replace(callback, state=CallbackState.DONE, called_at=callback.called_at or call.started_at)
    return done, call


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


def promised(case: Case, callback: Callback) -> Case:
    """The case with this promise, its latest."""
    return replace(case, callback=callback, callbacks=callback.number)


def when(callback: Callback) -> dict[str, Fact]:
    """A new promise in the record."""
    return {
        "callback": callback.number,
        "due_at": callback.due_at.isoformat(),
        "zone": callback.zone,
        **asked(callback),
    }


def asked(callback: Callback) -> dict[str, Fact]:
    """That the customer asked for a time at which no calls are made otherwise; nothing where they did not."""
    return {"asked_for_time": True} if callback.asked_for_time else {}
