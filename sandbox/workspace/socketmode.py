"""Socket Mode as Slack runs it: tickets, up to ten connections, envelopes to one of them, acks within three seconds.

The rules are those of https://docs.slack.dev/apis/events-api/using-socket-mode/. What Slack does on a bad day
(refresh, drop, reset, a connection that goes deaf, an envelope that comes twice) are switches here.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import socket
import struct
import time
from collections import OrderedDict
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from sandbox.workspace.model import Json
from sandbox.workspace.workspace import Workspace, compact, iso

MAX_CONNECTIONS = 10
TICKET_SECONDS = 30.0
REFRESH_GRACE_SECONDS = 10.0
SWITCHES = ("refresh", "close", "reset", "deaf", "revive", "duplicate_next")
_OVER = (WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED, WSMsgType.ERROR)


@dataclass
class Ack:
    """How an app answered what was delivered to it."""

    acked: bool
    payload: Json | None = None
    ms: float = 0.0
    error: str | None = None


def reset_transport(transport: asyncio.BaseTransport | None) -> None:
    """Break a TCP connection with a reset (RST), not with an orderly end."""
    if transport is None:
        return
    sock = transport.get_extra_info("socket")
    if sock is not None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    if isinstance(transport, asyncio.WriteTransport):
        transport.abort()


@dataclass(eq=False)
class Connection:
    """One WebSocket of an app."""

    id: str
    app_id: str
    ws: web.WebSocketResponse
    transport: asyncio.BaseTransport | None
    alive: bool = True
    deaf: bool = False
    retiring: bool = False
    envelopes: int = 0
    last_ping: str | None = None
    last_heard: float = field(default_factory=time.monotonic)
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    hearing: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, message: Json) -> bool:
        """Write a message; a deaf connection swallows it. False when the connection turns out to be gone."""
        if self.deaf:
            return True
        try:
            await self.ws.send_str(compact(message))
        except ConnectionError:
            self.alive = False
            return False
        return True

    def describe(self) -> Json:
        """The connection as the control API shows it."""
        return {
            "id": self.id,
            "app": self.app_id,
            "alive": self.alive,
            "deaf": self.deaf,
            "retiring": self.retiring,
            "envelopes": self.envelopes,
            "last_ping": self.last_ping,
        }


@dataclass
class _Pending:
    app_id: str
    answer: asyncio.Future[Json]
    sent_at: float = field(default_factory=time.perf_counter)
    acks_expected: int = 1
    acks: int = 0
    expired: bool = False


class SocketHub:
    """All WebSockets of all apps, and the envelopes under way."""

    def __init__(
        self, workspace: Workspace, *, ack_seconds: float = 3.0, ping_interval: float = 10.0
    ) -> None:
        self.workspace = workspace
        self.ack_seconds = ack_seconds
        self.ping_interval = ping_interval
        self.connections: list[Connection] = []
        self.duplicate_next = 0
        self._tickets: dict[str, tuple[str, float]] = {}
        self._envelopes: OrderedDict[str, _Pending] = OrderedDict()
        self._turn = 0
        self._attached = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    # Connecting

    def new_ticket(self, app_id: str) -> str:
        """A ticket for one connection, as `apps.connections.open` hands out."""
        now = time.monotonic()
        self._tickets = {t: entry for t, entry in self._tickets.items() if now - entry[1] < TICKET_SECONDS}
        ticket = secrets.token_hex(16)
        self._tickets[ticket] = (app_id, now)
        return ticket

    def live(self, app_id: str | None = None) -> list[Connection]:
        """The connections that are up, oldest first."""
        return [c for c in self.connections if c.alive and app_id in (None, c.app_id)]

    async def wait_for_connection(self, app_id: str, timeout: float) -> bool:
        """Wait until the app has a connection."""
        try:
            async with asyncio.timeout(timeout):
                while not self.live(app_id):
                    await self._attached.wait()
        except TimeoutError:
            return False
        return True

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one WebSocket until it ends."""
        app_id, made_at = self._tickets.pop(request.query.get("ticket", ""), ("", 0.0))
        if not app_id or time.monotonic() - made_at > TICKET_SECONDS:
            return web.json_response({"ok": False, "error": "invalid_ticket"}, status=401)
        ws = web.WebSocketResponse(autoping=False, autoclose=False, compress=False, timeout=1.0)
        await ws.prepare(request)
        if len(self.live(app_id)) >= MAX_CONNECTIONS:
            await ws.send_json(_disconnect("too_many_websockets"))
            await ws.close()
            return ws
        connection = Connection(self.workspace.new_id("WS"), app_id, ws, request.transport)
        self.connections.append(connection)
        await connection.send(self._hello(app_id))
        self.workspace.record("socket", "connected", connection=connection.id)
        self.workspace.changed("sockets")
        attached, self._attached = self._attached, asyncio.Event()
        attached.set()
        pinging = asyncio.create_task(self._keep_pinging(connection))
        try:
            await self._read(connection)
        finally:
            pinging.cancel()
            connection.alive = False
            connection.gone.set()
            self.workspace.record("socket", "gone", connection=connection.id)
            self.workspace.changed("sockets")
            dead = [c for c in self.connections if not c.alive]
            for old in dead[:-20]:
                self.connections.remove(old)
        return ws

    def _hello(self, app_id: str) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.live(app_id)),
            "debug_info": {"host": "sandbox", "build_number": 1, "approximate_connection_time": 18060},
            "connection_info": {"app_id": app_id},
        }

    async def _read(self, connection: Connection) -> None:
        ws = connection.ws
        while True:
            message = await ws.receive()
            if connection.deaf:
                if message.type is WSMsgType.CLOSE:
                    # A hole in the network answers no goodbye either: the app's own close has to time out.
                    connection.alive = False
                    await _wait(connection.hearing, 15.0)
                if message.type in _OVER:
                    return
                continue
            connection.last_heard = time.monotonic()
            if message.type is WSMsgType.TEXT:
                self._heard(connection, message.data)
            elif message.type is WSMsgType.PING:
                connection.last_ping = iso(self.workspace.clock.now())
                await self._pong(connection, message.data)
            elif message.type is WSMsgType.CLOSE:
                connection.alive = False
                await ws.close()
                return
            elif message.type in _OVER:
                return

    async def _pong(self, connection: Connection, data: bytes) -> None:
        try:
            await connection.ws.pong(data)
        except ConnectionError:
            connection.alive = False

    async def _keep_pinging(self, connection: Connection) -> None:
        while connection.alive:
            await asyncio.sleep(self.ping_interval)
            if connection.deaf:
                continue
            if time.monotonic() - connection.last_heard > 4 * self.ping_interval:
                self.workspace.problem("no pong from the app's socket", connection=connection.id)
                reset_transport(connection.transport)
                return
            try:
                await connection.ws.ping(b"Ping from sandbox")
            except ConnectionError:
                return

    # Envelopes

    async def deliver(
        self,
        app_id: str,
        kind: str,
        payload: Json,
        *,
        accepts_response: bool,
        retry: tuple[int, str] | None = None,
    ) -> Ack:
        """Send an envelope to one connection and wait for its ack."""
        envelope: Json = {
            "envelope_id": secrets.token_hex(16),
            "type": kind,
            "payload": payload,
            "accepts_response_payload": accepts_response,
        }
        if kind == "events_api":
            envelope["retry_attempt"], envelope["retry_reason"] = retry or (0, "")
        pending = _Pending(app_id, asyncio.get_running_loop().create_future())
        self._envelopes[envelope["envelope_id"]] = pending
        if len(self._envelopes) > 20_000:
            self._envelopes.popitem(last=False)
        if not await self._send(app_id, envelope, pending):
            pending.expired = True
            return Ack(False, error="dispatch_failed")
        try:
            async with asyncio.timeout(self.ack_seconds):
                answer = await pending.answer
        except TimeoutError:
            pending.expired = True
            return Ack(False, ms=(time.perf_counter() - pending.sent_at) * 1000, error="operation_timeout")
        return Ack(True, answer.get("payload"), (time.perf_counter() - pending.sent_at) * 1000)

    async def _send(self, app_id: str, envelope: Json, pending: _Pending) -> bool:
        times = 1
        if self.duplicate_next > 0:
            self.duplicate_next -= 1
            times = pending.acks_expected = 2
        sent = 0
        while sent < times:
            candidates = [c for c in self.live(app_id) if not c.retiring] or self.live(app_id)
            if not candidates:
                return sent > 0
            self._turn += 1
            connection = candidates[self._turn % len(candidates)]
            if await connection.send(envelope):
                connection.envelopes += 1
                sent += 1
                self.workspace.record(
                    "envelope",
                    envelope["type"],
                    envelope_id=envelope["envelope_id"],
                    connection=connection.id,
                    payload=envelope["payload"],
                    retry_attempt=envelope.get("retry_attempt", 0),
                )
        return True

    def _heard(self, connection: Connection, text: str) -> None:
        try:
            message = json.loads(text)
        except ValueError:
            self.workspace.problem("a frame that is not JSON", connection=connection.id, frame=text[:200])
            return
        envelope_id = message.get("envelope_id") if isinstance(message, dict) else None
        pending = self._envelopes.get(str(envelope_id))
        took = {} if pending is None else {"ack_ms": round((time.perf_counter() - pending.sent_at) * 1000, 3)}
        self.workspace.record(
            "ack",
            str(envelope_id),
            connection=connection.id,
            envelope_id=envelope_id,
            response=message,
            **took,
        )
        if pending is None or pending.app_id != connection.app_id:
            self.workspace.problem("an ack for an unknown envelope", envelope_id=envelope_id)
            return
        pending.acks += 1
        if pending.expired:
            self.workspace.problem("an ack that came too late", envelope_id=envelope_id)
        elif pending.acks > pending.acks_expected:
            self.workspace.problem("an envelope was acknowledged twice", envelope_id=envelope_id)
        elif not pending.answer.done():
            pending.answer.set_result(message)

    # Switches

    async def switch(self, action: str, which: int | str = 0, reason: str = "refresh_requested") -> list[str]:
        """Turn a switch for one live connection (by index or id) or for `all`; answers the ids it was turned for."""
        if action not in SWITCHES:
            raise ValueError(f"no socket switch {action!r}; there are {', '.join(SWITCHES)}")
        if action == "duplicate_next":
            self.duplicate_next += 1
            return []
        chosen = [
            c
            for index, c in enumerate(self.live())
            if which == "all" or which == c.id or str(which) == str(index)
        ]
        for connection in chosen:
            if action == "refresh":
                connection.retiring = True
                await connection.send(_disconnect(reason))
                self._keep(self._close_when_replaced(connection))
            elif action == "close":
                connection.retiring = True
                self._keep(self._close(connection))
            elif action == "reset":
                connection.alive = False
                connection.hearing.set()
                reset_transport(connection.transport)
            elif action == "deaf":
                connection.deaf = True
                connection.hearing.clear()
            else:
                connection.deaf = False
                connection.hearing.set()
        self.workspace.changed("sockets")
        return [connection.id for connection in chosen]

    async def _close_when_replaced(self, connection: Connection) -> None:
        replaced = asyncio.create_task(self._attached.wait())
        gone = asyncio.create_task(connection.gone.wait())
        await asyncio.wait(
            [replaced, gone], timeout=REFRESH_GRACE_SECONDS, return_when=asyncio.FIRST_COMPLETED
        )
        replaced.cancel()
        gone.cancel()
        await self._close(connection)

    async def _close(self, connection: Connection) -> None:
        if not connection.gone.is_set():
            connection.alive = False
            await connection.ws.close()

    async def close_all(self) -> None:
        """End every connection; the server is going down."""
        for connection in self.live():
            connection.alive = False
            connection.hearing.set()
            if connection.deaf:
                reset_transport(connection.transport)
            else:
                self._keep(self._close(connection))
        for task in list(self._tasks):
            await task

    def _keep(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _disconnect(reason: str) -> Json:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}}


async def _wait(event: asyncio.Event, seconds: float) -> None:
    waiting = asyncio.create_task(event.wait())
    await asyncio.wait([waiting], timeout=seconds)
    waiting.cancel()
