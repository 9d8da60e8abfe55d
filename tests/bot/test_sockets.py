"""Socket Mode on a bad day, against the sandbox: what is sent is answered, and a lost connection is soon replaced."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from itertools import pairwise
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.connection import Connection
from bot.slack.sockets import FIRST_PAUSE, SocketAuthError, Sockets
from sandbox import APP_TOKEN, BOT_TOKEN, Sandbox
from sandbox.workspace.faults import Fault
from sandbox.workspace.model import Json
from sandbox.workspace.socketmode import Ack

APP = "A0ASKDESK"


def story(tell: Callable[[], Coroutine[Any, Any, None]]) -> Callable[[], None]:
    """A test that runs on an event loop of its own."""

    def test() -> None:
        asyncio.run(tell())

    test.__name__ = tell.__name__
    test.__doc__ = tell.__doc__
    return test


class Stage:
    """A sandbox, a Bolt app, and its sockets."""

    def __init__(self, sandbox: Sandbox, app: AsyncApp, sockets: Sockets) -> None:
        self.sandbox = sandbox
        self.app = app
        self.sockets = sockets
        self.hub = sandbox.core.hub

    async def command(self, text: str = "") -> Ack:
        """Ana types /escalate; the envelope goes to one of the connections."""
        ana, channel = self.sandbox.workspace.users["U0ANA"], self.sandbox.workspace.channels["C0ASKBILL"]
        payload = {"command": "/escalate", "text": text, "team_id": "T0NORTH", "api_app_id": APP,
                   "user_id": ana.id, "channel_id": channel.id, "trigger_id": "1.2.x"}  # fmt: skip
        return await self.hub.deliver(APP, "slash_commands", payload, accepts_response=True)

    async def until(self, holds: Callable[[], bool], within: float = 60.0) -> None:
        """Waits for it, change by change of the workspace."""
        async with asyncio.timeout(within):
            while not holds():
                await self.sandbox.workspace.wait_for_change(self.sandbox.workspace.revision, within)

    async def flows_again_after(self, action: str) -> float:
        """Turns a switch for the only connection: the seconds until a command sent through a new one is answered."""
        (old,) = self.hub.live(APP)
        began = time.perf_counter()
        await self.hub.switch(action, old.id)
        await self.until(lambda: any(one is not old for one in self.hub.live(APP)))
        while not (await self.command()).acked:
            pass
        return time.perf_counter() - began

    def problems(self) -> list[Any]:
        """What broke the protocol."""
        return list(self.sandbox.workspace.traffic.problems)


def app_for(sandbox: Sandbox) -> AsyncApp:
    """A Bolt app that answers /escalate with what was typed."""
    client = AsyncWebClient(token=BOT_TOKEN, base_url=sandbox.api_url)
    app = AsyncApp(client=client, process_before_response=True)

    @app.command("/escalate")
    async def escalate(ack: AsyncAck, command: Json) -> Any:
        if command.get("text") == "fail":
            raise RuntimeError("the listener broke")
        return await ack(f"heard {command.get('text') or 'nothing'}")

    return app


@asynccontextmanager
async def stage(connections: int = 2, **options: Any) -> AsyncIterator[Stage]:
    """Everything started, with quick pings unless a test wants the real ones."""
    pace = {"ping_interval": 0.1, "pong_within": 0.3} | options
    async with Sandbox(limits=False, retry_delays=(0.0, 0.0)) as sandbox:
        app = app_for(sandbox)
        sockets = Sockets(app, APP_TOKEN, app.client, connections=connections, **pace)
        await sockets.start()
        playing = Stage(sandbox, app, sockets)
        await playing.until(lambda: len(playing.hub.live(APP)) == connections)
        try:
            yield playing
        finally:
            await sockets.stop(1)


@story
async def test_an_envelope_is_dispatched_and_its_answer_sent_back() -> None:
    async with stage() as now:
        acks = [await now.command("Jane") for _ in range(4)]
        assert [ack.payload for ack in acks] == [{"text": "heard Jane"}] * 4
        assert [one.envelopes for one in now.hub.live(APP)] == [2, 2]
        assert now.problems() == []


@story
async def test_health_tells_each_line_with_the_age_of_its_last_pong() -> None:
    clock = [100.0]
    async with stage(monotonic=lambda: clock[0], ping_interval=60.0) as now:
        while not all(line.connected for line in now.sockets.health()):
            await now.command()
        clock[0] = 103.5
        assert [(one.name, one.connected, one.opened) for one in now.sockets.health()] == [
            ("socket 1", True, 1),
            ("socket 2", True, 1),
        ]
        assert [one.pong_age for one in now.sockets.health()] == [3.5, 3.5]


@story
async def test_a_pong_makes_the_last_pong_young_again() -> None:
    clock = [100.0]
    async with stage(connections=1, monotonic=lambda: clock[0], ping_interval=0.02) as now:
        clock[0] = 200.0
        async with asyncio.timeout(60):
            while now.sockets.health()[0].pong_age != 0.0:
                await now.command()
        assert now.sockets.health()[0].opened == 1


@story
async def test_a_process_that_stood_still_asks_once_more_before_it_gives_a_connection_up() -> None:
    class Silent:
        """A WebSocket without an answer."""

        closed, close_code, pings = False, None, 0

        async def receive(self) -> None:
            await asyncio.Event().wait()

        async def ping(self) -> None:
            self.pings += 1

        async def close(self) -> None:
            self.closed = True

    silent = Silent()
    clock = iter([0.0, 0.0, 100.0, 100.0, 100.0])
    connection = Connection(silent, "socket", lambda _from, _sent: None, 0.0, 0.01, lambda: next(clock))  # type: ignore[arg-type]
    assert await connection.over() == "no pong within 0.01 s"
    assert silent.pings == 2
    await connection.close()
    assert silent.closed


@pytest.mark.parametrize("action", ["refresh", "close", "reset", "deaf"])
def test_a_lost_connection_is_replaced_in_time(action: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In whatever time the machine takes, for there is next to no pause before the next connection is opened."""

    async def tell() -> None:
        async with stage(connections=1, ping_interval=0.5, pong_within=3.0) as now:
            pauses: list[float] = []
            pause = now.sockets.pause

            def noted(failures: int) -> float:
                pauses.append(pause(failures))
                return pauses[-1]

            monkeypatch.setattr(now.sockets, "pause", noted)
            await now.flows_again_after(action)
            assert len(pauses) == 1
            assert pauses[0] <= FIRST_PAUSE

    asyncio.run(tell())


