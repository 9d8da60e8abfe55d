"""A desk with as many waiting callbacks as wanted: one real case per channel, copied by the database itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Integer, Table, column, insert, literal, select, table, text

from cases import moves
from cases.program import Program
from cases.reminders.rules import Rule
from storage import tables as t
from storage.store import Store
from storage.unit import UnitOfWork
from storage.writing.cases import save_change
from storage.writing.programs import save_program
from tests import build
from tests.build import ANA, BEN, acting

FAR = timedelta(days=3)
"""From when on the waiting callbacks are due: nothing of them comes up while somebody measures."""

POURED = table("poured", column("number", Integer), column("model", Integer))
"""The new cases of one step, each with the number of the model that it copies."""


def programs(store: Store, channels: int) -> list[Program]:
    """So many ASK channels, none of which has recurring posts to make."""

    def job(unit: UnitOfWork) -> list[Program]:
        return [
            save_program(
                unit, build.program(channel=f"C0ASK{number:04}", name=f"Desk {number}", digest_at=None)
            )
            for number in range(1, channels + 1)
        ]

    return store.write_now(job)


def models(store: Store, desks: Sequence[Program], now: datetime) -> list[int]:
    """A claimed case in each channel, all that it has to say said; their numbers."""

    def job(unit: UnitOfWork) -> list[int]:
        numbers = []
        for desk in desks:
            said = build.escalation(due_at=now + FAR)
            case = save_change(
                unit, moves.raise_case(None, acting(ANA, now, desk), unit.next_number(), said), desk, now
            )
            save_change(unit, moves.claim(case, acting(BEN, now)), desk, now)
            numbers.append(case.number)
        unit.connection.execute(t.notices.update().values(state="sent", ts="1.000000", settled_at=now))
        return numbers

    return store.write_now(job)


def waiting(store: Store, models: Sequence[int], number: int, due: datetime) -> None:
    """Copies the models: `number` callbacks with all their reminders, due when nobody measures any more."""
    _copy(store, models, number, due, (Rule.HEADS_UP, Rule.DUE, Rule.OVERDUE))


def due_at_once(store: Store, models: Sequence[int], number: int, at: datetime) -> None:
    """Copies the models: `number` callbacks that are all due at the same instant, and chased from then on."""
    _copy(store, models, number, at, (Rule.DUE,))


def settled(store: Store) -> None:
    """Lets the database look at what was poured into it, as it does by itself in daily life."""
    statement = "ANALYZE" if store.engine.dialect.name == "sqlite" else "VACUUM ANALYZE"
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(statement)


def _copy(
    store: Store,
    models: Sequence[int],
    number: int,
    due: datetime,
    rules: Sequence[Rule],
) -> None:
    """In steps, so that no single transaction grows without bound; each step is three statements."""
    done = 0
    while done < number:
        step = min(100_000, number - done)

        def job(unit: UnitOfWork, step: int = step) -> None:
            base = unit.connection.execute(
                select(t.counters.c.value).where(t.counters.c.name == "cases")
            ).scalar_one()
            places = _places(unit.connection, step, base, models)
            unit.connection.execute(text(f"CREATE TEMPORARY TABLE poured AS {places}"))
            for rows in (t.cases, t.callbacks):
                _pour(unit.connection, rows, due)
            _pour(unit.connection, t.reminders, due, rules)
            unit.connection.exec_driver_sql("DROP TABLE poured")
            counter = t.counters.update().where(t.counters.c.name == "cases")
            unit.connection.execute(counter.values(value=base + step))

        store.write_now(job)
        done += step


def _places(connection: Connection, number: int, base: int, models: Sequence[int]) -> str:
    """A query for the numbers of the new cases, each with that of its model; the models' own numbers are in a row."""
    places = f"SELECT generate_series(0, {number - 1}) AS place"
    if connection.dialect.name == "sqlite":
        places = (
            "WITH RECURSIVE up(place) AS (SELECT 0 UNION ALL SELECT place + 1 FROM up "
            f"WHERE place < {number - 1}) SELECT place FROM up"
        )
    return (
        f"SELECT {base + 1} + place AS number, {models[0]} + place % {len(models)} AS model "
        f"FROM ({places}) AS places"
    )


def _pour(connection: Connection, rows: Table, due: datetime, rules: Sequence[Rule] = ()) -> None:
    """Copies the models' rows of a table for the new cases, with another number and another time."""
    key = rows.c.number if rows is t.cases else rows.c.case_number
    columns = [one for one in rows.c if one.name != "id"]
    new: dict[str, Any] = {key.name: POURED.c.number, "due_at": literal(due, rows.c.due_at.type)}
    values = [new.get(one.name, one) for one in columns]
    source = select(*values).select_from(rows.join(POURED, key == POURED.c.model))
    if rules:
        wanted = rows.c.rule.in_([rule.value for rule in rules])
        source = source.where(wanted, rows.c.state == "waiting")
    connection.execute(insert(rows).from_select([one.name for one in columns], source))
