"""Into other hands: to a colleague, upward, back to everybody, or kept past the end of a shift."""

from __future__ import annotations

from dataclasses import replace

from cases.case import CallbackState, Case, Status
from cases.contact import Contact
from cases.errors import FieldErrors
from cases.events import Fact, Happened
from cases.fields import Field
from cases.forms import Promise
from cases.moves.declared import Acting
from cases.moves.making import Effect, move
from cases.moves.promises import a_promise, following, promise, promised, when
from cases.people import Party, Person
from cases.words import CallbackKind, Disposition

DEACTIVATED = "deactivated"
"""Why the desk takes a case from its owner, in the record: the account was deactivated."""

NO_ROLE = "no_role"
"""The same: the owner no longer has a role that takes cases."""

NOT_IN_CHANNEL = (
    "This person is not in the ASK channel, so no reminder would reach them. Choose somebody else, or /invite them there "
    "first."
)


@move(
    "hand_over",
    "Hand over",
    {Status.CLAIMED: Status.CLAIMED},
    by=(Party.OWNER, Party.MANAGER),
    can="hand {it} over",
    event=Happened.HANDED_OVER,
)
def hand_over(case: Case, act: Acting, receiver: Person, note: str) -> Effect:
    """To a peer or upward, never to an agent; the receiver is mentioned."""
    _require_taker(case, receiver, Field.RECEIVER)
    facts: dict[str, Fact] = {"from": case.owner, "to": receiver.id}
    return Effect(replace(case, owner=receiver.id, call=None), facts, {"note": note} if note else {})


@move(
    "stay",
    "I'll stay",
    {Status.CLAIMED: Status.CLAIMED},
    by=(Party.OWNER,),
    can="stay on for {it}",
    event=Happened.STAYS,
    needs=(a_promise,),
)
def stay(case: Case, act: Acting) -> Effect:
    """The owner's shift ends, and they stay for this call: nobody else is called about it."""
    staying = replace(promise(case), stays=act.who.id)
    return Effect(replace(case, callback=staying), {"callback": staying.number}, callbacks=(staying,))


@move(
    "release",
    "Release",
    {Status.CLAIMED: Status.OPEN},
    by=(Party.OWNER,),
    can="release {it}",
    event=Happened.RELEASED,
    needs=(a_promise,),
)
def release(case: Case, act: Acting, reason: str) -> Effect:
    """Back to the pool with a reason; the unclaimed ladder starts again."""
    return Effect(_freed(case, act), {}, {"reason": reason})


@move(
    "owner_left",
    "Owner left",
    {Status.CLAIMED: Status.OPEN},
    by=(Party.DESK,),
    can="take {it} from its owner",
    event=Happened.OWNER_LEFT,
)
def owner_left(case: Case, act: Acting, superior: str | None = None, why: str = DEACTIVATED) -> Effect:
    """Back to the pool because the owner can no longer have it (`DEACTIVATED`, `NO_ROLE`): the unclaimed ladder starts again.

    `superior` is the owner's direct superior, who is to hear of it.

    A call that the owner had begun stays in the record, unfinished, as after a release: nobody can say how it went,
    so it counts for nothing, and the reminders that it held back come. Where the attempts ran out the managers go
    on deciding; whoever claims the case in the meantime makes the attempt that they may grant.
    """
    facts: dict[str, Fact] = {"from": case.owner, "reason": why}
    if superior is not None:
        facts["superior"] = superior
    return Effect(_freed(case, act), facts)


@move(
    "escalate_further",
    "Escalate further",
    {Status.CLAIMED: Status.CLAIMED},
    by=(Party.OWNER,),
    can="escalate {it} further",
    event=Happened.ESCALATED,
)
def escalate_further(
    case: Case,
    act: Acting,
    reviewer: Person,
    department: str | None,
    again: Promise,
    contact: Contact | None,
    reason: str,
) -> Effect:
    """To the next tier (no department) or another department: who reviews it, when the customer hears back, on which contact.

    In the middle of a call it ends the call: the customer was reached, and hears more from somebody else.
    """
    _require_taker(case, reviewer, Field.REVIEWER)
    before, call = case.callback, case.call
    state = CallbackState.MOVED if call is None else CallbackState.DONE
    moved = () if before is None else (replace(before, state=state),)
    calls = () if call is None else (replace(call, ended_at=act.now, disposition=Disposition.REACHED),)
    further = replace(
        case,
        owner=reviewer.id,
        call=None,
        tier=case.tier + (department is None),
        department=department or case.department,
        contact=contact or case.contact,
        unreached=0,
        allowed=act.program.attempts,
        unanswered_since=None,
    )
    callback = following(further, again, CallbackKind.ESCALATED, act.program.window)
    facts: dict[str, Fact] = {
        **when(callback),
        "from": case.owner,
        "to": reviewer.id,
        "tier": further.tier,
        "department": department,
        "raised_by": case.raised_by,
    }
    said = {"reason": reason} | ({"contact": contact.value} if contact else {})
    return Effect(promised(further, callback), facts, said, (*moved, callback), calls)


def _freed(case: Case, act: Acting) -> Case:
    """The case in nobody's hands: a call that its former owner began stays in the record, unfinished."""
    return replace(case, owner=None, call=None, free_since=act.now, round=case.round + 1)


def _require_taker(case: Case, receiver: Person, field: Field) -> None:
    if receiver.id == case.owner:
        raise FieldErrors({field: "This person already has the case. Choose somebody else."})
    if not receiver.takes_cases:
        raise FieldErrors(
            {field: "Choose an SME, a TL or a manager of this program. An agent can't take a case."}
        )
    if not receiver.in_channel:
        raise FieldErrors({field: NOT_IN_CHANNEL})
