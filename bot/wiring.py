"""Everything is put together here, from the settings; nothing is built at import."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import socket
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import aiohttp
import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from sqlalchemy.exc import SQLAlchemyError

from bot.directory import Directory, groups_of
from bot.export_posts import ExportPosts
from bot.groups import GroupBook
from bot.guard import Guard, Identity
from bot.health import SILENT_AFTER, Health, Phase
from bot.homes import Homes
from bot.leavers import Leavers
from bot.listeners import (
    arrivals,
    clicks,
    coaching,
    commands,
    elsewhere,
    home,
    reports,
    settings,
    submissions,
)
from bot.listeners.front import Front
from bot.metrics import MeasuredApp, Metrics
from bot.poster import SlackPoster
from bot.report_posts import ReportPosts
from bot.settings import Settings
from bot.site import Site
from bot.slack import BARRED, Slack, error_code
from bot.sockets import Health as Line
from bot.sockets import Sockets
from cases.hours import has_holidays, load_holidays
from cases.program import Program
from scheduler.beat import Beat
from scheduler.delivery import Clock, Delivery
from scheduler.recurring import RecurringPosts
from scheduler.tasks import Tasks
from scheduler.upkeep import Upkeep
from storage import keyring, outbox, replicas
from storage.reading import Reading
from storage.store import Store
from storage.work import Work

log = structlog.get_logger(__name__)

GRACE = 8.0
"""Seconds that all running work together is given at shutdown."""

LEAVE_WITHIN, CLOSE_WITHIN = 2.0, 1.0
"""Seconds for what a stop does at its end. With `Pace.drain` and `GRACE` they come to less than
`bot.ending.LONGEST_STOP`.
"""


@dataclass(frozen=True)
class Pace:
    """Real seconds between two beats, between two posts in one channel (Slack allows about one a second), between
    two looks at a channel that is archived or without the bot, and between two App Homes that are drawn anew (Slack
    allows about a hundred a minute). `drain` is how long requests are still taken
    after `/readyz` has said no, so that the load balancer sends the next ones elsewhere.
    """

    beat: float = 1.0
    post: float = 1.0
    away: float = 30.0
    drain: float = 5.0
    home: float = 0.7


WORD_EVERY = 3.0
"""Seconds after which a bot leaves word again in the database that it beats."""


class TokenRefused(Exception):
    """Slack does not accept a token; the text says which and what to do."""


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
        self._programs: tuple[Program, ...] = ()
        self._programs_version = -1
        self._barred: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._session = Slack.new_session()
        token = settings.slack_bot_token.get_secret_value()
        self._slack = Slack(token, settings.slack_api_url, self._session, self._bar)
        self._directory = Directory(store, self._slack, clock)
        self._groups = GroupBook(self._slack)
        self._metrics = Metrics(store, clock, self.name, self._beat_age, self._lines)
        self._delivery = Delivery(
            store,
            SlackPoster(
                self._slack,
                clock,
                ReportPosts(store, self._slack, clock),
                ExportPosts(store, self._slack, clock),
            ),
            clock,
            self._tasks,
            sender=self.name,
            seconds_per_post=self._pace.post,
            seconds_away=self._pace.away,
            barred=self._bar,
            tried=self._metrics.tried,
        )
        recurring = RecurringPosts(store, self._all_programs)
        self._beat = Beat(store, self._delivery, clock, self._tasks, recurring, seconds=self._pace.beat)
        if follow is not None:
            self._beat.first(follow)
        self._beat.then(self._metrics.beat)
        self._beat.then(self._leave_word)
        self._word_at = float("-inf")
        self._leavers = Leavers(store, self._slack, clock, self._changed)
        self._upkeep = Upkeep(store, clock, self._tasks, self._all_programs)
        self._homes = Homes(
            store,
            self._slack,
            self._directory,
            self._all_programs,
            clock,
            self._tasks,
            seconds=self._pace.home,
        )
        self._sockets: Sockets | None = None
        self.health = Health(store, self._beat_age, self._lines)
        port = settings.site_port
        self.site = None if port is None else Site(settings.http_host, port, self.health, self._metrics)

    async def start(self) -> None:
        """Returns when the desk answers in Slack; waits for Slack as long as it takes.

        Raises TokenRefused or SocketAuthError where a token is not accepted, VaultError where the database is sealed
        with another key, SiteFailed where the site's port is taken.
        """
        if self.site is not None:
            await self.site.start(GRACE)
        await self._store.write(keyring.unlock, self._clock())
        if not self._store.vault.has_key:
            log.warning(
                "there is no ENCRYPTION_KEY: customers' names and numbers are kept as they are, coaching texts not at all"
            )
        self._tasks.hold(self._upkeep.seal(), "sealing")
        # Beside the question to Slack: else whoever fills in the first form would wait for the calendars.
        identity, _ = await asyncio.gather(self._who_am_i(), asyncio.to_thread(load_holidays))
        differing = await self._store.write(bootstrap, self._settings)
        if differing:
            log.warning(
                "the program was set up before: what Slack's settings say counts, not these variables",
                variables=differing,
            )
        await self._store.write(outbox.take_back, self._clock())
        await self._reload()
        await self._refresh_groups()
        self._beat.first(self._look_for_changes)
        self._beat.first(self._retry_groups)
        self._beat.first(self._upkeep.look)
        self._beat.first(self._homes.look)
        self._beat.hourly(self._refresh_groups)
        self._beat.hourly(self._leavers.sweep)
        self._beat.start()
        app = self._app(identity)
        if (token := self._settings.slack_app_token) is not None:
            self._sockets = Sockets(app, token.get_secret_value(), self._slack.client)
            await self._sockets.start()
        elif self.site is not None:
            self.site.hear(app)
        self.health.phase = Phase.OPEN
        self._tasks.hold(self._leavers.sweep(), "leavers")
        log.info(
            "the desk is open", team=identity.team, channels=[program.channel for program in self._programs]
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
        self._homes.stop()
        self._delivery.stop()
        loop = asyncio.get_running_loop()
        ends = loop.time() + GRACE

        def left() -> float:
            return max(0.0, ends - loop.time())

        if self._sockets is not None:
            await self._sockets.stop(left())
        elif self.site is not None:
            await self.site.stop()
        await self._beat.stop(left())
        await self._tasks.stop(left())
        await self._within(LEAVE_WITHIN, self._take_leave(), "the others are told of the stop")
        await self._within(CLOSE_WITHIN, self._session.close(), "connections are closed")
        if self.site is not None:
            await self._within(CLOSE_WITHIN, self.site.stop(), "the site is closed")
        if self._barred.done() and not self._barred.cancelled():
            self._barred.exception()
        log.info("the desk is closed")

    def nudge(self) -> None:
        """Looks for due reminders now, as when the demo's clock was pushed."""
        self._beat.nudge()

    async def at_rest(self) -> None:
        """Waits until nothing is under way: what was due is settled, and what can be sent is sent."""
        await self._tasks.idle()

    def _app(self, identity: Identity) -> AsyncApp:
        token = self._settings.slack_bot_token.get_secret_value()

        async def authorize() -> AuthorizeResult:
            return AuthorizeResult(
                enterprise_id=None,
                team_id=identity.team,
                bot_token=token,
                bot_id=identity.bot_id,
                bot_user_id=identity.bot_user,
            )

        logger = logging.getLogger("slack_bolt")
        logger.setLevel(
            logging.ERROR
        )  # it warns that it ignores SLACK_BOT_TOKEN, which is read here, not there
        secret = self._settings.slack_signing_secret
        by_http = self._settings.slack_app_token is None
        app = MeasuredApp(
            self._metrics.answered,
            name="askdesk",  # without a name it reads the sources of all its callers to find one
            authorize=authorize,
            signing_secret=secret.get_secret_value() if secret else None,
            process_before_response=True,
            request_verification_enabled=by_http,
            ssl_check_enabled=by_http,
            url_verification_enabled=by_http,
            attaching_function_token_enabled=False,
            attaching_conversation_kwargs_enabled=False,
            logger=logger,
        )
        front = Front(
            self._store,
            self._slack,
            Guard(identity, self._all_programs),
            self._directory,
            self._tasks,
            self._clock,
            self._all_programs,
            self._changed,
            self._leavers,
            self._groups,
            self._reload,
            self._homes,
        )
        for listeners in (
            commands,
            clicks,
            submissions,
            coaching,
            settings,
            reports,
            home,
            arrivals,
            elsewhere,
        ):
            listeners.register(app, front)
        return app

    async def _who_am_i(self) -> Identity:
        token = self._settings.slack_app_token
        app = None if token is None else token.get_secret_value().split("-")[2]
        pause = 1.0
        while True:
            try:
                return await self._slack.identity(app)
            except SlackApiError as error:
                code = error_code(error)
                if code in BARRED or code == "not_allowed_token_type":
                    raise TokenRefused(_refused("SLACK_BOT_TOKEN", code)) from None
                why = code
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                why = type(error).__name__
            log.warning("Slack does not answer; trying again", why=why, seconds=pause)
            await asyncio.sleep(pause)
            pause = min(30.0, pause * 2)

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

    async def _look_for_changes(self) -> None:
        """Another replica may have changed a program or read a user group: this one follows within a beat."""
        if await self._store.ask(Reading.programs_version) != self._programs_version:
            await self._reload()

    async def _reload(self) -> None:
        """The programs as they stand, with the people of every group that they name."""
        version, programs = await self._store.ask(_versioned)
        await self._directory.load()
        unknown = set(groups_of(programs)) - self._directory.members(groups_of(programs)).keys()
        if unknown and self._programs:
            self._tasks.hold(self._refresh(unknown), "user groups")
        if version >= self._programs_version:
            self._programs, self._programs_version = programs, version

    async def _refresh(self, groups: Iterable[str]) -> None:
        await self._directory.refresh(groups)

    async def _refresh_groups(self) -> None:
        await self._directory.refresh(groups_of(self._programs))

    async def _retry_groups(self) -> None:
        """Beside the beat, which waits for nobody: what Slack did not tell is asked for again."""
        if again := self._directory.overdue(groups_of(self._programs)):
            self._tasks.hold(self._refresh(again), "user groups")

    def _all_programs(self) -> Sequence[Program]:
        return self._programs

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
            self._barred.set_exception(TokenRefused(_refused("SLACK_BOT_TOKEN", why)))


