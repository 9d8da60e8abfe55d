"""On SQLite one bot at a time: a second one on the same file is told so, instead of sending everything twice."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import make_url

from storage.files import make_private


class AnotherRuns(Exception):
    """A bot is at work on this SQLite file; the text says what to do."""


@contextmanager
def only_bot(url: str) -> Iterator[None]:
    """Holds the place of the only bot on a SQLite file; on PostgreSQL there may be any number. Raises AnotherRuns.

    The place is a lock of SQLite's on a file beside the database, so that it is free the moment its holder dies.
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
            raise AnotherRuns(
                f"Another askdesk run is at work on {database}. SQLite is for one: stop that one first, or use PostgreSQL "
                "(DATABASE_URL), where any number work together."
            ) from None
        yield
    finally:
        place.close()
