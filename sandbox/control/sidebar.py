"""What is unread, and who was mentioned: the numbers beside conversations, messages and people.

A read mark is the ts up to which somebody has read a channel, or a thread of it. Replies have marks of their own,
as in Slack: reading the channel does not read its threads.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from sandbox.workspace.model import Channel, Json, Message, User
from sandbox.workspace.workspace import Workspace

_WRITTEN = re.compile(
    r"<(?:@(?P<user>\w+)|!subteam\^(?P<group>\w+)|!(?P<all>channel|here|everyone))(?:\|[^>]*)?>"
)
_DIRECT = ("im", "mpim")
TOMBSTONE = "tombstone"


@dataclass
class Mentions:
    """Whom a message mentions."""

    users: set[str] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)
    everyone: bool = False


def mentions(message: Message) -> Mentions:
    """Whom a message mentions, in its text, its blocks and its attachments."""
    found = Mentions()
    for text in _texts([message.text, message.blocks, message.attachments], found):
        for written in _WRITTEN.finditer(text):
            if written["user"]:
                found.users.add(written["user"])
            elif written["group"]:
                found.groups.add(written["group"])
            else:
                found.everyone = True
    return found


def _texts(value: object, found: Mentions) -> Iterator[str]:
    """Every text that may hold a mention; rich text names people in elements, which are noted on the way."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item, found)
    elif isinstance(value, dict):
        match value.get("type"):
            case "plain_text":
                return
            case "user":
                found.users.add(str(value.get("user_id")))
            case "usergroup":
                found.groups.add(str(value.get("usergroup_id")))
            case "broadcast":
                found.everyone = True
        for item in value.values():
            yield from _texts(item, found)


def is_mentioned(workspace: Workspace, user: User, message: Message, found: Mentions | None = None) -> bool:
    """Whether a message mentions somebody: by name, by a user group of theirs, or everybody in their channel."""
    found = found or mentions(message)
    if user.id in found.users or (found.everyone and user.id in workspace.channels[message.channel].members):
        return True
    groups = (workspace.usergroups.get(group) for group in found.groups)
    return any(group is not None and group.enabled and user.id in group.users for group in groups)


# Read marks


def read_mark(workspace: Workspace, user: User, channel: Channel, thread_ts: str | None = None) -> str | None:
    """Up to which message somebody has read a channel or a thread; None where they never looked."""
    return workspace.marks.get((user.id, channel.id, thread_ts))


def mark_read(
    workspace: Workspace, user: User, channel: Channel, ts: str, thread_ts: str | None = None
) -> None:
    """Move somebody's mark; it never goes back."""
    if ts > (read_mark(workspace, user, channel, thread_ts) or ""):
        workspace.marks[user.id, channel.id, thread_ts] = ts
        workspace.changed("read", user=user.id, channel=channel.id, thread_ts=thread_ts)


def is_unread(workspace: Workspace, user: User, message: Message) -> bool:
    """Whether somebody has yet to read a message; a broadcast reply is read in its channel or in its thread."""
    if message.user == user.id or message.subtype == TOMBSTONE:
        return False
    channel = workspace.channels[message.channel]
    marks = [read_mark(workspace, user, channel, message.thread_ts)] if message.is_reply else []
    if not message.is_reply or message.broadcast:
        marks.append(read_mark(workspace, user, channel))
    return all(message.ts > (mark or "") for mark in marks)


def unread_replies(workspace: Workspace, user: User, parent: Message) -> int:
    """How many replies somebody has yet to read, in a thread that they follow.

    Who follows a thread: its author, whoever wrote or was mentioned in it, whoever opened it.
    """
    channel = workspace.channels[parent.channel]
    replies = [channel.messages[ts] for ts in parent.replies]
    unread = [reply for reply in replies if is_unread(workspace, user, reply)]
    if not unread:
        return 0
    followed = read_mark(workspace, user, channel, parent.ts) is not None or any(
        message.user == user.id or is_mentioned(workspace, user, message) for message in (parent, *replies)
    )
    return len(unread) if followed else 0


# The lists


def conversations(workspace: Workspace, viewer: User) -> list[Json]:
    """The conversations that somebody sees: public channels, and others that they are in."""
    seen = [channel for channel in workspace.channels.values() if workspace.can_see(viewer.id, channel)]
    return [_conversation(workspace, viewer, channel) for channel in seen]


def _conversation(workspace: Workspace, viewer: User, channel: Channel) -> Json:
    shown = [m for m in channel.messages.values() if not m.is_reply or m.broadcast]
    shown += [m for m in channel.ephemerals.values() if m.only_for == viewer.id and not m.is_reply]
    member = viewer.id in channel.members
    others = [member for member in channel.members if member != viewer.id]
    return {
        "id": channel.id,
        "name": _name(workspace, channel, others),
        "kind": channel.kind,
        "with": others[0] if channel.kind == "im" and others else None,
        "member": member,
        "archived": channel.archived,
        "latest": max((message.ts for message in shown), default=None),
        "unread": sum(is_unread(workspace, viewer, message) for message in shown) if member else 0,
        "mentions": _mentions_in(workspace, viewer, channel, {}),
    }


def _name(workspace: Workspace, channel: Channel, others: list[str]) -> str:
    if channel.kind not in _DIRECT:
        return channel.name
    return ", ".join(workspace.users[user].real_name for user in others if user in workspace.users)


def _mentions_in(workspace: Workspace, user: User, channel: Channel, known: dict[str, Mentions]) -> int:
    """How many messages and replies that somebody has yet to read are meant for them.

    `known` keeps, by ts, what was found in messages already, for those who ask on behalf of many people.
    """
    if user.id not in channel.members:
        return 0
    unread = [message for message in _all_for(channel, user) if is_unread(workspace, user, message)]
    if channel.kind in _DIRECT:
        return len(unread)
    for message in unread:
        if message.ts not in known:
            known[message.ts] = mentions(message)
    return sum(is_mentioned(workspace, user, message, known[message.ts]) for message in unread)


def _all_for(channel: Channel, user: User) -> Iterable[Message]:
    yield from channel.messages.values()
    yield from (message for message in channel.ephemerals.values() if message.only_for == user.id)


def people(workspace: Workspace) -> list[Json]:
    """Everybody who could be acted as, with how often they were mentioned and what they have open."""
    channels = [(channel, dict[str, Mentions]()) for channel in workspace.channels.values()]
    return [
        {
            "id": user.id,
            "mentions": sum(_mentions_in(workspace, user, channel, known) for channel, known in channels),
            "modals": len(workspace.stacks.get(user.id, ())),
        }
        for user in workspace.users.values()
        if not user.is_bot and not user.deleted
    ]
