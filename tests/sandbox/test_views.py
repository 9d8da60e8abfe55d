"""Modals and menus: triggers, stacks, typed values, and what an app may answer to a submission."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.sandbox.harness import ASK, Json, Socket, Stage, button, modal, plain, socket, stage, text_input

SELECT: Json = {
    "type": "static_select",
    "action_id": "size",
    "options": [{"text": plain(name), "value": name} for name in ("small", "large")],
}


async def trigger(at: Stage, app: Socket) -> str:
    """A fresh trigger id, from a command of Ana's."""
    typing = asyncio.create_task(at.post("command", user="Ana", channel=ASK, command="/askdesk", text=""))
    envelope = await app.answer()
    await typing
    return str(envelope["payload"]["trigger_id"])


async def opened(at: Stage, app: Socket, view: Json) -> Json:
    """A modal on Ana's screen."""
    found: Any = (await at.api.views_open(trigger_id=await trigger(at, app), view=view))["view"]
    return dict(found)


async def submitted(at: Stage, app: Socket, view_id: str, payload: Json | None) -> tuple[Json, Json]:
    """Ana submits, the app answers: what it was sent, and what Ana sees."""
    pressing = asyncio.create_task(at.post("view/submit", user="Ana", view_id=view_id))
    envelope = await app.answer(payload)
    return envelope["payload"], await pressing


async def typed(at: Stage, view_id: str, block_id: str, value: object, action_id: str = "text") -> Json:
    """Ana fills an input."""
    where = {"user": "Ana", "view_id": view_id, "block_id": block_id, "action_id": action_id}
    done: Json = await at.post("view/input", **where, value=value)
    return done


async def test_a_trigger_is_good_once_and_not_for_long() -> None:
    """Used twice it is exchanged, after three seconds expired; an invalid view does not use it up."""
    async with stage() as at, socket(at) as app:
        trigger_id = await trigger(at, app)
        assert await at.error("views.open", trigger_id=trigger_id, view=modal(button("b", "x" * 76))) == (
            "invalid_arguments"
        )
        await at.api.views_open(trigger_id=trigger_id, view=modal())
        assert await at.error("views.open", trigger_id=trigger_id, view=modal()) == "exchanged_trigger_id"
        at.waits(0.0)
        assert await at.error("views.open", trigger_id=await trigger(at, app), view=modal()) == (
            "expired_trigger_id"
        )


async def test_an_update_keeps_what_was_typed_and_minds_its_hash() -> None:
    """Same block and action id: the value stays. An old hash is refused."""
    async with stage() as at, socket(at) as app:
        view = await opened(at, app, modal(text_input("name"), text_input("gone"), external_id="mine"))
        await typed(at, view["id"], "name", "Jane")
        await typed(at, view["id"], "gone", "x")
        new = modal(text_input("name"), text_input("fresh", element={"initial_value": "hello"}))
        updated = (await at.api.views_update(external_id="mine", view=new, hash=view["hash"]))["view"]
        values = updated["state"]["values"]
        assert {block: entry["text"]["value"] for block, entry in values.items()} == {
            "name": "Jane",
            "fresh": "hello",
        }
        conflict = await at.error("views.update", view_id=view["id"], view=new, hash=view["hash"])
        assert conflict == "hash_conflict"
        assert (await at.api.views_update(view_id=view["id"], view=new))["ok"]


async def test_the_apps_own_id_of_a_view_is_taken_once() -> None:
    """duplicate_external_id, until the first one is closed."""
    async with stage() as at, socket(at) as app:
        first = await opened(at, app, modal(external_id="mine"))
        again = await at.error(
            "views.open", trigger_id=await trigger(at, app), view=modal(external_id="mine")
        )
        assert again == "duplicate_external_id"
        await at.post("view/close", user="Ana", view_id=first["id"])
        await opened(at, app, modal(external_id="mine"))


