"""Messages and conversations: what is stored, shown, listed and changed."""

from __future__ import annotations

from datetime import timedelta

from tests.sandbox.harness import ASK, RANDOM, button, plain, stage

SECTION = {"type": "section", "text": plain("hello")}


async def test_history_comes_in_pages_that_stay_put() -> None:
    """Newest first; the cursor names a message, so that a post in between moves nothing; metadata on demand."""
    async with stage() as at:
        note = {"event_type": "note", "event_payload": {"id": 7}}
        for number in range(5):
            await at.api.chat_postMessage(channel=ASK, text=f"m{number}", metadata=note)
        first = await at.api.conversations_history(channel=ASK, limit=2)
        assert [m["text"] for m in first["messages"]] == ["m4", "m3"]
        assert first["has_more"]
        assert "metadata" not in first["messages"][0]
        await at.says("in between")
        cursor = first["response_metadata"]["next_cursor"]
        second = await at.api.conversations_history(
            channel=ASK, limit=2, cursor=cursor, include_all_metadata=True
        )
        assert [m["text"] for m in second["messages"]] == ["m2", "m1"]
        assert second["messages"][0]["metadata"] == note
        last = await at.api.conversations_history(
            channel=ASK, limit=2, cursor=second["response_metadata"]["next_cursor"]
        )
        assert [m["text"] for m in last["messages"]] == ["m0"]
        assert not last["has_more"]


async def test_oldest_latest_and_inclusive() -> None:
    """The bounds are left out unless they are asked for."""
    async with stage() as at:
        a, b, c = [await at.says(text) for text in "abc"]

        async def texts(**args: object) -> list[str]:
            found = await at.api.api_call("conversations.history", json={"channel": ASK, **args})
            return [m["text"] for m in found["messages"]]

        assert await texts(oldest=a, latest=c) == ["b"]
        assert await texts(oldest=a, latest=c, inclusive=True) == ["c", "b", "a"]
        assert await texts(oldest=b) == ["c"]


async def test_a_thread_its_broadcast_and_its_permalinks() -> None:
    """Replies are not in the channel, unless broadcast; the parent counts them."""
    async with stage() as at:
        parent = await at.says("a question")
        first = await at.api.chat_postMessage(channel=ASK, text="one", thread_ts=parent)
        second = await at.api.chat_postMessage(
            channel=ASK, text="two", thread_ts=parent, reply_broadcast=True
        )
        shown = await at.channel()
        assert [(m["text"], m["broadcast"], m["reply_count"]) for m in shown] == [
            ("a question", False, 2),
            ("two", True, 0),
        ]
        history = (await at.api.conversations_history(channel=ASK))["messages"]
        assert [m.get("subtype") for m in history] == ["thread_broadcast", None]
        assert history[0]["root"]["ts"] == parent
        for ts in (parent, first["ts"]):
            replies = (await at.api.conversations_replies(channel=ASK, ts=ts))["messages"]
            assert [m["text"] for m in replies] == ["a question", "one", "two"]
        assert replies[1]["parent_user_id"] == "U0ANA"
        link = (await at.api.chat_getPermalink(channel=ASK, message_ts=second["ts"]))["permalink"]
        number = second["ts"].replace(".", "")
        assert link == f"{at.sandbox.url}/archives/{ASK}/p{number}?thread_ts={parent}&cid={ASK}"
        link = (await at.api.chat_getPermalink(channel=ASK, message_ts=parent))["permalink"]
        assert link.endswith(f"/archives/{ASK}/p{parent.replace('.', '')}")


async def test_updates_replace_text_and_blocks_together() -> None:
    """With text only the blocks go; metadata stays unless it is given; blocks do not count as edited."""
    async with stage() as at:
        note = {"event_type": "note", "event_payload": {}}
        ts = (await at.api.chat_postMessage(channel=ASK, text="a", blocks=[SECTION], metadata=note))["ts"]
        await at.api.chat_update(channel=ASK, ts=ts, text="b", blocks=[SECTION, button("go", "Go")])
        [message] = await at.channel()
        assert (message["text"], len(message["blocks"]), message["edited"]) == ("b", 2, False)
        assert all(block["block_id"] for block in message["blocks"])
        await at.api.chat_update(channel=ASK, ts=ts, text="c")
        [message] = await at.channel()
        assert (message["text"], message["blocks"], message["edited"]) == ("c", [], True)
        assert message["metadata"] == note


