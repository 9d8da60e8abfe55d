"""The beat: once a second, and whenever nudged, what is due (reminders, recurring posts) is turned into notices."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from scheduler.delivery import Clock, Delivery
from scheduler.recurring import RecurringPosts
from scheduler.tasks import Tasks
from storage.outbox import replicas, schedule
from storage.store import Store
from storage.unit import UnitOfWork
from storage.writing import coaching

log = structlog.get_logger(__name__)

BATCH = 200
"""How many due reminders one transaction settles: few statements for many, and a storm of pings lets clicks through."""

UPBEAT = datetime(2026, 1, 1, microsecond=20_000, tzinfo=UTC)
"""From when beats are counted: each comes just after a whole second, as people agree on whole minutes. What is due then
is called for at once instead of within a second.
"""

BREATH = 0.05
"""Seconds from a beat to one that changes ask for: a storm of them is not a storm of beats."""

KEEP_KEYS = timedelta(days=2)

MISSED_BEATS = 5
"""After so many seconds the beat is restarted. APScheduler waits by the clock on the wall: where that is put back by an
hour, it would wait for an hour.
"""


class Beat:
    """Turns due reminders into notices, and wakes delivery. The schedule itself is the table."""

    def __init__(
        self,
        store: Store,
        delivery: Delivery,
        clock: Clock,
        tasks: Tasks,
        recurring: RecurringPosts,
        *,
        seconds: float = 1.0,
        batch: int = BATCH,
    ) -> None:
        self._store = store
        self._batch = batch
        self._delivery = delivery
        self._clock = clock
        self._tasks = tasks
        self._recurring = recurring
        self._one_at_a_time = asyncio.Lock()
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._seconds = seconds
        self._job = self._scheduler.add_job(
            self.beat, self._rhythm(), coalesce=True, max_instances=1, misfire_grace_time=None
        )
        self._scheduler.add_job(self._tidy, "interval", hours=1, coalesce=True, misfire_grace_time=None)
        self._first: list[Callable[[], Awaitable[None]]] = []
        self._then: list[Callable[[], Awaitable[None]]] = []
        self._nudged = False
        self._watching: asyncio.TimerHandle | None = None
        self._began: float | None = None
        self.last: float | None = None

    def _rhythm(self) -> IntervalTrigger:
        return IntervalTrigger(seconds=self._seconds, start_date=UPBEAT, timezone=UTC)

    def start(self) -> None:
        """Starts the beat; the first one finds whatever came due while no bot was running."""
        self._scheduler.start()
        self.nudge()
        self._watch()

    async def stop(self, within: float | None = None) -> None:
        """Ends after the beat under way, which APScheduler's own shutdown would cancel between two transactions.

        One that takes longer than `within` seconds is cancelled all the same: the next start finds what is due.
        """
        if self._watching is not None:
            self._watching.cancel()
        if self._scheduler.running:
            self._scheduler.pause()
            try:
                async with asyncio.timeout(within), self._one_at_a_time:
                    pass
            except TimeoutError:
                log.warning("a beat was given up at shutdown")
            self._scheduler.shutdown(wait=False)

    def hourly(self, job: Callable[[], Awaitable[None]]) -> None:
        """Runs `job` once an hour as well."""
        self._scheduler.add_job(job, "interval", hours=1, coalesce=True, misfire_grace_time=None)

    def first(self, job: Callable[[], Awaitable[None]]) -> None:
        """Runs `job` at the beginning of every beat."""
        self._first.append(job)

    def then(self, job: Callable[[], Awaitable[None]]) -> None:
        """Runs `job` at the end of every beat that succeeded."""
        self._then.append(job)

    def nudge(self) -> None:
        """Beats soon: a change planned something that may be due already. Many changes at once are one nudge."""
        if not self._nudged:
            self._nudged = True
            self._tasks.hold(self._beat_soon(), "beat")

    async def _beat_soon(self) -> None:
        if self._began is not None:
            await asyncio.sleep(self._began + BREATH - asyncio.get_running_loop().time())
        await self.beat()

    def _watch(self) -> None:
        """Checks, by a clock that is never set, whether the beat goes on."""
        loop = asyncio.get_running_loop()
        patience = MISSED_BEATS * self._seconds
        self._watching = loop.call_later(patience, self._watch)
        still = loop.time() - self._began if self._began is not None else 0.0
        if still > patience and not self._one_at_a_time.locked():
            log.warning("the beat stood still; was the machine's clock put back?", seconds=round(still, 1))
            self._job.reschedule(self._rhythm())
            self.nudge()

    async def beat(self) -> None:
        """Once, now; what fails is tried again by the next one."""
        async with self._one_at_a_time:
            self._nudged = False
            self._began = asyncio.get_running_loop().time()
            await self._do(self._first)
            # The next beat reads the same tables: whatever is in the way now, nothing is lost by going on.
            try:
                await self._settle_due()
            except Exception:
                log.exception("a beat failed to settle what is due")
                return
            finally:
                await self._make_recurring()
            self.last = asyncio.get_running_loop().time()
            await self._do(self._then)

    async def _do(self, jobs: Iterable[Callable[[], Awaitable[None]]]) -> None:
        for job in jobs:
            try:
                await job()
            except Exception:
                log.exception("what goes with a beat failed")

    async def _settle_due(self) -> None:
        found = await self._store.ask(schedule.look, self._clock())
        self._delivery.wake(found.channels)
        if found.reminders:
            async with asyncio.TaskGroup() as side_by_side:
                for _ in range(self._store.writers):
                    side_by_side.create_task(self._settle_reminders())
        while found.feedback and (
            channels := await self._store.write(coaching.chase_due, self._clock(), self._batch)
        ):
            self._nudge(set(channels))

    async def _settle_reminders(self) -> None:
        """Until none is due that nobody else has in hand."""
        while settled := await self._store.write(schedule.settle_due, self._clock(), self._batch):
            self._nudge({one.channel for one in settled if one.channel})

    def _nudge(self, channels: Iterable[str]) -> None:
        for channel in channels:
            self._delivery.nudge(channel)

    async def _make_recurring(self) -> None:
        try:
            self._nudge(await self._recurring.make(self._clock()))
        except Exception:
            log.exception("a beat failed to make the recurring posts")

    async def _tidy(self) -> None:
        await self._store.write(UnitOfWork.forget_handled, self._clock() - KEEP_KEYS)
        await self._store.write(replicas.forget_gone)
