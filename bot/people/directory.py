"""Who is who: roles from Slack's user groups, and who is in each program's channel, with the last good list for the times
when Slack can't answer.
"""

from __future__ import annotations

import asyncio
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

import structlog

from bot.slack.answers import ListUnreadable
from cases.people import Person
from cases.program import Program
from cases.roles import may_lead, person
from scheduler.delivery import Clock
from storage.reading import Reading
from storage.records import ListRecord
from storage.store import Store
from storage.writing.people import mark_group_gone, save_channel, save_group

log = structlog.get_logger(__name__)


class ListSource(Protocol):
    """Where the members of user groups and channels are read; in `bot/slack/calls.py`."""

    async def group_members(self, group: str) -> tuple[str, ...]:
        """The members' ids; raises ListUnreadable."""

    async def channel_members(self, channel: str) -> tuple[str, ...]:
        """The members' ids; raises ListUnreadable."""


FIRST_PAUSE = 5.0
LONGEST_PAUSE = 600.0
"""Seconds until a list that could not be read is tried again; the pause doubles with each failure."""


@dataclass(frozen=True)
class _Trouble:
    """A list that could not be read: how often in a row, and when (loop time) it is tried again."""

    tries: int
    again_at: float


class Directory:
    """The roles of everybody and who is in the channels, answered from memory. Several groups per role: any of them suffices.

    A list is a user group or a channel, by its id.
    """

    def __init__(
        self, store: Store, source: ListSource, clock: Clock, *, first_pause: float = FIRST_PAUSE
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
        for one, known in (await self._store.ask(_lists)).items():
            self._take(one, known.members, known.read_at)

    async def refresh(self, lists: Iterable[str]) -> dict[str, str]:
        """Reads these lists again; keeps the last known version of those Slack doesn't give.

        Returns those that Slack did not tell, each with its error.
        """
        wanted = list(dict.fromkeys(lists))
        failed = await asyncio.gather(*(self._refresh(one) for one in wanted))
        return {one: why for one, why in zip(wanted, failed, strict=True) if why}

    def overdue(self, lists: Iterable[str]) -> list[str]:
        """The lists that could not be read and are due for another try.

        They are handed out once; any other list in trouble is forgotten, as no program names it.
        """
        wanted, now = set(lists), asyncio.get_running_loop().time()
        self._trouble = {one: trouble for one, trouble in self._trouble.items() if one in wanted}
        found = [one for one, trouble in self._trouble.items() if trouble.again_at <= now]
        for one in found:
            self._trouble[one] = replace(self._trouble[one], again_at=math.inf)
        return found

    def in_trouble(self, lists: Iterable[str]) -> bool:
        """Whether any of these lists could not be read when it was tried last; one that is gone is in no trouble."""
        return not self._trouble.keys().isdisjoint(lists)

    def members(self, lists: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """The last good lists of these groups and channels, where there are any."""
        return {one: self._members[one] for one in lists if one in self._members}

    def managers(self, program: Program) -> list[str]:
        """Everybody who manages the program, each once."""
        listed = self.members(program.manager_groups).values()
        return list(dict.fromkeys((*program.manager_users, *(user for users in listed for user in users))))

    def person(self, program: Program, user: str) -> Person:
        """Somebody as the program sees them now."""
        return person(program, user, self._members)

    def may_lead(self, programs: Iterable[Program], user: str) -> bool:
        """Whether somebody can be an agent's direct superior by their role."""
        return may_lead(programs, user, self._members)

    async def _refresh(self, one: str) -> str | None:
        read, keep = (
            (self._source.channel_members, save_channel)
            if is_channel(one)
            else (self._source.group_members, save_group)
        )
        # One look at a time: of two answers that cross on their way the older must not be the one that stays.
        async with self._one_at_a_time[one]:
            try:
                members = await read(one)
            except ListUnreadable as error:
                await self._failed(one, error)
                return str(error)
            now = self._clock()
            if one in self._trouble:
                log.info("members can be read again", of=one, members=len(members))
            self._trouble.pop(one, None)
            await self._store.write(keep, one, members, now)
            self._take(one, members, now)
            return None

    async def _failed(self, one: str, error: ListUnreadable) -> None:
        """Logged, and tried again soon; a list that is gone, in an hour."""
        known = len(self._members.get(one, ()))
        if error.gone and is_channel(one):
            self._trouble.pop(one, None)
            log.error(
                "a channel cannot be seen; its last good list stays", of=one, why=str(error), known=known
            )
            return
        if error.gone:
            self._trouble.pop(one, None)
            log.error(
                "a user group is gone in Slack; its last good list stays, and its people are called by name",
                of=one,
                why=str(error),
                known=known,
            )
            await self._store.write(mark_group_gone, one, self._clock())
            return
        tries = self._trouble[one].tries + 1 if one in self._trouble else 1
        pause = error.seconds or min(LONGEST_PAUSE, self._first_pause * 2.0 ** min(tries - 1, 10))
        self._trouble[one] = _Trouble(tries, asyncio.get_running_loop().time() + pause)
        log.warning(
            "members cannot be read; the last good list stays",
            of=one,
            why=str(error),
            known=known,
            tries=tries,
            seconds=pause,
        )

    def _take(self, one: str, members: tuple[str, ...], read_at: datetime) -> None:
        """The newer list counts, whoever read it."""
        if one not in self._read_at or read_at >= self._read_at[one]:
            self._members[one], self._read_at[one] = members, read_at


def is_channel(one: str) -> bool:
    """Whether an id is a channel's; a user group's begins with S."""
    return not one.startswith("S")


def lists_of(programs: Sequence[Program]) -> list[str]:
    """Every list that says who is who: the programs' user groups and channels."""
    return [*groups_of(programs), *(program.channel for program in programs)]


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


def _lists(reading: Reading) -> dict[str, ListRecord]:
    return {**reading.groups(), **reading.channels()}
