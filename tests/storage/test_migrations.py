"""The schema: what the migrations build is what the code means, however often and by however many it is built."""

from __future__ import annotations

from functools import partial

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect
from sqlmodel import SQLModel

from storage.engine import open_engine
from storage.schema import is_current, newest, upgrade
from tests.storage.book import Book, at_once


def test_the_migrations_build_what_the_code_means(book: Book) -> None:
    """Alembic compares the database with the tables' classes: types, defaults, keys and indexes."""
    with book.store.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, SQLModel.metadata) == []


def test_partial_indexes_are_partial(book: Book) -> None:
    """Alembic does not look at an index's condition: the waiting few are found among many settled."""
    where = {}
    inspector = inspect(book.store.engine)
    for table in ("reminders", "notices"):
        for index in inspector.get_indexes(table):
            options = index.get("dialect_options", {})
            where[index["name"]] = (
                str(options.get("postgresql_where", options.get("sqlite_where", "")))
                .replace("(", "")
                .replace(")", "")
            )
    for name in ("ix_reminders_due", "uq_notices_card", "ix_notices_unsettled"):
        assert "waiting" in where[name], (name, where)


def test_upgrading_again_changes_nothing(book: Book) -> None:
    """Every start upgrades; cases stay."""
    book.raises()
    before = book.counts()
    assert upgrade(book.store.engine) == newest()
    assert is_current(book.store.engine)
    assert book.counts() == before


def test_an_empty_database_is_not_current(database_url: str) -> None:
    """`run` says so instead of failing at the first click."""
    engine = open_engine(database_url)
    try:
        assert not is_current(engine)
        upgrade(engine)
        assert is_current(engine)
    finally:
        engine.dispose()


def test_two_that_start_at_once_migrate_one_after_the_other(database_url: str) -> None:
    """Two replicas on an empty database: both find it ready, it was built once."""
    engines: list[Engine] = [open_engine(database_url) for _ in range(2)]
    try:
        reached = at_once([partial(upgrade, engine) for engine in engines])
        assert reached == [newest(), newest()]
        with engines[0].connect() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM counters").scalar_one() == 1
    finally:
        for engine in engines:
            engine.dispose()


def test_a_migration_that_fails_leaves_the_database_as_it_was(database_url: str) -> None:
    """All of it is one transaction, on SQLite as well."""
    engine = open_engine(database_url)
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE notices (id INTEGER)")  # in the way of the first schema
        with pytest.raises(Exception, match="notices"):
            upgrade(engine)
        assert inspect(engine).get_table_names() == ["notices"]
    finally:
        engine.dispose()
