"""An HTTP server that no client can hold up: slow clients are dropped, and new ones find room.

aiohttp parses and answers. It knows no deadline for a body or for a slow reader, closes a half-sent header only after
its keep-alive time, and accepts until no file descriptor is left.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

import structlog
from aiohttp import web

from bot.environment.log import reference
from bot.web.limits import Limits

log = structlog.get_logger(__name__)

Handler = Callable[[web.BaseRequest], Awaitable[web.Response]]

Routes = Mapping[str, Mapping[str, Handler]]
"""Path, method and handler."""

ACCEPTED_AT_ONCE = 64
"""Each connection of such a burst has a file descriptor before the first can be turned away."""

LINGER = 2.0
"""Seconds in which the rest of a refused body is read and forgotten: a client that still sends misses the answer."""

NEVER = 24 * 3600.0


STALLED = 0.05
"""Seconds by which a deadline that is looked at late shows that the event loop was held up."""


class SiteFailed(Exception):
    """The server cannot listen at the configured address; the text says what to do."""


class HttpServer:
    """One listening address on the running loop."""

    def __init__(
        self,
        settings: str,
        host: str,
        port: int,
        routes: Routes,
        limits: Limits,
        refused: Callable[[str], None],
    ) -> None:
        """`settings` begins the names of the settings that say where it listens; `refused` hears why a client was."""
        self._settings = settings
        self._host = host
        self._routes = routes
        self._limits = limits
        self._refused = refused
        self._runner: web.ServerRunner | None = None
        self.port = port
        """Where it listens, once it has started."""

    async def start(self, grace: float) -> None:
        """Listens; at its stop, requests under way have `grace` seconds. Raises SiteFailed."""
        server = _Server(self._answer, self._limits, self._refused)
        # aiohttp waits so long for a request to end, and as long again for it to be given up.
        self._runner = web.ServerRunner(server, shutdown_timeout=grace / 2)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self.port, backlog=ACCEPTED_AT_ONCE).start()
        except OSError as error:
            await self.stop()
            raise SiteFailed(
                f"{self._settings}_HOST and {self._settings}_PORT: nobody can listen on {self._host}:{self.port} "
                f"({error.strerror}). Stop what listens there, or enter another port."
            ) from None
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Takes no new request, answers those in progress, then closes."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _answer(self, request: web.BaseRequest) -> web.Response:
        """A route's answer. What is wrong with a request is a status without words, and never a line in the log."""
        connection = _connection(request)
        connection.expects_body()
        methods = self._routes.get(request.path)
        if methods is None:
            self._refused("not there")
            return refusal(404)
        handler = methods.get("GET" if request.method == "HEAD" else request.method)
        if handler is None:
            self._refused("not there")
            return refusal(405, Allow=", ".join(methods))
        try:
            if request.method != "POST":
                connection.works()
            return await handler(request)
        except web.HTTPRequestEntityTooLarge:
            self._refused("too large")
            return refusal(413)
        except (web.RequestPayloadError, ConnectionError):
            if not connection.is_dropped:
                self._refused("unreadable")
            return refusal(400)
        except Exception:
            log.exception("a request failed", path=request.path, reference=reference())
            return refusal(500)


async def body_of(request: web.BaseRequest) -> bytes:
    """A request's body as it came. Raises what `HttpServer` turns into a refusal."""
    if request.headers.get("Expect", "").lower() == "100-continue":
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.writer.output_size = 0
    body = await request.read()
    _connection(request).works()
    return body


def trust(request: web.BaseRequest) -> None:
    """This connection brought a request of Slack's: others make room before it does."""
    _connection(request).is_trusted = True


def refusal(status: int, **headers: str) -> web.Response:
    """A status without a body, after which the connection is closed."""
    response = web.Response(status=status, headers=headers)
    response.force_close()
    return response


