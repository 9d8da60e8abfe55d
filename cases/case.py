"""A case and its parts, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from cases.contact import Contact
from cases.times import wall
from cases.words import (
    UNSATISFIED,
    URGENT,
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
    """The status of a case."""

    OPEN = "open"
    CLAIMED = "claimed"
    CLOSED = "closed"

    def __str__(self) -> str:
        return self.value


class CallbackState(StrEnum):
    """What became of a promise: it is pending, a call answered it, or another time replaced it."""

    PENDING = "pending"
    DONE = "done"
    MOVED = "moved"


@dataclass(frozen=True)
class Callback:
    """A promise: the customer is called at `due_at` (UTC), within `window`, by the wall clock of `zone`.

    `number` counts the callbacks of one case from 1. `called_at` is when its first attempt began. `asked_for_time`: the
    customer asked for a time outside calling hours. `stays`: who stays on for it although their shift is over.
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


@dataclass(frozen=True)
class Attempt:
    """One call made for a callback. A running call has no end and no disposition. Somebody said at `heard_at` that it
    still goes on.
    """

    number: int
    callback: int
    caller: str
    started_at: datetime
    ended_at: datetime | None = None
    disposition: Disposition | None = None
    note: str = ""
    heard_at: datetime | None = None

    @property
    def last_heard(self) -> datetime:
        """Since when nobody has said that the call goes on."""
        return self.heard_at or self.started_at


@dataclass(frozen=True)
class Escalation:
    """The form's content, validated.

    `language` is a code of `cases.languages`; `language_written` holds what somebody typed before there was a list.
    `phone_region` is the country of typed phone numbers without a country code.
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

    @property
    def urgent(self) -> bool:
        """Whether one of the reasons cannot wait."""
        return not URGENT.isdisjoint(self.reasons)


@dataclass(frozen=True)
class Details:
    """What is known of the customer, as far as *Correct details* can put it right."""

    customer: str
    contact: Contact
    zone: str
    reference: str
    language: str


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

    @property
    def leaves_unsatisfied(self) -> bool:
        return (self.outcome, self.satisfied) in UNSATISFIED


@dataclass(frozen=True)
class Case:
    """One customer's escalation. `version` grows with every saved change, `round` with every restart of the unclaimed
    ladder.

    `callback` is the pending promise; a case without one that is not closed waits for a manager's sign-off.
    `free_since` is when the unclaimed ladder began, `unreached` how many attempts count against the program's number,
    `unreached_at` when the last attempt that reached nobody began (None in cases of older versions), `allowed` that number
    for this case. `former_contacts` have been replaced by others. Since `blanked_at`, it holds nothing personal: neither
    who the customer was nor what was said.
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
    former_contacts: tuple[str, ...] = ()
    round: int = 0
    unreached: int = 0
    unreached_at: datetime | None = None
    callback: Callback | None = None
    call: Attempt | None = None
    callbacks: int = 0
    attempts: int = 0
    first_due_at: datetime | None = None
    unanswered_since: datetime | None = None
    closing: Closing | None = None
    closed_at: datetime | None = None
    follow_up_at: datetime | None = None
    followed_up_at: datetime | None = None
    blanked_at: datetime | None = None
    version: int = 0

    @property
    def zone(self) -> str:
        """The customer's zone: the pending promise's, otherwise the form's."""
        return self.callback.zone if self.callback else self.said.zone

    @property
    def reach(self) -> Contact:
        """The contact to dial: from the last *Escalate further*, otherwise from the form; either may be a corrected one."""
        return self.contact or self.said.contact

    @property
    def is_closed(self) -> bool:
        return self.status is Status.CLOSED

    @property
    def details(self) -> Details:
        """What is known of the customer now."""
        said = self.said
        return Details(said.customer, self.reach, self.zone, said.reference, said.language)

    @property
    def waiting(self) -> bool:
        """Whether the customer is waiting on the line, as the form said or whoever took their next call: until the call for
        that promise was made or moved.
        """
        promise = self.callback
        if promise is None:
            return False
        return promise.kind is CallbackKind.CALLED_AGAIN or (self.said.waiting and promise.number == 1)

    @property
    def on_hold(self) -> bool:
        """Whether a customer waits on the line, and nobody talks to them."""
        return self.waiting and self.call is None

    @property
    def awaits_follow_up(self) -> bool:
        """Whether a manager still has to get back to a customer who was left unsatisfied."""
        return self.follow_up_at is not None and self.followed_up_at is None and self.blanked_at is None

    @property
    def awaits_sign_off(self) -> bool:
        """The attempts have run out: a manager signs off *unreachable* or grants another attempt."""
        return self.status is not Status.CLOSED and self.callback is None

    def counts_with(self, began: datetime, spacing: timedelta) -> datetime | None:
        """When the attempt began with which one that begins at `began` counts as one, because less than `spacing` lies
        between them; None where it counts by itself (docs/policy.md, *Attempts*).
        """
        last = self.unreached_at if self.unreached else None
        return last if last is not None and began < last + spacing else None

    def is_early(self, now: datetime) -> bool:
        """Whether a call that begins now comes before the agreed time."""
        return self.call is None and self.callback is not None and now < self.callback.due_at
