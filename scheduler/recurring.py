"""Makes recurring posts: each once, by whichever replica looks first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from cases.program import Program
from cases.reminders.recurring import LATE_AT_MOST, due
from storage.outbox import schedule
from storage.store import Store


class RecurringPosts:
    """Makes a row and a notice of what is due by the programs' own clocks, in one transaction."""

    def __init__(self, store: Store, programs: Callable[[], Iterable[Program]]) -> None:
        self._store = store
        self._programs = programs
        self._made: set[tuple[int, str, str]] = set()
        self._looked_at: datetime | None = None

    async def make(self, now: datetime) -> list[str]:
        """Makes what is due and not made yet; the channels that hear of it.

        What was made is remembered while it is due, so that an idle beat asks the database nothing. A look after a
        pause (the bot was down, the database away) finds what was missed meanwhile.
        """
        since = self._looked_at or now - LATE_AT_MOST
        wanted = {
            (program.id, post.kind.value, post.key): (program, post)
            for program in self._programs()
            for post in due(program, now, since)
        }
        self._made &= wanted.keys()
        channels = []
        for key in wanted.keys() - self._made:
            program, post = wanted[key]
            made = await self._store.write(schedule.make_recurring, program.id, post, now, since)
            if made:
                channels.append(program.channel)
            if made is not None:
                self._made.add(key)
        self._looked_at = now
        return channels