class _Server(web.Server):
    """Knows its open connections, the oldest first, and how many may be open."""

    def __init__(
        self,
        answer: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]],
        limits: Limits,
        refused: Callable[[str], None],
    ) -> None:
        super().__init__(answer, request_factory=self._request)
        self.limits = limits
        self.refused = refused
        self._open: dict[_Connection, None] = {}

    def __call__(self) -> web.RequestHandler:
        return _Connection(self, asyncio.get_running_loop())

    def _request(
        self, message: Any, payload: Any, protocol: Any, writer: Any, task: asyncio.Task[None]
    ) -> web.BaseRequest:
        loop = asyncio.get_running_loop()
        return web.BaseRequest(
            message, payload, protocol, writer, task, loop, client_max_size=self.limits.body
        )

    def opened(self, connection: _Connection) -> None:
        """The longest waiting one makes room where there are too many."""
        if len(self._open) >= self.limits.connections:
            (self._longest_waiting() or connection).drop("crowded")
        if not connection.is_dropped:
            self._open[connection] = None

    def closed(self, connection: _Connection) -> None:
        self._open.pop(connection, None)

    def _longest_waiting(self) -> _Connection | None:
        """Prefers a stranger's connection to one of Slack's, and never takes one whose request is in progress."""
        waiting = [one for one in self._open if one.waits]
        return next((one for one in waiting if not one.is_trusted), waiting[0] if waiting else None)


class _Connection(web.RequestHandler):
    """A client's connection. Whenever it is the client's turn, it has a deadline."""

    def __init__(self, server: _Server, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(
            server,
            loop=loop,
            access_log=None,  # type: ignore[arg-type]  # aiohttp's own way to say none
            keepalive_timeout=NEVER,
            lingering_time=LINGER,
            auto_decompress=False,  # the signature is of the bytes as they came
        )
        self._server = server
        self._running = loop
        self._wire: asyncio.Transport | None = None
        self._deadline: asyncio.TimerHandle | None = None
        self.is_trusted = server.limits.all_known
        self.is_dropped = False

    @property
    def waits(self) -> bool:
        """Whether it is the client's turn."""
        return self._deadline is not None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._wire = transport
        super().connection_made(transport)
        self._expires(self._server.limits.patience)
        self._server.opened(self)

    def connection_lost(self, exc: BaseException | None) -> None:
        self.works()
        self._server.closed(self)
        super().connection_lost(exc)

    def expects_body(self) -> None:
        """The header is there."""
        self._expires(self._server.limits.patience)

    def works(self) -> None:
        """It is our turn now."""
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    async def finish_response(self, request: web.BaseRequest, resp: Any, start_time: float | None) -> Any:
        """An answer has its time to be taken; then comes the next request, or the end.

        A stranger's connection ends with its answer, and says so: a proxy that keeps it would send one of Slack's
        requests there just as it is closed.
        """
        limits = self._server.limits
        if not self.is_trusted:
            resp.force_close()
        self._expires(limits.patience)
        found = await super().finish_response(request, resp, start_time)
        if self._wire is not None and resp.keep_alive and self._wire.get_write_buffer_size() == 0:
            self._expires(limits.idle, self.force_close)
        return found

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """What is no HTTP: aiohttp would log and repeat what was sent."""
        self._server.refused("unreadable")
        if request.writer.output_size > 0:
            raise ConnectionError("an answer has begun already")
        return refusal(status)

    def log_exception(self, *args: Any, **kw: Any) -> None:
        """The rest of a body that is no HTTP: as above, and the answer is given already."""
        self._server.refused("unreadable")

    def drop(self, why: str) -> None:
        """Drops whatever is still to be read or written, and frees the file descriptor."""
        self.is_dropped = True
        self.works()
        self._server.closed(self)
        self._server.refused(why)
        if self._wire is not None:
            self._wire.abort()

    def _expires(self, seconds: float, then: Callable[[], None] | None = None) -> None:
        """A client that stays away after an answer is no slow one: it may as well be closed in peace."""
        self.works()
        due = self._running.time() + seconds
        over = then or partial(self.drop, "too slow")
        self._deadline = self._running.call_at(due, self._is_over, due, seconds, over)

    def _is_over(self, due: float, seconds: float, then: Callable[[], None]) -> None:
        """Where this process itself stood still, the client has its time once more: what it sent may wait to be read."""
        if self._running.time() - due < STALLED:
            then()
        else:
            self._deadline = self._running.call_later(seconds, then)


def _connection(request: web.BaseRequest) -> _Connection:
    connection = request.protocol
    assert isinstance(connection, _Connection)
    return connection
