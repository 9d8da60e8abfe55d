"""A case and what hangs on it, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from cases.contact import Contact
from cases.times import wall
from cases.words import (
    CallbackKind,
    Disposition,
    Missed,
    Mood,
    NotAttempted,
    Outcome,
    Priority,
    Reason,
    Satisfied,
    Scenario,
    Step,
    Verdict,
    WantedBy,
)


class Status(StrEnum):
    """Where a case stands."""

    OPEN = "open"
    CLAIMED = "claimed"
    CLOSED = "closed"

    def __str__(self) -> str:
        return self.value


class CallbackState(StrEnum):
    """What became of a promise: it waits, a call answered it, or another time took its place."""

    PENDING = "pending"
    DONE = "done"
    MOVED = "moved"


@dataclass(frozen=True)
class Callback:
    """A promise: the customer is called at `due_at` (UTC), within `window`, by the wall clock of `zone`.

    `number` counts the callbacks of one case from 1. `called_at` is when the first attempt for it began.
    `asked_for_time` says that the customer asked for a time at which no calls are made otherwise, `stays` who said
    that they stay for it though their shift is over.
    """

    number: int
    due_at: datetime
    zone: str
    window: timedelta
    kind: CallbackKind = CallbackKind.PROMISE
    wanted_by: WantedBy = WantedBy.CUSTOMER
    state: CallbackState = CallbackState.PENDING
    called_at: datetime | None = None
    asked_for_time: bool = False
    stays: str | None = None

    @property
    def window_end(self) -> datetime:
        return self.due_at + self.window

    @property
    def wall(self) -> datetime:
        """The customer's wall clock at the agreed time."""
        return wall(self.due_at, self.zone)

    def is_overdue(self, now: datetime) -> bool:
        """Whether the window is over without an attempt logged."""
        return self.state is CallbackState.PENDING and now >= self.window_end


@dataclass(frozen=True)
class Attempt:
    """One call made for a callback. A call that still runs has no end and no disposition."""

    number: int
    callback: int
    caller: str
    started_at: datetime
    ended_at: datetime | None = None
    disposition: Disposition | None = None
    note: str = ""


@dataclass(frozen=True)
class Escalation:
    """What the form says, validated.

    `language` is a code of `cases.languages`; `language_written` stands in its place where somebody wrote it out before
    there was a list. `phone_region` is where phone numbers without a country code belong that somebody typed.
    """

    customer: str
    contact: Contact
    waiting: bool
    due_at: datetime
    zone: str
    scenario: Scenario
    reasons: tuple[Reason, ...]
    details: str
    steps: tuple[Step, ...] = ()
    not_attempted: NotAttempted | None = None
    other_reason: str = ""
    superior: str | None = None
    department: str | None = None
    reference: str = ""
    mood: Mood | None = None
    language: str = ""
    language_written: str = ""
    phone_region: str = ""
    repeat: bool = False
    asked_for_time: bool = False


@dataclass(frozen=True)
class Closing:
    """The close form."""

    outcome: Outcome
    notes: str
    granted: str = ""
    satisfied: Satisfied = Satisfied.NOT_ASKED
    right_department: Verdict | None = None
    assessed_well: Verdict | None = None
    missed: Missed = Missed.NONE


@dataclass(frozen=True)
class Case:
    """One customer's escalation. `version` grows with every saved change, `round` with every new start of
    the unclaimed ladder.

    `callback` is the promise that waits; a case without one that is not closed waits for a manager's sign-off.
    `free_since` is when the unclaimed ladder began, `unreached` how many attempts count against the
    program's number, `allowed` what that number is for this case. Since `blanked_at` it holds nothing personal any
    more: neither who the customer was nor what was said.
    """

    number: int
    program: int
    status: Status
    said: Escalation
    raised_by: str
    raised_at: datetime
    free_since: datetime
    allowed: int
    priority: Priority = Priority.NORMAL
    related: tuple[int, ...] = ()
    owner: str | None = None
    claimed_at: datetime | None = None
    tier: int = 1
    department: str | None = None
    contact: Contact | None = None
    round: int = 0
    unreached: int = 0
    callback: Callback | None = None
    call: Attempt | None = None
    callbacks: int = 0
    attempts: int = 0
    first_due_at: datetime | None = None
    unanswered_since: datetime | None = None
    closing: Closing | None = None
    closed_at: datetime | None = None
    blanked_at: datetime | None = None
    version: int = 0

    @property
    def zone(self) -> str:
        """The customer's zone: that of the promise that waits, else of the form."""
        return self.callback.zone if self.callback else self.said.zone

    @property
    def reach(self) -> Contact:
        """The contact to dial: the one of the last *Escalate further*, else the form's."""
        return self.contact or self.said.contact

    @property
    def waiting(self) -> bool:
        """Whether the customer waits on the line: as the form said, until the first call was made or moved."""
        return self.said.waiting and self.callback is not None and self.callback.number == 1

    @property
    def awaits_sign_off(self) -> bool:
        """The attempts ran out: a manager signs off *unreachable* or grants another attempt."""
        return self.status is not Status.CLOSED and self.callback is None

    def on_call(self, now: datetime, at_most: timedelta) -> bool:
        """Whether a call runs; after `at_most` it no longer holds the pings back."""
        return self.call is not None and now < self.call.started_at + at_most