@pytest.mark.parametrize("action", ["refresh", "close", "reset"])
def test_with_two_connections_nothing_is_lost_when_one_goes(action: str) -> None:
    async def tell() -> None:
        async with stage() as now:
            first, _ = now.hub.live(APP)
            await now.hub.switch(action, first.id)
            acks = [await now.command() for _ in range(20)]
            assert all(ack.acked for ack in acks)
            await now.until(lambda: len([c for c in now.hub.live(APP) if not c.retiring]) == 2)
            assert not [p for p in now.problems() if "ack" in str(p)]

    asyncio.run(tell())


@story
async def test_what_still_comes_on_a_connection_that_is_about_to_close_is_taken() -> None:
    """Until its successor stands Slack sends on the old one, though it has announced its end."""
    async with stage(connections=1) as now:
        (old,) = now.hub.live(APP)
        await now.hub.switch("refresh", old.id)
        acks = []
        while now.hub.live(APP) == [old]:
            acks.append(await now.command())
        assert old.envelopes
        assert all(ack.acked for ack in acks)
        assert now.problems() == []


@story
async def test_a_deaf_connection_is_closed_and_both_work_again() -> None:
    async with stage() as now:
        first, second = now.hub.live(APP)
        await now.hub.switch("deaf", first.id)
        await now.until(lambda: not first.alive)
        await now.until(lambda: len(now.hub.live(APP)) == 2)
        assert second in now.hub.live(APP)
        assert all([(await now.command()).acked for _ in range(4)])
        assert sum(line.opened for line in now.sockets.health()) == 3


@story
async def test_an_ack_finds_another_way_when_its_connection_is_gone() -> None:
    async with stage() as now:
        began, go_on = asyncio.Event(), asyncio.Event()

        @now.app.command("/callbacks")
        async def slow(ack: AsyncAck) -> Any:
            began.set()
            await go_on.wait()
            return await ack("late, but here")

        payload = {"command": "/callbacks", "text": "", "team_id": "T0NORTH", "user_id": "U0ANA",
                   "channel_id": "C0ASKBILL", "api_app_id": APP, "trigger_id": "1.2.x"}  # fmt: skip
        sent = asyncio.create_task(now.hub.deliver(APP, "slash_commands", payload, accepts_response=True))
        await began.wait()
        (busy,) = (one for one in now.hub.live(APP) if one.envelopes)
        await now.hub.switch("reset", busy.id)
        await now.until(lambda: len(now.hub.live(APP)) == 2)
        go_on.set()
        ack = await sent
        assert ack.payload == {"text": "late, but here"}
        assert now.problems() == []


