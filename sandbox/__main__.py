"""`python -m sandbox`: the seeded workspace as a program, until it is interrupted."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
from pathlib import Path

from sandbox.seed import Seed
from sandbox.server import Sandbox


def main() -> None:
    """Read the options and serve."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument(
        "--port", type=int, default=8910, help="where to listen on 127.0.0.1 (0: a free port)"
    )
    parser.add_argument(
        "--config", type=Path, help="a JSON file in the shape of sandbox.seed.contact_centre()"
    )
    parser.add_argument("--request-url", help="deliver over signed HTTP to this address instead of sockets")
    parser.add_argument("--no-limits", action="store_true", help="without Slack's rate limits")
    options = parser.parse_args()
    config = json.loads(options.config.read_text(encoding="utf-8")) if options.config else None
    seed = Seed(config=config, request_url=options.request_url)
    asyncio.run(_serve(Sandbox(seed, port=options.port, limits=not options.no_limits)))


async def _serve(sandbox: Sandbox) -> None:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ended.set)
    async with sandbox:
        lines = [f"Sandbox workspace at {sandbox.url}", f"  SLACK_API_URL={sandbox.api_url}"]
        for app in sandbox.workspace.apps.values():
            lines += [
                f"  SLACK_BOT_TOKEN={app.bot_token}",
                f"  SLACK_APP_TOKEN={app.app_token}",
                f"  SLACK_SIGNING_SECRET={app.signing_secret}",
            ]
        sys.stdout.write("\n".join(lines) + "\n")
        sys.stdout.flush()
        await ended.wait()


if __name__ == "__main__":
    main()