def replica_name() -> str:
    """This process among the bots on one database: the machine, the process, and a few letters of its own."""
    return f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(2)}"


def _refused(variable: str, code: str) -> str:
    return (
        f"{variable} is refused by Slack ({code}). Install the app to the workspace again, copy the new token from "
        "OAuth & Permissions, and start again. Nothing is lost: what waits is sent then."
    )


def _versioned(reading: Reading) -> tuple[int, tuple[Program, ...]]:
    """The programs, and a version that is theirs or older: what comes in between is noticed by the next look."""
    return reading.programs_version(), reading.programs()


def bootstrap(work: Work, settings: Settings) -> list[str]:
    """Makes the first program where its channel has none yet, and changes none that is there: it is edited in Slack.

    Returns the variables that say something else than the program that is there.
    """
    groups = settings.sme_tl_usergroup_ids
    said: dict[str, dict[str, Any]] = {
        "ASK_PROGRAM_NAME": {"name": settings.ask_program_name},
        "ASK_TIMEZONE": {"timezone": settings.ask_timezone},
        "ASK_CUSTOMER_TIMEZONE": {"customer_timezone": settings.ask_customer_timezone},
        "ASK_PHONE_REGION": {"phone_region": settings.ask_phone_region},
        "SME_TL_USERGROUP_IDS": {"sme_groups": groups[:1], "tl_groups": groups[1:] or groups},
        "SME_TL_USER_IDS": {"sme_users": settings.sme_tl_user_ids},
        "MANAGER_USERGROUP_IDS": {"manager_groups": settings.manager_usergroup_ids},
        "MANAGER_USER_IDS": {"manager_users": settings.manager_user_ids},
    }
    channel = settings.ask_channel_id
    known = next((program for program in work.programs() if program.channel == channel), None)
    if known is not None:
        return [name for name, fields in said.items() if replace(known, **fields) != known]
    region = settings.ask_phone_region
    fields = {name: value for part in said.values() for name, value in part.items()}
    country = region if has_holidays(region) else None
    work.keep_program(Program(id=0, channel=channel, holiday_country=country, **fields))
    return []
