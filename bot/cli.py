"""The command line: `run`, `demo`, `db upgrade`, `key`, and the others that stand beside it. `--help` explains each."""

from __future__ import annotations

import asyncio
import signal
from contextlib import AsyncExitStack, ExitStack
from typing import TYPE_CHECKING, Annotated, Any

import structlog
import typer
from rich.markup import escape
from sqlalchemy.exc import SQLAlchemyError

from bot.commands.doctor import app as doctor
from bot.commands.ending import LastResort
from bot.commands.importing import for_good
from bot.commands.keeping import app as keeping
from bot.commands.report import app as reporting
from bot.commands.roster import app as roster
from bot.commands.terminal import (
    FAILED,
    SETTINGS_WRONG,
    TOKEN_REFUSED,
    err,
    say,
    say_database,
    say_mistakes,
    settings_or_exit,
    short,
)
from bot.environment.log import configure, reference
from bot.environment.settings import Settings, SettingsError, UnreadableFile, database_url, environment

if TYPE_CHECKING:
    from storage.store import Store

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_show_locals=False,
)
db = typer.Typer(help="Looks after the database's schema.", no_args_is_help=True)
app.add_typer(db, name="db")
app.add_typer(roster, name="roster")
app.add_typer(keeping)
app.add_typer(doctor)
app.add_typer(reporting)

PORT = 8910
"""Where the demo's page is, if that port is free."""

CLOSE_WITHIN = 2.0
"""Seconds that the database's threads have to end what they do."""

log = structlog.get_logger(__name__)


def main() -> None:
    """The console script."""
    app()


@app.callback()
def askdesk() -> None:
    """Keeps the call-back promises of a contact centre's ASK channel in Slack.

    First look, nothing needed:   askdesk demo
    First start in a workspace:   askdesk db upgrade, then askdesk run

    Settings come from the environment and from a file .env in the current
    folder; where both have one, the environment counts. .env.example explains
    each, docs/install.md the way there.

    Exit codes, the same for every command:
      0  all went well
      1  something failed; the last lines say what
      2  a word on the command line or a setting is wrong
      3  Slack refuses a token
    130  stopped with Ctrl-C (a bot that runs ends with 0)
    """


@app.command()
def run() -> None:
    """Runs the bot until it is stopped with Ctrl-C or SIGTERM.

    It brings the database up to date, connects to Slack and writes its log to
    standard error. With SLACK_APP_TOKEN it uses Socket Mode, which needs no public
    address; with SLACK_SIGNING_SECRET alone it waits for Slack's requests (HTTP
    mode). Where Slack does not answer yet, it waits. A stop says no at /readyz,
    takes nothing new and finishes what runs; whatever could not be sent any more
    is sent after the next start.

    Examples:
      askdesk run
      LOG_FORMAT=json askdesk run 2>> askdesk.log

    Exit codes:
      0  it was stopped
      1  the database does not answer, the port is taken, another bot runs on this
         SQLite file, or something broke
      2  a setting is missing or wrong; all of them are named at once
      3  Slack refuses a token; a new start does not help until it is replaced
    """
    settings = settings_or_exit()
    configure(settings.log_format)
    raise typer.Exit(_run(settings))


@app.command()
def demo(
    story: Annotated[
        bool, typer.Option("--play", help="Tell one escalation in the terminal, without a page.")
    ] = False,
    empty: Annotated[bool, typer.Option("--empty", help="Begin without the cases of a shift.")] = False,
    port: Annotated[
        int,
        typer.Option(
            "--port", metavar="PORT", min=0, max=65535, help="Where the page is; the next free one if taken."
        ),
    ] = PORT,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Only say where the page is.")] = False,
) -> None:
    """Opens a page on which to try Askdesk: a stand-in Slack workspace with a shift under way.

    The very bot that `askdesk run` starts, with a stand-in for Slack on this
    machine: no account, no token, no settings, no network. You are whoever you
    want to be on the page, and push the workspace's clock on, so nobody waits
    for the agreed time. Nothing is left behind; a .env is not read.

    Examples:
      askdesk demo
      askdesk demo --empty --port 9000
      askdesk demo --play

    Exit codes:
      0  it was stopped with Ctrl-C, or the story came to its good end
      1  something failed; the last lines say what
      2  a word on the command line is wrong
    130  the story was stopped with Ctrl-C
    """
    from bot.demo.desk import play, serve

    if story and (empty or no_browser or port != PORT):
        raise typer.BadParameter(
            "the story is told in the terminal; it takes no other option.", param_hint="--play"
        )
    try:
        if story:
            play()
        else:
            serve(port=port, empty=empty, browser=not no_browser)
    except Exception as error:  # noqa: BLE001 - a demo tells what went wrong, it shows no traceback
        err.print(f"[red]The demo did not come to its end:[/] {escape(str(error) or type(error).__name__)}")
        raise typer.Exit(FAILED) from None


