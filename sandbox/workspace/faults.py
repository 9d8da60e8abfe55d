"""What goes wrong on purpose, and how often an app may call.

Rate limits: https://docs.slack.dev/apis/web-api/rate-limits/.
"""

from __future__ import annotations

import math
import time
from dataclasses import asdict, dataclass
from typing import Literal, get_args

from sandbox.workspace.model import Json

FaultKind = Literal["http_500", "reset", "lost_answer", "done_500", "slow", "ratelimited", "error"]


@dataclass
class Fault:
    """Something to go wrong with a method (or `*`), a number of times or (None) until cleared."""

    kind: FaultKind
    method: str = "*"
    times: int | None = 1
    delay: float = 0.0
    retry_after: int = 1
    error: str = "internal_error"

    def __post_init__(self) -> None:
        if self.kind not in get_args(FaultKind):
            raise ValueError(f"no fault {self.kind!r}; there are {', '.join(get_args(FaultKind))}")


class Faults:
    """The faults that are still to come."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Let something go wrong from now on."""
        self._waiting.append(fault)

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self._waiting.clear()

    def describe(self) -> list[Json]:
        """The faults that are still to come, as JSON."""
        return [asdict(fault) for fault in self._waiting]

    def take(self, method: str) -> Fault | None:
        """The fault that this call meets, if any; it is used up by one."""
        for fault in self._waiting:
            if fault.method in ("*", method):
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times <= 0:
                        self._waiting.remove(fault)
                return fault
        return None


_PER_MINUTE = {1: 1, 2: 20, 3: 50, 4: 100}
_SPECIAL_PER_MINUTE = {"auth.test": 600, "chat.getPermalink": 600, "chat.postMessage": 600}
"""Slack says "hundreds per minute" for these; a channel may have about one post a second besides."""

POSTS_BURST = 4


@dataclass
class _Bucket:
    capacity: float
    per_second: float
    tokens: float
    at: float

    def wait(self, now: float) -> float:
        """Take one; the answer is for how many seconds there is none (0: it was taken)."""
        self.tokens = min(self.capacity, self.tokens + (now - self.at) * self.per_second)
        self.at = now
        if self.tokens >= 1:
            self.tokens -= 1
            return 0.0
        return (1 - self.tokens) / self.per_second


class Limits:
    """Rate limits per app and method, and per channel for posts; real time, not the workspace's."""

    def __init__(self, *, on: bool = True) -> None:
        self.on = on
        self._buckets: dict[tuple[str, str, str], _Bucket] = {}

    def clear(self) -> None:
        """Everybody may start anew."""
        self._buckets.clear()

    def retry_after(self, app_id: str, method: str, tier: int | str, channel: str | None) -> int:
        """Count a call: 0 when it may go on, else the whole seconds to wait."""
        if not self.on:
            return 0
        now = time.monotonic()
        if method == "chat.postMessage" and channel:
            wait = self._bucket((app_id, method, channel), POSTS_BURST, 1.0, now).wait(now)
            if wait > 0:
                return math.ceil(wait)
        per_minute = _SPECIAL_PER_MINUTE.get(method, 100) if isinstance(tier, str) else _PER_MINUTE[tier]
        burst = max(per_minute, 5)
        return math.ceil(self._bucket((app_id, method, ""), burst, per_minute / 60, now).wait(now))

    def _bucket(self, key: tuple[str, str, str], capacity: float, per_second: float, now: float) -> _Bucket:
        if key not in self._buckets:
            self._buckets[key] = _Bucket(capacity, per_second, capacity, now)
        return self._buckets[key]
