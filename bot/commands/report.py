"""The command line's part for the figures: `askdesk report`, and the call volume that belongs to them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.terminal import ProgramName, TryImport, csv_file

app = typer.Typer()
volume = typer.Typer(help="Looks after how many calls the programs take.", no_args_is_help=True)
app.add_typer(volume, name="volume")


@app.command()
def report(
    period: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PERIOD",
            show_default=False,
            help="today, yesterday, week, last week, month, last month, a day, or DAY..DAY; without it: week.",
        ),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(
            "--by",
            metavar="WHAT",
            show_default=False,
            help="Divided by program, agent, reason, scenario, department, team, day or hour.",
        ),
    ] = None,
    program: ProgramName = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="As JSON, with what every figure rests on.")
    ] = False,
) -> None:
    """Tells the figures that managers read, as tables or as JSON.

    They are those of /askdesk report, by the same definitions (docs/figures.md). Days
    are those of each program's site; several programs are summed, and divided by
    program unless --by says otherwise. The bot may run meanwhile.

    Examples:
      askdesk report
      askdesk report last month --by reason
      askdesk report 2026-11-02..2026-11-08 --program Billing --json

    Exit codes:
      0  the figures are told, also where nothing was escalated
      1  the database does not answer
      2  the days, what to divide by, the program's name, or a setting is wrong
    """
    from bot.commands.print_report import tell

    raise typer.Exit(tell(" ".join(period or ()), by or "", program, as_json=as_json))


@volume.command("import")
def import_(
    file: Annotated[Path, csv_file("The calls: one row for each hour, or for each day.")],
    dry_run: TryImport = False,
) -> None:
    """Reads how many calls the programs took from a CSV file.

    The first row is: program,day,hour,calls. Below it stands one row for each
    hour (0 to 23, by the site's clock), or for a whole day with the hour left
    empty; programs go by name or channel id, days are written 2026-11-23. What
    the file has for a day takes the place of what was known, so that the same
    file may come twice. If anything is wrong, all of it is listed with its row,
    and nothing is changed. The bot may run meanwhile.

    Examples:
      askdesk volume import calls.csv --dry-run
      askdesk volume import calls.csv

    Exit codes:
      0  the volume is as in the file (or could be: --dry-run)
      1  something in the file is wrong, or the database does not answer
      2  the file is not there, or a setting is wrong
    """
    from bot.commands.print_report import import_volume

    raise typer.Exit(import_volume(file.read_bytes(), dry_run=dry_run))
