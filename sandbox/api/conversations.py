"""conversations.* and users.conversations."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from sandbox.api.call import Call, Handler, make_cursor, read_cursor
from sandbox.workspace.errors import SlackError
from sandbox.workspace.model import Channel, ChannelKind, Json, Message
from sandbox.workspace.payloads import channel_json, message_json

MAX_PAGE = 1_000
MAX_MEMBERS = 999
_KINDS: dict[str, ChannelKind] = {
    "public_channel": "channel",
    "private_channel": "private",
    "im": "im",
    "mpim": "mpim",
}
_READ = {"channel": "channels:read", "private": "groups:read", "im": "im:read", "mpim": "mpim:read"}


def info(call: Call) -> Json:
    """conversations.info"""
    channel = call.channel(scope="read")
    shown = channel_json(call.workspace, channel, call.app)
    if not call.flag("include_num_members"):
        shown.pop("num_members", None)
    return {"channel": shown}


def _visible(call: Call) -> list[Channel]:
    kinds = []
    for word in (call.text("types") or "public_channel").split(","):
        kind = _KINDS.get(word.strip())
        if kind is None:
            raise SlackError("invalid_types")
        call.need_scope(_READ[kind])
        kinds.append(kind)
    bot = call.app.bot_user_id
    return [
        channel
        for channel in call.workspace.channels.values()
        if channel.kind in kinds
        and (channel.kind == "channel" or bot in channel.members)
        and not (channel.archived and call.flag("exclude_archived"))
    ]


def list_all(call: Call) -> Json:
    """conversations.list"""
    page, more = call.page(_visible(call), 100, MAX_PAGE)
    return {"channels": [channel_json(call.workspace, channel, call.app) for channel in page], **more}


def of_user(call: Call) -> Json:
    """users.conversations"""
    user = call.text("user") or call.app.bot_user_id
    if user not in call.workspace.users:
        raise SlackError("user_not_found")
    theirs = [channel for channel in _visible(call) if user in channel.members]
    page, more = call.page(theirs, 100, MAX_PAGE)
    return {"channels": [channel_json(call.workspace, channel, call.app) for channel in page], **more}


def members(call: Call) -> Json:
    """conversations.members (https://docs.slack.dev/reference/methods/conversations.members)"""
    page, more = call.page(call.channel(scope="read").members, 100, MAX_MEMBERS)
    return {"members": page, **more}


def _between(call: Call, messages: list[Message]) -> list[Message]:
    oldest = _moment(call, "oldest", Decimal(0))
    latest = _moment(call, "latest", Decimal("Infinity"))
    inclusive = call.flag("inclusive")
    return [
        message
        for message in messages
        if oldest < (ts := Decimal(message.ts)) < latest or (inclusive and ts in (oldest, latest))
    ]


def _moment(call: Call, name: str, default: Decimal) -> Decimal:
    if not call.text(name):
        return default
    try:
        return Decimal(call.text(name))
    except InvalidOperation:
        raise SlackError(f"invalid_ts_{name}") from None


def history(call: Call) -> Json:
    """conversations.history"""
    channel = call.channel(scope="history", member=True)
    shown = [m for m in channel.messages.values() if not m.is_reply or m.broadcast]
    chosen = _between(call, shown)[::-1]
    if call.text("cursor"):
        # The cursor names the next message, not a place in the list: what is posted meanwhile moves nothing.
        start = Decimal(read_cursor(call.text("cursor"), "next_ts"))
        chosen = [message for message in chosen if Decimal(message.ts) <= start]
    limit = call.number("limit", 100, MAX_PAGE)
    more = len(chosen) > limit
    with_metadata = call.flag("include_all_metadata")
    return {
        "messages": [message_json(call.workspace, m, with_metadata=with_metadata) for m in chosen[:limit]],
        "has_more": more,
        "pin_count": len(channel.pins),
        "response_metadata": {"next_cursor": make_cursor("next_ts", chosen[limit].ts) if more else ""},
    }


def replies(call: Call) -> Json:
    """conversations.replies"""
    channel = call.channel(scope="history", member=True)
    asked = channel.messages.get(call.text("ts"))
    if asked is None:
        raise SlackError("thread_not_found")
    parent = channel.messages.get(asked.thread_ts or asked.ts, asked)
    answers = _between(call, [channel.messages[ts] for ts in parent.replies])
    page, more = call.page([parent, *answers], MAX_PAGE, MAX_PAGE)
    with_metadata = call.flag("include_all_metadata")
    return {
        "messages": [message_json(call.workspace, m, with_metadata=with_metadata) for m in page],
        "has_more": bool(more["response_metadata"]["next_cursor"]),
        **more,
    }


def open_direct(call: Call) -> Json:
    """conversations.open"""
    workspace, bot = call.workspace, call.app.bot_user_id
    if call.text("channel"):
        channel = call.channel()
        if channel.kind not in ("im", "mpim"):
            raise SlackError("method_not_supported_for_channel_type")
        return _opened(call, channel, already=True)
    users = [user.strip() for user in call.text("users").split(",") if user.strip()]
    if not users:
        raise SlackError("users_list_not_supplied")
    if len(users) > 8:
        raise SlackError("too_many_users")
    for user in users:
        if user not in workspace.users:
            raise SlackError("user_not_found")
        if workspace.users[user].deleted:
            raise SlackError("user_disabled")
    call.need_scope("im:write" if len(users) == 1 else "mpim:write")
    everyone = {*users, bot}
    kind: ChannelKind = "im" if len(users) == 1 else "mpim"
    for channel in workspace.channels.values():
        if channel.kind == kind and set(channel.members) == everyone:
            return _opened(call, channel, already=True)
    if call.flag("prevent_creation"):
        raise SlackError("channel_not_found")
    name = (
        "" if kind == "im" else "mpdm-" + "--".join(workspace.users[u].name for u in sorted(everyone)) + "-1"
    )
    created = int(workspace.clock.now().timestamp())
    channel = Channel(
        workspace.new_id("D" if kind == "im" else "G"), name, kind, [*users, bot], created=created
    )
    call.core.happenings.channel_created(channel, call.app)
    return _opened(call, channel, already=False)


def _opened(call: Call, channel: Channel, *, already: bool) -> Json:
    shown = channel_json(call.workspace, channel, call.app) if call.flag("return_im") else {"id": channel.id}
    return {"channel": shown, **({"no_op": True, "already_open": True} if already else {})}


def join(call: Call) -> Json:
    """conversations.join"""
    channel = call.channel()
    if channel.kind != "channel":
        raise SlackError("method_not_supported_for_channel_type")
    if channel.archived:
        raise SlackError("is_archived")
    already = call.app.bot_user_id in channel.members
    call.core.happenings.invite(channel, call.app.bot_user_id)
    answer: Json = {"channel": channel_json(call.workspace, channel, call.app)}
    if already:
        answer |= {"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}}
    return answer


METHODS: dict[str, Handler] = {
    "conversations.history": history,
    "conversations.info": info,
    "conversations.join": join,
    "conversations.list": list_all,
    "conversations.members": members,
    "conversations.open": open_direct,
    "conversations.replies": replies,
    "users.conversations": of_user,
}
