"""The digest: each morning, how the desk stands and whether yesterday's promises were kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from bot.views import blocks
from bot.views.lists import listed
from bot.views.message import LinkedCase, Message
from bot.views.text import inline
from cases.program import Program
from cases.recurring import Digest

ALL_CALM = ":white_check_mark: Nothing is overdue, nothing waits to be claimed, nothing is due today."


def digest(told: Digest, program: Program, links: Mapping[int, str], now: datetime) -> Message:
    """What a manager reads first in the morning: the trouble on top, then the day's calls."""
    day = f"{told.day:%A} {told.day.day} {told.day:%B}"
    parts = {
        "Overdue": told.overdue,
        "Waiting for a manager's decision": told.sign_off,
        "Nobody has claimed": told.unclaimed,
        "Due today": told.due_today,
    }
    lines = [
        line
        for name, cases in parts.items()
        if cases
        for line in listed(name, [LinkedCase(case, links.get(case.number)) for case in cases], now)
    ]
    counts = [f"{name}: {len(cases)}" for name, cases in parts.items() if cases]
    plain = [
        f"{inline(program.name, 100)}, {day}.",
        *_kept(told),
        *([f"{'; '.join(counts)}."] if counts else []),
    ]
    body = [
        blocks.header(f"{program.name} · {day}"),
        blocks.section("\n".join([*_kept(told), f"{_count(told.open, 'open case')} in all."])),
        *blocks.packed(lines or [ALL_CALM]),
    ]
    return blocks.message(" ".join(plain).replace("*", ""), body)


def _kept(told: Digest) -> Iterator[str]:
    """Yesterday's promises; first ones only, so that moving a call does not keep it."""
    if not told.promised:
        yield "No customer was promised a first call for yesterday."
    else:
        yield f"*{told.kept} of {_count(told.promised, 'promise')} kept yesterday*: called inside the first window."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
