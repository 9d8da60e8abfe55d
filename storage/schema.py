"""The schema's version: brought up to date by migrations, checked before the bot runs.

Alembic is loaded only where there is something to migrate: a bot whose database is up to date starts without it.
"""

from __future__ import annotations

import re
import threading
from enum import Enum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from storage.engine import is_sqlite

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"
_REVISION = re.compile(r'^(revision|down_revision)\b[^=\n]*= "(\w+)"', re.MULTILINE)

_LOCK = 4_273_001
"""An arbitrary key: on PostgreSQL two replicas that start at once migrate one after the other."""


_ONE_AT_A_TIME = threading.Lock()
"""Alembic keeps what it works on in its modules: two threads of a process would take it from each other."""


class MigrationFailed(Exception):
    """The migrations do not fit the database; the text says why."""


class Standing(Enum):
    """How the database's schema stands to what this code knows."""

    MISSING = "missing"
    BEHIND = "behind"
    CURRENT = "current"
    AHEAD = "ahead"
    """Of a newer version, which only added to it: this one goes on with what it knows."""


def upgrade(engine: Engine) -> str:
    """Applies the migrations that are missing, all in one transaction; returns the version reached.

    Raises MigrationFailed where they do not fit.
    """
    with engine.begin() as connection:
        if not is_sqlite(engine):
            # As long as it takes: another one's migrations, and one's own on big tables. But nobody who works on is
            # kept waiting behind a table's lock for long; then it is tried again with the next start.
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
            connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
            connection.exec_driver_sql("SET LOCAL lock_timeout = '5s'")
        found = version(connection)
        if found is not None and found == newest():
            return found
        return _migrate(connection)


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
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(
        text("SELECT version_num FROM alembic_version")
    ).scalar_one_or_none()
    return found


def newest() -> str | None:
    """The version that this code expects: the migration that no other follows."""
    followed = set(_known().values())
    return next((revision for revision in _known() if revision not in followed), None)


@cache
def _known() -> dict[str, str | None]:
    """Every version that this code has a migration for, with the one that it follows."""
    known: dict[str, str | None] = {}
    for file in (MIGRATIONS / "versions").glob("*.py"):
        found = dict(_REVISION.findall(file.read_text(encoding="utf-8")))
        if "revision" in found:
            known[found["revision"]] = found.get("down_revision")
    return known


def _migrate(connection: Connection) -> str:
    from alembic import command
    from alembic.util import CommandError

    try:
        with _ONE_AT_A_TIME:
            command.upgrade(_config(connection), "head")
    except CommandError as error:
        raise MigrationFailed(str(error)) from error
    return version(connection) or ""


def _config(connection: Connection | None) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
