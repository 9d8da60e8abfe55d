"""A message as one person sees it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sandbox.driver.controls import clickable, clickables
from sandbox.driver.errors import NotThere
from sandbox.driver.render import mentions, render_text
from sandbox.driver.scene import PATIENCE, Scene

if TYPE_CHECKING:
    from collections.abc import Sequence

Json = dict[str, Any]


class Message:
    """A message as it stood when it was looked at; ``now()`` looks again."""

    def __init__(self, scene: Scene, raw: Json, channel: str, seen_by: str) -> None:
        self._scene = scene
        self.raw = raw
        self.channel = channel
        self.seen_by = seen_by
        self.ts: str = raw["ts"]
        self._reader = scene.reader(seen_by)

    # What it says

    @property
    def text(self) -> str:
        """What it says, without buttons: its blocks where it has any, else its text."""
        return render_text(self.raw, self._reader, controls=False)

    @property
    def fallback(self) -> str:
        """The message's ``text``: what notifications and screen readers say of a message with blocks."""
        return str(self.raw.get("text") or "")

    @property
    def blocks(self) -> list[Json]:
        """Its blocks."""
        return list(self.raw.get("blocks") or ())

    @property
    def author(self) -> str:
        """Who wrote it, by name."""
        return self._reader.names.user_name(self.raw.get("user") or "")

    @property
    def at(self) -> datetime:
        """When it was posted."""
        return datetime.fromtimestamp(float(self.ts), UTC)

    @property
    def ephemeral(self) -> bool:
        """Whether only this person sees it."""
        return bool(self.raw.get("ephemeral"))

    @property
    def broadcast(self) -> bool:
        """Whether it is a reply that was also sent to the channel."""
        return bool(self.raw.get("broadcast"))

    @property
    def edited(self) -> bool:
        """Whether it was changed since it was posted."""
        return bool(self.raw.get("edited"))

    @property
    def thread_ts(self) -> str | None:
        """The message under which it stands, if it stands in a thread."""
        return self.raw.get("thread_ts")

    @property
    def reply_count(self) -> int:
        """How many replies it has."""
        return int(self.raw.get("reply_count") or 0)

    @property
    def metadata(self) -> Json | None:
        """The metadata that the app put on it."""
        return self.raw.get("metadata")

    @property
    def reactions(self) -> Any:
        """The emoji people and apps put on it."""
        return self.raw.get("reactions")

    def mentions(self) -> set[str]:
        """The ids of the users and user groups whom it mentions."""
        return mentions(self.raw)

    # What can be clicked

    def buttons(self) -> list[str]:
        """The labels of its buttons, from top to bottom."""
        return [one.label for one in clickables(self.raw, self._reader) if not one.in_overflow]

    def overflow(self) -> list[str]:
        """The labels in its ⋯ menus."""
        return [one.label for one in clickables(self.raw, self._reader) if one.in_overflow]

    def confirmation(self, label: str) -> str | None:
        """What Slack asks before it sends the click on ``label``, if it asks."""
        return clickable(self.raw, label, self._reader).confirmation(self._reader)

    # Looking again

    def now(self) -> Message:
        """The same message as it stands now; NotThere when it was deleted."""
        for raw in self._listing():
            if raw["ts"] == self.ts:
                return Message(self._scene, raw, self.channel, self.seen_by)
        raise NotThere(f"this message is no longer there: {self}")

    def exists(self) -> bool:
        """Whether it is still there."""
        return any(raw["ts"] == self.ts for raw in self._listing())

    def thread(self) -> list[Message]:
        """The replies to it, oldest first, as the same person sees them."""
        raws = thread_of(self._scene, self.channel, self.thread_ts or self.ts, self.seen_by)
        return [Message(self._scene, raw, self.channel, self.seen_by) for raw in raws]

    def becomes(self, text: str, within: float = PATIENCE) -> Message:
        """Wait until the message says ``text``."""

        def look() -> Message | None:
            current = self.now()
            return current if text in current.text else None

        return self._scene.wait(
            look, within, lambda: f"the message did not come to say {text!r}.\n{self.now()}"
        )

    def _listing(self) -> Sequence[Json]:
        if self.thread_ts and self.thread_ts != self.ts:
            return thread_of(self._scene, self.channel, self.thread_ts, self.seen_by)
        return messages_in(self._scene, self.channel, self.seen_by)

    def render(self) -> str:
        """What it says and, in brackets, what can be clicked."""
        return render_text(self.raw, self._reader)

    def __str__(self) -> str:
        only = f"(only {self._reader.names.user_name(self.seen_by)} sees it) " if self.ephemeral else ""
        when = self.at.astimezone(self._reader.zone).strftime("%H:%M:%S")
        lines = self.render().splitlines() or [""]
        replies = [f"({self.reply_count} replies)"] if self.reply_count else []
        return "\n    ".join([f"{when} {self.author}: {only}{lines[0]}", *lines[1:], *replies])

    def __repr__(self) -> str:
        return f"<Message {self.ts} {self.text[:60]!r}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Message) and (self.channel, self.ts) == (other.channel, other.ts)

    def __hash__(self) -> int:
        return hash((self.channel, self.ts))


def messages_in(scene: Scene, channel: str, seen_by: str | None) -> list[Json]:
    """What stands in a channel, oldest first, as somebody sees it."""
    answer = scene.wire.get(f"channel/{channel}", **{"as": seen_by})
    found: list[Json] = answer["messages"]
    return found


def thread_of(scene: Scene, channel: str, ts: str, seen_by: str | None) -> list[Json]:
    """The replies of a thread, oldest first, without the message they reply to."""
    answer = scene.wire.get(f"thread/{channel}/{ts}", **{"as": seen_by})
    return [raw for raw in answer["messages"] if raw["ts"] != ts]
