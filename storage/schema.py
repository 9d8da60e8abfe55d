"""The schema's version: brought up to date by migrations, checked before the bot runs."""

from __future__ import annotations

from enum import Enum
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from storage.engine import is_sqlite

_LOCK = 4_273_001
"""An arbitrary key: on PostgreSQL two replicas that start at once migrate one after the other."""


class Standing(Enum):
    """How the database's schema stands to what this code knows."""

    MISSING = "missing"
    BEHIND = "behind"
    CURRENT = "current"
    AHEAD = "ahead"
    """Of a newer version, which only added to it: this one goes on with what it knows."""


def upgrade(engine: Engine) -> str:
    """Applies the migrations that are missing, all in one transaction; returns the version reached."""
    with engine.begin() as connection:
        if not is_sqlite(engine):
            # As long as it takes: another one's migrations, and one's own on big tables. But nobody who works on is
            # kept waiting behind a table's lock for long; then it is tried again with the next start.
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
            connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
            connection.exec_driver_sql("SET LOCAL lock_timeout = '5s'")
        command.upgrade(_config(connection), "head")
        return version(connection) or ""


def is_current(engine: Engine) -> bool:
    """Whether the database has every migration that this code knows."""
    with engine.connect() as connection:
        return version(connection) == newest()


def standing(connection: Connection) -> Standing:
    """Whether this code can work with the database as it is."""
    found = version(connection)
    if found is None:
        return Standing.MISSING
    if found not in _known():
        return Standing.AHEAD
    return Standing.CURRENT if found == newest() else Standing.BEHIND


def version(connection: Connection) -> str | None:
    """The database's version; None where there is no schema yet."""
    return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    """The version that this code expects."""
    return ScriptDirectory.from_config(_config(None)).get_current_head()


@cache
def _known() -> frozenset[str]:
    """Every version that this code has a migration for."""
    scripts = ScriptDirectory.from_config(_config(None))
    return frozenset(script.revision for script in scripts.walk_revisions())


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
