"""Serves the demo's page until it is stopped: opens the site, says where it is, ends with it."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import signal
import tempfile
import threading
import webbrowser
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress

from bot.demo.shift import SITE, good_moment
from bot.demo.site import PORTS, Site
from bot.demo.tour import ANA, ASK, FirstMinutes
from bot.environment.clock import wall_clock
from bot.environment.log import configure
from cases.times import wall


class NoPort(Exception):
    """The page can be served at none of the ports; the text says what to do."""


def serve(*, port: int, empty: bool = False, browser: bool = True) -> None:
    """Serves the page until Ctrl-C or SIGTERM. Raises NoPort, or what ended the bot by itself."""
    configure("console", level=logging.ERROR)
    console = Console(highlight=False, soft_wrap=True)
    with tempfile.TemporaryDirectory(prefix="askdesk-demo-", ignore_cleanup_errors=True) as folder:
        asyncio.run(_serve(Path(folder), console, port, empty=empty, browser=browser))


async def _serve(folder: Path, console: Console, port: int, *, empty: bool, browser: bool) -> None:
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    site = Site(folder, good_moment(wall_clock()), port=port, empty=empty)
    site.sandbox.give_tour(FirstMinutes(site))
    asked = asyncio.create_task(stopping.wait(), name="stop signal")
    shown = asyncio.create_task(_show(site, console, port, browser=browser), name="the page")
    ends: set[asyncio.Future[Any]] = {asked, shown, site.over}
    try:
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        for ended in (shown, site.over):
            if ended.done():
                ended.result()
    finally:
        asked.cancel()
        shown.cancel()
        await asyncio.gather(asked, shown, return_exceptions=True)
        await site.close()


async def _show(site: Site, console: Console, port: int, *, browser: bool) -> None:
    """Opens the site and says where it is; goes on until it is cancelled or the bot ends."""
    try:
        await site.sandbox.start()
    except OSError as error:
        raise NoPort(_no_port(error, port)) from None
    if site.has_shift:
        console.print("Playing two nights of cases first; this takes a few seconds.")
    with Progress(BarColumn(), console=console, transient=True) as progress:
        task = progress.add_task("the shift", total=None)
        await site.begin(lambda done, of: progress.update(task, completed=done, total=of))
    address = f"{site.sandbox.url}/?as={ANA}#{ASK}"
    console.print(_welcome(site, port, address))
    if browser:
        _open(address)
    await site.over


def _welcome(site: Site, port: int, address: str) -> str:
    at = site.sandbox.port
    moved = f"Port {port} is taken, so the page is at {at}.\n" if port not in (0, at) else ""
    shift = "A shift with a dozen cases is under way." if site.has_shift else "No case has been raised yet."
    now = wall(site.clock.now(), SITE)
    return (
        f"{moved}Askdesk is running in a stand-in Slack workspace on this machine. It is {now:%H:%M on %a %d %b} "
        f"in Manila there.\n{shift} The checklist at the side says what to try; each window can be somebody else.\n\n"
        f"  [bold]{address}[/]\n\n"
        "Ctrl-C ends it. Nothing is left behind."
    )


def _no_port(error: OSError, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is taken, and so are the {PORTS - 1} after it. Choose another with --port."
    if isinstance(error, PermissionError):
        return f"Port {port} is not open to you. Choose one from 1024 up with --port."
    return f"Port {port} cannot be used: {error.strerror or error}. Choose another with --port."


def _open(address: str) -> None:
    """Shows the page in a browser, if there is one with a window; nobody waits for it."""
    try:
        found = webbrowser.get()
    except webbrowser.Error:
        return
    for_the_terminal = type(found) is webbrowser.GenericBrowser and not os.environ.get("BROWSER")
    if not for_the_terminal:
        threading.Thread(target=found.open, args=(address,), name="browser", daemon=True).start()
