"""The one place that reads the wall clock; everything else is handed the time."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog

from storage.now import read_now
from storage.store import Store

log = structlog.get_logger(__name__)

Clock = Callable[[], datetime]
"""Tells the time: an aware instant."""


def wall_clock() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


@dataclass
class SharedClock:
    """The database's time, so that replicas on machines whose clocks differ agree on what is due.

    Between two looks at the database it goes on by this machine's monotonic clock; somebody who sets the machine's
    own clock does not move it. `follow` first, then ask.
    """

    STALE = 10.0
    """Seconds after which the database is asked again."""
    SLOW = 1.0
    """An answer that took longer says too little about when it was given."""
    APART = timedelta(seconds=2)
    """A machine's clock that is further off is told of."""

    _store: Store
    _monotonic: Callable[[], float] = time.monotonic
    _wall: Clock = wall_clock
    _known: tuple[datetime, float] | None = None
    _told: bool = False

    def __call__(self) -> datetime:
        if self._known is None:
            raise RuntimeError("follow() comes first")
        moment, at = self._known
        return moment + timedelta(seconds=self._monotonic() - at)

    async def follow(self) -> None:
        """Asks the database, if that was long ago."""
        began = self._monotonic()
        if self._known is not None and began - self._known[1] < self.STALE:
            return
        moment = await self._store.ask(lambda reading: read_now(reading.connection))
        took = self._monotonic() - began
        if took > self.SLOW and self._known is not None:
            return
        self._known = (moment, began + took / 2)
        off = self._wall() - self()
        if (apart := abs(off) > self.APART) and not self._told:
            log.warning(
                "this machine's clock differs from the database's, which counts", seconds=off.total_seconds()
            )
        self._told = apart
