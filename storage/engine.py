"""The database's engine: SQLite (WAL, foreign keys, `BEGIN IMMEDIATE`) or PostgreSQL 14+."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url

from storage.files import make_private

READING = "askdesk_reading"
"""Execution option of a connection that only reads: on SQLite it then takes no write lock."""

BUSY_SECONDS = 15.0
WAL_TRIES = 100


def open_engine(url: str) -> Engine:
    """An engine for `DATABASE_URL`.

    SQLite commits with `synchronous=FULL`, so that a promise survives a power cut, and begins every writing
    transaction by taking the lock: a SELECT followed by an UPDATE then cannot lose somebody else's update.
    Errors never show a statement's values: they are customers' names and what was said.
    """
    if make_url(url).get_backend_name() == "sqlite":
        return _sqlite(url)
    return create_engine(
        url,
        pool_size=5,
        max_overflow=5,
        pool_pre_ping=True,
        pool_timeout=BUSY_SECONDS,
        hide_parameters=True,
        connect_args={"connect_timeout": 5, "options": "-c lock_timeout=5s -c statement_timeout=15s"},
    )


def is_sqlite(engine: Engine | Connection) -> bool:
    """Whether this is SQLite; otherwise it is PostgreSQL."""
    return engine.dialect.name == "sqlite"


def _use_wal(cursor: Any) -> None:
    """Switches a new file to WAL. Two processes that start at once both try, and SQLite lets neither wait."""
    for left in reversed(range(WAL_TRIES)):
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if not left:
                raise
            time.sleep(0.05)
        else:
            return


def _sqlite(url: str) -> Engine:
    engine = create_engine(
        url,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
        hide_parameters=True,
    )

    @event.listens_for(engine, "do_connect")
    def _create(_dialect: Any, _record: Any, arguments: Any, _options: Any) -> None:
        make_private(Path(arguments[0]))

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        _use_wal(cursor)
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        reading = connection.get_execution_options().get(READING, False)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine
