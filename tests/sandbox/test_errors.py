"""Every refusal of the Web API, by its code."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from sandbox import APP_TOKEN, BOT_TOKEN, Seed
from tests.sandbox.harness import ASK, RANDOM, Json, button, modal, plain, stage

SECTION = {"type": "section", "text": plain("hello")}
LONG = {"type": "section", "text": plain("x" * 3001)}
NO_CHANNEL: list[tuple[str, Json]] = [
    ("chat.postMessage", {"text": "x"}),
    ("chat.update", {"text": "x", "ts": "1.000000"}),
    ("chat.delete", {"ts": "1.000000"}),
    ("chat.postEphemeral", {"text": "x", "user": "U0ANA"}),
    ("chat.getPermalink", {"message_ts": "1.000000"}),
    ("conversations.info", {}),
    ("conversations.members", {}),
    ("conversations.history", {}),
    ("conversations.replies", {"ts": "1.000000"}),
    ("conversations.join", {}),
    ("reactions.add", {"name": "eyes", "timestamp": "1.000000"}),
    ("pins.add", {"timestamp": "1.000000"}),
    ("pins.remove", {"timestamp": "1.000000"}),
]


async def test_who_may_call() -> None:
    """Tokens: none, unknown, the wrong kind, revoked, and of a bot that was deactivated."""
    async with stage() as at:
        assert await at.error("auth.test", None) == "not_authed"
        assert await at.error("auth.test", "xoxb-nobody") == "invalid_auth"
        assert (
            await at.error("chat.postMessage", APP_TOKEN, channel=ASK, text="x") == "not_allowed_token_type"
        )
        assert await at.error("apps.connections.open", BOT_TOKEN) == "not_allowed_token_type"
        assert await at.error("no.such.method") == "unknown_method"
        who = await at.call("auth.test")
        assert (who["user_id"], who["bot_id"], who["team_id"]) == ("U0ASKDESK", "B0ASKDESK", "T0NORTH")
        assert "chat:write" in who["headers"]["x-oauth-scopes"]
        await at.post("revoke", token="bot")
        assert await at.error("auth.test") == "token_revoked"
        await at.post("revoke", token="bot", restore=True)
        await at.post("user", id="U0ASKDESK", deleted=True)
        assert await at.error("auth.test") == "account_inactive"


async def test_scopes_are_those_of_the_manifest() -> None:
    """Without a scope the method is refused, with what is needed and what there is."""
    async with stage(Seed(scopes=["channels:read", "im:history"])) as at:
        refused = await at.call("chat.postMessage", channel=ASK, text="x")
        assert refused["error"] == "missing_scope"
        assert refused["needed"] == "chat:write"
        assert refused["provided"] == "channels:read,im:history"
        assert (await at.call("conversations.info", channel=ASK))["ok"]
        assert await at.error("conversations.info", channel="D0ANA") == "missing_scope"
        assert (await at.call("conversations.history", channel="D0ANA"))["ok"]
        assert await at.error("conversations.history", channel=ASK) == "missing_scope"
        assert await at.error("conversations.list", types="public_channel,im") == "missing_scope"


@pytest.mark.parametrize(("method", "args"), NO_CHANNEL, ids=[method for method, _ in NO_CHANNEL])
async def test_a_channel_that_does_not_exist_for_the_bot(method: str, args: Json) -> None:
    """Unknown channels and conversations of others are the same to a bot."""
    async with stage() as at:
        await at.post("channel/add", id="G0SECRET", name="secret", kind="private", members=["U0ANA"])
        assert await at.error(method, channel="C0NOWHERE", **args) == "channel_not_found"
        assert await at.error(method, channel="G0SECRET", **args) == "channel_not_found"
        assert await at.error(method, **args) == "invalid_arguments"


REFUSED_POSTS: list[tuple[str, Json]] = [
    ("no_text", {"text": "  "}),
    ("no_text", {}),
    ("invalid_blocks", {"text": "x", "blocks": [LONG]}),
    ("invalid_blocks", {"text": "x", "blocks": [{"type": "nonsense"}]}),
    ("invalid_blocks_format", {"text": "x", "blocks": "not json"}),
    ("invalid_blocks_format", {"text": "x", "blocks": {"type": "section"}}),
    ("msg_blocks_too_long", {"text": "x", "blocks": [SECTION] * 51}),
    ("msg_blocks_too_long", {"text": "x", "blocks": [{"type": "section", "text": plain("x" * 2_900)}] * 5}),
    ("invalid_metadata_format", {"text": "x", "metadata": "nonsense"}),
    ("invalid_metadata_schema", {"text": "x", "metadata": {"event_type": "order"}}),
    (
        "metadata_too_large",
        {"text": "x", "metadata": {"event_type": "order", "event_payload": {"k": "x" * 20_000}}},
    ),
    ("invalid_thread_ts", {"text": "x", "thread_ts": "soon"}),
    ("thread_not_found", {"text": "x", "thread_ts": "1000000000.000000"}),
    ("markdown_text_conflict", {"text": "x", "markdown_text": "y"}),
    ("invalid_arguments", {"text": "x", "reply_broadcast": "perhaps"}),
    ("not_in_channel", {"text": "x", "channel": RANDOM}),
]


@pytest.mark.parametrize(("code", "args"), REFUSED_POSTS)
async def test_a_post_that_slack_refuses(code: str, args: Json) -> None:
    """chat.postMessage, and nothing is posted."""
    async with stage() as at:
        assert await at.error("chat.postMessage", **{"channel": ASK, **args}) == code
        assert await at.channel() == []


async def test_reasons_are_readable() -> None:
    """response_metadata says what is wrong, and where, as Slack does; the SDK shows it."""
    async with stage() as at:
        refused = await at.call("chat.postMessage", channel=ASK, text="x", blocks=[button("a", "x" * 76)])
        reason = "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]"
        assert refused["response_metadata"]["messages"] == [f"[ERROR] {reason}"]
        assert refused["errors"] == [reason]
        with pytest.raises(SlackApiError, match="invalid_blocks"):
            await at.api.chat_postMessage(channel=ASK, text="x", blocks=[LONG])
        refused = await at.call("views.open", trigger_id="1.2.3", view=modal(LONG))
        assert refused["error"] == "invalid_arguments"
        assert "[json-pointer:/view/blocks/0/text/text]" in refused["response_metadata"]["messages"][0]


async def test_archived_channels_and_missing_messages() -> None:
    """What was there once is not there any more."""
    async with stage() as at:
        theirs = await at.says("mine")
        ours = (await at.call("chat.postMessage", channel=ASK, text="ours"))["ts"]
        reply = (await at.call("chat.postMessage", channel=ASK, text="reply", thread_ts=ours))["ts"]
        nowhere: Any = {"channel": ASK, "ts": "1.000000"}
        assert await at.error("chat.update", text="x", **nowhere) == "message_not_found"
        assert await at.error("chat.delete", **nowhere) == "message_not_found"
        assert await at.error("chat.getPermalink", channel=ASK, message_ts="1.000000") == "message_not_found"
        assert await at.error("conversations.replies", **nowhere) == "thread_not_found"
        assert await at.error("chat.update", text="x", channel=ASK, ts=theirs) == "cant_update_message"
        assert await at.error("chat.delete", channel=ASK, ts=theirs) == "cant_delete_message"
        assert await at.error("chat.update", channel=ASK, ts=ours) == "no_text"
        assert await at.error("chat.update", channel=ASK, ts=ours, text="x" * 4001) == "msg_too_long"
        broadcast = await at.error("chat.update", channel=ASK, ts=ours, text="x", reply_broadcast=True)
        assert broadcast == "cant_broadcast_message"
        to_a_reply = await at.error("chat.postMessage", channel=ASK, text="x", thread_ts=reply)
        assert to_a_reply == "cannot_reply_to_message"
        only_otto: Json = {"channel": ASK, "user": "U0OTTO", "text": "x"}
        assert await at.error("chat.postEphemeral", **only_otto) == "user_not_in_channel"
        assert await at.error("chat.postEphemeral", **{**only_otto, "channel": RANDOM}) == "not_in_channel"
        await at.post("archive", channel=ASK)
        assert await at.error("chat.postMessage", channel=ASK, text="x") == "is_archived"
        assert await at.error("chat.postEphemeral", channel=ASK, user="U0ANA", text="x") == "is_archived"
        assert await at.error("chat.update", channel=ASK, ts=ours, text="x") == "is_inactive"
        assert await at.error("reactions.add", channel=ASK, timestamp=ours, name="eyes") == "is_archived"
        assert "archived" in await at.refused("message", user="Ana", channel=ASK, text="x")
        await at.post("archive", channel=ASK, archived=False)
        assert (await at.call("chat.postMessage", channel=ASK, text="x"))["ok"]


async def test_reactions_and_pins_once_each() -> None:
    """The same one twice is an error."""
    async with stage() as at:
        item: Json = {"channel": ASK, "timestamp": await at.says("x")}
        assert (await at.call("reactions.add", name="eyes", **item))["ok"]
        assert await at.error("reactions.add", name="eyes", **item) == "already_reacted"
        assert await at.error("reactions.add", name="eyes", channel=ASK) in (
            "no_item_specified",
            "invalid_arguments",
        )
        assert await at.error("pins.remove", **item) == "no_pin"
        assert (await at.call("pins.add", **item))["ok"]
        assert await at.error("pins.add", **item) == "already_pinned"
        [message] = await at.channel()
        assert message["reactions"] == {"eyes": ["U0ASKDESK"]}
        assert message["pinned"]
        assert (await at.call("pins.remove", **item))["ok"]
        assert await at.error("pins.add", channel=ASK, timestamp="1.000000") == "message_not_found"


@pytest.mark.parametrize(
    ("method", "args", "code"),
    [
        ("users.info", {"user": "U0NOBODY"}, "user_not_found"),
        ("users.lookupByEmail", {"email": "nobody@northwind.example"}, "users_not_found"),
        ("usergroups.users.list", {"usergroup": "S0NONE"}, "no_such_subteam"),
        ("bots.info", {"bot": "B0NONE"}, "bot_not_found"),
        ("team.info", {"team": "T0NONE"}, "team_not_found"),
        ("users.conversations", {"user": "U0NOBODY"}, "user_not_found"),
        ("conversations.list", {"types": "public"}, "invalid_types"),
        ("conversations.list", {"cursor": "nonsense"}, "invalid_cursor"),
        ("conversations.list", {"limit": 5000}, "invalid_limit"),
        ("conversations.history", {"channel": ASK, "cursor": "b2Zmc2V0OjE="}, "invalid_cursor"),
        ("conversations.history", {"channel": ASK, "oldest": "today"}, "invalid_ts_oldest"),
        ("conversations.history", {"channel": ASK, "latest": "today"}, "invalid_ts_latest"),
        ("conversations.history", {"channel": RANDOM}, "not_in_channel"),
        ("conversations.open", {}, "users_list_not_supplied"),
        ("conversations.open", {"users": "U0NOBODY"}, "user_not_found"),
        ("conversations.open", {"users": ",".join(["U0ANA"] * 9)}, "too_many_users"),
        ("conversations.open", {"channel": ASK}, "method_not_supported_for_channel_type"),
        ("conversations.join", {"channel": "D0ANA"}, "method_not_supported_for_channel_type"),
        ("views.open", {"trigger_id": "1.2.3", "view": modal()}, "invalid_trigger_id"),
        ("views.open", {"view": modal()}, "invalid_arguments"),
        ("views.open", {"trigger_id": "1.2.3"}, "invalid_arguments"),
        ("views.open", {"trigger_id": "1.2.3", "view": "nonsense"}, "invalid_arguments"),
        ("views.open", {"trigger_id": "1.2.3", "view": {"type": "home", "blocks": [SECTION]}}, "invalid_arguments"),
        ("views.open", {"trigger_id": "1", "view": modal(*[SECTION] * 90, x="x" * 250_001)}, "view_too_large"),
        ("views.update", {"view_id": "V0NONE", "view": modal()}, "not_found"),
        ("views.update", {"view": modal()}, "invalid_arguments"),
        ("views.push", {"trigger_id": "1.2.3", "view": modal()}, "invalid_trigger_id"),
        ("views.publish", {"user_id": "U0NOBODY", "view": {"type": "home", "blocks": [SECTION]}}, "user_not_found"),
        ("files.info", {"file": "F0NONE"}, "file_not_found"),
        ("files.completeUploadExternal", {"files": [{"id": "F0NONE"}]}, "file_not_found"),
        ("api.test", {"error": "just_because"}, "just_because"),
    ],
)  # fmt: skip
async def test_other_refusals(method: str, args: Json, code: str) -> None:
    """What was asked for does not exist or makes no sense."""
    async with stage() as at:
        assert await at.error(method, **args) == code


async def test_bodies_that_cannot_be_read() -> None:
    """JSON that is none, JSON that is no object, and a type that Slack does not take."""
    async with stage() as at:
        headers = {"Authorization": f"Bearer {BOT_TOKEN}"}
        for body, kind, code in [
            ("{", "application/json", "invalid_json"),
            ("[]", "application/json", "json_not_object"),
            ("x", "text/plain", "invalid_post_type"),
        ]:
            sent = {**headers, "Content-Type": kind}
            url = f"{at.sandbox.api_url}api.test"
            async with at.session.post(url, data=body, headers=sent) as response:
                assert response.status == 200
                assert (await response.json())["error"] == code
        async with at.session.post(f"{at.sandbox.api_url}auth.test", json={"token": BOT_TOKEN}) as response:
            assert (await response.json())["error"] == "not_authed", "a JSON body carries no token"
        async with at.session.post(f"{at.sandbox.api_url}auth.test", data={"token": BOT_TOKEN}) as response:
            assert (await response.json())["ok"]
        assert await at.problems() == []
        await at.call("chat.postMessage", channel=ASK, text="x", treadts="1")
        assert await at.problems() == ["an argument Slack does not know"]
