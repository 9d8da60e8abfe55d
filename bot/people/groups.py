"""The workspace's user groups by name: for the menus in which a manager types a few letters of one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import structlog

from bot.slack.answers import Group, ListUnreadable
from bot.slack.calls import Slack

log = structlog.get_logger(__name__)

FRESH = 60.0
"""Seconds for which a list counts: a menu asks at every letter, and Slack allows about twenty looks a minute."""

LOOKED_FOR = 5.0
"""Seconds for which it counts if what somebody types is not in it: the group may be brand new."""


class GroupCache:
    """The names of user groups, read when they are asked for and kept for a minute."""

    def __init__(self, slack: Slack) -> None:
        self._slack = slack
        self._groups: tuple[Group, ...] = ()
        self._read_at: float | None = None
        self._one_at_a_time = asyncio.Lock()

    async def all(self, fresh: float = FRESH) -> tuple[Group, ...]:
        """Every user group, by handle, read `fresh` seconds ago at most; the last good list where Slack cannot answer."""
        async with self._one_at_a_time:
            now = asyncio.get_running_loop().time()
            if self._read_at is None or now - self._read_at > fresh:
                try:
                    self._groups = tuple(sorted(await self._slack.groups(), key=lambda one: one.handle))
                    self._read_at = now
                except ListUnreadable as error:
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
        found = _holding(wanted, await self.all()) or _holding(wanted, await self.all(LOOKED_FOR))
        return sorted(found, key=lambda one: not one.handle.casefold().startswith(wanted))


def _holding(wanted: str, groups: Sequence[Group]) -> list[Group]:
    return [one for one in groups if wanted in f"{one.handle} {one.name}".casefold()]
