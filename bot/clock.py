"""The one place that reads the wall clock; everything else is handed the time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Tells the time: an aware instant."""


def wall_clock() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)
