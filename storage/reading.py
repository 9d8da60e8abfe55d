"""The questions that are asked of the database: values out, nothing changed."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, Executable, RowMapping, ScalarSelect, Select, Table, func, or_, select

from cases.case import Case, Status
from cases.coaching import CoachingState
from cases.errors import NoSuchCase
from cases.events import Happened
from cases.figures.facts import FirstPromise
from cases.ownership import NEW_OWNER, Stretch, ownership
from cases.program import Program
from cases.roster import Entry
from storage import statements
from storage import tables as t
from storage.mapping import CALLBACKS, POSTS, attempt_value, case_value, program_value
from storage.now import read_now
from storage.record import Head, head, spoken
from storage.records import EventRecord, ListRecord, Post
from storage.rows import Row
from storage.tables import Stage
from storage.vault import Vault

OLDER_BOTS_WITHIN = timedelta(minutes=5)
"""A bot that was silent for longer is not waited for."""


class Reading:
    """Questions on one connection; see `Store.read`."""

    def __init__(self, connection: Connection, vault: Vault | None = None) -> None:
        self.connection = connection
        self.vault = vault or Vault()

    def finds(self, query: Executable, values: Mapping[str, Any] | None = None) -> bool:
        """Whether there is such a row."""
        return self.connection.execute(query, values).first() is not None

    def value(self, query: Executable, values: Mapping[str, Any] | None = None) -> Any | None:
        """The one value that there is, or None."""
        return self.connection.execute(query, values).scalar_one_or_none()

    def programs(self) -> tuple[Program, ...]:
        """Every program, in the order in which they came."""
        rows = self.connection.execute(select(t.programs).order_by(t.programs.c.id)).mappings()
        return tuple(program_value(row) for row in rows)

    def programs_version(self) -> int:
        """A number that grows with every change of a program or of who is in a user group: cheap to ask, so that each
        replica notices.
        """
        query = select(t.counters.c.value).where(t.counters.c.name == "programs")
        found: int = self.connection.execute(query).scalar_one()
        return found

    def program(self, number: int) -> Program:
        return program_value(
            self.connection.execute(statements.PROGRAM, {"of_program": number}).mappings().one()
        )

    def program_rows(self, numbers: Collection[int]) -> dict[int, RowMapping]:
        """The rows of several programs; `program_value` makes a value of each, and raises where one cannot be read."""
        rows = self.connection.execute(statements.THESE_PROGRAMS, {"numbers": list(numbers)}).mappings()
        return {row["id"]: row for row in rows}

    def case(self, number: int, program: int) -> Case:
        """The case of that number in that program; raises NoSuchCase. A program sees only its own."""
        found = self._cases(statements.ONE_CASE, {"of_number": number, "of_program": program})
        if not found:
            raise NoSuchCase(number)
        return found[0]

    def case_rows(self, numbers: Collection[int]) -> dict[int, RowMapping]:
        """The rows of several cases; `case_of_row` makes a value of each, and raises where one cannot be read."""
        rows = self.connection.execute(statements.THESE_CASES, {"numbers": list(numbers)}).mappings()
        return {row["number"]: row for row in rows}

    def waiting_cases(self, program: int) -> list[Case]:
        """The cases that are not closed, the earliest promise first, those that wait for a sign-off on top."""
        query = _waiting(program)
        return self._cases(query.order_by(func.coalesce(t.callbacks.c.due_at, t.cases.c.unanswered_since)))

    def waiting_cases_of(self, program: int, person: str) -> list[Case]:
        """Of the cases that are not closed those that somebody owns or raised."""
        query = _waiting(program)
        return self._cases(query.where(or_(t.cases.c.owner == person, t.cases.c.raised_by == person)))

    def related(self, program: int, contact: str, reference: str, since: datetime) -> list[Case]:
        """This customer's cases since then: the same number, or the same reference; the newest first."""
        of_contact, of_reference = self.vault.marks(contact), self.vault.marks(reference) if reference else ()
        values = {
            "of_program": program,
            "since": since,
            **{f"contact{place}": mark for place, mark in enumerate(of_contact)},
            **{f"reference{place}": mark for place, mark in enumerate(of_reference)},
        }
        return self._cases(statements.related(len(of_contact), by_reference=bool(of_reference)), values)

    def event(self, number: int) -> EventRecord:
        return self._event(self.connection.execute(statements.EVENT, {"of_id": number}).mappings().one())

    def events(self, case: int) -> list[EventRecord]:
        """A case's part of the record, the oldest line first."""
        query = select(t.events).where(t.events.c.case_number == case).order_by(t.events.c.id)
        return [self._event(row) for row in self.connection.execute(query).mappings()]

    def ownership(self, case: int) -> tuple[Stretch, ...]:
        """Who has had the case, and when."""
        rows = self.connection.execute(statements.OWNERSHIP, {"of_case": case}).mappings()
        return ownership(self._event(row) for row in rows)

    def owned_since(self, case: int) -> datetime | None:
        """Since when the case is with whoever has it, or had it last."""
        query = select(func.max(t.events.c.at)).where(
            t.events.c.case_number == case, t.events.c.kind.in_([kind.value for kind in NEW_OWNER])
        )
        return self.value(query)

    def record(self, program: int) -> Iterator[Row]:
        """A program's whole record as rows, in the order of the chain."""
        query = select(t.events).where(t.events.c.program == program).order_by(t.events.c.place)
        with self.connection.execute(query.execution_options(yield_per=500)) as lines:
            yield from lines.mappings()

    def record_head(self, program: int) -> Head | None:
        """Where a program's record ends; None where nothing says so."""
        query = select(t.heads).where(t.heads.c.program == program)
        row = self.connection.execute(query).mappings().one_or_none()
        return head(row, self.vault) if row else None

    def has_older_bots(self) -> bool:
        """Whether a bot is at work here whose version does not know every `Stage`."""
        since = read_now(self.connection) - OLDER_BOTS_WITHIN
        query = select(t.replicas.c.name).where(
            t.replicas.c.stage < int(max(Stage)), t.replicas.c.beat_at > since
        )
        return self.finds(query.limit(1))

    def record_heads(self) -> list[Head]:
        """Where every program's record ends."""
        rows = self.connection.execute(select(t.heads).order_by(t.heads.c.program)).mappings()
        return [head(row, self.vault) for row in rows]

    def post(self, case: int) -> Post | None:
        """Where a case's card is; None while it has not been posted."""
        row = self.connection.execute(statements.POST, {"of_case": case}).mappings().one_or_none()
        return POSTS.value(row) if row else None

    def first_promises(self, program: int, since: datetime, until: datetime) -> list[FirstPromise]:
        """What customers were promised first for a time from `since` to before `until`, with their first calls."""
        query = (
            select(t.callbacks.c.due_at, t.callbacks.c.window_seconds, first_call().label("first_call"))
            .join(t.cases, t.cases.c.number == t.callbacks.c.case_number)
            .where(t.cases.c.program == program, t.callbacks.c.number == 1)
            .where(t.callbacks.c.due_at >= since, t.callbacks.c.due_at < until)
            .order_by(t.callbacks.c.due_at)
        )
        return [
            FirstPromise(row.due_at, timedelta(seconds=row.window_seconds), row.first_call)
            for row in self.connection.execute(query)
        ]

    def has_cases(self, program: int, before: datetime | None = None) -> bool:
        """Whether a program ever had a case, or had one before an instant."""
        query = select(t.cases.c.number).where(t.cases.c.program == program).limit(1)
        if before is not None:
            query = query.where(t.cases.c.raised_at < before)
        return self.finds(query)

    def posts(self, cases: Sequence[int]) -> list[Post]:
        """Where the cards of several cases are."""
        query = select(t.posts).where(t.posts.c.case_number.in_(cases))
        return [POSTS.value(row) for row in self.connection.execute(query).mappings()]

    def permalinks(self, cases: Sequence[int]) -> dict[int, str]:
        """The links to several cases' cards, where they are known."""
        return {post.case: post.permalink for post in self.posts(cases) if post.permalink is not None}

    def superior(self, person: str) -> str | None:
        """Somebody's direct superior, as the roster has it or as they said it once."""
        return self.value(statements.SUPERIOR, {"of_person": person})

    def leads(self, person: str) -> bool:
        """Whether the roster that was imported names somebody as a direct superior; it alone knows teams."""
        named = (t.people.c.superior == person, t.people.c.team.is_not(None))
        return self.finds(select(t.people.c.id).where(*named).limit(1))

    def roster(self) -> dict[str, Entry]:
        """What is known of everybody's superior and team."""
        rows = self.connection.execute(select(t.people.c.id, t.people.c.superior, t.people.c.team))
        return {row.id: Entry(row.superior, row.team) for row in rows}

    def superiors(self) -> list[str]:
        """Everybody who is somebody's direct superior, or owes feedback as such."""
        named = select(t.people.c.superior.label("id")).where(t.people.c.superior.is_not(None))
        owing = select(t.coaching.c.superior).where(
            t.coaching.c.superior.is_not(None), t.coaching.c.state == CoachingState.OWED.value
        )
        return sorted(self.connection.execute(named.union(owing)).scalars())

    def owners(self) -> list[str]:
        """Everybody who holds a case that is not closed."""
        query = select(t.cases.c.owner).where(t.cases.c.status == Status.CLAIMED.value).distinct()
        return list(self.connection.execute(query.order_by(t.cases.c.owner)).scalars())

    def held_by(self, owner: str) -> list[tuple[int, int]]:
        """The cases that somebody holds and that are not closed, each as its program and its number."""
        mine = (t.cases.c.owner == owner, t.cases.c.status == Status.CLAIMED.value)
        query = select(t.cases.c.program, t.cases.c.number).where(*mine).order_by(t.cases.c.number)
        return [(row.program, row.number) for row in self.connection.execute(query)]

    def held_in(self, program: int) -> list[tuple[int, str]]:
        """The cases of a program that somebody holds and that are not closed, each as its number and its owner."""
        held = (t.cases.c.program == program, t.cases.c.status == Status.CLAIMED.value)
        query = select(t.cases.c.number, t.cases.c.owner).where(*held).order_by(t.cases.c.number)
        return [(row.number, row.owner) for row in self.connection.execute(query)]

    def has_left(self, person: str) -> bool:
        """Whether somebody's account is known to be deactivated."""
        query = select(t.people.c.id).where(t.people.c.id == person, t.people.c.left_at.is_not(None))
        return self.finds(query)

    def groups(self) -> dict[str, ListRecord]:
        """Every user group with its last good list."""
        rows = self.connection.execute(statements.GROUPS)
        return {row.id: ListRecord(tuple(row.members), row.read_at, row.gone) for row in rows}

    def channels(self) -> dict[str, ListRecord]:
        """Every program's channel that was ever read, with its last good list."""
        rows = self.connection.execute(statements.CHANNELS)
        return {row.id: ListRecord(tuple(row.members), row.read_at) for row in rows}

    def channel(self, channel: str) -> ListRecord | None:
        """A program's channel with its last good list; None where it was never read."""
        row = self.connection.execute(statements.CHANNEL, {"of_channel": channel}).one_or_none()
        return None if row is None else ListRecord(tuple(row.members), row.read_at)

    def leavers(self) -> list[str]:
        """Everybody whose account is known to be deactivated."""
        return list(self.connection.execute(statements.LEAVERS).scalars())

    def lists(self, channel: str) -> dict[str, ListRecord]:
        """The last good lists of every user group and of one program's channel; others may have thousands of members."""
        there = self.channel(channel)
        return self.groups() if there is None else {**self.groups(), channel: there}

    def members(self, channel: str) -> dict[str, tuple[str, ...]]:
        """Who is in which user group, and in one program's channel."""
        return {one: known.members for one, known in self.lists(channel).items()}

    def refusals(self) -> int:
        """How many tries from the wrong place were refused."""
        return self.value(select(func.count()).select_from(t.refusals)) or 0

    def _cases(self, query: Select[Any], values: Mapping[str, Any] | None = None) -> list[Case]:
        return [case_of_row(row, self.vault) for row in self.connection.execute(query, values).mappings()]

    def _event(self, row: Row) -> EventRecord:
        return EventRecord(
            id=row["id"],
            case=row["case_number"],
            kind=Happened(row["kind"]),
            by=row["by"],
            at=row["at"],
            facts=json.loads(row["facts"]),
            said=spoken(row, self.vault),
        )


