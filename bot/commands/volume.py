"""`askdesk volume import`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.terminal.console import DryRun, csv_file, print_lines, print_problems
from bot.terminal.with_database import chosen, with_database

if TYPE_CHECKING:
    from storage.store import Store


def import_volume(
    file: Annotated[Path, csv_file("The calls: one row for each hour, or for each day.")],
    dry_run: DryRun = False,
) -> None:
    """Imports how many calls the programs took from a CSV file.

    The first row is: program,day,hour,calls. Each row below it is one hour (0 to
    23, by the site's clock), or a whole day if the hour is empty. Write programs
    as names or channel ids, days as 2026-11-23. What the file has for a day
    replaces what was stored for it, so you can import the same file twice. If
    anything is wrong, all of it is listed with its row, and nothing is changed.
    The bot may run meanwhile.

    Examples:
      askdesk volume import calls.csv --dry-run
      askdesk volume import calls.csv

    Exit codes:
      0  the volume is as in the file (or could be: --dry-run)
      1  something in the file is wrong, or the database does not answer
      2  the file is not there, or a setting is wrong
    """

    def job(store: Store) -> int:
        from bot.environment.clock import wall_clock
        from cases.figures.volume import compare, read
        from cases.times import wall
        from storage.reports.figures import volume_of
        from storage.reports.volume import save_volume

        programs, now = chosen(store, None), wall_clock()
        today = {one.id: wall(now, one.timezone).date() for one in programs}
        sheet = read(file.read_bytes(), programs, today)
        if sheet.problems:
            return print_problems(sheet.problems)
        with store.read() as reading:
            plan = compare(sheet.volume, volume_of(reading, sheet.volume.keys()))
        if dry_run:
            print_lines(f"{plan.summary} (dry run: nothing was changed)")
        else:
            store.write_now(save_volume, sheet.volume)
            print_lines(plan.summary)
        return 0

    raise typer.Exit(with_database(job, without_key=True))
