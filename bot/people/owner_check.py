"""Frees the cases of owners who may no longer have one, and tells the whole channel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

from bot.people.directory import Directory, groups_of, lists_of
from bot.usecases import cases as usecases
from cases.program import Program
from cases.roles import lost_role
from scheduler.delivery import Clock
from storage.reading import Reading
from storage.store import Store

log = structlog.get_logger(__name__)

Changed = Callable[[Program], None]
"""Called with every program in which a case was freed."""


@dataclass(frozen=True)
class OwnerCheck:
    """Finds owners who have lost the role that a case needs. A group that Slack cannot read takes nobody's role."""

    _store: Store
    _directory: Directory
    _programs: Callable[[], Sequence[Program]]
    _clock: Clock
    _changed: Changed

    async def run(self) -> None:
        """Runs after a list or a program's settings changed; running it twice changes nothing."""
        for program in self._programs():
            if not await self._lost(program):
                continue
            # Somebody who went from one group to another is in neither while only the first list was read again.
            await self._directory.refresh(groups_of([program]))
            if self._directory.in_trouble(groups_of([program])):
                log.warning("a role may be lost, but not every group can be read", channel=program.channel)
                continue
            for number, owner in await self._lost(program):
                await free(self._store, self._clock, self._changed, (program.id, number), owner)

    async def _lost(self, program: Program) -> list[tuple[int, str]]:
        """The cases whose owners have no role, each as its number and its owner."""
        members = self._directory.members(lists_of([program]))
        held = await self._store.ask(Reading.held_in, program.id)
        return [(number, owner) for number, owner in held if lost_role(program, owner, members)]


async def free(store: Store, clock: Clock, changed: Changed, case: tuple[int, int], owner: str) -> None:
    """Frees a case, in a transaction of its own: one that fails does not stop the others."""
    program, number = case
    try:
        freed = await store.write(usecases.give_back, program, number, owner, clock())
    except Exception:
        log.exception("a case was not freed; tried again within the hour", case=number)
        return
    if freed is not None:
        log.warning("an owner can no longer have a case; it is free", case=number, owner=owner)
        changed(freed)
