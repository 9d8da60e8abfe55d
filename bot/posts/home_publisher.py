"""Publishes App Homes when people open them, and again when something in them changes.

Straight to Slack and not through the outbox: one person sees a Home, and opening it publishes it again. Homes that were
opened lately are kept up to date; several changes are published together, no faster than Slack accepts them.
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
"""Seconds for which a Home is followed after it was opened: Slack does not say when somebody looks away."""

FOLLOWED_AT_MOST = 300

AS_TIME_PASSES = timedelta(minutes=1)
"""After which Homes are looked at again though nothing happened: what was due may be overdue by now."""


@dataclass
class _Viewer:
    """Somebody who looks at their Home: since when (loop time), at which program's desk, and what stands there."""

    since: float
    chosen: int | None = None
    shown: Json | None = None
    drawing: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass(eq=False)
class HomePublisher:
    """Keeps the Homes of a workspace's people up to date; `seconds` lie between two that it publishes."""

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
        """Somebody opened theirs: it is drawn at once, and followed from now on."""
        viewer = self._viewers.pop(user, None) or _Viewer(0.0)
        viewer.since = asyncio.get_running_loop().time()
        self._viewers[user] = viewer
        while len(self._viewers) > FOLLOWED_AT_MOST:
            del self._viewers[next(iter(self._viewers))]
        await self._draw(user, viewer, anew=True)

    async def choose(self, user: str, program: int) -> None:
        """Somebody wants to see another program's desk."""
        self._viewers.setdefault(user, _Viewer(0.0)).chosen = program
        await self.opened(user)

    async def publish_changes(self) -> None:
        """At every beat: whether anything happened since the last look, by any replica's hand, or time has passed."""
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
        """Draws one; for how many seconds Slack is to be left alone then, or the database where nothing was to be drawn."""
        try:
            return self.seconds if await self._draw(user, viewer) else self.seconds / 10
        except SlackApiError as error:
            if wait := retry_after(error):
                self._waiting[user] = None
                return wait
            log.warning("a Home was not drawn anew", user=user, why=error_code(error))
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            log.warning("a Home was not drawn anew", user=user, why=type(error).__name__)
        return self.seconds

    async def _draw(self, user: str, viewer: _Viewer, *, anew: bool = False) -> bool:
        """Publishes a Home where it says something else than what stands there; whether it did."""
        async with viewer.drawing:
            view = await self._view(user, viewer)
            said = {**view, "blocks": view["blocks"][:-1]}  # the last says as of when
            if said == viewer.shown and not anew:
                return False
            await self._slack.publish_home(user, view)
            viewer.shown = said
            return True

    async def _view(self, user: str, viewer: _Viewer) -> Json:
        programs, now = self._programs(), self._clock()
        people = [(program, self._directory.person(program, user)) for program in programs]
        desks = [program.id for program, who in people if who.takes_cases]
        shown = viewer.chosen if viewer.chosen in desks else next(iter(desks), None)
        members = self._directory.members(lists_of(programs))

        def all_of_them(reading: Reading) -> list[AtHome]:
            return [
                home_usecases.look(reading, program, who, members, now, floor=program.id == shown)
                for program, who in people
            ]

        return home.home(programs, await self._store.ask(all_of_them), now)

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)


def _newest_event(reading: Reading) -> int:
    """The last line of any record: every change of a case or a program has one."""
    return reading.value(select(func.max(t.events.c.id))) or 0
