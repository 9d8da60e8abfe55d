"""The control API itself, and the ways to run the sandbox."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest
from slack_sdk import WebClient

from sandbox import BOT_TOKEN, NotPossible, SandboxClock, SandboxThread
from tests.sandbox.harness import ASK, stage


async def test_waiting_for_a_change() -> None:
    """The long poll comes back with the change, or empty-handed after its timeout."""
    async with stage() as at:
        revision = (await at.get("state"))["revision"]
        waiting = asyncio.create_task(at.get("changes", after=revision, timeout=60))
        await asyncio.sleep(0)
        await at.says("hello")
        answer = await waiting
        assert answer["revision"] > revision
        assert {"kind": "message", "channel": ASK}.items() <= answer["changes"][0].items()
        answer = await at.get("changes", after=answer["revision"], timeout=0.01)
        assert answer["changes"] == []


async def test_stopping_lets_those_who_wait_go() -> None:
    """A long poll does not hold the server up."""
    async with stage() as at:
        waiting = asyncio.create_task(at.get("changes", after=10**9, timeout=30))
        async with asyncio.timeout(60):
            while not at.sandbox.workspace.waited_for:  # noqa: ASYNC110 (the request's arrival wakes nobody)
                await asyncio.sleep(0)
        await at.sandbox.stop()
        assert (await waiting)["changes"] == [], "answered, not cut off"


async def test_the_state_of_the_workspace() -> None:
    """Everybody and everything, by name."""
    async with stage() as at:
        state = await at.get("state")
        assert state["team"]["name"] == "Northwind Care"
        assert {u["real_name"] for u in state["users"]} >= {"Ana Reyes", "Otto Frei", "Askdesk", "Slackbot"}
        assert [c["command"] for c in state["apps"][0]["commands"]] == ["/escalate", "/askdesk"]
        assert "xoxb" not in json.dumps(state), "no token is shown"


async def test_what_people_cannot_do() -> None:
    """Refused with a sentence."""
    async with stage() as at:
        assert "nobody is called" in await at.refused("message", user="Zoe", channel=ASK, text="x")
        assert "no channel" in await at.refused("message", user="Ana", channel="#nowhere", text="x")
        assert "is missing" in await at.refused("message", user="Ana", channel=ASK)
        assert "is not in" in await at.refused("message", user="Otto", channel=ASK, text="x")
        assert "cannot see" in await at.refused("message", user="Otto", channel="D0ANA", text="x")
        assert "to reply to" in await at.refused(
            "message", user="Ana", channel=ASK, text="x", thread_ts="1.0"
        )
        await at.post("user", id="Abel", deleted=True)
        assert "deactivated" in await at.refused("message", user="Abel", channel=ASK, text="x")
        assert "no view" in await at.refused("view/submit", user="Ana", view_id="V0NONE")
        for seconds in ("soon", "nan", "inf"):
            assert "no number" in await at.refused("clock", seconds=seconds)
        assert "ten years" in await at.refused("clock", seconds=1e12)


async def test_reset_goes_back_to_the_seed() -> None:
    """Messages, time, faults, groups; the revision goes on."""
    async with stage() as at:
        await at.says("hello")
        await at.post("clock", seconds=3600)
        await at.post("faults", kind="http_500", times=None)
        await at.post("usergroup", id="S0NEW", handle="it-smes", users=["U0AMY"])
        before = at.sandbox.workspace.revision
        assert (await at.post("reset"))["revision"] > before
        assert await at.channel() == []
        assert (await at.call("auth.test"))["ok"]
        assert len((await at.get("state"))["usergroups"]) == 3
        assert at.sandbox.clock.now() - datetime.now(UTC) < timedelta(minutes=1)


async def test_traffic_is_kept_in_order() -> None:
    """Every call with its answer, by number."""
    async with stage() as at:
        await at.call("auth.test")
        first = (await at.get("traffic"))["traffic"][-1]
        assert (first["kind"], first["name"], first["response"]["ok"]) == ("api", "auth.test", True)
        await at.call("chat.postMessage", channel="C0NONE", text="x")
        [entry] = (await at.get("traffic", after=first["n"]))["traffic"]
        assert (entry["name"], entry["error"], entry["payload"]["text"]) == (
            "chat.postMessage",
            "channel_not_found",
            "x",
        )


def test_a_clock_can_start_anywhere_and_stand_still() -> None:
    """Frozen, it moves by pushes only; those who listen are told until they no longer want to be."""
    start = datetime(2026, 3, 29, 0, 59, tzinfo=UTC)
    clock = SandboxClock(start, frozen=True)
    heard: list[datetime] = []
    stop = clock.on_push(lambda: heard.append(clock.now()))
    assert clock.now() == start
    clock.push(timedelta(minutes=2))
    stop()
    clock.push(timedelta(minutes=2))
    assert heard == [start + timedelta(minutes=2)]
    assert clock.now() == start + timedelta(minutes=4)
    clock.run()
    assert start + timedelta(minutes=4) < clock.now() < start + timedelta(minutes=5)
    clock.reset()
    assert clock.now() == start
    with pytest.raises(ValueError, match="does not go back"):
        clock.push(timedelta(seconds=-1))
    with pytest.raises(ValueError, match="time zone"):
        SandboxClock(datetime(2026, 1, 1))  # noqa: DTZ001


def test_on_a_thread_for_synchronous_code() -> None:
    """Slack's blocking client, the control client and the clock, from outside the loop."""
    with SandboxThread(limits=False) as sandbox:
        client = WebClient(BOT_TOKEN, base_url=sandbox.api_url)
        ts = client.chat_postMessage(channel=ASK, text="hello")["ts"]
        [message] = sandbox.control.get("channel/ask-billing", as_="Ana")["messages"]
        assert message["ts"] == ts
        with pytest.raises(NotPossible, match="nobody is called"):
            sandbox.control.post("message", user="Zoe", channel=ASK, text="x")
        before = sandbox.clock.now()
        assert sandbox.clock.push(timedelta(days=1)) >= before + timedelta(days=1)
        assert sandbox.control.delete("faults") == {"ok": True}


def test_a_port_that_is_taken_is_said() -> None:
    """The error comes out of start, not of a thread that nobody watches."""
    with SandboxThread() as first:
        port = int(first.url.rpartition(":")[2])
        with pytest.raises(OSError, match="address already in use"):
            SandboxThread(port=port).start()
