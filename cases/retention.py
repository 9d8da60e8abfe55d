"""How long personal data is kept: when a closed case loses it, and what is left of the case then. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from cases.case import Case
from cases.close_form import TYPED
from cases.contact import Contact
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


def blanked(case: Case, now: datetime) -> Case:
    """What is left of a case: how it went, by whose hands, with which figures; not whom it was about nor what was said."""
    said, closing = case.said, case.closing
    unsaid: dict[str, Any] = {question.value: "" for question in TYPED}
    return replace(
        case,
        said=replace(
            said,
            customer="",
            contact=Contact(said.contact.kind, ""),
            details="",
            reference="",
            other_reason="",
            language_written="",
        ),
        contact=None,
        closing=closing and replace(closing, **unsaid),
        blanked_at=now,
        version=case.version + 1,
    )


def _blanked(facts: dict[str, Fact]) -> Event:
    return Event(Happened.BLANKED, DESK.id, facts)
