"""Answers to a click go to Slack's own addresses only, whatever address the click names."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web

from bot.slack.calls import NotSlacks, Slack
from bot.views.confirm import told

SAID = told("Only the owner can do this.")


class Server:
    """A web server on loopback that notes what is posted to it, and may send the caller elsewhere."""

    def __init__(self) -> None:
        self.posted: list[str] = []
        self.elsewhere: tuple[int, str] | None = None
        self.base = ""

    async def hears(self, request: web.Request) -> web.Response:
        self.posted.append(request.path)
        if self.elsewhere is None:
            return web.Response()
        status, address = self.elsewhere
        return web.Response(status=status, headers={"Location": address})


@asynccontextmanager
async def listening() -> AsyncIterator[Server]:
    server, application = Server(), web.Application()
    application.router.add_post("/{path:.*}", server.hears)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield server
    finally:
        await runner.cleanup()


@asynccontextmanager
async def calling(api_url: str) -> AsyncIterator[Slack]:
    async with Slack.new_session() as session:
        yield Slack("xoxb-1", api_url, session)


async def test_an_answer_goes_to_the_apis_own_host() -> None:
    async with listening() as slack, calling(f"{slack.base}/api/") as calls:
        await calls.respond(f"{slack.base}/actions/T1/2/abc", SAID)
        await calls.dismiss(f"{slack.base}/actions/T1/3/def")
        assert slack.posted == ["/actions/T1/2/abc", "/actions/T1/3/def"]


async def test_a_strangers_address_hears_nothing() -> None:
    """Another port is another server, on the same machine as well."""
    async with listening() as slack, listening() as stranger, calling(f"{slack.base}/api/") as calls:
        with pytest.raises(NotSlacks):
            await calls.respond(f"{stranger.base}/actions/T1/2/abc", SAID)
        with pytest.raises(NotSlacks):
            await calls.dismiss(f"{stranger.base}/actions/T1/2/abc")
        assert stranger.posted == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_no_redirect_is_followed(status: int) -> None:
    async with listening() as slack, listening() as stranger, calling(f"{slack.base}/api/") as calls:
        slack.elsewhere = status, f"{stranger.base}/collect"
        with pytest.raises(aiohttp.ClientError):
            await calls.respond(f"{slack.base}/actions/T1/2/abc", SAID)
        assert stranger.posted == []


HOOKS = "https://hooks.slack.com"


@pytest.mark.parametrize(
    ("address", "accepted"),
    [
        (f"{HOOKS}/actions/T1/2/abc", True),
        (f"{HOOKS}:443/commands/T1/2/abc", True),
        ("https://HOOKS.slack.com/commands/T1/2/abc", True),
        ("https://slack.com/app/1", True),
        ("http://hooks.slack.com/actions/T1/2/abc", False),
        (f"{HOOKS}:8443/actions/T1/2/abc", False),
        ("https://hooks.slack.com.example.org/actions", False),
        ("https://evilhooks.slack.com/actions", False),
        ("https://slack.com@example.org/actions", False),
        ("https://hooks.slack.com:443@example.org/actions", False),
        ("https://me:secret@hooks.slack.com/actions", False),
        ("https://example.org/?u=https://hooks.slack.com/", False),
        ("https://example.org\\@hooks.slack.com/", False),
        ("https://hooks.slack.com\\@example.org/", False),
        ("http://169.254.169.254/latest/meta-data", False),
        ("http://127.0.0.1:5432/", False),
        ("file:///etc/passwd", False),
        ("//hooks.slack.com/actions", False),
        ("hooks.slack.com/actions", False),
        ("https://[::1", False),
        ("https://hooks.slack.com:port/", False),
        ("", False),
        ("None", False),
    ],
)
async def test_which_addresses_are_slacks(address: str, accepted: bool) -> None:
    async with calling("https://slack.com/api/") as calls:
        if accepted:
            assert calls.response_address(address).path.startswith(("/a", "/c"))
        else:
            with pytest.raises(NotSlacks):
                calls.response_address(address)


async def test_govslack_has_its_own() -> None:
    """No data passes between it and other workspaces."""
    async with calling("https://slack-gov.com/api/") as calls:
        assert (
            calls.response_address("https://hooks.slack-gov.com/actions/T1/2/abc").path == "/actions/T1/2/abc"
        )
        assert calls.response_address("https://slack-gov.com/app/1").path == "/app/1"
        with pytest.raises(NotSlacks):
            calls.response_address(f"{HOOKS}/actions/T1/2/abc")
    for api in ("https://slack.com/api/", "https://notslack-gov.com/api/"):
        async with calling(api) as calls:
            with pytest.raises(NotSlacks):
                calls.response_address("https://hooks.slack-gov.com/actions/T1/2/abc")
