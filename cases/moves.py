"""What each move does to a case: pure functions from the case as it stands to the case afterwards.

Every function checks the table of `cases.lifecycle` first and raises NotPossible, NotAllowed or FieldErrors;
`now` is an aware instant. Nothing here knows storage or Slack.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cases.case import Attempt, Callback, CallbackState, Case, Closing, Escalation
from cases.contact import Contact
from cases.errors import CallsClosed, FieldErrors, NotPossible
from cases.events import Event, Fact, Happened
from cases.fields import Field
from cases.forms import Promise
from cases.hours import Closed, open_at
from cases.lifecycle import CLOSED, Move, check
from cases.people import Person, mention
from cases.program import Program
from cases.words import CallbackKind, Disposition, Outcome, Priority, Satisfied, WantedBy

UNREACHED = frozenset(Disposition) - {Disposition.REACHED, Disposition.ASKED_RESCHEDULE}
"""Dispositions that count against the program's number of attempts: nobody spoke about the matter."""

DEACTIVATED = "deactivated"
"""Why the desk takes a case from its owner, in the record: the account was deactivated."""

NO_ROLE = "no_role"
"""The same, where the owner has no role any more that takes cases."""

NOT_IN_CHANNEL = (
    "This person is not in the ASK channel, so no reminder would reach them. Choose somebody else, or /invite them there "
    "first."
)

TO_DIAL = timedelta(minutes=1)
"""What a new owner of an overdue case is given before somebody else may take it over."""


@dataclass(frozen=True)
class Change:
    """A move's effect: the case afterwards, the callbacks and attempts that are new or changed, what happened."""

    case: Case
    events: tuple[Event, ...]
    callbacks: tuple[Callback, ...] = ()
    attempts: tuple[Attempt, ...] = ()


def raise_case(
    number: int,
    program: Program,
    said: Escalation,
    by: Person,
    now: datetime,
    related: tuple[int, ...] = (),
    related_owners: Iterable[str] = (),
    *,
    superior_is_new: bool = False,
) -> Change:
    """A new case. `related` are this customer's cases of the last days: they raise the priority.

    `related_owners` own those cases, or owned them last, and are to hear of this one. `superior_is_new`: the agent
    named a direct superior whom nobody knew of before.
    """
    promise = Callback(
        1, said.due_at, said.zone, program.window, asked_for_time=said.asked_for_time and not said.waiting
    )
    high = bool(related) or said.repeat or said.waiting
    case = Case(
        number=number,
        program=program.id,
        status=check(None, Move.RAISE, by),
        said=said,
        raised_by=by.id,
        raised_at=now,
        free_since=now,
        allowed=program.attempts,
        priority=Priority.HIGH if high else Priority.NORMAL,
        related=related,
        department=said.department,
        callback=promise,
        callbacks=1,
        first_due_at=said.due_at,
    )
    facts: dict[str, Fact] = {
        **_when(promise),
        "waiting": said.waiting,
        "scenario": said.scenario.value,
        "reasons": ",".join(said.reasons),
        "steps": ",".join(said.steps),
        "not_attempted": said.not_attempted and said.not_attempted.value,
        "superior": said.superior,
        "department": said.department,
        "priority": case.priority.value,
        "related": ",".join(str(n) for n in related),
    }
    if superior_is_new:
        facts["superior_is_new"] = True
    if others := [owner for owner in dict.fromkeys(related_owners) if owner != by.id]:
        facts["related_owners"] = ",".join(others)
    personal = {
        "customer": said.customer,
        "contact": said.contact.value,
        "details": said.details,
        "reference": said.reference,
        "other_reason": said.other_reason,
    }
    event = Event(Happened.RAISED, by.id, facts, {k: v for k, v in personal.items() if v})
    return Change(case, (event,), callbacks=(promise,))