async def test_a_stack_of_three() -> None:
    """Pushed from a click in the modal; the fourth is refused; closing shows the one below."""
    async with stage() as at, socket(at) as app:
        root = await opened(at, app, modal(button("deeper", "Deeper"), text_input("name")))
        assert (
            await at.error("views.push", trigger_id=await trigger(at, app), view=modal())
            == "invalid_trigger_id"
        )

        async def click(view_id: str) -> str:
            where = {"user": "Ana", "view_id": view_id, "block_id": "deeper_block", "action_id": "deeper"}
            clicking = asyncio.create_task(at.post("click", **where))
            payload = (await app.answer())["payload"]
            assert payload["type"] == "block_actions"
            assert payload["container"] == {"type": "view", "view_id": view_id}
            assert payload["actions"][0]["value"] == "1"
            assert (await clicking)["acked"]
            return str(payload["trigger_id"])

        deeper = modal(button("deeper", "Deeper"))
        second = (await at.api.views_push(trigger_id=await click(root["id"]), view=deeper))["view"]
        assert (second["root_view_id"], second["previous_view_id"]) == (root["id"], root["id"])
        third = (await at.api.views_push(trigger_id=await click(second["id"]), view=deeper))["view"]
        assert third["previous_view_id"] == second["id"]
        assert (
            await at.error("views.push", trigger_id=await click(third["id"]), view=deeper)
            == "push_limit_reached"
        )
        assert "not the one on top" in await at.refused("view/submit", user="Ana", view_id=root["id"])
        await at.post("view/close", user="Ana")
        assert [view["id"] for view in await at.views()] == [root["id"], second["id"]]


async def test_what_an_app_may_answer_to_a_submission() -> None:
    """errors, push, update, clear, and nothing."""
    async with stage() as at, socket(at) as app:
        view = await opened(at, app, modal(text_input("name"), private_metadata="secret"))
        await typed(at, view["id"], "name", "Jane")

        sent, seen = await submitted(
            at, app, view["id"], {"response_action": "errors", "errors": {"name": "Who is that?"}}
        )
        assert sent["type"] == "view_submission"
        assert sent["view"]["state"]["values"]["name"]["text"]["value"] == "Jane"
        assert sent["view"]["private_metadata"] == "secret"
        assert sent["user"] | {} == {
            "id": "U0ANA",
            "username": "ana.reyes",
            "name": "ana.reyes",
            "team_id": "T0NORTH",
        }
        assert (seen["ok"], seen["errors"]) == (False, {"name": "Who is that?"})

        _, seen = await submitted(at, app, view["id"], {"response_action": "push", "view": modal()})
        assert seen["ok"]
        assert len(await at.views()) == 2
        top = (await at.views())[-1]
        await typed(at, top["id"], "name", "x")
        _, seen = await submitted(
            at, app, top["id"], {"response_action": "update", "view": modal(text_input("other"))}
        )
        assert (await at.views())[-1]["blocks"][0]["block_id"] == "other"
        await typed(at, top["id"], "other", "x")
        _, seen = await submitted(at, app, top["id"], None)
        assert seen["closed"]
        assert [v["id"] for v in await at.views()] == [view["id"]]
        _, seen = await submitted(at, app, view["id"], {"response_action": "clear"})
        assert await at.views() == []
        assert await at.problems() == []


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"nowhere": "x"}},
        {"response_action": "errors", "errors": {}},
        {"response_action": "update", "view": {"type": "modal"}},
        {"response_action": "push", "view": {"type": "home", "blocks": [text_input("x")]}},
        {"response_action": "nonsense"},
        {"text": "thanks"},
    ],
)
async def test_an_answer_that_slack_does_not_take(answer: Json) -> None:
    """The person reads that there was trouble; the test reads why."""
    async with stage() as at, socket(at) as app:
        view = await opened(at, app, modal())
        await typed(at, view["id"], "name", "x")
        _, seen = await submitted(at, app, view["id"], answer)
        assert not seen["ok"]
        assert seen["notice"] == "We had some trouble connecting. Try again?"
        assert len(await at.views()) == 1
        assert len(await at.problems()) == 1


