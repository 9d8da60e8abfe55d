"""The card: how a case stands, at a glance, with exactly the buttons that its state allows."""

from __future__ import annotations

from datetime import datetime

from bot.views.message import Message
from cases.case import Case
from cases.lifecycle import Move
from cases.program import Program


def buttons(case: Case, program: Program, now: datetime) -> tuple[tuple[Move, ...], tuple[Move, ...]]:
    """The moves in the row, next step first, and those in the overflow menu."""
    raise NotImplementedError


def card(case: Case, program: Program, now: datetime) -> Message:
    """The message that stands in the channel for a case."""
    raise NotImplementedError
