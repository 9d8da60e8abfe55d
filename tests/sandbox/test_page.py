"""What the web page stands on: its files, the live stream, unread marks, suggestions, files, the tour."""

from __future__ import annotations

import asyncio
import json
import socket as socket_module
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from aiohttp import ClientResponse
from yarl import URL

from sandbox import BOT_TOKEN, Sandbox, SandboxThread
from sandbox.control.live import STUCK_SECONDS
from sandbox.control.tour import Step
from sandbox.page import POLICY, STATIC, TYPES
from tests.sandbox.harness import ASK, RANDOM, Json, Stage, plain, socket, stage

BOT = "U0ASKDESK"
GROUP_DM = "G0ANABEN"


async def fetch(at: Stage, path: str, **headers: str) -> tuple[int, str, ClientResponse]:
    """GET, without putting the path in order first."""
    url = URL(at.sandbox.url + path, encoded=True)
    async with at.session.get(url, headers=headers, allow_redirects=False) as response:
        return response.status, await response.text(errors="replace"), response


# The page's files


async def test_the_page_and_its_files() -> None:
    """Served as they lie there, never kept by the browser, with a policy that forbids all that is not ours."""
    async with stage() as at:
        for file in sorted(file for file in STATIC.rglob("*") if file.is_file()):
            path = file.relative_to(STATIC).as_posix()
            async with at.session.get(f"{at.sandbox.url}/page/{path}") as served:
                assert served.status == 200, path
                assert await served.read() == file.read_bytes()
                assert served.content_type == TYPES[file.suffix]
                assert served.headers["Content-Security-Policy"] == POLICY
                assert served.headers["X-Content-Type-Options"] == "nosniff"
                assert served.headers["Cache-Control"] == "no-cache"
        status, _, response = await fetch(at, "/")
        assert (status, response.content_type) == (200, "text/html")
        assert "unsafe" not in POLICY


@pytest.mark.parametrize(
    "path",
    [
        "/page/../__init__.py",
        "/page/%2e%2e/__init__.py",
        "/page/..%2f__init__.py",
        "/page/js/..%2f..%2f..%2fserver.py",
        "/page/%2fetc%2fpasswd",
        "/page//etc/hostname",
        "/page/js/%00.js",
        "/page/js",
        "/page/",
        "/page/js/nothing.js",
        "/page/" + "a" * 5_000 + ".js",
        "/nothing",
    ],
)
async def test_what_is_not_there(path: str) -> None:
    """A sentence; and there is no way out of the folder."""
    async with stage() as at:
        status, text, _ = await fetch(at, path)
        assert status == 404
        assert "There is nothing at" in text
        assert "The page is at /" in text


async def test_addresses_of_the_control_api_that_are_not_there() -> None:
    """In JSON, as everything there."""
    async with stage() as at:
        status, text, _ = await fetch(at, "/control/nothing")
        assert (status, json.loads(text)["ok"]) == (404, False)
        status, text, _ = await fetch(at, "/control/message")
        assert (status, json.loads(text)["error"]) == (405, "/control/message takes POST, not GET.")


async def test_a_refusal_is_no_error_on_the_pages_console() -> None:
    """Browsers write each 4xx there; to the page the sandbox says no with status 200, to everybody else with 400."""
    async with stage() as at:
        for headers, status in (({"X-Sandbox-Page": "1"}, 200), ({}, 400)):
            got, text, _ = await fetch(at, f"/control/thread/{ASK}/1.0", **headers)
            answer = json.loads(text)
            assert (got, answer["ok"], answer["refused"]) == (status, False, True)
            assert "there is no message 1.0" in answer["error"]


# Other web pages


PARTS = (
    "/", "/page/js/dom.js", "/control/state", "/control/live",
    "/api/auth.test", "/link/?ticket=1", "/hooks/actions/1", "/upload/v1/F1", "/files-pri/F1/a.txt",
)  # fmt: skip
"""An address in each part of the sandbox."""