def claim(case: Case, by: Person, now: datetime) -> Change:
    """The first click wins; whoever comes later reads who has it."""
    if case.owner == by.id and case.status is not CLOSED:
        raise NotPossible(f"You already have case {case.number}.")
    to = check(case, Move.CLAIM, by)
    owned = replace(case, status=to, owner=by.id, claimed_at=case.claimed_at or now)
    return Change(owned, (Event(Happened.CLAIMED, by.id, {"raised_by": case.raised_by}),))


def claim_and_call(case: Case, by: Person, now: datetime, at_most: timedelta) -> Change:
    """The customer waits on the line: claimed and called at once, at any hour."""
    mine = claim(case, by, now)
    if not case.waiting:
        raise NotPossible(
            f"The customer of case {case.number} waits on the line no more. Claim it on its card."
        )
    calling = calling_now(mine.case, by, now, at_most)
    return replace(calling, events=(*mine.events, *calling.events))


def calls_closed(case: Case, program: Program, now: datetime) -> Closed | None:
    """Why this customer is not to be called at this hour: outside calling hours, on a holiday or a day without calls.

    None where the customer waits on the line, or asked for the time when it was agreed.
    """
    callback = case.callback
    if callback is None or case.waiting or callback.asked_for_time:
        return None
    return open_at(now, callback.zone, program)


def calling_now(
    case: Case,
    by: Person,
    now: datetime,
    at_most: timedelta,
    *,
    closed: Closed | None = None,
    asked_for_time: bool = False,
) -> Change:
    """Starts an attempt; the pings stop while the call runs, for `at_most`.

    Where it is `closed` for the customer (`calls_closed`), only if the customer asked for this time.
    """
    check(case, Move.CALLING_NOW, by)
    callback = promise(case)
    if case.on_call(now, at_most) and case.call is not None:
        raise NotPossible(
            f"You are on this call already. Log its outcome when it is over (case {case.number})."
        )
    if closed is not None:
        if not asked_for_time:
            raise CallsClosed(case.number, closed)
        callback = replace(callback, asked_for_time=True)
    if case.call is not None:
        call, changed = replace(case.call, started_at=now), callback
    else:
        call = Attempt(case.attempts + 1, callback.number, by.id, now)
        changed = replace(callback, called_at=callback.called_at or now)
    facts: dict[str, Fact] = {"attempt": call.number, **_asked(callback)}
    return Change(
        replace(case, call=call, callback=changed, attempts=call.number),
        (Event(Happened.CALLING, by.id, facts),),
        callbacks=(changed,),
        attempts=(call,),
    )


def log_attempt(
    case: Case, by: Person, now: datetime, disposition: Disposition, note: str, again: Promise | None
) -> Change:
    """An attempt that reached nobody, or only somebody who wants another time.

    `again` is the next callback, and FieldErrors where it is missing; after the last attempt of the program's
    number there is none, whatever was entered: a manager is asked.
    """
    to = check(case, Move.LOG_OUTCOME, by)
    callback = promise(case)
    call = _ended(case, by, now, disposition, note)
    done = replace(callback, state=CallbackState.DONE, called_at=callback.called_at or call.started_at)
    logged = replace(
        case,
        status=to,
        call=None,
        attempts=call.number,
        unreached=case.unreached + (disposition in UNREACHED),
    )
    facts: dict[str, Fact] = {"attempt": call.number, "disposition": disposition.value}
    said = {"note": note} if note else {}
    if runs_out(case, disposition):
        out = replace(logged, callback=None, unanswered_since=now)
        events = (
            Event(Happened.ATTEMPTED, by.id, facts, said),
            Event(Happened.ATTEMPTS_RAN_OUT, by.id, {"attempts": logged.unreached}),
        )
        return Change(out, events, callbacks=(done,), attempts=(call,))
    if again is None:
        raise FieldErrors({Field.DATE: "Enter when the customer is called again."})
    moved = disposition is Disposition.ASKED_RESCHEDULE
    following = _following(
        logged, again, CallbackKind.MOVED if moved else CallbackKind.RETRY, callback.window
    )
    event = Event(Happened.ATTEMPTED, by.id, {**facts, **_when(following)}, said)
    return Change(_with(logged, following), (event,), callbacks=(done, following), attempts=(call,))


