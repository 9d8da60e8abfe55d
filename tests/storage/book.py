"""The desk's book: a real database with one program, and the few things that tests do to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from copy import copy
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Table, func, select, update
from sqlmodel import SQLModel

from cases import moves
from cases.case import Case, Escalation
from cases.events import Event, Happened
from cases.moves import Change
from cases.people import DESK, Person
from cases.program import Program
from storage import tables as t
from storage.outbox import next_notice, outbox, schedule
from storage.outbox.next_notice import May, Nothing
from storage.outbox.notices import Claimed
from storage.schema import upgrade
from storage.store import Store
from storage.unit import UnitOfWork
from storage.vault import Vault
from storage.writing.cases import save_change
from storage.writing.programs import save_program
from tests import build
from tests.build import ANA, BEN, NOW, VAULT, acting

K = TypeVar("K")
R = TypeVar("R")

HOLD = timedelta(seconds=30)


class Book:
    """A store, its program, and shortcuts; every shortcut is a transaction of its own."""

    def __init__(self, url: str, vault: Vault = VAULT) -> None:
        # A copy: whether a vault is strict goes by its database, and tests share their keys.
        self.store = Store.at(url, copy(vault))
        upgrade(self.store.engine)
        self.program = self.store.write_now(lambda unit: save_program(unit, build.program()))

    def opens(self) -> None:
        """The first line of the record, as a start writes it together with the program."""
        first = Event(Happened.DESK_OPENED, DESK.id, {"name": self.program.name})
        self.store.write_now(lambda unit: unit.append([first], self.program.id, None, NOW))

    def as_before_keys(self) -> None:
        """The rows as a version leaves them that signs nothing: what is there is neither keyed nor stamped."""
        with self.store.engine.begin() as connection:
            connection.execute(update(t.events).values(mac=""))
            connection.execute(update(t.heads).values(mac="", stage=0))
            for table in (t.cases, t.callbacks, t.attempts):
                connection.execute(update(table).values(stamp=""))

    # Changes

    def raises(
        self,
        said: Escalation | None = None,
        *,
        now: datetime = NOW,
        by: Person = ANA,
        program: Program | None = None,
    ) -> Case:
        """A new case."""
        desk = program or self.program

        def job(unit: UnitOfWork) -> Case:
            change = moves.raise_case(
                None, acting(by, now, desk), unit.next_number(), said or build.escalation()
            )
            return save_change(unit, change, desk, now)

        return self.store.write_now(job)

    def moves(self, case: Case, change: Callable[[Case], Change], now: datetime = NOW) -> Case:
        """One move on the case as it stands, as the desk makes it."""

        def job(unit: UnitOfWork) -> Case:
            return save_change(
                unit, change(unit.locked_case(case.number, self.program.id)), self.program, now
            )

        return self.store.write_now(job)

    def claims(self, case: Case, by: Person = BEN, now: datetime = NOW) -> Case:
        return self.moves(case, lambda one: moves.claim(one, acting(by, now)), now)

    def notes(self, case: Case, note: str, now: datetime = NOW) -> Case:
        return self.moves(case, lambda one: moves.add_note(one, acting(ANA, NOW), note), now)

    def calls(self, case: Case, now: datetime, by: Person = BEN) -> Case:
        return self.moves(case, lambda one: moves.calling_now(one, acting(by, now)), now)

    def closes(self, case: Case, now: datetime, by: Person = BEN) -> Case:
        return self.moves(case, lambda one: moves.complete(one, acting(by, now), build.closing()), now)

    # What happens by itself

    def beats(self, now: datetime) -> int:
        """Settles everything that is due; how many reminders that were."""
        settled = 0
        while turn := self.store.write_now(schedule.settle_due, now, 2):
            settled += len(turn)
        return settled

    def takes(self, now: datetime = NOW, channel: str | None = None, may: May = May.ALL) -> Claimed | Nothing:
        """The next notice, claimed."""
        where = channel or self.program.channel
        return self.store.write_now(next_notice.claim, where, now, HOLD, may)

    def sends(self, claim: Claimed | Nothing, now: datetime = NOW) -> Claimed:
        """Slack took it."""
        assert isinstance(claim, Claimed)
        self.store.write_now(outbox.sent, claim, f"{1_000 + claim.notice.id}.000000", None, now)
        return claim

    def draws(self, now: datetime = NOW) -> None:
        """Every card that waits to be drawn anew is."""
        while isinstance(redraw := self.takes(now, may=May.REDRAWS), Claimed):
            self.sends(redraw, now)

    def delivers(self, now: datetime = NOW) -> list[Claimed]:
        """Sends until nothing can go; what went, in order."""
        gone = []
        while isinstance(claim := self.takes(now), Claimed):
            gone.append(self.sends(claim, now))
        return gone

    # What stands there

    def case(self, number: int) -> Case:
        with self.store.read() as reading:
            return reading.case(number, self.program.id)

    def rows(self, table: Table, **where: Any) -> list[dict[str, Any]]:
        """A table's rows, in the order in which they came."""
        query = select(table).order_by(*table.primary_key)
        for name, value in where.items():
            query = query.where(table.c[name] == value)
        with self.store.engine.connect() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    def counts(self) -> dict[str, int]:
        """How many rows each table has, and what the counters say."""
        with self.store.engine.connect() as connection:
            found = {
                table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
                for table in SQLModel.metadata.sorted_tables
            }
            found["counter"] = connection.execute(
                select(t.counters.c.value).where(t.counters.c.name == "cases")
            ).scalar_one()
            return found


def as_a(kind: type[K], found: object) -> K:
    """What was claimed, as the kind of notice that it is to be."""
    assert isinstance(found, kind), found
    return found


@contextmanager
def opened(url: str, vault: Vault = VAULT) -> Iterator[Book]:
    """A book, closed at the end."""
    book = Book(url, vault)
    try:
        yield book
    finally:
        book.store.close()


def at_once(jobs: Iterable[Callable[[], R]]) -> list[R]:
    """Runs the jobs side by side, each on a thread of its own; their results, or the first failure."""
    todo = list(jobs)
    with ThreadPoolExecutor(len(todo)) as pool:
        return [future.result(timeout=240) for future in [pool.submit(job) for job in todo]]