async def test_a_submission_without_an_ack_leaves_the_modal_open() -> None:
    """And what was typed is still there."""
    async with stage() as at, socket(at) as app:
        view = await opened(at, app, modal())
        await typed(at, view["id"], "name", "Jane")
        at.waits(0.1)
        seen = await at.post("view/submit", user="Ana", view_id=view["id"])
        assert (seen["acked"], seen["closed"], seen["error"]) == (False, False, "operation_timeout")
        [shown] = await at.views()
        assert shown["notice"] == "We had some trouble connecting. Try again?"
        assert shown["values"]["name"]["text"]["value"] == "Jane"


async def test_a_closed_view_is_told_where_it_was_asked_for() -> None:
    """view_closed for views with notify_on_close; the whole stack with is_cleared."""
    async with stage() as at, socket(at) as app:
        await opened(at, app, modal(notify_on_close=True))
        closing = asyncio.create_task(at.post("view/close", user="Ana"))
        payload = (await app.answer())["payload"]
        assert (payload["type"], payload["is_cleared"]) == ("view_closed", False)
        assert (await closing)["acked"]
        await opened(at, app, modal(notify_on_close=True))
        closing = asyncio.create_task(at.post("view/close", user="Ana", clear=True))
        assert (await app.answer())["payload"]["is_cleared"] is True
        await closing
        assert "no modal open" in await at.refused("view/close", user="Ana")


async def test_a_choice_that_dispatches_tells_the_app_at_once() -> None:
    """dispatch_action on an input sends block_actions; the state holds the choice."""
    async with stage() as at, socket(at) as app:
        block = {"type": "input", "block_id": "size", "label": plain("Size"), "element": SELECT}
        view = await opened(at, app, modal({**block, "dispatch_action": True}, text_input("quiet")))
        assert (await typed(at, view["id"], "quiet", "x"))["acked"] is None
        choosing = asyncio.create_task(typed(at, view["id"], "size", "large", "size"))
        payload = (await app.answer())["payload"]
        [action] = payload["actions"]
        assert action["selected_option"]["value"] == "large"
        assert payload["view"]["state"]["values"]["size"]["size"]["selected_option"]["value"] == "large"
        assert (await choosing)["acked"]
        where = {"user": "Ana", "view_id": view["id"], "block_id": "size", "action_id": "size"}
        assert await at.refused("view/input", **where, value="huge")


async def test_menus_and_buttons_of_messages() -> None:
    """Overflow entries, selects with their state, response_url, ephemerals without their message."""
    async with stage() as at, socket(at) as app:
        entries = [{"text": plain(name), "value": name} for name in ("edit", "drop")]
        menu = {"type": "overflow", "action_id": "more", "options": entries}
        blocks = [{"type": "actions", "block_id": "row", "elements": [menu, SELECT]}, button("go", "Go")]
        ts = (await at.api.chat_postMessage(channel=ASK, text="x", blocks=blocks))["ts"]
        await app.answer()

        async def click(action_id: str, value: object, block_id: str = "row", at_ts: str = ts) -> Json:
            where = {"user": "Ben", "channel": ASK, "message_ts": at_ts}
            clicking = asyncio.create_task(
                at.post("click", **where, block_id=block_id, action_id=action_id, value=value)
            )
            payload: Json = (await app.answer())["payload"]
            assert (await clicking)["acked"]
            return payload

        payload = await click("more", "drop")
        assert payload["actions"][0]["selected_option"]["value"] == "drop"
        assert payload["message"]["ts"] == ts
        assert payload["channel"] == {"id": ASK, "name": "ask-billing"}
        await click("size", "small")
        payload = await click("go", None, "go_block")
        assert payload["state"]["values"]["row"]["size"]["selected_option"]["value"] == "small"

        hidden = await at.api.chat_postEphemeral(channel=ASK, user="U0BEN", text="x", blocks=blocks)
        payload = await click("go", None, "go_block", hidden["message_ts"])
        assert payload["container"]["is_ephemeral"] is True
        assert "message" not in payload
        async with at.session.post(
            payload["response_url"], json={"replace_original": True, "text": "y"}
        ) as r:
            assert r.status == 200
        assert (await at.channel(as_="U0BEN"))[-1]["text"] == "y"
        async with at.session.post(payload["response_url"], json={"delete_original": True}) as r:
            assert r.status == 200
        assert [m["ephemeral"] for m in await at.channel(as_="U0BEN")] == [False]

        click_as_ana = {"channel": ASK, "block_id": "go_block", "action_id": "go"}
        gone = await at.refused("click", user="Ana", message_ts=hidden["message_ts"], **click_as_ana)
        assert "sees no message" in gone
        nothing = await at.refused(
            "click", user="Ana", channel=ASK, message_ts=ts, block_id="x", action_id="y"
        )
        assert "no element" in nothing
        assert "no entry" in await at.refused(
            "click", user="Ana", channel=ASK, message_ts=ts, block_id="row", action_id="more", value="?"
        )


