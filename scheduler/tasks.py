"""Background tasks, held by name: none is lost to the garbage collector, none fails silently."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog

log = structlog.get_logger(__name__)


class Tasks:
    """The tasks of one application; `stop` waits for them."""

    def __init__(self) -> None:
        self._held: set[asyncio.Task[Any]] = set()

    def hold(self, work: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[Any]:
        """Runs `work` in the background; a failure is logged under its name."""
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._held.add(task)
        task.add_done_callback(self._done)
        return task

    async def idle(self) -> None:
        """Waits until no task is left, including those started meanwhile."""
        while self._held:
            await asyncio.wait(set(self._held))

    async def stop(self, grace: float) -> None:
        """Waits `grace` seconds for the tasks to end, then cancels the rest."""
        if self._held:
            await asyncio.wait(set(self._held), timeout=grace)
        for task in set(self._held):
            log.warning("a task was given up at shutdown", task=task.get_name())
            task.cancel()
        await asyncio.gather(*self._held, return_exceptions=True)

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._held.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a background task failed", task=task.get_name(), exc_info=error)
