"""What people do: writing, commands, clicks, modals, the App Home, reading."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sandbox.control import sidebar
from sandbox.control.part import Body, Handler, Part, view_shown
from sandbox.control.people import People
from sandbox.control.suggestions import Suggestions
from sandbox.workspace.core import Core
from sandbox.workspace.errors import NotPossible
from sandbox.workspace.model import Json
from sandbox.workspace.payloads import message_json


class Gestures(Part):
    """One address per gesture; each answers when the app has acknowledged, or its time is up."""

    def __init__(self, core: Core, people: People) -> None:
        super().__init__(core)
        self.people = people
        self.suggestions = Suggestions(core, people)

    def posts(self) -> Mapping[str, Handler]:
        """What answers a POST."""
        return {
            "message": self.message,
            "edit": self.edit,
            "delete": self.delete,
            "read": self.read,
            "command": self.command,
            "shortcut": self.shortcut,
            "click": self.click,
            "suggest": self.suggest,
            "view/input": self.view_input,
            "view/submit": self.view_submit,
            "view/close": self.view_close,
            "home/open": self.home_open,
        }

    async def message(self, body: Body) -> Json:
        """Somebody posts a message."""
        thread_ts = body.get("thread_ts") or None
        posted = self.people.says(self._user(body), self._channel(body), body.need("text"), thread_ts)
        return {"ok": True, "ts": posted.ts, "channel": posted.channel}

    async def edit(self, body: Body) -> Json:
        """Somebody edits their message."""
        user, channel = self._user(body), self._channel(body)
        message = self._message(body, channel)
        if message.user != user.id:
            raise NotPossible("people edit their own messages only")
        before = message_json(self.workspace, message)
        message.text = body.need("text")
        message.edited = {"user": user.id, "ts": self.workspace.next_ts()}
        self.core.happenings.edit(message, before)
        return {"ok": True, "ts": message.ts}

    async def delete(self, body: Body) -> Json:
        """Somebody (an admin, for another's message) deletes a message."""
        self._user(body)
        self.core.happenings.delete(self._message(body, self._channel(body)))
        return {"ok": True}

    async def read(self, body: Body) -> Json:
        """Somebody has read a channel, or a thread of it, up to a message."""
        user, channel = self._user(body), self._channel(body)
        if not self.workspace.can_see(user.id, channel):
            raise NotPossible(f"{user.real_name} cannot see {channel.id}")
        ts = body.need("ts")
        if not re.fullmatch(r"\d{10}\.\d{6}", ts):
            raise NotPossible(f"{ts!r} is no ts of a message")
        sidebar.mark_read(self.workspace, user, channel, ts, body.get("thread_ts") or None)
        return {"ok": True}

    async def command(self, body: Body) -> Json:
        """Somebody uses a slash command."""
        text = str(body.get("text") or "")
        return await self.people.command(
            self._user(body), self._channel(body), body.need("command"), text, **body.forged()
        )

    async def shortcut(self, body: Body) -> Json:
        """Somebody uses a shortcut."""
        channel = self._channel(body) if body.get("channel") else None
        return await self.people.shortcut(
            self._user(body), body.need("callback_id"), channel, body.get("message_ts"), **body.forged()
        )

    async def click(self, body: Body) -> Json:
        """Somebody clicks a button or chooses from a menu, on a message, a modal or their App Home."""
        user, value = self._user(body), body.get("value")
        block_id, action_id = body.need("block_id"), body.need("action_id")
        if body.get("view_id"):
            view = self._view(body)
            return await self.people.click_view(user, view, block_id, action_id, value, **body.forged())
        ts = body.need("message_ts")
        return await self.people.click_message(
            user, self._channel(body), ts, block_id, action_id, value, seen=body.get("seen"), **body.forged()
        )

    async def suggest(self, body: Body) -> Json:
        """Somebody types into a select whose options the app looks up."""
        user, text = self._user(body), str(body.get("value") or "")
        block_id, action_id = body.need("block_id"), body.need("action_id")
        if body.get("view_id"):
            return await self.suggestions.in_view(user, self._view(body), block_id, action_id, text)
        ts = body.need("message_ts")
        return await self.suggestions.in_message(user, self._channel(body), ts, block_id, action_id, text)

    async def view_input(self, body: Body) -> Json:
        """Somebody types into an input or chooses something."""
        block_id, action_id = body.need("block_id"), body.need("action_id")
        return await self.people.types_into(
            self._user(body), self._view(body), block_id, action_id, body.get("value"), **body.forged()
        )

    async def view_submit(self, body: Body) -> Json:
        """Somebody submits a modal."""
        return await self.people.submits(self._user(body), self._view(body), **body.forged())

    async def view_close(self, body: Body) -> Json:
        """Somebody closes the top modal, or all of them."""
        view = self._view(body) if body.get("view_id") else None
        return await self.people.closes(self._user(body), view, clear=bool(body.get("clear")))

    async def home_open(self, body: Body) -> Json:
        """Somebody looks at the app's Home tab."""
        view = self.people.opens_home(self._user(body), self._app(body))
        return {"ok": True, "view": view_shown(view) if view else None}
