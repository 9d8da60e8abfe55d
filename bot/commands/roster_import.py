"""`askdesk roster import`, after its words are read: says in the terminal what was wrong or what was done."""

from __future__ import annotations

import asyncio

from sqlalchemy.exc import SQLAlchemyError

from bot.commands.books import of_this_version
from bot.commands.terminal import FAILED, TOKEN_REFUSED, err, progress, say, say_database, say_problems
from bot.environment.clock import wall_clock
from bot.environment.settings import Settings
from bot.people.members import Members, MemberUnreadable
from bot.people.roster import Found, RosterWrong, check, keep, look_up, plan, told, unfit
from bot.slack.calls import BARRED, Slack
from cases.roster import Sheet, read
from storage.store import Store


def import_roster(data: bytes, settings: Settings, *, dry_run: bool) -> int:
    """Imports a file, or says what it would change; returns the exit code."""
    sheet = read(data)
    if not sheet.lines:
        return say_problems(sheet.problems)
    store = Store.at(settings.database_url, settings.vault)
    try:
        if not of_this_version(store):
            return FAILED
        found = asyncio.run(_look_up(sheet, settings))
        with store.read() as reading:
            problems = [*sheet.problems, *unfit(sheet, found), *check(reading, sheet.lines, found)]
        if problems:
            return say_problems(problems)
        if dry_run:
            with store.read() as reading:
                changes, known = plan(reading, sheet.lines, found)
            say(
                *told(changes, known, sheet.lines, found), f"{changes.summary} (dry run: nothing was changed)"
            )
        else:
            say(store.write_now(keep, sheet.lines, found, wall_clock()).summary)
    except RosterWrong as error:
        return say_problems(error.problems)
    except MemberUnreadable as error:
        return _say_unreadable(error)
    except SQLAlchemyError as error:
        return say_database(error)
    finally:
        store.close()
    return 0


async def _look_up(sheet: Sheet, settings: Settings) -> Found:
    """Everybody in the file as Slack knows them, with a bar for whoever watches."""
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


def _say_unreadable(error: MemberUnreadable) -> int:
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
    err.print(f"[red]Slack does not answer ({why}): nothing was changed.[/] Try again in a while.")
    return FAILED
