"""SQLite as the desk opens it: a promise survives a power cut, and nobody loses an update."""

from __future__ import annotations

import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from storage.engine import open_engine
from storage.single_instance import single_instance
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


def test_its_files_are_for_their_owner_alone(sqlite_url: str, tmp_path: Path) -> None:
    """Whatever the shell's umask: the database, the log and the index beside it, and the single bot's file."""
    before = os.umask(0)
    try:
        with opened(sqlite_url) as book, single_instance(sqlite_url):
            book.raises()
            modes = {file.name: file.stat().st_mode & 0o777 for file in tmp_path.iterdir()}
    finally:
        os.umask(before)
    assert {"askdesk.db", "askdesk.db-wal", "askdesk.db-shm", "askdesk.db-run"} <= modes.keys()
    assert set(modes.values()) == {0o600}


def test_a_database_that_is_there_keeps_its_permissions(sqlite_url: str, tmp_path: Path) -> None:
    """Whoever gave a backup's group access meant it; the doctor reports it."""
    file = tmp_path / "askdesk.db"
    file.touch()
    file.chmod(0o640)
    with opened(sqlite_url) as book:
        book.raises()
        assert file.stat().st_mode & 0o777 == 0o640


def test_a_row_without_its_parent_is_refused(sqlite_url: str) -> None:
    """Foreign keys are kept, which SQLite does only when asked."""
    with opened(sqlite_url) as book, pytest.raises(IntegrityError), book.store.begin() as unit:
        unit.connection.execute(text("INSERT INTO record_heads (program, length, hash) VALUES (99, 0, 'x')"))


def test_a_writer_takes_the_lock_before_it_reads(sqlite_url: str) -> None:
    """So that nothing it read can have changed when it writes; whoever only reads goes on meanwhile."""
    with opened(sqlite_url) as book:
        book.raises()
        other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), timeout=0, isolation_level=None)
        try:
            with book.store.begin() as unit:
                unit.case(1, book.program.id)
                with pytest.raises(sqlite3.OperationalError, match="locked"):
                    other.execute("BEGIN IMMEDIATE")
                assert other.execute("SELECT count(*) FROM cases").fetchone() == (1,)
            with book.store.read() as reading:
                reading.case(1, book.program.id)
                other.execute("BEGIN IMMEDIATE")
                other.execute("ROLLBACK")
        finally:
            other.close()


def test_a_writer_waits_for_the_lock(sqlite_url: str) -> None:
    """A backup, say: whoever writes meanwhile has to wait, and hears of nothing."""
    with opened(sqlite_url) as book, ThreadPoolExecutor(1) as pool:
        other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")

        def once() -> int:
            with book.store.begin() as unit:
                return unit.next_number()

        writing = pool.submit(once)
        try:
            assert not wait([writing], timeout=0.5).done
        finally:
            other.execute("ROLLBACK")
            other.close()
        assert writing.result(timeout=120) == 1


def test_a_new_file_becomes_wal_though_somebody_writes_to_it(sqlite_url: str) -> None:
    """Two processes that start at once: SQLite itself lets neither wait."""
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    engine = open_engine(sqlite_url)

    def mode() -> str:
        with engine.connect() as connection:
            return str(connection.exec_driver_sql("PRAGMA journal_mode").scalar_one())

    with ThreadPoolExecutor(1) as pool:
        starting = pool.submit(mode)
        try:
            assert not wait([starting], timeout=0.5).done
        finally:
            other.execute("ROLLBACK")
            other.close()
        assert starting.result(timeout=120) == "wal"
    engine.dispose()


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
