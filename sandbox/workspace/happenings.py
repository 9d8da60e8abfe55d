"""Changes that apps can subscribe to: the change itself and the events that follow from it.

Who hears what: an app that subscribes to the event and, for channels, whose bot user is a member
(https://docs.slack.dev/apis/events-api/, https://docs.slack.dev/reference/events/message).
"""

from __future__ import annotations

from sandbox.workspace.delivery import Delivery
from sandbox.workspace.model import App, Channel, Json, Message, User, UserGroup
from sandbox.workspace.payloads import channel_json, message_json, user_json, usergroup_json
from sandbox.workspace.workspace import Workspace

_MESSAGE_EVENTS = {
    "channel": ("message.channels", "channel"),
    "private": ("message.groups", "group"),
    "im": ("message.im", "im"),
    "mpim": ("message.mpim", "mpim"),
}


class Happenings:
    """Makes changes to the workspace and tells the apps that may know."""

    def __init__(self, workspace: Workspace, delivery: Delivery) -> None:
        self.workspace = workspace
        self.delivery = delivery

    # Messages

    def post(self, message: Message) -> Message:
        """Store a message; apps in the channel hear of it."""
        workspace = self.workspace
        workspace.post(message)
        if message.only_for is not None:
            return message
        channel = workspace.channels[message.channel]
        event = message_json(workspace, message, with_metadata=True) | {"channel": channel.id}
        for app in self._listening(channel):
            self._message_event(app, channel, event)
            if (
                f"<@{app.bot_user_id}>" in message.text
                and "app_mention" in app.events
                and channel.kind != "im"
            ):
                mention = {k: v for k, v in event.items() if k not in ("subtype", "root")}
                self.delivery.event(app, {**mention, "type": "app_mention", "event_ts": message.ts})
        return message

    def edit(self, message: Message, before: Json) -> None:
        """Tell of a message that was changed; `before` is how it was."""
        workspace = self.workspace
        channel = workspace.channels[message.channel]
        workspace.changed("message", channel=channel.id, ts=message.ts)
        if message.only_for is not None:
            return
        event: Json = {
            "type": "message",
            "subtype": "message_changed",
            "channel": channel.id,
            "ts": workspace.next_ts(),
            "hidden": True,
            "message": message_json(workspace, message, with_metadata=True),
            "previous_message": before,
        }
        for app in self._listening(channel):
            self._message_event(app, channel, event)

    def delete(self, message: Message) -> None:
        """Delete a message, or leave a tombstone where it has replies."""
        workspace = self.workspace
        channel = workspace.channels[message.channel]
        before = message_json(workspace, message)
        gone = workspace.remove(message)
        if message.only_for is not None:
            return
        event: Json = {
            "type": "message",
            "subtype": "message_deleted" if gone else "message_changed",
            "channel": channel.id,
            "ts": workspace.next_ts(),
            "hidden": True,
            "previous_message": before,
        }
        if gone:
            event["deleted_ts"] = message.ts
        else:
            event["message"] = message_json(workspace, message)
        for app in self._listening(channel):
            self._message_event(app, channel, event)

    def _listening(self, channel: Channel) -> list[App]:
        return [app for app in self.workspace.apps.values() if app.bot_user_id in channel.members]

    def _message_event(self, app: App, channel: Channel, event: Json) -> None:
        subscription, channel_type = _MESSAGE_EVENTS[channel.kind]
        if subscription in app.events:
            self.delivery.event(app, {**event, "channel_type": channel_type, "event_ts": event["ts"]})

    # Channels

    def archive(self, channel: Channel, archived: bool, by: str) -> None:
        """Archive a channel or bring it back."""
        if channel.archived == archived:
            return
        channel.archived = archived
        self.workspace.changed("channel", channel=channel.id)
        verb = "archive" if archived else "unarchive"
        kind = {"channel": f"channel_{verb}", "private": f"group_{verb}"}.get(channel.kind)
        self._tell_members(channel, kind, {"channel": channel.id, "user": by, "is_moved": 0})

    def invite(self, channel: Channel, user: str, inviter: str | None = None) -> None:
        """Make somebody a member of a channel."""
        if user in channel.members:
            return
        channel.members.append(user)
        self.workspace.changed("channel", channel=channel.id)
        event: Json = {"user": user, "channel": channel.id, "team": self.workspace.team.id}
        event["channel_type"] = "C" if channel.kind == "channel" else "G"
        if inviter is not None:
            event["inviter"] = inviter
        self._tell_members(channel, "member_joined_channel", event)

    def kick(self, channel: Channel, user: str) -> None:
        """Take somebody out of a channel."""
        if user not in channel.members:
            return
        event: Json = {"user": user, "channel": channel.id, "team": self.workspace.team.id}
        event["channel_type"] = "C" if channel.kind == "channel" else "G"
        self._tell_members(channel, "member_left_channel", event)
        for app in self.workspace.apps.values():
            if app.bot_user_id == user:
                left = "channel_left" if channel.kind == "channel" else "group_left"
                self._tell(app, left, {"channel": channel.id, "actor_id": ""})
        channel.members.remove(user)
        self.workspace.changed("channel", channel=channel.id)

    def _tell_members(self, channel: Channel, kind: str | None, event: Json) -> None:
        if kind is not None:
            for app in self._listening(channel):
                self._tell(app, kind, event)

    # People

    def usergroup(self, group: UserGroup, users: list[str]) -> None:
        """Change who is in a user group."""
        before, group.users = group.users, list(users)
        self.workspace.changed("usergroup", usergroup=group.id)
        added = [user for user in users if user not in before]
        removed = [user for user in before if user not in users]
        if not added and not removed:
            return
        self._tell_all(
            "subteam_members_changed",
            {
                "subteam_id": group.id,
                "team_id": self.workspace.team.id,
                "date_previous_update": 0,
                "date_update": int(self.workspace.clock.now().timestamp()),
                "added_users": added,
                "added_users_count": len(added),
                "removed_users": removed,
                "removed_users_count": len(removed),
            },
        )
        self.usergroup_changed(group)

    def usergroup_changed(self, group: UserGroup) -> None:
        """Tell of a user group whose name, handle or state changed."""
        self.workspace.changed("usergroup", usergroup=group.id)
        subteam = usergroup_json(self.workspace, group, with_users=True)
        self._tell_all("subteam_updated", {"subteam": subteam})

    def user_changed(self, user: User) -> None:
        """Tell of a user whose profile or state changed."""
        self.workspace.changed("user", user=user.id)
        self._tell_all("user_change", {"user": user_json(self.workspace, user), "cache_ts": 0})

    def home_opened(self, app: App, user: User, tab: str, view: Json | None) -> None:
        """Tell an app that somebody looks at its App Home."""
        im = self.workspace.im(user.id, app.bot_user_id)
        event: Json = {"user": user.id, "channel": im.id if im else "", "tab": tab}
        if view is not None:
            event["view"] = view
        self._tell(app, "app_home_opened", event)

    def channel_created(self, channel: Channel, app: App) -> Json:
        """A new conversation, as the app sees it."""
        self.workspace.channels[channel.id] = channel
        self.workspace.changed("channel", channel=channel.id)
        return channel_json(self.workspace, channel, app)

    def _tell(self, app: App, kind: str, event: Json) -> None:
        if kind in app.events:
            self.delivery.event(app, {"type": kind, **event, "event_ts": self.workspace.next_ts()})

    def _tell_all(self, kind: str, event: Json) -> None:
        for app in self.workspace.apps.values():
            self._tell(app, kind, event)
