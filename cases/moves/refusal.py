"""Why somebody cannot make a move: the sentences that they read."""

from __future__ import annotations

from cases.case import Case, Status
from cases.errors import NotAllowed, NotPossible, Refusal
from cases.moves.declared import Acting, Move
from cases.people import ANYBODY, DESK, Party, Person, mention, one_of
from cases.words import Role

ALL_BUT_DESK = frozenset(Party) - {Party.DESK}


def parties(who: Person, case: Case | None) -> frozenset[Party]:
    """What somebody is to a case, or to one that is not raised yet (None). Nobody is an owner without a role that takes cases.

    A member of the case's department stands beside the SMEs/TLs. Whoever has a role in the program belongs to it, also
    outside its channel.
    """
    if who is DESK:
        return frozenset({Party.DESK})
    if who is ANYBODY:
        return ALL_BUT_DESK
    found = {
        Party.ANYONE: who.in_channel or who.takes_cases,
        Party.SME_TL: Role.SME_TL in who.roles,
        Party.MANAGER: Role.MANAGER in who.roles,
    }
    if case is not None:
        found[Party.OWNER] = who.id == case.owner and who.takes_cases
        found[Party.RAISER] = who.id == case.raised_by
        found[Party.SME_TL] |= case.department in who.departments
    return frozenset(party for party, is_one in found.items() if is_one)


def refusal(case: Case | None, move: Move, act: Acting) -> Refusal | None:
    """Why this person cannot make the move now; None where they can. Only a new case is made from none."""
    who = act.who
    theirs = not parties(who, case).isdisjoint(move.by)
    if case is None:
        return None if theirs else NotAllowed(_only(move, "a case", "a case's", move.by, {}))
    number = f"case {case.number}"
    if case.blanked_at is not None:
        return NotPossible(
            f"The personal data of {number} has been deleted, so nothing more can be done with it. Raise a new case."
        )
    if move.takes and who.id == case.owner and case.status is not Status.CLOSED:
        return NotPossible(f"You already have {number}.")
    if case.status not in move.leads:
        return NotPossible(_no_such_move(case, move))
    if not theirs:
        if who.id == case.owner and Party.OWNER in move.by:
            return NotAllowed(
                f"You no longer have a role that takes cases here, so {number} is not yours any more. Ask a manager."
            )
        named = {Party.OWNER: case.owner, Party.RAISER: case.raised_by}
        whose = tuple(party for party in move.by if party is not Party.OWNER or case.owner) or move.by
        return NotAllowed(_only(move, number, f"{number}'s", whose, named))
    return next((no for need in move.needs if (no := need(case, act)) is not None), None)


def _only(move: Move, it: str, its: str, by: tuple[Party, ...], named: dict[Party, str | None]) -> str:
    whose = [
        f"{party.label} ({mention(person)})" if (person := named.get(party)) else party.label for party in by
    ]
    join = " Join the channel, then try again." if Party.ANYONE in by else ""
    return f"Only {one_of(whose)} can {move.can.format(it=it, its=its)}.{join}"


def _no_such_move(case: Case, move: Move) -> str:
    stands = {
        Status.OPEN: "is open and nobody has claimed it yet",
        Status.CLAIMED: f"is with {mention(case.owner or '')}",
        Status.CLOSED: "is closed",
    }[case.status]
    again = " The owner or a manager can reopen it." if case.status is Status.CLOSED else ""
    return f"Case {case.number} {stands}, so you can't {move.can.format(it='it', its='its')}.{again}"
