"""Faults, rate limits and response_urls."""

from __future__ import annotations

import asyncio
import time

import pytest
from aiohttp import ClientConnectionError, ClientResponse

from tests.sandbox.harness import ASK, Json, Stage, socket, stage


async def posted(at: Stage) -> ClientResponse:
    """One chat.postMessage, whatever becomes of it."""
    headers = {"Authorization": f"Bearer {at.api.token}"}
    url = f"{at.sandbox.api_url}chat.postMessage"
    return await at.session.post(url, json={"channel": ASK, "text": "x"}, headers=headers)


async def test_a_500_before_anything_happens() -> None:
    """Twice, as asked for; then it works."""
    async with stage() as at:
        await at.post("faults", method="chat.postMessage", kind="http_500", times=2)
        assert [(await posted(at)).status for _ in range(3)] == [500, 500, 200]
        assert len(await at.channel()) == 1


async def test_a_500_after_it_was_done() -> None:
    """The app is told of a failure; the channel has the message."""
    async with stage() as at:
        await at.post("faults", method="chat.postMessage", kind="done_500")
        assert (await posted(at)).status == 500
        assert len(await at.channel()) == 1


@pytest.mark.parametrize(("kind", "seen"), [("reset", 0), ("lost_answer", 1)])
async def test_connections_that_break_before_and_after(kind: str, seen: int) -> None:
    """The app cannot tell them apart; the channel can."""
    async with stage() as at:
        await at.post("faults", method="chat.postMessage", kind=kind)
        with pytest.raises(ClientConnectionError):
            await posted(at)
        assert len(await at.channel()) == seen
        assert (await posted(at)).status == 200


async def test_slow_answers_refusals_and_rate_limits_on_demand() -> None:
    """Late but done; an error code; 429 with a Retry-After; until cleared."""
    async with stage() as at:
        await at.post("faults", method="*", kind="slow", delay=0.1)
        started = time.monotonic()
        await posted(at)
        assert time.monotonic() - started >= 0.1
        await at.post("faults", method="chat.postMessage", kind="error", error="fatal_error", times=None)
        for _ in range(3):
            assert await at.error("chat.postMessage", channel=ASK, text="x") == "fatal_error"
        assert (await at.call("auth.test"))["ok"], "other methods are not met"
        assert len((await at.get("faults"))["faults"]) == 1
        async with at.session.delete(f"{at.sandbox.url}/control/faults") as response:
            assert response.status == 200
        await at.post("faults", kind="ratelimited", retry_after=7)
        answer = await at.call("auth.test")
        assert (answer["status"], answer["error"], answer["headers"]["Retry-After"]) == (
            429,
            "ratelimited",
            "7",
        )
        assert "no fault" in await at.refused("faults", kind="nonsense")


async def test_a_channel_takes_about_one_post_a_second() -> None:
    """A short burst, then 429 with Retry-After; other channels are not held up."""
    async with stage(limits=True) as at:
        answers = [await at.call("chat.postMessage", channel=ASK, text="x") for _ in range(6)]
        assert [a["status"] for a in answers[:4]] == [200] * 4
        assert answers[-1]["error"] == "ratelimited"
        assert int(answers[-1]["headers"]["Retry-After"]) == 1
        assert (await at.call("chat.postMessage", channel="D0ANA", text="x"))["ok"]
        await at.post("limits", on=False)
        assert (await at.call("chat.postMessage", channel=ASK, text="x"))["ok"]


async def test_each_method_has_its_tier() -> None:
    """Tier 2: twenty a minute."""
    async with stage(limits=True) as at:
        statuses = [(await at.call("usergroups.list"))["status"] for _ in range(21)]
        assert statuses == [200] * 20 + [429]
        assert (await at.call("users.info", user="U0ANA"))["ok"]


async def test_a_response_url_is_good_five_times_in_half_an_hour() -> None:
    """used_url, expired_url, and blocks that are held against the rules."""
    async with stage() as at, socket(at) as app:

        async def url() -> str:
            body: Json = {"user": "Ana", "channel": "#random", "command": "/askdesk", "text": ""}
            envelope, _ = await asyncio.gather(app.answer(), at.post("command", **body))
            return str(envelope["payload"]["response_url"])

        async def answer(to: str, **body: object) -> str:
            async with at.session.post(to, json=body) as response:
                return "ok" if response.status == 200 else (await response.json())["error"]

        first = await url()
        assert await answer(first, text="all of you", response_type="in_channel") == "ok"
        assert [m["text"] for m in await at.channel("random", "U0BEN")] == ["all of you"]
        assert await answer(first, blocks=[{"type": "nonsense"}]) == "invalid_blocks"
        assert await answer(first) == "no_text"
        assert [await answer(first, text="x") for _ in range(5)] == ["ok"] * 4 + ["used_url"]
        second = await url()
        await at.post("clock", seconds=31 * 60)
        assert await answer(second, text="x") == "expired_url"
        assert await answer(f"{at.sandbox.url}/hooks/nonsense", text="x") == "invalid_url"
