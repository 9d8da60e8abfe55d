"""Lines in the record that leave the case as it is."""

from __future__ import annotations

from cases.case import Case, Status
from cases.events import Happened
from cases.moves.declared import Acting
from cases.moves.making import Effect, move
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


@move(
    "show_number",
    "Show number",
    {status: status for status in Status},
    by=(Party.OWNER, Party.MANAGER),
    can="see {its} number",
    event=Happened.NUMBER_SHOWN,
)
def show_number(case: Case, act: Acting) -> Effect:
    """The full number goes to this person only; that it did is logged."""
    return Effect(case)
