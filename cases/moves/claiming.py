"""Whose case it is: taken from nobody or from an owner who lets the time pass, or given back to everybody."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from cases.case import Case, Status
from cases.errors import NotPossible
from cases.events import Fact, Happened
from cases.moves.calling import calling_now
from cases.moves.declared import Acting
from cases.moves.handing import given
from cases.moves.making import AtOnce, Combined, Effect, move
from cases.moves.promises import a_promise, on_the_line, promise
from cases.moves.refusal import parties
from cases.people import Party, mention
from cases.standing import asked_at

DEACTIVATED = "deactivated"
"""Why Askdesk takes a case from its owner, in the record: the account was deactivated."""

NO_ROLE = "no_role"
"""Likewise: the owner no longer has a role that takes cases."""

TO_DIAL = timedelta(minutes=1)
"""How long a new owner of an overdue case has before somebody else may take it over."""


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
    """The first click wins; anybody later is told who has the case."""
    owned = replace(case, owner=act.who.id, claimed_at=case.claimed_at or act.now)
    return Effect(owned, {"raised_by": case.raised_by})


claim_and_call = Combined(
    value="claim_and_call",
    label="Claim and take the call",
    parts=(claim, calling_now),
    needs=(on_the_line,),
)
"""The customer is on hold: claims the case and takes the call in one click, at any hour."""


def _nobody_is_calling(case: Case, act: Acting) -> NotPossible | None:
    if case.call is None or act.now >= asked_at(case.call.last_heard, act.program.ladder).tls:
        return None  # the TLs were asked to look: whoever finds nobody on the phone takes it over
    return NotPossible(f"{mention(case.call.caller)} is on the phone with case {case.number}'s customer.")


def _time_has_come(case: Case, act: Acting) -> NotPossible | None:
    if act.now >= promise(case).due_at:
        return None
    return NotPossible(
        f"Case {case.number} is with {mention(case.owner or '')}, who still has time. You can take it over once the "
        "agreed time has come."
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
    needs=(a_promise, _nobody_is_calling, _time_has_come, _time_to_dial_is_over),
    takes=True,
)
def take_over(case: Case, act: Acting) -> Effect:
    """From an owner who is silent past the agreed time. If several people do it together, the first one gets the case."""
    facts = {"from": case.owner, "raised_by": case.raised_by}
    return Effect(given(case, act, act.who), facts)


take_over_and_call = Combined(
    value="take_over_and_call",
    label="Take over and call",
    parts=(take_over, calling_now),
)
"""The owner lets the time pass: whoever is there takes the case and makes the call."""


def to_call(case: Case, act: Acting) -> AtOnce:
    """What somebody does who starts the call: the owner calls, and whoever could have the case takes it over first.

    So a button that several people read does the right thing for each.
    """
    takes = case.owner != act.who.id and not parties(act.who, case).isdisjoint(take_over.by)
    return take_over_and_call if takes else calling_now


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
    by=(Party.ASKDESK,),
    can="take {it} from its owner",
    event=Happened.OWNER_LEFT,
)
def owner_left(case: Case, act: Acting, superior: str | None = None, why: str = DEACTIVATED) -> Effect:
    """Back to the pool because the owner can no longer have it (`DEACTIVATED`, `NO_ROLE`): the unclaimed ladder starts
    again.

    `superior` is the owner's direct superior, who is told.

    A call that the owner began stays in the record, unfinished, as after a release: nobody can say how it went, so it
    counts for nothing, and the reminders that it held back come. If the attempts have run out, the managers still
    decide; a person who claims the case in the meantime makes the attempt that they may grant.
    """
    facts: dict[str, Fact] = {"from": case.owner, "reason": why}
    if superior is not None:
        facts["superior"] = superior
    return Effect(_freed(case, act), facts)


def _freed(case: Case, act: Acting) -> Case:
    """The case without an owner: a call that its former owner began stays in the record, unfinished."""
    return replace(case, owner=None, call=None, free_since=act.now, round=case.round + 1)
