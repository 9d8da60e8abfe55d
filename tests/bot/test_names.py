"""What people are called: asked once, kept for a while, and never waited for in vain."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Literal

import pytest

from bot.people import names
from bot.people.names import DisplayNames, display_name
from bot.slack.calls import Slack
from cases.people import DESK, OPERATOR
from sandbox import BOT_TOKEN, SandboxThread, Seed
from sandbox.driver import Driver

ASKED = "users.info"


def tells(sandbox: SandboxThread, story: Callable[[DisplayNames], Awaitable[None]]) -> None:
    async def whole() -> None:
        session = Slack.new_session(5.0)
        try:
            await story(DisplayNames(Slack(BOT_TOKEN, sandbox.api_url, session)))
        finally:
            await session.close()

    asyncio.run(whole())


def test_a_name_is_asked_for_once() -> None:
    with SandboxThread(Seed()) as sandbox:
        slack = Driver(sandbox.url)

        async def story(names: DisplayNames) -> None:
            for _ in range(3):
                assert await names.of("U0BEN", None, "U0BEN", "U0ANA") == {
                    "U0BEN": "Ben Carter",
                    "U0ANA": "Ana Reyes",
                }
            assert await names.of(DESK.id, OPERATOR.id) == {}

        tells(sandbox, story)
        assert len(slack.calls(ASKED)) == 2


@pytest.mark.parametrize("fault", ["http_500", "ratelimited"])
def test_a_name_that_slack_does_not_tell_is_missing_for_a_minute(
    fault: Literal["http_500", "ratelimited"],
) -> None:
    """The line goes out with a mention; the next one does not wait again."""
    with SandboxThread(Seed()) as sandbox:
        slack = Driver(sandbox.url)
        slack.faults.add(fault, ASKED)

        async def story(names: DisplayNames) -> None:
            assert await names.of("U0BEN") == {}
            assert await names.of("U0BEN") == {}
            assert await names.of("U0ANA") == {"U0ANA": "Ana Reyes"}
            assert await names.of("U0NOBODY") == {}

        tells(sandbox, story)
        assert len([call for call in slack.calls(ASKED) if "U0BEN" in str(call)]) <= 1


def test_a_name_of_before_counts_where_slack_does_not_tell_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """An hour later, with Slack away: nobody is mentioned whose name is known."""
    monkeypatch.setattr(names, "KEPT", 0.0)
    with SandboxThread(Seed()) as sandbox:
        slack = Driver(sandbox.url)

        async def story(known: DisplayNames) -> None:
            ben = await known.of("U0BEN")
            slack.faults.add("http_500", ASKED)
            assert await known.of("U0BEN") == ben == {"U0BEN": "Ben Carter"}
            assert await known.of("U0BEN") == ben

        tells(sandbox, story)
        assert len(slack.calls(ASKED)) <= 2, "not asked again within a minute"


@pytest.mark.parametrize(
    ("user", "name"),
    [
        ({"profile": {"display_name": "benny", "real_name": "Ben Carter"}}, "benny"),
        ({"profile": {"display_name": "", "real_name": "Ben Carter"}}, "Ben Carter"),
        ({"real_name": "Ben Carter"}, "Ben Carter"),
        ({"name": "ben.carter"}, "ben.carter"),
        ({}, ""),
    ],
)
def test_what_slack_shows_is_the_name(user: dict[str, Any], name: str) -> None:
    assert display_name(user) == name
