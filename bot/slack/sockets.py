"""Socket Mode on several connections at once, each watched and replaced within seconds.

Own code over aiohttp's WebSocket, because slack_sdk's client of today asks for no new address when connecting
fails (a ticket works once), retries a revoked token for ever, closes the old connection before the new one
stands, drops envelopes that wait in it, and sleeps a whole ping interval after a reset.

Each *line* keeps one connection up. When Slack announces a refresh, the new connection is opened while the
old one is still read; an ack goes back on the connection it came from, or, where that is gone, on another one.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Protocol

import aiohttp
import structlog
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.environment.log import reference
from bot.slack.connection import Connection, Envelope
from bot.slack.payloads import is_payload

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)

OPEN_WITHIN = 10.0
"""Seconds for asking Slack for an address, for connecting to it, and for its hello."""

SETTLED_AFTER = 10.0
"""A connection that lasted so long was a good one: the next is opened without a pause."""

REFRESH_GRACE = 10.0
"""How long a connection that Slack is about to close is still read beside its successor."""

FIRST_PAUSE, LONGEST_PAUSE = 0.1, 30.0

FATAL = {
    "not_authed": "there is no token in it",
    "invalid_auth": "Slack does not know this token",
    "token_revoked": "the token was revoked",
    "token_expired": "the token has expired",
    "account_inactive": "the app was removed from the workspace, or its owner deactivated",
    "not_allowed_token_type": "this is another kind of token",
    "missing_scope": "the token lacks the scope connections:write",
    "no_permission": "the token may not open connections",
}
"""Errors of a token that no retry will fix."""


class SocketAuthError(Exception):
    """Slack refuses the app-level token; the sentence says what to do. Nothing is retried."""

    def __init__(self, error: str) -> None:
        super().__init__(
            f"SLACK_APP_TOKEN is refused by Slack ({error}): {FATAL[error]}. Make a new one in the app's Basic "
            "Information → App-Level Tokens, with the scope connections:write, and start again."
        )
        self.error = error


class NotNow(Exception):
    """No connection could be opened this time; it is tried again."""


class Dispatcher(Protocol):
    """What takes an envelope: Bolt's AsyncApp."""

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse: ...


@dataclass(frozen=True)
class Health:
    """How one line stands: `pong_age` in seconds while it is connected, `opened` counts its connections."""

    name: str
    connected: bool
    pong_age: float | None
    opened: int


@dataclass
class _Line:
    name: str
    connection: Connection | None = None
    opened: int = 0


