"""Socket Mode on good days and bad ones."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import ClientWebSocketResponse, WSMsgType, WSServerHandshakeError

from sandbox import APP_TOKEN, Seed
from sandbox.seed import default_manifest
from tests.patient import LONG
from tests.sandbox.harness import ASK, Json, Stage, bolt, lunch_app, socket, stage, url_for_socket

COMMAND: Json = {"user": "Ana", "channel": ASK, "command": "/escalate", "text": "lunch"}


def command(at: Stage) -> asyncio.Task[Json]:
    """Ana types the command; what comes of it is awaited later."""
    return asyncio.create_task(at.post("command", **COMMAND))


async def test_a_ticket_is_good_for_one_connection() -> None:
    """The address from apps.connections.open connects once, and greets."""
    async with stage() as at:
        url = await url_for_socket(at)
        async with at.session.ws_connect(url) as ws:
            hello = await ws.receive_json()
            assert hello["type"] == "hello"
            assert hello["num_connections"] == 1
            assert hello["connection_info"] == {"app_id": "A0ASKDESK"}
            with pytest.raises(WSServerHandshakeError, match="401"):
                await at.session.ws_connect(url)


async def test_socket_mode_has_to_be_switched_on() -> None:
    """Without it in the manifest there is no address."""
    manifest = default_manifest()
    manifest["settings"]["socket_mode_enabled"] = False
    async with stage(Seed(manifest)) as at:
        assert not (await at.call("apps.connections.open", APP_TOKEN))["ok"]


async def test_ten_connections_and_no_more() -> None:
    """The eleventh is sent away."""
    async with stage() as at:
        open_ones: list[ClientWebSocketResponse] = []
        for number in range(10):
            ws = await at.session.ws_connect(await url_for_socket(at))
            assert (await ws.receive_json())["num_connections"] == number + 1
            open_ones.append(ws)
        async with at.session.ws_connect(await url_for_socket(at)) as ws:
            assert (await ws.receive_json())["reason"] == "too_many_websockets"
            assert (await ws.receive()).type is WSMsgType.CLOSE
        for ws in open_ones:
            await ws.close()


async def test_each_envelope_goes_to_one_connection_in_turn() -> None:
    """Two connections share the work; what an envelope says about itself."""
    async with stage() as at, socket(at) as one, socket(at) as two:
        for connected in (two, one, two) if at.sandbox.core.hub._turn % 2 == 0 else (one, two, one):
            typing = command(at)
            envelope = await connected.answer()
            assert envelope["type"] == "slash_commands"
            assert envelope["accepts_response_payload"]
            assert envelope["payload"]["command"] == "/escalate"
            assert (await typing)["acked"]
        shown = (await at.get("sockets"))["sockets"]
        assert sorted(s["envelopes"] for s in shown) == [1, 2]
        assert await at.problems() == []


async def test_pings_are_answered_both_ways() -> None:
    """The client's ping gets a pong with its words; the server pings as well."""
    async with stage(ping_interval=0.05) as at:
        url = await url_for_socket(at)
        async with at.session.ws_connect(url, autoping=False) as ws:
            await ws.receive_json()
            await ws.ping(b"sdk-ping-pong:1")
            found = [await ws.receive(), await ws.receive()]
            assert {m.type: m.data for m in found}[WSMsgType.PONG] == b"sdk-ping-pong:1"
            assert WSMsgType.PING in {m.type for m in found}
            assert (await at.get("sockets"))["sockets"][0]["last_ping"]
            await at.until(lambda: _no_sockets(at))
            assert "no pong from the app's socket" in await at.problems()


async def _no_sockets(at: Stage) -> bool:
    return not [s for s in (await at.get("sockets"))["sockets"] if s["alive"]]


async def test_an_ack_that_does_not_come_in_time() -> None:
    """The person is told; the ack that comes later is a problem, and so is one for nothing and one too many."""
    async with stage(ack_seconds=0.1) as at, socket(at) as connected:
        typing = command(at)
        envelope = await connected.next()
        answer = await typing
        assert (answer["acked"], answer["error"]) == (False, "operation_timeout")
        assert answer["ephemeral"] == '/escalate failed with the error "operation_timeout"'
        await connected.ack(envelope)
        await connected.ack({"envelope_id": "nonsense"})
        await connected.ws.send_str("{")
        at.waits(LONG)
        typing = command(at)
        envelope = await connected.answer()
        await typing
        await connected.ack(envelope)
        await at.until(lambda: _has_problems(at, 4))
        assert await at.problems() == [
            "an ack that came too late",
            "an ack for an unknown envelope",
            "a frame that is not JSON",
            "an envelope was acknowledged twice",
        ]


