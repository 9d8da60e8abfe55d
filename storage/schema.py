"""The schema's version: brought up to date by migrations, checked before the bot runs."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from storage.engine import is_sqlite

_LOCK = 4_273_001
"""An arbitrary key: on PostgreSQL two replicas that start at once migrate one after the other."""


def upgrade(engine: Engine) -> str:
    """Applies the migrations that are missing, all in one transaction; returns the version reached."""
    with engine.begin() as connection:
        if not is_sqlite(engine):
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        command.upgrade(_config(connection), "head")
        return version(connection) or ""


def is_current(engine: Engine) -> bool:
    """Whether the database has every migration that this code knows."""
    with engine.connect() as connection:
        return version(connection) == newest()


def version(connection: Connection) -> str | None:
    """The database's version; None where there is no schema yet."""
    return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    """The version that this code expects."""
    return ScriptDirectory.from_config(_config(None)).get_current_head()


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
