"""The digest: each morning, how the desk stands and whether yesterday's promises were kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.views import blocks
from bot.views.message import Message
from bot.views.parts import counted, part_blocks
from cases.mrkdwn import inline
from cases.program import Program
from cases.reminders.recurring import Digest

ALL_CALM = ":white_check_mark: Nothing is overdue, unclaimed or due today."


def digest(told: Digest, program: Program, links: Mapping[int, str], now: datetime) -> Message:
    """What a manager reads first in the morning: the trouble on top, then the day's calls."""
    day = f"{told.day:%A} {told.day.day} {told.day:%B}"
    parts = {
        "Overdue": told.overdue,
        "Waiting for a manager's decision": told.sign_off,
        "Nobody has claimed": told.unclaimed,
        "Due today": told.due_today,
    }
    kept = _kept(told)
    plain = [f"{inline(program.name, 100)}, {day}.", counted(parts) or "All quiet.", kept.replace("*", "")]
    body = [
        blocks.header(f"{program.name} · {day}"),
        blocks.section(f"{kept}\n{_count(told.open, 'open case')} in all."),
        *(part_blocks(parts, links, now) if any(parts.values()) else [blocks.section(ALL_CALM)]),
        *([blocks.context(_witness(told.record))] if told.record else []),
    ]
    return blocks.message(" ".join(plain), body)


def _witness(record: str) -> str:
    """The channel's own copy of where the record ends, which nobody changes in the database."""
    return f"The record ends at `{record}`. `askdesk verify --since {record}` checks later that it holds."


def _kept(told: Digest) -> str:
    """Yesterday's promises; first ones only, so that moving a call does not keep it."""
    if not told.promised:
        return "No first calls were promised for yesterday."
    return (
        f"*{told.kept} of {_count(told.promised, 'promise')} kept yesterday*: called inside the first window."
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