class Sockets:
    """The app's connections to Slack."""

    def __init__(
        self,
        app: Dispatcher,
        app_token: str,
        client: AsyncWebClient,
        *,
        connections: int = 2,
        ping_interval: float = 2.0,
        pong_within: float = 3.0,
        monotonic: Callable[[], float] = time.monotonic,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._app = app
        self._token = app_token
        self._client = client
        self._ping_interval = ping_interval
        self._pong_within = pong_within
        self._monotonic = monotonic
        self._jitter = jitter
        self._lines = [_Line(f"socket {number}") for number in range(1, connections + 1)]
        self._alive: list[Connection] = []
        self._keepers: set[asyncio.Task[None]] = set()
        self._retiring: set[asyncio.Task[None]] = set()
        self._envelopes: set[asyncio.Task[None]] = set()
        self._not_before = 0.0
        self._stopping = False
        self._up = asyncio.Event()
        self._failed: asyncio.Future[None] | None = None
        self._session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        """Opens the connections; returns when the first one stands, however long Slack takes.

        Raises SocketAuthError where Slack refuses the token; then everything is stopped already.
        """
        self._failed = asyncio.get_running_loop().create_future()
        self._session = aiohttp.ClientSession(trust_env=True)
        for line in self._lines:
            self._hold(self._keepers, self._keep(line), line.name)
        first = asyncio.create_task(self._up.wait(), name="first socket")
        both: set[asyncio.Future[Any]] = {first, self._failed}
        try:
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        finally:
            first.cancel()
        if self._failed.done():
            await self.stop(0)
            self._failed.result()

    async def wait(self) -> None:
        """Waits for a failure that no retry mends, and raises it (SocketAuthError)."""
        if self._failed is None:
            raise RuntimeError("start() comes first")
        await asyncio.shield(self._failed)

    async def stop(self, grace: float) -> None:
        """Takes no more envelopes, gives those in progress `grace` seconds to finish and be acknowledged, then closes."""
        self._stopping = True
        for task in self._keepers | self._retiring:
            task.cancel()
        for connection in self._alive:
            connection.deafen()
        if self._envelopes:
            _, late = await asyncio.wait(set(self._envelopes), timeout=grace)
            for task in late:
                log.warning("an envelope was given up at shutdown", task=task.get_name())
                task.cancel()
        await asyncio.gather(*self._keepers, *self._retiring, *self._envelopes, return_exceptions=True)
        await asyncio.gather(*(connection.close() for connection in list(self._alive)))
        self._alive.clear()
        if self._session is not None:
            await self._session.close()
        if self._failed is not None and self._failed.done():
            self._failed.exception()

    def health(self) -> tuple[Health, ...]:
        """Every line as it stands now."""
        now = self._monotonic()
        return tuple(
            Health(
                line.name,
                line.connection is not None,
                None if line.connection is None else now - line.connection.last_pong,
                line.opened,
            )
            for line in self._lines
        )

    # One line

    async def _keep(self, line: _Line) -> None:
        """Keeps a connection up until the process stops; ends by itself only where the token is refused."""
        failures = 0
        while True:
            await asyncio.sleep(self.pause(failures))
            began = self._monotonic()
            try:
                await self._connected(line)
            except SocketAuthError as refused:
                if self._failed is not None and not self._failed.done():
                    self._failed.set_exception(refused)
                return
            except NotNow as problem:
                log.warning("no connection to Slack", line=line.name, why=str(problem), failures=failures + 1)
            except Exception:
                log.exception("a connection to Slack failed", line=line.name, reference=reference())
            failures = 0 if self._monotonic() - began >= SETTLED_AFTER else failures + 1

    def pause(self, failures: int) -> float:
        """Nothing at first, then twice as long each time; the jitter keeps lines and replicas from going together."""
        if not failures:
            return 0.0
        longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(failures - 1, 16))
        return longest * (0.5 + self._jitter() / 2)

    async def _connected(self, line: _Line) -> None:
        """One connection from its opening until it ended or is to be replaced."""
        connection = await self._open(line)
        self._alive.append(connection)
        line.connection = connection
        line.opened += 1
        self._up.set()
        log.info("connected to Slack", line=line.name, opened=line.opened)
        try:
            why = await connection.over()
        finally:
            line.connection = None
            if not self._stopping:
                self._hold(self._retiring, self._retire(connection), f"{line.name} retiring")
        log.info("the connection to Slack is replaced", line=line.name, why=why)

    async def _open(self, line: _Line) -> Connection:
        if self._session is None:
            raise RuntimeError("start() comes first")
        address = await self._address()
        try:
            async with asyncio.timeout(OPEN_WITHIN):
                ws = await self._session.ws_connect(address, autoping=False)
        except (aiohttp.ClientError, OSError, TimeoutError) as problem:
            raise NotNow(f"connecting: {_said(problem)}") from None
        connection = Connection(
            ws, line.name, self._take, self._ping_interval, self._pong_within, self._monotonic
        )
        try:
            async with asyncio.timeout(OPEN_WITHIN):
                greeted = await connection.greeted()
        except TimeoutError:
            greeted = False
        except asyncio.CancelledError:
            await connection.close()
            raise
        if not greeted:
            await connection.close()
            raise NotNow(f"no hello: {connection.why or 'silence'}")
        return connection

    async def _retire(self, connection: Connection) -> None:
        """What still comes on a connection that Slack is about to close is taken; then it is closed."""
        try:
            async with asyncio.timeout(REFRESH_GRACE):
                await connection.ended()
        except TimeoutError:
            log.debug("Slack did not close the old connection", line=connection.name)
        self._alive.remove(connection)
        await connection.close()

    async def _address(self) -> str:
        """A new address from Slack; each works once."""
        if (pause := self._not_before - self._monotonic()) > 0:
            await asyncio.sleep(pause)
        try:
            async with asyncio.timeout(OPEN_WITHIN):
                answer = await self._client.apps_connections_open(app_token=self._token)
        except SlackApiError as problem:
            raise self._refused(problem) from None
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as problem:
            raise NotNow(f"apps.connections.open: {_said(problem)}") from None
        return str(answer["url"])

    def _refused(self, problem: SlackApiError) -> Exception:
        answer = problem.response
        data = getattr(answer, "data", None)
        error = data.get("error") if isinstance(data, dict) else None
        if error in FATAL:
            return SocketAuthError(error)
        status = getattr(answer, "status_code", None) or getattr(answer, "status", None)
        if status == 429 or error == "ratelimited":
            asked = _seconds(getattr(answer, "headers", {}).get("Retry-After"))
            self._not_before = self._monotonic() + asked
            return NotNow(f"apps.connections.open: rate limited, again in {asked:g} s")
        return NotNow(f"apps.connections.open: {error or f'HTTP {status}'}")

    # Envelopes

    def _take(self, connection: Connection, envelope: Envelope) -> None:
        name = f"envelope {envelope['envelope_id']}"
        self._hold(self._envelopes, self._answer(connection, envelope), name)

    async def _answer(self, connection: Connection, envelope: Envelope) -> None:
        """Hands an envelope to the app and acknowledges it. Without an ack Slack tells the person, or sends it again."""
        if not is_payload(envelope["payload"]):
            log.warning(
                "an envelope was refused", kind=envelope.get("type"), why="of no shape that Slack sends"
            )
            return
        try:
            response = await self._app.async_dispatch(_request(envelope))
            ack = _ack(envelope, response)
        except Exception:
            log.exception("an envelope failed", kind=envelope.get("type"), reference=reference())
            return
        if ack is None:
            log.warning("an envelope was refused", kind=envelope.get("type"), status=response.status)
            return
        text = json.dumps(ack)
        for one in (connection, *(other for other in self._alive if other is not connection)):
            if await one.send(text):
                return
        log.warning("an ack found no connection", kind=envelope.get("type"))

    def _hold(self, tasks: set[asyncio.Task[None]], work: Coroutine[Any, Any, None], name: str) -> None:
        """Starts a background task that is never lost and never fails silently."""
        task = asyncio.create_task(work, name=name)
        tasks.add(task)

        def done(ended: asyncio.Task[None]) -> None:
            tasks.discard(ended)
            if not ended.cancelled() and (problem := ended.exception()) is not None:
                log.error("a background task failed", task=name, reference=reference(), exc_info=problem)

        task.add_done_callback(done)