def runs_out(case: Case, disposition: Disposition) -> bool:
    """Whether this disposition uses up the last of the case's attempts."""
    return disposition in UNREACHED and case.unreached + 1 >= case.allowed


def complete(
    case: Case,
    by: Person,
    now: datetime,
    closing: Closing,
    follow_up: Promise | None,
    attempts: int | None = None,
) -> Change:
    """The customer was reached: closes the case, or, partly resolved, goes on to the dated follow-up.

    `attempts` is how many the program grants for that one; without it, as many as the case had.
    """
    partly = closing.outcome is Outcome.PARTLY
    move = Move.FOLLOW_UP if partly else Move.COMPLETE
    to = check(case, move, by)
    callback = promise(case)
    if closing.outcome is Outcome.UNREACHABLE:
        raise FieldErrors(
            {Field.OUTCOME: "Unreachable is signed off by a manager after the attempts ran out."}
        )
    if partly and follow_up is None:
        raise FieldErrors({Field.DATE: "Partly resolved needs the date of the follow-up."})
    call = _ended(case, by, now, Disposition.REACHED, "")
    done = replace(callback, state=CallbackState.DONE, called_at=callback.called_at or call.started_at)
    reached = replace(case, status=to, call=None, attempts=call.number, closing=closing)
    facts = {"attempt": call.number, "disposition": Disposition.REACHED.value, **_closing(closing)}
    said = _closing_said(closing)
    if follow_up is not None and partly:
        following = _following(reached, follow_up, CallbackKind.FOLLOW_UP, callback.window)
        event = Event(Happened.FOLLOW_UP, by.id, {**facts, **_when(following)}, said)
        going_on = replace(_with(reached, following), unreached=0, allowed=attempts or case.allowed)
        return Change(going_on, (event,), callbacks=(done, following), attempts=(call,))
    closed = replace(reached, callback=None, closed_at=now)
    facts["raised_by"] = case.raised_by
    return Change(closed, (Event(Happened.CLOSED, by.id, facts, said),), callbacks=(done,), attempts=(call,))


def withdraw(case: Case, by: Person, now: datetime, closing: Closing) -> Change:
    """The customer asked not to be called and withdraws: the attempt is logged so, the case closes."""
    to = check(case, Move.WITHDRAW, by)
    callback = promise(case)
    call = _ended(case, by, now, Disposition.ASKED_NOT_TO_BE_CALLED, "")
    done = replace(callback, state=CallbackState.DONE, called_at=callback.called_at or call.started_at)
    closing = replace(closing, outcome=Outcome.WITHDRAWN)
    closed = replace(
        case, status=to, call=None, attempts=call.number, callback=None, closing=closing, closed_at=now
    )
    facts = {"attempt": call.number, "disposition": call.disposition and call.disposition.value}
    event = Event(
        Happened.CLOSED,
        by.id,
        {**facts, **_closing(closing), "raised_by": case.raised_by},
        _closing_said(closing),
    )
    return Change(closed, (event,), callbacks=(done,), attempts=(call,))


def sign_off(case: Case, by: Person, now: datetime, closing: Closing) -> Change:
    """A manager ends a case whose attempts ran out: *unreachable, signed off*, whatever outcome the form names."""
    to = check(case, Move.SIGN_OFF, by)
    require_sign_off(case)
    closing = replace(closing, outcome=Outcome.UNREACHABLE, satisfied=Satisfied.NOT_ASKED)
    closed = replace(case, status=to, closing=closing, closed_at=now, unanswered_since=None)
    facts = {**_closing(closing), "raised_by": case.raised_by}
    return Change(closed, (Event(Happened.CLOSED, by.id, facts, _closing_said(closing)),))


