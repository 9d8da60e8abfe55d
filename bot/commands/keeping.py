"""The command line's part for the record and for what is personal: verify, purge, forget, seal, export."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.terminal import ProgramName

app = typer.Typer()

DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be deleted, and delete nothing.")]


class Format(StrEnum):
    """How an export is written."""

    CSV = "csv"
    JSON = "json"


@app.command()
def verify(
    program: ProgramName = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--since",
            metavar="LINE:HASH",
            help="A line as a morning digest named it: it has to stand there still.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Walks the record of every program and names the first thing that is wrong.

    Every line is linked to the one before it, and vouched for with a key made
    from ENCRYPTION_KEY; so are the record's end and each case, callback and
    attempt. A line or case that was changed, added, swapped, moved or deleted by
    hand shows, and so does a text that was not sealed for its place. What does
    not show by itself is an older copy of the whole database: every morning
    digest names the last line, and --since sees whether it is still there.
    Without ENCRYPTION_KEY only mistakes show, not forgeries. Nothing is changed,
    and the bot may run meanwhile.

    Examples:
      askdesk verify
      askdesk verify --program Billing --since 1234:9f3a5b7c8d9e

    Exit codes:
      0  every record holds
      1  one does not, or the database does not answer
      2  a setting, the program's name or --since is wrong
    """
    from bot.commands.record_commands import verify_records

    raise typer.Exit(verify_records(program, since))


@app.command()
def purge(program: ProgramName = None, dry_run: DryRun = False) -> None:
    """Deletes who the customers of long closed cases were, and what was written.

    Each program says for how long closed cases are kept (/askdesk settings).
    What happened, by whom and when stays, with all figures, and the record still
    holds. The bot does the same every night; the files of a SQLite database are
    cleaned of what was deleted. The bot may run meanwhile; it edits its own
    messages in Slack that show what was deleted.

    Examples:
      askdesk purge --dry-run
      askdesk purge

    Exit codes:
      0  nothing is left whose time is over
      1  the database does not answer, or was too busy to be cleaned
      2  a setting or the program's name is wrong
    """
    from bot.commands.record_commands import purge_cases

    raise typer.Exit(purge_cases(program, dry_run=dry_run))


@app.command()
def forget(
    customer: Annotated[
        str,
        typer.Option(
            "--customer",
            metavar="NUMBER-OR-REFERENCE",
            help="A number or e-mail address the case ever had, or its reference.",
            show_default=False,
        ),
    ],
    program: ProgramName = None,
    dry_run: DryRun = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Deletes who a customer was and what was written, in all their closed cases.

    It says first which cases these are, and asks. A case that is still open stays,
    as its promise is to be kept: run it again when it is closed. The deletion is
    a line in the channel and in the record, without the number. The running bot
    edits its own messages in Slack; what it cannot reach is in docs/privacy.md.

    Examples:
      askdesk forget --customer "+1 212 555 0132" --dry-run
      askdesk forget --customer A-20417 --program Billing --yes

    Exit codes:
      0  nothing of this customer is left (or would be: --dry-run)
      1  no such customer, a case is still open, or you said no
      2  a setting or the program's name is wrong
    """
    from bot.commands.record_commands import forget_customer

    raise typer.Exit(forget_customer(customer, program, dry_run=dry_run, sure=yes))


@app.command()
def seal() -> None:
    """Seals and stamps whatever the first key of ENCRYPTION_KEY has not yet.

    A bot that starts with a new key does that by itself, beside its work. This
    waits for the end, and lets go of the old key. To change a key: set the new
    one, a comma, the old one; restart every bot; run this; take the old one out.

    Examples:
      askdesk seal

    Exit codes:
      0  everything is sealed with the first key
      1  the database does not answer, or was too busy to be cleaned
      2  there is no key, or it is the wrong one
    """
    from bot.commands.record_commands import seal_texts

    raise typer.Exit(seal_texts())


@app.command()
def export(
    first: Annotated[
        datetime,
        typer.Option(
            "--from", formats=["%Y-%m-%d"], metavar="DATE", help="The first day.", show_default=False
        ),
    ],
    last: Annotated[
        datetime,
        typer.Option("--to", formats=["%Y-%m-%d"], metavar="DATE", help="The last day.", show_default=False),
    ],
    form: Annotated[Format, typer.Option("--format", metavar="FORMAT", help="csv or json.")] = Format.CSV,
    program: ProgramName = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FILE",
            dir_okay=False,
            help="Where to; without it a file here, named by the days.",
            show_default=False,
        ),
    ] = None,
    personal: Annotated[
        bool,
        typer.Option("--personal", help="With customers' names, numbers, all texts."),
    ] = False,
    by: Annotated[
        str | None,
        typer.Option(
            "--by", metavar="ID", help="With --personal: the manager you export for.", show_default=False
        ),
    ] = None,
) -> None:
    """Writes the cases that were raised in a period to a file, one row each.

    docs/privacy.md lists the columns. Nothing of a customer is in it, unless a manager
    of each program asks you for that: --personal --by with their Slack id. It
    takes ENCRYPTION_KEY. The record and a line in the channel then say that the
    operator exported for that manager. The file appears under its name only once
    it is whole.

    Examples:
      askdesk export --from 2026-11-01 --to 2026-11-30
      askdesk export --from 2026-11-01 --to 2026-11-30 --format json --out nov.json
      askdesk export --from 2026-11-01 --to 2026-11-30 --personal --by U0MIA

    Exit codes:
      0  the file is there
      1  the database does not answer, or the file cannot be written
      2  a day, the program, who asks, or a setting is wrong
    130  stopped with Ctrl-C; there is no file
    """
    from bot.commands.record_commands import Wish, export_cases

    raise typer.Exit(
        export_cases(Wish(first.date(), last.date(), form.value, program, out, by, personal=personal))
    )
