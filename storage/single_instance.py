"""SQLite is for one bot: a second one on the same file ends with a sentence instead of sending everything twice."""

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
    """Locks a SQLite file for this bot; does nothing on PostgreSQL, where any number may run. Raises AnotherInstance.

    It is SQLite's own lock on a file beside the database, so it is free as soon as its holder dies.
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
                f"Another askdesk run is at work on {database}. SQLite is for one: stop that one first, or use PostgreSQL "
                "(DATABASE_URL), where any number work together."
            ) from None
        yield
    finally:
        place.close()
