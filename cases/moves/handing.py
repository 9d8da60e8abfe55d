"""Into other hands: to a colleague or upward, or kept past the end of a shift."""

from __future__ import annotations

from dataclasses import replace

from cases.case import Case, Status
from cases.errors import FieldErrors
from cases.events import Fact, Happened
from cases.fields import Field
from cases.moves.declared import Acting
from cases.moves.making import Effect, move
from cases.moves.promises import a_promise, promise
from cases.people import Party, Person

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
    require_taker(case, receiver, Field.RECEIVER)
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


def require_taker(case: Case, receiver: Person, field: Field) -> None:
    """Raises FieldErrors, at the field where they were chosen, where somebody cannot be given the case."""
    if receiver.id == case.owner:
        raise FieldErrors({field: "This person already has the case. Choose somebody else."})
    if not receiver.takes_cases:
        raise FieldErrors(
            {field: "Choose an SME, a TL or a manager of this program. An agent can't take a case."}
        )
    if not receiver.in_channel:
        raise FieldErrors({field: NOT_IN_CHANNEL})
