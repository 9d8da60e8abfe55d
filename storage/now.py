"""The database's own clock: what several processes, each with a clock of its own, can agree upon."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select, type_coerce

from storage.engine import is_sqlite
from storage.tables import Instant


def database_now(connection: Connection, ahead: timedelta = timedelta()) -> ColumnElement[datetime]:
    """Now, or `ahead` of it, as an expression: the instant at which the statement runs, not the transaction's begin."""
    seconds = ahead.total_seconds()
    if is_sqlite(connection):
        moment: Any = func.strftime("%Y-%m-%d %H:%M:%f000", "now", f"{seconds:+.3f} seconds", type_=Instant())
        return type_coerce(moment, Instant())
    moment = func.clock_timestamp() + func.make_interval(0, 0, 0, 0, 0, 0, seconds)
    return type_coerce(moment, Instant())


def read_now(connection: Connection) -> datetime:
    """Now, by the database's clock."""
    found: datetime = connection.execute(select(database_now(connection))).scalar_one()
    return found
