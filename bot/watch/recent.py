"""Remembers an answer for a moment, so that many requests cost the database one query a second."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

MOMENT = 1.0
"""Seconds that an answer stays good."""


@dataclass(eq=False)
class Recent(Generic[T]):
    """The answer or failure of `read`, at most a moment old; who asks while it is being read waits for that one."""

    _read: Callable[[], Awaitable[T]]
    _monotonic: Callable[[], float] = time.monotonic
    _reading: asyncio.Task[T] | None = None
    _read_at: float = float("-inf")

    async def get(self) -> T:
        """Raises what `read` raises."""
        if self._reading is None or (self._reading.done() and self._is_old()):
            self._reading = asyncio.create_task(self._now(), name="look for the monitor")
        return await asyncio.shield(self._reading)

    async def _now(self) -> T:
        try:
            return await self._read()
        finally:
            self._read_at = self._monotonic()

    def _is_old(self) -> bool:
        return self._monotonic() - self._read_at >= MOMENT
