"""What a move is: everything that its one declaration says about it, and who is acting."""

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
from cases.words import Early


@dataclass(frozen=True)
class Acting:
    """Who acts, in which program, when (aware), and what else a move may depend on besides the case.

    `owned_since`: when the owner got the case, if known. `asked_for_time`: the customer asked to be called at this
    hour. `early`: why the call comes before the agreed time.
    """

    program: Program
    who: Person
    now: datetime
    owned_since: datetime | None = field(default=None, kw_only=True)
    asked_for_time: bool = field(default=False, kw_only=True)
    early: Early | None = field(default=None, kw_only=True)


class Ground(Enum):
    """The only grounds for ending a case (house rule 1)."""

    REACHED = "the customer was reached"
    SIGNED_OFF = "a manager signed it off after the attempts ran out"
    WITHDRAWN = "the customer withdrew"
    SAVED = "the agent resolved it while the customer was on the line"


@dataclass(frozen=True, eq=False, repr=False)
class Click:
    """What a button stands for: `value` is its id, `label` its text."""

    value: str
    label: str

    def __repr__(self) -> str:
        return self.value


Condition = Callable[[Case, Acting], NotPossible | None]
"""A condition besides status and people: None, or why the move is not possible (now)."""


@dataclass(frozen=True, eq=False, repr=False)
class Move(Click):
    """One thing that can happen to a case, done by somebody or by Askdesk itself.

    `leads`: from which status to which; from None only a new case comes. `by`: who may. `can` completes "you can't …"
    and "only the owner can …", with `{it}` or `{its}` for the case. `event`: its line in the record. `needs`: further
    conditions, checked in this order. `ground`: why it ends the case. `takes`: the person who makes it then has the
    case. `instead`: the move that its button currently stands for, if that is another one.
    """

    leads: Mapping[Status | None, Status]
    by: tuple[Party, ...]
    can: str
    event: Happened
    needs: tuple[Condition, ...] = ()
    ground: Ground | None = None
    takes: bool = False
    instead: Callable[[Case, Acting], Move | None] | None = None
