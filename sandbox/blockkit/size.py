"""How much a message may hold as a whole, beside the limits of each of its blocks.

Slack documents the error, `msg_blocks_too_long`, but neither limit nor measure. What people found by trying: texts of
13,297 characters are taken in one block and 13,172 with a divider beside them
(https://github.com/slackapi/bolt-js/issues/2509), a heading costs about a hundred besides its text, and blocks with
11,341 characters of text can be too much (https://github.com/slackapi/bolt-js/issues/2867). So a block costs more than
its text, and here as much as in the strictest of these findings. Answers to a command are free of it.
"""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

MESSAGE_HOLDS = 13_200
"""Characters of all blocks of a message."""

A_BLOCK_COSTS = 125
"""Characters that a block counts besides its texts."""

BLOCKS_AT_MOST = 50


def too_long(blocks: list[Json]) -> bool:
    """Whether Slack refuses these blocks together, though each of them may be right."""
    return len(blocks) > BLOCKS_AT_MOST or size(blocks) > MESSAGE_HOLDS


def size(blocks: list[Json]) -> int:
    """The characters that blocks count as."""
    return len(blocks) * A_BLOCK_COSTS + _characters(blocks)


def _characters(value: object) -> int:
    """Of every text in there, as it was sent: links and mentions with their ids."""
    if isinstance(value, list):
        return sum(_characters(inner) for inner in value)
    if isinstance(value, dict):
        return sum(
            len(inner) if name == "text" and isinstance(inner, str) else _characters(inner)
            for name, inner in value.items()
        )
    return 0
