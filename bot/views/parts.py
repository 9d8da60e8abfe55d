"""The parts of a recurring post: cases in lists, the worst on top, within what Slack takes in one message."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from slack_sdk.models.blocks import Block

from bot.usecases.links import LinkedCase
from bot.views import blocks
from bot.views.lists import entries
from cases.case import Case

Parts = Mapping[str, Sequence[Case]]
"""What a post lists, by the parts' names."""

LISTED_AT_MOST = 10
"""Cases of one part: what somebody reads; `/callbacks` has the rest."""

ROOM = 9_000
"""Characters of a post's text. Slack refuses blocks of about 12,000 in all, whatever each of them may hold."""

MORE = "… and {} more: `/callbacks all`"


def part_blocks(parts: Parts, links: Mapping[int, str], now: datetime, room: int = ROOM) -> Iterator[Block]:
    """Each part that has cases as a paragraph of its own; the first ones get the room first, each says how many."""
    for name, cases in parts.items():
        if not cases:
            continue
        heading = f"*{name}*: {len(cases)}"
        lines, used = [heading], len(heading)
        for entry in entries([LinkedCase(case, links.get(case.number)) for case in cases], now)[
            :LISTED_AT_MOST
        ]:
            if used + len(entry) > room:
                break
            lines.append(entry)
            used += len(entry) + 1
        rest = len(cases) - len(lines) + 1
        yield from blocks.packed([*lines, *([MORE.format(rest)] if rest else [])])
        room -= used


def counted(parts: Parts) -> str:
    """`Overdue: 2; Due today: 5.`, for a notification; nothing where no part has a case."""
    counts = [f"{name}: {len(cases)}" for name, cases in parts.items() if cases]
    return f"{'; '.join(counts)}." if counts else ""


def size(of: Sequence[Block]) -> int:
    """The characters of these blocks' text."""
    return sum(len(str(block.to_dict().get("text", {}).get("text", ""))) for block in of)