@story
async def test_a_failing_envelope_leaves_the_connection_as_it_was() -> None:
    async with stage(connections=1) as now:
        (connection,) = now.hub.live(APP)
        now.hub.ack_seconds = 0.05
        assert not (await now.command("fail")).acked
        await now.hub.deliver(APP, "slash_commands", {"odd": True}, accepts_response=True)
        await connection.ws.send_str("this is no JSON")
        await connection.ws.send_str('["neither", "is", "this"]')
        await connection.ws.send_str('{"type": "news", "of": "tomorrow"}')
        await connection.ws.send_bytes(b"\x00")
        now.hub.ack_seconds = 30.0
        assert (await now.command()).acked
        assert now.hub.live(APP) == [connection]


@story
async def test_an_app_that_breaks_outside_its_listeners_harms_no_connection() -> None:
    class Broken:
        async def async_dispatch(self, req: object) -> Any:
            raise ValueError("no way to take this")

    async with Sandbox(limits=False, ack_seconds=0.05) as sandbox:
        client = AsyncWebClient(base_url=sandbox.api_url)
        sockets = Sockets(Broken(), APP_TOKEN, client, connections=1)
        await sockets.start()
        for _ in range(3):
            await sandbox.core.hub.deliver(APP, "slash_commands", {}, accepts_response=True)
        assert [line.opened for line in sockets.health()] == [1]
        assert [one.envelopes for one in sandbox.core.hub.live(APP)] == [3]
        await sockets.stop(0)


@story
async def test_events_are_acknowledged_without_a_body_and_their_retries_can_be_told() -> None:
    async with stage() as now:
        seen: list[str | None] = []

        @now.app.event("app_mention")
        async def mentioned(request: Any) -> None:
            seen.append(request.headers.get("x-slack-retry-num", [None])[0])

        payload = {"type": "event_callback", "event_id": "Ev1", "team_id": "T0NORTH", "api_app_id": APP,
                   "event": {"type": "app_mention", "user": "U0ANA", "channel": "C0ASKBILL"}}  # fmt: skip
        hub = now.hub
        first = await hub.deliver(APP, "events_api", payload, accepts_response=False)
        again = await hub.deliver(APP, "events_api", payload, accepts_response=False, retry=(1, "timeout"))
        assert (first.acked, first.payload, again.acked) == (True, None, True)
        assert seen == ["0", "1"]


@story
async def test_stopping_takes_nothing_new_and_lets_what_runs_be_acknowledged() -> None:
    async with stage() as now:
        began, go_on = asyncio.Event(), asyncio.Event()

        @now.app.command("/callbacks")
        async def slow(ack: AsyncAck) -> Any:
            began.set()
            await go_on.wait()
            return await ack("done")

        payload = {"command": "/callbacks", "text": "", "team_id": "T0NORTH", "user_id": "U0ANA",
                   "channel_id": "C0ASKBILL", "api_app_id": APP, "trigger_id": "1.2.x"}  # fmt: skip
        sent = asyncio.create_task(now.hub.deliver(APP, "slash_commands", payload, accepts_response=True))
        await began.wait()
        stopping = asyncio.create_task(now.sockets.stop(grace=5))
        now.hub.ack_seconds = 0.2
        assert not (await now.command()).acked
        assert not stopping.done()
        go_on.set()
        assert (await sent).payload == {"text": "done"}
        await stopping
        await now.until(lambda: not now.hub.live(APP))
        assert all(not line.connected for line in now.sockets.health())


@story
async def test_what_does_not_end_within_the_grace_is_given_up() -> None:
    async with stage() as now:
        began, ended = asyncio.Event(), asyncio.Event()

        @now.app.command("/callbacks")
        async def endless(ack: AsyncAck) -> None:
            began.set()
            try:
                await asyncio.Event().wait()
            finally:
                ended.set()

        payload = {"command": "/callbacks", "text": "", "team_id": "T0NORTH", "user_id": "U0ANA",
                   "channel_id": "C0ASKBILL", "api_app_id": APP, "trigger_id": "1.2.x"}  # fmt: skip
        now.hub.ack_seconds = 0.2
        sent = asyncio.create_task(now.hub.deliver(APP, "slash_commands", payload, accepts_response=True))
        await began.wait()
        await now.sockets.stop(grace=0.05)
        assert ended.is_set()
        assert not (await sent).acked
        assert not [
            task for task in asyncio.all_tasks() if task.get_name().startswith(("socket", "envelope"))
        ]


