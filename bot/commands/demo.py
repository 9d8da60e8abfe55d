"""`askdesk demo`."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape

from bot.terminal.console import FAILED, err

PORT = 8910
"""Where the demo's page is, if that port is free."""


def demo(
    story: Annotated[
        bool, typer.Option("--play", help="Tell one escalation in the terminal, without a page.")
    ] = False,
    empty: Annotated[bool, typer.Option("--empty", help="Start without any cases.")] = False,
    port: Annotated[
        int,
        typer.Option(
            "--port", metavar="PORT", min=0, max=65535, help="The page's port; if taken, the next free one."
        ),
    ] = PORT,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Print the page's address; open no browser.")
    ] = False,
) -> None:
    """Opens a page where you can try Askdesk: a stand-in Slack workspace, mid-shift.

    It is the bot that `askdesk run` starts, with a stand-in for Slack on this
    machine: no account, no token, no settings, no network. On the page you can be
    anybody and move the clock forward, so you never wait for the agreed time.
    Nothing is left behind; the demo reads no .env.

    Examples:
      askdesk demo
      askdesk demo --empty --port 9000
      askdesk demo --play

    Exit codes:
      0  you stopped it with Ctrl-C, or the story ended well
      1  something failed; the last lines say what
      2  a word on the command line is wrong
    130  you stopped the story with Ctrl-C
    """
    from bot.demo.play import play
    from bot.demo.serve import serve

    if story and (empty or no_browser or port != PORT):
        raise typer.BadParameter(
            "the story runs in the terminal; it takes no other option.", param_hint="--play"
        )
    try:
        if story:
            play()
        else:
            serve(port=port, empty=empty, browser=not no_browser)
    except Exception as error:  # noqa: BLE001 - a demo says what went wrong, it shows no traceback
        err.print(f"[red]The demo failed:[/] {escape(str(error) or type(error).__name__)}")
        raise typer.Exit(FAILED) from None