async def _has_problems(at: Stage, number: int) -> bool:
    return len(await at.problems()) >= number


async def test_an_envelope_that_comes_twice() -> None:
    """The same envelope id on both connections; two acks for it are right."""
    async with stage() as at, socket(at) as one, socket(at) as two:
        await at.post("sockets", action="duplicate_next")
        typing = command(at)
        first, second = await one.answer(), await two.answer()
        assert first["envelope_id"] == second["envelope_id"]
        assert (await typing)["acked"]
        assert await at.problems() == []


async def test_an_event_without_an_ack_comes_again() -> None:
    """Again on a connection, with its number and its reason, the same event id; then it is given up."""
    async with stage(ack_seconds=0.1) as at, socket(at) as connected:
        await at.says("hello")
        first, second, third = [await connected.next() for _ in range(3)]
        assert [(e["retry_attempt"], e["retry_reason"]) for e in (first, second, third)] == [
            (0, ""),
            (1, "timeout"),
            (2, "timeout"),
        ]
        assert len({e["payload"]["event_id"] for e in (first, second, third)}) == 1
        assert len({e["envelope_id"] for e in (first, second, third)}) == 3
        assert (await at.post("idle"))["idle"]
        assert "an event was never acknowledged" in await at.problems()


async def test_events_wait_for_a_connection() -> None:
    """What happened while the bot was away is delivered when it is back."""
    async with stage() as at:
        await at.says("anybody there?")
        async with socket(at) as connected:
            envelope = await connected.answer()
            assert envelope["payload"]["event"]["text"] == "anybody there?"
        assert (await at.post("idle"))["idle"]


async def test_refresh_asks_the_app_to_come_again() -> None:
    """The old connection is told, gets nothing new where there is another, and is closed when that one is up."""
    async with stage() as at, socket(at) as old:
        assert len((await at.post("sockets", action="refresh"))["switched"]) == 1
        assert await old.next() | {"debug_info": {}} == {
            "type": "disconnect",
            "reason": "refresh_requested",
            "debug_info": {},
        }
        async with socket(at) as new:
            typing = command(at)
            await new.answer()
            assert (await typing)["acked"]
            assert (await old.ws.receive()).type is WSMsgType.CLOSE


async def test_a_connection_that_is_closed_or_reset() -> None:
    """A close frame, and a connection that is simply gone."""
    async with stage() as at:
        async with socket(at) as connected:
            await at.post("sockets", action="close", which="all")
            assert (await connected.ws.receive()).type is WSMsgType.CLOSE
        async with socket(at) as connected:
            await at.post("sockets", action="reset", which=0)
            message = await connected.ws.receive()
            assert message.type in (WSMsgType.ERROR, WSMsgType.CLOSED)
        assert "no socket switch" in await at.refused("sockets", action="nonsense", which="all")


async def test_a_deaf_connection_looks_alive_and_swallows_everything() -> None:
    """No pong, no envelope; revived, it works again."""
    async with stage(ack_seconds=0.1) as at, socket(at) as connected:
        [switched] = (await at.post("sockets", action="deaf"))["switched"]
        answer = await command(at)
        assert answer["error"] == "operation_timeout"
        [shown] = (await at.get("sockets"))["sockets"]
        assert (shown["id"], shown["alive"], shown["deaf"]) == (switched, True, True)
        await at.post("sockets", action="revive", which=switched)
        at.waits(LONG)
        typing = command(at)
        await connected.answer()
        assert (await typing)["acked"]


@pytest.mark.parametrize("action", ["refresh", "close", "reset"])
async def test_slacks_own_client_comes_back(action: str) -> None:
    """Bolt with slack_sdk's socket client goes on after each of the switches."""
    async with stage() as at, bolt(at, lunch_app(at)):
        hub = at.sandbox.core.hub
        [before] = [connection.id for connection in hub.live()]
        await at.post("sockets", action=action, which="all")

        async def replaced() -> bool:
            return [c.id for c in hub.live() if not c.retiring] not in ([], [before])

        async with asyncio.timeout(60):
            revision = -1
            while not await replaced():
                revision = await at.sandbox.workspace.wait_for_change(revision, 60)
        assert (await command(at))["acked"]
