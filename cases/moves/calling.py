"""The call itself, and what follows if the case goes on."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from cases.case import Attempt, Case, Status
from cases.errors import AsksFirst, FieldErrors, NotPossible
from cases.events import Event, Fact, Happened
from cases.fields import Field
from cases.forms import Promise
from cases.hours import Closed, open_at
from cases.moves.declared import Acting
from cases.moves.making import Effect, move
from cases.moves.promises import a_promise, asked, early, ended, following, promise, promised, when
from cases.people import Party
from cases.program import Program
from cases.standing import on_call
from cases.words import Disposition


def calls_closed(case: Case, act: Acting) -> Closed | None:
    """Why nobody should call this customer now: outside calling hours, on a holiday or a day without calls. None if the
    customer is waiting on the line, or asked for the time when it was agreed.
    """
    callback = case.callback
    if callback is None or case.waiting or callback.asked_for_time:
        return None
    return open_at(act.now, callback.zone, act.program)


def _not_on_it_already(case: Case, act: Acting) -> NotPossible | None:
    if not on_call(case, act.program, act.now):
        return None
    return NotPossible(f"You are already on this call. Log its outcome when it is over (case {case.number}).")


def _said_why_now(case: Case, act: Acting) -> NotPossible | None:
    closed = None if act.asked_for_time else calls_closed(case, act)
    untold = act.early is None and case.is_early(act.now)
    return AsksFirst(case.number, closed, early=untold) if closed or untold else None


@move(
    "calling_now",
    "Calling now",
    {Status.CLAIMED: Status.CLAIMED},
    by=(Party.OWNER,),
    can="call {its} customer",
    event=Happened.CALLING,
    needs=(a_promise, _not_on_it_already, _said_why_now),
)
def calling_now(case: Case, act: Acting) -> Effect:
    """Starts an attempt; reminders pause during the call, for as long as the program allows. Outside calling hours only
    if the customer asked for this time; before the agreed time only if somebody says why.
    """
    callback, why = promise(case), early(case, act)
    if calls_closed(case, act) is not None:
        callback = replace(callback, asked_for_time=True)
    if case.call is not None:
        call = replace(case.call, started_at=act.now, heard_at=None)
    else:
        call = Attempt(case.attempts + 1, callback.number, act.who.id, act.now)
        callback = replace(callback, called_at=callback.called_at or act.now)
    facts: dict[str, Fact] = {"attempt": call.number, **why, **asked(callback)}
    if case.waiting:
        facts["on_hold"] = True
    calling = replace(case, call=call, callback=callback, attempts=call.number)
    return Effect(calling, facts, callbacks=(callback,), attempts=(call,))


def _a_call(case: Case, act: Acting) -> NotPossible | None:
    return None if case.call else NotPossible(f"Nobody is on the phone about case {case.number} any more.")


@move(
    "still_talking",
    "Still talking",
    {Status.CLAIMED: Status.CLAIMED},
    by=(Party.OWNER, Party.SME_TL, Party.MANAGER),
    can="say that {its} call goes on",
    event=Happened.STILL_TALKING,
    needs=(_a_call,),
)
def still_talking(case: Case, act: Acting) -> Effect:
    """The call takes long, says its owner, or a TL who went to look: nobody asks for as long again."""
    assert case.call is not None
    call = replace(case.call, heard_at=act.now)
    return Effect(replace(case, call=call), {"caller": call.caller}, attempts=(call,))


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
    case: Case,
    act: Acting,
    disposition: Disposition,
    note: str,
    again: Promise | None,
    *,
    put_right: bool = False,
) -> Effect:
    """An attempt that reached nobody, or somebody who wants another time.

    `again` is the next callback; raises FieldErrors if it is missing. After the last of the program's attempts there is
    none, whatever was entered: a manager is asked. If the number was wrong and is `put_right` with it, nobody has tried
    to reach the customer yet: the attempt does not count.
    """
    done, call = ended(case, act, disposition, note)
    facts: dict[str, Fact] = {"attempt": call.number, "disposition": disposition.value, **early(case, act)}
    logged = replace(case, call=None, attempts=call.number)
    if put_right:
        facts["put_right"] = True
    elif disposition.follows.counts:
        together = counted_with(case, disposition, act.program, act.now)
        unreached = case.unreached + (together is None)
        logged = replace(logged, unreached=unreached, unreached_at=call.started_at)
        facts |= {"began_at": call.started_at.isoformat()}
        facts |= {"counts_with": together.isoformat()} if together else {}
    said = {"note": note} if note else {}
    if not put_right and runs_out(case, disposition, act.program, act.now):
        out = replace(logged, callback=None, unanswered_since=act.now)
        ran_out = Event(Happened.ATTEMPTS_RAN_OUT, act.who.id, {"attempts": logged.unreached})
        return Effect(out, facts, said, (done,), (call,), (ran_out,))
    if again is None:
        raise FieldErrors({Field.DATE: "Enter when to call the customer again."})
    callback = following(logged, again, disposition.follows.kind, done.window)
    return Effect(promised(logged, callback), {**facts, **when(callback)}, said, (done, callback), (call,))


def counted_with(case: Case, disposition: Disposition, program: Program, now: datetime) -> datetime | None:
    """When the attempt began with which the one that is logged now counts as one; None where it counts by itself, or not
    at all.
    """
    began = case.call.started_at if case.call else now
    return case.counts_with(began, program.spacing) if disposition.follows.counts else None


def runs_out(case: Case, disposition: Disposition, program: Program, now: datetime) -> bool:
    """Whether an attempt that is logged now, with this disposition, uses up the last of the case's attempts."""
    counts = disposition.follows.counts and counted_with(case, disposition, program, now) is None
    return counts and case.unreached + 1 >= case.allowed
