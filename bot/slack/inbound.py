"""Slack's requests in HTTP mode: the signature first, on the raw bytes; then what they hold; then Bolt's app."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.slack.payloads import Unreadable, read_payload
from bot.slack.signature import signature_of
from bot.slack.sockets import Dispatcher
from bot.web.server import Handler, body_of, refusal, trust

EVENTS = "/slack/events"
"""The path of every request URL."""

RETRIES = ("X-Slack-Retry-Num", "X-Slack-Retry-Reason")


class Inbound:
    """Answers requests once `hear` has said who does; `now` is this machine's own clock, as Slack's timestamps are."""

    def __init__(self, secret: str, now: Callable[[], datetime], refused: Callable[[str], None]) -> None:
        self._secret = secret
        self._now = now
        self._refused = refused
        self._app: Dispatcher | None = None

    def hear(self, app: Dispatcher) -> None:
        """Sends Slack's requests to this app from now on."""
        self._app = app

    @property
    def routes(self) -> Mapping[str, Mapping[str, Handler]]:
        return {EVENTS: {"POST": self._post}}

    async def _post(self, request: web.BaseRequest) -> web.Response:
        signature = signature_of(request.headers, self._now())
        if signature is None:
            return self._refuse(401, "unsigned")
        body = await body_of(request)
        if not signature.covers(body, self._secret):
            return self._refuse(401, "unsigned")
        trust(request)
        try:
            payload = read_payload(body, request.content_type)
        except Unreadable:
            return self._refuse(400, "unreadable")
        if self._app is None:
            return refusal(503)
        retries = {name: request.headers[name] for name in RETRIES if name in request.headers}
        # Verified and read: Bolt needs to do neither.
        asked = AsyncBoltRequest(mode="socket_mode", body=payload, headers=dict(retries))
        return await to_aiohttp_response(await self._app.async_dispatch(asked))

    def _refuse(self, status: int, why: str) -> web.Response:
        self._refused(why)
        return refusal(status)
