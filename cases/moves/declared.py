"""What a move is: everything that its one declaration says of it, and who acts when it is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from cases.case import Case, Status
from cases.errors import NotPossible
from cases.events import Happened
from cases.people import Party, Person
from cases.program import Program


@dataclass(frozen=True)
class Acting:
    """Who acts, in which program, when (aware), and what else a move may depend on besides the case.

    `owned_since`: when the case came to its owner, where that is known. `asked_for_time`: the customer asked to be called
    at this hour.
    """

    program: Program
    who: Person
    now: datetime
    owned_since: datetime | None = field(default=None, kw_only=True)
    asked_for_time: bool = field(default=False, kw_only=True)


class Ground(Enum):
    """What alone may end a case (house rule 1)."""

    REACHED = "the customer was reached"
    SIGNED_OFF = "a manager signed it off after the attempts ran out"
    WITHDRAWN = "the customer withdrew"


@dataclass(frozen=True, eq=False, repr=False)
class Click:
    """What a button stands for: `value` is its id, `label` what it says."""

    value: str
    label: str

    def __repr__(self) -> str:
        return self.value


Condition = Callable[[Case, Acting], NotPossible | None]
"""What a move needs besides its status and its people: None, or why it is not possible (now)."""


@dataclass(frozen=True, eq=False, repr=False)
class Move(Click):
    """One thing that can happen to a case, by somebody's hand or the desk's own.

    `leads`: from which status to which; from None only a new case comes. `by`: who may. `can` completes "you can't …" and
    "only the owner can …", with `{it}` or `{its}` for the case. `event`: its line in the record. `needs`: further
    conditions, asked in this order. `ground`: what makes it an end. `takes`: whoever makes it has the case afterwards.
    `instead`: the move for which its button stands as the case stands, where that is another one.
    """

    leads: Mapping[Status | None, Status]
    by: tuple[Party, ...]
    can: str
    event: Happened
    needs: tuple[Condition, ...] = ()
    ground: Ground | None = None
    takes: bool = False
    instead: Callable[[Case, Acting], Move | None] | None = None