def _waiting(program: int) -> Select[Any]:
    return statements.CASE_ROWS.where(t.cases.c.program == program, t.cases.c.status != Status.CLOSED.value)


def case_of_row(row: Row, vault: Vault) -> Case:
    """A case from its row, joined with its pending promise and its running call."""
    callback = CALLBACKS.value(part_of(row, t.callbacks, "cb_")) if row["cb_number"] is not None else None
    call = attempt_value(part_of(row, t.attempts, "at_"), vault) if row["at_number"] is not None else None
    return case_value(part_of(row, t.cases), callback, call, vault)


def first_call() -> ScalarSelect[datetime | None]:
    """When a case's first attempt began that was logged, or that runs at this moment."""
    return (
        select(func.min(t.attempts.c.started_at))
        .where(
            t.attempts.c.case_number == t.cases.c.number,
            or_(t.attempts.c.disposition.is_not(None), t.attempts.c.number == t.cases.c.call),
        )
        .correlate(t.cases)
        .scalar_subquery()
    )


def part_of(row: Row, table: Table, prefix: str = "") -> dict[str, Any]:
    """The columns of a joined row that belong to one table, by their own names; `prefix` is before them in the row."""
    return {name: row[label] for name, label in _labels(table, prefix)}


@cache
def _labels(table: Table, prefix: str) -> tuple[tuple[str, str], ...]:
    return tuple((column.name, prefix + column.name) for column in table.c)
