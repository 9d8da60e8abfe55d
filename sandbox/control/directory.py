"""Who and what there is, changed by hand: channels, user groups, users."""

from __future__ import annotations

from collections.abc import Mapping

from sandbox.control.part import Body, Handler, Part
from sandbox.workspace.model import Channel, Json, User, UserGroup


class Directory(Part):
    """What an administrator would do."""

    def posts(self) -> Mapping[str, Handler]:
        """What answers a POST."""
        return {
            "archive": self.archive,
            "invite": self.invite,
            "kick": self.kick,
            "channel/add": self.add_channel,
            "usergroup": self.usergroup,
            "user": self.user,
            "user/add": self.add_user,
        }

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