async def test_every_part_is_among_them() -> None:
    """What is added to the sandbox is added here."""
    async with stage() as at:
        assert at.sandbox._runner is not None
        served = [route.resource for route in at.sandbox._runner.app.router.routes()]
        parts = {one.canonical.split("/")[1] for one in served if one is not None}
    assert parts == {path.split("/")[1] for path in PARTS}


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8910", "127.0.0.1.evil.example", "[::2]", ""])
async def test_a_name_that_leads_here_from_elsewhere(host: str) -> None:
    """A foreign name that somebody's DNS points at this machine is refused, whatever it asks for."""
    async with stage() as at:
        for path in PARTS:
            status, text, _ = await fetch(at, path, Host=host)
            assert status == 403, path
            assert "answers at 127.0.0.1 and localhost only" in text


@pytest.mark.parametrize("host", ["127.0.0.1:1", "localhost", "LOCALHOST:8910", "[::1]:8910"])
async def test_names_of_this_machine(host: str) -> None:
    """By whatever port, as it may be forwarded."""
    async with stage() as at:
        assert (await fetch(at, "/control/clock", Host=host))[0] == 200
        assert (await fetch(at, "/control/clock", Host=host, Origin=f"http://{host}"))[0] == 200


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://localhost:1", "http://127.0.0.1.evil.example", ""]
)
async def test_another_page_drives_nothing(origin: str) -> None:
    """Neither the control API nor, should it know a token, the Web API."""
    async with stage() as at:
        body = json.dumps({"user": "Ana", "channel": ASK, "text": "forged"})
        headers = {"Origin": origin, "Content-Type": "text/plain"}
        url = f"{at.sandbox.url}/control/message"
        async with at.session.post(url, data=body, headers=headers) as response:
            assert response.status == 403
            assert "only the sandbox's own page" in (await response.json())["error"].lower()
        form = {"token": BOT_TOKEN, "channel": ASK, "text": "forged"}
        url = f"{at.sandbox.api_url}chat.postMessage"
        async with at.session.post(url, data=form, headers={"Origin": origin}) as response:
            assert response.status == 403
        assert await at.channel() == []


@pytest.mark.parametrize("site", ["cross-site", "same-site", "whatever"])
async def test_a_browser_that_says_another_page_asks(site: str) -> None:
    """Also without an Origin: images, scripts and forms that fetch by GET send none. Nothing answers, nothing happens."""
    headers = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}
    async with stage() as at:
        for path in PARTS:
            query = f"{'&' if '?' in path else '?'}token={BOT_TOKEN}"
            status, text, _ = await fetch(at, path + query, **headers)
            assert status == 403, path
            assert "only the sandbox's own page" in text.lower()
        assert (await at.get("traffic"))["traffic"] == []


@pytest.mark.parametrize("site", ["same-origin", "none", None])
async def test_the_own_page_an_address_that_was_typed_and_a_bot(site: str | None) -> None:
    """They are served: a browser says `none` where no page asks, and no client of Slack's says anything."""
    async with stage() as at:
        headers = {} if site is None else {"Sec-Fetch-Site": site}
        for path in ("/", "/page/js/dom.js", "/control/state", f"/api/auth.test?token={BOT_TOKEN}"):
            assert (await fetch(at, path, **headers))[0] == 200


async def test_a_link_to_the_page() -> None:
    """It may stand anywhere, and opens the page and nothing else: not in a frame, and no other address."""
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    async with stage() as at:
        assert (await fetch(at, "/", **link))[0] == 200
        assert (await fetch(at, "/", **link | {"Sec-Fetch-Dest": "iframe"}))[0] == 403
        assert (await fetch(at, "/control/state", **link))[0] == 403
        assert (await fetch(at, f"/api/auth.test?token={BOT_TOKEN}", **link))[0] == 403


# The live stream


