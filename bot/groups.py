"""The workspace's user groups by name: for the menus in which a manager types a few letters of one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import structlog

from bot.directory import GroupUnreadable

log = structlog.get_logger(__name__)

FRESH = 60.0
"""Seconds for which a list counts: a menu asks at every letter, and Slack allows about twenty looks a minute."""


@dataclass(frozen=True)
class Group:
    """A user group: its handle is what people type after `@`."""

    id: str
    handle: str
    name: str


class GroupList(Protocol):
    """Where all user groups are read; in `bot/slack.py`."""

    async def groups(self) -> Sequence[Group]:
        """The workspace's user groups; raises GroupUnreadable."""


class GroupBook:
    """The names of user groups, read when they are asked for and kept for a minute."""

    def __init__(self, source: GroupList) -> None:
        self._source = source
        self._groups: tuple[Group, ...] = ()
        self._read_at: float | None = None
        self._one_at_a_time = asyncio.Lock()

    async def all(self) -> tuple[Group, ...]:
        """Every user group, by handle; the last good list where Slack cannot answer."""
        async with self._one_at_a_time:
            now = asyncio.get_running_loop().time()
            if self._read_at is None or now - self._read_at > FRESH:
                try:
                    self._groups = tuple(sorted(await self._source.groups(), key=lambda one: one.handle))
                    self._read_at = now
                except GroupUnreadable as error:
                    log.warning("the user groups cannot be listed", why=str(error), known=len(self._groups))
            return self._groups

    async def by_id(self) -> dict[str, Group]:
        """Every user group, by its id."""
        return {group.id: group for group in await self.all()}

    def known(self) -> dict[str, Group]:
        """The list as it was last read, by id: for what cannot wait."""
        return {group.id: group for group in self._groups}

    async def like(self, text: str) -> list[Group]:
        """The groups whose handle or name holds what was typed, those that begin with it first."""
        wanted = text.strip().removeprefix("@").casefold()
        found = [one for one in await self.all() if wanted in f"{one.handle} {one.name}".casefold()]
        return sorted(found, key=lambda one: not one.handle.casefold().startswith(wanted))
