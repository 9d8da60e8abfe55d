"""Frees what leavers held: somebody whose Slack account is deactivated owns no case and is nobody's superior.

Slack tells it by an event. For those who left while the bot was away, the owners of waiting cases, the direct superiors
and those who are named in a program's settings are looked up at the start and once an hour. Whatever of it comes twice
changes nothing the second time.
"""

from __future__ import annotations

import asyncio

import structlog

from bot.people.members import Member, Members, MemberUnreadable
from bot.people.owner_check import Changed, free
from bot.slack.calls import Slack
from scheduler.delivery import Clock
from storage.reading import Reading
from storage.store import Store
from storage.writing import coaching
from storage.writing.people import mark_left, mark_returned

log = structlog.get_logger(__name__)

ENOUGH = 3
"""After so many look-ups without an answer a sweep ends: Slack is down, and the next sweep follows."""


class Leavers:
    """Gives back what leavers held; `changed` hears of every program in which a case was freed."""

    def __init__(self, store: Store, slack: Slack, clock: Clock, changed: Changed) -> None:
        self._store = store
        self._clock = clock
        self._changed = changed
        self._stopping = asyncio.Event()
        self._members = Members(slack, self._pause)

    async def told(self, member: Member) -> None:
        """Handles a changed account. Somebody who comes back finds everything as it is by then."""
        if member.deactivated:
            await self._left(member.id)
        elif await self._store.ask(Reading.has_left, member.id):
            await self._store.write(mark_returned, member.id, self._clock())

    async def sweep(self) -> None:
        """Looks for leavers among those who matter; what cannot be looked up is looked up the next time."""
        try:
            owners = await self._store.ask(Reading.owners)
            superiors = await self._store.ask(Reading.superiors)
            programs = await self._store.ask(Reading.programs)
            named = sorted(user for program in programs for user in program.named)
            failed = 0
            for user in dict.fromkeys((*owners, *superiors, *named)):
                if self._stopping.is_set() or failed == ENOUGH:
                    return
                failed += not await self._look_at(user)
        except _Stopping:
            return
        except Exception:
            log.exception("looking for leavers failed; tried again within the hour")

    def stop(self) -> None:
        """Ends a sweep that is under way, also one that waits because Slack asked for it."""
        self._stopping.set()

    async def _look_at(self, user: str) -> bool:
        """Whether Slack gave the state of an account."""
        try:
            found = await self._members.by_id(user)
        except MemberUnreadable as error:
            log.warning(
                "somebody cannot be looked up; tried again within the hour", user=user, why=str(error)
            )
            return False
        if found is None:
            log.warning("somebody whom the desk knows is not known to Slack", user=user)
        elif found.deactivated:
            await self._left(user)
        return True

    async def _left(self, user: str) -> None:
        await self._store.write(mark_left, user, self._clock())
        for program in await self._store.write(coaching.pass_on, user, self._clock()):
            self._changed(program)
        for case in await self._store.ask(Reading.held_by, user):
            await free(self._store, self._clock, self._changed, case, user)

    async def _pause(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return
        raise _Stopping


class _Stopping(Exception):
    """The desk closes while a look-up waits."""
