"""The call itself, and what came of it where the case goes on."""

from __future__ import annotations

from dataclasses import replace

from cases.case import Attempt, Case, Status
from cases.errors import CallsClosed, FieldErrors, NotPossible
from cases.events import Event, Fact, Happened
from cases.fields import Field
from cases.forms import Promise
from cases.hours import Closed, open_at
from cases.moves.declared import Acting
from cases.moves.making import Effect, move
from cases.moves.promises import a_promise, asked, ended, following, promise, promised, when
from cases.people import Party
from cases.words import Disposition


def calls_closed(case: Case, act: Acting) -> Closed | None:
    """Why nobody should call this customer now: outside calling hours, on a holiday or a day without calls.

    None where the customer waits on the line, or asked for the time when it was agreed.
    """
    callback = case.callback
    if callback is None or case.waiting or callback.asked_for_time:
        return None
    return open_at(act.now, callback.zone, act.program)


def _not_on_it_already(case: Case, act: Acting) -> NotPossible | None:
    if not case.on_call(act.now, act.program.call_may_take):
        return None
    return NotPossible(f"You are already on this call. Log its outcome when it is over (case {case.number}).")


def _hours(case: Case, act: Acting) -> NotPossible | None:
    closed = None if act.asked_for_time else calls_closed(case, act)
    return None if closed is None else CallsClosed(case.number, closed)


@move(
    "calling_now",
    "Calling now",
    {Status.CLAIMED: Status.CLAIMED},
    by=(Party.OWNER,),
    can="call {its} customer",
    event=Happened.CALLING,
    needs=(a_promise, _not_on_it_already, _hours),
)
def calling_now(case: Case, act: Acting) -> Effect:
    """Starts an attempt; reminders pause while the call runs, for as long as the program says.

    Outside calling hours only if the customer asked for this time.
    """
    callback = promise(case)
    if calls_closed(case, act) is not None:
        callback = replace(callback, asked_for_time=True)
    if case.call is not None:
        call = replace(case.call, started_at=act.now)
    else:
        call = Attempt(case.attempts + 1, callback.number, act.who.id, act.now)
        callback = replace(callback, called_at=callback.called_at or act.now)
    facts: dict[str, Fact] = {"attempt": call.number, **asked(callback)}
    calling = replace(case, call=call, callback=callback, attempts=call.number)
    return Effect(calling, facts, callbacks=(callback,), attempts=(call,))


@move(
    "log_outcome",
    "Log outcome",
    {Status.CLAIMED: Status.CLAIMED},
    by=(Party.OWNER,),
    can="log an outcome for {it}",
    event=Happened.ATTEMPTED,
    needs=(a_promise,),
)
def log_outcome(
    case: Case, act: Acting, disposition: Disposition, note: str, again: Promise | None
) -> Effect:
    """An attempt that reached nobody, or only somebody who wants another time.

    `again` is the next callback, and FieldErrors where it is missing; after the last attempt of the program's
    number there is none, whatever was entered: a manager is asked.
    """
    done, call = ended(case, act, disposition, note)
    unreached = case.unreached + disposition.follows.counts
    logged = replace(case, call=None, attempts=call.number, unreached=unreached)
    facts: dict[str, Fact] = {"attempt": call.number, "disposition": disposition.value}
    said = {"note": note} if note else {}
    if runs_out(case, disposition):
        out = replace(logged, callback=None, unanswered_since=act.now)
        ran_out = Event(Happened.ATTEMPTS_RAN_OUT, act.who.id, {"attempts": unreached})
        return Effect(out, facts, said, (done,), (call,), (ran_out,))
    if again is None:
        raise FieldErrors({Field.DATE: "Enter when to call the customer again."})
    callback = following(logged, again, disposition.follows.kind, done.window)
    return Effect(promised(logged, callback), {**facts, **when(callback)}, said, (done, callback), (call,))


def runs_out(case: Case, disposition: Disposition) -> bool:
    """Whether this disposition uses up the last of the case's attempts."""
    return disposition.follows.counts and case.unreached + 1 >= case.allowed
