"""Every move by its name, with all that it needs filled in: for tests that walk the table."""

from __future__ import annotations

from datetime import datetime, timedelta

from cases import moves
from cases.case import Case
from cases.forms import Promise
from cases.lifecycle import Move
from cases.moves import Change
from cases.people import Person
from cases.words import Disposition, Outcome, Role, WantedBy
from tests.build import ANA, BEN, CALL_MAY_TAKE, CUSTOMER_ZONE, MIA, TESS, closing, program

SAM = Person("U0SAM", frozenset({Role.SME_TL}))
IDA = Person("U0IDA", frozenset({Role.AGENT}), frozenset({"IT"}))
"""Of the IT department's own group, an agent otherwise."""
AMY = Person("U0AMY")
"""An agent who has nothing to do with the case."""

EVERYBODY = (ANA, AMY, SAM, BEN, TESS, IDA, MIA)


def act(
    case: Case,
    move: Move,
    who: Person,
    now: datetime,
    *,
    receiver: Person = TESS,
    disposition: Disposition = Disposition.NO_ANSWER,
    again: timedelta = timedelta(hours=2),
    outcome: Outcome = Outcome.RESOLVED,
    department: str | None = None,
) -> Change:
    """What the move does, or the DeskError that it raises."""
    promise = Promise(now + again, CUSTOMER_ZONE)
    ends = closing(outcome=outcome)
    match move:
        case Move.CLAIM:
            return moves.claim(case, who, now)
        case Move.CALLING_NOW:
            return moves.calling_now(case, who, now, CALL_MAY_TAKE)
        case Move.LOG_OUTCOME:
            return moves.log_attempt(case, who, now, disposition, "", promise)
        case Move.RESCHEDULE:
            return moves.reschedule(case, who, now, promise, WantedBy.CUSTOMER, program())
        case Move.HAND_OVER:
            return moves.hand_over(case, who, now, receiver, "my shift ends")
        case Move.RELEASE:
            return moves.release(case, who, now, "my shift ends")
        case Move.OWNER_LEFT:
            return moves.owner_left(case, who, now)
        case Move.TAKE_OVER:
            return moves.take_over(case, who, now, CALL_MAY_TAKE)
        case Move.ESCALATE_FURTHER:
            return moves.escalate_further(
                case, who, now, receiver, department, promise, None, "above my limit", program()
            )
        case Move.ADD_NOTE:
            return moves.add_note(case, who, "The customer wrote an e-mail as well.")
        case Move.SHOW_NUMBER:
            return moves.show_number(case, who)
        case Move.COMPLETE:
            return moves.complete(case, who, now, ends, None)
        case Move.FOLLOW_UP:
            return moves.complete(case, who, now, closing(outcome=Outcome.PARTLY), promise)
        case Move.WITHDRAW:
            return moves.withdraw(case, who, now, ends)
        case Move.SIGN_OFF:
            return moves.sign_off(case, who, now, closing())
        case Move.GRANT_ATTEMPT:
            return moves.grant_attempt(case, who, now, promise, program())
        case Move.STAY:
            return moves.stay(case, who)
        case Move.REOPEN:
            return moves.reopen(case, who, now, promise, "The customer called again.", program())
        case _:
            raise AssertionError(f"{move.value} is not made to a case that stands")
