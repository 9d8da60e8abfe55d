"""The numbers of Block Kit, read from ``limits.json``: Slack's documented lengths and counts.

Source: https://docs.slack.dev/reference/block-kit (each block's, element's and object's own page).
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

_FACTS = Path(__file__).with_name("limits.json")


def limit(path: str, kind: str) -> int:
    """The number ``kind`` (``max_length``, ``max_items`` …) at a dotted ``path`` such as ``button.text``."""
    node: Any = _limits()
    for part in path.split("."):
        node = node[part]
    return int(node[kind])


def longest(path: str) -> int:
    """How many characters fit at ``path``."""
    return limit(path, "max_length")


def most(path: str) -> int:
    """How many items fit at ``path``."""
    return limit(path, "max_items")


@cache
def _limits() -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(_FACTS.read_text(encoding="utf-8"))
    return facts
