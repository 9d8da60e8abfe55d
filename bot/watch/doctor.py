"""`askdesk doctor`: checks everything that an installation needs, and says how to fix what fails.

It changes nothing, and the bot may run meanwhile. A check that another failure prevents is reported as unseen, not as
passed.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.environment.settings import Settings
from bot.people.directory import groups_of
from bot.people.names import DisplayNames
from bot.slack.answers import ListUnreadable
from bot.slack.calls import BARRED, Slack, error_code, http_status, retry_after
from bot.slack.inbound import EVENTS
from bot.slack.sockets import FATAL
from cases.program import Program
from scheduler.delivery import Clock
from storage.files import open_to_others
from storage.outbox import replicas
from storage.privacy import keyring, redaction
from storage.reading import Reading
from storage.reports import backlog
from storage.reports.backlog import Parked
from storage.schema import Standing, standing
from storage.store import Store
from storage.vault import VaultError
from storage.verify import verify

CLOCK_MAY_DIFFER = timedelta(seconds=5)
"""Slack gives its time in whole seconds, and an answer takes a moment."""

BEATS_EVERY = timedelta(seconds=15)
"""A bot notes its beat every few seconds; after this long without one it hangs or is gone."""

BEAT_TAKES = timedelta(minutes=1)
"""If a reminder has been due for longer and no beat made a notice of it, no bot is looking after it."""

DELIVERY_TAKES = timedelta(minutes=2)
"""A channel accepts about one message a second; what waits for longer is held up."""


NAMED_AT_MOST = 20
"""How many people one line names."""

CHECKS = ("beat", "promises", "outbox", "parked notices", "redaction")
"""What is checked in the database, besides each program's record."""


class Verdict(StrEnum):
    """What was found; `unseen`: it could not be checked."""

    OK = "ok"
    WRONG = "wrong"
    UNSEEN = "unseen"


@dataclass(frozen=True)
class Finding:
    """One line: what was checked, what was found, and how to fix it. `refused`: Slack refuses a token."""

    check: str
    verdict: Verdict
    what: str
    do: str = ""
    refused: bool = False


def ok(check: str, what: str) -> Finding:
    return Finding(check, Verdict.OK, what)


def wrong(check: str, what: str, do: str, *, refused: bool = False) -> Finding:
    return Finding(check, Verdict.WRONG, what, do, refused)


def unseen(check: str, why: str) -> Finding:
    return Finding(check, Verdict.UNSEEN, f"not checked: {why}")


def gone(check: str, error: SQLAlchemyError) -> Finding:
    return unseen(check, f"the database stopped answering ({type(error).__name__})")


class Unanswered(Exception):
    """Slack gave no usable answer; the text says why."""


