"""Who is who: roles from Slack's user groups, with the last good list for the times when Slack can't answer."""

from __future__ import annotations

import asyncio
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

import structlog

from cases.people import Person
from cases.program import Program
from cases.words import Role
from scheduler.delivery import Clock
from storage.reading import Reading
from storage.store import Store
from storage.work import Work

log = structlog.get_logger(__name__)


class GroupSource(Protocol):
    """Where a user group's members are read; in `bot/slack/calls.py`."""

    async def group_members(self, group: str) -> tuple[str, ...]:
        """The members' ids; raises GroupUnreadable."""


class GroupUnreadable(Exception):
    """Slack could not say who is in a group; the text is Slack's error.

    `gone`: Slack did answer, and there is no such group any more. `seconds` is how long Slack asks to wait.
    """

    def __init__(self, why: str, *, gone: bool = False, seconds: float = 0.0) -> None:
        super().__init__(why)
        self.gone = gone
        self.seconds = seconds


FIRST_PAUSE = 5.0
LONGEST_PAUSE = 600.0
"""Seconds until a group that could not be read is tried again; the pause doubles with each failure."""


@dataclass(frozen=True)
class _Trouble:
    """A group that could not be read: how often in a row, and from when on (loop time) it is tried again."""

    tries: int
    again_at: float


class Directory:
    """The roles of everybody, answered from memory. Several groups per role: any of them suffices."""

    def __init__(
        self, store: Store, source: GroupSource, clock: Clock, *, first_pause: float = FIRST_PAUSE
    ) -> None:
        self._store = store
        self._source = source
        self._clock = clock
        self._first_pause = first_pause
        self._members: dict[str, tuple[str, ...]] = {}
        self._read_at: dict[str, datetime] = {}
        self._trouble: dict[str, _Trouble] = {}
        self._one_at_a_time: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def load(self) -> None:
        """The last good lists, so that a start without Slack, or another replica, knows who is who."""
        for group, known in (await self._store.ask(Reading.groups)).items():
            self._take(group, known.members, known.read_at)

    async def refresh(self, groups: Iterable[str]) -> dict[str, str]:
        """Reads these groups anew; one that Slack does not tell keeps its last good list.

        Returns those that Slack did not tell, each with its error.
        """
        wanted = list(dict.fromkeys(groups))
        failed = await asyncio.gather(*(self._refresh(group) for group in wanted))
        return {group: why for group, why in zip(wanted, failed, strict=True) if why}

    def overdue(self, groups: Iterable[str]) -> list[str]:
        """Those of these groups that could not be read, and whose time has come to be tried again.

        They are handed out once; any other group in trouble is forgotten, as no program names it.
        """
        wanted, now = set(groups), asyncio.get_running_loop().time()
        self._trouble = {group: one for group, one in self._trouble.items() if group in wanted}
        found = [group for group, one in self._trouble.items() if one.again_at <= now]
        for group in found:
            self._trouble[group] = replace(self._trouble[group], again_at=math.inf)
        return found

    def members(self, groups: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """The last good lists of these groups, where there are any."""
        return {group: self._members[group] for group in groups if group in self._members}

    def managers(self, program: Program) -> list[str]:
        """Everybody who manages the program, each once."""
        listed = self.members(program.manager_groups).values()
        return list(dict.fromkeys((*program.manager_users, *(user for users in listed for user in users))))

    def person(self, program: Program, user: str) -> Person:
        """Somebody as the program sees them now; whoever is in no group is an agent."""
        roles = set()
        if self._is_in(user, program.sme_tl_groups, program.sme_tl_users):
            roles.add(Role.SME_TL)
        if self._is_in(user, program.manager_groups, program.manager_users):
            roles.add(Role.MANAGER)
        departments = frozenset(d.name for d in program.departments if self._is_in(user, d.groups, d.users))
        return Person(user, frozenset(roles or {Role.AGENT}), departments)

    def _is_in(self, user: str, groups: Sequence[str], users: Sequence[str]) -> bool:
        return user in users or any(user in self._members.get(group, ()) for group in groups)

    async def _refresh(self, group: str) -> str | None:
        # One look at a time: of two answers that cross on their way the older must not be the one that stays.
        async with self._one_at_a_time[group]:
            try:
                members = await self._source.group_members(group)
            except GroupUnreadable as error:
                await self._failed(group, error)
                return str(error)
            now = self._clock()
            if group in self._trouble:
                log.info("a user group can be read again", group=group, members=len(members))
            self._trouble.pop(group, None)
            await self._store.write(Work.keep_group, group, members, now)
            self._take(group, members, now)
            return None

    async def _failed(self, group: str, error: GroupUnreadable) -> None:
        """Loud, and soon tried again; a group that is no more is looked at again in an hour."""
        known = len(self._members.get(group, ()))
        if error.gone:
            self._trouble.pop(group, None)
            log.error(
                "a user group is gone in Slack; its last good list stays, and its people are called by name",
                group=group,
                why=str(error),
                known=known,
            )
            await self._store.write(Work.lose_group, group, self._clock())
            return
        tries = self._trouble[group].tries + 1 if group in self._trouble else 1
        pause = error.seconds or min(LONGEST_PAUSE, self._first_pause * 2.0 ** min(tries - 1, 10))
        self._trouble[group] = _Trouble(tries, asyncio.get_running_loop().time() + pause)
        log.warning(
            "a user group cannot be read; its last good list stays",
            group=group,
            why=str(error),
            known=known,
            tries=tries,
            seconds=pause,
        )

    def _take(self, group: str, members: tuple[str, ...], read_at: datetime) -> None:
        """The newer list counts, whoever read it."""
        if group not in self._read_at or read_at >= self._read_at[group]:
            self._members[group], self._read_at[group] = members, read_at


def groups_of(programs: Iterable[Program]) -> list[str]:
    """Every user group that gives a role somewhere, or works a shift."""
    return [
        group
        for program in programs
        for group in (
            *program.sme_tl_groups,
            *program.manager_groups,
            *(group for department in program.departments for group in department.groups),
            *(group for shift in program.shifts for group in shift.groups),
        )
    ]
