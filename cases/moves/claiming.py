"""Whose case it is: taken from nobody or from an owner who lets the time pass, and back to everybody."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from cases.case import Case, Status
from cases.errors import NotPossible
from cases.events import Fact, Happened
from cases.moves.calling import calling_now
from cases.moves.declared import Acting
from cases.moves.making import Combined, Effect, move
from cases.moves.promises import a_promise, promise
from cases.people import Party, mention

DEACTIVATED = "deactivated"
"""Why the desk takes a case from its owner, in the record: the account was deactivated."""

NO_ROLE = "no_role"
"""The same: the owner no longer has a role that takes cases."""

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


def _freed(case: Case, act: Acting) -> Case:
    """The case in nobody's hands: a call that its former owner began stays in the record, unfinished."""
    return replace(case, owner=None, call=None, free_since=act.now, round=case.round + 1)
