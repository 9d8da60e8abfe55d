"""One unit of work: everything that a change means, in one transaction, or none of it.

It loads what is changed and holds it, appends to the record, and vouches for what is written. What a case, a program or
somebody's membership needs to be saved whole stands in storage/writing/.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import ColumnElement, Connection, RowMapping, Table, delete, select

from cases.case import Case
from cases.errors import NoSuchCase
from cases.events import Event
from cases.program import Program
from storage import record, statements
from storage import tables as t
from storage.engine import is_sqlite
from storage.reading import Reading, case_of_row, part_of
from storage.record import Head
from storage.rows import Row
from storage.stamps import STAMP, Stamper
from storage.tables import Stage
from storage.vault import Vault

log = structlog.get_logger(__name__)

PROGRAMS = "programs"
"""The counter of programs saved and of user groups and channels that changed: replicas look at it every beat."""


class StaleCase(Exception):
    """Somebody else saved this case since it was read; the change is to be tried again on what stands now."""


class UnitOfWork(Reading):
    """One transaction's reads and writes; see `Store.begin`."""

    def __init__(self, connection: Connection, vault: Vault | None = None) -> None:
        super().__init__(connection, vault)
        self.stamper = Stamper(self.vault)
        self._heads: dict[int, Head] = {}
        """Where records end; each is held by this transaction."""

    def once(self, key: str, now: datetime) -> bool:
        """Whether `key` is new. What arrives twice (a retry, a double click) is acted on once."""
        query = statements.add_key(is_sqlite=is_sqlite(self.connection))
        return self.finds(query, {"key": key, "at": now})

    def forget(self, key: str) -> None:
        """Takes `once` back: nothing was done, the same submission may come again."""
        self.connection.execute(delete(t.handled).where(t.handled.c.key == key))

    def forget_handled(self, before: datetime) -> None:
        """Keys older than Slack's longest retry need not be kept."""
        self.connection.execute(delete(t.handled).where(t.handled.c.at < before))

    # What is loaded to be changed

    def next_number(self) -> int:
        """The number of the next case, without gaps; holds others back until this transaction ends."""
        number: int = self.connection.execute(statements.NEXT_NUMBER).scalar_one()
        return number

    def locked_programs(self) -> tuple[Program, ...]:
        """Every program, held for this transaction: two who change settings come one after the other."""
        if not is_sqlite(self.connection):
            held = select(t.counters.c.value).where(t.counters.c.name == PROGRAMS)
            self.connection.execute(held.with_for_update())
        return self.programs()

    def locked_case(self, number: int, program: int) -> Case:
        """The case, held for this transaction, so that two clicks come one after the other."""
        if not is_sqlite(self.connection):
            held = self.connection.execute(statements.HOLD_CASE, {"of_number": number})
            if held.one_or_none() is None:
                raise NoSuchCase(number)
        found = self.connection.execute(
            statements.ONE_CASE_STAMPED, {"of_number": number, "of_program": program}
        )
        row = found.mappings().one_or_none()
        if row is None:
            raise NoSuchCase(number)
        self._judge(row)
        return case_of_row(row, self.vault)

    def held_cases(self, *where: ColumnElement[bool]) -> Sequence[RowMapping]:
        """The rows of some cases, held for this transaction, to be changed with `writing.cases.amend_columns`."""
        held = select(t.cases.c.number).where(*where).with_for_update()
        numbers = self.connection.execute(held.order_by(t.cases.c.number)).scalars().all()
        # Once they are held: a statement that waits for a row reads its last line as it was before.
        query = select(t.cases, statements.LAST_LINE).where(t.cases.c.number.in_(numbers))
        rows = self.connection.execute(query.order_by(t.cases.c.number)).mappings().all()
        for row in rows:
            self._judge(row)
        return rows

    def _judge(self, row: Row) -> None:
        """Whether a held case, and the promise and the call that came with it, are as Askdesk left them."""
        self.stamper.judge(t.cases, row, row["last_line"] or "")
        for table, prefix in ((t.callbacks, "cb_"), (t.attempts, "at_")):
            if row.get(f"{prefix}number") is not None:
                self.stamper.judge(table, part_of(row, table, prefix))

    # The record

    def append(self, events: Sequence[Event], program: int, case: int | None, now: datetime) -> list[int]:
        """Lines of the record, and nothing else; their ids. What changes a case or a program is saved in storage/writing/,
        with its lines.
        """
        return self.enter(*self.lines(events, program, case, now))

    def lines(
        self, events: Sequence[Event], program: int, case: int | None, now: datetime
    ) -> tuple[list[dict[str, Any]], Head]:
        """The record's next lines, and where it ends then: to be entered once what they tell of is there."""
        return record.lines(events, self.head(program), case, now, self.vault)

    def enter(self, lines: list[dict[str, Any]], end: Head) -> list[int]:
        """Appends these lines; their ids."""
        ids = list(self.connection.execute(statements.ADD_EVENTS, lines).scalars())
        self.connection.execute(statements.SAVE_HEAD, {"of": end.program, **record.head_row(end, self.vault)})
        self._heads[end.program] = end
        return ids

    def head(self, program: int) -> Head:
        """Where a program's record ends, held for this transaction."""
        found = self._heads.get(program)
        if found is None:
            row = self.connection.execute(statements.HEAD, {"of": program}).mappings().one()
            found = self._heads[program] = record.head(row, self.vault)
            if not found.is_ours:
                log.error(
                    "the record's end was changed by hand: nothing is vouched for from here on, see askdesk verify",
                    program=program,
                )
        return found

    def raise_stage(self, program: int, stage: Stage) -> None:
        """The record is vouched for as this stage says, from the line that is appended next."""
        self._heads[program] = replace(self.head(program), stage=stage)

    # Rows

    def put(self, table: Table, rows: Sequence[dict[str, Any]]) -> None:
        """Adds rows, or brings those of the same key up to date."""
        if rows:
            query = statements.upsert(table, tuple(rows[0]), is_sqlite=is_sqlite(self.connection))
            self.connection.execute(query, rows)

    def put_stamped(self, table: Table, rows: Sequence[dict[str, Any]], program: int) -> None:
        """The same for rows that bear stamps."""
        head = self.head(program)
        self.put(table, [{**row, STAMP: self.stamper.stamp(table, row, head)} for row in rows])

    def add_missing(self, table: Table, rows: Sequence[dict[str, Any]]) -> None:
        """Adds rows, but none that is there already."""
        if rows:
            self.connection.execute(statements.add_missing(table, is_sqlite=is_sqlite(self.connection)), rows)
