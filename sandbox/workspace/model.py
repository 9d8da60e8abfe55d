"""What a workspace is made of. Plain values; `workspace.Workspace` holds them and says what changed."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Json = dict[str, Any]
ChannelKind = Literal["channel", "private", "im", "mpim"]


@dataclass
class Team:
    """The workspace itself."""

    id: str
    name: str
    domain: str


@dataclass
class User:
    """A person, or an app's bot user. A stranger from another workspace has another team id."""

    id: str
    name: str
    real_name: str
    team_id: str
    tz: str = "Etc/UTC"
    email: str = ""
    deleted: bool = False
    is_bot: bool = False


@dataclass
class UserGroup:
    """A handle such as @billing-smes and those in it."""

    id: str
    handle: str
    name: str
    users: list[str] = field(default_factory=list)
    enabled: bool = True


@dataclass
class Message:
    """A message, a reply, or (with `only_for`) an ephemeral message that one person sees."""

    ts: str
    channel: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    bot_id: str | None = None
    app_id: str | None = None
    team: str = ""
    thread_ts: str | None = None
    broadcast: bool = False
    metadata: Json | None = None
    edited: Json | None = None
    subtype: str | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    files: list[Json] = field(default_factory=list)
    replies: list[str] = field(default_factory=list)
    only_for: str | None = None
    warnings: dict[str, str] = field(default_factory=dict)
    """What Slack's client shows to a user beside the message when a click of theirs went unanswered."""

    @property
    def is_reply(self) -> bool:
        """True for a message that stands in somebody else's thread."""
        return self.thread_ts is not None and self.thread_ts != self.ts


@dataclass
class Channel:
    """A conversation of any kind."""

    id: str
    name: str
    kind: ChannelKind = "channel"
    members: list[str] = field(default_factory=list)
    archived: bool = False
    ext_shared: bool = False
    created: int = 0
    messages: dict[str, Message] = field(default_factory=dict)
    ephemerals: dict[str, Message] = field(default_factory=dict)
    pins: list[str] = field(default_factory=list)


@dataclass
class App:
    """An installed app: its tokens and what its manifest says."""

    id: str
    name: str
    bot_user_id: str
    bot_id: str
    bot_token: str
    app_token: str
    signing_secret: str
    verification_token: str
    scopes: set[str] = field(default_factory=set)
    commands: dict[str, Json] = field(default_factory=dict)
    shortcuts: list[Json] = field(default_factory=list)
    events: set[str] = field(default_factory=set)
    socket_mode: bool = True
    interactivity: bool = True
    home_tab: bool = True
    messages_tab: bool = True
    request_url: str | None = None
    """Where commands, interactions and events go over HTTP, signed, instead of through a socket."""
    verified: bool = True
    """Whether that address has given Slack's challenge back; events wait for it."""


@dataclass
class View:
    """A modal on somebody's screen, or somebody's App Home, with what has been typed into it."""

    id: str
    app_id: str
    user: str
    view: Json
    state: dict[str, dict[str, Json]]
    hash: str
    root_id: str
    previous_id: str | None = None
    errors: dict[str, str] = field(default_factory=dict)
    notice: str | None = None
    response_channel: str | None = None


@dataclass
class Trigger:
    """A trigger id: good once, for three seconds of real time."""

    user: str
    app_id: str
    made_at: float
    view_id: str | None = None
    used: bool = False


@dataclass
class ResponseUrl:
    """Where an app may answer an interaction later: five times within thirty minutes."""

    path: str
    app_id: str
    user: str
    channel: str
    made_at: datetime
    original_ts: str | None = None
    thread_ts: str | None = None
    uses: int = 0


@dataclass
class File:
    """An uploaded file; shared once the upload was completed, or a message shows it."""

    id: str
    name: str
    length: int
    app_id: str
    title: str = ""
    content: bytes | None = None
    completed: bool = False
    shared_in: list[str] = field(default_factory=list)
    mimetype: str = "application/octet-stream"


@dataclass
class Traffic:
    """What went over the wire, in order, and what broke the protocol."""

    entries: deque[Json] = field(default_factory=lambda: deque(maxlen=50_000))
    problems: list[Json] = field(default_factory=list)
    count: int = 0

    def so_far(self) -> list[Json]:
        """The entries as they stand, for whoever reads them on another thread while more come in."""
        return list(self.entries)

    def clear(self) -> None:
        """Forget it all; the numbers go on."""
        self.entries.clear()
        self.problems.clear()
