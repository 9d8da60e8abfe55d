"""A person in the workspace: what they do and what they see."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from sandbox.driver.controls import clickable, field, value_for
from sandbox.driver.errors import NotSeen, NotThere, Refused
from sandbox.driver.message import Message, messages_in, thread_of
from sandbox.driver.modal import Home, Modal, home_of, views_of
from sandbox.driver.results import Ack
from sandbox.driver.scene import PATIENCE, Scene

Json = dict[str, Any]
Place = str | Iterable[str] | Message
"""Where something happens: ``#channel``, ``@somebody`` (their direct message), several of those, a message's thread."""

Text = str | re.Pattern[str]


class Person:
    """Somebody who uses Slack. Everything goes by what is visible to them."""

    def __init__(self, scene: Scene, user: Json) -> None:
        self._scene = scene
        self.id: str = user["id"]
        self.name: str = user["real_name"]

    def __repr__(self) -> str:
        return f"<Person {self.name}>"

    # Doing

    def types(self, line: str, *, in_: Place, **forged: str) -> Ack:
        """Use a slash command, such as ``/escalate Jane``."""
        if not line.startswith("/"):
            raise ValueError(
                f"a slash command begins with a slash, unlike {line!r}; or is it something to say?"
            )
        command, _, text = line.partition(" ")
        channel, _ = self._place(in_)
        return Ack.of(
            self._scene.wire.send(
                "command",
                {"user": self.id, "channel": channel, "command": command, "text": text.strip(), **forged},
            )
        )

    def says(self, text: str, *, in_: Place) -> Message:
        """Post a message, or a reply where the place is a message."""
        channel, thread_ts = self._place(in_)
        raw = self._scene.wire.post("message", user=self.id, channel=channel, text=text, thread_ts=thread_ts)
        posted = {"ts": raw["ts"], "user": self.id, "text": text, "thread_ts": thread_ts}
        return Message(self._scene, posted, channel, self.id)

    def edits(self, message: Message, text: str) -> Message:
        """Change what they wrote."""
        self._scene.wire.post("edit", user=self.id, channel=message.channel, ts=message.ts, text=text)
        return self._again(message)

    def deletes(self, message: Message) -> None:
        """Delete a message."""
        self._scene.wire.post("delete", user=self.id, channel=message.channel, ts=message.ts)

    def uses_shortcut(self, name: str, *, on: Message | None = None, **forged: str) -> Ack:
        """Use a shortcut, by its name in the menu (or callback id), on a message or anywhere."""
        return Ack.of(
            self._scene.wire.post(
                "shortcut",
                user=self.id,
                callback_id=self._callback_id(name),
                channel=on.channel if on else None,
                message_ts=on.ts if on else None,
                **forged,
            )
        )

    def clicks(
        self,
        label: str,
        *,
        on: Message | Modal | Home,
        near: str | None = None,
        within: float = 0.0,
        as_seen: bool = False,
        **forged: str,
    ) -> Ack:
        """Press a button or choose from a ⋯ menu, by label (beside the text ``near``, where several have it).

        On a message it is the one that the person looks at which is clicked; when nothing answers to that click
        (any more, or not yet) the message is looked at again, for ``within`` seconds. ``as_seen``: the click goes
        out as if it had been under way while the message changed.
        """
        if not isinstance(on, Message):
            return on.click(label, near=near, **forged)
        if as_seen:
            return self._click(on, label, near, forged, seen=on.blocks)
        try:
            return self._click(on, label, near, forged)
        except (NotThere, Refused):
            return self._click_later(on, label, near, within, forged)

    def _click_later(
        self, on: Message, label: str, near: str | None, within: float, forged: dict[str, str]
    ) -> Ack:
        def there() -> Message | None:
            seen = self._again(on)
            try:
                clickable(seen.raw, label, self._scene.reader(self.id), near)
            except NotThere:
                return None
            return seen

        seen = self._scene.wire.until(there, within)
        return self._click(seen or self._again(on), label, near, forged)

    def chooses(self, given: object, *, in_field: str, on: Message | Modal | Home) -> Ack:
        """Choose from a menu (or pick a date …) of a message, modal or Home, by what it is called."""
        if not isinstance(on, Message):
            return on.choose(in_field, given)
        reader = self._scene.reader(self.id)
        seen = self._again(on)
        one = field(seen.raw, in_field, reader)
        body = {
            "user": self.id,
            "channel": on.channel,
            "message_ts": on.ts,
            "block_id": one.block_id,
            "action_id": one.action_id,
            "value": value_for(one, given, reader),
        }
        return Ack.of(self._scene.wire.send("click", body))

    def opens_home(self) -> Home:
        """Look at the app's Home tab, which the app hears of; answers at once, the app may publish later."""
        self._scene.wire.post("home/open", user=self.id)
        return Home(self._scene, self.id)

    # Seeing

    def modal(self, title: str | None = None, *, within: float = PATIENCE) -> Modal:
        """The modal in front of this person, when one is open (with that title, where one is given)."""

        def look() -> Modal | None:
            views = views_of(self._scene, self.id)
            if not views or (title is not None and views[-1]["title"]["text"] != title):
                return None
            return Modal(self._scene, self.id, views[-1]["id"])

        def tell() -> str:
            views = views_of(self._scene, self.id)
            wanted = "a modal" if title is None else f"a modal called {title!r}"
            there = "none" if not views else str(Modal(self._scene, self.id, views[-1]["id"]))
            return f"{self.name} did not get {wanted} within {within:g} s. Open now:\n{there}"

        return self._scene.wait(look, within, tell)

    def modals(self) -> list[Modal]:
        """All open modals, the one in front last."""
        return [Modal(self._scene, self.id, view["id"]) for view in views_of(self._scene, self.id)]

    def home(self, *, within: float = PATIENCE) -> Home:
        """The app's Home, when the app has published one for this person."""
        self._scene.wait(
            lambda: home_of(self._scene, self.id),
            within,
            lambda: f"the app published no Home for {self.name} within {within:g} s.",
        )
        return Home(self._scene, self.id)

    def messages(self, *, in_: Place) -> list[Message]:
        """Everything this person sees there, oldest first; in a message's place, its thread."""
        channel, thread_ts = self._place(in_)
        raws = (
            messages_in(self._scene, channel, self.id)
            if thread_ts is None
            else thread_of(self._scene, channel, thread_ts, self.id)
        )
        return [Message(self._scene, raw, channel, self.id) for raw in raws]

    def ephemerals(self, *, in_: Place) -> list[Message]:
        """What only this person sees there, oldest first."""
        return [message for message in self.messages(in_=in_) if message.ephemeral]

    def sees(
        self, text: Text, *, in_: Place, within: float = PATIENCE, after: Message | None = None
    ) -> Message:
        """The newest message there that says ``text`` (or matches a pattern), as soon as there is one.

        ``after`` leaves out that message and all before it.
        """
        return self._see(in_, text, within, after, lambda _: True, "")

    def is_told(self, text: Text, *, in_: Place, within: float = PATIENCE) -> Message:
        """Like ``sees``, for what only this person sees."""
        return self._see(in_, text, within, None, lambda message: message.ephemeral, " (only to them)")

    def sees_no(self, text: Text, *, in_: Place) -> None:
        """Make sure that nothing there says ``text`` at this moment."""
        for message in self.messages(in_=in_):
            if _says(message, text):
                raise NotSeen(f"{self.name} sees what should not be there, {_shown(text)}:\n  {message}")

    def is_mentioned(self, in_message: Message) -> bool:
        """Whether a message mentions this person, by name or through a user group they are in."""
        mentioned = in_message.mentions()
        groups = self._scene.names(fresh=True).usergroups.values()
        return self.id in mentioned or any(
            group["id"] in mentioned and self.id in group["users"] for group in groups
        )

    # Inner

    def _place(self, where: Place) -> tuple[str, str | None]:
        if isinstance(where, Message):
            return where.channel, where.thread_ts or where.ts
        return self._scene.channel(where, seen_by=self.id)["id"], None

    def _see(
        self,
        where: Place,
        text: Text,
        within: float,
        after: Message | None,
        fits: Callable[[Message], bool],
        manner: str,
    ) -> Message:
        place = where if isinstance(where, str | Message) else tuple(where)

        def candidates() -> list[Message]:
            found = [message for message in self.messages(in_=place) if fits(message)]
            return [message for message in found if after is None or message.ts > after.ts]

        def look() -> Message | None:
            return next((message for message in reversed(candidates()) if _says(message, text)), None)

        def tell() -> str:
            there = candidates()
            shown = [f"  {message}" for message in there[-15:]] or ["  nothing"]
            named = self._named(place)
            later = "" if after is None else " after that message"
            return "\n".join(
                [
                    f"{self.name} did not see {_shown(text)} in {named}{later}{manner} within {within:g} s.",
                    f"What {self.name} sees there ({len(there)} messages, the last ones, oldest first):",
                    *shown,
                ]
            )

        return self._scene.wait(look, within, tell)

    def _named(self, place: str | tuple[str, ...] | Message) -> str:
        channel, thread_ts = self._place(place)
        name = self._scene.names().channel_name(channel)
        return name if thread_ts is None else f"the thread of {thread_ts} in {name}"

    def _again(self, message: Message) -> Message:
        return Message(self._scene, message.raw, message.channel, self.id).now()

    def _click(
        self,
        message: Message,
        label: str,
        near: str | None,
        forged: dict[str, str],
        *,
        seen: list[Json] | None = None,
    ) -> Ack:
        one = clickable(message.raw, label, self._scene.reader(self.id), near)
        return Ack.of(
            self._scene.wire.post(
                "click",
                user=self.id,
                channel=message.channel,
                message_ts=message.ts,
                block_id=one.block_id,
                action_id=one.action_id,
                value=one.value,
                seen=seen,
                **forged,
            )
        )

    def _callback_id(self, name: str) -> str:
        shortcuts = [shortcut for app in self._scene.names().apps for shortcut in app.get("shortcuts", ())]
        for shortcut in shortcuts:
            if name in (shortcut["name"], shortcut["callback_id"]):
                return str(shortcut["callback_id"])
        there = ", ".join(repr(shortcut["name"]) for shortcut in shortcuts) or "none"
        raise NotThere(f"there is no shortcut {name!r}. There are: {there}")


def _says(message: Message, text: Text) -> bool:
    return text in message.text if isinstance(text, str) else text.search(message.text) is not None


def _shown(text: Text) -> str:
    return repr(text) if isinstance(text, str) else f"anything like {text.pattern!r}"
