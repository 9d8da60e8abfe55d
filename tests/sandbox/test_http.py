"""Delivery over HTTP: signed, form-encoded, answered in the response's body, events sent again."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs

import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier

from sandbox import BOT_TOKEN, SIGNING_SECRET, Seed
from sandbox.seed import contact_centre
from tests.sandbox.harness import ASK, Json, modal, socket, stage

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def listening(handler: Handler) -> AsyncIterator[str]:
    """A web server on loopback; its address."""
    application = web.Application()
    application.router.add_post("/slack/events", handler)
    async with _served(application) as url:
        yield url


@asynccontextmanager
async def _served(application: web.Application) -> AsyncIterator[str]:
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    finally:
        await runner.cleanup()


async def test_requests_are_signed_and_encoded_as_slacks() -> None:
    """A form for commands, payload= for interactions, JSON for events; the answer's body is the ack's payload."""
    seen: list[tuple[str, Json]] = []

    async def handler(request: web.Request) -> web.Response:
        body = await request.text()
        assert SignatureVerifier(SIGNING_SECRET).is_valid_request(body, dict(request.headers))
        if request.content_type == "application/json":
            seen.append(("event", json.loads(body)))
            return web.Response()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        if "payload" in form:
            seen.append(("interaction", json.loads(form["payload"])))
            return web.Response()
        seen.append(("command", form))
        return (
            web.Response(text="plain words")
            if form["text"] == "plain"
            else web.json_response({"text": "json"})
        )

    async with listening(handler) as url, stage(Seed(request_url=url)) as at:
        for text, answer in [("plain", "plain words"), ("x", "json")]:
            ack = await at.post("command", user="Ana", channel=ASK, command="/askdesk", text=text)
            assert (ack["acked"], ack["ephemeral"]) == (True, answer)
        await at.api.views_open(trigger_id=seen[-1][1]["trigger_id"], view=modal())
        await at.post("shortcut", user="Ana", callback_id="escalate_global")
        await at.says("hello")
        assert (await at.post("idle"))["idle"]
        assert [kind for kind, _ in seen] == ["command", "command", "interaction", "event"]
        assert seen[0][1]["channel_name"] == "ask-billing"


async def test_bolt_over_http() -> None:
    """Bolt's own server accepts what the sandbox sends."""
    app = AsyncApp(signing_secret=SIGNING_SECRET, token=BOT_TOKEN, process_before_response=True)

    @app.command("/escalate")
    async def ask(ack: Any, respond: Any) -> None:
        await ack("one moment")
        await respond("done")

    async with (
        _served(app.web_app("/slack/events")) as url,
        stage(Seed(request_url=url)) as at,
    ):
        app.client.base_url = at.sandbox.api_url
        ack = await at.post("command", user="Ana", channel=ASK, command="/escalate", text="")
        assert ack["ephemeral"] == "one moment"
        assert [m["text"] for m in await at.channel()] == ["done", "one moment"]


async def test_events_come_again_until_the_answer_is_200() -> None:
    """With their number and reason; X-Slack-No-Retry ends it."""
    seen: list[tuple[str | None, str | None]] = []

    async def handler(request: web.Request) -> web.Response:
        headers = request.headers
        seen.append((headers.get("X-Slack-Retry-Num"), headers.get("X-Slack-Retry-Reason")))
        text = (await request.json())["event"]["text"]
        no_retry = {"X-Slack-No-Retry": "1"} if text == "never again" else {}
        return web.Response(status=200 if len(seen) == 3 else 500, headers=no_retry)

    async with listening(handler) as url, stage(Seed(request_url=url)) as at:
        await at.says("hello")
        await at.post("idle")
        assert seen == [(None, None), ("1", "http_error"), ("2", "http_error")]
        assert await at.problems() == []
        await at.says("never again")
        await at.post("idle")
        assert len(seen) == 4


