"""PostgreSQL cuts connections: in the middle of a change, and while they rest. Nobody hears of it."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine

from cases.case import Status
from storage.reading import Reading
from storage.unit import UnitOfWork
from storage.writing.people import count_refusal
from tests.build import NOW
from tests.storage.book import Book

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


def test_a_change_whose_connection_is_cut_is_made_again(book: Book) -> None:
    """Whole, and once: what the first try did went with its connection."""
    tries = []

    def job(unit: UnitOfWork) -> None:
        tries.append(unit)
        count_refusal(unit, "U0ANA", "dm", "message", NOW)
        if len(tries) == 1:
            unit.connection.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")

    book.store.write_now(job)
    assert len(tries) == 2
    assert book.store.ask_now(Reading.refusals) == 1


def test_a_connection_that_was_cut_while_it_rested_is_not_used_again(book: Book, database_url: str) -> None:
    """The database was restarted over night; the first question of the morning is answered."""
    case = book.raises()
    admin = create_engine(database_url)
    with admin.connect() as connection:
        others = "datname = current_database() AND pid <> pg_backend_pid()"
        cut = f"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE {others}"
        assert connection.exec_driver_sql(cut).scalar_one() > 0
    admin.dispose()
    with book.store.read() as reading:
        assert reading.case(case.number, book.program.id).status is Status.OPEN


def test_no_statement_waits_for_ever(book: Book) -> None:
    """Where somebody holds a lock and does not let go, whoever waits for it is told after seconds."""
    with book.store.read() as reading:
        found = [
            reading.connection.exec_driver_sql(f"SHOW {name}_timeout").scalar_one()
            for name in ("lock", "statement")
        ]
    assert found == ["5s", "15s"]
