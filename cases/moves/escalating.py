"""To the next tier, or to another department."""

from __future__ import annotations

from dataclasses import replace

from cases.case import CallbackState, Case, Status
from cases.contact import Contact
from cases.errors import FieldErrors
from cases.events import Fact, Happened
from cases.fields import Field
from cases.forms import Promise
from cases.moves.declared import Acting
from cases.moves.handing import require_taker
from cases.moves.making import Effect, move
from cases.moves.promises import following, promised, when
from cases.people import Party, Person
from cases.program import Program
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
    """To the next tier (no department) or another department: who reviews it, when the customer hears back, on which
    contact. During a call it ends the call: the customer was reached, and will hear from somebody else.
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
        former_contacts=(
            (*case.former_contacts, case.contact.value) if contact and case.contact else case.former_contacts
        ),
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


def reviews(program: Program, reviewer: Person | None, department: str | None) -> Person:
    """The reviewer, if that person can be it: the next tier (no department) is the managers. Raises FieldErrors."""
    if reviewer is None:
        raise FieldErrors({Field.REVIEWER: "Choose who reviews it."})
    if department is not None and program.department(department) is None:
        raise FieldErrors({Field.TARGET: "This department is no longer on the list. Choose another one."})
    if department is None and not reviewer.manages:
        raise FieldErrors({Field.REVIEWER: "The next tier is the managers: choose one of them."})
    return reviewer
