"""Which events an app gets: those it subscribed to, from where its bot is."""

from __future__ import annotations

from sandbox import Seed
from sandbox.seed import default_manifest
from tests.sandbox.harness import ASK, RANDOM, Json, socket, stage


async def test_messages_of_each_kind_of_conversation() -> None:
    """The channel type tells them apart; #random is silent, as the bot is no member."""
    async with stage() as at, socket(at) as app:
        await at.post(
            "channel/add", id="G0PRIV", name="leads", kind="private", members=["U0ANA", "U0ASKDESK"]
        )
        await at.says("not for the bot", channel=RANDOM)
        for channel, kind in [(ASK, "channel"), ("G0PRIV", "group"), ("D0ANA", "im"), ("G0ANABEN", "mpim")]:
            ts = await at.says("hello", channel=channel)
            payload = (await app.answer())["payload"]
            event = payload["event"]
            assert payload["type"] == "event_callback"
            assert payload["team_id"] == "T0NORTH"
            assert payload["api_app_id"] == "A0ASKDESK"
            assert payload["authorizations"][0]["user_id"] == "U0ASKDESK"
            assert (event["type"], event["channel_type"], event["channel"]) == ("message", kind, channel)
            assert (event["user"], event["text"], event["ts"]) == ("U0ANA", "hello", ts)


async def test_changes_of_messages() -> None:
    """Edited, deleted, replied to, mentioned."""
    async with stage() as at, socket(at) as app:
        ts = await at.says("helo")
        await app.answer()
        await at.post("edit", user="Ana", channel=ASK, ts=ts, text="hello")
        event = (await app.answer())["payload"]["event"]
        assert event["subtype"] == "message_changed"
        assert (event["message"]["text"], event["previous_message"]["text"]) == ("hello", "helo")
        await at.says("reply", thread_ts=ts)
        event = (await app.answer())["payload"]["event"]
        assert (event["thread_ts"], event["parent_user_id"]) == (ts, "U0ANA")
        await at.says("<@U0ASKDESK> hi")
        kinds = {(await app.answer())["payload"]["event"]["type"] for _ in range(2)}
        assert kinds == {"message", "app_mention"}
        alone = await at.says("oops")
        await app.answer()
        await at.post("delete", user="Ana", channel=ASK, ts=alone)
        event = (await app.answer())["payload"]["event"]
        assert (event["subtype"], event["deleted_ts"]) == ("message_deleted", alone)
        assert "own messages" in await at.refused("edit", user="Ben", channel=ASK, ts=ts, text="x")


async def test_people_channels_and_groups() -> None:
    """Joined, archived, a group's members, a user who left, the home tab."""
    async with stage() as at, socket(at) as app:

        async def event() -> Json:
            found: Json = (await app.answer())["payload"]["event"]
            return found

        await at.post("invite", channel=ASK, user="Otto", inviter="U0MIA")
        joined = await event()
        assert (joined["type"], joined["user"], joined["channel"]) == ("member_joined_channel", "U0OTTO", ASK)
        await at.post("kick", channel=ASK, user="Otto")
        assert (await event())["type"] == "member_left_channel"
        await at.post("archive", channel=ASK, user="Mia")
        assert (await event())["type"] == "channel_archive"
        await at.post("archive", channel=ASK, archived=False)
        assert (await event())["type"] == "channel_unarchive"
        await at.post("usergroup", id="S0SMES", users=["U0SAM", "U0AMY"])
        changed = await event()
        assert (changed["type"], changed["added_users"], changed["removed_users"]) == (
            "subteam_members_changed",
            ["U0AMY"],
            ["U0SIA"],
        )
        updated = await event()
        assert (updated["type"], updated["subteam"]["users"]) == ("subteam_updated", ["U0SAM", "U0AMY"])
        await at.post("user", id="Sia", deleted=True)
        assert (await event())["user"]["deleted"] is True
        await at.post("home/open", user="Ana")
        opened = await event()
        assert (opened["type"], opened["user"], opened["tab"]) == ("app_home_opened", "U0ANA", "home")
        assert "view" not in opened


async def test_only_what_the_manifest_subscribes_to() -> None:
    """One subscription, one event."""
    manifest = default_manifest()
    manifest["settings"]["event_subscriptions"]["bot_events"] = ["app_mention"]
    async with stage(Seed(manifest)) as at, socket(at) as app:
        await at.says("hello")
        await at.says("<@U0ASKDESK>")
        assert (await app.answer())["payload"]["event"]["type"] == "app_mention"
        await at.post("idle")
        assert len([e for e in (await at.get("traffic"))["traffic"] if e["kind"] == "envelope"]) == 1


async def test_strangers_of_slack_connect() -> None:
    """Somebody from another workspace: their team id is in what the app gets."""
    async with stage() as at, socket(at) as app:
        await at.post(
            "user/add", id="U0EVE", real_name="Eve Stranger", team_id="T0OTHER", channels=["#ask-billing"]
        )
        assert (await app.answer())["payload"]["event"]["type"] == "member_joined_channel"
        await at.says("hello", user="Eve")
        event = (await app.answer())["payload"]["event"]
        assert (event["user_team"], event["team"]) == ("T0OTHER", "T0NORTH")
        assert (await at.api.users_info(user="U0EVE"))["user"]["is_stranger"]
