"""A week of calling hours, and SMEs apart from TLs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_programs = sa.table(
    "programs",
    sa.column("id", sa.Integer),
    sa.column("people", sa.JSON),
    sa.column("numbers", sa.JSON),
    sa.column("calls_from", sa.Time),
    sa.column("calls_until", sa.Time),
)


def upgrade() -> None:
    _rewrite(_split, _programs.c.calls_from, _programs.c.calls_until)
    # Not by a copy of the table: SQLite would delete the programs that cases refer to.
    op.drop_column("programs", "calls_from")
    op.drop_column("programs", "calls_until")


def downgrade() -> None:
    op.add_column("programs", sa.Column("calls_from", sa.Time(), nullable=False, server_default="08:00:00"))
    op.add_column("programs", sa.Column("calls_until", sa.Time(), nullable=False, server_default="21:00:00"))
    _rewrite(_join)


def _rewrite(change: Callable[[dict[str, Any]], dict[str, Any]], *more: sa.ColumnClause[Any]) -> None:
    """Every program's row, changed."""
    connection = op.get_bind()
    columns = (_programs.c.id, _programs.c.people, _programs.c.numbers, *more)
    for row in connection.execute(sa.select(*columns)).mappings().all():
        new = change(dict(row))
        connection.execute(_programs.update().where(_programs.c.id == row["id"]).values(**new))


def _split(row: dict[str, Any]) -> dict[str, Any]:
    """The first of the groups was the SMEs', the others the TLs'; a single one was both."""
    people, numbers = dict(row["people"]), dict(row["numbers"])
    groups = people.pop("sme_tl_groups", [])
    people["sme_groups"], people["tl_groups"] = groups[:1], groups[1:] or groups
    people["sme_users"], people["tl_users"] = people.pop("sme_tl_users", []), []
    hours = [at.isoformat(timespec="minutes") for at in (row["calls_from"], row["calls_until"])]
    numbers["calling"] = [hours] * 7
    return {"people": people, "numbers": numbers}


def _join(row: dict[str, Any]) -> dict[str, Any]:
    """Back to one list and one pair of hours: the week's widest."""
    people, numbers = dict(row["people"]), dict(row["numbers"])
    for kind in ("groups", "users"):
        both = [*people.pop(f"sme_{kind}", []), *people.pop(f"tl_{kind}", [])]
        people[f"sme_tl_{kind}"] = list(dict.fromkeys(both))
    opening = [day for day in numbers.pop("calling", []) if day]
    # Midnight as the end of a day was not known: its last minute stands for it.
    closes = [at if at != "00:00" else "23:59" for _, at in opening]
    return {
        "people": people,
        "numbers": numbers,
        "calls_from": time.fromisoformat(min((at for at, _ in opening), default="08:00")),
        "calls_until": time.fromisoformat(max(closes, default="21:00")),
    }
