"""The life of a case as data: which move leads where, and who may make it (docs/policy.md, *The life of a case*)."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from cases.case import Case, Status
from cases.errors import NotAllowed, NotPossible
from cases.people import DESK, Party, Person, mention, one_of
from cases.words import Role, Word


class Move(Word):
    """Everything that can happen to a case, by somebody's hand or the desk's own; the label is the button's."""

    RAISE = "raise", "Escalate"
    CLAIM = "claim", "Claim"
    CALLING_NOW = "calling_now", "Calling now"
    LOG_OUTCOME = "log_outcome", "Log outcome"
    RESCHEDULE = "reschedule", "Reschedule"
    HAND_OVER = "hand_over", "Hand over"
    RELEASE = "release", "Release"
    OWNER_LEFT = "owner_left", "Owner left"
    TAKE_OVER = "take_over", "Take over"
    ESCALATE_FURTHER = "escalate_further", "Escalate further"
    ADD_NOTE = "add_note", "Add note"
    SHOW_NUMBER = "show_number", "Show number"
    COMPLETE = "complete", "Complete"
    FOLLOW_UP = "follow_up", "Follow up"
    WITHDRAW = "withdraw", "Withdraw"
    SIGN_OFF = "sign_off", "Sign off unreachable"
    GRANT_ATTEMPT = "grant_attempt", "Grant another attempt"
    STAY = "stay", "I'll stay"
    REOPEN = "reopen", "Reopen"


class Combined(Word):
    """Several moves by one click, made in one transaction or not at all; the label is the button's."""

    CLAIM_AND_CALL = "claim_and_call", "Claim and take the call"


Click = Move | Combined
"""What a button stands for."""


class Ground(Enum):
    """What alone may end a case (house rule 1)."""

    REACHED = "the customer was reached"
    SIGNED_OFF = "a manager signed it off after the attempts ran out"
    WITHDRAWN = "the customer withdrew"


OPEN, CLAIMED, CLOSED = Status.OPEN, Status.CLAIMED, Status.CLOSED

MOVES: dict[tuple[Status | None, Move], Status] = {
    (None, Move.RAISE): OPEN,
    (OPEN, Move.CLAIM): CLAIMED,
    (OPEN, Move.RESCHEDULE): OPEN,
    (OPEN, Move.ADD_NOTE): OPEN,
    (OPEN, Move.SHOW_NUMBER): OPEN,
    (OPEN, Move.GRANT_ATTEMPT): OPEN,
    (OPEN, Move.SIGN_OFF): CLOSED,
    (CLAIMED, Move.CALLING_NOW): CLAIMED,
    (CLAIMED, Move.LOG_OUTCOME): CLAIMED,
    (CLAIMED, Move.RESCHEDULE): CLAIMED,
    (CLAIMED, Move.HAND_OVER): CLAIMED,
    (CLAIMED, Move.RELEASE): OPEN,
    (CLAIMED, Move.OWNER_LEFT): OPEN,
    (CLAIMED, Move.TAKE_OVER): CLAIMED,
    (CLAIMED, Move.ESCALATE_FURTHER): CLAIMED,
    (CLAIMED, Move.ADD_NOTE): CLAIMED,
    (CLAIMED, Move.SHOW_NUMBER): CLAIMED,
    (CLAIMED, Move.FOLLOW_UP): CLAIMED,
    (CLAIMED, Move.GRANT_ATTEMPT): CLAIMED,
    (CLAIMED, Move.STAY): CLAIMED,
    (CLAIMED, Move.COMPLETE): CLOSED,
    (CLAIMED, Move.WITHDRAW): CLOSED,
    (CLAIMED, Move.SIGN_OFF): CLOSED,
    (CLOSED, Move.REOPEN): CLAIMED,
    (CLOSED, Move.ADD_NOTE): CLOSED,
    (CLOSED, Move.SHOW_NUMBER): CLOSED,
}

PARTS: dict[Combined, tuple[Move, ...]] = {Combined.CLAIM_AND_CALL: (Move.CLAIM, Move.CALLING_NOW)}
"""The moves that a combined click makes, one after the other."""

GROUNDS: dict[Move, Ground] = {
    Move.COMPLETE: Ground.REACHED,
    Move.WITHDRAW: Ground.WITHDRAWN,
    Move.SIGN_OFF: Ground.SIGNED_OFF,
}

MAY: dict[Move, tuple[Party, ...]] = {
    Move.RAISE: (Party.ANYONE,),
    Move.CLAIM: (Party.SME_TL, Party.MANAGER),
    Move.CALLING_NOW: (Party.OWNER,),
    Move.LOG_OUTCOME: (Party.OWNER,),
    Move.RESCHEDULE: (Party.OWNER, Party.RAISER),
    Move.HAND_OVER: (Party.OWNER, Party.MANAGER),
    Move.RELEASE: (Party.OWNER,),
    Move.OWNER_LEFT: (Party.DESK,),
    Move.TAKE_OVER: (Party.SME_TL, Party.MANAGER),
    Move.ESCALATE_FURTHER: (Party.OWNER,),
    Move.ADD_NOTE: (Party.ANYONE,),
    Move.SHOW_NUMBER: (Party.OWNER, Party.MANAGER),
    Move.FOLLOW_UP: (Party.OWNER,),
    Move.GRANT_ATTEMPT: (Party.MANAGER,),
    Move.STAY: (Party.OWNER,),
    Move.COMPLETE: (Party.OWNER,),
    Move.WITHDRAW: (Party.OWNER,),
    Move.SIGN_OFF: (Party.MANAGER,),
    Move.REOPEN: (Party.OWNER, Party.MANAGER),
}