async def test_a_deleted_parent_leaves_a_tombstone() -> None:
    """With replies a message stays as a stone, without it is gone; then nobody can reply to it."""
    async with stage() as at:
        ts = (await at.api.chat_postMessage(channel=ASK, text="parent"))["ts"]
        reply = (await at.api.chat_postMessage(channel=ASK, text="reply", thread_ts=ts))["ts"]
        await at.api.chat_delete(channel=ASK, ts=ts)
        [stone] = await at.channel()
        assert (stone["subtype"], stone["user"], stone["bot"]) == ("tombstone", "USLACKBOT", False)
        assert await at.error("chat.update", channel=ASK, ts=ts, text="x") == "message_not_found"
        await at.api.chat_delete(channel=ASK, ts=reply)
        alone = (await at.api.chat_postMessage(channel=ASK, text="alone"))["ts"]
        await at.post("delete", user="Mia", channel=ASK, ts=alone)
        assert (
            await at.error("chat.postMessage", channel=ASK, text="x", thread_ts=alone) == "thread_not_found"
        )


async def test_ephemerals_are_seen_by_one_person() -> None:
    """Also in a thread and in the bot's own direct messages; history knows nothing of them."""
    async with stage() as at:
        ts = await at.says("x")
        await at.api.chat_postEphemeral(channel=ASK, user="U0ANA", text="only you")
        await at.api.chat_postEphemeral(channel=ASK, user="U0ANA", text="in the thread", thread_ts=ts)
        await at.api.chat_postEphemeral(channel="D0ANA", user="U0ANA", text="in the DM")
        assert [m["text"] for m in await at.channel()] == ["x", "only you"]
        assert [m["text"] for m in await at.channel(as_="U0BEN")] == ["x"]
        thread = (await at.get(f"thread/{ASK}/{ts}", as_="Ana"))["messages"]
        assert [m["ephemeral"] for m in thread] == [False, True]
        assert [m["text"] for m in await at.channel("D0ANA")] == ["in the DM"]
        assert len((await at.api.conversations_history(channel=ASK))["messages"]) == 1


async def test_ids_grow_with_the_pushed_clock() -> None:
    """A message's ts is the workspace's time, and so is the Date header."""
    async with stage() as at:
        before = float(await at.says("now"))
        pushed = (await at.post("clock", seconds=86_400))["now"]
        assert pushed <= (await at.get("clock"))["now"]
        after = float(await at.says("tomorrow"))
        assert 86_400 <= after - before < 86_410
        tomorrow = at.sandbox.clock.now()
        assert tomorrow.strftime("%d %b %Y") in (await at.call("api.test"))["headers"]["Date"]
        assert "does not go back" in await at.refused("clock", seconds=-1)
        at.sandbox.clock.push(timedelta(seconds=1))


