"""What the workspace looks like on the wire: objects and payloads in Slack's shape.

Sources: the object types and interaction payload pages of https://docs.slack.dev/reference/.
"""

from __future__ import annotations

import secrets
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.workspace.model import App, Channel, File, Json, Message, User, UserGroup, View
from sandbox.workspace.workspace import Workspace

NO_FALLBACK = "This content can't be displayed."
"""What Slack puts as the text of a message that has blocks only."""


def user_json(workspace: Workspace, user: User, *, with_email: bool = False) -> Json:
    """A user object, as in users.info."""
    offset = workspace.clock.now().astimezone(ZoneInfo(user.tz)).utcoffset()
    first, _, last = user.real_name.partition(" ")
    profile: Json = {
        "real_name": user.real_name,
        "display_name": user.name if user.is_bot else user.real_name,
        "real_name_normalized": user.real_name,
        "first_name": first,
        "last_name": last,
        "team": user.team_id,
    }
    if with_email and user.email:
        profile["email"] = user.email
    return {
        "id": user.id,
        "team_id": user.team_id,
        "name": user.name,
        "deleted": user.deleted,
        "real_name": user.real_name,
        "tz": user.tz,
        "tz_label": user.tz,
        "tz_offset": int(offset.total_seconds()) if offset is not None else 0,
        "profile": profile,
        "is_admin": False,
        "is_owner": False,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "is_restricted": False,
        "is_stranger": user.team_id != workspace.team.id,
        "updated": 0,
    }


def usergroup_json(workspace: Workspace, group: UserGroup, *, with_users: bool = False) -> Json:
    """A user group, as in usergroups.list."""
    shown: Json = {
        "id": group.id,
        "team_id": workspace.team.id,
        "is_usergroup": True,
        "name": group.name,
        "handle": group.handle,
        "description": "",
        "is_external": False,
        "date_create": 0,
        "date_update": 0,
        "date_delete": 0 if group.enabled else int(workspace.clock.now().timestamp()),
        "user_count": len(group.users),
    }
    if with_users:
        shown["users"] = list(group.users)
    return shown


def channel_json(workspace: Workspace, channel: Channel, app: App) -> Json:
    """A conversation, as an app sees it."""
    shown: Json = {
        "id": channel.id,
        "created": channel.created,
        "is_channel": channel.kind == "channel",
        "is_group": channel.kind == "private",
        "is_im": channel.kind == "im",
        "is_mpim": channel.kind == "mpim",
        "is_private": channel.kind != "channel",
        "is_archived": channel.archived,
        "is_ext_shared": channel.ext_shared,
        "is_shared": channel.ext_shared,
        "is_org_shared": False,
        "context_team_id": workspace.team.id,
    }
    if channel.kind == "im":
        shown["user"] = next((m for m in channel.members if m != app.bot_user_id), app.bot_user_id)
        return shown
    shown |= {
        "name": channel.name,
        "name_normalized": channel.name,
        "is_member": app.bot_user_id in channel.members,
        "is_general": False,
        "creator": channel.members[0] if channel.members else "",
        "num_members": len(channel.members),
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
    }
    return shown


def message_json(workspace: Workspace, message: Message, *, with_metadata: bool = False) -> Json:
    """A message as history, replies, events and interactions show it."""
    shown: Json = {"type": "message", "user": message.user, "ts": message.ts, "text": message.text}
    if message.team:
        shown["team"] = message.team
        if message.team != workspace.team.id:
            shown |= {"user_team": message.team, "source_team": message.team, "team": workspace.team.id}
    if message.bot_id is not None:
        app = workspace.apps[message.app_id or ""]
        shown |= {"bot_id": message.bot_id, "app_id": app.id, "bot_profile": bot_profile(workspace, app)}
    if message.blocks:
        shown["blocks"] = message.blocks
        if not message.text:
            shown["text"] = NO_FALLBACK
    elif message.bot_id is None and message.subtype is None and message.text:
        shown["blocks"] = [_typed(message)]
        shown["client_msg_id"] = f"sandbox-{message.ts}"
    if message.attachments:
        shown["attachments"] = message.attachments
    if message.thread_ts is not None:
        shown["thread_ts"] = message.thread_ts
    if message.is_reply:
        parent = workspace.channels[message.channel].messages.get(message.thread_ts or "")
        if parent is not None:
            shown["parent_user_id"] = parent.user
        if message.broadcast:
            shown["subtype"] = "thread_broadcast"
            if parent is not None:
                shown["root"] = message_json(workspace, parent)
    elif message.replies:
        messages = workspace.channels[message.channel].messages
        users = list(dict.fromkeys(messages[ts].user for ts in message.replies))
        shown |= {
            "reply_count": len(message.replies),
            "reply_users_count": len(users),
            "reply_users": users,
            "latest_reply": message.replies[-1],
            "is_locked": False,
            "subscribed": False,
        }
    if message.subtype is not None:
        shown["subtype"] = message.subtype
    if message.edited is not None:
        shown["edited"] = message.edited
    if message.reactions:
        shown["reactions"] = [
            {"name": n, "users": users, "count": len(users)} for n, users in message.reactions.items()
        ]
    if message.files:
        shown["files"] = message.files
    if message.only_for is not None:
        shown["is_ephemeral"] = True
    if with_metadata and message.metadata is not None:
        shown["metadata"] = message.metadata
    return shown


