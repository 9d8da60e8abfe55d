"""Redaction beside delivery: the bot's messages about blanked cases are edited one by one, slower than Slack allows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import KW_ONLY, dataclass, field
from datetime import timedelta
from typing import Protocol

import structlog

from scheduler.delivery import Clock
from scheduler.poster import Answer, Away, Barred, Gone, Later, Never, Sent, Unknown
from scheduler.tasks import Tasks
from storage.privacy import redaction
from storage.privacy.redaction import Redaction
from storage.store import Store

log = structlog.get_logger(__name__)

AWAY = timedelta(minutes=10)
"""Time until a message is tried again if its channel cannot be reached."""

LONGEST_BACKOFF = 600.0


class Redactor(Protocol):
    """Renders a message without what was blanked and edits it; lives in `bot/`."""

    async def redact(self, found: Redaction) -> Answer:
        """Edits it once, without retries of its own."""


@dataclass(eq=False)
class Redactions:
    """Works off what is queued; every message is a row, so that the next start goes on where this one ended.

    `seconds` lie between two edits, whichever bot makes them: cards share Slack's limit on them, 50 a minute and method
    (https://docs.slack.dev/reference/methods/chat.update), and most of it is theirs.
    """

    _store: Store
    _redactor: Redactor
    _clock: Clock
    _tasks: Tasks
    _: KW_ONLY
    sender: str
    barred: Callable[[str], None]
    seconds: float = 3.0
    _running: bool = field(default=False, init=False)
    _looked: float = field(default=float("-inf"), init=False)
    _stopping: asyncio.Event = field(default_factory=asyncio.Event, init=False)

    async def look(self) -> None:
        """With the beat, but no more often than messages are edited: begins where something is queued."""
        now = asyncio.get_running_loop().time()
        if self._running or self._stopping.is_set() or now - self._looked < self.seconds:
            return
        self._looked = now
        if await self._store.ask(redaction.any_queued, self._clock()):
            self._running = True
            self._tasks.hold(self._work(), "redaction")

    def stop(self) -> None:
        """Stops editing; whoever waits for the tasks finishes what is in progress."""
        self._stopping.set()

    async def _work(self) -> None:
        try:
            while not self._stopping.is_set():
                found = await self._store.write(redaction.claim, self._clock(), self.sender)
                if found is None:
                    return
                await self._pause(await self._edit(found))
        finally:
            self._running = False

    async def _edit(self, found: Redaction) -> float:
        """Edits one; for how many seconds Slack is to be left alone then."""
        answer, now, notice = await self._redactor.redact(found), self._clock(), found.notice
        match answer:
            case Sent():
                await self._store.write(redaction.done, notice, now)
            case Gone(why) | Never(why):
                log.info("a message cannot be redacted", why=why, notice=found.target.id)
                await self._store.write(redaction.unreachable, notice, why, now)
            case Later(seconds, why):
                await self._store.write(redaction.again, notice, why, now)
                return max(seconds, self.seconds)
            case Away(why):
                await self._store.write(redaction.again, notice, why, now + AWAY)
            case Unknown(why):
                pause = min(LONGEST_BACKOFF, 2.0 ** min(notice.tries + 1, 10))
                await self._store.write(redaction.again, notice, why, now + timedelta(seconds=pause))
            case Barred(why):
                await self._store.write(redaction.again, notice, why, now)
                self._stopping.set()
                self.barred(why)
        return self.seconds

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)
