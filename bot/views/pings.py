"""What the bot says by itself when somebody is to act, and whom it mentions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.views.message import Message
from cases.case import Case
from cases.ladder import Audience, Rule
from cases.program import Program


def mentions(audience: Sequence[Audience], case: Case, program: Program) -> str:
    """The audience as mentions, each once, separated by spaces."""
    raise NotImplementedError


def ping(
    case: Case,
    program: Program,
    rule: Rule,
    step: int,
    audience: Sequence[Audience],
    late: timedelta,
    now: datetime,
) -> Message:
    """The ping of this rule at this step, with the buttons that answer it."""
    raise NotImplementedError
