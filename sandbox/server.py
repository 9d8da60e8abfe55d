"""The running sandbox: one aiohttp server on loopback with the Web API, Socket Mode and the control API.

Inside an event loop:

    async with Sandbox(limits=False) as sandbox:
        client = AsyncWebClient(token=BOT_TOKEN, base_url=sandbox.api_url)

From synchronous code, on a thread of its own:

    with SandboxThread(limits=False) as sandbox:
        sandbox.control.post("command", user="Ana", channel="#ask-billing", command="/escalate", text="")
"""

from __future__ import annotations

import asyncio
import errno
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from datetime import datetime, timedelta
from email.utils import format_datetime
from types import TracebackType

from aiohttp import web

from sandbox import page
from sandbox.api.answers import Answers
from sandbox.api.webapi import WebApi, with_fault
from sandbox.control import Control
from sandbox.control.people import People
from sandbox.control.tour import Tour
from sandbox.controlclient import ControlClient
from sandbox.guard import guard
from sandbox.seed import Seed
from sandbox.workspace.clock import SandboxClock
from sandbox.workspace.core import Core
from sandbox.workspace.delivery import DEFAULT_RETRY_DELAYS, Delivery
from sandbox.workspace.faults import Fault, Faults, Limits
from sandbox.workspace.happenings import Happenings
from sandbox.workspace.socketmode import SocketHub
from sandbox.workspace.views import Views
from sandbox.workspace.workspace import Workspace

HOST = "127.0.0.1"
MAX_BODY = 64 * 1024 * 1024
MAX_PORT = 65_535

SLACK_WAITS = 3.0
"""Seconds that Slack waits for an ack, and that a trigger id is good for.

https://docs.slack.dev/interactivity/handling-user-interaction
"""


class Sandbox:
    """A stand-in Slack workspace. `start` and `stop` it, or use it as an async context manager."""

    def __init__(
        self,
        seed: Seed | None = None,
        *,
        port: int = 0,
        port_tries: int = 1,
        limits: bool = True,
        clock: SandboxClock | None = None,
        ack_seconds: float = SLACK_WAITS,
        trigger_seconds: float = SLACK_WAITS,
        ping_interval: float = 10.0,
        retry_delays: tuple[float, ...] = DEFAULT_RETRY_DELAYS,
        tour: Tour | None = None,
    ) -> None:
        """`port` 0 takes a free one, and `port_tries` says how many to try from there where it is taken.

        `limits` are Slack's rate limits; `ack_seconds` is how long an ack may take, `trigger_seconds` how long
        a trigger id is good for; `tour` is a checklist for the page.
        """
        self.seed = seed or Seed()
        self.clock = clock or SandboxClock()
        self.workspace = Workspace(self.clock)
        self.seed.fill(self.workspace)
        hub = SocketHub(self.workspace, ack_seconds=ack_seconds, ping_interval=ping_interval)
        delivery = Delivery(self.workspace, hub, retry_delays=retry_delays)
        happenings = Happenings(self.workspace, delivery)
        views = Views(self.workspace, trigger_seconds)
        self.core = Core(
            self.clock, self.workspace, hub, delivery, happenings, views, Faults(), Limits(on=limits)
        )
        self.answers = Answers(self.core)
        self.people = People(self.core, self.answers)
        self._limits = limits
        self._port = port
        self._port_tries = port_tries
        self._tour = tour
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """Where it listens: `http://127.0.0.1:PORT`."""
        return self.core.base_url

    @property
    def port(self) -> int:
        """Where it listens; another than was wanted if that one was taken."""
        return self._port

    @property
    def api_url(self) -> str:
        """The `base_url` for a Slack client."""
        return f"{self.url}/api/"

    def wait_for_apps(self, seconds: float) -> None:
        """From now on an ack may take so long, and a trigger id is good for so long."""
        self.core.hub.ack_seconds = self.core.views.trigger_seconds = seconds

    def give_tour(self, tour: Tour | None) -> None:
        """Show a checklist beside the page from now on."""
        self._tour = tour

    async def start(self) -> None:
        """Listen on loopback."""
        application = web.Application(client_max_size=MAX_BODY, middlewares=[guard])
        api = WebApi(self.core)
        control = Control(self.core, self.people, self.reset, lambda: self._tour)
        application.add_routes(
            [
                web.route("*", "/api/{method}", api.handle),
                web.get("/link/", self.core.hub.handle),
                web.post("/hooks/{rest:.+}", self.answers.handle),
                web.post("/upload/v1/{file}", self._upload),
                web.get("/files-pri/{file}/{rest:.+}", self._download),
                *page.routes(),
                *control.routes(),
            ]
        )
        application.on_response_prepare.append(self._date)
        application.on_shutdown.append(self._hang_up)
        self._live = control.live
        self.workspace.open()
        await self.core.delivery.start()
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        try:
            await self._listen(self._runner)
        except OSError:
            await self.stop()
            raise
        self._port = self._runner.addresses[0][1]
        self.core.base_url = f"http://{HOST}:{self._port}"

    async def _listen(self, runner: web.AppRunner) -> None:
        last = min(self._port + self._port_tries - 1, MAX_PORT)
        for port in range(self._port, last + 1):
            try:
                await web.TCPSite(runner, HOST, port, backlog=1024).start()
            except OSError as error:
                if error.errno != errno.EADDRINUSE or port == last:
                    raise
            else:
                return

    async def stop(self) -> None:
        """Close the sockets and stop listening."""
        self.workspace.close()
        await self.core.delivery.stop()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def reset(self) -> None:
        """Back to the seed: people, messages, time, faults and traffic; the sockets stay."""
        self.clock.reset()
        self.core.faults.clear()
        self.core.limits.clear()
        self.core.limits.on = self._limits
        self.core.hub.duplicate_next = 0
        self.seed.fill(self.workspace)

    async def __aenter__(self) -> Sandbox:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def _date(self, request: web.Request, response: web.StreamResponse) -> None:
        response.headers["Date"] = format_datetime(self.clock.now(), usegmt=True)

    async def _hang_up(self, application: web.Application) -> None:
        self._live.hang_up()
        await self.core.hub.close_all()

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        async def work(fault: Fault | None) -> web.Response:
            if fault is not None and fault.kind == "ratelimited":
                return web.Response(status=429, headers={"Retry-After": str(fault.retry_after)})
            file = self.workspace.files.get(request.match_info["file"])
            if file is None or fault is not None:
                return web.Response(status=404, text="file_not_found")
            if request.content_type == "multipart/form-data":
                form = await request.post()
                part = next((value for value in form.values() if isinstance(value, web.FileField)), None)
                content = part.file.read() if part is not None else b""
            else:
                content = await request.read()
            if len(content) != file.length:
                return web.Response(status=400, text="length_mismatch")
            file.content = content
            return web.Response(text=f"OK - {len(content)}")

        return await with_fault(self.core, request, "upload", work)

    async def _download(self, request: web.Request) -> web.Response:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        file = self.workspace.files.get(request.match_info["file"])
        if token not in self.workspace.tokens or file is None or file.content is None:
            return web.Response(status=404, text="file_not_found")
        return web.Response(body=file.content, content_type=file.mimetype)