def grant_attempt(case: Case, by: Person, now: datetime, again: Promise, program: Program) -> Change:
    """A manager asks for one more attempt instead of signing off."""
    check(case, Move.GRANT_ATTEMPT, by)
    require_sign_off(case)
    more = replace(case, allowed=case.unreached + 1, unanswered_since=None)
    following = _following(more, again, CallbackKind.RETRY, program.window)
    event = Event(Happened.ATTEMPT_GRANTED, by.id, {**_when(following), "owner": case.owner})
    return Change(_with(more, following), (event,), callbacks=(following,))


def reschedule(
    case: Case, by: Person, now: datetime, again: Promise, wanted_by: WantedBy, program: Program
) -> Change:
    """A new promise in place of the old one; the first promise is kept for the metrics.

    When the attempts ran out only the raising agent may, whose customer called again; whether the owner tries
    once more is the manager's decision.
    """
    check(case, Move.RESCHEDULE, by)
    require_no_call(case)
    if case.awaits_sign_off and by.id != case.raised_by:
        promise(case)
    before = case.callback
    moved = () if before is None else (replace(before, state=CallbackState.MOVED),)
    fresh = replace(case, unanswered_since=None)
    if case.awaits_sign_off:
        fresh = replace(fresh, allowed=case.unreached + 1)
    if case.waiting and case.owner is None:  # nobody waits on the line now: the usual ladder, from its start
        fresh = replace(fresh, free_since=now, round=case.round + 1)
    following = replace(_following(fresh, again, CallbackKind.MOVED, program.window), wanted_by=wanted_by)
    facts: dict[str, Fact] = {
        **_when(following),
        "wanted_by": wanted_by.value,
        "was": before.due_at.isoformat() if before else None,
        "raised_by": case.raised_by,
        "owner": case.owner,
    }
    event = Event(Happened.RESCHEDULED, by.id, facts)
    return Change(_with(fresh, following), (event,), callbacks=(*moved, following))


def hand_over(case: Case, by: Person, now: datetime, receiver: Person, note: str) -> Change:
    """To a peer or upward, never to an agent; the receiver is mentioned."""
    check(case, Move.HAND_OVER, by)
    _require_taker(case, receiver, Field.RECEIVER)
    facts: dict[str, Fact] = {"from": case.owner, "to": receiver.id}
    event = Event(Happened.HANDED_OVER, by.id, facts, {"note": note} if note else {})
    return _with_call_over(replace(case, owner=receiver.id), event)


def stay(case: Case, by: Person) -> Change:
    """The owner's shift ends, and they stay for this call: nobody else is called about it."""
    check(case, Move.STAY, by)
    staying = replace(promise(case), stays=by.id)
    event = Event(Happened.STAYS, by.id, {"callback": staying.number})
    return Change(replace(case, callback=staying), (event,), callbacks=(staying,))


def release(case: Case, by: Person, now: datetime, reason: str) -> Change:
    """Back to the pool with a reason; the unclaimed ladder starts again."""
    to = check(case, Move.RELEASE, by)
    promise(case)
    free = replace(case, status=to, owner=None, free_since=now, round=case.round + 1)
    return _with_call_over(free, Event(Happened.RELEASED, by.id, {}, {"reason": reason}))


def owner_left(
    case: Case, by: Person, now: datetime, superior: str | None = None, why: str = DEACTIVATED
) -> Change:
    """Back to the pool because the owner can no longer have it (`DEACTIVATED`, `NO_ROLE`): the unclaimed ladder starts again.

    `superior` is the owner's direct superior, who is to hear of it.

    A call that the owner had begun stays in the record, unfinished, as after a release: nobody can say how it went,
    so it counts for nothing, and the reminders that it held back come. Where the attempts ran out the managers go
    on deciding; whoever claims the case in the meantime makes the attempt that they may grant.
    """
    to = check(case, Move.OWNER_LEFT, by)
    facts: dict[str, Fact] = {"from": case.owner, "reason": why}
    if superior is not None:
        facts["superior"] = superior
    free = replace(case, status=to, owner=None, free_since=now, round=case.round + 1)
    return _with_call_over(free, Event(Happened.OWNER_LEFT, by.id, facts))


