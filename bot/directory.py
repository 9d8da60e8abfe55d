"""Who is who: roles from Slack's user groups, with the last good list for the times when Slack can't answer."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
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
    """Where a user group's members are read; in `bot/slack.py`."""

    async def group_members(self, group: str) -> tuple[str, ...]:
        """The members' ids; raises GroupUnreadable."""


class GroupUnreadable(Exception):
    """Slack could not say who is in a group; the text is Slack's error."""


class Directory:
    """The roles of everybody, answered from memory. Several groups per role: any of them suffices."""

    def __init__(self, store: Store, source: GroupSource, clock: Clock) -> None:
        self._store = store
        self._source = source
        self._clock = clock
        self._members: dict[str, tuple[str, ...]] = {}

    async def load(self) -> None:
        """The last good lists, so that a start without Slack, or another replica, knows who is who."""
        self._members = await self._store.ask(Reading.group_members) | self._members

    async def refresh(self, groups: Iterable[str]) -> dict[str, str]:
        """Reads these groups anew; one that Slack does not tell keeps its last good list.

        Returns those that Slack did not tell, each with its error.
        """
        wanted = list(dict.fromkeys(groups))
        failed = await asyncio.gather(*(self._refresh(group) for group in wanted))
        return {group: why for group, why in zip(wanted, failed, strict=True) if why}

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
        try:
            members = await self._source.group_members(group)
        except GroupUnreadable as error:
            known = len(self._members.get(group, ()))
            log.warning(
                "a user group cannot be read; its last good list stays",
                group=group,
                why=str(error),
                known=known,
            )
            return str(error)
        self._members[group] = members
        await self._store.write(Work.keep_group, group, members, self._clock())
        return None


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
