"""What isn't done by people: time that passes, things that go wrong, sockets that break."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Literal

from sandbox.driver.wire import Wire

Json = dict[str, Any]
FaultKind = Literal["http_500", "reset", "lost_answer", "done_500", "slow", "ratelimited", "error"]
Which = int | str


class Clock:
    """The workspace's time: what messages and events carry, not what acks and triggers are measured by."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def now(self) -> datetime:
        """What time it is."""
        return datetime.fromisoformat(self._wire.get("clock")["now"])

    def passes(self, **duration: float) -> datetime:
        """Let time pass, as in ``passes(minutes=15)``; answers what time it is then."""
        seconds = timedelta(**duration).total_seconds()
        return datetime.fromisoformat(self._wire.post("clock", seconds=seconds)["now"])

    def reaches(self, moment: datetime) -> datetime:
        """Let time pass until ``moment``."""
        if moment.tzinfo is None:
            raise ValueError(f"{moment} needs a time zone")
        return self.passes(seconds=(moment - self.now()).total_seconds())


class Faults:
    """What goes wrong with the app's calls."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def add(
        self,
        kind: FaultKind,
        method: str = "*",
        *,
        times: int | None = 1,
        delay: float = 0.0,
        retry_after: int = 1,
        error: str = "internal_error",
    ) -> None:
        """Let the next calls of ``method`` go wrong, ``times`` of them or (None) until cleared.

        ``http_500`` and ``reset`` happen before the call has had an effect, ``done_500`` and ``lost_answer`` (which is
        a reset) after it; ``slow`` answers after ``delay`` seconds, ``ratelimited`` with 429 and ``retry_after``,
        ``error`` with that code.
        """
        body: Json = {
            "kind": kind,
            "method": method,
            "times": times,
            "delay": delay,
            "retry_after": retry_after,
            "error": error,
        }
        self._wire.send("faults", body)

    def left(self) -> list[Json]:
        """The faults that no call has met yet."""
        found: list[Json] = self._wire.get("faults")["faults"]
        return found

    def clear(self) -> None:
        """Let nothing go wrong any more."""
        self._wire.delete("faults")

    @contextmanager
    def during(self, kind: FaultKind, method: str = "*", **more: Any) -> Iterator[None]:
        """Let every call of ``method`` go wrong within a ``with`` block."""
        self.add(kind, method, **{"times": None, **more})
        try:
            yield
        finally:
            self.clear()


class Sockets:
    """The app's WebSocket connections. ``which``: an index, a connection's id, or ``all``."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def list(self) -> list[Json]:
        """The connections, the oldest first."""
        found: list[Json] = self._wire.get("sockets")["sockets"]
        return found

    def alive(self) -> int:
        """How many connections are open."""
        return sum(1 for socket in self.list() if socket["alive"])

    def refresh(self, which: Which = "all") -> None:
        """Ask the app to connect anew, as Slack does every few hours."""
        self._switch("refresh", which)

    def close(self, which: Which = "all") -> None:
        """Close them without warning."""
        self._switch("close", which)

    def reset(self, which: Which = "all") -> None:
        """Cut them, as a network does."""
        self._switch("reset", which)

    def deafen(self, which: Which = "all") -> None:
        """Let them stay open, but neither hear nor answer."""
        self._switch("deaf", which)

    def revive(self, which: Which = "all") -> None:
        """Let them hear again."""
        self._switch("revive", which)

    def duplicate_next(self) -> None:
        """Send the next envelope twice."""
        self._wire.post("sockets", action="duplicate_next")

    def _switch(self, action: str, which: Which) -> None:
        self._wire.post("sockets", action=action, which=which)