def take_over(
    case: Case, by: Person, now: datetime, at_most: timedelta, since: datetime | None = None
) -> Change:
    """Only when the callback is overdue, or its owner is silent past the window's start.

    `since` is when the case came into its owner's hands: of several who take it over at once the first has it.
    """
    check(case, Move.TAKE_OVER, by)
    if case.owner == by.id:
        raise NotPossible(f"You already have case {case.number}.")
    promise(case)
    if not may_be_taken_over(case, now, at_most):
        raise NotPossible(
            f"Case {case.number} is with {mention(case.owner or '')}, who still has time. It can be taken over "
            "when the agreed time has come and no call was started."
        )
    if since is not None and now < since + TO_DIAL:
        raise NotPossible(
            f"Case {case.number} is with {mention(case.owner or '')}, who has only just got it."
        )
    event = Event(Happened.TAKEN_OVER, by.id, {"from": case.owner, "raised_by": case.raised_by})
    return _with_call_over(replace(case, owner=by.id), event)


def may_be_taken_over(case: Case, now: datetime, at_most: timedelta) -> bool:
    """Whether the agreed time has come and no call runs for it."""
    waits = case.callback is not None and now >= case.callback.due_at
    return case.owner is not None and waits and not case.on_call(now, at_most)


def escalate_further(
    case: Case,
    by: Person,
    now: datetime,
    reviewer: Person,
    department: str | None,
    again: Promise,
    contact: Contact | None,
    reason: str,
    program: Program,
) -> Change:
    """To the next tier (no department) or another department: who reviews it, when the customer hears back, on which contact.

    In the middle of a call it ends the call: the customer was reached, and hears more from somebody else.
    """
    check(case, Move.ESCALATE_FURTHER, by)
    _require_taker(case, reviewer, Field.REVIEWER)
    before, call = case.callback, case.call
    state = CallbackState.MOVED if call is None else CallbackState.DONE
    moved = () if before is None else (replace(before, state=state),)
    calls = () if call is None else (replace(call, ended_at=now, disposition=Disposition.REACHED),)
    further = replace(
        case,
        owner=reviewer.id,
        call=None,
        tier=case.tier + (department is None),
        department=department or case.department,
        contact=contact or case.contact,
        unreached=0,
        allowed=program.attempts,
        unanswered_since=None,
    )
    following = _following(further, again, CallbackKind.ESCALATED, program.window)
    facts: dict[str, Fact] = {
        **_when(following),
        "from": case.owner,
        "to": reviewer.id,
        "tier": further.tier,
        "department": department,
        "raised_by": case.raised_by,
    }
    said = {"reason": reason} | ({"contact": contact.value} if contact else {})
    event = Event(Happened.ESCALATED, by.id, facts, said)
    return Change(_with(further, following), (event,), callbacks=(*moved, following), attempts=calls)


def add_note(case: Case, by: Person, note: str) -> Change:
    """A line in the thread and in the record, at any time."""
    check(case, Move.ADD_NOTE, by)
    return Change(case, (Event(Happened.NOTED, by.id, {"owner": case.owner}, {"note": note}),))


def show_number(case: Case, by: Person) -> Change:
    """The full number goes to this person only; that it did is logged."""
    check(case, Move.SHOW_NUMBER, by)
    return Change(case, (Event(Happened.NUMBER_SHOWN, by.id),))


