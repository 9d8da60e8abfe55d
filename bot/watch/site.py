"""The endpoints for operators and their tools: liveness, readiness, metrics.

`/healthz` is also on Slack's address; `/readyz` and `/metrics`, which name programs and channels, are for the internal
network only.
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
    return _json_answer(200, lives=True)


LIFE: Mapping[str, Mapping[str, Handler]] = {"/healthz": {"GET": _lives}}
"""For both addresses."""


def monitor_routes(health: Health, metrics: Metrics) -> Mapping[str, Mapping[str, Handler]]:
    """The routes for the internal network."""

    async def ready(_request: web.BaseRequest) -> web.Response:
        report = await health.report()
        return _json_answer(200 if report.ready else 503, **_report_body(report))

    async def measured(_request: web.BaseRequest) -> web.Response:
        page, content_type = await metrics.page()
        return web.Response(body=page, headers={"Content-Type": content_type})

    return {**LIFE, "/readyz": {"GET": ready}, "/metrics": {"GET": measured}}


def _report_body(report: Report) -> dict[str, Any]:
    lines = [asdict(line) for line in report.lines]
    return {
        "ready": report.ready,
        "reasons": list(report.reasons),
        "schema": report.schema.value if report.schema else None,
        "beat_age": report.beat_age,
        "sockets": lines,
    }


def _json_answer(status: int, **body: Any) -> web.Response:
    return web.json_response(body, status=status)
