"""How long personal data stays: when a closed case loses it, and what is left of the case then. Pure."""

from __future__ import annotations

from datetime import datetime

from cases.events import Event, Fact, Happened
from cases.people import ASKDESK
from cases.program import Program


def kept_since(program: Program, now: datetime) -> datetime:
    """Cases closed before this have lost their time."""
    return now - program.retention


def by_retention(program: Program) -> Event:
    """Records that a case's personal data was deleted after the retention."""
    return _blanked({"kept_days": program.retention.days})


def by_request() -> Event:
    """Records that a case's personal data was deleted because its customer is to be forgotten."""
    return _blanked({"forgotten": True})


def _blanked(facts: dict[str, Fact]) -> Event:
    return Event(Happened.BLANKED, ASKDESK.id, facts)
