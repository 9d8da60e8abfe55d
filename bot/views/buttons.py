"""Where a case's buttons stand: the next step first, the rest in the overflow menu (docs/policy.md, *The card*).

Which of them a case has, the moves say themselves.
"""

from __future__ import annotations

from collections.abc import Callable

from cases import moves
from cases.case import Case
from cases.moves import Acting, Click

Clicks = tuple[Click, ...]

ROW: Clicks = (
    moves.claim_and_call,
    moves.claim,
    moves.sign_off,
    moves.grant_attempt,
    moves.complete,
    moves.calling_now,
    moves.log_outcome,
    moves.reschedule,
    moves.take_over,
    moves.reopen,
)

MENU: Clicks = (
    moves.reschedule,
    moves.hand_over,
    moves.release,
    moves.escalate_further,
    moves.add_note,
    moves.show_number,
)
"""Slack's limit is five of them at once."""

ROW_ONLY_WHILE: dict[Click, Callable[[Case], bool]] = {
    moves.complete: lambda case: case.call is not None,
    moves.calling_now: lambda case: case.call is None,
    moves.reschedule: lambda case: not case.awaits_sign_off,
}
"""What stands in the row only as long as the case stands so."""


def buttons(case: Case, act: Acting) -> tuple[Clicks, Clicks]:
    """The moves in the row and those in the overflow menu that whoever acts may make now; a card asks for anybody."""
    row = moves.offered(
        case, [one for one in ROW if one not in ROW_ONLY_WHILE or ROW_ONLY_WHILE[one](case)], act
    )
    return row, moves.offered(case, [one for one in MENU if one not in row], act)
