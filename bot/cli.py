"""The command line: `askdesk run`, `db upgrade`, `demo`.

Exit codes: 0 all went well, 1 something failed, 2 wrong words or settings, 3 Slack refuses a token.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Coroutine
from typing import Annotated, Any

import typer
from dotenv import dotenv_values
from rich.console import Console
from sqlalchemy.exc import SQLAlchemyError

from bot.settings import Settings, SettingsError, database_url, from_environment

app = typer.Typer(
    help="Askdesk keeps the call-back promises of a contact centre's ASK channel in Slack.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_show_locals=False,
)
db = typer.Typer(help="The database's schema.", no_args_is_help=True)
app.add_typer(db, name="db")

SETTINGS_WRONG = 2
TOKEN_REFUSED = 3

err = Console(stderr=True, highlight=False, soft_wrap=True)


def main() -> None:
    """The console script."""
    app()


@app.command()
def run() -> None:
    """Runs the bot until it is stopped (Ctrl-C or SIGTERM); settings come from the environment and .env."""
    settings = _settings()
    from bot.log import configure

    configure(settings.log_format)
    raise typer.Exit(_run(_serve(settings)))


@app.command()
def demo() -> None:
    """Plays one escalation in a stand-in Slack workspace: no account, no token, about a minute."""
    from bot.demo import play

    raise typer.Exit(play())


@db.command()
def upgrade(
    url: Annotated[str | None, typer.Option("--url", help="DATABASE_URL, if not the one in .env.")] = None,
) -> None:
    """Brings the database (DATABASE_URL) to the newest schema; `run` does the same when it starts."""
    from storage.engine import open_engine
    from storage.schema import upgrade as migrate

    environ = {name: value for name, value in dotenv_values(".env").items() if value} | os.environ
    try:
        target = url or database_url(environ)
        engine = open_engine(target)
        try:
            version = migrate(engine)
        finally:
            engine.dispose()
    except SettingsError as error:
        raise _say_mistakes(error) from None
    except SQLAlchemyError as error:
        err.print(f"[red]The database cannot be brought up to date:[/] {_short(error)}")
        raise typer.Exit(1) from None
    err.print(f"The database has the newest schema ({version}).")


def _settings() -> Settings:
    try:
        return from_environment()
    except SettingsError as error:
        raise _say_mistakes(error) from None


def _say_mistakes(error: SettingsError) -> typer.Exit:
    err.print("[red]Askdesk cannot start: these settings need another look (environment or .env):[/]")
    for mistake in error.mistakes:
        err.print(f"  • {mistake.sentence}", markup=False)
    err.print("  .env.example explains each of them; `askdesk demo` runs without any.", markup=False)
    return typer.Exit(SETTINGS_WRONG)


async def _serve(settings: Settings) -> int:
    from bot.clock import wall_clock
    from bot.sockets import SocketAuthError
    from bot.wiring import Askdesk, TokenRefused
    from storage.schema import upgrade as migrate
    from storage.store import Store

    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    store = Store.at(settings.database_url)
    desk: Askdesk | None = None
    try:
        await asyncio.to_thread(migrate, store.engine)
        desk = Askdesk(settings, store, wall_clock)
        asked = asyncio.create_task(stopping.wait(), name="stop signal")
        opened = asyncio.create_task(_open(desk), name="the desk")
        await asyncio.wait({asked, opened}, return_when=asyncio.FIRST_COMPLETED)
        if opened.done():
            opened.result()
        for task in (asked, opened):
            task.cancel()
        await asyncio.gather(asked, opened, return_exceptions=True)
    except (TokenRefused, SocketAuthError) as error:
        err.print(f"[red]{error}[/]")
        return TOKEN_REFUSED
    except SQLAlchemyError as error:
        err.print(f"[red]The database (DATABASE_URL) does not answer:[/] {_short(error)}")
        return 1
    finally:
        if desk is not None:
            await desk.stop()
        store.close()
    return 0


async def _open(desk: Any) -> None:
    await desk.start()
    await desk.wait()


def _run(work: Coroutine[Any, Any, int]) -> int:
    return asyncio.run(work)


def _short(error: SQLAlchemyError) -> str:
    return str(getattr(error, "orig", None) or error).splitlines()[0]
