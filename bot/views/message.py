"""What a view hands out: a message to post, and a case with the place where its card is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cases.case import Case

Json = dict[str, Any]


@dataclass(frozen=True)
class Message:
    """Blocks, and `text`: the same in one plain piece, for notifications and screen readers."""

    text: str
    blocks: list[Json]


@dataclass(frozen=True)
class LinkedCase:
    """A case and the link to its card; None while the card has not been posted yet."""

    case: Case
    permalink: str | None = None