class Stream:
    """A reader of /control/live."""

    def __init__(self, response: ClientResponse) -> None:
        self.response = response

    async def next(self) -> Json:
        """The next message."""
        async with asyncio.timeout(60):
            text = (await self.response.content.readuntil(b"\n\n")).decode()
        first, second = text.rstrip("\n").split("\n")
        news: Json = json.loads(second.removeprefix("data: "))
        assert first == f"id: {news['revision']}"
        return news

    async def kinds_until(self, kind: str) -> list[str]:
        """The kinds of change up to one of that kind."""
        found: list[str] = []
        while kind not in found:
            found += [change["kind"] for change in (await self.next())["changes"]]
        return found


@asynccontextmanager
async def live(at: Stage, headers: dict[str, str] | None = None, **query: Any) -> AsyncIterator[Stream]:
    """A stream that is open."""
    url = f"{at.sandbox.url}/control/live"
    async with at.session.get(url, params=query, headers=headers) as response:
        assert (response.status, response.content_type) == (200, "text/event-stream")
        yield Stream(response)


async def test_changes_arrive_as_they_happen() -> None:
    """The first message at once; then what has happened since the last, in one."""
    async with stage() as at, live(at) as stream:
        first = await stream.next()
        assert (first["changes"], first["revision"]) == ([], at.sandbox.workspace.revision)
        assert datetime.fromisoformat(first["now"]) <= at.sandbox.clock.now()
        ts = [await at.says("one"), await at.says("two")]
        changes: list[Json] = []
        while len(changes) < 2:
            changes += (await stream.next())["changes"]
        assert [(change["kind"], change["channel"], change["ts"]) for change in changes] == [
            ("message", ASK, ts[0]),
            ("message", ASK, ts[1]),
        ]
        await at.post("clock", seconds=60)
        assert "clock" in await stream.kinds_until("clock")


async def test_many_changes_are_told_in_few_messages() -> None:
    """What happens while the stream rests is told together."""
    async with stage() as at, live(at) as stream:
        await stream.next()
        workspace = at.sandbox.workspace
        for number in range(500):
            workspace.changed("message", number=number)
        told: list[Json] = []
        messages = 0
        while len(told) < 500:
            told += (await stream.next())["changes"]
            messages += 1
        assert [change["number"] for change in told] == list(range(500))
        assert messages <= 2


async def test_traffic_alone_is_news() -> None:
    """A call that changes nothing in the workspace shows as a new number."""
    async with stage() as at, live(at) as stream:
        before = await stream.next()
        await at.call("auth.test")
        after = await stream.next()
        assert (after["traffic"], after["revision"]) == (before["traffic"] + 1, before["revision"])


async def test_a_reader_who_comes_back() -> None:
    """Goes on where they were; where that is forgotten, or of an earlier life of the sandbox, they start anew."""
    async with stage() as at:
        async with live(at) as stream:
            known = (await stream.next())["revision"]
        await at.says("meanwhile")
        async with live(at, {"Last-Event-ID": str(known)}, after=0) as stream:
            assert [change["kind"] for change in (await stream.next())["changes"]] == ["message"]
        async with live(at, after=known) as stream:
            assert [change["kind"] for change in (await stream.next())["changes"]] == ["message"]
        for _ in range(3_000):
            at.sandbox.workspace.changed("message")
        for lost in (known, 10**9):
            async with live(at, after=lost) as stream:
                assert (await stream.next())["changes"][0]["kind"] == "reset"
        async with live(at, after="yesterday") as stream:
            assert (await stream.next())["changes"] == []


async def test_the_server_stops_while_pages_are_open() -> None:
    """The stream says goodbye and ends."""
    async with stage() as at, live(at) as stream:
        await stream.next()
        await at.sandbox.stop()
        assert await stream.kinds_until("closing") == ["closing"]
        assert await stream.response.content.read() == b""


