"""A tiny bot on slack_bolt which is not Askdesk: people order snacks. It exercises the sandbox and its driver."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future
from types import TracebackType
from typing import Any

from slack_bolt import BoltResponse
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.seed import APP_TOKEN, BOT_TOKEN
from tests.sandbox_kit.kit import actions, button, element, field, home, modal, mrkdwn, option, plain, section

Json = dict[str, Any]

MANIFEST: Json = {
    "display_information": {"name": "Snackbot"},
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "bot_user": {"display_name": "snackbot"},
        "slash_commands": [{"command": "/order"}, {"command": "/hello"}, {"command": "/mute"}],
        "shortcuts": [
            {"name": "Order this", "type": "message", "callback_id": "order_this"},
            {"name": "Order anything", "type": "global", "callback_id": "order_any"},
        ],
    },
    "oauth_config": {"scopes": {"bot": ["chat:write", "commands", "app_mentions:read"]}},
    "settings": {
        "event_subscriptions": {"bot_events": ["app_mention", "app_home_opened"]},
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}


def _named(value: str, text: str) -> Json:
    return option(value, text)


SIZES = [_named("s", "Small"), _named("l", "Large"), _named("xl", "Enormous")]
EXTRAS = [_named("salt", "More salt"), _named("dip", "With a dip"), _named("hot", "Hot")]

FOUND = ("Apple pie", "Banana bread", "Banana chips")

SURE = {
    "title": plain("Skip it?"),
    "text": mrkdwn("*Nobody* eats"),
    "confirm": plain("Yes"),
    "deny": plain("No"),
}


def form(channel: str, snacks: int = 2) -> Json:
    """A modal with every kind of input that has a place in one."""
    kinds = [_named(str(number), f"Snack {number}") for number in range(1, snacks + 1)]
    return modal(
        section("What would you like?", block_id="intro", accessory=button("More snacks", "more_snacks")),
        field(element("plain_text_input", max_length=20), "Name", "name"),
        field(
            element("plain_text_input", multiline=True), "Note", "note", optional=True, hint=plain("a hint")
        ),
        field(element("static_select", options=kinds), "Snack", "snack"),
        field(element("radio_buttons", options=SIZES, initial_option=SIZES[0]), "Size", "size"),
        field(element("checkboxes", options=EXTRAS), "Extras", "extras", optional=True),
        field(
            element("multi_static_select", options=EXTRAS, max_selected_items=2),
            "Never",
            "never",
            optional=True,
        ),
        field(element("datepicker"), "Day", "day"),
        field(element("timepicker", timezone="Asia/Manila"), "Time", "time"),
        field(
            element("number_input", is_decimal_allowed=False, max_value="9"),
            "How many",
            "many",
            optional=True,
        ),
        field(element("email_text_input"), "Mail", "mail", optional=True),
        field(element("url_text_input"), "Link", "link", optional=True),
        field(element("users_select"), "For", "for", optional=True),
        field(element("multi_users_select"), "Share with", "share", optional=True),
        field(element("conversations_select"), "Eat in", "where", optional=True),
        field(element("channels_select"), "Tell", "tell", optional=True),
        field(element("datetimepicker"), "Reminder", "reminder", optional=True),
        field(
            element("static_select", "kind", options=[_named("1", "Fast"), _named("9", "Everything")]),
            "Menu",
            "menu",
            optional=True,
            dispatch_action=True,
        ),
        callback_id="order",
        title=plain("Order a snack"),
        submit=plain("Order"),
        private_metadata=channel,
        notify_on_close=True,
    )


def card(text: str, *, open_: bool = True) -> list[Json]:
    """An order in the channel, with buttons and a ⋯ menu while it is open."""
    blocks = [
        {"type": "header", "text": plain("New order")},
        section(text, block_id="what", fields=[mrkdwn("*For* <@U0BEN>"), mrkdwn("*Told* <!subteam^S0SMES>")]),
    ]
    if open_:
        more = [_named("later", "Do it later"), _named("note", "Add a note")]
        blocks.append(
            actions(
                button("Take it", "take", style="primary", value="1"),
                button("Skip", "skip", value="1", confirm=SURE),
                element("overflow", "menu", options=more),
                element("static_select", "rate", placeholder=plain("Rate it"), options=SIZES),
                block_id="row",
            )
        )
    return blocks


def build(client: AsyncWebClient) -> AsyncApp:
    """The bot, its listeners and its answers."""
    app = AsyncApp(client=client, process_before_response=True)
    taken: list[str] = []

    @app.error
    async def failed(error: Exception) -> BoltResponse:
        return BoltResponse(status=200)  # what the person then doesn't see is the test's business

    @app.command("/order")
    async def order(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=form(body["channel_id"]))

    @app.command("/hello")
    async def hello(ack: AsyncAck, body: Json) -> None:
        await ack(f"Hello <@{body['user_id']}>, you said {body['text'] or 'nothing'}")

    @app.action("more_snacks")
    @app.action("kind")
    async def more_snacks(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        await ack()
        view = body["view"]
        await client.views_update(
            view_id=view["id"], hash=view["hash"], view=form(view["private_metadata"], snacks=9)
        )

    @app.view("order")
    async def ordered(ack: AsyncAck, view: Json, client: AsyncWebClient, body: Json) -> None:
        values = view["state"]["values"]
        if values["name"]["it"]["value"] == "Nobody":
            await ack(response_action="errors", errors={"name": "Somebody has to eat it"})
            return
        if values["size"]["it"]["selected_option"]["value"] == "xl":
            sure = modal(section("Enormous?"), callback_id="sure", title=plain("Are you sure?"))
            await ack(response_action="push", view=sure)
            return
        if values["snack"]["it"]["selected_option"]["value"] == "2":
            sold_out = modal(section("Snack 2 is sold out"), title=plain("Sorry"))
            await ack(response_action="update", view=sold_out)
            return
        await ack()
        name = values["name"]["it"]["value"]
        await client.chat_postMessage(
            channel=view["private_metadata"], text=f"Order of {name}", blocks=card(f"*Snack* for {name}")
        )

    @app.view("sure")
    async def sure(ack: AsyncAck) -> None:
        await ack(response_action="clear")

    @app.view_closed("order")
    async def closed(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        await ack()
        channel = body["view"]["private_metadata"]
        await client.chat_postEphemeral(channel=channel, user=body["user"]["id"], text="No snack, then")

    @app.action("take")
    async def take(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        await ack()
        channel, ts, user = body["channel"]["id"], body["message"]["ts"], body["user"]["id"]
        if ts in taken:
            await client.chat_postEphemeral(channel=channel, user=user, text="Too late")
            return
        taken.append(ts)
        await client.chat_update(
            channel=channel, ts=ts, text="taken", blocks=card(f"<@{user}> makes it", open_=False)
        )
        await client.chat_postMessage(channel=channel, thread_ts=ts, text=f"Taken by <@{user}>")

    @app.action("skip")
    async def skip(ack: AsyncAck, respond: AsyncRespond) -> None:
        await ack()
        await respond(text="Skipped", replace_original=True)

    @app.action("menu")
    async def menu(ack: AsyncAck, body: Json, respond: AsyncRespond) -> None:
        await ack()
        chosen = body["actions"][0]["selected_option"]["value"]
        await respond(text=f"You chose {chosen}", response_type="ephemeral", replace_original=False)

    @app.action("rate")
    async def rate(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        await ack()
        chosen = body["actions"][0]["selected_option"]["text"]["text"]
        await client.chat_postMessage(
            channel=body["channel"]["id"], thread_ts=body["message"]["ts"], text=f"Rated {chosen}"
        )

    @app.options("find")
    async def find(ack: AsyncAck, payload: Json) -> None:
        found = [name for name in FOUND if payload["value"].lower() in name.lower()]
        await ack(options=[_named(name.lower().replace(" ", "-"), name) for name in found])

    @app.action("find")
    async def found(ack: AsyncAck, payload: Json, respond: AsyncRespond) -> None:
        await ack()
        chosen = payload["selected_option"]["value"]
        await respond(text=f"Found {chosen}", response_type="ephemeral", replace_original=False)

    @app.shortcut("order_this")
    async def order_this(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        await ack()
        text = f"You pointed at: {body['message']['text']}"
        await client.chat_postEphemeral(channel=body["channel"]["id"], user=body["user"]["id"], text=text)

    @app.shortcut("order_any")
    async def order_any(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=form("C0ASKBILL"))

    @app.event("app_home_opened")
    async def home_opened(event: Json, client: AsyncWebClient) -> None:
        shown = home(section("Your snacks"), actions(button("Order again", "again"), block_id="row"))
        await client.views_publish(user_id=event["user"], view=shown)

    @app.action("again")
    async def again(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=form("C0ASKBILL"))

    @app.event("app_mention")
    async def mentioned(event: Json, client: AsyncWebClient) -> None:
        await client.chat_postMessage(channel=event["channel"], thread_ts=event["ts"], text="Hungry?")

    return app


class Snackbot:
    """The bot on a thread of its own, connected while a ``with`` block lasts."""

    def __init__(self, api_url: str) -> None:
        self._api_url = api_url
        self._ready: Future[None] = Future()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ending: asyncio.Event | None = None
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._serve()), name="snackbot", daemon=True
        )

    async def _serve(self) -> None:
        self._loop, self._ending = asyncio.get_running_loop(), asyncio.Event()
        client = AsyncWebClient(token=BOT_TOKEN, base_url=self._api_url)
        handler = AsyncSocketModeHandler(build(client), APP_TOKEN)
        try:
            await handler.connect_async()  # type: ignore[no-untyped-call]
        except Exception as error:
            self._ready.set_exception(error)
            raise
        self._ready.set_result(None)
        await self._ending.wait()
        await handler.close_async()  # type: ignore[no-untyped-call]

    def __enter__(self) -> Snackbot:
        self._thread.start()
        self._ready.result(timeout=120)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._loop is not None
        assert self._ending is not None
        self._loop.call_soon_threadsafe(self._ending.set)
        self._thread.join()
