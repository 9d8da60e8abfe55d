"""Inserts that may hit a row with the same key. Both databases spell them alike; SQLAlchemy has a class for each."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table


def insert_into(table: Table, *, is_sqlite: bool) -> Any:
    """An insert that takes `on_conflict_…`."""
    # Imported here: the engine has loaded its own dialect already, and the other one takes two megabytes.
    if is_sqlite:
        from sqlalchemy.dialects.sqlite import insert

        return insert(table)
    from sqlalchemy.dialects.postgresql import insert as insert_there

    return insert_there(table)
