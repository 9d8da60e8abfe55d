"""What the tests of the sandbox share: a stage with a running workspace, a bare socket, and a small Bolt app."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import APP_TOKEN, BOT_TOKEN, Sandbox, Seed
from tests.patient import LONG

ASK = "C0ASKBILL"
RANDOM = "C0RANDOM"

Json = dict[str, Any]


def plain(text: str) -> Json:
    """A plain_text object."""
    return {"type": "plain_text", "text": text}


def text_input(block_id: str, **more: Any) -> Json:
    """An input block with a text field in it; its action is called "text"."""
    element = {"type": "plain_text_input", "action_id": "text", **more.pop("element", {})}
    return {"type": "input", "block_id": block_id, "label": plain(block_id), "element": element, **more}


def button(action_id: str, label: str, value: str = "1") -> Json:
    """A block with one button."""
    element = {"type": "button", "action_id": action_id, "text": plain(label), "value": value}
    return {"type": "actions", "block_id": f"{action_id}_block", "elements": [element]}


def modal(*blocks: Json, **more: Any) -> Json:
    """A modal that can be submitted."""
    shown = list(blocks) or [text_input("name")]
    return {"type": "modal", "callback_id": "form", "title": plain("Form"), "submit": plain("Send"),
            "blocks": shown, **more}  # fmt: skip


class Stage:
    """A running sandbox with clients for its two APIs."""

    def __init__(self, sandbox: Sandbox, session: ClientSession) -> None:
        self.sandbox = sandbox
        self.session = session
        self.api = AsyncWebClient(BOT_TOKEN, sandbox.api_url, session=session, retry_handlers=[])

    async def get(self, path: str, **query: Any) -> Any:
        """Ask the control API; `as_` stands for `as`."""
        params = {name.rstrip("_"): str(value) for name, value in query.items()}
        async with self.session.get(f"{self.sandbox.url}/control/{path}", params=params) as response:
            answer = await response.json()
            assert response.status == 200, answer
            return answer

    async def post(self, path: str, **body: Any) -> Any:
        """Tell the control API."""
        async with self.session.post(f"{self.sandbox.url}/control/{path}", json=body) as response:
            answer = await response.json()
            assert response.status == 200, answer
            return answer

    async def refused(self, path: str, **body: Any) -> str:
        """Tell the control API something that it refuses; the answer is why."""
        async with self.session.post(f"{self.sandbox.url}/control/{path}", json=body) as response:
            assert response.status == 400
            return str((await response.json())["error"])

    async def call(self, method: str, token: str | None = BOT_TOKEN, **args: Any) -> Json:
        """Call a Web API method with JSON, and take whatever comes."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        url = self.sandbox.api_url + method
        async with self.session.post(url, json=args, headers=headers) as response:
            return {"status": response.status, "headers": response.headers, **await response.json()}

    async def error(self, method: str, token: str | None = BOT_TOKEN, **args: Any) -> str:
        """The error code that a call ends with."""
        answer = await self.call(method, token, **args)
        assert not answer["ok"], answer
        return str(answer["error"])

    async def says(self, text: str, user: str = "Ana", channel: str = ASK, **more: Any) -> str:
        """Somebody posts; the answer is the message's ts."""
        return str((await self.post("message", user=user, channel=channel, text=text, **more))["ts"])

    async def channel(self, channel: str = ASK, as_: str = "U0ANA") -> list[Json]:
        """What somebody sees in a channel."""
        found: list[Json] = (await self.get(f"channel/{channel}", as_=as_))["messages"]
        return found

    async def views(self, user: str = "Ana") -> list[Json]:
        """The modals somebody has open."""
        found: list[Json] = (await self.get("views", as_=user))["views"]
        return found

    async def problems(self) -> list[str]:
        """What broke the protocol."""
        return [entry["problem"] for entry in (await self.get("problems"))["problems"]]

    def waits(self, seconds: float) -> None:
        """For acks and forms, from now on."""
        self.sandbox.wait_for_apps(seconds)

    async def until(self, condition: Any) -> None:
        """Wait, change by change, until an async condition holds."""
        async with asyncio.timeout(60):
            while True:
                revision = self.sandbox.workspace.revision
                if await condition():
                    return
                await self.sandbox.workspace.wait_for_change(revision, 60)


