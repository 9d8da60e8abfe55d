"""A bot that is not Askdesk, from its command to its last button, over real sockets with Slack's own SDK."""

from __future__ import annotations

from tests.sandbox.harness import ASK, bolt, lunch_app, stage


async def test_a_lunch_order_from_the_command_to_the_button() -> None:
    """Command, modal, a refusal by the client, one by the app, submission, message, button, thread, update."""
    async with stage() as at, bolt(at, lunch_app(at)):
        ack = await at.post("command", user="Ana", channel="#ask-billing", command="/escalate", text="lunch")
        assert ack["acked"]
        assert 0 < ack["ack_ms"] < 1000
        [form] = await at.views()
        assert form["title"]["text"] == "Form"

        where = {"user": "Ana", "view_id": form["id"]}
        refused = await at.post("view/submit", **where)
        assert refused["acked"] is None, "Slack's client refuses what is empty before it asks the app"
        assert set(refused["errors"]) == {"dish"}

        await at.post("view/input", **where, block_id="dish", action_id="text", value="soup")
        refused = await at.post("view/submit", **where)
        assert refused["errors"] == {"dish": "No soup today."}
        assert (await at.views())[0]["errors"] == {"dish": "No soup today."}

        await at.post("view/input", **where, block_id="dish", action_id="text", value="pasta")
        done = await at.post("view/submit", **where)
        assert done["ok"]
        assert done["closed"]
        assert await at.views() == []

        [order] = await at.channel()
        assert order["text"] == "<@U0ANA> orders pasta"
        assert order["metadata"] == {"event_type": "order", "event_payload": {"dish": "pasta"}}
        click = {"channel": ASK, "message_ts": order["ts"], "block_id": "fetch_block", "action_id": "fetch"}
        assert (await at.post("click", user="Ben", **click))["acked"]

        order, thanks = await at.channel(as_="U0BEN")
        assert (order["text"], order["blocks"], order["edited"]) == ("On its way", [], True)
        assert (thanks["text"], thanks["ephemeral"]) == ("Thank you!", True)
        thread = (await at.get(f"thread/{ASK}/{order['ts']}", as_="Ana"))["messages"]
        assert [message["text"] for message in thread] == ["On its way", "<@U0BEN> goes"]
        assert [m["text"] for m in await at.channel()] == ["On its way"], "Ana sees none of Ben's ephemerals"
        assert await at.problems() == []


async def test_a_command_answered_in_its_ack() -> None:
    """The ack's text is an ephemeral message to whoever typed the command."""
    async with stage() as at, bolt(at, lunch_app(at)):
        ack = await at.post("command", user="Ana", channel=ASK, command="/escalate", text="")
        assert ack["ephemeral"] == "What for? Try `/escalate lunch`."
        [said] = await at.channel()
        assert said["ephemeral"]
        assert await at.channel(as_="U0BEN") == []


async def test_a_message_is_answered_in_its_thread_and_the_home_tab_is_published() -> None:
    """Events reach the listeners; the bot's own messages are told apart."""
    async with stage() as at, bolt(at, lunch_app(at)):
        ts = await at.says("I am hungry")
        await at.post("idle")
        thread = (await at.get(f"thread/{ASK}/{ts}", as_="Ana"))["messages"]
        assert [(m["text"], m["bot"]) for m in thread] == [("I am hungry", False), ("Me too", True)]

        assert (await at.get("home", as_="Ana"))["view"] is None
        await at.post("home/open", user="Ana")
        await at.post("idle")
        home = (await at.get("home", as_="Ana"))["view"]
        assert home["blocks"][0]["text"]["text"] == "Nothing ordered"
        assert await at.problems() == []


async def test_without_a_bot_the_person_is_told_that_it_failed() -> None:
    """Nobody connected: the command fails at once, as Slack says it."""
    async with stage() as at:
        ack = await at.post("command", user="Ana", channel=ASK, command="/escalate", text="lunch")
        assert not ack["acked"]
        [said] = await at.channel()
        assert said["text"] == '/escalate failed with the error "dispatch_failed"'
        ack = await at.post("command", user="Ana", channel=ASK, command="/nothing", text="")
        assert ack["ephemeral"] == "/nothing is not a valid command."


async def test_people_invite_with_slacks_own_command() -> None:
    """By any name that people read, and Slackbot says what is wrong; no app hears of the command."""
    async with stage() as at:
        made = await at.post("channel/add", name="kitchen", members=["U0ANA"])
        where = {"user": "Ana", "channel": made["id"], "command": "/invite"}
        wrong = {
            "": "Say whom to invite, as in /invite @somebody.",
            "@Nobody": "Nobody here is called Nobody.",
            "@Ana Reyes": "Already in this channel: Ana Reyes.",
        }
        for text, said in wrong.items():
            answer = await at.post("command", text=text, **where)
            assert (answer["ok"], answer["ephemeral"]) == (False, said)
        answer = await at.post("command", text="@Askdesk @Ben Carter", **where)
        assert answer["ephemeral"] == "You invited Askdesk and Ben Carter."
        state = await at.get("state")
        (kitchen,) = [one for one in state["channels"] if one["id"] == made["id"]]
        assert kitchen["members"] == ["U0ANA", "U0ASKDESK", "U0BEN"]
