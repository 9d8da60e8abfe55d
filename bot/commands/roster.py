"""`askdesk roster import`."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.terminal.console import (
    FAILED,
    TOKEN_REFUSED,
    DryRun,
    csv_file,
    err,
    print_database_error,
    print_lines,
    print_problems,
    progress,
    settings_or_exit,
)
from bot.terminal.with_database import is_of_this_version

if TYPE_CHECKING:
    from bot.environment.settings import Settings
    from bot.people.members import MemberUnreadable
    from bot.people.roster_import import Found
    from cases.roster import Sheet


def import_roster(
    file: Annotated[Path, csv_file("The roster: one row for each person.")],
    dry_run: DryRun = False,
) -> None:
    """Imports who reports to whom, and in which team, from a CSV file.

    The first row is: person,superior,team. Each row below it is one person; write
    people as Slack ids or e-mail addresses. Askdesk looks all of them up in Slack.
    If anything is wrong, all of it is listed with its row, and nothing is changed.
    The file replaces what agents said themselves; people who are not in it stay as
    they are. The bot may run meanwhile.

    Examples:
      askdesk roster import roster.csv --dry-run
      askdesk roster import roster.csv

    Exit codes:
      0  the roster is as in the file (or could be: --dry-run)
      1  something in the file is wrong, or Slack or the database does not answer
      2  the file is not there, or a setting is missing or wrong
      3  Slack refuses the token
    """
    raise typer.Exit(_import(file.read_bytes(), settings_or_exit(), dry_run=dry_run))


def _import(data: bytes, settings: Settings, *, dry_run: bool) -> int:
    """Imports a file, or prints what it would change; returns the exit code."""
    from sqlalchemy.exc import SQLAlchemyError

    from bot.environment.clock import wall_clock
    from bot.people.members import MemberUnreadable
    from bot.people.roster_import import RosterWrong, check, describe, plan, save, unfit
    from cases.roster import read
    from storage.store import Store

    sheet = read(data)
    if not sheet.lines:
        return print_problems(sheet.problems)
    store = Store.at(settings.database_url, settings.vault)
    try:
        if not is_of_this_version(store):
            return FAILED
        found = asyncio.run(_look_up(sheet, settings))
        with store.read() as reading:
            problems = [*sheet.problems, *unfit(sheet, found), *check(reading, sheet.lines, found)]
        if problems:
            return print_problems(problems)
        if dry_run:
            with store.read() as reading:
                changes, known = plan(reading, sheet.lines, found)
            print_lines(
                *describe(changes, known, sheet.lines, found),
                f"{changes.summary} (dry run: nothing was changed)",
            )
        else:
            print_lines(store.write_now(save, sheet.lines, found, wall_clock()).summary)
    except RosterWrong as error:
        return print_problems(error.problems)
    except MemberUnreadable as error:
        return _print_unreadable(error)
    except SQLAlchemyError as error:
        return print_database_error(error)
    finally:
        store.close()
    return 0


async def _look_up(sheet: Sheet, settings: Settings) -> Found:
    """Everybody in the file as Slack knows them; shows a progress bar."""
    from bot.people.members import Members
    from bot.people.roster_import import look_up
    from bot.slack.calls import Slack

    references, doing = sheet.references, "Looking people up in Slack"
    bar = progress()
    session = Slack.new_session()
    try:
        with bar:
            task = bar.add_task(doing, total=len(references))

            async def pause(seconds: float) -> None:
                bar.update(task, description=f"Slack asks to wait {seconds:.0f} s")
                await asyncio.sleep(seconds)
                bar.update(task, description=doing)

            slack = Slack(settings.slack_bot_token.get_secret_value(), settings.slack_api_url, session)
            return await look_up(references, Members(slack, pause), lambda: bar.advance(task))
    finally:
        await session.close()


def _print_unreadable(error: MemberUnreadable) -> int:
    from bot.slack.calls import BARRED

    why = str(error)
    if why in BARRED or why == "not_allowed_token_type":
        err.print(
            f"[red]Slack refuses SLACK_BOT_TOKEN ({why}).[/] Install the app again and copy the new token."
        )
        return TOKEN_REFUSED
    if why == "missing_scope":
        scope = error.needed or "users:read and users:read.email"
        err.print(
            f"[red]The app may not look people up: it lacks the scope {scope}.[/] Add what manifest.yml asks for and "
            "install the app to the workspace again."
        )
        return FAILED
    err.print(f"[red]Slack does not answer ({why}): nothing was changed.[/] Try again later.")
    return FAILED
