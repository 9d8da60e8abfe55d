"""The demo's site: the sandbox and the bot beside it on one event loop, with a shift that has been worked there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from bot.app.wiring import Askdesk, Pace
from bot.demo.environment import key, seeded_environment
from bot.demo.player import Player
from bot.demo.record import Mark
from bot.demo.shift import SHIFT
from bot.environment.manifest import manifest
from bot.environment.settings import load
from bot.slack.calls import SLACK_WAITS
from sandbox import NotPossible, Sandbox, SandboxClock, Seed
from sandbox.control.sidebar import mark_read, unread_replies
from sandbox.driver import Driver
from storage.outbox import schedule
from storage.schema import upgrade
from storage.store import Store
from storage.vault import Vault

UNREAD = timedelta(minutes=12)
"""What is new when the visitor comes in: an overdue call, a customer on the line."""

PORTS = 20
"""How many ports are tried, from the wanted one on."""

AS_FAST_AS_IT_GOES = Pace(beat=1.0, post=0.0, slack=60.0)
"""While the shift is played nobody looks on, and a slow machine takes its time."""

LIVELY = Pace(beat=0.2, post=0.2)
"""Between two posts a little less than Slack wants, so that nobody waits for the page."""

SETTING_UP = "The shift is still being set up. Give it a few seconds."

Tell = Callable[[int, int], None]
"""Hears how much of the shift has been played: so many turns of so many."""


@dataclass(frozen=True)
class Day:
    """A shift that stands: the desk's books, and how far they had come when the visitor came in."""

    books: Store
    mark: Mark


class PacedClock(SandboxClock):
    """Stands still until it is told to run; when a visitor lets time pass, `pace` decides how."""

    def __init__(self, start: datetime, pace: Callable[[timedelta], Awaitable[None]]) -> None:
        super().__init__(start, frozen=True)
        self._pace = pace

    async def let_pass(self, by: timedelta) -> datetime:
        """Back when the whole time has passed."""
        if by < timedelta():
            raise ValueError("time does not go back")
        await self._pace(by)
        return self.now()