async def test_a_click_that_is_not_answered_shows_a_warning() -> None:
    """Beside the message, to the one who clicked."""
    async with stage() as at, socket(at) as app:
        ts = (await at.api.chat_postMessage(channel=ASK, text="x", blocks=[button("go", "Go")]))["ts"]
        await app.answer()
        at.waits(0.1)
        where = {"channel": ASK, "message_ts": ts, "block_id": "go_block", "action_id": "go"}
        assert (await at.post("click", user="Ana", **where))["warning"]
        assert (await at.channel())[0]["warning"]
        assert (await at.channel(as_="U0BEN"))[0]["warning"] is None


async def test_shortcuts_of_both_kinds() -> None:
    """On a message, and from anywhere."""
    async with stage() as at, socket(at) as app:
        ts = await at.says("look at this")
        await app.answer()
        using = asyncio.create_task(
            at.post("shortcut", user="Ben", callback_id="escalate_message", channel=ASK, message_ts=ts)
        )
        payload = (await app.answer())["payload"]
        assert (payload["type"], payload["message"]["text"]) == ("message_action", "look at this")
        assert payload["message_ts"] == ts
        await using
        using = asyncio.create_task(at.post("shortcut", user="Ben", callback_id="escalate_global"))
        payload = (await app.answer())["payload"]
        assert payload["type"] == "shortcut"
        assert "channel" not in payload
        await using
        await at.api.views_open(trigger_id=payload["trigger_id"], view=modal())
        assert len(await at.views("Ben")) == 1
        assert "no app has" in await at.refused("shortcut", user="Ben", callback_id="nonsense")
        assert "on a message" in await at.refused("shortcut", user="Ben", callback_id="escalate_message")


async def test_ids_can_be_forged() -> None:
    """A payload of another workspace, or for another app, for bots that check."""
    async with stage() as at, socket(at) as app:
        body = {"user": "Ana", "channel": "D0ANA", "command": "/askdesk", "text": "x"}
        typing = asyncio.create_task(at.post("command", **body, as_team="T0EVIL", as_app="A0EVIL"))
        payload = (await app.answer())["payload"]
        await typing
        assert (payload["team_id"], payload["api_app_id"]) == ("T0EVIL", "A0EVIL")
        assert payload["channel_name"] == "directmessage"


async def test_the_home_tab() -> None:
    """Published per person, kept with a hash."""
    async with stage() as at, socket(at) as app:
        home = {"type": "home", "blocks": [button("go", "Go")]}
        first = (await at.api.views_publish(user_id="U0ANA", view=home))["view"]
        second = (await at.api.views_publish(user_id="U0ANA", view=home, hash=first["hash"]))["view"]
        assert second["id"] == first["id"]
        stale = await at.error("views.publish", user_id="U0ANA", view=home, hash=first["hash"])
        assert stale == "hash_conflict"
        where = {"view_id": first["id"], "block_id": "go_block", "action_id": "go"}
        assert "screen" in await at.refused("click", user="Ben", **where)
        clicking = asyncio.create_task(at.post("click", user="Ana", **where))
        assert (await app.answer())["payload"]["view"]["type"] == "home"
        await clicking