@db.command()
def upgrade(
    url: Annotated[
        str | None,
        typer.Option(
            "--url", metavar="URL", help="The database, in place of DATABASE_URL.", show_default=False
        ),
    ] = None,
) -> None:
    """Brings the database to the newest schema.

    A database that has it already stays as it is, and a change that fails is
    taken back whole. `askdesk run` does the same when it starts; this command is
    for a start-up script or a look beforehand. It needs no Slack.

    Examples:
      askdesk db upgrade
      askdesk db upgrade --url sqlite:///askdesk.db
      askdesk db upgrade --url postgresql+psycopg://me:secret@db/askdesk

    Exit codes:
      0  the database has the newest schema
      1  it does not answer, or was made by a newer Askdesk
      2  DATABASE_URL is wrong
    """
    from storage.engine import open_engine
    from storage.schema import MigrationFailed
    from storage.schema import upgrade as migrate

    try:
        target = database_url(environment() | ({"DATABASE_URL": url} if url else {}))
        engine = open_engine(target)
        try:
            version = migrate(engine)
        finally:
            engine.dispose()
    except (SettingsError, UnreadableFile) as error:
        raise say_mistakes(error) from None
    except (SQLAlchemyError, MigrationFailed) as error:
        err.print(f"[red]The database cannot be brought up to date:[/] {escape(short(error))}")
        raise typer.Exit(FAILED) from None
    err.print(f"The database has the newest schema ({version}).")


@app.command()
def key() -> None:
    """Makes a key for ENCRYPTION_KEY and prints it.

    Each time another one; it is kept nowhere. Whoever has it and the database
    can read customers' names and numbers, and without it nobody can: keep it
    apart from the database and its backups, and keep a copy of it.

    Examples:
      askdesk key
      echo "ENCRYPTION_KEY=$(askdesk key)" >> .env

    Exit codes:
      0  it is printed
    """
    from storage.vault import new_key

    say(new_key())


async def _serve(settings: Settings, end: LastResort) -> int:
    """One bot from its start to its end; the exit code."""
    with for_good():
        from storage.store import Store

    stopping = asyncio.Event()

    def asked_to_stop() -> None:
        end.arm()
        stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, asked_to_stop)
    async with AsyncExitStack() as after:
        alone = after.enter_context(ExitStack())
        store = Store.at(settings.database_url, settings.vault)
        after.callback(_close, store, end)
        end.code = await _until_stopped(settings, store, stopping, alone, after)
        end.arm()
    return end.code


def _close(store: Store, end: LastResort) -> None:
    end.hangs = not store.close(within=CLOSE_WITHIN)


async def _until_stopped(
    settings: Settings, store: Store, stopping: asyncio.Event, alone: ExitStack, after: AsyncExitStack
) -> int:
    """The bot at work, until it is asked to stop or cannot go on; its stop is left to `after`."""
    with for_good():
        from bot.app.wiring import Askdesk
        from bot.environment.clock import Clock, SharedClock, wall_clock
        from bot.slack.identity import TokenRefused
        from bot.slack.sockets import SocketAuthError
        from bot.web.server import SiteFailed
        from storage.alone import AnotherRuns, only_bot
        from storage.engine import is_sqlite
        from storage.schema import MigrationFailed
        from storage.schema import upgrade as migrate
        from storage.vault import VaultError

    try:
        await asyncio.to_thread(migrate, store.engine)
        alone.enter_context(only_bot(settings.database_url))
        clock: Clock = wall_clock
        follow = None
        if not is_sqlite(store.engine):
            clock = shared = SharedClock(store)
            follow = shared.follow
            await follow()
        desk = Askdesk(settings, store, clock, follow=follow)
        after.push_async_callback(desk.stop)
        asked = asyncio.create_task(stopping.wait(), name="stop signal")
        opened = asyncio.create_task(_open(desk), name="the desk")
        await asyncio.wait({asked, opened}, return_when=asyncio.FIRST_COMPLETED)
        if opened.done():
            opened.result()
        for task in (asked, opened):
            task.cancel()
        await asyncio.gather(asked, opened, return_exceptions=True)
    except VaultError as error:
        err.print(f"[red]{escape(str(error))}[/]")
        return SETTINGS_WRONG
    except (TokenRefused, SocketAuthError) as error:
        err.print(f"[red]{escape(str(error))}[/]")
        return TOKEN_REFUSED
    except (SiteFailed, AnotherRuns) as error:
        err.print(f"[red]{escape(str(error))}[/]")
        return FAILED
    except SQLAlchemyError as error:
        return say_database(error)
    except MigrationFailed as error:
        err.print(f"[red]The database cannot be brought up to date:[/] {escape(short(error))}")
        return FAILED
    except Exception as error:
        mark = reference()
        log.error("the desk broke", reference=mark, exc_info=error)
        err.print(f"[red]Something broke that should not.[/] The log has it under the reference {mark}.")
        return FAILED
    return 0


async def _open(desk: Any) -> None:
    await desk.start()
    await desk.wait()


def _run(settings: Settings) -> int:
    end = LastResort()
    asyncio.run(_serve(settings, end))
    end.disarm()
    return end.code
