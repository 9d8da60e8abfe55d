"""Group commit: the changes that wait for SQLite's one writing thread share a transaction.

A commit waits for the disk, and costs as much for one change as for twenty. Each caller still gets its own answer, and
only once the change is durable.
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
"""Seconds after which a group takes no more jobs, so the first doesn't wait for all."""

Job = Callable[[UnitOfWork], Any]


@dataclass(frozen=True)
class _Asked:
    """A job, and the future its caller waits for."""

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
    """Writes each job together with those that are waiting, on an executor with one thread.

    `begin` opens a transaction; `alone` runs a job in its own, and retries it if that makes sense. If anything in a
    group fails, the group is rolled back and each of its jobs runs alone, so none fails because of another.
    """

    _thread: Executor
    _begin: Callable[[], AbstractContextManager[UnitOfWork]]
    _alone: Callable[[Job], Any]
    _waiting: deque[_Asked] = field(default_factory=deque)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _working: bool = False

    async def write(self, job: Job) -> Any:
        """What the job returns, once it is committed; raises what it raises."""
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
            except Exception as error:  # noqa: BLE001 - each job then runs alone, and raises its own
                for asked in group:
                    self._by_itself(asked, None if len(group) > 1 else error)
            else:
                for asked, result in zip(group, results, strict=True):
                    _reply(asked, asked.done, result)

    def _next(self, ends: float | None = None) -> _Asked | None:
        """The job that has waited longest; None once the group's time is over. Skips callers who gave up."""
        with self._lock:
            while self._waiting and (ends is None or time.monotonic() < ends):
                asked = self._waiting.popleft()
                if not asked.answer.cancelled():
                    return asked
            if ends is None:
                self._working = False
            return None

    def _together(self, group: list[_Asked]) -> list[Any]:
        """The results of the group's jobs, once all are committed. Adds waiting jobs to the group, even if it then
        fails.
        """
        ends, results = time.monotonic() + GROUP_FOR, []
        with self._begin() as unit:
            results.append(group[0].job(unit))
            while asked := self._next(ends):
                group.append(asked)
                results.append(asked.job(unit))
        return results

    def _by_itself(self, asked: _Asked, error: Exception | None) -> None:
        """In a transaction of its own; not again if it was alone already and the database was not the problem."""
        try:
            if error is not None and not is_worth_another_try(error):
                raise error
            _reply(asked, asked.done, self._alone(asked.job))
        except Exception as problem:  # noqa: BLE001 - the caller gets it
            _reply(asked, asked.failed, problem)


def _reply(asked: _Asked, how: Callable[[Any], None], what: Any) -> None:
    """Passes it from the writing thread to the caller's event loop, if that still runs."""
    loop = asked.answer.get_loop()
    try:
        loop.call_soon_threadsafe(how, what)
    except RuntimeError:
        if not loop.is_closed():
            raise


def is_worth_another_try(error: Exception) -> bool:
    """Whether the database or another writer was the problem, not the job."""
    if isinstance(error, StaleCase):
        return True
    return isinstance(error, (OperationalError, IntegrityError)) or getattr(
        error, "connection_invalidated", False
    )