@story
async def test_slack_in_trouble_is_asked_again_until_it_answers() -> None:
    async with Sandbox(limits=False) as sandbox:
        for fault in ("http_500", "reset", "error", "lost_answer"):
            sandbox.core.faults.add(Fault(fault, "apps.connections.open", error="internal_error"))
        client = AsyncWebClient(base_url=sandbox.api_url)
        client.retry_handlers = []
        sockets = Sockets(app_for(sandbox), APP_TOKEN, client, connections=1, jitter=lambda: 0.0)
        async with asyncio.timeout(60):
            await sockets.start()
        assert sandbox.core.faults.describe() == []
        assert sockets.health()[0].connected
        await sockets.stop(0)


@story
async def test_a_rate_limit_is_kept_by_all_lines() -> None:
    async with Sandbox(limits=False) as sandbox:
        sandbox.core.faults.add(Fault("ratelimited", "apps.connections.open", retry_after=1))
        sockets = Sockets(
            app_for(sandbox), APP_TOKEN, AsyncWebClient(base_url=sandbox.api_url), connections=1
        )
        began = time.perf_counter()
        await sockets.start()
        assert time.perf_counter() - began >= 1.0
        asked = [one for one in sandbox.workspace.traffic.so_far() if one["name"] == "apps.connections.open"]
        assert len(asked) == 2, "refused, and after that second taken"
        await sockets.stop(0)


def test_pauses_grow_to_half_a_minute_and_differ() -> None:
    nothing = AsyncWebClient()

    def pauses(jitter: float) -> list[float]:
        sockets = Sockets(object(), "", nothing, jitter=lambda: jitter)  # type: ignore[arg-type]
        return [sockets.pause(failures) for failures in (0, 1, 2, 3, 20, 5000)]

    assert pauses(1.0) == [0.0, 0.1, 0.2, 0.4, 30.0, 30.0]
    assert pauses(0.0) == [0.0, 0.05, 0.1, 0.2, 15.0, 15.0]


@story
async def test_a_wrong_token_is_told_in_a_sentence_and_not_tried_again() -> None:
    async with Sandbox(limits=False) as sandbox:
        client = AsyncWebClient(base_url=sandbox.api_url)
        sockets = Sockets(app_for(sandbox), "xapp-1-A0ASKDESK-wrong", client)
        with pytest.raises(SocketAuthError) as refused:
            await sockets.start()
        assert refused.value.error == "invalid_auth"
        assert "SLACK_APP_TOKEN" in str(refused.value)
        assert "xapp-1" not in str(refused.value)


@story
async def test_a_token_revoked_later_ends_the_waiting_process() -> None:
    async with stage() as now:
        waiting = asyncio.create_task(now.sockets.wait())
        now.sandbox.workspace.revoked.add(APP_TOKEN)
        await now.hub.switch("reset", "all")
        with pytest.raises(SocketAuthError) as refused:
            await asyncio.wait_for(waiting, 60)
        assert refused.value.error in ("token_revoked", "invalid_auth")


@story
async def test_a_server_that_says_no_hello_or_hangs_up_is_left_in_peace() -> None:
    """Such a server is asked again, with growing pauses instead of as fast as it answers."""
    calls: list[float] = []
    three = asyncio.Event()

    async def opens(request: web.Request) -> web.Response:
        calls.append(time.perf_counter())
        if len(calls) == 4:
            three.set()
        return web.json_response({"ok": True, "url": f"ws://{request.host}/link"})

    async def hangs_up(request: web.Request) -> web.WebSocketResponse:
        ws = web.WebSocketResponse()
        await ws.prepare(request)
        await ws.close()
        return ws

    application = web.Application()
    application.add_routes([web.post("/api/apps.connections.open", opens), web.get("/link", hangs_up)])
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    base = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    sockets = Sockets(object(), APP_TOKEN, AsyncWebClient(base_url=base), connections=1, jitter=lambda: 1.0)  # type: ignore[arg-type]
    starting = asyncio.create_task(sockets.start())
    await asyncio.wait_for(three.wait(), 60)
    starting.cancel()
    await sockets.stop(0)
    await runner.cleanup()
    gaps = [after - before for before, after in pairwise(calls)]
    assert gaps[0] >= 0.1
    assert gaps[1] >= 0.2
    assert gaps[2] >= 0.4
