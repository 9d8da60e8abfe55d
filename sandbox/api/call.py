"""One call of a Web API method: its arguments, and the checks that many methods share."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sandbox.blockkit import problems_in_message, problems_in_metadata, too_long
from sandbox.workspace.core import Core
from sandbox.workspace.errors import SlackError
from sandbox.workspace.model import App, Channel, ChannelKind, File, Json, Message
from sandbox.workspace.workspace import Workspace, compact

T = TypeVar("T")

SCOPE_PREFIX: dict[ChannelKind, str] = {
    "channel": "channels",
    "private": "groups",
    "im": "im",
    "mpim": "mpim",
}
PICTURES = ("image/png", "image/jpeg", "image/gif")
MAX_METADATA_BYTES = 16_000
_TRUE = ("1", "true")


@dataclass
class Call:
    """A call by an app; `args` are the decoded arguments."""

    core: Core
    method: str
    args: Json
    app: App

    @property
    def workspace(self) -> Workspace:
        """The workspace that the call is about."""
        return self.core.workspace

    # Arguments

    def text(self, name: str) -> str:
        """An argument as text, "" where it is missing."""
        value = self.args.get(name)
        return "" if value is None else str(value)

    def flag(self, name: str) -> bool:
        """An argument that is yes or no."""
        value = self.args.get(name)
        return value is True or str(value).lower() in _TRUE

    def number(self, name: str, default: int, most: int) -> int:
        """A whole number between 1 and `most`."""
        value = self.args.get(name)
        if value is None or value == "":
            return default
        try:
            number = int(value)
        except (TypeError, ValueError):
            raise SlackError("invalid_limit") from None
        if not 0 <= number <= most:
            raise SlackError("invalid_limit")
        return number or default

    def json(self, name: str, otherwise: str) -> Any:
        """A structured argument; forms carry it as JSON text. `otherwise` is the error for text that is not."""
        value = self.args.get(name)
        if isinstance(value, str):
            if not value.strip():
                return None
            try:
                return json.loads(value)
            except ValueError:
                raise SlackError(otherwise) from None
        return value

    # Scopes

    def need_scope(self, *any_of: str) -> None:
        """Refuse unless the app has one of these scopes."""
        if not self.app.scopes.intersection(any_of):
            raise SlackError(
                "missing_scope", needed=",".join(any_of), provided=",".join(sorted(self.app.scopes))
            )

    # Channels and messages

    def channel(self, name: str = "channel", *, scope: str | None = None, member: bool = False) -> Channel:
        """The channel that an argument names.

        What the bot cannot see does not exist for it. `scope` ("read", "history") is checked for the channel's
        kind; with `member` the bot has to be in the channel.
        """
        channel = self.workspace.channels.get(self.text(name))
        bot = self.app.bot_user_id
        if channel is None or (channel.kind != "channel" and bot not in channel.members):
            raise SlackError("channel_not_found")
        if scope is not None:
            self.need_scope(f"{SCOPE_PREFIX[channel.kind]}:{scope}")
        if member and bot not in channel.members:
            raise SlackError("not_in_channel")
        return channel

    def message(self, channel: Channel, name: str) -> Message:
        """The message that an argument names."""
        message = channel.messages.get(self.text(name))
        if message is None or message.subtype == "tombstone":
            raise SlackError("message_not_found")
        return message

    def blocks(self) -> list[Json] | None:
        """The `blocks` argument, held against Slack's rules; None where it was not given."""
        blocks = self.json("blocks", "invalid_blocks_format")
        if blocks is None:
            return None
        if not isinstance(blocks, list):
            raise SlackError("invalid_blocks_format")
        if too_long(blocks):
            raise SlackError("msg_blocks_too_long")
        if found := problems_in_message(blocks):
            raise SlackError("invalid_blocks", found, errors=found)
        if missing := [where for where, file in self.pictures(blocks) if file is None]:
            found = [f"invalid slack file [json-pointer:{where}]" for where in missing]
            raise SlackError("invalid_blocks", found, errors=found)
        return blocks

    def pictures(self, blocks: list[Json]) -> list[tuple[str, File | None]]:
        """The files that image blocks and images within blocks show, each with where; None for one that cannot be shown.

        https://docs.slack.dev/reference/block-kit/composition-objects/slack-file-object/: an image that the app has access
        to, its upload completed.
        """
        found: list[tuple[str, File | None]] = []
        for where, named in _slack_files(blocks, "/blocks"):
            key = str(named.get("id") or named.get("url") or "")
            number = re.search(r"F[A-Z0-9]{4,}", key)
            file = self.workspace.files.get(number[0]) if number else None
            good = file is not None and file.completed and file.app_id == self.app.id
            found.append((where, file if file is not None and good and file.mimetype in PICTURES else None))
        return found

    def metadata(self) -> Json | None:
        """The `metadata` argument, likewise."""
        metadata = self.json("metadata", "invalid_metadata_format")
        if metadata is None or metadata == {}:
            return metadata  # type: ignore[no-any-return]
        if not isinstance(metadata, dict):
            raise SlackError("invalid_metadata_format")
        if found := problems_in_metadata(metadata):
            raise SlackError("invalid_metadata_schema", found)
        if len(compact(metadata)) > MAX_METADATA_BYTES:
            raise SlackError("metadata_too_large")
        return metadata

    # Pages

    def page(self, items: Sequence[T], default: int, most: int) -> tuple[list[T], Json]:
        """One page of a list, and what to add to the answer (the cursor of the next one)."""
        limit = self.number("limit", default, most)
        start = int(float(read_cursor(self.text("cursor"), "offset"))) if self.text("cursor") else 0
        if start > len(items):
            raise SlackError("invalid_cursor")
        following = start + limit
        cursor = make_cursor("offset", following) if following < len(items) else ""
        return list(items[start:following]), {"response_metadata": {"next_cursor": cursor}}


def _slack_files(value: object, where: str) -> Iterator[tuple[str, Json]]:
    """Every `slack_file` in blocks, with its JSON pointer."""
    if isinstance(value, list):
        for n, one in enumerate(value):
            yield from _slack_files(one, f"{where}/{n}")
    elif isinstance(value, dict):
        for name, one in value.items():
            if name == "slack_file" and isinstance(one, dict):
                yield f"{where}/{name}", one
            else:
                yield from _slack_files(one, f"{where}/{name}")


def make_cursor(name: str, value: object) -> str:
    """A cursor: Slack's are opaque, base64 text as well."""
    return base64.b64encode(f"{name}:{value}".encode()).decode()


def read_cursor(cursor: str, name: str) -> str:
    """What a cursor of that name holds."""
    try:
        found, _, value = base64.b64decode(cursor, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise SlackError("invalid_cursor") from None
    if found != name or not re.fullmatch(r"\d+(\.\d+)?", value):
        raise SlackError("invalid_cursor")
    return value


Handler = Callable[[Call], Json]
