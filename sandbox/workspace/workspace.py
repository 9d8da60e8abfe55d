"""The state of the stand-in workspace, and the one place that changes it.

Each change bumps `revision`, is kept in a short list of changes, and wakes whoever waits for one (the control API's
long poll, and through it the driver and the web page).
"""

from __future__ import annotations

import asyncio
import itertools
import json
import secrets
from collections import deque
from collections.abc import Iterator
from datetime import datetime

from sandbox.workspace.clock import SandboxClock
from sandbox.workspace.model import (
    App,
    Channel,
    File,
    Json,
    Message,
    ResponseUrl,
    Team,
    Traffic,
    Trigger,
    User,
    UserGroup,
    View,
)

SLACKBOT = "USLACKBOT"


class Workspace:
    """Everything in the workspace. Filled by `sandbox.seed`; not thread-safe: one event loop owns it."""

    def __init__(self, clock: SandboxClock) -> None:
        self.clock = clock
        self.revision = 0
        self.changes: deque[Json] = deque(maxlen=2_000)
        self.traffic = Traffic()
        self._waiting: set[asyncio.Future[None]] = set()
        self._closing = False
        self._numbers = itertools.count(1)
        self.clear()
        clock.on_push(lambda: self.changed("clock"))

    def clear(self) -> None:
        """An empty workspace; the revision goes on, so that whoever waits notices."""
        self.team = Team("T0", "Workspace", "workspace")
        self.users: dict[str, User] = {}
        self.usergroups: dict[str, UserGroup] = {}
        self.channels: dict[str, Channel] = {}
        self.apps: dict[str, App] = {}
        self.tokens: dict[str, tuple[App, str]] = {}
        self.revoked: set[str] = set()
        self.stacks: dict[str, list[View]] = {}
        self.homes: dict[tuple[str, str], View] = {}
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.files: dict[str, File] = {}
        self.message_state: dict[tuple[str, str], dict[str, dict[str, Json]]] = {}
        self.marks: dict[tuple[str, str, str | None], str] = {}
        self._last_micros = 0
        self.traffic.clear()
        self.changed("reset")

    # Change and waiting

    def changed(self, kind: str, **detail: object) -> None:
        """Count a change and wake those who wait for one."""
        self.revision += 1
        self.changes.append({"revision": self.revision, "kind": kind, **detail})
        self._wake()

    def _wake(self) -> None:
        waiting, self._waiting = self._waiting, set()
        for future in waiting:
            if not future.done():
                future.set_result(None)

    async def wait_for_change(self, after: int, timeout: float) -> int:
        """The revision, as soon as it is past `after`, or after `timeout` seconds in any case."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout
        while self.revision <= after and not self._closing and (left := deadline - loop.time()) > 0:
            future = loop.create_future()
            self._waiting.add(future)
            await asyncio.wait([future], timeout=left)
            self._waiting.discard(future)
        return self.revision

    async def wait_for_news(self, after: int, traffic: int, timeout: float) -> bool:
        """Whether there is a revision past `after` or traffic past `traffic`, within `timeout` seconds."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout
        while not (news := self.revision > after or self.traffic.count > traffic or self._closing):
            if (left := deadline - loop.time()) <= 0:
                break
            future = loop.create_future()
            self._waiting.add(future)
            await asyncio.wait([future], timeout=left)
            self._waiting.discard(future)
        return news

    @property
    def closing(self) -> bool:
        """Whether the server is going down."""
        return self._closing

    @property
    def waited_for(self) -> bool:
        """Whether somebody waits for a change right now."""
        return bool(self._waiting)

    def open(self) -> None:
        """Let people wait for changes (again)."""
        self._closing = False

    def close(self) -> None:
        """Let everybody who waits go: the server is going down."""
        self._closing = True
        self.changed("closing")

    # Numbers

    def next_ts(self) -> str:
        """A message id: the clock's time in microseconds, never the same twice, never going back."""
        micros = int(self.clock.now().timestamp() * 1_000_000)
        self._last_micros = max(micros, self._last_micros + 1)
        return f"{self._last_micros // 1_000_000}.{self._last_micros % 1_000_000:06d}"

    def new_id(self, prefix: str) -> str:
        """An id that looks like one of Slack's: the prefix and ten capitals or digits."""
        number = next(self._numbers)
        digits = ""
        while number:
            number, rest = divmod(number, 36)
            digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[rest] + digits
        return prefix + digits.rjust(10, "0")

    def new_hash(self) -> str:
        """A view's hash: it changes whenever the view does."""
        return f"{int(self.clock.now().timestamp())}.{secrets.token_hex(4)}"

    # Finding

    def user(self, key: str) -> User | None:
        """By id, name, @name or the name people read."""
        if key in self.users:
            return self.users[key]
        wanted = key.removeprefix("@").casefold()
        for user in self.users.values():
            if wanted in (user.name.casefold(), user.real_name.casefold()):
                return user
        first = [u for u in self.users.values() if u.real_name.split(" ")[0].casefold() == wanted]
        return first[0] if len(first) == 1 else None

    def channel(self, key: str) -> Channel | None:
        """By id, name or #name."""
        if key in self.channels:
            return self.channels[key]
        wanted = key.removeprefix("#")
        return next((c for c in self.channels.values() if c.name == wanted and c.kind != "im"), None)

    def im(self, one: str, other: str) -> Channel | None:
        """The direct messages of two users, if they have been opened."""
        both = {one, other}
        return next((c for c in self.channels.values() if c.kind == "im" and set(c.members) == both), None)

    def app_of_command(self, command: str) -> App | None:
        """The installed app that owns a slash command."""
        return next((app for app in self.apps.values() if command in app.commands), None)

    def view(self, view_id: str) -> View | None:
        """An open modal or a home view, by its id."""
        return next((view for view in self.all_views() if view.id == view_id), None)

    def all_views(self) -> Iterator[View]:
        """Every open modal, then every App Home."""
        for stack in self.stacks.values():
            yield from stack
        yield from self.homes.values()

    def can_see(self, user: str, channel: Channel) -> bool:
        """Public channels can be read by everyone, the others by their members."""
        return channel.kind == "channel" or user in channel.members

    # Changing

    def install(self, app: App) -> None:
        """Add an app, with its two tokens."""
        self.apps[app.id] = app
        self.tokens[app.bot_token] = (app, "bot")
        self.tokens[app.app_token] = (app, "app")
        self.changed("app", app=app.id)

    def post(self, message: Message) -> Message:
        """Store a message or an ephemeral one; a reply is entered at its parent."""
        channel = self.channels[message.channel]
        if message.only_for is not None:
            channel.ephemerals[message.ts] = message
        else:
            channel.messages[message.ts] = message
            if message.is_reply and message.thread_ts in channel.messages:
                parent = channel.messages[message.thread_ts]
                parent.thread_ts = parent.ts
                parent.replies.append(message.ts)
        self.changed("message", channel=channel.id, ts=message.ts, posted=True)
        return message

    def remove(self, message: Message) -> bool:
        """Delete a message. A parent that has replies stays as a tombstone; then the answer is False."""
        channel = self.channels[message.channel]
        if message.replies:
            message.text, message.blocks, message.subtype = "This message was deleted.", [], "tombstone"
            message.user, message.metadata, message.attachments = SLACKBOT, None, []
            message.bot_id = message.app_id = None
            self.changed("message", channel=channel.id, ts=message.ts)
            return False
        channel.messages.pop(message.ts, None)
        channel.ephemerals.pop(message.ts, None)
        if message.is_reply and (parent := channel.messages.get(message.thread_ts or "")):
            parent.replies.remove(message.ts)
            if not parent.replies:
                parent.thread_ts = None
        self.changed("message", channel=channel.id, ts=message.ts)
        return True

    def record(self, kind: str, name: str, **detail: object) -> Json:
        """Note something that went over the wire."""
        self.traffic.count += 1
        entry: Json = {
            "n": self.traffic.count,
            "at": iso(self.clock.now()),
            "kind": kind,
            "name": name,
            **detail,
        }
        self.traffic.entries.append(entry)
        self._wake()
        return entry

    def finish(self, entry: Json, **detail: object) -> None:
        """Add to something noted earlier how it ended."""
        entry.update(detail)
        self.changed("traffic", n=entry["n"])

    def problem(self, what: str, **detail: object) -> None:
        """Note that an app broke the protocol; Slack would not tell it, the sandbox tells the test."""
        self.traffic.problems.append({"at": iso(self.clock.now()), "problem": what, **detail})
        self.changed("problem")


def iso(moment: datetime) -> str:
    """A moment as ISO text with microseconds."""
    return moment.isoformat(timespec="microseconds")


_ENCODER = json.JSONEncoder(separators=(",", ":"))


def compact(value: object) -> str:
    """JSON without spaces."""
    return _ENCODER.encode(value)
