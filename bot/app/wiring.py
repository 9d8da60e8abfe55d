"""Everything is put together here, from the settings; nothing is built at import."""

from __future__ import annotations

import asyncio
import os
import resource
import secrets
import socket
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.app.bolt import bolt_app
from bot.app.first_program import bootstrap
from bot.environment.clock import wall_clock
from bot.environment.settings import Settings
from bot.listeners.front import Front
from bot.listeners.guard import Guard
from bot.people.directory import Directory
from bot.people.groups import GroupCache
from bot.people.leavers import Leavers
from bot.people.names import DisplayNames
from bot.people.owner_check import OwnerCheck
from bot.people.program_cache import ProgramCache
from bot.posts.exports import ExportPosts
from bot.posts.home_publisher import HomePublisher
from bot.posts.poster import SlackPoster
from bot.posts.redactor import SlackRedactor
from bot.posts.reports import ReportPosts
from bot.slack.answers import Identity
from bot.slack.calls import SLACK_WAITS, Slack
from bot.slack.identity import TokenRefused, who_am_i
from bot.slack.inbound import Inbound
from bot.slack.sockets import Health as Line
from bot.slack.sockets import Sockets
from bot.watch.health import SILENT_AFTER, Health, Phase
from bot.watch.metrics import Metrics
from bot.watch.site import LIFE, monitor_routes
from bot.web.limits import FEWEST_CONNECTIONS, Limits, connections_within
from bot.web.server import HttpServer
from cases import languages
from cases.calendars import read_calendars
from cases.contact import load_address_rules
from cases.program import Program
from scheduler.beat import Beat
from scheduler.delivery import Clock, Delivery
from scheduler.recurring import RecurringPosts
from scheduler.redaction import Redactions
from scheduler.tasks import Tasks
from scheduler.upkeep import Upkeep
from storage.outbox import outbox, replicas
from storage.privacy import keyring
from storage.store import Store

log = structlog.get_logger(__name__)

GRACE = 8.0
"""Seconds that all running work together is given at shutdown."""

LEAVE_WITHIN, CLOSE_WITHIN = 2.0, 1.0
"""Seconds for what a stop does at its end. With `Pace.drain` and `GRACE` they come to less than
`bot.environment.forced_exit.LONGEST_STOP`.
"""


@dataclass(frozen=True)
class Pace:
    """Real seconds between two beats, between two posts in one channel (Slack allows about one a second), between
    two looks at a channel that is archived or without the bot, between two App Homes that are drawn anew (Slack
    allows about a hundred a minute), and between two messages that are edited because their customer was deleted (of
    the fifty a minute that Slack allows, cards need most). `drain` is how long requests are still taken
    after `/readyz` has said no, so that the load balancer sends the next ones elsewhere. `patience` is how long an
    HTTP client may take for each part of its request; `slack` is how long Slack waits for an ack, or for a form.
    """

    beat: float = 1.0
    post: float = 1.0
    away: float = 30.0
    drain: float = 5.0
    home: float = 0.7
    edit: float = 3.0
    patience: float = Limits.patience
    slack: float = SLACK_WAITS


WORD_EVERY = 3.0
"""Seconds after which a bot leaves word again in the database that it beats."""