async def test_conversations_people_and_groups_are_listed() -> None:
    """Paging, kinds, membership, e-mail, user groups."""
    async with stage() as at:
        channels = await at.api.conversations_list(types="public_channel,im,mpim", limit=3)
        assert len(channels["channels"]) == 3
        more = await at.api.conversations_list(
            types="public_channel,im,mpim", cursor=channels["response_metadata"]["next_cursor"]
        )
        assert len(more["channels"]) == 10
        member = {c["id"]: c["is_member"] for c in (await at.api.conversations_list())["channels"]}
        assert member == {ASK: True, RANDOM: False}
        own = (await at.api.users_conversations())["channels"]
        assert [c["id"] for c in own] == [ASK]
        assert (await at.api.conversations_info(channel="D0ANA"))["channel"]["user"] == "U0ANA"
        assert "U0MIA" in (await at.api.conversations_members(channel=ASK))["members"]
        assert (await at.api.conversations_join(channel=RANDOM))["channel"]["is_member"]
        assert (await at.api.conversations_join(channel=RANDOM))["warning"] == "already_in_channel"

        opened = await at.api.conversations_open(users=["U0ANA"])
        assert (opened["channel"]["id"], opened["already_open"]) == ("D0ANA", True)
        group = (await at.api.conversations_open(users=["U0ANA", "U0SIA"], return_im=True))["channel"]
        assert group["is_mpim"]
        again = (await at.api.conversations_open(users=["U0SIA", "U0ANA"]))["channel"]
        assert again["id"] == group["id"]

        mia = (await at.api.users_lookupByEmail(email="mia.grant@northwind.example"))["user"]
        assert mia["id"] == "U0MIA"
        assert mia["tz_offset"] in (-18_000, -14_400)
        assert len((await at.api.users_list())["members"]) == 12
        groups = (await at.api.usergroups_list(include_users=True))["usergroups"]
        assert {g["handle"]: g["users"] for g in groups}["billing-smes"] == ["U0SAM", "U0SIA"]
        assert (await at.api.usergroups_users_list(usergroup="S0TLS"))["users"] == ["U0BEN", "U0TESS"]
        assert (await at.api.bots_info(bot="B0ASKDESK"))["bot"]["user_id"] == "U0ASKDESK"
        assert (await at.api.team_info())["team"]["domain"] == "northwind-care"
        assert await at.problems() == []


async def test_a_picture_within_a_message() -> None:
    """Uploaded without a channel and shown in a block: seen by those who see the message, and by them alone."""
    async with stage() as at:
        place = await at.api.files_getUploadURLExternal(filename="load.png", length=3)
        block = {"type": "image", "alt_text": "The load", "slack_file": {"id": place["file_id"]}}
        assert await at.error("chat.postMessage", channel=ASK, text="x", blocks=[block]) == "invalid_blocks"
        async with at.session.post(place["upload_url"], data=b"PNG") as response:
            assert response.status == 200
        assert await at.error("chat.postMessage", channel=ASK, text="x", blocks=[block]) == "invalid_blocks"
        await at.api.files_completeUploadExternal(files=[{"id": place["file_id"], "title": "Load"}])
        assert (await at.api.files_info(file=place["file_id"]))["file"]["channels"] == []
        await at.api.chat_postMessage(channel=ASK, text="The week", blocks=[block])
        [message] = await at.channel()
        assert message["blocks"][0]["slack_file"] == {"id": place["file_id"]}
        assert (await at.api.files_info(file=place["file_id"]))["file"]["channels"] == [ASK]
        unknown = {**block, "slack_file": {"id": "F0NOBODYS"}}
        assert await at.error("chat.postMessage", channel=ASK, text="x", blocks=[unknown]) == "invalid_blocks"


async def test_a_file_in_three_steps() -> None:
    """A place, the bytes, and the message that shares it."""
    async with stage() as at:
        sent = await at.api.files_upload_v2(
            channel=ASK, content="a,b\n1,2\n", filename="cases.csv", title="Cases", initial_comment="The week"
        )
        file_id = sent["files"][0]["id"]
        [message] = await at.channel()
        assert message["text"] == "The week"
        assert message["files"][0]["title"] == "Cases"
        shown = (await at.api.files_info(file=file_id))["file"]
        assert (shown["size"], shown["channels"], shown["mimetype"]) == (8, [ASK], "text/csv")
        async with at.session.get(shown["url_private"]) as response:
            assert response.status == 404, "a file wants a token"
        headers = {"Authorization": f"Bearer {at.api.token}"}
        async with at.session.get(shown["url_private"], headers=headers) as response:
            assert await response.text() == "a,b\n1,2\n"
        place = await at.api.files_getUploadURLExternal(filename="x.txt", length=5)
        unfinished = await at.error("files.completeUploadExternal", files=[{"id": place["file_id"]}])
        assert unfinished == "file_not_found"
        async with at.session.post(place["upload_url"], data=b"too long") as response:
            assert response.status == 400