@asynccontextmanager
async def stage(seed: Seed | None = None, **options: Any) -> AsyncIterator[Stage]:
    """A sandbox that waits for its apps, tries events again at once, and is without rate limits, unless asked for."""
    given = {
        "limits": False,
        "ack_seconds": LONG,
        "trigger_seconds": LONG,
        "retry_delays": (0.0, 0.05),
        **options,
    }
    async with Sandbox(seed, **given) as sandbox, ClientSession() as session:
        yield Stage(sandbox, session)


class Socket:
    """A bare Socket Mode connection, without Slack's SDK."""

    def __init__(self, ws: ClientWebSocketResponse, hello: Json) -> None:
        self.ws = ws
        self.hello = hello

    async def next(self) -> Json:
        """The next message that is no ping."""
        async with asyncio.timeout(60):
            message = await self.ws.receive()
        assert message.type is WSMsgType.TEXT, message
        found: Json = json.loads(message.data)
        return found

    async def ack(self, envelope: Json, payload: Json | None = None) -> None:
        """Acknowledge an envelope."""
        body = {"envelope_id": envelope["envelope_id"]}
        await self.ws.send_json(body if payload is None else {**body, "payload": payload})

    async def answer(self, payload: Json | None = None) -> Json:
        """Take the next envelope and acknowledge it."""
        envelope = await self.next()
        await self.ack(envelope, payload)
        return envelope


async def url_for_socket(at: Stage) -> str:
    """A WebSocket address with a fresh ticket."""
    return str((await at.call("apps.connections.open", APP_TOKEN))["url"])


@asynccontextmanager
async def socket(at: Stage) -> AsyncIterator[Socket]:
    """A connection that has been greeted."""
    async with at.session.ws_connect(await url_for_socket(at)) as ws:
        connected = Socket(ws, {})
        connected.hello = await connected.next()
        yield connected


@asynccontextmanager
async def bolt(at: Stage, app: AsyncApp) -> AsyncIterator[None]:
    """A Bolt app in Socket Mode."""
    handler = AsyncSocketModeHandler(app, APP_TOKEN, ping_interval=1)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]


def lunch_app(at: Stage) -> AsyncApp:
    """A bot that asks what people want for lunch: a command, a modal, a message with buttons, a home tab."""
    app = AsyncApp(client=at.api, process_before_response=True)

    @app.command("/escalate")
    async def ask(ack: Any, body: Json, client: AsyncWebClient) -> None:
        if not body["text"]:
            await ack("What for? Try `/escalate lunch`.")
            return
        await ack()
        form = modal(text_input("dish", element={"min_length": 3}), private_metadata=body["channel_id"])
        await client.views_open(trigger_id=body["trigger_id"], view=form)

    @app.view("form")
    async def order(ack: Any, view: Json, body: Json, client: AsyncWebClient) -> None:
        dish = view["state"]["values"]["dish"]["text"]["value"]
        if dish == "soup":
            await ack(response_action="errors", errors={"dish": "No soup today."})
            return
        await ack()
        await client.chat_postMessage(
            channel=view["private_metadata"],
            text=f"<@{body['user']['id']}> orders {dish}",
            blocks=[
                {"type": "section", "text": {"type": "mrkdwn", "text": f"*{dish}*"}},
                button("fetch", "I fetch it"),
            ],
            metadata={"event_type": "order", "event_payload": {"dish": dish}},
        )

    @app.action("fetch")
    async def fetch(ack: Any, body: Json, client: AsyncWebClient, respond: Any) -> None:
        await ack()
        where = {"channel": body["channel"]["id"]}
        ts = body["message"]["ts"]
        await client.chat_postMessage(**where, thread_ts=ts, text=f"<@{body['user']['id']}> goes")
        await client.chat_update(**where, ts=ts, text="On its way", blocks=[])
        await respond("Thank you!", response_type="ephemeral", replace_original=False)

    @app.event("app_home_opened")
    async def home(event: Json, client: AsyncWebClient) -> None:
        blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "Nothing ordered"}}]
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    @app.message("hungry")
    async def hungry(say: Any, message: Json) -> None:
        await say(text="Me too", thread_ts=message["ts"])

    @app.event("message")
    async def other(event: Json) -> None:
        return None

    return app
