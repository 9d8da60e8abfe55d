"""`askdesk purge`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from bot.terminal.console import DryRun, ProgramName, bar, count, print_lines
from bot.terminal.with_database import chosen, cleaned, with_database

if TYPE_CHECKING:
    from cases.program import Program
    from storage.privacy.redaction import Reach
    from storage.store import Store


def purge(program: ProgramName = None, dry_run: DryRun = False) -> None:
    """Deletes customers' details and all texts of cases whose retention is over.

    Each program sets how long closed cases are kept (/askdesk settings). What
    happened, who did it and when remains, with all figures, and the record still
    holds. The bot does the same every night; purge also cleans the files of a
    SQLite database. The bot may run meanwhile; it edits its own messages in Slack
    that show what was deleted.

    Examples:
      askdesk purge --dry-run
      askdesk purge

    Exit codes:
      0  nothing is left that was to be deleted
      1  the database does not answer, or was too busy to be cleaned
      2  a setting or the program's name is wrong
    """

    def job(store: Store) -> int:
        from bot.environment.clock import wall_clock
        from storage.privacy import redaction, retention

        for one in chosen(store, program):
            with store.read() as reading:
                todo = retention.past_retention(reading, one, wall_clock())
                messages = redaction.reach(reading, todo)
            kept = f"closed for more than {one.retention.days} days"
            done = 0
            if dry_run:
                print_lines(f"{one.name}: {count(len(todo), 'case')} {kept} (dry run: nothing was deleted).")
            else:
                with bar(f"Deleting in {one.name}", len(todo)) as advance:
                    while some := store.write_now(retention.purge_next, one, wall_clock()):
                        done += some
                        advance(some)
                print_lines(
                    f"{one.name}: {count(done, 'case')} {kept}: customers' details and texts deleted."
                )
            if done or (dry_run and todo):
                print_lines(in_slack(one, messages))
        return 0 if dry_run else cleaned(store, "askdesk purge")

    raise typer.Exit(with_database(job))


def in_slack(program: Program, reach: Reach) -> str:
    """What happens to the bot's own messages about deleted customers."""
    edited = f"{count(reach.messages, 'message')} in Slack to edit besides the cards; the running bot edits about 20 a minute."
    private = f" Out of reach: {count(reach.private, 'private confirmation')}." if reach.private else ""
    return f"{program.name}: {edited}{private}"
