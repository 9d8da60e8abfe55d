"""Answers that only one person sees."""

from __future__ import annotations

from bot.views.message import Message
from cases.case import Case


def confirmation(case: Case, permalink: str | None) -> Message:
    """To the agent who raised the case, once its card is visible."""
    raise NotImplementedError


def told(sentence: str) -> Message:
    """A sentence of the desk (already in mrkdwn, such as `DeskError.sentence`)."""
    raise NotImplementedError
