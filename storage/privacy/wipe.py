"""What was overwritten in the database is still in its files for a while: these take it out of them.

SQLite writes the whole file anew (VACUUM) and empties the log beside it. PostgreSQL frees the space of the old rows
(VACUUM), which later rows overwrite; its write-ahead log and backups are the administrator's.
"""

from __future__ import annotations

import sqlite3

from sqlalchemy import Engine, select, update
from sqlmodel import SQLModel

from storage import tables as t
from storage.engine import is_sqlite
from storage.personal import columns_of
from storage.reading import Reading
from storage.store import Store
from storage.unit import UnitOfWork

TRACES = "traces"
"""The counter that says whether something was overwritten since the files were last cleaned."""


def note_traces(unit: UnitOfWork) -> None:
    """Something personal was overwritten in this transaction."""
    counter = update(t.counters).where(t.counters.c.name == TRACES)
    unit.connection.execute(counter.values(value=t.counters.c.value + 1))


def clean(store: Store) -> bool:
    """Takes what was overwritten out of the database's files, if anything was; False where it is not sure.

    On SQLite nobody may write meanwhile (`Store.alone`).
    """
    seen = store.ask_now(_traces)
    if seen and not _clean_files(store.engine):
        return False
    if seen:
        store.write_now(_traces_gone, seen)
    return True


def _traces(reading: Reading) -> int:
    """How often something was overwritten since the files were last cleaned."""
    query = select(t.counters.c.value).where(t.counters.c.name == TRACES)
    found: int = reading.connection.execute(query).scalar_one()
    return found


def _traces_gone(unit: UnitOfWork, seen: int) -> None:
    """The files were cleaned; what was overwritten meanwhile is for the next time."""
    counter = update(t.counters).where(t.counters.c.name == TRACES)
    unit.connection.execute(counter.values(value=t.counters.c.value - seen))


def _clean_files(engine: Engine) -> bool:
    """False where somebody reads just now, so that it is not sure."""
    if not is_sqlite(engine):
        names = [table.name for table in SQLModel.metadata.sorted_tables if columns_of(table)]
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("SET statement_timeout = 0")
            connection.exec_driver_sql(f"VACUUM {', '.join(names)}")
            connection.exec_driver_sql("RESET statement_timeout")
        return True
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute("VACUUM")
        busy, _, _ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        cursor.close()
    except sqlite3.OperationalError:
        return False
    finally:
        raw.close()
    return not busy
