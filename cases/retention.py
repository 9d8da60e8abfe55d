"""How long personal data is kept: when a closed case loses it, and what is left of the case then. Pure."""

from __future__ import annotations

from datetime import datetime

from cases.events import Event, Fact, Happened
from cases.people import DESK
from cases.program import Program


def kept_since(program: Program, now: datetime) -> datetime:
    """Cases that were closed before are kept no longer."""
    return now - program.retention


def by_retention(program: Program) -> Event:
    """That a case's personal data was deleted because its time was over."""
    return _blanked({"kept_days": program.retention.days})


def by_request() -> Event:
    """That a case's personal data was deleted because its customer is to be forgotten."""
    return _blanked({"forgotten": True})


def _blanked(facts: dict[str, Fact]) -> Event:
    return Event(Happened.BLANKED, DESK.id, facts)