async def test_a_reader_who_reads_nothing_holds_nobody_up() -> None:
    """Others are told, nothing piles up, and the server stops at once."""
    async with stage() as at:
        stuck = socket_module.socket()
        stuck.setsockopt(socket_module.SOL_SOCKET, socket_module.SO_RCVBUF, 4_096)
        stuck.connect(("127.0.0.1", at.sandbox.port))
        stuck.sendall(b"GET /control/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        workspace = at.sandbox.workspace
        async with live(at) as stream:
            for _ in range(30):
                for _ in range(100):
                    workspace.changed("message", text="x" * 1_000)
                while (await stream.next())["revision"] < workspace.revision:
                    pass
        async with asyncio.timeout(STUCK_SECONDS / 2):
            await at.sandbox.stop()
        stuck.close()


# Unread


async def sidebar(at: Stage, who: str) -> dict[str, Json]:
    """The conversations that somebody sees, by id."""
    return {one["id"]: one for one in (await at.get("sidebar", as_=who))["conversations"]}


async def pinged(at: Stage) -> dict[str, int]:
    """Who was mentioned, and how often."""
    people = (await at.get("sidebar", as_="Ana"))["people"]
    return {one["id"]: one["mentions"] for one in people if one["mentions"]}


async def test_who_sees_which_conversations() -> None:
    """Public channels, those one is in, one's own direct messages; with the other's name."""
    async with stage() as at:
        await at.post("channel/add", id="C0SECRET", name="secret", kind="private", members=["U0BEN"])
        ana, otto = await sidebar(at, "Ana"), await sidebar(at, "Otto")
        assert set(ana) == {ASK, RANDOM, "D0ANA", GROUP_DM}
        assert set(otto) == {ASK, RANDOM, "D0OTTO"}
        assert "C0SECRET" in await sidebar(at, "Ben")
        assert (ana["D0ANA"]["name"], ana["D0ANA"]["with"], ana["D0ANA"]["kind"]) == ("Askdesk", BOT, "im")
        assert (ana[GROUP_DM]["name"], ana[GROUP_DM]["with"]) == ("Ben Carter, Askdesk", None)
        assert (otto[ASK]["member"], otto[RANDOM]["member"]) == (False, True)


async def test_unread_until_it_is_read() -> None:
    """Others' messages count, until the mark passes them; the mark never goes back."""
    async with stage() as at:
        first = await at.says("one")
        last = await at.says("two")
        assert (await sidebar(at, "Ana"))[ASK]["unread"] == 0
        seen = (await sidebar(at, "Ben"))[ASK]
        assert (seen["unread"], seen["mentions"], seen["latest"]) == (2, 0, last)
        assert (await sidebar(at, "Otto"))[ASK]["unread"] == 0, "he is not in the channel"
        before = at.sandbox.workspace.revision
        await at.post("read", user="Ben", channel=ASK, ts=first)
        assert at.sandbox.workspace.changes[-1] == {
            "revision": before + 1,
            "kind": "read",
            "user": "U0BEN",
            "channel": ASK,
            "thread_ts": None,
        }
        assert (await sidebar(at, "Ben"))[ASK]["unread"] == 1
        assert (await at.get(f"channel/{ASK}", as_="Ben"))["read"] == first
        await at.post("read", user="Ben", channel=ASK, ts=last)
        await at.post("read", user="Ben", channel=ASK, ts=first)
        assert (await at.get(f"channel/{ASK}", as_="Ben"))["read"] == last
        assert (await at.get(f"channel/{ASK}", as_="Ana"))["read"] is None
        assert "cannot see" in await at.refused("read", user="Otto", channel=GROUP_DM, ts=last)
        assert "no ts" in await at.refused("read", user="Ben", channel=ASK, ts="tomorrow")
        await at.post("reset")
        assert (await at.get(f"channel/{ASK}", as_="Ben"))["read"] is None


async def test_what_only_one_person_sees_is_unread_for_them() -> None:
    """Ephemeral messages."""
    async with stage() as at:
        await at.api.chat_postEphemeral(channel=ASK, user="U0BEN", text="psst")
        assert (await sidebar(at, "Ben"))[ASK]["unread"] == 1
        assert (await sidebar(at, "Ana"))[ASK]["unread"] == 0


MENTIONS: list[tuple[str, Any, set[str]]] = [
    ("<@U0BEN> look", None, {"U0BEN"}),
    ("<@U0BEN|ben> look", None, {"U0BEN"}),
    ("<!subteam^S0SMES> look", None, {"U0SAM", "U0SIA"}),
    ("<!subteam^S0SMES|@billing-smes> and <@U0BEN>", None, {"U0SAM", "U0SIA", "U0BEN"}),
    ("ben and @ben", None, set()),
    ("", [{"type": "section", "text": {"type": "mrkdwn", "text": "*Due* <@U0BEN>"}}], {"U0BEN"}),
    ("", [{"type": "section", "text": plain("<@U0BEN>")}], set()),
    (
        "",
        [
            {
                "type": "rich_text",
                "elements": [
                    {
                        "type": "rich_text_section",
                        "elements": [
                            {"type": "user", "user_id": "U0BEN"},
                            {"type": "usergroup", "usergroup_id": "S0MANAGERS"},
                        ],
                    }
                ],
            }
        ],
        {"U0BEN", "U0MIA"},
    ),
]


@pytest.mark.parametrize(("text", "blocks", "who"), MENTIONS)
async def test_who_is_mentioned(text: str, blocks: list[Json] | None, who: set[str]) -> None:
    """By name or by a user group, in the text or in the blocks; not where it is only text."""
    async with stage() as at:
        assert (await at.call("chat.postMessage", channel=ASK, text=text, blocks=blocks))["ok"]
        assert set(await pinged(at)) == who


@pytest.mark.parametrize("word", ["channel", "here", "everyone"])
async def test_everybody_is_mentioned(word: str) -> None:
    """Those who are in the channel, but for who wrote it."""
    async with stage() as at:
        await at.says(f"<!{word}> lunch")
        assert set(await pinged(at)) == {
            user for user in at.sandbox.workspace.channels[ASK].members if user not in ("U0ANA", BOT)
        }


async def test_a_user_group_that_is_switched_off_mentions_nobody() -> None:
    """Nor does one that is not there."""
    async with stage() as at:
        await at.says("<!subteam^S0SMES> <!subteam^S0NONE>")
        await at.post("usergroup", id="S0SMES", enabled=False)
        assert await pinged(at) == {}


async def test_mentions_in_threads_wait_for_the_thread_to_be_read() -> None:
    """Reading the channel is not enough; a broadcast is read in either place."""
    async with stage() as at:
        parent = await at.says("a case")
        reply = await at.says("<@U0BEN> yours?", thread_ts=parent)
        await at.post("read", user="Ben", channel=ASK, ts=reply)
        assert await pinged(at) == {"U0BEN": 1}
        seen = (await sidebar(at, "Ben"))[ASK]
        assert (seen["unread"], seen["mentions"], seen["latest"]) == (0, 1, parent)
        [shown] = await at.channel(as_="U0BEN")
        assert (shown["unread_replies"], shown["mentions_me"], shown["latest_reply"]) == (1, False, reply)
        assert shown["reply_users"] == ["U0ANA"]
        await at.post("read", user="Ben", channel=ASK, ts=reply, thread_ts=parent)
        assert await pinged(at) == {}
        thread = await at.get(f"thread/{ASK}/{parent}", as_="Ben")
        assert thread["read"] == reply
        assert [message["mentions_me"] for message in thread["messages"]] == [False, True]
        for where in ({}, {"thread_ts": parent}):
            answer = await at.api.chat_postMessage(
                channel=ASK, text="<@U0BEN> overdue", thread_ts=parent, reply_broadcast=True
            )
            assert (await sidebar(at, "Ben"))[ASK]["unread"] == 1
            await at.post("read", user="Ben", channel=ASK, ts=answer["ts"], **where)
            assert (await sidebar(at, "Ben"))[ASK]["unread"] == 0
            assert await pinged(at) == {}


async def test_threads_that_somebody_follows_show_what_is_new() -> None:
    """Their author, whoever wrote or was mentioned there, whoever opened it; nobody else."""
    async with stage() as at:
        parent = await at.says("a question", user="Ana")
        await at.says("an answer", user="Sam", thread_ts=parent)
        last = await at.says("another", user="Sia", thread_ts=parent)

        async def new_for(who: str) -> int:
            [shown] = await at.channel(as_=who)
            return int(shown["unread_replies"])

        assert [await new_for(who) for who in ("U0ANA", "U0SAM", "U0BEN")] == [2, 1, 0]
        await at.post("read", user="Ben", channel=ASK, ts=last, thread_ts=parent)
        await at.says("and one more", user="Sia", thread_ts=parent)
        assert [await new_for(who) for who in ("U0ANA", "U0SAM", "U0BEN", "U0TESS")] == [3, 2, 1, 0]


async def test_every_direct_message_is_a_mention() -> None:
    """Between two, or in a group."""
    async with stage() as at:
        await at.api.chat_postMessage(channel="D0ANA", text="hello")
        await at.says("hello", channel=GROUP_DM)
        assert await pinged(at) == {"U0ANA": 1, "U0BEN": 1}


async def test_who_has_a_modal_open() -> None:
    """So that nobody is left with one unseen."""
    async with stage() as at, socket(at) as ws:
        command = asyncio.create_task(
            at.post("command", user="Ana", channel=ASK, command="/escalate", text="")
        )
        envelope = await ws.answer()
        await command
        view = {"type": "modal", "title": plain("x"), "blocks": [{"type": "divider"}]}
        await at.api.views_open(trigger_id=envelope["payload"]["trigger_id"], view=view)
        people = (await at.get("sidebar", as_="Ben"))["people"]
        assert {one["id"] for one in people if one["modals"]} == {"U0ANA"}
        assert BOT not in {one["id"] for one in people}


# Options that the app looks up

PICK: Json = {
    "type": "external_select",
    "action_id": "pick",
    "min_query_length": 1,
    "placeholder": plain("…"),
}
FOUND: Json = {"options": [{"text": plain("Corner shop"), "value": "corner"}]}


async def asking(at: Stage, ws: Any, answer: Json | None, **where: Any) -> tuple[Json, Json]:
    """Ana types into a select; what the app was sent, and what she is offered."""
    asked = asyncio.create_task(
        at.post("suggest", user="Ana", block_id="row", action_id="pick", value="co", **where)
    )
    envelope = await ws.answer(answer)
    return envelope, await asked


async def test_suggestions_in_a_message() -> None:
    """The app gets Slack's payload, and what was chosen of its answer comes back in a click."""
    async with stage() as at, socket(at) as ws:
        blocks = [{"type": "actions", "block_id": "row", "elements": [PICK]}]
        ts = (await at.api.chat_postMessage(channel=ASK, text="x", blocks=blocks))["ts"]
        await ws.answer()  # the message itself
        where = {"channel": ASK, "message_ts": ts}
        envelope, offered = await asking(at, ws, FOUND, **where)
        assert (envelope["type"], envelope["accepts_response_payload"]) == ("interactive", True)
        payload = envelope["payload"]
        assert {"type", "user", "container", "api_app_id", "token", "action_id", "block_id", "value", "team",
                "enterprise", "is_enterprise_install", "channel", "message"} == set(payload)  # fmt: skip
        assert (payload["type"], payload["value"], payload["user"]["id"]) == (
            "block_suggestion",
            "co",
            "U0ANA",
        )
        container = {"type": "message", "message_ts": ts, "channel_id": ASK, "is_ephemeral": False}
        assert payload["container"] == container
        assert offered["options"] == FOUND["options"]
        clicked = asyncio.create_task(
            at.post(
                "click", user="Ana", block_id="row", action_id="pick", value=offered["options"][0], **where
            )
        )
        action = (await ws.answer())["payload"]["actions"][0]
        assert action["selected_option"] == FOUND["options"][0]
        assert (await clicked)["acked"]


async def test_suggestions_in_a_modal() -> None:
    """With the view in place of the message; groups of options as well."""
    async with stage() as at, socket(at) as ws:
        view_id = await open_modal(at, ws)
        grouped = {"option_groups": [{"label": plain("Near"), "options": FOUND["options"]}]}
        envelope, offered = await asking(at, ws, grouped, view_id=view_id)
        assert envelope["payload"]["container"] == {"type": "view", "view_id": view_id}
        assert envelope["payload"]["view"]["id"] == view_id
        assert "message" not in envelope["payload"]
        assert offered["option_groups"] == grouped["option_groups"]


async def open_modal(at: Stage, ws: Any) -> str:
    """A modal of Ana's with a select that asks the app."""
    command = asyncio.create_task(at.post("command", user="Ana", channel=ASK, command="/escalate", text=""))
    envelope = await ws.answer()
    await command
    field = {"type": "input", "block_id": "row", "label": plain("Where"), "element": PICK}
    view = {"type": "modal", "title": plain("x"), "submit": plain("Go"), "blocks": [field]}
    answer = await at.api.views_open(trigger_id=envelope["payload"]["trigger_id"], view=view)
    return str(answer["view"]["id"])


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"options": [{"text": plain("x" * 80), "value": "x"}]}, "must be less than 76 characters"),
        ({"options": [{"text": plain("x")}]}, "value"),
        ({"options": FOUND["options"] * 101}, "options"),
        ({"options": "corner"}, "options"),
        ({**FOUND, "option_groups": [{"label": plain("x"), **FOUND}]}, "not both"),
    ],
)
async def test_suggestions_that_slack_would_not_show(answer: Json, reason: str) -> None:
    """Nothing is offered, and the problem is told."""
    async with stage() as at, socket(at) as ws:
        _, offered = await asking(at, ws, answer, view_id=await open_modal(at, ws))
        assert (offered["ok"], offered["options"]) == (False, [])
        assert reason in offered["error"]
        [problem] = await at.problems()
        assert problem == offered["error"]


async def test_suggestions_that_do_not_come() -> None:
    """An empty answer, none in time, too little typed, an element that asks nobody."""
    async with stage() as at, socket(at) as ws:
        view_id = await open_modal(at, ws)
        _, offered = await asking(at, ws, None, view_id=view_id)
        assert (offered["acked"], offered["options"]) == (True, [])
        at.waits(0.05)
        where = {"user": "Ana", "view_id": view_id, "block_id": "row"}
        late = await at.post("suggest", **where, action_id="pick", value="co")
        assert (late["ok"], late["error"], late["options"]) == (False, "operation_timeout", [])
        nothing_typed = await at.post("suggest", **where, action_id="pick", value="")
        assert (nothing_typed["acked"], nothing_typed["options"]) == (None, [])
        assert "asks the app" in await at.refused("suggest", **where, action_id="other", value="co")
        assert "not on Ben" in await at.refused("suggest", **{**where, "user": "Ben"}, action_id="pick")


# Files


async def upload(at: Stage, name: str, content: bytes, channel: str = ASK) -> str:
    """A file by the bot."""
    answer = await at.api.files_upload_v2(channel=channel, filename=name, content=content)
    return str(answer["file"]["id"])


async def test_files_for_those_who_may_see_them() -> None:
    """Pictures are shown; whatever might run is saved, never opened beside the page."""
    async with stage() as at:
        picture = await upload(at, "chart.png", b"\x89PNG")
        page = await upload(at, "report.html", b"<script>alert(1)</script>", GROUP_DM)
        status, _, response = await fetch(at, f"/control/file/{picture}?as=Otto")
        assert (status, response.content_type) == (200, "image/png")
        assert response.headers["Content-Disposition"] == "inline"
        status, _, response = await fetch(at, f"/control/file/{page}?as=Ben")
        assert (status, response.content_type) == (200, "application/octet-stream")
        assert response.headers["Content-Disposition"] == "attachment"
        assert "sandbox" in response.headers["Content-Security-Policy"]
        for path in (f"{page}?as=Otto", "F0NONE?as=Ben"):
            status, text, _ = await fetch(at, f"/control/file/{path}")
            assert status == 400
            assert "sees no file" in text


# Traffic


async def test_the_newest_traffic() -> None:
    """As much as is asked for, and no token in it."""
    async with stage() as at, socket(at) as ws:
        for _ in range(5):
            await at.call("auth.test")
        command = asyncio.create_task(
            at.post("command", user="Ana", channel=ASK, command="/escalate", text="")
        )
        await ws.answer()
        await command
        everything = (await at.get("traffic"))["traffic"]
        newest = (await at.get("traffic", after=2, limit=3))["traffic"]
        assert newest == everything[-3:]
        assert (newest[-1]["kind"], newest[-2]["kind"]) == ("ack", "envelope")
        assert newest[-1]["ack_ms"] > 0
        assert (await at.get("traffic", after=everything[-1]["n"], limit=3))["traffic"] == []
        assert (await at.get("traffic", limit=-1))["traffic"] == everything
        text = json.dumps(everything)
        for app in at.sandbox.workspace.apps.values():
            for secret in (app.bot_token, app.app_token, app.signing_secret, app.verification_token):
                assert secret not in text


# The tour


class Walk:
    """A tour of two steps; the second is done when it was started over."""

    title = "A walk"

    def __init__(self) -> None:
        self.moment: datetime | None = None
        self.restarts = 0

    async def steps(self) -> Sequence[Step]:
        """Two."""
        return [
            Step("raise", "Escalate as Ana", "Type /escalate.", "U0ANA", ASK, done=False),
            Step("look", "Look around", "Just look.", None, None, done=self.restarts > 0),
        ]

    async def next_moment(self) -> datetime | None:
        """As the test says."""
        return self.moment

    async def start_over(self) -> None:
        """Counted."""
        self.restarts += 1


