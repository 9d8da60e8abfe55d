"""Lines in the record that don't change the case."""

from __future__ import annotations

from cases.case import Case, Status
from cases.errors import NotPossible
from cases.events import Happened
from cases.moves.declared import Acting
from cases.moves.making import Effect, move
from cases.moves.promises import a_promise
from cases.people import Party


@move(
    "add_note",
    "Add note",
    {status: status for status in Status},
    by=(Party.ANYONE,),
    can="add a note to {it}",
    event=Happened.NOTED,
)
def add_note(case: Case, act: Acting, note: str) -> Effect:
    """A line in the thread and in the record, at any time."""
    return Effect(case, {"owner": case.owner}, {"note": note})


def _not_on_line(case: Case, act: Acting) -> NotPossible | None:
    """A customer on the line needs no news about a call."""
    return NotPossible(f"Case {case.number}'s customer is on the line.") if case.waiting else None


@move(
    "read_aloud",
    "Tell the customer",
    {Status.OPEN: Status.OPEN, Status.CLAIMED: Status.CLAIMED},
    by=(Party.RAISER, Party.SME_TL, Party.MANAGER),
    can="tell {its} customer when we call",
    event=Happened.READ_ALOUD,
    needs=(a_promise, _not_on_line),
)
def read_aloud(case: Case, act: Acting) -> Effect:
    """What to tell the customer about the pending call, for the person who has them on the line; recorded, but no news."""
    return Effect(case)


@move(
    "show_number",
    "Show number",
    {status: status for status in Status},
    by=(Party.OWNER, Party.MANAGER),
    can="see {its} number",
    event=Happened.NUMBER_SHOWN,
)
def show_number(case: Case, act: Acting) -> Effect:
    """Gives the full number to this person only, and records that."""
    return Effect(case)