class Site:
    """Opened once; `begin` starts the shift, `start_over` starts it again."""

    def __init__(
        self,
        folder: Path,
        moment: datetime,
        *,
        port: int = 0,
        empty: bool = False,
        slack_waits: float = SLACK_WAITS,
    ) -> None:
        self._folder = folder
        self._moment = moment
        self._turns = () if empty else SHIFT
        begins = moment + timedelta(minutes=self._turns[0].at if self._turns else 0)
        self.clock = PacedClock(begins, self._let_pass)
        self.sandbox = Sandbox(
            Seed(manifest()),
            port=port,
            port_tries=PORTS if port else 1,
            limits=False,
            clock=self.clock,
        )
        self._lively = replace(LIVELY, slack=slack_waits)
        self.day: Day | None = None
        """The shift as it stands; None while it is set up."""
        self._desk: Askdesk | None = None
        self._books: Store | None = None
        self._days = 0
        self._watching: asyncio.Task[None] | None = None
        self._again: asyncio.Task[None] | None = None
        self._passing = asyncio.Lock()
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Fails when the bot ends by itself."""
        self.clock.on_push(self._nudge)

    @property
    def has_shift(self) -> bool:
        """Whether there are cases before the visitor raises one."""
        return bool(self._turns)

    async def begin(self, tell: Tell | None = None) -> None:
        """Back when the shift stands, as the real bot has left it; from then on the clock runs by itself."""
        self._days += 1
        self._books = Store.at(self._database, Vault([key()]))
        await asyncio.to_thread(upgrade, self._books.engine)
        if self._turns:
            await self._open(self._books, AS_FAST_AS_IT_GOES)
            await self._play(tell or (lambda done, of: None))
            await self._shut()
        await self._open(self._books, self._lively)
        self.clock.run()
        self.day = Day(self._books, await self._books.ask(Mark.here))

    async def start_over(self) -> None:
        """Everything anew in the same workspace, so that open pages stay connected."""
        if self.day is None:
            raise NotPossible(SETTING_UP)
        self.day = None
        self._again = asyncio.create_task(self._start_over(), name="starting over")
        await asyncio.shield(self._again)  # whoever asked may go away meanwhile

    async def close(self) -> None:
        """The bot stops, then the workspace."""
        if self._again is not None:
            self._again.cancel()
            await asyncio.gather(self._again, return_exceptions=True)
        await self._end()
        await self.sandbox.stop()

    async def _start_over(self) -> None:
        async with self._passing:
            await self._end()
            self.sandbox.reset()
            try:
                await self.begin()
            except Exception as error:
                self._fails(error)
                raise

    async def _let_pass(self, by: timedelta) -> None:
        day = self.day
        async with self._passing:
            if day is None or day is not self.day:
                raise NotPossible(SETTING_UP)
            await self._pass_until(self.clock.now() + by)

    async def _pass_until(self, moment: datetime) -> None:
        """With a stop wherever the bot has something to do, so that nothing comes late."""
        due = await self._next_due()
        while due is not None and due <= moment:
            self._reach(due)
            await self._rest()
            before, due = due, await self._next_due()
            if due == before:
                break  # it could not be settled; the bot's log says why
        self._reach(moment)
        await self._rest()

    @property
    def _database(self) -> str:
        return f"sqlite:///{self._folder / f'day-{self._days}.db'}"

    async def _end(self) -> None:
        books, self._books, self.day = self._books, None, None
        await self._shut()
        if books is not None:
            books.close()

    async def _open(self, books: Store, pace: Pace) -> None:
        self.sandbox.wait_for_apps(pace.slack)
        settings = load(seeded_environment(self.sandbox.api_url, self._database))
        self._desk = desk = Askdesk(settings, books, self.clock.now, pace)
        await desk.start()
        self._watching = asyncio.create_task(self._watch(desk), name="the bot")

    async def _shut(self) -> None:
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
            self._watching = None
        if self._desk is not None:
            await self._desk.stop()
            self._desk = None

    async def _watch(self, desk: Askdesk) -> None:
        try:
            await desk.wait()
        except Exception as error:  # noqa: BLE001 - whoever runs the demo tells it
            self._fails(error)

    def _fails(self, error: Exception) -> None:
        if not self.over.done():
            self.over.set_exception(error)

    async def _play(self, tell: Tell) -> None:
        loop = asyncio.get_running_loop()

        def at_rest() -> None:
            asyncio.run_coroutine_threadsafe(self._rest(), loop).result()

        player = Player(Driver(self.sandbox.url), self._moment, at_rest)
        for done, turn in enumerate(self._turns):
            tell(done, len(self._turns))
            await self._pass_until(self._moment + timedelta(minutes=turn.at))
            await asyncio.to_thread(player.plays, turn)
        await self._pass_until(self._moment)
        self._everybody_reads(self._moment - UNREAD)
        tell(len(self._turns), len(self._turns))

    def _everybody_reads(self, until: datetime) -> None:
        """What came since is new to everybody."""
        workspace, ts = self.sandbox.workspace, f"{until.timestamp():.6f}"
        for user in workspace.users.values():
            for channel in workspace.channels.values():
                if user.id not in channel.members:
                    continue
                mark_read(workspace, user, channel, ts)
                for parent in channel.messages.values():
                    if unread_replies(workspace, user, parent):
                        mark_read(workspace, user, channel, ts, parent.ts)

    async def _rest(self) -> None:
        self._nudge()
        if self._desk is not None:
            await self._desk.at_rest()

    async def _next_due(self) -> datetime | None:
        if self._books is None:
            return None
        reminder = await self._books.ask(schedule.next_due)
        post = await self._books.ask(schedule.next_post, self.clock.now())
        return min((at for at in (reminder, post) if at is not None), default=None)

    def _reach(self, moment: datetime) -> None:
        self.clock.push(max(timedelta(), moment - self.clock.now()))

    def _nudge(self) -> None:
        if self._desk is not None:
            self._desk.nudge()