@dataclass
class Doctor:
    """Runs the checks once. `clock` is the bots' shared clock, `wall` this machine's, `manifest` the app's."""

    _settings: Settings
    _slack: Slack
    _store: Store
    _clock: Clock
    _wall: Clock
    _manifest: Mapping[str, Any]
    _programs: Sequence[Program] = ()

    async def examine(self) -> list[Finding]:
        """Every line, in the order in which an installation is made."""
        database = self._database()
        readable = database[0].verdict is Verdict.OK
        if readable:
            self._programs = self._store.ask_now(Reading.programs)
        found = [*await self._of_slack(), *database]
        if readable:
            looks = (self._beat, self._promises, self._outbox, self._parked, self._redaction)
            found += [self._seen(check, look) for check, look in zip(CHECKS, looks, strict=True)]
            found += self._records(fits=database[-1].verdict is Verdict.OK)
        else:
            found += [unseen(check, "the database cannot be read") for check in (*CHECKS, "record")]
        return found

    # Slack

    async def _of_slack(self) -> list[Finding]:
        try:
            answer = await self._asked(self._slack.client.auth_test)
        except Unanswered as error:
            do = "Check that this machine reaches the address in SLACK_API_URL. If Slack is down, wait."
            return [
                wrong("bot token", f"Slack does not answer: {error}", do),
                *self._no_slack("it is silent"),
            ]
        except SlackApiError as error:
            code = error_code(error)
            do = "Install the app to the workspace again, and copy the new token from OAuth & Permissions."
            found = wrong("bot token", f"Slack refuses SLACK_BOT_TOKEN: {code}", do, refused=code in BARRED)
            return [found, *self._no_slack("it refuses the token")]
        bot = ok("bot token", f"accepted: {answer['team']}, as @{answer['user']}")
        return [
            bot,
            self._granted(answer.headers),
            await self._way_in(),
            self._time(answer.headers),
            *[await self._channel(*one) for one in self._channels()],
            *[await self._people(program) for program in self._programs],
            *[await self._group(group) for group in dict.fromkeys(groups_of(self._programs))],
        ]

    def _no_slack(self, why: str) -> list[Finding]:
        checks = ("scopes", "way in", "clock", "channel", "people", "group")
        return [unseen(check, f"{why}, see above") for check in checks]

    def _granted(self, headers: Mapping[str, str]) -> Finding:
        granted = {scope.strip() for scope in header(headers, "x-oauth-scopes").split(",") if scope.strip()}
        needed = frozenset(self._manifest["oauth_config"]["scopes"]["bot"])
        if missing := sorted(needed - granted):
            do = "Paste manifest.yml at the app's App Manifest, then install the app to the workspace again."
            return wrong("scopes", f"missing: {', '.join(missing)}", do)
        more = sorted(granted - needed)
        said = f"; more than it needs: {', '.join(more)}" if more else ""
        return ok("scopes", f"all {len(needed)} of the manifest{said}")

    async def _way_in(self) -> Finding:
        """Socket Mode: whether Slack gives an address for a connection; it is not used. HTTP mode: where requests go."""
        token = self._settings.slack_app_token
        if token is None:
            host, port = self._settings.slack_address or ("", 0)
            return ok("way in", f"HTTP mode: the bot waits for Slack's requests at {host}:{port}{EVENTS}")
        call = self._slack.client.apps_connections_open
        try:
            await self._asked(lambda: call(app_token=token.get_secret_value()))
        except Unanswered as error:
            return unseen("way in", str(error))
        except SlackApiError as error:
            code = error_code(error)
            do = (
                "Make a new one at Basic Information → App-Level Tokens, with the scope connections:write, and check that "
                "Socket Mode is on in the app."
            )
            said = f"Slack refuses SLACK_APP_TOKEN: {code}"
            return wrong("way in", said, do, refused=code in FATAL)
        return ok("way in", "Socket Mode: the app token is accepted")

    def _time(self, headers: Mapping[str, str]) -> Finding:
        try:
            theirs = parsedate_to_datetime(header(headers, "date"))
        except ValueError:
            return unseen("clock", "Slack's answer has no time")
        off = self._wall() - theirs
        if abs(off) <= CLOCK_MAY_DIFFER:
            return ok("clock", "as Slack's")
        way = "ahead of" if off > timedelta() else "behind"
        return wrong(
            "clock",
            f"{spoken(abs(off))} {way} Slack's",
            "Set this machine's clock with NTP: reminders and the check of Slack's signatures depend on it.",
        )

    def _channels(self) -> list[tuple[str, str]]:
        """Every ASK channel with the program's name; before the first start, the one of the settings."""
        if self._programs:
            return [(program.name, program.channel) for program in self._programs]
        return [(self._settings.ask_program_name, self._settings.ask_channel_id)]

    async def _channel(self, name: str, channel: str) -> Finding:
        check = f"channel of {name}"
        invite = "Type /invite @askdesk there."
        try:
            answer = await self._asked(lambda: self._slack.client.conversations_info(channel=channel))
        except Unanswered as error:
            return unseen(check, str(error))
        except SlackApiError as error:
            code = error_code(error)
            do = f"Check whether the id is right. If the channel is private, the bot must be in it. {invite}"
            return wrong(check, f"{channel} cannot be seen: {code}", do)
        found = answer["channel"]
        named = f"#{found['name']}"
        if found.get("is_archived"):
            return wrong(check, f"{named} is archived", "Unarchive it. The bot then sends what waits for it.")
        if not found.get("is_member"):
            return wrong(
                check, f"the bot is not in {named}", f"{invite} The bot then sends what waits for it."
            )
        return ok(check, f"the bot is in {named}")

    async def _people(self, program: Program) -> Finding:
        """Whether everybody who is called is in the channel: a mention there reaches nobody else."""
        check = f"people of {program.name}"
        called = set(program.named)
        try:
            there = await self._slack.channel_members(program.channel)
            for group in dict.fromkeys(groups_of([program])):
                called.update(await self._in_group(group))
        except ListUnreadable as error:
            return unseen(check, f"Slack does not list who is in the channel or a group ({error})")
        absent = sorted(called.difference(there))
        if not absent:
            return ok(check, "everybody with a role is in the channel")
        names = await DisplayNames(self._slack).of(*absent[:NAMED_AT_MOST])
        said = ", ".join(
            f"{names[user]} ({user})" if user in names else user for user in absent[:NAMED_AT_MOST]
        )
        more = f" and {len(absent) - NAMED_AT_MOST} more" if len(absent) > NAMED_AT_MOST else ""
        return wrong(
            check,
            f"not in the channel, so no mention reaches them: {said}{more}",
            "Invite them with /invite, or remove their role: in the user group, or in /askdesk settings.",
        )

    async def _in_group(self, group: str) -> tuple[str, ...]:
        """A group's members; nobody where the group is gone, which has a line of its own. Raises ListUnreadable."""
        try:
            return await self._slack.group_members(group)
        except ListUnreadable as error:
            if error.gone:
                return ()
            raise

    async def _group(self, group: str) -> Finding:
        check = f"group {group}"
        do = "A manager can choose another one in /askdesk settings → Who is who (or Departments, Shifts)."
        try:
            answer = await self._asked(lambda: self._slack.client.usergroups_users_list(usergroup=group))
        except Unanswered as error:
            return unseen(check, str(error))
        except SlackApiError as error:
            return wrong(check, f"Slack does not list its members: {error_code(error)}", do)
        if members := answer.get("users"):
            return ok(check, "one member" if len(members) == 1 else f"{len(members)} members")
        return wrong(check, "nobody is in it", f"Add people to it in Slack. {do}")

    async def _asked(self, call: Callable[[], Awaitable[Any]]) -> Any:
        """Slack's answer, or its refusal as SlackApiError; Unanswered where it gave neither."""
        try:
            return await call()
        except SlackApiError as error:
            if retry_after(error):
                raise Unanswered("Slack asks to wait; run this again in a minute") from None
            if http_status(error) >= 500:
                raise Unanswered(error_code(error)) from None
            raise
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise Unanswered(type(error).__name__) from None

    # The database

    def _database(self) -> list[Finding]:
        """Whether it can be read; whether what is sealed in it can be opened."""
        url = make_url(self._settings.database_url)
        upgrade = "Run askdesk db upgrade; askdesk run does it, too."
        if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
            return [
                wrong("database", f"there is no file {url.database}", upgrade),
                unseen("key", "no database"),
            ]
        try:
            how = self._store.ask_now(lambda reading: standing(reading.connection))
        except SQLAlchemyError as error:
            said = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
            do = "Check that the server runs and that DATABASE_URL names it."
            return [wrong("database", f"it does not answer: {said}", do), unseen("key", "no database")]
        match how:
            case Standing.MISSING:
                return [wrong("database", "it is empty", upgrade), unseen("key", "no schema")]
            case Standing.BEHIND:
                return [
                    wrong("database", "its schema is older than this version", upgrade),
                    unseen("key", "the schema is old"),
                ]
            case Standing.AHEAD:
                said = f"{url.get_backend_name()}, its schema is of a newer version of Askdesk"
            case Standing.CURRENT:
                said = f"{url.get_backend_name()}, its schema is the newest"
        return [ok("database", said), *self._files(), self._key()]

    def _files(self) -> list[Finding]:
        """Whether anybody else on this machine can open a SQLite database's files."""
        url = make_url(self._settings.database_url)
        if url.get_backend_name() != "sqlite":
            return []
        if wide := open_to_others(Path(url.database or "")):
            named = ", ".join(f"{file.name} ({mode:04o})" for file, mode in wide)
            do = f"Run chmod 600 {' '.join(str(file) for file, _ in wide)}, as the user who runs the bot."
            return [wrong("files", f"others on this machine can open {named}", do)]
        return [ok("files", "only their owner can open them")]

    def _key(self) -> Finding:
        try:
            self._store.ask_now(keyring.fits)
        except VaultError as error:
            return wrong(
                "key", str(error), "Set the right key before you start a bot; askdesk run refuses any other."
            )
        if not self._store.vault.has_key:
            return ok("key", "none: nothing is sealed, and coaching texts are not stored")
        return ok("key", "it opens what is sealed")

    def _seen(self, check: str, look: Callable[[Reading], Finding]) -> Finding:
        """What a look into the database finds; it may go away while it is looked at."""
        try:
            return self._store.ask_now(look)
        except SQLAlchemyError as error:
            return gone(check, error)

    def _beat(self, reading: Reading) -> Finding:
        bots = replicas.at_work(reading)
        if not bots:
            return wrong("beat", "no bot is running on this database", "Start one: askdesk run.")
        alive = [bot for bot in bots if bot.silent <= BEATS_EVERY]
        if not alive:
            do = "Check whether it still runs and what its log says; start it again."
            return wrong("beat", f"the last beat is {spoken(bots[0].silent)} ago, by {bots[0].name}", do)
        said = "one bot is running" if len(alive) == 1 else f"{len(alive)} bots are running"
        gone = [f"{bot.name} is silent for {spoken(bot.silent)}" for bot in bots if bot not in alive]
        return ok("beat", "; ".join([f"{said}, the last beat {spoken(alive[0].silent)} ago", *gone]))

    def _promises(self, reading: Reading) -> Finding:
        due = backlog.due_reminders(reading, self._clock())
        late = self._since(due.since)
        if late <= BEAT_TAKES:
            return ok("promises", "no reminder is late")
        number = "a reminder is" if due.count == 1 else f"{due.count} reminders are"
        return wrong(
            "promises",
            f"{number} due with nothing sent, the first for {spoken(late)}",
            "The bot's beat sends reminders: see the line “beat” above, then the bot's log.",
        )

    def _outbox(self, reading: Reading) -> Finding:
        now = self._clock()
        waiting = backlog.late_notices(reading, now)
        late = self._since(waiting.since)
        if late <= DELIVERY_TAKES:
            return ok("outbox", f"{waiting.count} under way" if waiting.count else "empty")
        why = backlog.why_late(reading, now)
        return wrong(
            "outbox",
            f"{waiting.count} waiting for their channel, the first for {spoken(late)}{f' ({why})' if why else ''}",
            "The channel gets more than Slack accepts (about a message a second), Slack is down, or the channel cannot "
            "be reached: see the lines above and the bot's log.",
        )

    def _parked(self, reading: Reading) -> Finding:
        count, last = backlog.parked(reading)
        if not count:
            return ok("parked notices", "none")
        return wrong(
            "parked notices",
            f"{count} permanently refused by Slack: {', '.join(map(named, last))}{' …' if count > len(last) else ''}",
            "Nobody saw them. Once you have fixed the cause, `askdesk doctor --retry-parked` sends them again.",
        )

    def _redaction(self, reading: Reading) -> Finding:
        """How far the bot has come with its own messages about customers who were deleted."""
        so_far = redaction.progress(reading)
        if not so_far.waiting:
            return ok("redaction", "no message about a deleted customer is left to edit")
        of = so_far.waiting + so_far.done + so_far.unreachable
        missed = f", {so_far.unreachable} out of reach" if so_far.unreachable else ""
        return ok("redaction", f"{so_far.done} of {of} messages about deleted customers edited{missed}")

    def _records(self, *, fits: bool) -> list[Finding]:
        """Another key than the database's proves nothing; without any the links are looked at."""
        if not self._programs:
            return [ok("record", "no program yet")]
        if self._store.vault.has_key and not fits:
            return [unseen("record", "the key does not fit, see above")]
        return [self._record(one) for one in self._programs]

    def _record(self, program: Program) -> Finding:
        check = f"record of {program.name}"
        try:
            with self._store.snapshot() as reading:
                verdict = verify(reading, program.id)
        except SQLAlchemyError as error:
            return gone(check, error)
        if verdict.broken is None:
            return ok(check, f"it holds, {verdict.lines} lines")
        do = (
            "Somebody changed the database by hand. Keep a copy of it as it is, and compare it with a backup."
        )
        return wrong(check, f"it does not hold: {verdict.broken}", do)

    def _since(self, moment: datetime | None) -> timedelta:
        return timedelta() if moment is None else self._clock() - moment


def named(notice: Parked) -> str:
    """A notice in a few words."""
    of = f" of case {notice.case}" if notice.case is not None else ""
    return f"{notice.kind.replace('_', ' ')}{of} ({notice.error})"


def spoken(time: timedelta) -> str:
    """A length of time as people say it."""
    seconds = int(time.total_seconds())
    for unit, name in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= 2 * unit:
            return f"{seconds // unit} {name}"
    return f"{seconds} s"


def header(headers: Mapping[str, str], name: str) -> str:
    """A header of Slack's answer, whatever its capitals; empty where it is missing."""
    return next((value for key, value in headers.items() if key.lower() == name), "")