class Askdesk:
    """The running desk: `start`, then `wait` until it cannot go on, then `stop`."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        clock: Clock,
        pace: Pace | None = None,
        follow: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """`follow` is done with each beat: it keeps a clock right that follows another one."""
        self.name = replica_name()
        self._settings = settings
        self._store = store
        self._clock = clock
        self._pace = pace or Pace()
        self._tasks = Tasks()
        self._barred: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._session = Slack.new_session()
        token = settings.slack_bot_token.get_secret_value()
        self._slack = Slack(token, settings.slack_api_url, self._session, self._bar, self._pace.slack)
        self._directory = Directory(store, self._slack, clock)
        self._programs = ProgramCache(store, self._directory, self._tasks)
        self._metrics = Metrics(store, clock, self.name, self._beat_age, self._lines)
        self._names = DisplayNames(self._slack)
        reports, exports = ReportPosts(store, self._slack, clock), ExportPosts(store, self._slack, clock)
        self._delivery = Delivery(
            store,
            SlackPoster(self._slack, clock, self._names, reports, exports),
            clock,
            self._tasks,
            sender=self.name,
            seconds_per_post=self._pace.post,
            seconds_away=self._pace.away,
            barred=self._bar,
            tried=self._metrics.tried,
        )
        recurring = RecurringPosts(store, self._programs.all)
        self._beat = Beat(store, self._delivery, clock, self._tasks, recurring, seconds=self._pace.beat)
        if follow is not None:
            self._beat.first(follow)
        self._beat.then(self._metrics.beat)
        self._beat.then(self._leave_word)
        self._word_at = float("-inf")
        self._leavers = Leavers(store, self._slack, clock, self._changed)
        owner_check = OwnerCheck(store, self._directory, self._programs.all, clock, self._changed)
        self._programs.then(owner_check.run)
        self._upkeep = Upkeep(store, clock, self._tasks, self._programs.all)
        self._redactions = Redactions(
            store,
            SlackRedactor(self._slack, self._names),
            clock,
            self._tasks,
            sender=self.name,
            seconds=self._pace.edit,
            barred=self._bar,
        )
        programs = self._programs.all
        self._homes = HomePublisher(
            store, self._slack, self._directory, programs, clock, self._tasks, seconds=self._pace.home
        )
        self._sockets: Sockets | None = None
        self.health = Health(store, self._beat_age, self._lines)
        self._inbound = self._inbound_requests()
        self._monitor = self._monitor_site()
        self._door = self._slacks_site()

    async def start(self) -> None:
        """Returns when the desk answers in Slack; waits for Slack as long as it takes.

        Raises TokenRefused or SocketAuthError where a token is not accepted, VaultError where the database is sealed
        with another key, SiteFailed where the site's port is taken.
        """
        for site in (self._monitor, self._door):
            if site is not None:
                await site.start(GRACE)
        log.info("listening", slack=_port_of(self._door), monitor=_port_of(self._monitor))
        await self._store.write(keyring.unlock, self._clock())
        if not self._store.vault.has_key:
            log.warning(
                "there is no ENCRYPTION_KEY: customers' names and numbers are kept as they are, coaching texts not at all"
            )
        self._tasks.hold(self._upkeep.seal(), "sealing")
        # Beside the question to Slack, as these take a while to load; the countries of the holidays follow with the programs.
        identity, *_ = await asyncio.gather(
            who_am_i(self._slack, self._settings),
            asyncio.to_thread(read_calendars),
            asyncio.to_thread(load_address_rules),
            asyncio.to_thread(languages.names),
        )
        differing = await self._store.write(bootstrap, self._settings, self._clock())
        if differing:
            log.warning(
                "the program was set up before: what Slack's settings say counts, not these variables",
                variables=differing,
            )
        await self._store.write(outbox.take_back, self._clock())
        await self._programs.reload()
        await self._programs.refresh_members()
        self._beat.first(self._programs.reload_if_changed)
        self._beat.first(self._programs.retry_members)
        self._beat.first(self._upkeep.look)
        self._beat.first(self._homes.publish_changes)
        self._beat.then(self._redactions.look)
        self._beat.hourly(self._programs.refresh_members)
        self._beat.hourly(self._leavers.sweep)
        self._beat.start()
        app = bolt_app(self._settings, identity, self._front(identity), self._metrics.answered)
        if (token := self._settings.slack_app_token) is not None:
            self._sockets = Sockets(app, token.get_secret_value(), self._slack.client)
            await self._sockets.start()
        elif self._inbound is not None:
            self._inbound.hear(app)
        self.health.phase = Phase.OPEN
        self._tasks.hold(self._leavers.sweep(), "leavers")
        log.info(
            "the desk is open", team=identity.team, channels=[one.channel for one in self._programs.all()]
        )

    async def wait(self) -> None:
        """Waits for a failure that no retry mends, and raises it."""
        if self.health.phase is Phase.STARTING:
            raise RuntimeError("start() comes first")
        if self._sockets is None:
            await asyncio.shield(self._barred)
            return
        sockets = asyncio.ensure_future(self._sockets.wait())
        try:
            await asyncio.wait({sockets, self._barred}, return_when=asyncio.FIRST_COMPLETED)
            for ended in (sockets, self._barred):
                if ended.done():
                    ended.result()
        finally:
            sockets.cancel()
            await asyncio.gather(sockets, return_exceptions=True)

    async def stop(self) -> None:
        """Takes nothing new, finishes what runs, closes. What is still in the outbox waits for the next start.

        In HTTP mode the load balancer is told first, and has `Pace.drain` seconds to send requests elsewhere.
        """
        was, self.health.phase = self.health.phase, Phase.STOPPING
        if self._settings.slack_app_token is None and was is Phase.OPEN:
            log.info("the desk closes: not ready any more", seconds=self._pace.drain)
            await asyncio.sleep(self._pace.drain)
        self._leavers.stop()
        self._upkeep.stop()
        self._redactions.stop()
        self._homes.stop()
        self._delivery.stop()
        loop = asyncio.get_running_loop()
        ends = loop.time() + GRACE

        def left() -> float:
            return max(0.0, ends - loop.time())

        if self._sockets is not None:
            await self._sockets.stop(left())
        if self._door is not None:
            await self._door.stop()
        await self._beat.stop(left())
        await self._tasks.stop(left())
        await self._within(LEAVE_WITHIN, self._take_leave(), "the others are told of the stop")
        await self._within(CLOSE_WITHIN, self._session.close(), "connections are closed")
        if self._monitor is not None:
            await self._within(CLOSE_WITHIN, self._monitor.stop(), "the monitor is closed")
        if self._barred.done() and not self._barred.cancelled():
            self._barred.exception()
        log.info("the desk is closed")

    def nudge(self) -> None:
        """Looks for due reminders now, as when the demo's clock was pushed."""
        self._beat.nudge()

    async def at_rest(self) -> None:
        """Waits until nothing is under way: what was due is settled, and what can be sent is sent."""
        await self._tasks.idle()

    def _inbound_requests(self) -> Inbound | None:
        """Who takes Slack's requests in HTTP mode; their timestamps are judged by this machine's own clock."""
        secret = self._settings.slack_signing_secret
        if self._settings.slack_address is None or secret is None:
            return None
        return Inbound(secret.get_secret_value(), wall_clock, self._metrics.refused)

    def _slacks_site(self) -> HttpServer | None:
        """Where strangers may knock."""
        if self._inbound is None or self._settings.slack_address is None:
            return None
        most = connections_within(resource.getrlimit(resource.RLIMIT_NOFILE)[0])
        limits = Limits(connections=most, patience=self._pace.patience)
        routes = {**LIFE, **self._inbound.routes}
        return HttpServer("HTTP", *self._settings.slack_address, routes, limits, self._metrics.refused)

    def _monitor_site(self) -> HttpServer | None:
        """For the operators' own network."""
        address = self._settings.monitor_address
        if address is None:
            return None
        named = "HTTP" if self._settings.monitor_port is None and self._inbound is None else "MONITOR"
        limits = Limits(connections=FEWEST_CONNECTIONS, patience=self._pace.patience, all_known=True)
        routes = monitor_routes(self.health, self._metrics)
        return HttpServer(named, *address, routes, limits, self._metrics.refused)

    def _front(self, identity: Identity) -> Front:
        return Front(
            store=self._store,
            slack=self._slack,
            guard=Guard(identity, self._programs.all),
            directory=self._directory,
            tasks=self._tasks,
            clock=self._clock,
            programs=self._programs.all,
            changed=self._changed,
            leavers=self._leavers,
            groups=GroupCache(self._slack),
            names=self._names,
            reload=self._programs.reload,
            refresh=self._programs.refresh,
            homes=self._homes,
        )

    async def _leave_word(self) -> None:
        """That this bot is at work, where the others and `askdesk doctor` find it."""
        now = asyncio.get_running_loop().time()
        if now - self._word_at >= WORD_EVERY:
            await self._store.write(replicas.note_beat, self.name)
            self._word_at = now

    async def _take_leave(self) -> None:
        """The channels go to the others at once; where the database does not answer, they find out in seconds."""
        age = self._beat_age()
        if age is None or age > SILENT_AFTER:
            return
        try:
            await self._store.write(replicas.leave, self.name)
        except SQLAlchemyError as error:
            log.warning("the others are not told of this stop; they find out", why=type(error).__name__)

    async def _within(self, seconds: float, ending: Coroutine[Any, Any, None], what: str) -> None:
        """Part of the stop, which does not wait for it longer than this."""
        try:
            async with asyncio.timeout(seconds):
                await ending
        except TimeoutError:
            log.warning("a part of the stop was given up", part=what, seconds=seconds)

    def _changed(self, program: Program) -> None:
        """A change was committed: what must be seen goes out, what is due already is found."""
        self._delivery.nudge(program.channel)
        self._beat.nudge()

    def _beat_age(self) -> float | None:
        last = self._beat.last
        return None if last is None else asyncio.get_running_loop().time() - last

    def _lines(self) -> Sequence[Line] | None:
        if self._settings.slack_app_token is None:
            return None
        return self._sockets.health() if self._sockets is not None else ()

    def _bar(self, why: str) -> None:
        if not self._barred.done():
            self._barred.set_exception(TokenRefused(why))


def _port_of(site: HttpServer | None) -> int | None:
    return None if site is None else site.port


def replica_name() -> str:
    """This process among the bots on one database: the machine, the process, and a few letters of its own."""
    return f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(2)}"
