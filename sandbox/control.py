"""The control API at `/control/…`: what people do and see, time, faults and switches. JSON in, JSON out.

Refusals are answered with status 400 and `{"ok": false, "error": "a sentence"}`. Channels and users may be given by
id or by name. `as_team` and `as_app` in the body of a gesture forge the team and app id in what the app is sent.
`seen` (blocks) in the body of a click says what the person had in front of them, where the message has changed since.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable
from datetime import timedelta
from typing import Any

from aiohttp import web

from sandbox.core import Core
from sandbox.errors import NotPossible
from sandbox.faults import Fault
from sandbox.model import App, Channel, Json, Message, User, UserGroup, View
from sandbox.payloads import message_json
from sandbox.people import People
from sandbox.workspace import iso

MAX_POLL_SECONDS = 60.0
Handler = Callable[["Body"], Awaitable[Json]]


class Body(dict[str, Any]):
    """The JSON body or the query of a request, with readable refusals for what is missing."""

    def need(self, name: str) -> str:
        """A field as text; refused where it is missing."""
        if self.get(name) in (None, ""):
            raise NotPossible(f"the field {name!r} is missing")
        return str(self[name])

    def number(self, name: str, default: float = 0.0) -> float:
        """A field as a number."""
        try:
            return float(self.get(name) or default)
        except (TypeError, ValueError):
            raise NotPossible(f"the field {name!r} is no number") from None

    def forged(self) -> dict[str, Any]:
        """The ids to forge."""
        return {"as_team": self.get("as_team"), "as_app": self.get("as_app")}


class Control:
    """Serves the control API."""

    def __init__(self, core: Core, people: People, reset: Callable[[], None]) -> None:
        self.core = core
        self.workspace = core.workspace
        self.people = people
        self.reset = reset

    def routes(self) -> list[web.RouteDef]:
        """Everything under /control."""
        gets: dict[str, Handler] = {
            "state": self.state,
            "changes": self.changes,
            "clock": self.clock,
            "channel/{channel}": self.channel,
            "thread/{channel}/{ts}": self.thread,
            "views": self.views,
            "home": self.home,
            "sockets": self.sockets,
            "faults": self.faults,
            "traffic": self.traffic,
            "problems": self.problems,
        }
        posts: dict[str, Handler] = {
            "clock": self.push_clock,
            "message": self.message,
            "edit": self.edit,
            "delete": self.delete,
            "archive": self.archive,
            "invite": self.invite,
            "kick": self.kick,
            "channel/add": self.add_channel,
            "command": self.command,
            "shortcut": self.shortcut,
            "click": self.click,
            "view/input": self.view_input,
            "view/submit": self.view_submit,
            "view/close": self.view_close,
            "home/open": self.home_open,
            "usergroup": self.usergroup,
            "user": self.user,
            "user/add": self.add_user,
            "sockets": self.switch_sockets,
            "limits": self.limits,
            "faults": self.add_fault,
            "revoke": self.revoke,
            "idle": self.idle,
            "reset": self.start_anew,
        }
        return [
            *(web.get(f"/control/{path}", _served(handler)) for path, handler in gets.items()),
            *(web.post(f"/control/{path}", _served(handler)) for path, handler in posts.items()),
            web.delete("/control/faults", _served(self.clear_faults)),
        ]

    # Finding what a request names

    def _user(self, body: Body, name: str = "user") -> User:
        key = body.need(name)
        if (user := self.workspace.user(key)) is None:
            raise NotPossible(f"nobody is called {key!r}")
        return user

    def _channel(self, body: Body) -> Channel:
        key = body.need("channel")
        if (channel := self.workspace.channel(key)) is None:
            raise NotPossible(f"there is no channel {key!r}")
        return channel

    def _message(self, body: Body, channel: Channel) -> Message:
        ts = body.need("ts")
        message = channel.messages.get(ts) or channel.ephemerals.get(ts)
        if message is None:
            raise NotPossible(f"there is no message {ts} in {channel.id}")
        return message

    def _view(self, body: Body) -> View:
        if (view := self.workspace.view(body.need("view_id"))) is None:
            raise NotPossible(f"no view {body['view_id']!r} is open")
        return view

    def _app(self, body: Body) -> App:
        apps = self.workspace.apps
        app = apps.get(str(body["app"])) if body.get("app") else next(iter(apps.values()), None)
        if app is None:
            raise NotPossible("there is no such app")
        return app

    def _viewer(self, body: Body, channel: Channel) -> User | None:
        if not body.get("as"):
            return None
        viewer = self._user(body, "as")
        if not self.workspace.can_see(viewer.id, channel):
            raise NotPossible(f"{viewer.real_name} cannot see {channel.id}")
        return viewer

    # Seeing

    async def state(self, body: Body) -> Json:
        """Who and what there is."""
        workspace = self.workspace
        return {
            "revision": workspace.revision,
            "now": iso(self.core.clock.now()),
            "team": vars(workspace.team),
            "users": [vars(user) for user in workspace.users.values()],
            "usergroups": [vars(group) for group in workspace.usergroups.values()],
            "channels": [
                {key: value for key, value in vars(channel).items() if key not in ("messages", "ephemerals")}
                for channel in workspace.channels.values()
            ],
            "apps": [_app_json(app) for app in workspace.apps.values()],
        }

    async def changes(self, body: Body) -> Json:
        """Wait for the next change (long poll)."""
        timeout = min(body.number("timeout", 25.0), MAX_POLL_SECONDS)
        after = int(body.number("after"))
        revision = await self.workspace.wait_for_change(after, timeout)
        return {
            "revision": revision,
            "changes": [change for change in self.workspace.changes if change["revision"] > after],
        }

    async def clock(self, body: Body) -> Json:
        """The workspace's time."""
        return {"now": iso(self.core.clock.now())}

    async def channel(self, body: Body) -> Json:
        """What somebody sees in a channel; replies are in their threads."""
        channel = self._channel(body)
        viewer = self._viewer(body, channel)
        shown = [m for m in channel.messages.values() if not m.is_reply or m.broadcast]
        shown += [m for m in _ephemerals(channel, viewer) if not m.is_reply]
        return self._listing(channel, shown, viewer, body)

    async def thread(self, body: Body) -> Json:
        """What somebody sees in a thread, the parent first."""
        channel = self._channel(body)
        viewer = self._viewer(body, channel)
        ts = body.need("ts")
        parent = channel.messages.get(ts)
        if parent is None:
            raise NotPossible(f"there is no message {ts} in {channel.id}")
        replies = [channel.messages[reply] for reply in parent.replies]
        replies += [m for m in _ephemerals(channel, viewer) if m.thread_ts == ts]
        return self._listing(channel, [parent, *replies], viewer, body)

    def _listing(self, channel: Channel, messages: list[Message], viewer: User | None, body: Body) -> Json:
        messages.sort(key=lambda message: message.ts)
        limit = int(body.number("limit"))
        return {
            "revision": self.workspace.revision,
            "channel": {"id": channel.id, "name": channel.name, "kind": channel.kind},
            "messages": [self._shown(m, viewer) for m in (messages[-limit:] if limit else messages)],
        }

    def _shown(self, message: Message, viewer: User | None) -> Json:
        return {
            "ts": message.ts,
            "channel": message.channel,
            "user": message.user,
            "bot": message.bot_id is not None,
            "app": message.app_id,
            "text": message.text,
            "blocks": message.blocks,
            "attachments": message.attachments,
            "thread_ts": message.thread_ts if message.is_reply else None,
            "reply_count": len(message.replies),
            "broadcast": message.broadcast,
            "edited": message.edited is not None,
            "metadata": message.metadata,
            "ephemeral": message.only_for is not None,
            "only_for": message.only_for,
            "subtype": message.subtype,
            "reactions": message.reactions,
            "files": message.files,
            "pinned": message.ts in self.workspace.channels[message.channel].pins,
            "warning": message.warnings.get(viewer.id) if viewer else None,
        }

    async def views(self, body: Body) -> Json:
        """The modals on somebody's screen, the top one last."""
        user = self._user(body, "as")
        stack = self.core.views.stack(user.id)
        return {"revision": self.workspace.revision, "views": [_view_shown(view) for view in stack]}

    async def home(self, body: Body) -> Json:
        """What somebody's Home tab of the app shows; null before the app has published one."""
        view = self.workspace.homes.get((self._app(body).id, self._user(body, "as").id))
        return {"revision": self.workspace.revision, "view": _view_shown(view) if view else None}

    # People's gestures

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

    async def archive(self, body: Body) -> Json:
        """Archive a channel, or bring it back."""
        by = self._user(body).id if body.get("user") else ""
        self.core.happenings.archive(self._channel(body), bool(body.get("archived", True)), by)
        return {"ok": True}

    async def invite(self, body: Body) -> Json:
        """Make somebody (or a bot) a member."""
        self.core.happenings.invite(self._channel(body), self._user(body).id, body.get("inviter"))
        return {"ok": True}

    async def kick(self, body: Body) -> Json:
        """Take somebody (or a bot) out."""
        self.core.happenings.kick(self._channel(body), self._user(body).id)
        return {"ok": True}

    async def add_channel(self, body: Body) -> Json:
        """A new channel."""
        channel = Channel(
            id=str(body.get("id") or self.workspace.new_id("C")),
            name=body.need("name"),
            kind=body.get("kind", "channel"),
            members=list(body.get("members", [])),
            ext_shared=bool(body.get("ext_shared", False)),
            created=int(self.core.clock.now().timestamp()),
        )
        self.workspace.channels[channel.id] = channel
        self.workspace.changed("channel", channel=channel.id)
        return {"ok": True, "id": channel.id}

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
        return {"ok": True, "view": _view_shown(view) if view else None}

    # People and time

    async def usergroup(self, body: Body) -> Json:
        """Change a user group, or make one."""
        group_id = body.need("id")
        group = self.workspace.usergroups.get(group_id)
        if group is None:
            group = UserGroup(group_id, body.need("handle"), str(body.get("name") or body["handle"]))
            self.workspace.usergroups[group_id] = group
        known = [name for name in ("handle", "name", "enabled") if name in body]
        for name in known:
            setattr(group, name, body[name])
        if "users" in body:
            self.core.happenings.usergroup(group, list(body["users"]))
        elif known:
            self.core.happenings.usergroup_changed(group)
        return {"ok": True, "usergroup": vars(group)}

    async def user(self, body: Body) -> Json:
        """Change a user."""
        user = self._user(body, "id")
        for name in ("name", "real_name", "tz", "email", "deleted", "team_id"):
            if name in body:
                setattr(user, name, body[name])
        self.core.happenings.user_changed(user)
        return {"ok": True, "user": vars(user)}

    async def add_user(self, body: Body) -> Json:
        """A new user; with another `team_id` a stranger from another workspace."""
        real_name = body.need("real_name")
        user = User(
            id=str(body.get("id") or self.workspace.new_id("U")),
            name=str(body.get("name") or real_name.casefold().replace(" ", ".")),
            real_name=real_name,
            team_id=str(body.get("team_id") or self.workspace.team.id),
            tz=str(body.get("tz") or "Etc/UTC"),
            email=str(body.get("email") or ""),
        )
        self.workspace.users[user.id] = user
        for app in self.workspace.apps.values():
            im = Channel(self.workspace.new_id("D"), "", "im", [user.id, app.bot_user_id])
            self.workspace.channels[im.id] = im
        for key in body.get("channels", []):
            self.core.happenings.invite(self._channel(Body(channel=key)), user.id)
        self.workspace.changed("user", user=user.id)
        return {"ok": True, "user": vars(user)}

    async def push_clock(self, body: Body) -> Json:
        """Let time pass."""
        try:
            now = self.core.clock.push(timedelta(seconds=body.number("seconds")))
        except ValueError as error:
            raise NotPossible(str(error)) from None
        return {"now": iso(now)}

    # Switches

    async def sockets(self, body: Body) -> Json:
        """The WebSockets, oldest first."""
        return {"sockets": [connection.describe() for connection in self.core.hub.connections]}

    async def switch_sockets(self, body: Body) -> Json:
        """refresh, close, reset, deaf, revive (`which`: index among the live ones, id, or "all"), duplicate_next."""
        hub = self.core.hub
        reason = str(body.get("reason") or "refresh_requested")
        try:
            switched = await hub.switch(body.need("action"), body.get("which", 0), reason)
        except ValueError as error:
            raise NotPossible(str(error)) from None
        return {"ok": True, "switched": switched}

    async def limits(self, body: Body) -> Json:
        """Switch rate limits on or off; either way counting starts anew."""
        self.core.limits.on = bool(body.get("on", True))
        self.core.limits.clear()
        return {"ok": True, "on": self.core.limits.on}

    async def faults(self, body: Body) -> Json:
        """The faults still to come."""
        return {"faults": self.core.faults.describe()}

    async def add_fault(self, body: Body) -> Json:
        """Let something go wrong."""
        known = {key: body[key] for key in Fault.__dataclass_fields__ if key in body}
        body.need("kind")
        try:
            self.core.faults.add(Fault(**known))
        except ValueError as error:
            raise NotPossible(str(error)) from None
        return {"ok": True}

    async def clear_faults(self, body: Body) -> Json:
        """Nothing goes wrong any more."""
        self.core.faults.clear()
        return {"ok": True}

    async def revoke(self, body: Body) -> Json:
        """Revoke the app's bot or app token, or (`restore`) give it back."""
        app = self._app(body)
        token = app.app_token if body.need("token") == "app" else app.bot_token
        if body.get("restore"):
            self.workspace.revoked.discard(token)
        else:
            self.workspace.revoked.add(token)
        return {"ok": True}

    async def traffic(self, body: Body) -> Json:
        """What went over the wire since number `after`."""
        after = int(body.number("after"))
        entries = self.workspace.traffic.entries
        return {"traffic": [entry for entry in entries if entry["n"] > after]}

    async def problems(self, body: Body) -> Json:
        """What broke the protocol."""
        return {"problems": list(self.workspace.traffic.problems)}

    async def idle(self, body: Body) -> Json:
        """Wait until every event has been acknowledged or given up; `idle` says whether that is so."""
        timeout = min(body.number("timeout", 10.0), MAX_POLL_SECONDS)
        return {"ok": True, "idle": await self.core.delivery.idle(timeout)}

    async def start_anew(self, body: Body) -> Json:
        """Back to the seed; sockets stay."""
        self.reset()
        return {"ok": True, "revision": self.workspace.revision}


