"""Publishes App Homes when people open them, and again when something in them changes.

They go straight to Slack, not through the outbox: only one person sees a Home, and opening it publishes it again.
Recently opened Homes are kept up to date; changes are published together, no faster than Slack accepts them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import KW_ONLY, dataclass, field
from datetime import datetime, timedelta

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from sqlalchemy import func, select

from bot.people.directory import Directory, lists_of
from bot.slack.calls import Slack, error_code, retry_after
from bot.usecases import home as home_usecases
from bot.usecases.home import AtHome
from bot.views import home
from bot.views.message import Json
from cases.program import Program
from scheduler.delivery import Clock
from scheduler.tasks import Tasks
from storage import tables as t
from storage.reading import Reading
from storage.store import Store

log = structlog.get_logger(__name__)

FOLLOWED = 30 * 60.0
"""How many seconds a Home is kept up to date after it was opened: Slack doesn't say when somebody closes it."""

FOLLOWED_AT_MOST = 300

AS_TIME_PASSES = timedelta(minutes=1)
"""Homes are refreshed at least this often, even if nothing happened: what was due may have become overdue."""


@dataclass
class _Viewer:
    """Somebody with an open Home: since when (loop time), which program they chose, and what it shows."""

    since: float
    chosen: int | None = None
    shown: Json | None = None
    drawing: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass(eq=False)
class HomePublisher:
    """Keeps people's open Homes up to date; `seconds` is the pause between publishing two."""

    _store: Store
    _slack: Slack
    _directory: Directory
    _programs: Callable[[], Sequence[Program]]
    _clock: Clock
    _tasks: Tasks
    _: KW_ONLY
    seconds: float = 0.7
    _viewers: dict[str, _Viewer] = field(default_factory=dict, init=False)
    _waiting: dict[str, None] = field(default_factory=dict, init=False)
    _drawing: bool = field(default=False, init=False)
    _seen: int = field(default=-1, init=False)
    _looked: datetime | None = field(default=None, init=False)
    _stopping: asyncio.Event = field(default_factory=asyncio.Event, init=False)

    async def opened(self, user: str) -> None:
        """Somebody opened theirs: draws it immediately, and keeps it up to date from now on."""
        viewer = self._viewers.pop(user, None) or _Viewer(0.0)
        viewer.since = asyncio.get_running_loop().time()
        self._viewers[user] = viewer
        while len(self._viewers) > FOLLOWED_AT_MOST:
            del self._viewers[next(iter(self._viewers))]
        await self._draw(user, viewer, anew=True)

    async def choose(self, user: str, program: int) -> None:
        """Shows somebody another program."""
        self._viewers.setdefault(user, _Viewer(0.0)).chosen = program
        await self.opened(user)

    async def publish_changes(self) -> None:
        """At every beat: checks whether anything happened since the last time, on any replica, or time has passed."""
        now = asyncio.get_running_loop().time()
        for user in [user for user, one in self._viewers.items() if now - one.since > FOLLOWED]:
            del self._viewers[user]
        if not self._viewers:
            return
        newest, shown = await self._store.ask(_newest_event), self._clock()
        if newest == self._seen and self._looked is not None and shown - self._looked < AS_TIME_PASSES:
            return
        self._seen, self._looked = newest, shown
        self._waiting |= dict.fromkeys(self._viewers)
        if not self._drawing and not self._stopping.is_set():
            self._drawing = True
            self._tasks.hold(self._draw_waiting(), "homes")

    def stop(self) -> None:
        """Stops drawing."""
        self._stopping.set()

    async def _draw_waiting(self) -> None:
        try:
            while self._waiting and not self._stopping.is_set():
                user = next(iter(self._waiting))
                del self._waiting[user]
                viewer = self._viewers.get(user)
                if viewer is not None:
                    await self._pause(await self._drawn(user, viewer))
        finally:
            self._drawing = False

    async def _drawn(self, user: str, viewer: _Viewer) -> float:
        """Draws one; returns how many seconds to leave Slack alone, or the database if there was nothing to draw."""
        try:
            return self.seconds if await self._draw(user, viewer) else self.seconds / 10
        except SlackApiError as error:
            if wait := retry_after(error):
                self._waiting[user] = None
                return wait
            log.warning("a Home was not redrawn", user=user, why=error_code(error))
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            log.warning("a Home was not redrawn", user=user, why=type(error).__name__)
        return self.seconds

    async def _draw(self, user: str, viewer: _Viewer, *, anew: bool = False) -> bool:
        """Publishes a Home if its content differs from what is shown; returns whether it did."""
        async with viewer.drawing:
            view = await self._view(user, viewer)
            said = {**view, "blocks": view["blocks"][:-1]}  # the last block only says as of when
            if said == viewer.shown and not anew:
                return False
            await self._slack.publish_home(user, view)
            viewer.shown = said
            return True

    async def _view(self, user: str, viewer: _Viewer) -> Json:
        programs, now = self._programs(), self._clock()
        people = [(program, self._directory.person(program, user)) for program in programs]
        works_in = [program.id for program, who in people if who.works_here]
        shown = viewer.chosen if viewer.chosen in works_in else next(iter(works_in), None)
        members = self._directory.members(lists_of(programs))

        def all_of_them(reading: Reading) -> list[AtHome]:
            return [
                home_usecases.home_of(reading, program, who, members, now, floor=program.id == shown)
                for program, who in people
            ]

        return home.home(programs, await self._store.ask(all_of_them), now)

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)


def _newest_event(reading: Reading) -> int:
    """The last line of any record: every change of a case or a program adds one."""
    return reading.value(select(func.max(t.events.c.id))) or 0
