"""What the figures are made of: slim facts about cases, promises and coaching, without anybody's words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from cases.case import Closing
from cases.words import Reason, Scenario


class Share(NamedTuple):
    """So many of so many: 17 of 20 promises kept, 31 attempts in 20 cases."""

    part: int = 0
    whole: int = 0

    @property
    def rate(self) -> float | None:
        """How many for each one; None where there is nothing to count."""
        return self.part / self.whole if self.whole else None


def summed(shares: Iterable[Share]) -> Share:
    """Shares of several groups as one."""
    part = whole = 0
    for share in shares:
        part, whole = part + share.part, whole + share.whole
    return Share(part, whole)


def whole_seconds(at: datetime) -> int:
    """An instant in whole seconds since 1970, what is over cut off."""
    return int(at.timestamp() // 1)


@dataclass(frozen=True, slots=True)
class FirstPromise:
    """The first time a customer was promised, and when the first attempt began.

    An attempt is one that was logged, or runs at this moment: a call that was begun and then left without a word
    says nothing. The window's end is looked at in whole seconds, as the database does.
    """

    due_at: datetime
    window: timedelta
    first_call: datetime | None

    @property
    def is_kept(self) -> bool:
        """Whether the first attempt was made inside the window."""
        if self.first_call is None or self.first_call < self.due_at:
            return False
        return whole_seconds(self.first_call) < self._ends

    def is_settled(self, now: datetime) -> bool:
        """Whether it can no longer become kept or broken: a call was made, or the window is over."""
        return self.first_call is not None or whole_seconds(now) >= self._ends

    @property
    def _ends(self) -> int:
        return whole_seconds(self.due_at) + int(self.window.total_seconds())


@dataclass(frozen=True, slots=True)
class CaseFact:
    """A case as the figures see it. `logged` are its attempts that were logged, `team` is the raising agent's."""

    program: int
    raised_by: str
    raised_at: datetime
    scenario: Scenario
    reasons: tuple[Reason, ...]
    promise: FirstPromise
    department: str | None = None
    team: str | None = None
    claimed_at: datetime | None = None
    logged: int = 0
    reached: bool = False
    moved_by_customer: int = 0
    moved_by_us: int = 0
    repeat: bool = False
    closed: bool = False
    closing: Closing | None = None


@dataclass(frozen=True, slots=True)
class CoachingFact:
    """Feedback that an agent's direct superior owes or has given: by when, and when; None while it is owed."""

    due_at: datetime
    given_at: datetime | None = None
