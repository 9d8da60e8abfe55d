"""This replica's copy of the programs, with the members of their user groups and channels."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from typing import Any

from bot.people.directory import Directory, lists_of
from cases.calendars import read_calendars
from cases.program import Program
from cases.workdays import calendars_of
from scheduler.tasks import Tasks
from storage.reading import Reading
from storage.store import Store


class ProgramCache:
    """The programs, read from the database at the start and whenever any replica changed one."""

    def __init__(self, store: Store, directory: Directory, tasks: Tasks) -> None:
        self._store = store
        self._directory = directory
        self._tasks = tasks
        self._programs: tuple[Program, ...] = ()
        self._version = -1
        self._then: list[Callable[[], Coroutine[Any, Any, None]]] = []

    def then(self, job: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Runs `job` in the background whenever this replica changed or read who is who."""
        self._then.append(job)

    def all(self) -> Sequence[Program]:
        return self._programs

    async def reload_if_changed(self) -> None:
        """Reads the programs again if another replica changed one or read a list of members; runs at every beat."""
        if await self._store.ask(Reading.programs_version) != self._version:
            await self._load()

    async def reload(self) -> None:
        """Reads the programs again after this replica changed one."""
        await self._load()
        self._follow()

    async def _load(self) -> None:
        """The programs as they stand, with who is in every group that they name, and in their channels."""
        version, programs = await self._store.ask(_versioned)
        # Before a form is drawn for them, and not on the loop, where every ack would wait meanwhile.
        await asyncio.to_thread(_read_calendars, programs)
        await self._directory.load()
        unknown = set(lists_of(programs)) - self._directory.members(lists_of(programs)).keys()
        if unknown and self._programs:
            self._tasks.hold(self.refresh(unknown), "members")
        if version >= self._version:
            self._programs, self._version = programs, version

    async def refresh_members(self) -> None:
        """Asks Slack who is in the user groups and channels."""
        await self.refresh(lists_of(self._programs))

    async def retry_members(self) -> None:
        """Asks Slack again for lists that it did not give, in the background."""
        if again := self._directory.overdue(lists_of(self._programs)):
            self._tasks.hold(self.refresh(again), "members")

    async def refresh(self, lists: Iterable[str]) -> None:
        """Asks Slack who is in these."""
        await self._directory.refresh(lists)
        self._follow()

    def _follow(self) -> None:
        for job in self._then:
            self._tasks.hold(job(), "who is who")


def _read_calendars(programs: Iterable[Program]) -> None:
    read_calendars(set().union(*map(calendars_of, programs)))


def _versioned(reading: Reading) -> tuple[int, tuple[Program, ...]]:
    """The programs, and a version that is theirs or older: what comes in between is noticed by the next look."""
    return reading.programs_version(), reading.programs()
