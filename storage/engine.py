"""The database's engine: SQLite (WAL, foreign keys, `BEGIN IMMEDIATE`) or PostgreSQL 14+."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url

READING = "askdesk_reading"
"""Execution option of a connection that only reads: on SQLite it then takes no write lock."""

BUSY_SECONDS = 15.0


def open_engine(url: str) -> Engine:
    """An engine for `DATABASE_URL`.

    SQLite commits with `synchronous=FULL`, so that a promise survives a power cut, and begins every writing
    transaction by taking the lock: a SELECT followed by an UPDATE then cannot lose somebody else's update.
    """
    if make_url(url).get_backend_name() == "sqlite":
        return _sqlite(url)
    return create_engine(url, pool_size=5, max_overflow=5, pool_pre_ping=True, pool_timeout=BUSY_SECONDS)


def is_sqlite(engine: Engine) -> bool:
    return engine.dialect.name == "sqlite"


def _sqlite(url: str) -> Engine:
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        reading = connection.get_execution_options().get(READING, False)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine
