"""The HTTP server against slow, silent, greedy and odd clients: each is dropped or refused, others are answered."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.inbound import Inbound
from bot.slack.signature import signature_of
from bot.web.limits import FEWEST_CONNECTIONS, MOST_CONNECTIONS, Limits, connections_within
from bot.web.server import HttpServer, Routes, body_of, trust
from sandbox.workspace.delivery import sign

HURRY = Limits(connections=6, patience=0.3, idle=60.0, body=1000)
PATIENT = Limits(connections=6, patience=60.0, idle=60.0, body=1000)
BIG = 16 * 1024 * 1024
"""Bytes, more than the kernel takes in hand for a client that reads nothing."""


class Place:
    """A server with a route for each kind of answer, and what it refused."""

    def __init__(self, limits: Limits) -> None:
        self.refused: list[str] = []
        self.working = 0
        self.news = asyncio.Event()
        self.go_on = asyncio.Event()
        routes: Routes = {
            "/echo": {"POST": self.echo},
            "/big": {"GET": self.big},
            "/wait": {"POST": self.wait},
            "/breaks": {"GET": self.breaks},
            "/healthz": {"GET": self.lives},
        }
        self.server = HttpServer("HTTP", "127.0.0.1", 0, routes, limits, self.refuse)

    async def echo(self, request: web.BaseRequest) -> web.Response:
        body = await body_of(request)
        trust(request)
        return web.Response(body=body)

    async def big(self, _request: web.BaseRequest) -> web.Response:
        return web.Response(body=b"x" * BIG)

    async def wait(self, request: web.BaseRequest) -> web.Response:
        await body_of(request)
        self.working += 1
        self.news.set()
        await self.go_on.wait()
        return web.Response(text="done")

    async def lives(self, _request: web.BaseRequest) -> web.Response:
        return web.Response()

    async def breaks(self, _request: web.BaseRequest) -> web.Response:
        raise RuntimeError("nobody foresaw this")

    def refuse(self, why: str) -> None:
        self.refused.append(why)
        self.news.set()

    async def refuses(self, why: str, times: int = 1) -> None:
        """Waits until it has."""
        while self.refused.count(why) < times:
            await self.news.wait()
            self.news.clear()

    async def works_on(self, requests: int) -> None:
        """Waits until it does."""
        while self.working < requests:
            await self.news.wait()
            self.news.clear()


class Client:
    """One connection, byte by byte."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    def sends(self, text: str) -> None:
        self.writer.write(text.encode("latin-1"))

    async def gets(self) -> tuple[int, bytes]:
        """The next answer."""
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = int(head.partition("content-length: ")[2].partition("\r\n")[0])
        return int(head.split(" ")[1]), await self.reader.readexactly(length)

    async def is_dropped(self) -> bool:
        """Waits for the end of the connection."""
        try:
            return await self.reader.read() == b""
        except ConnectionError:
            return True


@asynccontextmanager
async def serving(limits: Limits) -> AsyncIterator[tuple[Place, list[Client]]]:
    """The place, and its clients, who are all gone at the end."""
    place, clients = Place(limits), list[Client]()
    await place.server.start(0.2)
    try:
        yield place, clients
    finally:
        place.go_on.set()
        for client in clients:
            client.writer.close()
        await place.server.stop()


async def comes(place: Place, clients: list[Client], text: str = "") -> Client:
    client = Client(*await asyncio.open_connection("127.0.0.1", place.server.port))
    clients.append(client)
    client.sends(text)
    return client


def post(path: str, body: str, *headers: str) -> str:
    more = "".join(f"{header}\r\n" for header in headers)
    return f"POST {path} HTTP/1.1\r\nHost: x\r\n{more}Content-Length: {len(body)}\r\n\r\n{body}"


@pytest.mark.parametrize(
    "half",
    [
        "",
        "POST /echo HT",
        "POST /echo HTTP/1.1\r\nHost: x\r\nX-A: ",
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab",
        "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab",
    ],
)
async def test_half_a_request_is_not_waited_for(half: str) -> None:
    async with serving(HURRY) as (place, clients):
        slow = await comes(place, clients, half)
        assert await slow.is_dropped()
        assert place.refused == ["too slow"]


async def test_a_drop_now_and_then_buys_no_time() -> None:
    """The deadline is for the header as a whole."""
    async with serving(HURRY) as (place, clients):
        slow = await comes(place, clients, "POST /echo HTTP/1.1\r\n")
        while not slow.reader.at_eof() and not place.refused:
            slow.sends("X-A: b\r\n")
            await asyncio.sleep(0.02)
        assert place.refused == ["too slow"]


async def test_a_client_does_not_pay_for_a_stall_of_the_bot() -> None:
    """What it sent in time lies unread while the event loop stands still."""
    async with serving(HURRY) as (place, clients):
        client = await comes(place, clients, "POST /echo HTTP/1.1\r\n")
        client.sends("Host: x\r\nContent-Length: 5\r\n\r\nhello")
        time.sleep(2 * HURRY.patience)  # noqa: ASYNC251 - this is the stall
        assert await client.gets() == (200, b"hello")
        assert not place.refused


async def test_whoever_does_not_take_the_answer_is_dropped() -> None:
    async with serving(HURRY) as (place, clients):
        slow = await comes(place, clients, "GET /big HTTP/1.1\r\nHost: x\r\n\r\n")
        await place.refuses("too slow")
        slow.writer.transport.abort()


async def test_a_new_client_finds_room_among_many_who_wait() -> None:
    async with serving(PATIENT) as (place, clients):
        crowd = [await comes(place, clients, "POST /echo HTTP/1.1\r\n") for _ in range(20)]
        last = await comes(place, clients, post("/echo", "hello"))
        assert await last.gets() == (200, b"hello")
        await place.refuses("crowded", times=15)
        assert [await client.is_dropped() for client in crowd[:15]] == [True] * 15
        assert place.refused == ["crowded"] * 15


async def test_strangers_make_room_before_slacks_own_connections_do() -> None:
    async with serving(PATIENT) as (place, clients):
        known = await comes(place, clients, post("/echo", "hello"))
        assert await known.gets() == (200, b"hello")
        for _ in range(20):
            await comes(place, clients)
        await place.refuses("crowded", times=15)
        known.sends(post("/echo", "again"))
        assert await known.gets() == (200, b"again")


async def test_what_is_worked_on_is_not_given_up_for_a_crowd() -> None:
    async with serving(PATIENT) as (place, clients):
        busy = await comes(place, clients, post("/wait", "x"))
        await place.works_on(1)
        for _ in range(20):
            await comes(place, clients)
        await place.refuses("crowded", times=15)
        place.go_on.set()
        assert await busy.gets() == (200, b"done")


async def test_where_all_are_worked_on_the_newest_is_turned_away() -> None:
    async with serving(PATIENT) as (place, clients):
        busy = [await comes(place, clients, post("/wait", "x")) for _ in range(6)]
        first = asyncio.gather(*(client.gets() for client in busy))
        await place.works_on(6)
        late = await comes(place, clients)
        assert await late.is_dropped()
        place.go_on.set()
        assert await first == [(200, b"done")] * 6


@pytest.mark.parametrize(
    "text",
    [
        post("/echo", "x" * 1001),
        "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n"
        + "x" * 1001
        + "\r\n0\r\n\r\n",
    ],
)
async def test_a_body_has_its_end(text: str) -> None:
    async with serving(PATIENT) as (place, clients):
        assert await (await comes(place, clients, text)).gets() == (413, b"")
        assert place.refused == ["too large"]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("secret-words\r\n\r\n", 400),
        ("POST /echo HTTP/9.9\r\n\r\n", 400),
        ("\x16\x03\x01\x02\x00\x01\x00", 400),
        ("POST /echo HTTP/1.1\r\nsecret words: x\r\n\r\n", 400),
        ("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: secret\r\n\r\n", 400),
        (
            "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            400,
        ),
        ("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nsecret\r\n\r\n", 400),
        ("POST /echo HTTP/1.1\r\nHost: x\r\nX: " + "a" * 9000 + "\r\n\r\n", 400),
        ("POST /echo HTTP/1.1\r\nHost: x\r\n" + "X: a\r\n" * 200 + "\r\n", 400),
        ("GET /" + "a" * 9000 + " HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        ("GET /secret HTTP/1.1\r\nHost: x\r\n\r\n", 404),
        ("GET /echo HTTP/1.1\r\nHost: x\r\n\r\n", 405),
        ("DELETE /echo HTTP/1.1\r\nHost: x\r\n\r\n", 405),
        ("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", 404),
    ],
)
async def test_what_is_no_request_is_a_status_without_words(
    text: str, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing that was sent comes back, or stands in the log."""
    with caplog.at_level(logging.DEBUG):
        async with serving(PATIENT) as (place, clients):
            assert await (await comes(place, clients, text)).gets() == (status, b"")
    assert [line for line in caplog.text.splitlines() if "asyncio" not in line] == []


async def test_a_client_that_stays_away_after_its_answer_is_closed_in_peace() -> None:
    """Nobody was slow."""
    async with serving(replace(HURRY, idle=0.3)) as (place, clients):
        known = await comes(place, clients, post("/echo", "hello"))
        assert await known.gets() == (200, b"hello")
        assert await known.is_dropped()
        assert place.refused == []


async def test_who_may_stay_after_an_answer() -> None:
    """Slack's own and the monitor's. Everybody else is told of the end with the answer, and no proxy keeps that line."""
    async with serving(HURRY) as (place, clients):
        known = await comes(place, clients, post("/echo", "hello"))
        assert await known.gets() == (200, b"hello")
        client = await comes(place, clients, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        head = (await client.reader.readuntil(b"\r\n\r\n")).decode().lower()
        assert "connection: close\r\n" in head
        assert await client.is_dropped()
        known.sends("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert await known.gets() == (200, b"")
        known.sends(post("/echo", "again"))
        assert await known.gets() == (200, b"again")
        assert place.refused == []
    async with serving(replace(HURRY, all_known=True)) as (place, clients):
        scraper = await comes(place, clients, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert await scraper.gets() == (200, b"")
        silent = await comes(place, clients)
        await place.refuses("too slow")
        assert await silent.is_dropped()
        scraper.sends("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert await scraper.gets() == (200, b"")


async def test_before_the_desk_is_open_only_slack_hears_of_it() -> None:
    """A signed request is to come again; everybody else is turned away as ever."""
    refused: list[str] = []
    routes = Inbound(SECRET, lambda: NOW, refused.append).routes
    server = HttpServer("HTTP", "127.0.0.1", 0, routes, PATIENT, refused.append)
    await server.start(0.2)
    try:
        stamp, body = str(int(NOW.timestamp())), "command=/askdesk&user_id=U1&channel_id=C1&trigger_id=1.2"
        for headers, status in (
            ((f"X-Slack-Request-Timestamp: {stamp}", f"X-Slack-Signature: {sign(SECRET, stamp, body)}"), 503),
            ((f"X-Slack-Request-Timestamp: {stamp}", "X-Slack-Signature: v0=" + "0" * 64), 401),
        ):
            client = Client(*await asyncio.open_connection("127.0.0.1", server.port))
            client.sends(
                post("/slack/events", body, *headers, "Content-Type: application/x-www-form-urlencoded")
            )
            assert await client.gets() == (status, b"")
            client.writer.close()
        assert refused == ["unsigned"]
    finally:
        await server.stop()


async def test_a_body_that_turns_to_nonsense_after_its_refusal_is_not_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with serving(PATIENT) as (place, clients):
        head = "POST /nowhere HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        client = await comes(place, clients, head)
        assert await client.gets() == (404, b"")
        client.sends("secret words\r\n")
        assert await client.is_dropped()
    assert "secret" not in caplog.text
    assert "Traceback" not in caplog.text


async def test_a_client_that_leaves_in_the_middle_is_no_failure(caplog: pytest.LogCaptureFixture) -> None:
    async with serving(PATIENT) as (place, clients):
        client = await comes(place, clients, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\nab")
        await client.writer.drain()
        client.writer.transport.abort()
        await place.refuses("unreadable")
    assert "Traceback" not in caplog.text


async def test_a_failure_of_our_own_is_told_with_a_reference(capsys: pytest.CaptureFixture[str]) -> None:
    async with serving(PATIENT) as (place, clients):
        client = await comes(place, clients, "GET /breaks HTTP/1.1\r\nHost: x\r\n\r\n")
        assert await client.gets() == (500, b"")
    assert "nobody foresaw this" in "".join(capsys.readouterr())


async def test_a_client_that_asks_first_is_told_to_go_on() -> None:
    async with serving(PATIENT) as (place, clients):
        head = "POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"
        client = await comes(place, clients, head)
        assert await client.reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sends("hi")
        assert await client.gets() == (200, b"hi")


@pytest.mark.parametrize(
    ("descriptors", "connections"),
    [
        (-1, MOST_CONNECTIONS),
        (1024, MOST_CONNECTIONS),
        (256, 64),
        (200, FEWEST_CONNECTIONS),
        (64, FEWEST_CONNECTIONS),
    ],
)
def test_connections_leave_descriptors_for_the_bot(descriptors: int, connections: int) -> None:
    assert connections_within(descriptors) == connections


NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"


@given(body=st.text(), ago=st.integers(-400, 400))
def test_a_signature_of_slacks_holds_for_five_minutes(body: str, ago: int) -> None:
    stamp = str(int(NOW.timestamp()) - ago)
    headers = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": sign(SECRET, stamp, body)}
    found = signature_of(headers, NOW)
    assert (found is not None) == (abs(ago) <= 300)
    if found is not None:
        assert found.covers(body.encode(), SECRET)
        assert not found.covers(body.encode() + b" ", SECRET)
        assert not found.covers(body.encode(), f"{SECRET}x")


@given(stamp=st.text(max_size=20), value=st.text(max_size=80))
def test_what_is_no_signature_never_breaks(stamp: str, value: str) -> None:
    headers = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": value}
    found = signature_of(headers, NOW)
    assert found is None or not found.covers(b"", SECRET)
