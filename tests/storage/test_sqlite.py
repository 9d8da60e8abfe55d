"""SQLite as the desk opens it: a promise survives a power cut, and nobody loses an update."""

from __future__ import annotations

import sqlite3

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from storage.store import Store
from tests.build import VAULT
from tests.storage.book import opened


def test_the_switches_are_as_promised(sqlite_url: str) -> None:
    """WAL, foreign keys, `synchronous=FULL` on every connection of the pool."""
    with opened(sqlite_url) as book:
        found = []
        with book.store.engine.connect() as one, book.store.read() as two:
            for connection in (one, two.connection):
                found.append(
                    [
                        connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
                        for name in ("journal_mode", "synchronous", "foreign_keys")
                    ]
                )
        assert found == [["wal", 2, 1], ["wal", 2, 1]]


def test_a_row_without_its_parent_is_refused(sqlite_url: str) -> None:
    """Foreign keys are kept, which SQLite does only when asked."""
    with opened(sqlite_url) as book, pytest.raises(IntegrityError), book.store.begin() as work:
        work.connection.execute(text("INSERT INTO record_heads (program, length, hash) VALUES (99, 0, 'x')"))


def test_a_writer_takes_the_lock_before_it_reads(sqlite_url: str) -> None:
    """So that nothing it read can have changed when it writes; whoever only reads goes on meanwhile."""
    with opened(sqlite_url) as book:
        book.raises()
        other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), timeout=0, isolation_level=None)
        try:
            with book.store.begin() as work:
                work.case(1, book.program.id)
                with pytest.raises(sqlite3.OperationalError, match="locked"):
                    other.execute("BEGIN IMMEDIATE")
                assert other.execute("SELECT count(*) FROM cases").fetchone() == (1,)
            with book.store.read() as reading:
                reading.case(1, book.program.id)
                other.execute("BEGIN IMMEDIATE")
                other.execute("ROLLBACK")
        finally:
            other.close()


def test_what_was_committed_is_there_for_the_next_process(sqlite_url: str) -> None:
    """Closed and opened again."""
    with opened(sqlite_url) as book:
        case = book.raises()
    store = Store.at(sqlite_url, VAULT)
    try:
        with store.read() as reading:
            assert reading.case(1, book.program.id) == case
    finally:
        store.close()
