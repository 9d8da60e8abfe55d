"""The HTTP site: Slack's requests in HTTP mode, and for operators how the process stands.

`/slack/events` is Bolt's own server; it takes nothing that Slack did not sign within the last five minutes.
`/healthz` says that the process lives, `/readyz` whether it is fit for work, `/metrics` is for Prometheus.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import structlog
from aiohttp import web
from slack_bolt.app.async_server import AsyncSlackAppServer
from slack_bolt.async_app import AsyncApp

from bot.watch.health import Health, Report
from bot.watch.metrics import Metrics

log = structlog.get_logger(__name__)

SLACK = "/slack/events"


class SiteFailed(Exception):
    """The site cannot listen where the settings say; the text says what to do."""


class Site:
    """One aiohttp server in the bot's process and on its loop."""

    def __init__(self, host: str, port: int, health: Health, metrics: Metrics) -> None:
        self._host = host
        self._port = port
        self._health = health
        self._metrics = metrics
        self._bolt: AsyncSlackAppServer | None = None
        self._runner: web.AppRunner | None = None
        self.port = port
        """Where it listens, once it has started."""

    def hear(self, app: AsyncApp) -> None:
        """From now on Slack's requests go to this app."""
        self._bolt = AsyncSlackAppServer(port=self._port, path=SLACK, app=app, host=self._host)

    async def start(self, grace: float) -> None:
        """Listens; at its stop, requests under way have `grace` seconds. Raises SiteFailed."""
        site = web.Application()
        site.add_routes(
            [
                web.post(SLACK, self._slack),
                web.get("/healthz", self._lives),
                web.get("/readyz", self._ready),
                web.get("/metrics", self._measured),
            ]
        )
        # aiohttp waits so long for a request to end, and as long again for it to be given up.
        self._runner = web.AppRunner(site, access_log=None, shutdown_timeout=grace / 2)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self._port).start()
        except OSError as error:
            await self.stop()
            raise SiteFailed(
                f"HTTP_HOST and HTTP_PORT: nobody can listen on {self._host}:{self._port} ({error.strerror}). Stop what "
                "listens there, or enter another port."
            ) from None
        self.port = self._runner.addresses[0][1]
        log.info("the HTTP site is open", host=self._host, port=self.port)

    async def stop(self) -> None:
        """Takes no new request, lets those under way be answered, closes."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _slack(self, request: web.Request) -> web.Response:
        if self._bolt is None:
            return _said(503, error="the desk is not open here")
        if not request.headers.get("X-Slack-Request-Timestamp", "0").isdecimal():
            return _said(401, error="invalid request")
        try:
            return await self._bolt.handle_post_requests(request)
        except (ValueError, LookupError) as error:
            # Bolt reads the body before it asks for the signature; whatever cannot be read is not from Slack.
            log.warning("a request could not be read", why=type(error).__name__)
            return _said(400, error="unreadable request")

    async def _lives(self, _request: web.Request) -> web.Response:
        return _said(200, lives=True)

    async def _ready(self, _request: web.Request) -> web.Response:
        report = await self._health.report()
        return _said(200 if report.ready else 503, **_told(report))

    async def _measured(self, _request: web.Request) -> web.Response:
        page, content_type = await self._metrics.page()
        return web.Response(body=page, headers={"Content-Type": content_type})


def _told(report: Report) -> dict[str, Any]:
    lines = [asdict(line) for line in report.lines]
    return {
        "ready": report.ready,
        "reasons": list(report.reasons),
        "schema": report.schema.value if report.schema else None,
        "beat_age": report.beat_age,
        "sockets": lines,
    }


def _said(status: int, **body: Any) -> web.Response:
    return web.json_response(body, status=status)
