"""Taking a case: from nobody, or from an owner who lets the time pass."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from cases.case import Case, Status
from cases.errors import NotPossible
from cases.events import Happened
from cases.moves.calling import calling_now
from cases.moves.declared import Acting
from cases.moves.making import Combined, Effect, move
from cases.moves.promises import a_promise, promise
from cases.people import Party, mention

TO_DIAL = timedelta(minutes=1)
"""What a new owner of an overdue case is given before somebody else may take it over."""


@move(
    "claim",
    "Claim",
    {Status.OPEN: Status.CLAIMED},
    by=(Party.SME_TL, Party.MANAGER),
    can="claim {it}",
    event=Happened.CLAIMED,
    takes=True,
)
def claim(case: Case, act: Acting) -> Effect:
    """The first click wins; whoever comes later reads who has it."""
    owned = replace(case, owner=act.who.id, claimed_at=case.claimed_at or act.now)
    return Effect(owned, {"raised_by": case.raised_by})


def _on_the_line(case: Case, act: Acting) -> NotPossible | None:
    if case.waiting:
        return None
    return NotPossible(f"Case {case.number}'s customer is no longer on the line. Claim the case on its card.")


claim_and_call = Combined(
    value="claim_and_call",
    label="Claim and take the call",
    parts=(claim, calling_now),
    needs=(_on_the_line,),
)
"""The customer waits on the line: claimed and called together, at any hour."""


def _time_has_come(case: Case, act: Acting) -> NotPossible | None:
    if act.now >= promise(case).due_at and not case.on_call(act.now, act.program.call_may_take):
        return None
    return NotPossible(
        f"Case {case.number} is with {mention(case.owner or '')}, who still has time. You can take it over once the "
        "agreed time has come and no call has started."
    )


def _time_to_dial_is_over(case: Case, act: Acting) -> NotPossible | None:
    if act.owned_since is None or act.now >= act.owned_since + TO_DIAL:
        return None
    return NotPossible(
        f"Case {case.number} is with {mention(case.owner or '')}, who has only just got it. Give them a minute to call."
    )


@move(
    "take_over",
    "Take over",
    {Status.CLAIMED: Status.CLAIMED},
    by=(Party.SME_TL, Party.MANAGER),
    can="take {it} over",
    event=Happened.TAKEN_OVER,
    needs=(a_promise, _time_has_come, _time_to_dial_is_over),
    takes=True,
)
def take_over(case: Case, act: Acting) -> Effect:
    """From an owner who is silent past the agreed time. Of several who do that together the first has it."""
    facts = {"from": case.owner, "raised_by": case.raised_by}
    return Effect(replace(case, owner=act.who.id, call=None), facts)
