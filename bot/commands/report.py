"""`askdesk report`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from bot.terminal.console import SETTINGS_WRONG, ProgramName
from bot.terminal.with_database import Refused, chosen, with_database

if TYPE_CHECKING:
    from cases.figures.report import Report
    from storage.store import Store


def report(
    period: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PERIOD",
            show_default=False,
            help="today, yesterday, week, last week, month, last month, a day, or DAY..DAY; default: week.",
        ),
    ] = None,
    by: Annotated[
        str,
        typer.Option(
            "--by",
            metavar="WHAT",
            show_default=False,
            help="Divide by program, agent, reason, scenario, department, team, day or hour.",
        ),
    ] = "",
    program: ProgramName = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="As JSON, with the counts behind every figure.")
    ] = False,
) -> None:
    """Prints the figures that managers read, as tables or as JSON.

    They are the figures of /askdesk report; docs/figures.md defines them. Days are
    those of each program's site. Several programs are added up, and divided by
    program unless you choose something else with --by. The bot may run meanwhile.

    Examples:
      askdesk report
      askdesk report last month --by reason
      askdesk report 2026-11-02..2026-11-08 --program Billing --json

    Exit codes:
      0  the figures are printed, even if nothing was escalated
      1  the database does not answer
      2  the days, what to divide by, the program's name, or a setting is wrong
    """

    def job(store: Store) -> int:
        from rich.console import Console

        from bot.terminal.print_report import as_data, show

        told = _read(store, " ".join(period or ()), by, program)
        if as_json:
            typer.echo(json.dumps(as_data(told), indent=2, ensure_ascii=False))
        else:
            show(told, Console(highlight=False))
        return 0

    raise typer.Exit(with_database(job, without_key=True))


def _read(store: Store, words: str, by: str, name: str | None) -> Report:
    from bot.environment.clock import wall_clock
    from cases.errors import Refusal
    from cases.figures.period import read_period
    from cases.figures.report import By, combined, read_by
    from storage.reports.figures import report_of

    programs, now = chosen(store, name), wall_clock()
    try:
        divided = read_by(by, tuple(By))
        periods = {program: read_period(words, now, program.timezone) for program in programs}
    except Refusal as error:
        raise Refused(error.sentence, SETTINGS_WRONG) from None
    of_one = None if divided is By.PROGRAM else divided
    parts = [store.ask_now(report_of, program, period, now, of_one) for program, period in periods.items()]
    if len(parts) == 1 and divided is not By.PROGRAM:
        return parts[0]
    return combined(parts, parts[0].program if len(parts) == 1 else "All programs")