def reopen(
    case: Case,
    by: Person,
    now: datetime,
    again: Promise,
    reason: str,
    program: Program,
    *,
    owner_can: bool = True,
) -> Change:
    """A closed case goes on with its owner and a new promise; with whoever reopens it where nobody had it, or its owner
    cannot have it now.
    """
    to = check(case, Move.REOPEN, by)
    on = replace(
        case,
        status=to,
        owner=(case.owner if owner_can else None) or by.id,
        closing=None,
        closed_at=None,
        unreached=0,
        allowed=program.attempts,
        unanswered_since=None,
    )
    following = _following(on, again, CallbackKind.REOPENED, program.window)
    facts: dict[str, Fact] = {**_when(following), "owner": on.owner, "raised_by": case.raised_by}
    event = Event(Happened.REOPENED, by.id, facts, {"reason": reason})
    return Change(_with(on, following), (event,), callbacks=(following,))


def promise(case: Case) -> Callback:
    """The callback that waits; raises NotPossible while the case waits for a sign-off instead."""
    if case.callback is None:
        raise NotPossible(
            f"The attempts for case {case.number} ran out: a manager signs it off or grants another attempt."
        )
    return case.callback


def require_sign_off(case: Case) -> None:
    """Raises NotPossible while the case has attempts left."""
    if not case.awaits_sign_off:
        raise NotPossible(
            f"Case {case.number} has attempts left; it is signed off only after they ran out. Its callback stands."
        )


def require_no_call(case: Case) -> None:
    """Raises NotPossible while a call is begun: a new time would leave it without an outcome."""
    if case.call is not None:
        raise NotPossible(
            f"{mention(case.call.caller)} has begun the call for this time. Log its outcome first: that takes a "
            "new time as well."
        )


def _require_taker(case: Case, receiver: Person, field: Field) -> None:
    if receiver.id == case.owner:
        raise FieldErrors({field: "This person has the case already. Choose somebody else."})
    if not receiver.takes_cases:
        raise FieldErrors(
            {field: "Choose an SME/TL or a manager of this program; an agent cannot take a case."}
        )
    if not receiver.in_channel:
        raise FieldErrors({field: NOT_IN_CHANNEL})


def _ended(case: Case, by: Person, now: datetime, disposition: Disposition, note: str) -> Attempt:
    running = case.call or Attempt(case.attempts + 1, promise(case).number, by.id, now)
    return replace(running, ended_at=now, disposition=disposition, note=note)


def _with_call_over(case: Case, event: Event) -> Change:
    """The case in other hands: a call that its former owner began stays in the record, unfinished."""
    return Change(replace(case, call=None), (event,))


def _following(case: Case, again: Promise, kind: CallbackKind, window: timedelta) -> Callback:
    return Callback(
        case.callbacks + 1,
        again.due_at,
        again.zone,
        window,
        kind,
        again.wanted_by,
        asked_for_time=again.asked_for_time,
    )


def _with(case: Case, callback: Callback) -> Case:
    return replace(case, callback=callback, callbacks=callback.number)


def _when(callback: Callback) -> dict[str, Fact]:
    return {
        "callback": callback.number,
        "due_at": callback.due_at.isoformat(),
        "zone": callback.zone,
        **_asked(callback),
    }


def _asked(callback: Callback) -> dict[str, Fact]:
    """That the customer asked for a time at which no calls are made otherwise; nothing where they did not."""
    return {"asked_for_time": True} if callback.asked_for_time else {}


def _closing(closing: Closing) -> dict[str, Fact]:
    return {
        "outcome": closing.outcome.value,
        "satisfied": closing.satisfied.value,
        "right_department": closing.right_department and closing.right_department.value,
        "assessed_well": closing.assessed_well and closing.assessed_well.value,
        "missed": closing.missed.value,
    }


def _closing_said(closing: Closing) -> Mapping[str, str]:
    return {"notes": closing.notes} | ({"granted": closing.granted} if closing.granted else {})
