"""To the next tier, or to another department."""

from __future__ import annotations

from dataclasses import replace

from cases.case import CallbackState, Case, Status
from cases.contact import Contact
from cases.events import Fact, Happened
from cases.fields import Field
from cases.forms import Promise
from cases.moves.declared import Acting
from cases.moves.handing import require_taker
from cases.moves.making import Effect, move
from cases.moves.promises import following, promised, when
from cases.people import Party, Person
from cases.words import CallbackKind, Disposition


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
    require_taker(case, reviewer, Field.REVIEWER)
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
