"""The endpoints for operators and their tools: liveness, readiness, metrics.

`/healthz` is on Slack's address as well; `/readyz` and `/metrics`, which name programs and channels, are for the
inside only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from aiohttp import web

from bot.watch.health import Health, Report
from bot.watch.metrics import Metrics
from bot.web.server import Handler


async def _lives(_request: web.BaseRequest) -> web.Response:
    return _said(200, lives=True)


LIFE: Mapping[str, Mapping[str, Handler]] = {"/healthz": {"GET": _lives}}
"""For both addresses."""


def monitor_routes(health: Health, metrics: Metrics) -> Mapping[str, Mapping[str, Handler]]:
    """The routes for the inside."""

    async def ready(_request: web.BaseRequest) -> web.Response:
        report = await health.report()
        return _said(200 if report.ready else 503, **_told(report))

    async def measured(_request: web.BaseRequest) -> web.Response:
        page, content_type = await metrics.page()
        return web.Response(body=page, headers={"Content-Type": content_type})

    return {**LIFE, "/readyz": {"GET": ready}, "/metrics": {"GET": measured}}


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
