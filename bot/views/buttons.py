"""Which buttons a case has: the next step first, the rest in the overflow menu (docs/policy.md, *The card*)."""

from __future__ import annotations

from datetime import datetime

from bot.views.standing import call_may_take
from cases.case import Case, Status
from cases.lifecycle import Click, Combined, Move
from cases.moves import may_be_taken_over
from cases.program import Program

Moves = tuple[Move, ...]
Clicks = tuple[Click, ...]

OPEN: tuple[Moves, Moves] = ((Move.CLAIM, Move.RESCHEDULE), (Move.ADD_NOTE, Move.SHOW_NUMBER))

WAITING: tuple[Clicks, Moves] = ((Combined.CLAIM_AND_CALL, Move.RESCHEDULE), OPEN[1])
"""The customer is on the line: whoever takes the case takes the call."""

CLAIMED: Moves = (Move.CALLING_NOW, Move.LOG_OUTCOME, Move.RESCHEDULE)
CALLING: Moves = (Move.COMPLETE, Move.LOG_OUTCOME, Move.RESCHEDULE)
IN_HAND: Moves = (
    Move.HAND_OVER,
    Move.RELEASE,
    Move.ESCALATE_FURTHER,
    Move.ADD_NOTE,
    Move.SHOW_NUMBER,
)

RAN_OUT: tuple[Moves, Moves] = (
    (Move.SIGN_OFF, Move.GRANT_ATTEMPT),
    (Move.RESCHEDULE, Move.HAND_OVER, Move.ESCALATE_FURTHER, Move.ADD_NOTE, Move.SHOW_NUMBER),
)

FREE_AND_RAN_OUT: tuple[Moves, Moves] = (
    (Move.CLAIM, Move.SIGN_OFF, Move.GRANT_ATTEMPT),
    (Move.RESCHEDULE, Move.ADD_NOTE, Move.SHOW_NUMBER),
)

CLOSED: tuple[Moves, Moves] = ((Move.REOPEN,), (Move.ADD_NOTE, Move.SHOW_NUMBER))


def buttons(case: Case, program: Program, now: datetime) -> tuple[Clicks, Moves]:
    """The moves in the row, next step first, and those in the overflow menu (Slack's limit there is five).

    A case whose personal data was deleted has none: nobody can call, and what it tells is in its figures.
    """
    if case.status is Status.OPEN and case.waiting:
        return WAITING
    if case.status is Status.OPEN:
        return FREE_AND_RAN_OUT if case.awaits_sign_off else OPEN
    if case.blanked_at is not None:
        return (), ()
    if case.status is Status.CLOSED:
        return CLOSED
    if case.awaits_sign_off:
        return RAN_OUT
    row = CLAIMED if case.call is None else CALLING
    if may_be_taken_over(case, now, call_may_take(program)):
        row = (*row, Move.TAKE_OVER)
    return row, IN_HAND
