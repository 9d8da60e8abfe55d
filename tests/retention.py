"""What the deletion of personal data leaves of a case: the definition that the database's own deletion is held against."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from cases.case import Case
from cases.close_form import TYPED
from cases.contact import Contact


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
