"""Every case that a message names leads to its card: *case 11* becomes a link wherever the card's address is known."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.views.blocks import SECTION_AT_MOST
from bot.views.message import Json, Message

CASE = re.compile(r"<[^>]*>|\b([Cc]ase ([0-9]{1,9}))\b")
"""A case's number in mrkdwn, and what is a link or a mention already, which stays as it is."""


def with_links(message: Message, links: Mapping[int, str]) -> Message:
    """The message with a link on each case of which `links` has the card's address. A notification's text has none."""
    return Message(message.text, in_blocks(message.blocks, links)) if links else message


def in_blocks(blocks: list[Json], links: Mapping[int, str]) -> list[Json]:
    """The same for blocks."""
    linked: list[Json] = _in(blocks, links)
    return linked


def _in(part: Any, links: Mapping[int, str]) -> Any:
    if isinstance(part, list):
        return [_in(one, links) for one in part]
    if not isinstance(part, dict):
        return part
    if part.get("type") != "mrkdwn":
        return {key: _in(value, links) for key, value in part.items()}
    text = CASE.sub(lambda found: _link(found, links), part["text"])
    return {**part, "text": text} if len(text.encode("utf-16-le")) // 2 <= SECTION_AT_MOST else part


def _link(found: re.Match[str], links: Mapping[int, str]) -> str:
    address = links.get(int(found[2])) if found[2] else None
    return f"<{address}|{found[1]}>" if address else found[0]
