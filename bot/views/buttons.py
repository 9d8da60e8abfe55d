"""Where a case's buttons stand: the next step first, the rest in the overflow menu (docs/policy.md, *The card*).

Which of them a case has, the moves say themselves.
"""

from __future__ import annotations

from collections.abc import Callable

from cases import moves
from cases.case import Case
from cases.moves import Acting, Click
from cases.people import ANYBODY, Person

Clicks = tuple[Click, ...]

ROW: Clicks = (
    moves.claim_and_call,
    moves.claim,
    moves.sign_off,
    moves.grant_attempt,
    moves.take_over_and_call,
    moves.complete,
    moves.take_call,
    moves.calling_now,
    moves.log_outcome,
    moves.turn_into_callback,
    moves.hung_up,
    moves.reschedule,
    moves.take_over,
    moves.followed_up,
    moves.reopen,
)

MENU: Clicks = (
    moves.reschedule,
    moves.hand_over,
    moves.release,
    moves.escalate_further,
    moves.correct_details,
    moves.add_note,
    moves.read_aloud,
    moves.show_number,
)
"""Slack allows five of them in one menu (`blocks.moves`)."""

ROW_ONLY_WHILE: dict[Click, Callable[[Case, Person], bool]] = {
    # On the card, *Calling now* does it for whoever clicks.
    moves.take_over_and_call: lambda case, who: who is not ANYBODY,
    moves.complete: lambda case, who: case.call is not None,
    moves.take_call: lambda case, who: case.call is None,
    moves.calling_now: lambda case, who: case.call is None,
    moves.log_outcome: lambda case, who: case.call is not None or not case.waiting,
    moves.reschedule: lambda case, who: not case.awaits_sign_off,
}
"""What stands in the row only as long as the case stands so, for this reader."""


def buttons(case: Case, act: Acting) -> tuple[Clicks, Clicks]:
    """The moves in the row and in the overflow menu that this person may make now; for a card, that anybody may."""
    row = moves.offered(
        case, [one for one in ROW if one not in ROW_ONLY_WHILE or ROW_ONLY_WHILE[one](case, act.who)], act
    )
    return row, moves.offered(case, [one for one in MENU if one not in row], act)
