"""Group commit: what waits for SQLite's one writing thread is written in one transaction.

A commit waits for the disk, and costs as much for twenty changes as for one. Each caller still has an answer of its
own, and has it only when the change is durable.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.exc import IntegrityError, OperationalError

from storage.unit import StaleCase, UnitOfWork

GROUP_FOR = 0.025
"""Seconds after which a group takes no more: whoever came first should not wait for everybody."""

Job = Callable[[UnitOfWork], Any]


@dataclass(frozen=True)
class _Asked:
    """A job, and whoever waits for it."""

    job: Job
    answer: asyncio.Future[Any]

    def done(self, result: Any) -> None:
        if not self.answer.done():
            self.answer.set_result(result)

    def failed(self, error: BaseException) -> None:
        if not self.answer.done():
            self.answer.set_exception(error)


@dataclass(eq=False)
class GroupCommit:
    """Writes what it is given, together with whatever else is waiting, on an executor with one thread.

    `begin` opens a transaction; `alone` runs a job in one of its own, as often as that is worth trying. A group in
    which anything fails is rolled back, and each of its jobs is done alone: none suffers for another.
    """

    _thread: Executor
    _begin: Callable[[], AbstractContextManager[UnitOfWork]]
    _alone: Callable[[Job], Any]
    _waiting: deque[_Asked] = field(default_factory=deque)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _working: bool = False

    async def write(self, job: Job) -> Any:
        """What the job gives back, once it is committed; raises what it raises."""
        asked = _Asked(job, asyncio.get_running_loop().create_future())
        with self._lock:
            self._waiting.append(asked)
            begins, self._working = not self._working, True
        if begins:
            self._thread.submit(self._work)
        return await asked.answer

    def _work(self) -> None:
        """On the writing thread: until nobody waits."""
        while first := self._next():
            group = [first]
            try:
                results = self._together(group)
            except Exception as error:  # noqa: BLE001 - each is told its own, or what it raises alone
                for asked in group:
                    self._by_itself(asked, None if len(group) > 1 else error)
            else:
                for asked, result in zip(group, results, strict=True):
                    _tell(asked, asked.done, result)

    def _next(self, ends: float | None = None) -> _Asked | None:
        """Whoever waits longest, but nobody once the group's time is over; who has given up is passed over."""
        with self._lock:
            while self._waiting and (ends is None or time.monotonic() < ends):
                asked = self._waiting.popleft()
                if not asked.answer.cancelled():
                    return asked
            if ends is None:
                self._working = False
            return None

    def _together(self, group: list[_Asked]) -> list[Any]:
        """The results of the group's jobs, when all are committed; it grows by those who wait, also where it fails."""
        ends, results = time.monotonic() + GROUP_FOR, []
        with self._begin() as unit:
            results.append(group[0].job(unit))
            while asked := self._next(ends):
                group.append(asked)
                results.append(asked.job(unit))
        return results

    def _by_itself(self, asked: _Asked, error: Exception | None) -> None:
        """In a transaction of its own; not again, where it was alone and the database was not what stood in its way."""
        try:
            if error is not None and not is_worth_another_try(error):
                raise error
            _tell(asked, asked.done, self._alone(asked.job))
        except Exception as problem:  # noqa: BLE001 - it is for whoever asked
            _tell(asked, asked.failed, problem)


def _tell(asked: _Asked, how: Callable[[Any], None], what: Any) -> None:
    """From the writing thread to the loop on which somebody waits, if that still runs."""
    loop = asked.answer.get_loop()
    try:
        loop.call_soon_threadsafe(how, what)
    except RuntimeError:
        if not loop.is_closed():
            raise


def is_worth_another_try(error: Exception) -> bool:
    """Whether the database was in the way, or somebody else, rather than what the job wanted."""
    if isinstance(error, StaleCase):
        return True
    return isinstance(error, (OperationalError, IntegrityError)) or getattr(
        error, "connection_invalidated", False
    )