def _typed(message: Message) -> Json:
    text = {"type": "text", "text": message.text}
    section = {"type": "rich_text_section", "elements": [text]}
    return {"type": "rich_text", "block_id": "typed", "elements": [section]}


def bot_profile(workspace: Workspace, app: App) -> Json:
    """Who a bot's message is by."""
    return {
        "id": app.bot_id,
        "app_id": app.id,
        "name": app.name,
        "deleted": False,
        "updated": 0,
        "team_id": workspace.team.id,
    }


def file_json(file: File, base_url: str) -> Json:
    """A file, as in files.info."""
    return {
        "id": file.id,
        "name": file.name,
        "title": file.title or file.name,
        "mimetype": file.mimetype,
        "size": file.length,
        "mode": "hosted",
        "channels": list(file.shared_in),
        "url_private": f"{base_url}/files-pri/{file.id}/{file.name}",
        "url_private_download": f"{base_url}/files-pri/{file.id}/download/{file.name}",
    }


def view_json(workspace: Workspace, view: View) -> Json:
    """A view with what has been typed into it, as in views.* answers and interactions."""
    app = workspace.apps[view.app_id]
    given = view.view
    return {
        "id": view.id,
        "team_id": workspace.team.id,
        "type": given["type"],
        "blocks": given["blocks"],
        "private_metadata": given.get("private_metadata", ""),
        "callback_id": given.get("callback_id", ""),
        "state": {"values": view.state},
        "hash": view.hash,
        "title": given.get("title") or {"type": "plain_text", "text": "View Title", "emoji": True},
        "clear_on_close": bool(given.get("clear_on_close", False)),
        "notify_on_close": bool(given.get("notify_on_close", False)),
        "close": given.get("close"),
        "submit": given.get("submit"),
        "previous_view_id": view.previous_id,
        "root_view_id": view.root_id,
        "app_id": app.id,
        "external_id": given.get("external_id", ""),
        "app_installed_team_id": workspace.team.id,
        "bot_id": app.bot_id,
    }


def shown_name(channel: Channel) -> str:
    """The channel name as interaction payloads give it: conversations without a name get a word."""
    if channel.kind == "im":
        return "directmessage"
    return "privategroup" if channel.kind == "private" else channel.name


def base_payload(
    workspace: Workspace, app: App, user: User, *, as_team: str | None, as_app: str | None
) -> Json:
    """What all interaction payloads have in common.

    `as_team` and `as_app` let a test send what another workspace or another app would.
    """
    team_id = as_team or user.team_id
    domain = workspace.team.domain if team_id == workspace.team.id else "elsewhere"
    return {
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": team_id},
        "api_app_id": as_app or app.id,
        "token": app.verification_token,
        "team": {"id": team_id, "domain": domain},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def command_payload(
    workspace: Workspace,
    app: App,
    user: User,
    channel: Channel,
    command: str,
    text: str,
    *,
    trigger_id: str,
    response_url: str,
    as_team: str | None = None,
    as_app: str | None = None,
) -> Json:
    """A slash command; over HTTP it is a form with the same names."""
    team_id = as_team or user.team_id
    return {
        "token": app.verification_token,
        "team_id": team_id,
        "team_domain": workspace.team.domain if team_id == workspace.team.id else "elsewhere",
        "channel_id": channel.id,
        "channel_name": shown_name(channel),
        "user_id": user.id,
        "user_name": user.name,
        "command": command,
        "text": text,
        "api_app_id": as_app or app.id,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger_id,
    }


def with_ids(blocks: list[Json]) -> list[Json]:
    """The blocks with a block_id and action_ids where the app gave none, as Slack assigns them."""
    return [_with_id(block) for block in blocks]


def _with_id(block: Json) -> Json:
    done = {**block, "block_id": block.get("block_id") or _short_id()}
    for key in ("element", "accessory"):
        if isinstance(done.get(key), dict):
            done[key] = _with_action_id(done[key])
    match done["type"]:
        case "actions" | "context_actions":
            done["elements"] = [_with_action_id(element) for element in done["elements"]]
        case "card" if "actions" in done:
            done["actions"] = [_with_action_id(element) for element in done["actions"]]
        case "carousel":
            done["elements"] = with_ids(done["elements"])
        case "container":
            done["child_blocks"] = with_ids(done["child_blocks"])
    return done


def _with_action_id(element: Any) -> Any:
    if not isinstance(element, dict) or element.get("type") == "image":
        return element
    return {**element, "action_id": element.get("action_id") or _short_id()}


def _short_id() -> str:
    return secrets.token_urlsafe(4)[:5]
