"""The lines of a case's thread: one for each event."""

from __future__ import annotations

from bot.views.message import Message
from cases.case import Case
from cases.program import Program
from storage.records import EventRecord


def line(event: EventRecord, case: Case, program: Program) -> Message:
    """Who did what, with the new time where there is one and what was written, quoted."""
    raise NotImplementedError
