"""What a view hands out: a message to post."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Message:
    """Blocks, and `text`: the same in one plain piece, for notifications and screen readers."""

    text: str
    blocks: list[Json]
