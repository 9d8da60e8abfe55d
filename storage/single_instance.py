"""SQLite is for one bot: a second one on the same file exits with a message instead of sending everything twice."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import make_url

from storage.files import make_private


class AnotherInstance(Exception):
    """Another bot runs on this SQLite file; the text says what to do."""


@contextmanager
def single_instance(url: str) -> Iterator[None]:
    """Locks a SQLite file for this bot; does nothing on PostgreSQL, which takes any number. Raises AnotherInstance.

    The lock is SQLite's own, on a file beside the database, so it is released as soon as its holder dies.
    """
    found = make_url(url)
    if found.get_backend_name() != "sqlite":
        yield
        return
    database = Path(found.database or "")
    file = Path(f"{database}-run")
    make_private(file)
    place = sqlite3.connect(file, timeout=0, isolation_level=None, check_same_thread=False)
    try:
        try:
            place.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            raise AnotherInstance(
                f"Another bot is already running on {database}. SQLite allows only one: stop the other first, or use PostgreSQL "
                "(DATABASE_URL), which allows any number."
            ) from None
        yield
    finally:
        place.close()
