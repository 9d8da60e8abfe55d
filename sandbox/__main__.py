"""A Slack workspace on this machine, for a bot of your own: a web page in place of Slack, and Slack's APIs behind it.

Without options it is a small contact centre with one app. The page's address and what the bot needs are printed at
the start; give them to the bot as environment variables and start it. Ctrl-C ends the workspace and forgets it all.
"""

from __future__ import annotations

import argparse
import asyncio
import errno
import json
import signal
import sys
from pathlib import Path

from sandbox import config
from sandbox.entry import ConfigError
from sandbox.manifest import URL
from sandbox.seed import Seed
from sandbox.server import MAX_PORT, Sandbox
from sandbox.workspace.model import App

PORT = 8910
PORT_TRIES = 20
CANNOT_START = 1
CONFIG_WRONG = 2

EPILOG = """\
a workspace of your own:
  python -m sandbox --print-config > workspace.json     a file to start from; change what you like
  python -m sandbox --config workspace.json             the workspace that it describes

In the file, ids and tokens may be left out: ids are made from the names, tokens anew at each start. An app's manifest
is Slack's own, in JSON.
An app whose manifest has socket_mode_enabled connects by itself; with "request_url" it is sent signed requests.

exit codes:
  0  stopped with Ctrl-C or SIGTERM
  1  no port was free
  2  a word on the command line or the file is wrong; every mistake is told with its place
"""


def parser() -> argparse.ArgumentParser:
    """The options."""
    found = argparse.ArgumentParser(
        prog="python -m sandbox",
        description=__doc__,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    found.add_argument("--config", type=Path, metavar="FILE", help="the workspace, as JSON")
    found.add_argument(
        "--port",
        type=_port,
        default=PORT,
        help=f"where to listen on 127.0.0.1 (default {PORT}; 0: any free one); where it is taken, the next free one",
    )
    found.add_argument(
        "--request-url",
        type=_url,
        metavar="URL",
        help="send to the first app over signed HTTP, to this address",
    )
    found.add_argument("--no-limits", action="store_true", help="without Slack's rate limits")
    found.add_argument(
        "--print-config", action="store_true", help="print the default workspace as JSON, and end"
    )
    return found


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > MAX_PORT:
        raise argparse.ArgumentTypeError(f"{text!r} is no port; there are 0 to {MAX_PORT}")
    return int(text)


def _url(text: str) -> str:
    if mistake := URL.mistake(text):
        raise argparse.ArgumentTypeError(mistake)
    return text


def main() -> int:
    """Read the options and serve; the answer is the exit code."""
    options = parser().parse_args()
    if options.print_config:
        sys.stdout.write(json.dumps(config.starting_point(), indent=2) + "\n")
        return 0
    try:
        given = config.load(options.config) if options.config else None
    except ConfigError as error:
        sys.stderr.write("".join(f"{mistake}\n" for mistake in error.mistakes))
        return CONFIG_WRONG
    seed = Seed(config=given, request_url=options.request_url)
    return asyncio.run(
        _serve(
            Sandbox(seed, port=options.port, port_tries=PORT_TRIES, limits=not options.no_limits),
            options.port,
        )
    )


async def _serve(sandbox: Sandbox, wanted: int) -> int:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ended.set)
    try:
        await sandbox.start()
    except OSError as error:
        sys.stderr.write(why_not(error, wanted))
        return CANNOT_START
    if wanted not in (0, sandbox.port):
        sys.stderr.write(f"Port {wanted} is taken; the next free one is {sandbox.port}.\n")
    sys.stdout.write("\n".join(greeting(sandbox)) + "\n")
    sys.stdout.flush()
    await ended.wait()
    await sandbox.stop()
    return 0


def why_not(error: OSError, wanted: int) -> str:
    """Why no port could be used, as a line."""
    if error.errno == errno.EADDRINUSE:
        last = min(wanted + PORT_TRIES - 1, MAX_PORT)
        return f"The ports {wanted} to {last} are taken; give another one with --port.\n"
    return f"Port {wanted} cannot be used: {error.strerror or error}; give another one with --port.\n"


def greeting(sandbox: Sandbox) -> list[str]:
    """What is said at the start: the page, and what each bot needs, ready to paste."""
    lines = [f"{sandbox.workspace.team.name} is open at {sandbox.url}/ (Ctrl-C closes it)"]
    for app in sandbox.workspace.apps.values():
        lines += [
            "",
            f"# {app.name}: {_reached(app)}",
            f"SLACK_API_URL={sandbox.api_url}",
            f"SLACK_BOT_TOKEN={app.bot_token}",
            f"SLACK_APP_TOKEN={app.app_token}",
            f"SLACK_SIGNING_SECRET={app.signing_secret}",
        ]
    return lines


def _reached(app: App) -> str:
    return "by Socket Mode" if app.request_url is None else f"by signed requests to {app.request_url}"


if __name__ == "__main__":
    sys.exit(main())
