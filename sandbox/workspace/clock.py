"""The workspace's own time: the real clock plus whatever a test has pushed it forward.

Everything that people see carries this time (message ids, event times, the `Date` header). Deadlines that protect
the connection itself (three seconds for an ack or a trigger id, rate limits) run on real time, as a pushed clock
must never make an app look late.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class SandboxClock:
    """A clock that can be pushed forward, and may stand still (`frozen`) between pushes."""

    def __init__(self, start: datetime | None = None, *, frozen: bool = False) -> None:
        """Begin at `start` (default: now). A frozen clock moves by `push` only, until it is told to `run`."""
        if start is not None and start.tzinfo is None:
            raise ValueError("start needs a time zone")
        self._start = start
        self._frozen = frozen
        self._listeners: list[Callable[[], None]] = []
        self.reset()

    def reset(self) -> None:
        """Go back to where the clock began: `start` if one was given, else the real time."""
        real = datetime.now(UTC)
        self._offset = timedelta() if self._start is None else self._start.astimezone(UTC) - real
        self._still = (real + self._offset) if self._frozen else None

    def now(self) -> datetime:
        """The workspace's time, in UTC."""
        if self._still is not None:
            return self._still
        return datetime.now(UTC) + self._offset

    def push(self, by: timedelta) -> datetime:
        """Let time pass; those who listen are told. Time never goes back."""
        if by < timedelta():
            raise ValueError("time does not go back")
        if self._still is not None:
            self._still += by
        else:
            self._offset += by
        for listener in list(self._listeners):
            listener()
        return self.now()

    async def let_pass(self, by: timedelta) -> datetime:
        """`push` for whoever lives in the workspace; a clock of one's own may take its time, and stop on the way."""
        return self.push(by)

    def run(self) -> None:
        """Let a frozen clock go on by itself from where it stands; a reset freezes it again."""
        if self._still is not None:
            self._offset, self._still = self._still - datetime.now(UTC), None

    def on_push(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` after each push; the answer is a function that ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)
