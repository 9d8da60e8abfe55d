"""The statements of the hot paths, built once: what a change of a case runs is put together anew for none of them.

The two databases say it alike, but SQLAlchemy keeps an insert of its own for each; `lite` is SQLite.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Table, bindparam, insert, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from storage import tables as t

SAVE_CASE = update(t.cases).where(
    t.cases.c.number == bindparam("of_number"), t.cases.c.version == bindparam("of_version")
)
"""Sets the columns that it is given, where nobody saved the case meanwhile."""

HEAD = select(t.heads.c.length, t.heads.c.hash).where(t.heads.c.program == bindparam("of")).with_for_update()
SAVE_HEAD = update(t.heads).where(t.heads.c.program == bindparam("of"))
ADD_EVENTS = insert(t.events).returning(t.events.c.id, sort_by_parameter_order=True)
ADD_NOTICES = insert(t.notices)


@cache
def upsert(table: Table, names: tuple[str, ...], *, lite: bool) -> Any:
    """Adds rows of these columns, or brings those of the same key up to date."""
    keys = [column.name for column in table.primary_key]
    added = _insert(table, lite=lite)
    new = {name: added.excluded[name] for name in names if name not in keys}
    return added.on_conflict_do_update(index_elements=keys, set_=new)


@cache
def add_missing(table: Table, *, lite: bool) -> Any:
    """Adds rows, but none that is there already."""
    return _insert(table, lite=lite).on_conflict_do_nothing()


@cache
def redraw(*, lite: bool) -> Any:
    """Adds a card's notice, unless one waits.

    Then an update that changes nothing, rather than nothing at all: it holds the row, so that delivery, about to draw
    this card, waits until this change can be seen.
    """
    # As text: PostgreSQL matches a partial index only by constants, which bound values are not.
    waiting = text("kind = 'card' AND state = 'waiting'")
    same = {"state": t.notices.c.state}
    return _insert(t.notices, lite=lite).on_conflict_do_update(
        index_elements=["case_number"], index_where=waiting, set_=same
    )


def _insert(table: Table, *, lite: bool) -> Any:
    return sqlite.insert(table) if lite else postgresql.insert(table)
