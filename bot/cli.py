"""The command line: puts the commands of `bot.commands` together. `askdesk --help` lists them."""

from __future__ import annotations

from collections.abc import Callable

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

COMMANDS: dict[str, Callable[..., None]] = {
    "run": run.run,
    "demo": demo.demo,
    "key": key.key,
    "verify": verify.verify,
    "purge": purge.purge,
    "forget": forget.forget,
    "seal": seal.seal,
    "export": export.export,
    "doctor": doctor.doctor,
    "report": report.report,
    "db upgrade": database.upgrade,
    "roster import": roster.import_roster,
    "volume import": volume.import_volume,
}
"""Every command by its words, in the order of the help. A test finds a module of `bot.commands` that is missing."""

GROUPS = {
    "db": "Manages the database's schema.",
    "roster": "Manages who reports to whom.",
    "volume": "Manages how many calls the programs take.",
}

groups = {name: typer.Typer(name=name, help=what, no_args_is_help=True) for name, what in GROUPS.items()}
for group in groups.values():
    app.add_typer(group)
for words, command in COMMANDS.items():
    *within, name = words.split()
    (groups[within[0]] if within else app).command(name)(command)


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