def _request(envelope: Envelope) -> AsyncBoltRequest:
    headers: dict[str, str | list[str]] = {}
    if envelope.get("retry_attempt") is not None:
        headers["x-slack-retry-num"] = str(envelope["retry_attempt"])
    if envelope.get("retry_reason") is not None:
        headers["x-slack-retry-reason"] = str(envelope["retry_reason"])
    return AsyncBoltRequest(mode="socket_mode", body=envelope["payload"], headers=dict(headers))


def _ack(envelope: Envelope, response: BoltResponse) -> dict[str, Any] | None:
    """The ack with what the app answers; None where the app did not take the envelope."""
    if response.status != 200:
        return None
    ack: dict[str, Any] = {"envelope_id": envelope["envelope_id"]}
    if response.body and envelope.get("accepts_response_payload"):
        is_json = response.first_headers().get("content-type", "").startswith("application/json")
        ack["payload"] = json.loads(response.body) if is_json else {"text": response.body}
    return ack


def _said(problem: BaseException) -> str:
    return f"{type(problem).__name__} {problem}".strip()


def _seconds(retry_after: str | None) -> float:
    """Retry-After as Slack sends it, in whole seconds; half a minute where it is missing or odd."""
    try:
        return max(0.0, float(retry_after or "30"))
    except ValueError:
        return 30.0