async def test_without_a_tour() -> None:
    """The page shows no checklist, and nothing can be done with one."""
    async with stage() as at:
        assert await at.get("tour") == {"tour": None}
        for path in ("tour/next", "tour/restart"):
            assert "no tour" in await at.refused(path)


async def test_a_tour() -> None:
    """Its steps, its next moment, starting over."""
    walk = Walk()
    async with stage(tour=walk) as at:
        shown = (await at.get("tour"))["tour"]
        assert (shown["title"], shown["next"]) == ("A walk", None)
        assert shown["steps"][0] == {
            "key": "raise",
            "title": "Escalate as Ana",
            "how": "Type /escalate.",
            "as": "U0ANA",
            "channel": ASK,
            "done": False,
        }
        assert not (await at.post("tour/next"))["moved"]
        await at.post("tour/restart")
        assert [step["done"] for step in (await at.get("tour"))["tour"]["steps"]] == [False, True]
        walk.moment = at.sandbox.clock.now() + timedelta(minutes=15)
        assert (await at.get("tour"))["tour"]["next"] == walk.moment.isoformat(timespec="microseconds")
        answer = await at.post("tour/next")
        assert answer["moved"]
        assert datetime.fromisoformat(answer["now"]) >= walk.moment
        again = await at.post("tour/next")
        assert again["moved"], "what is due is something to go to"
        assert again["now"] >= answer["now"], "time never goes back"
        at.sandbox.give_tour(None)
        assert await at.get("tour") == {"tour": None}


def test_a_tour_on_a_thread() -> None:
    """Its methods run on the sandbox's loop."""
    with SandboxThread(tour=Walk()) as sandbox:
        assert sandbox.control.get("tour")["tour"]["title"] == "A walk"


# Ports


async def test_the_next_free_port_is_taken_where_that_is_wanted() -> None:
    """And no other is tried where it is not."""
    async with Sandbox() as first:
        async with Sandbox(port=first.port, port_tries=20) as second:
            assert first.port < second.port < first.port + 20
            assert second.url.endswith(f":{second.port}")
        with pytest.raises(OSError, match="in use"):
            await Sandbox(port=first.port).start()
