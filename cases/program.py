"""A program: one client account, one ASK channel, with the numbers that its manager may change."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import time, timedelta


@dataclass(frozen=True)
class Ladder:
    """When the bot speaks up by itself, in minutes; the defaults are policy.md's.

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


@dataclass(frozen=True)
class Department:
    """Where a functional escalation goes, with its own SME groups or people."""

    name: str
    groups: tuple[str, ...] = ()
    users: tuple[str, ...] = ()


@dataclass(frozen=True)
class Program:
    """One ASK channel's desk. Zones are IANA names; `sme_tl_groups` lists the SMEs' group first, then the TLs'."""

    id: int
    channel: str
    name: str
    timezone: str
    customer_timezone: str
    phone_region: str
    sme_tl_groups: tuple[str, ...] = ()
    manager_groups: tuple[str, ...] = ()
    sme_tl_users: tuple[str, ...] = ()
    manager_users: tuple[str, ...] = ()
    departments: tuple[Department, ...] = ()
    window: timedelta = timedelta(minutes=15)
    horizon: timedelta = timedelta(days=7)
    attempts: int = 3
    spacing: timedelta = timedelta(hours=2)
    repeat_within: timedelta = timedelta(days=7)
    calls_from: time = time(8, 0)
    calls_until: time = time(21, 0)
    holiday_country: str | None = None
    ladder: Ladder = field(default_factory=Ladder)

    def department(self, name: str | None) -> Department | None:
        """The department of that name, if the program has it."""
        return next((d for d in self.departments if d.name == name), None)