async def test_a_server_that_fails_or_is_not_there() -> None:
    """People see the same as with a socket that fails."""

    async def handler(request: web.Request) -> web.Response:
        return web.Response(status=500)

    command: Json = {"user": "Ana", "channel": ASK, "command": "/askdesk", "text": ""}
    async with listening(handler) as url, stage(Seed(request_url=url)) as at:
        assert (await at.post("command", **command))["error"] == "dispatch_failed"
    async with stage(Seed(request_url=url)) as at:
        assert (await at.post("command", **command))["error"] == "dispatch_failed"


def asked_first(url: str) -> Seed:
    """The contact centre with an app whose address has yet to give Slack's challenge back."""
    config = contact_centre()
    config["apps"][0] |= {"request_url": url, "verify_request_url": True}
    return Seed(config=config)


@pytest.mark.parametrize("form", ["json", "plain text", "form"])
async def test_events_wait_for_the_challenge(form: str) -> None:
    """Asked once, signed, before the first event; the three ways to answer that Slack takes."""
    seen: list[Json] = []

    async def handler(request: web.Request) -> web.Response:
        body = await request.text()
        assert SignatureVerifier(SIGNING_SECRET).is_valid_request(body, dict(request.headers))
        seen.append(json.loads(body))
        if seen[-1]["type"] != "url_verification":
            return web.Response()
        challenge = seen[-1]["challenge"]
        if form == "json":
            return web.json_response({"challenge": challenge})
        if form == "form":
            kind = "application/x-www-form-urlencoded"
            return web.Response(text=f"challenge={challenge}", content_type=kind)
        return web.Response(text=challenge)

    async with listening(handler) as url, stage(asked_first(url)) as at:
        await at.says("one")
        await at.post("idle")
        await at.says("two")
        await at.post("idle")
        assert [body["type"] for body in seen] == ["url_verification", "event_callback", "event_callback"]
        assert await at.problems() == []


async def test_an_address_that_does_not_know_the_challenge_gets_no_events() -> None:
    """What went wrong is told; commands go there all the same, as Slack asks for events only."""
    seen: list[str] = []

    async def handler(request: web.Request) -> web.Response:
        seen.append("event" if request.content_type == "application/json" else "command")
        return web.Response(text="something else")

    async with listening(handler) as url, stage(asked_first(url)) as at:
        await at.says("hello")
        await at.post("idle")
        assert (await at.post("command", user="Ana", channel=ASK, command="/askdesk", text=""))["acked"]
        assert seen == ["event"] * 3 + ["command"], "the challenge, and twice more"
        problems = (await at.get("problems"))["problems"]
        assert [one["problem"] for one in problems] == [
            *["the request URL did not give the challenge back"] * 3,
            "an event was never acknowledged",
        ]
        assert problems[0]["why"] == "answered without it"


async def test_traffic_over_http_shows_the_answer() -> None:
    """As soon as there is one; that it came is a change."""

    async def handler(request: web.Request) -> web.Response:
        return web.Response(text="done")

    async with listening(handler) as url, stage(Seed(request_url=url)) as at:
        await at.post("command", user="Ana", channel=ASK, command="/askdesk", text="")
        [entry] = (await at.get("traffic"))["traffic"]
        assert (entry["kind"], entry["name"], entry["status"], entry["response"]) == (
            "http",
            "slash_commands",
            200,
            "done",
        )
        assert entry["ack_ms"] > 0
        assert {"kind": "traffic", "n": entry["n"]}.items() <= at.sandbox.workspace.changes[-2].items()


async def test_a_wrong_answer_to_a_response_url_is_explained_in_the_traffic() -> None:
    """Slack itself gives the code and no reason."""
    async with stage() as at, socket(at) as ws:
        command = asyncio.create_task(
            at.post("command", user="Ana", channel=ASK, command="/escalate", text="")
        )
        url = (await ws.answer())["payload"]["response_url"]
        await command
        async with at.session.post(url, json={"blocks": [{"type": "section"}]}) as answer:
            assert (answer.status, await answer.json()) == (400, {"ok": False, "error": "invalid_blocks"})
        entry = (await at.get("traffic"))["traffic"][-1]
        assert (entry["kind"], entry["error"]) == ("response_url", "invalid_blocks")
        assert "json-pointer:/blocks/0" in entry["response"]["reasons"][0]
