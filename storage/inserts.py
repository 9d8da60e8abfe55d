"""Inserts that may meet a row of the same key: the two databases say it alike, SQLAlchemy has a class for each."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table


def insert_into(table: Table, *, is_sqlite: bool) -> Any:
    """An insert that takes `on_conflict_…`."""
    # Imported here: the engine has read the one database's part by now, and the other's takes two megabytes.
    if is_sqlite:
        from sqlalchemy.dialects.sqlite import insert

        return insert(table)
    from sqlalchemy.dialects.postgresql import insert as insert_there

    return insert_there(table)
