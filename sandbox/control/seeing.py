"""What there is and what people see: state, sidebar, channels, threads, modals, App Home, files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from aiohttp import web

from sandbox.control import sidebar
from sandbox.control.part import MAX_POLL_SECONDS, Body, Handler, Part, view_shown
from sandbox.workspace.errors import NotPossible
from sandbox.workspace.model import App, Channel, Json, Message, User
from sandbox.workspace.workspace import iso

SHOWN_INLINE = ("image/gif", "image/jpeg", "image/png", "image/webp")
MAX_REPLY_USERS = 5


class Seeing(Part):
    """What can be looked at; nothing here changes anything."""

    def gets(self) -> Mapping[str, Handler]:
        """What answers a GET."""
        return {
            "state": self.state,
            "changes": self.changes,
            "sidebar": self.sidebar,
            "channel/{channel}": self.channel,
            "thread/{channel}/{ts}": self.thread,
            "views": self.views,
            "home": self.home,
            "file/{file}": self.file,
        }

    def _viewer(self, body: Body, channel: Channel) -> User | None:
        if not body.get("as"):
            return None
        viewer = self._user(body, "as")
        if not self.workspace.can_see(viewer.id, channel):
            raise NotPossible(f"{viewer.real_name} cannot see {channel.id}")
        return viewer

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
        after = body.count("after")
        revision = await self.workspace.wait_for_change(after, timeout)
        return {
            "revision": revision,
            "changes": [change for change in self.workspace.changes if change["revision"] > after],
        }

    async def sidebar(self, body: Body) -> Json:
        """The conversations that somebody sees, with what is unread, and who else was mentioned."""
        viewer = self._user(body, "as")
        return {
            "revision": self.workspace.revision,
            "conversations": sidebar.conversations(self.workspace, viewer),
            "people": sidebar.people(self.workspace),
        }

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
        return self._listing(channel, [parent, *replies], viewer, body, ts)

    def _listing(
        self,
        channel: Channel,
        messages: list[Message],
        viewer: User | None,
        body: Body,
        thread_ts: str | None = None,
    ) -> Json:
        messages.sort(key=lambda message: message.ts)
        limit = body.count("limit")
        return {
            "revision": self.workspace.revision,
            "channel": {"id": channel.id, "name": channel.name, "kind": channel.kind},
            "read": sidebar.read_mark(self.workspace, viewer, channel, thread_ts) if viewer else None,
            "messages": [self._shown(m, viewer) for m in (messages[-limit:] if limit else messages)],
        }

    def _shown(self, message: Message, viewer: User | None) -> Json:
        channel = self.workspace.channels[message.channel]
        authors = dict.fromkeys(channel.messages[reply].user for reply in message.replies)
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
            "reply_users": list(authors)[:MAX_REPLY_USERS],
            "latest_reply": message.replies[-1] if message.replies else None,
            "unread": viewer is not None and sidebar.is_unread(self.workspace, viewer, message),
            "unread_replies": sidebar.unread_replies(self.workspace, viewer, message) if viewer else 0,
            "mentions_me": viewer is not None and sidebar.is_mentioned(self.workspace, viewer, message),
            "broadcast": message.broadcast,
            "edited": message.edited is not None,
            "metadata": message.metadata,
            "ephemeral": message.only_for is not None,
            "only_for": message.only_for,
            "subtype": message.subtype,
            "reactions": message.reactions,
            "files": message.files,
            "pinned": message.ts in channel.pins,
            "warning": message.warnings.get(viewer.id) if viewer else None,
        }

    async def views(self, body: Body) -> Json:
        """The modals on somebody's screen, the top one last."""
        user = self._user(body, "as")
        stack = self.core.views.stack(user.id)
        return {"revision": self.workspace.revision, "views": [view_shown(view) for view in stack]}

    async def home(self, body: Body) -> Json:
        """What somebody's Home tab of the app shows; null before the app has published one."""
        view = self.workspace.homes.get((self._app(body).id, self._user(body, "as").id))
        return {"revision": self.workspace.revision, "view": view_shown(view) if view else None}

    async def file(self, body: Body) -> web.StreamResponse:
        """An uploaded file, for somebody who sees a channel that it is shared in."""
        viewer = self._user(body, "as")
        file = self.workspace.files.get(body.need("file"))
        channels = self.workspace.channels
        if (
            file is None
            or file.content is None
            or not any(self.workspace.can_see(viewer.id, channels[shared]) for shared in file.shared_in)
        ):
            raise NotPossible(f"{viewer.real_name} sees no file {body['file']!r}")
        shown = file.mimetype in SHOWN_INLINE
        headers = {
            "Content-Type": file.mimetype if shown else "application/octet-stream",
            "Content-Disposition": "inline" if shown else "attachment",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
        }
        return web.Response(body=file.content, headers=headers)


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
        "messages_tab": app.messages_tab,
    }
