"""A program: one client account, one ASK channel, with the numbers that its manager may change."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time, timedelta

from cases.words import Reason, Step

MIDNIGHT = time(0)


@dataclass(frozen=True)
class Ladder:
    """When the bot speaks up by itself, in minutes; the defaults are those of docs/policy.md.

    `unclaimed` counts from the moment a case is free; `overdue_*` from the end of the window.
    """

    unclaimed: tuple[int, ...] = (3, 7, 15)
    unclaimed_waiting: tuple[int, ...] = (1, 3, 5)
    unclaimed_every: int = 15
    heads_up: int = 15
    overdue_managers: int = 20
    overdue_every: int = 10
    overdue_first_hour: int = 60
    overdue_every_after: int = 30
    call_may_take: int = 30
    sign_off_every: int = 30
    burst_over: int = 5


@dataclass(frozen=True)
class Department:
    """Where a functional escalation goes, with its own SME groups or people."""

    name: str
    groups: tuple[str, ...] = ()
    users: tuple[str, ...] = ()


@dataclass(frozen=True)
class Hours:
    """One weekday's calling hours, by the customer's wall clock; closing at midnight means at the day's end."""

    opens: time
    closes: time

    def admit(self, at: time) -> bool:
        """Whether a call may start at this wall time: from the opening on, at the closing no more."""
        return self.opens <= at and (self.closes == MIDNIGHT or at < self.closes)

    def __str__(self) -> str:
        closes = "24:00" if self.closes == MIDNIGHT else f"{self.closes:%H:%M}"
        return f"{self.opens:%H:%M}–{closes}"


@dataclass(frozen=True)
class Shift:
    """Who works when, by the site's wall clock: on each of `days` (Monday is 0) from `begins` on.

    A shift that ends at or before its beginning ends on the next day. Where nobody is named, everybody works it.
    """

    name: str
    days: tuple[int, ...]
    begins: time
    ends: time
    groups: tuple[str, ...] = ()
    users: tuple[str, ...] = ()


@dataclass(frozen=True)
class OwnDay:
    """A day without calls that only this program has."""

    day: date
    name: str


ALL_WEEK = (Hours(time(8), time(21)),) * 7
"""Policy's calling hours, Monday first."""


@dataclass(frozen=True)
class Program:
    """One ASK channel's desk. Zones are IANA names; groups are user groups' ids, users people's.

    `languages` are the codes of those that the form offers first.
    `calling` holds seven days, Monday first; None is a day without calls. `timezone` is the site's.
    """

    id: int
    channel: str
    name: str
    timezone: str
    customer_timezone: str
    phone_region: str
    sme_groups: tuple[str, ...] = ()
    tl_groups: tuple[str, ...] = ()
    manager_groups: tuple[str, ...] = ()
    sme_users: tuple[str, ...] = ()
    tl_users: tuple[str, ...] = ()
    manager_users: tuple[str, ...] = ()
    departments: tuple[Department, ...] = ()
    window: timedelta = timedelta(minutes=15)
    horizon: timedelta = timedelta(days=7)
    attempts: int = 3
    spacing: timedelta = timedelta(hours=2)
    repeat_within: timedelta = timedelta(days=7)
    calling: tuple[Hours | None, ...] = ALL_WEEK
    holiday_country: str | None = None
    own_days: tuple[OwnDay, ...] = ()
    reasons_off: tuple[Reason, ...] = ()
    steps_off: tuple[Step, ...] = ()
    languages: tuple[str, ...] = ()
    shifts: tuple[Shift, ...] = ()
    handover_before: timedelta = timedelta(minutes=15)
    digest_at: time | None = time(8)
    coaching_days: int = 3
    pattern_of: int = 3
    pattern_within: timedelta = timedelta(days=30)
    retention: timedelta = timedelta(days=365)
    ladder: Ladder = field(default_factory=Ladder)
    active: bool = True

    @property
    def call_may_take(self) -> timedelta:
        """For how long a call holds reminders back."""
        return timedelta(minutes=self.ladder.call_may_take)

    @property
    def sme_tl_groups(self) -> tuple[str, ...]:
        """The groups of SMEs and of TLs together, each once."""
        return tuple(dict.fromkeys((*self.sme_groups, *self.tl_groups)))

    @property
    def sme_tl_users(self) -> tuple[str, ...]:
        """SMEs and TLs named one by one, each once."""
        return tuple(dict.fromkeys((*self.sme_users, *self.tl_users)))

    @property
    def named(self) -> frozenset[str]:
        """Everybody who is named one by one, whatever for."""
        lists = (
            self.sme_users,
            self.tl_users,
            self.manager_users,
            *(department.users for department in self.departments),
            *(shift.users for shift in self.shifts),
        )
        return frozenset(user for users in lists for user in users)

    @property
    def on_cards(self) -> tuple[object, ...]:
        """The settings that cards show: the site's days, and for how long a call counts as going on."""
        return self.timezone, self.ladder.call_may_take

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The reasons that the form offers."""
        return tuple(reason for reason in Reason if reason not in self.reasons_off)

    @property
    def steps(self) -> tuple[Step, ...]:
        """The de-escalation steps that the form offers."""
        return tuple(step for step in Step if step not in self.steps_off)

    def department(self, name: str | None) -> Department | None:
        """The department of that name, if the program has it."""
        return next((d for d in self.departments if d.name == name), None)
