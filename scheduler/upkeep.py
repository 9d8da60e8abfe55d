"""Maintains the database: seals texts when the key is new, and blanks them when their retention is over."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress

import structlog

from cases.program import Program
from cases.reminders.recurring import night
from scheduler.delivery import Clock
from scheduler.tasks import Tasks
from storage.privacy import languages, retention, sealing, wipe
from storage.privacy.sealing import Place
from storage.reading import Reading
from storage.store import Store

log = structlog.get_logger(__name__)

ASK_AGAIN = 15.0
"""Seconds until it checks again whether bots of an older version are still running."""


class Upkeep:
    """Works beside the beat, a batch at a time, so that clicks and reminders come in between."""

    def __init__(
        self, store: Store, clock: Clock, tasks: Tasks, programs: Callable[[], Iterable[Program]]
    ) -> None:
        self._store = store
        self._clock = clock
        self._tasks = tasks
        self._programs = programs
        self._nights: set[tuple[int, str]] = set()
        self._stopped = asyncio.Event()

    async def seal(self) -> None:
        """Brings what is there up to the first key (storage/privacy/sealing.py); a stop ends it after the batch, the next start
        goes on.
        """
        settled = await self._settle_languages()
        if not self._store.vault.has_key:
            if settled:
                await self._clean()
            return
        if await self._store.ask(sealing.is_done):
            if settled:
                await self._clean()
        elif not await self._brought_up():
            return
        self._store.vault.strict = await self._store.ask(sealing.is_settled)

    async def _brought_up(self) -> bool:
        """Whether it finished."""
        if not await self._older_bots_gone():
            return False
        await self._store.write(sealing.begin, self._clock())
        place: Place | None = Place()
        done = 0
        while place is not None:
            if self._stopping:
                return False
            done = place.rows
            place = await self._store.write(sealing.seal_next, place)
        left = await self._store.write(sealing.finish, self._clock(), retire=False)
        if left:
            log.error("rows are not as Askdesk left them and were not sealed: see askdesk verify", rows=left)
        if done:
            log.info("everything is sealed and stamped with the key", rows=done)
        await self._clean()
        return not left

    async def _older_bots_gone(self) -> bool:
        """Waits for them: they cannot read what is written from here on. False where this bot is to stop meanwhile."""
        waits = False
        while not self._stopping and await self._store.ask(Reading.has_older_bots):
            if not waits:
                log.info("bots of an older version are at work: the record is keyed when they have stopped")
            waits = True
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopped.wait(), ASK_AGAIN)
        return not self._stopping

    async def look(self) -> None:
        """Starts the nightly deletion when it is due; an idle beat asks the database nothing."""
        now = self._clock()
        due = {
            (program.id, job.key): (program, job)
            for program in self._programs()
            if (job := night(program, now)) is not None
        }
        self._nights &= due.keys()
        for key in due.keys() - self._nights:
            program, job = due[key]
            mine = await self._store.write(retention.begin_night, program.id, job, now)
            self._nights.add(key)
            if mine:
                self._tasks.hold(self._purge(program), f"nightly deletion {program.channel}")

    def stop(self) -> None:
        """Starts no further batch."""
        self._stopped.set()

    @property
    def _stopping(self) -> bool:
        return self._stopped.is_set()

    async def _purge(self, program: Program) -> None:
        """Leaves what a stop or a failure prevents to the next night."""
        count = 0
        while not self._stopping:
            blanked = await self._store.write(retention.purge_next, program, self._clock())
            count += blanked
            if not blanked:
                break
        if count:
            log.info("personal data of closed cases was deleted", channel=program.channel, cases=count)
        await self._settle_languages()
        if not self._stopping:
            await self._clean()

    async def _settle_languages(self) -> int:
        """Languages that were written out become codes, or personal; how many. An older bot may write more of them."""
        count = 0
        while not self._stopping and (found := await self._store.ask(languages.written_out)):
            count += await self._store.write(languages.settle, found, self._clock())
        if count:
            log.info("languages that were written out were settled", cases=count)
        return count

    async def _clean(self) -> None:
        if not await self._store.alone(wipe.clean):
            log.warning(
                "the database was busy: its files may still hold what was overwritten; it is tried again at night"
            )
