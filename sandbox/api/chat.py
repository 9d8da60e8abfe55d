"""chat.*, reactions.* and pins.*: everything an app does with messages."""

from __future__ import annotations

import re

from sandbox.api.call import Call, Handler
from sandbox.workspace.errors import SlackError
from sandbox.workspace.model import App, Channel, Json, Message
from sandbox.workspace.payloads import message_json, with_ids
from sandbox.workspace.workspace import Workspace

MAX_POST_TEXT = 40_000
MAX_UPDATE_TEXT = 4_000
"""chat.update says msg_too_long past this; chat.postMessage cuts at 40,000 (https://docs.slack.dev/reference/methods)."""


def bot_message(workspace: Workspace, app: App, channel: Channel, text: str) -> Message:
    """A message by an app's bot, not yet stored."""
    return Message(
        workspace.next_ts(),
        channel.id,
        app.bot_user_id,
        text,
        bot_id=app.bot_id,
        app_id=app.id,
        team=workspace.team.id,
    )


def _target(call: Call) -> Channel:
    """Where to post: a channel the bot may write to, or a person's direct messages by their user id."""
    workspace, bot = call.workspace, call.app.bot_user_id
    key = call.text("channel")
    if key in workspace.users:
        im = workspace.im(key, bot)
        if im is None:
            created = int(workspace.clock.now().timestamp())
            im = Channel(workspace.new_id("D"), "", "im", [key, bot], created=created)
            call.core.happenings.channel_created(im, call.app)
        return im
    channel = workspace.channels.get(key) or (workspace.channel(key) if key.startswith("#") else None)
    if channel is None or (channel.kind != "channel" and bot not in channel.members):
        raise SlackError("channel_not_found")
    if channel.archived:
        raise SlackError("is_archived")
    return channel


def _content(call: Call, longest: int, *, cut: bool) -> tuple[str, list[Json] | None, list[Json] | None]:
    text = call.text("text")
    if call.text("markdown_text"):
        if text or call.args.get("blocks"):
            raise SlackError("markdown_text_conflict")
        text = call.text("markdown_text")
    blocks = call.blocks()
    attachments = call.json("attachments", "invalid_attachments")
    if attachments is not None and not isinstance(attachments, list):
        raise SlackError("invalid_attachments")
    if len(text) > longest:
        if not cut:
            raise SlackError("msg_too_long")
        text = text[:longest]
    return text, blocks, attachments


def _thread(call: Call, channel: Channel) -> str | None:
    thread_ts = call.text("thread_ts")
    if not thread_ts:
        return None
    if not re.fullmatch(r"\d{10,}\.\d{6}", thread_ts):
        raise SlackError("invalid_thread_ts", [f"{thread_ts} is not a valid thread_ts"])
    parent = channel.messages.get(thread_ts)
    if parent is None:
        raise SlackError("thread_not_found")
    if parent.is_reply:
        # Slack warns against a reply's ts as thread_ts; there the reply ends up where nobody finds it.
        raise SlackError("cannot_reply_to_message")
    return thread_ts


def post_message(call: Call) -> Json:
    """chat.postMessage"""
    channel = _target(call)
    if call.app.bot_user_id not in channel.members and "chat:write.public" not in call.app.scopes:
        raise SlackError("not_in_channel")
    text, blocks, attachments = _content(call, MAX_POST_TEXT, cut=True)
    metadata = call.metadata()
    if not text.strip() and not blocks and not attachments:
        raise SlackError("no_text")
    message = bot_message(call.workspace, call.app, channel, text)
    message.thread_ts = _thread(call, channel)
    message.blocks = with_ids(blocks or [])
    for _, file in call.pictures(blocks or []):
        if file is not None and channel.id not in file.shared_in:
            file.shared_in.append(channel.id)  # whoever sees the message sees its picture
    message.attachments = attachments or []
    message.metadata = metadata or None
    message.broadcast = message.thread_ts is not None and call.flag("reply_broadcast")
    call.core.happenings.post(message)
    shown = message_json(call.workspace, message, with_metadata=True)
    return {"channel": channel.id, "ts": message.ts, "message": shown}