class ThreadClock:
    """The sandbox's clock, for other threads than the sandbox's own."""

    def __init__(self, clock: SandboxClock, call: Callable[[Callable[[], object]], object]) -> None:
        self._clock = clock
        self._call = call

    def now(self) -> datetime:
        """The workspace's time, in UTC."""
        return self._clock.now()

    def push(self, by: timedelta) -> datetime:
        """Let time pass; back when everybody who listens has been told."""
        self._call(lambda: self._clock.push(by))
        return self._clock.now()


class SandboxThread:
    """A sandbox on an event loop and a thread of its own: a context manager for synchronous code."""

    def __init__(
        self,
        seed: Seed | None = None,
        *,
        port: int = 0,
        port_tries: int = 1,
        limits: bool = True,
        clock: SandboxClock | None = None,
        ack_seconds: float = SLACK_WAITS,
        trigger_seconds: float = SLACK_WAITS,
        ping_interval: float = 10.0,
        retry_delays: tuple[float, ...] = DEFAULT_RETRY_DELAYS,
        tour: Tour | None = None,
    ) -> None:
        """The arguments are those of `Sandbox`."""
        self.sandbox = Sandbox(
            seed,
            port=port,
            port_tries=port_tries,
            limits=limits,
            clock=clock,
            ack_seconds=ack_seconds,
            trigger_seconds=trigger_seconds,
            ping_interval=ping_interval,
            retry_delays=retry_delays,
            tour=tour,
        )
        self.clock = ThreadClock(self.sandbox.clock, self.call)
        self._started: Future[asyncio.AbstractEventLoop] = Future()
        self._ending: asyncio.Event | None = None
        self._thread = threading.Thread(target=self._run, name="sandbox", daemon=True)

    @property
    def url(self) -> str:
        """Where it listens: `http://127.0.0.1:PORT`."""
        return self.sandbox.url

    @property
    def api_url(self) -> str:
        """The `base_url` for a Slack client."""
        return self.sandbox.api_url

    @property
    def control(self) -> ControlClient:
        """A client of the control API; each thread should take its own."""
        return ControlClient(self.url)

    def call(self, work: Callable[[], object]) -> object:
        """Run a function on the sandbox's loop and wait for what it returns."""

        async def run() -> object:
            result = work()
            return await result if isinstance(result, Awaitable) else result

        return asyncio.run_coroutine_threadsafe(run(), self._started.result()).result()

    def start(self) -> None:
        """Start the thread; back when it listens."""
        self._thread.start()
        self._started.result()

    def stop(self) -> None:
        """Stop the sandbox and its thread."""
        ending = self._ending
        if self._thread.is_alive() and ending is not None:
            self._started.result().call_soon_threadsafe(ending.set)
            self._thread.join()

    def __enter__(self) -> SandboxThread:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._ending = asyncio.Event()
        try:
            await self.sandbox.start()
        except OSError as error:
            self._started.set_exception(error)
            return
        self._started.set_result(asyncio.get_running_loop())
        await self._ending.wait()
        await self.sandbox.stop()
