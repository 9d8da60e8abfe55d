"""(e) How many changes of a case the database takes in a second, beside the raw driver doing the very same statements.

The statements of every change are noted with their values while the desk makes it, and then given to the driver
alone on a fresh copy of the same database: the same rows, the same order, the same commits.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
from sqlalchemy import Engine, event
from sqlalchemy.engine import make_url

from cases import moves
from cases.case import Case
from cases.program import Program
from storage.schema import upgrade
from storage.store import Store
from storage.unit import UnitOfWork
from storage.writing.cases import save_change
from storage.writing.programs import save_program
from tests import build
from tests.benchmarks.databases import Databases
from tests.benchmarks.figures import Figure, Target
from tests.build import ANA, BEN, NOW, acting

BOUNDS = {"sqlite": 0.10, "postgresql": 0.25}


@dataclass
class Statements:
    """What the driver was given, transaction by transaction."""

    transactions: list[list[tuple[str, Any, bool]]] = field(default_factory=list)

    @contextmanager
    def of(self, engine: Engine) -> Iterator[None]:
        def begun(_connection: Any) -> None:
            self.transactions.append([])

        def noted(_c: Any, _cursor: Any, statement: str, values: Any, _context: Any, many: bool) -> None:
            if statement != "BEGIN IMMEDIATE":
                self.transactions[-1].append((statement, values, many))

        event.listen(engine, "begin", begun)
        event.listen(engine, "before_cursor_execute", noted)
        try:
            yield
        finally:
            event.remove(engine, "begin", begun)
            event.remove(engine, "before_cursor_execute", noted)


def raise_one(unit: UnitOfWork, program: Program) -> Case:
    change = moves.raise_case(None, acting(ANA, NOW, program), unit.next_number(), build.escalation())
    return save_change(unit, change, program, NOW)


def claim_one(unit: UnitOfWork, program: Program, number: int) -> Case:
    return save_change(
        unit, moves.claim(unit.locked_case(number, program.id), acting(BEN, NOW)), program, NOW
    )


def changes(store: Store, program: Program, number: int) -> None:
    """Half of the changes raise a case, the others claim it."""
    for _ in range(number // 2):
        case = store.write_now(raise_one, program)
        store.write_now(claim_one, program, case.number)


def desk(url: str) -> tuple[Store, Program]:
    store = Store.at(url)
    upgrade(store.engine)
    return store, store.write_now(save_program, build.program())


def by_sqlite(url: str, transactions: Sequence[Sequence[tuple[str, Any, bool]]]) -> float:
    """Seconds for the same statements through the driver alone, set up as the store sets it up."""
    with closing(sqlite3.connect(str(make_url(url).database), isolation_level=None)) as connection:
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {pragma}")
        began = time.perf_counter()
        for statements in transactions:
            connection.execute("BEGIN IMMEDIATE")
            for statement, values, many in statements:
                if many:
                    connection.executemany(statement, values)
                else:
                    connection.execute(statement, values).fetchall()
            connection.execute("COMMIT")
        return time.perf_counter() - began


def by_postgresql(url: str, transactions: Sequence[Sequence[tuple[str, Any, bool]]]) -> float:
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address) as connection, connection.cursor() as cursor:
        began = time.perf_counter()
        for statements in transactions:
            for statement, values, many in statements:
                if many:
                    cursor.executemany(statement, values)
                else:
                    cursor.execute(statement, values)
                    if cursor.description is not None:
                        cursor.fetchall()
            connection.commit()
        return time.perf_counter() - began


def measure(databases: Databases, number: int = 1_000) -> list[Figure]:
    """Each kind of database by itself; the raw driver right after the desk."""
    figures = []
    for kind, raw in (("sqlite", by_sqlite), ("postgresql", by_postgresql)):
        with databases.new(kind) as url, databases.new(kind) as copy:
            noted = Statements()
            store, program = desk(url)
            changes(store, program, 20)  # the statements are compiled, the pages are there
            with closing(store), noted.of(store.engine):
                began = time.perf_counter()
                changes(store, program, number)
                took = time.perf_counter() - began
            again, _ = desk(copy)
            changes(again, program, 20)
            again.close()
            alone = raw(copy, noted.transactions)
            per = sum(len(one) for one in noted.transactions) / len(noted.transactions)
            figures.append(
                Figure(
                    "e",
                    f"changes of a case, {NAMES[kind]}",
                    number / took,
                    "/s",
                    peer="the driver alone, the same statements",
                    beside=number / alone,
                    target=Target(BOUNDS[kind], at_least=True, of_ratio=True),
                    note=f"one transaction each, {per:.1f} statements on average",
                )
            )
    return figures


NAMES = {"sqlite": "SQLite (WAL, `synchronous=FULL`)", "postgresql": "PostgreSQL"}
