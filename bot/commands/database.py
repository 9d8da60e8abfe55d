"""`askdesk db upgrade`."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape

from bot.terminal.console import FAILED, err, print_mistakes, short


def upgrade(
    url: Annotated[
        str | None,
        typer.Option("--url", metavar="URL", help="The database; default: DATABASE_URL.", show_default=False),
    ] = None,
) -> None:
    """Brings the database to the newest schema.

    A database that is up to date stays as it is, and a change that fails is rolled
    back completely. `askdesk run` does the same when it starts; use this command
    in a start-up script, or to check beforehand. It needs no Slack.

    Examples:
      askdesk db upgrade
      askdesk db upgrade --url sqlite:///askdesk.db
      askdesk db upgrade --url postgresql+psycopg://me:secret@db/askdesk

    Exit codes:
      0  the database has the newest schema
      1  it does not answer, or a newer Askdesk made it
      2  DATABASE_URL is wrong
    """
    from sqlalchemy.exc import SQLAlchemyError

    from bot.environment.settings import SettingsError, UnreadableFile, database_url, environment
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
        raise print_mistakes(error) from None
    except (SQLAlchemyError, MigrationFailed) as error:
        err.print(f"[red]The database cannot be brought up to date:[/] {escape(short(error))}")
        raise typer.Exit(FAILED) from None
    err.print(f"The database has the newest schema ({version}).")
