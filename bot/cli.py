"""The command line: puts the commands of `bot.commands` together. `askdesk --help` lists them."""

from __future__ import annotations

import typer

from bot.commands import (
    database,
    demo,
    doctor,
    export,
    forget,
    key,
    purge,
    report,
    roster,
    run,
    seal,
    verify,
    volume,
)

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_show_locals=False,
)

COMMANDS = (run, demo, key, database, roster, verify, purge, forget, seal, export, doctor, report, volume)
"""In the order of the help. A test finds a module of `bot.commands` that is missing here."""

for command in COMMANDS:
    app.add_typer(command.app)


def main() -> None:
    """The console script."""
    app()


@app.callback()
def askdesk() -> None:
    """Keeps the call-back promises of a contact centre's ASK channel in Slack.

    To try it, without settings:         askdesk demo
    To start it in your workspace:       askdesk db upgrade, then askdesk run

    Askdesk reads settings from the environment and from the file .env in the
    current folder; the environment wins. .env.example explains each setting,
    docs/install.md the installation.

    Exit codes, the same for every command:
      0  all went well
      1  something failed; the last lines say what
      2  a word on the command line or a setting is wrong
      3  Slack refuses a token
    130  stopped with Ctrl-C (a bot that runs ends with 0)
    """