def _ephemerals(channel: Channel, viewer: User | None) -> Iterable[Message]:
    return [m for m in channel.ephemerals.values() if viewer is not None and m.only_for == viewer.id]


def _app_json(app: App) -> Json:
    return {
        "id": app.id,
        "name": app.name,
        "bot_user_id": app.bot_user_id,
        "bot_id": app.bot_id,
        "commands": list(app.commands.values()),
        "shortcuts": app.shortcuts,
        "events": sorted(app.events),
        "scopes": sorted(app.scopes),
        "home_tab": app.home_tab,
    }


def _view_shown(view: View) -> Json:
    shown = {
        key: view.view.get(key)
        for key in ("type", "callback_id", "title", "submit", "close", "blocks", "private_metadata")
    }
    return {
        "id": view.id,
        "app": view.app_id,
        "user": view.user,
        "hash": view.hash,
        **shown,
        "values": view.state,
        "errors": view.errors,
        "notice": view.notice,
    }


def _served(handler: Handler) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def serve(request: web.Request) -> web.Response:
        body = Body({**request.query, **request.match_info})
        try:
            if request.can_read_body:
                try:
                    given = json.loads(await request.text())
                except ValueError:
                    raise NotPossible("the body is not JSON") from None
                if not isinstance(given, dict):
                    raise NotPossible("the body is no JSON object")
                body.update(given)
            answer = await handler(body)
        except NotPossible as error:
            return web.json_response({"ok": False, "error": str(error)}, status=400)
        return web.json_response(answer)

    return serve
