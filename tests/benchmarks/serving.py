"""A bot as a process of its own, on the sandbox's sockets: Askdesk, or a bare Bolt app on the same transport.

    python -m tests.benchmarks.serving askdesk|tuned|untuned

Settings come from the environment, as for `askdesk run`. It says `open` and ends when its standard input does.

- `tuned` acknowledges and does nothing else, with `process_before_response`, without Bolt's spare middleware, and with
  what it imported left out of the search for garbage;
- `untuned` is the same listener with Bolt's defaults.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import re
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.commands.run import importing_for_good
from bot.environment.log import configure
from bot.slack.sockets import Sockets


async def told_to_end() -> None:
    sys.stdout.write("open\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)


async def askdesk() -> None:
    with importing_for_good():
        from bot.app.wiring import Askdesk, Pace
        from bot.environment.clock import wall_clock
        from bot.environment.settings import load
        from storage.schema import upgrade
        from storage.store import Store

    settings = load(os.environ)
    store = Store.at(settings.database_url, settings.vault)
    upgrade(store.engine)
    desk = Askdesk(settings, store, wall_clock, Pace())
    await desk.start()
    await told_to_end()
    await desk.stop()
    store.close()


async def bare(*, tuned: bool) -> None:
    if tuned:
        gc.freeze()  # as Askdesk does with all that it has imported
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(
            token=os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"], session=session
        )

        async def authorize() -> AuthorizeResult:
            return AuthorizeResult(enterprise_id=None, team_id="T0NORTH", bot_token=client.token)

        spared: dict[str, Any] = {
            "process_before_response": True,
            "request_verification_enabled": False,
            "ssl_check_enabled": False,
            "url_verification_enabled": False,
            "attaching_function_token_enabled": False,
            "attaching_conversation_kwargs_enabled": False,
        }
        app = AsyncApp(client=client, authorize=authorize, **(spared if tuned else {}))

        async def acknowledge(ack: Callable[..., Awaitable[Any]]) -> Any:
            return await ack()

        app.command("/escalate")(acknowledge)
        app.view(re.compile(".*"))(acknowledge)
        app.action(re.compile(".*"))(acknowledge)
        app.event(re.compile(".*"))(acknowledge)
        sockets = Sockets(app, os.environ["SLACK_APP_TOKEN"], client)
        await sockets.start()
        await told_to_end()
        await sockets.stop(1)


def main() -> None:
    configure("json", level=logging.ERROR)
    kind = sys.argv[1]
    asyncio.run(askdesk() if kind == "askdesk" else bare(tuned=kind == "tuned"))


if __name__ == "__main__":
    main()
