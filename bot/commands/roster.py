"""The command line's part for the roster: what `askdesk roster import` takes and how it explains itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.terminal import TryImport, csv_file, settings_or_exit

app = typer.Typer(help="Looks after who reports to whom.", no_args_is_help=True)


@app.command("import")
def import_(
    file: Annotated[Path, csv_file("The roster: one row for each person.")],
    dry_run: TryImport = False,
) -> None:
    """Reads who reports to whom, and in which team, from a CSV file.

    The first row is: person,superior,team. Below it stands one row for each
    person; people are named by Slack id or e-mail address. Everybody is looked
    up in Slack. If anything is wrong, all of it is listed with its row, and
    nothing is changed. What agents said themselves is replaced; whoever is not
    in the file stays as they are. The bot may run meanwhile.

    Examples:
      askdesk roster import roster.csv --dry-run
      askdesk roster import roster.csv

    Exit codes:
      0  the roster is as in the file (or could be: --dry-run)
      1  something in the file is wrong, or Slack or the database does not answer
      2  the file is not there, or a setting is missing or wrong
      3  Slack refuses the token
    """
    from bot.commands.roster_import import import_roster

    raise typer.Exit(import_roster(file.read_bytes(), settings_or_exit(), dry_run=dry_run))
