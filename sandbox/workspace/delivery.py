"""Getting commands, interactions and events to an app: through its socket, or signed over HTTP.

Signing: https://docs.slack.dev/authentication/verifying-requests-from-slack/.
Retries of events: https://docs.slack.dev/apis/events-api/#retries (three, here with shorter waits between them).
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Coroutine
from typing import Any
from urllib.parse import parse_qsl, urlencode

from aiohttp import ClientError, ClientSession, ClientTimeout

from sandbox.workspace.model import App, Json
from sandbox.workspace.socketmode import Ack, SocketHub
from sandbox.workspace.workspace import Workspace, compact

DEFAULT_RETRY_DELAYS = (0.0, 1.0, 5.0)
"""Seconds before an event that was not acknowledged is sent again. Slack's own are nearly 0, 60 and 300."""

WAIT_FOR_CONNECTION_SECONDS = 60.0


def sign(secret: str, timestamp: str, body: str) -> str:
    """Slack's version 0 signature of a request body."""
    digest = hmac.new(secret.encode(), f"v0:{timestamp}:{body}".encode(), hashlib.sha256).hexdigest()
    return f"v0={digest}"


class Delivery:
    """Sends payloads to apps and waits for their acks."""

    def __init__(
        self,
        workspace: Workspace,
        hub: SocketHub,
        *,
        retry_delays: tuple[float, ...] = DEFAULT_RETRY_DELAYS,
    ) -> None:
        self.workspace = workspace
        self.hub = hub
        self.retry_delays = retry_delays
        self._session: ClientSession | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Open the HTTP client, inside the running loop."""
        self._session = ClientSession(timeout=ClientTimeout(total=self.hub.ack_seconds))

    async def stop(self) -> None:
        """Give up what is still under way and close the HTTP client."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    async def command(self, app: App, payload: Json) -> Ack:
        """Deliver a slash command; the ack may carry a message."""
        if app.request_url is not None:
            return await self._post(app, "slash_commands", payload, urlencode(payload))
        return await self._socket(app, "slash_commands", payload)

    async def interaction(self, app: App, payload: Json) -> Ack:
        """Deliver a click, a submission, a shortcut or a closed view."""
        if app.request_url is not None:
            return await self._post(app, "interactive", payload, urlencode({"payload": compact(payload)}))
        return await self._socket(app, "interactive", payload)

    def event(self, app: App, event: Json) -> None:
        """Deliver an event in the background, again and again within reason."""
        self._keep(self._deliver_event(app, self._wrap(app, event)))

    async def idle(self, timeout: float) -> bool:
        """Wait until every event was acknowledged or given up; False when some are still under way then."""
        deadline = time.monotonic() + timeout
        while self._tasks and (left := deadline - time.monotonic()) > 0:
            await asyncio.wait(self._tasks, timeout=left)
        return not self._tasks

    def _wrap(self, app: App, event: Json) -> Json:
        workspace = self.workspace
        channel_id = event.get("channel") or event.get("item", {}).get("channel")
        if isinstance(channel_id, dict):
            channel_id = channel_id.get("id")
        channel = workspace.channels.get(channel_id or "")
        user = workspace.users.get(str(event.get("user")))
        return {
            "token": app.verification_token,
            "team_id": workspace.team.id,
            "context_team_id": workspace.team.id,
            "context_enterprise_id": None,
            "api_app_id": app.id,
            "event": event,
            "type": "event_callback",
            "event_id": workspace.new_id("Ev"),
            "event_time": int(workspace.clock.now().timestamp()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": workspace.team.id,
                    "user_id": app.bot_user_id,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": bool(channel and channel.ext_shared),
            "event_context": f"4-{workspace.new_id('EC')}-{user.id if user else ''}",
        }

    async def _verified(self, app: App) -> Ack:
        """Ask an address for Slack's challenge before it gets its first event.

        https://docs.slack.dev/reference/events/url_verification/; Slack asks when the address is entered, and the
        sandbox when the first event is due, as the bot may start after it.
        """
        if app.verified:
            return Ack(True)
        challenge = secrets.token_urlsafe(32)
        payload = {"token": app.verification_token, "challenge": challenge, "type": "url_verification"}
        ack = await self._post(app, "url_verification", payload, compact(payload))
        app.verified = ack.acked and (ack.payload or {}).get("challenge") == challenge
        if app.verified:
            return ack
        why = "answered without it" if ack.acked else str(ack.error)
        self.workspace.problem("the request URL did not give the challenge back", app=app.id, why=why)
        return Ack(False, ms=ack.ms, error="dispatch_failed" if ack.acked else ack.error)

    async def _post_event(self, app: App, payload: Json, retry: tuple[int, str] | None) -> Ack:
        ack = await self._verified(app)
        return (
            await self._post(app, "events_api", payload, compact(payload), retry=retry) if ack.acked else ack
        )

    async def _deliver_event(self, app: App, payload: Json) -> None:
        retry: tuple[int, str] | None = None
        for attempt in range(len(self.retry_delays) + 1):
            if app.request_url is not None:
                ack = await self._post_event(app, payload, retry)
            else:
                if not self.hub.live(app.id):
                    await self.hub.wait_for_connection(app.id, WAIT_FOR_CONNECTION_SECONDS)
                ack = await self._socket(app, "events_api", payload, retry=retry)
            if ack.acked or ack.error == "no_retry" or attempt == len(self.retry_delays):
                break
            await asyncio.sleep(self.retry_delays[attempt])
            retry = attempt + 1, {"operation_timeout": "timeout"}.get(str(ack.error), "http_error")
        if not ack.acked:
            self.workspace.problem("an event was never acknowledged", event=payload["event"]["type"])

    async def _socket(
        self, app: App, kind: str, payload: Json, *, retry: tuple[int, str] | None = None
    ) -> Ack:
        return await self.hub.deliver(
            app.id, kind, payload, accepts_response=kind != "events_api", retry=retry
        )

    async def _post(
        self, app: App, kind: str, payload: Json, body: str, *, retry: tuple[int, str] | None = None
    ) -> Ack:
        assert self._session is not None
        assert app.request_url is not None
        # Real time: apps refuse a signature that is older than five minutes by their own clock.
        timestamp = str(int(time.time()))
        form = kind in ("slash_commands", "interactive")
        headers = {
            "Content-Type": "application/x-www-form-urlencoded" if form else "application/json",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": sign(app.signing_secret, timestamp, body),
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        }
        if retry is not None:
            reason = {"timeout": "http_timeout"}.get(retry[1], retry[1])
            headers |= {"X-Slack-Retry-Num": str(retry[0]), "X-Slack-Retry-Reason": reason}
        entry = self.workspace.record("http", kind, payload=payload, retry_attempt=retry[0] if retry else 0)
        started = time.perf_counter()
        try:
            async with self._session.post(
                app.request_url, data=body.encode(), headers=headers, allow_redirects=False
            ) as answer:
                text = await answer.text(errors="replace")
                status, content_type = answer.status, answer.content_type
                no_retry = answer.headers.get("X-Slack-No-Retry") == "1"
        except TimeoutError:
            self.workspace.finish(entry, error="operation_timeout")
            return Ack(False, ms=(time.perf_counter() - started) * 1000, error="operation_timeout")
        except ClientError as error:
            self.workspace.finish(entry, error=f"{type(error).__name__}: {error}")
            return Ack(False, ms=(time.perf_counter() - started) * 1000, error="dispatch_failed")
        ms = (time.perf_counter() - started) * 1000
        self.workspace.finish(entry, status=status, response=text, ack_ms=round(ms, 3))
        if status != 200:
            return Ack(False, ms=ms, error="no_retry" if no_retry else "dispatch_failed")
        return Ack(True, self._answer(kind, text, content_type), ms)

    def _answer(self, kind: str, text: str, content_type: str) -> Json | None:
        if not text.strip():
            return None
        if content_type == "application/json":
            try:
                answer = json.loads(text)
            except ValueError:
                self.workspace.problem(
                    "an answer that says it is JSON and is not", kind=kind, body=text[:200]
                )
                return None
            return answer if isinstance(answer, dict) else None
        if kind == "url_verification":  # as plain text, or as a form
            return {"challenge": dict(parse_qsl(text)).get("challenge", text.strip())}
        return {"text": text} if kind == "slash_commands" else None

    def _keep(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            raise error
