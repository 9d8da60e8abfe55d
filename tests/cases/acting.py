"""Every move, with all that its effect asks for filled in: for tests that walk the table."""

from __future__ import annotations

from datetime import datetime, timedelta
from inspect import Parameter, signature

from cases import moves
from cases.case import Case
from cases.forms import Promise
from cases.moves import Change, Made, Move
from cases.people import Person
from cases.words import Disposition, Outcome, Role
from tests.build import ANA, BEN, CUSTOMER_ZONE, MIA, TESS, acting, closing

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
    """What the move does, or the Refusal that it raises."""
    details = {
        "again": Promise(now + again, CUSTOMER_ZONE),
        "closing": closing(outcome=Outcome.PARTLY if move is moves.follow_up else outcome),
        "contact": None,
        "department": department,
        "disposition": disposition,
        "note": "The customer wrote an e-mail as well.",
        "reason": "The customer called again.",
        "receiver": receiver,
        "reviewer": receiver,
    }
    assert isinstance(move, Made)
    _, _, *needed = signature(move.effect).parameters.values()
    asked = {one.name: details[one.name] for one in needed if one.default is Parameter.empty}
    change: Change = move(case, acting(who, now), **asked)
    return change