def update(call: Call) -> Json:
    """chat.update"""
    channel = call.channel()
    message = channel.messages.get(call.text("ts"))
    if message is None or message.subtype == "tombstone":
        raise SlackError("message_not_found")
    if message.app_id != call.app.id:
        raise SlackError("cant_update_message")
    if channel.archived:
        raise SlackError("is_inactive")
    text, blocks, attachments = _content(call, MAX_UPDATE_TEXT, cut=False)
    metadata = call.metadata()
    if not text.strip() and blocks is None and attachments is None:
        raise SlackError("no_text")
    if not text.strip() and not (message.blocks if blocks is None else blocks) and not attachments:
        raise SlackError("no_text")
    if call.flag("reply_broadcast") and not message.is_reply:
        raise SlackError("cant_broadcast_message")
    before = message_json(call.workspace, message)
    if text or blocks is not None:
        # With text only, the blocks go; with blocks only, the text goes: they are one content.
        message.text, message.blocks = text, with_ids(blocks or [])
    if attachments is not None:
        message.attachments = attachments
    if metadata is not None:
        message.metadata = metadata or None
    if call.flag("reply_broadcast"):
        message.broadcast = True
    if not message.blocks:
        # Slack marks text as edited, and a message made of blocks not.
        message.edited = {"user": call.app.bot_user_id, "ts": call.workspace.next_ts()}
    call.core.happenings.edit(message, before)
    shown = message_json(call.workspace, message, with_metadata=True)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": shown}


def delete(call: Call) -> Json:
    """chat.delete"""
    channel = call.channel()
    message = call.message(channel, "ts")
    if message.app_id != call.app.id:
        raise SlackError("cant_delete_message")
    call.core.happenings.delete(message)
    return {"channel": channel.id, "ts": message.ts}


def post_ephemeral(call: Call) -> Json:
    """chat.postEphemeral"""
    channel = _target(call)
    if call.app.bot_user_id not in channel.members:
        raise SlackError("not_in_channel")
    user = call.text("user")
    if user not in channel.members:
        raise SlackError("user_not_in_channel")
    text, blocks, attachments = _content(call, MAX_POST_TEXT, cut=False)
    if not text.strip() and not blocks and not attachments:
        raise SlackError("no_text")
    message = bot_message(call.workspace, call.app, channel, text)
    message.thread_ts = _thread(call, channel)
    message.blocks, message.attachments = with_ids(blocks or []), attachments or []
    message.only_for = user
    call.core.happenings.post(message)
    return {"message_ts": message.ts}


def permalink(call: Call) -> Json:
    """chat.getPermalink"""
    channel = call.channel()
    message = channel.messages.get(call.text("message_ts"))
    if message is None:
        raise SlackError("message_not_found")
    return {"channel": channel.id, "permalink": permalink_of(call.core.base_url, message)}


def permalink_of(base_url: str, message: Message) -> str:
    """The address of a message."""
    link = f"{base_url}/archives/{message.channel}/p{message.ts.replace('.', '')}"
    return f"{link}?thread_ts={message.thread_ts}&cid={message.channel}" if message.is_reply else link


def add_reaction(call: Call) -> Json:
    """reactions.add"""
    if not call.text("timestamp"):
        raise SlackError("no_item_specified")
    channel = call.channel(member=True)
    if channel.archived:
        raise SlackError("is_archived")
    message = call.message(channel, "timestamp")
    name = call.text("name").strip(":")
    if not name:
        raise SlackError("invalid_name")
    users = message.reactions.setdefault(name, [])
    if call.app.bot_user_id in users:
        raise SlackError("already_reacted")
    users.append(call.app.bot_user_id)
    call.workspace.changed("message", channel=channel.id, ts=message.ts)
    return {}


def add_pin(call: Call) -> Json:
    """pins.add"""
    if not call.text("timestamp"):
        raise SlackError("no_item_specified")
    channel = call.channel(member=True)
    message = call.message(channel, "timestamp")
    if message.ts in channel.pins:
        raise SlackError("already_pinned")
    channel.pins.append(message.ts)
    call.workspace.changed("message", channel=channel.id, ts=message.ts)
    return {}


def remove_pin(call: Call) -> Json:
    """pins.remove"""
    if not call.text("timestamp"):
        raise SlackError("no_item_specified")
    channel = call.channel(member=True)
    message = call.message(channel, "timestamp")
    if message.ts not in channel.pins:
        raise SlackError("no_pin")
    channel.pins.remove(message.ts)
    call.workspace.changed("message", channel=channel.id, ts=message.ts)
    return {}


METHODS: dict[str, Handler] = {
    "chat.delete": delete,
    "chat.getPermalink": permalink,
    "chat.postEphemeral": post_ephemeral,
    "chat.postMessage": post_message,
    "chat.update": update,
    "pins.add": add_pin,
    "pins.remove": remove_pin,
    "reactions.add": add_reaction,
}
