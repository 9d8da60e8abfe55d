"""(h) How long a report takes over many cases: undivided, and divided by each thing that it can be divided by."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

from bot.demo.environment import key
from cases.figures.report import OF_ONE_PROGRAM
from cases.program import Program
from storage.reports.figures import report_of
from storage.schema import upgrade
from storage.store import Store
from storage.vault import Vault
from storage.writing.programs import save_program
from tests import build
from tests.benchmarks.databases import Databases
from tests.benchmarks.figures import Figure, Target
from tests.storage.month import OCTOBER, ZONE, month, put

TARGETS = {"sqlite": ("SQLite", 3), "postgresql": ("PostgreSQL", 1)}
"""Seconds, by database."""


def measure(databases: Databases, cases: int = 100_000, times: int = 3) -> list[Figure]:
    """Over a month of so many cases; the best of `times`, each on a database that has read them before."""
    written = list(month(seed=25, cases=cases))
    figures: list[Figure] = []
    for kind in TARGETS:
        with databases.new(kind) as url, closing(Store.at(url, Vault([key()]))) as store:
            upgrade(store.engine)
            program = store.write_now(lambda unit: save_program(unit, build.program()))
            put(store, written)
            if kind == "postgresql":
                with store.engine.begin() as connection:
                    connection.exec_driver_sql("ANALYZE")  # as autovacuum does where cases come one by one
            figures += _told(store, replace(program, timezone=ZONE), kind, cases, times)
    return figures


def _told(store: Store, program: Program, kind: str, cases: int, times: int) -> Iterator[Figure]:
    name, bound = TARGETS[kind]
    now = OCTOBER.ends
    took = {}
    for by in (None, *OF_ONE_PROGRAM):
        spent = []
        for _ in range(times):
            began = time.perf_counter()
            told = store.ask_now(report_of, program, OCTOBER, now, by)
            spent.append(time.perf_counter() - began)
            if not told.total.raised:
                raise ValueError("a report has to tell of something")
        took[by] = min(spent)
    slowest = max(OF_ONE_PROGRAM, key=lambda by: took[by])
    over = f"a report over {cases:,} cases, {name}"
    yield Figure("h", over, took[None], "s", target=Target(bound))
    yield Figure(
        "h",
        f"{over}, divided",
        took[slowest],
        "s",
        target=Target(bound),
        note=f"the slowest, by {slowest.label}",
    )