DOING: dict[Move, str] = {
    Move.RAISE: "be raised",
    Move.CLAIM: "be claimed",
    Move.CALLING_NOW: "be called",
    Move.LOG_OUTCOME: "get a call's outcome",
    Move.RESCHEDULE: "be rescheduled",
    Move.HAND_OVER: "be handed over",
    Move.RELEASE: "be released",
    Move.OWNER_LEFT: "be taken from its owner",
    Move.TAKE_OVER: "be taken over",
    Move.ESCALATE_FURTHER: "be escalated further",
    Move.ADD_NOTE: "get a note",
    Move.SHOW_NUMBER: "show its number",
    Move.FOLLOW_UP: "get a follow-up",
    Move.GRANT_ATTEMPT: "get another attempt",
    Move.STAY: "be stayed for",
    Move.COMPLETE: "be completed",
    Move.WITHDRAW: "be withdrawn",
    Move.SIGN_OFF: "be signed off",
    Move.REOPEN: "be reopened",
}


def after(status: Status | None, move: Move) -> Status | None:
    """Where a move leads from a status; None where there is no such move."""
    return MOVES.get((status, move))


def possible(status: Status, click: Click) -> bool:
    """Whether the table knows what a button stands for, from where the case stands."""
    to: Status | None = status
    for move in PARTS[click] if isinstance(click, Combined) else (click,):
        to = after(to, move)
        if to is None:
            return False
    return True


def parties(who: Person, case: Case | None) -> frozenset[Party]:
    """What somebody is to a case, or to one that is not raised yet (None). Nobody is an owner without a role that takes cases.

    A member of the case's department stands beside the SMEs/TLs. Whoever has a role in the program belongs to it, also
    outside its channel.
    """
    if who.id == DESK.id:
        return frozenset({Party.DESK})
    found = set()
    if who.in_channel or who.takes_cases:
        found.add(Party.ANYONE)
    if Role.SME_TL in who.roles:
        found.add(Party.SME_TL)
    if Role.MANAGER in who.roles:
        found.add(Party.MANAGER)
    if case is None:
        return frozenset(found)
    if who.id == case.owner and who.takes_cases:
        found.add(Party.OWNER)
    if who.id == case.raised_by:
        found.add(Party.RAISER)
    if case.department in who.departments:
        found.add(Party.SME_TL)
    return frozenset(found)


def check(case: Case | None, move: Move, who: Person) -> Status:
    """Where this person's move leads. Raises NotPossible or NotAllowed with the sentence for them.

    Only raising a case is a move from none.
    """
    if case is None:
        if not parties(who, None) & set(MAY[move]):
            raise NotAllowed(
                "Only members of the ASK channel can raise a case. Join the channel, then try again."
            )
        return MOVES[None, move]
    to = after(case.status, move)
    if case.blanked_at is not None:
        raise NotPossible(
            f"Who the customer of case {case.number} was and what was said has been deleted: nothing more can be done "
            "with it. Raise a new case."
        )
    if to is None:
        raise NotPossible(_no_such_move(case, move))
    if not parties(who, case) & set(MAY[move]):
        if who.id == case.owner and Party.OWNER in MAY[move]:
            raise NotAllowed(
                f"You no longer have a role here that takes cases, so case {case.number} is not yours any more. "
                "Ask a manager."
            )
        raise NotAllowed(f"Case {case.number} can {DOING[move]} only by {one_of(_may(case, move))}.")
    return to


def may(case: Case, click: Click, who: Person) -> bool:
    """Whether what a button stands for is this person's to do, and possible from where the case stands."""
    made = PARTS[click] if isinstance(click, Combined) else (click,)
    mine = parties(who, case)
    if isinstance(click, Combined):  # after the first part the case is theirs
        mine = mine | {Party.OWNER} if mine & set(MAY[made[0]]) else frozenset()
    return possible(case.status, click) and all(mine & set(MAY[move]) for move in made)


def moves_from(status: Status) -> Iterable[Move]:
    """The moves that a status knows, in the table's order."""
    return (move for (origin, move) in MOVES if origin is status)


def _no_such_move(case: Case, move: Move) -> str:
    stands = {
        OPEN: "is open and nobody has claimed it yet",
        CLAIMED: f"is with {mention(case.owner or '')}",
        CLOSED: "is closed",
    }[case.status]
    doing = f"it cannot {DOING[move]}"
    if case.status is CLOSED:
        return f"Case {case.number} {stands}, so {doing}. The owner or a manager can reopen it."
    return f"Case {case.number} {stands}, so {doing} now."


def _may(case: Case, move: Move) -> list[str]:
    named = {Party.OWNER: case.owner, Party.RAISER: case.raised_by}
    return [
        f"{party.label} ({mention(person)})" if (person := named.get(party)) else party.label
        for party in MAY[move]
        if party is not Party.OWNER or case.owner
    ] or [Party.OWNER.label]
