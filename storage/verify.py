"""Walks a program's record and then its cases, and reports the first thing that is wrong.

It checks every line and every link; with the key, that Askdesk wrote them and where the record ends; that every text is
sealed for its place; that every case, callback and attempt is what its events add up to and, with the key, as Askdesk
left it. It changes nothing. Without the key, only links and sums are checked. That finds mistakes, not forgeries:
anybody who can write to the database can recompute them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Table, select

from cases.case import CallbackState
from cases.events import AROUND_A_CASE, OF_THE_PROGRAM, Fact, Happened
from cases.replay import BEGINS, Replayed, begun, coached
from storage import tables as t
from storage.personal import place, row_key, texts_of
from storage.reading import Reading
from storage.record import GENESIS, LINE, NOTHING_SAID, Point, digest, linked
from storage.rows import Row
from storage.stamps import STAMP, is_genuine
from storage.tables import Stage
from storage.vault import Vault, VaultError, is_bound, is_sealed

EVERY = 500
"""Progress is reported after every so many lines."""

Progress = Callable[[int], None]


@dataclass(frozen=True)
class Verdict:
    """What the walk found. `broken` names the first thing that is wrong; None if the record holds.

    `head` is the last line's hash: noted elsewhere, it exposes even a database that was restored as a whole. `keyed` is
    the first line that the key vouches for, 0 if none; `unsure` counts marks that could not be checked without a key.
    `settled`: the lines before `keyed` have been brought up to it, too. `blanked` lines have lost their text, as the
    record itself says; `unread` texts are sealed, and no key was given.
    """

    lines: int
    head: str
    blanked: int
    unread: int
    broken: str | None
    keyed: int = 0
    unsure: int = 0
    settled: bool = False


def verify(
    reading: Reading, program: int, progress: Progress = lambda lines: None, since: Point | None = None
) -> Verdict:
    """Walks one program's record; calls `progress` now and then with the number of further lines. `since` is a line noted
    elsewhere that must still be there.
    """
    head = reading.record_head(program)
    walk = _Walk(reading.vault, (head.length, head.hash) if head else (0, GENESIS), since)
    broken = walk.first_break(reading.record(program), progress)
    if broken is None:
        broken = walk.wrong_end(reading, program)
    if broken is None:
        rows = _Rows(reading, program, walk)
        broken = next(iter(rows.wrong()), None)
    return Verdict(
        walk.place, walk.previous, walk.blanked, walk.unread, broken, walk.keyed, walk.unsure, walk.settled
    )


@dataclass(frozen=True)
class _Event:
    """An event of the record, as far as it can be read without the key."""

    kind: Happened
    by: str
    at: datetime
    facts: Mapping[str, Fact]


@dataclass
class _Walk:
    """The state of the walk. `silent`: missing texts, by case, until a line says that they were deleted.

    `head` is where the record ended at the beginning: somebody may be adding lines. `cases` and `items` (of feedback)
    are what the lines so far add up to, `programs` those that they name. `loose` is the first line whose text is not
    bound.
    """

    vault: Vault
    head: tuple[int, str]
    since: Point | None
    place: int = 0
    previous: str = GENESIS
    id: int = 0
    blanked: int = 0
    unread: int = 0
    keyed: int = 0
    unsure: int = 0
    settled: bool = False
    loose: int = 0
    silent: dict[int | None, int] = field(default_factory=dict)
    cases: dict[int, Replayed] = field(default_factory=dict)
    items: dict[int, dict[str, Any]] = field(default_factory=dict)
    programs: dict[int, int] = field(default_factory=dict)

    def first_break(self, lines: Iterable[Row], progress: Progress) -> str | None:
        for row in lines:
            wrong = self._check_line(row)
            if wrong is not None:
                return wrong
            if self.place % EVERY == 0:
                progress(EVERY)
        progress(self.place % EVERY)
        return None

    def _check_line(self, row: Row) -> str | None:
        line = self.place + 1
        if row["place"] != line:
            return f"line {line} is missing"
        if row["previous"] != self.previous:
            return f"line {line} does not follow line {self.place}"
        if row["id"] <= self.id:
            return f"line {line} was stored before line {self.place}"
        if self._is_changed(row):
            return f"the text of line {line} was changed"
        if linked(row) != row["hash"]:
            return f"line {line} was changed"
        if not self._is_ours(row, line):
            return f"line {line} was not written by Askdesk"
        if self.since is not None and line == self.since.line and not row["hash"].startswith(self.since.hash):
            return f"line {line} is not the one you noted ({self.since})"
        try:
            self._remember(row, line)
        except (AttributeError, KeyError, TypeError, ValueError):
            return f"line {line} says something impossible"
        self.place, self.previous, self.id = line, row["hash"], row["id"]
        length, last = self.head
        if line == length and self.previous != last:
            return f"line {line} is not the one that was written last"
        return None

    def _is_ours(self, row: Row, line: int) -> bool:
        """Whether the key vouches for the line. What a retired key vouched for is vouched for by the lines after it:
        the record's end is ours.
        """
        if not row["mac"]:
            return not self.keyed
        if not self.keyed:
            self.keyed, self.settled = line, line == 1
        if not self.vault.has_key:
            self.unsure += 1
            return True
        return self.vault.vouches(LINE, row["hash"], row["mac"]) is not False

    def _remember(self, row: Row, line: int) -> None:
        """Adds the line to the sums."""
        if row["said"] is None and row["said_hash"] != NOTHING_SAID:
            self.silent.setdefault(row["case_number"], line)
            self.blanked += 1
        if row["said"] and not is_bound(row["said"]) and not self.loose:
            self.loose = line
        kind, case = row["kind"], row["case_number"]
        if kind == Happened.BLANKED:
            self.silent.pop(case, None)
        if kind == Happened.RECORD_SEALED:
            self.settled = True
        if case is None:
            if kind in OF_THE_PROGRAM and "programs" in row["facts"]:
                named = str(json.loads(row["facts"]).get("programs", ""))
                self.programs |= {int(one): line for one in named.split(",") if one}
        else:
            self._follow(row, case, line)

    def _follow(self, row: Row, case: int, line: int) -> None:
        so_far, facts = self.cases.get(case), json.loads(row["facts"])
        try:
            event = _Event(Happened(row["kind"]), row["by"], row["at"], facts)
        except ValueError:  # of a newer version
            if so_far is not None:
                so_far.is_known = False
        else:
            if event.kind in AROUND_A_CASE:
                coached(self.items, event, case)
                return
            if event.kind in BEGINS:
                self.cases[case] = so_far = begun(event, line, row["hash"])
            elif so_far is not None:
                so_far.follow(event)
        if so_far is not None:
            so_far.line, so_far.hash = line, row["hash"]

    def wrong_end(self, reading: Reading, program: int) -> str | None:
        """Whether lines at the end are missing or forged, by the head as it is after the walk."""
        head = reading.record_head(program)
        if head is None or not head.length:
            return (
                "it is empty, but even a new program's record has a first line"
                if not self.place
                else "nothing says where it ends"
            )
        if self.place < self.head[0]:
            return f"lines are missing after line {self.place}"
        if self.place > head.length or (self.place == head.length and self.previous != head.hash):
            return f"line {head.length + 1} comes after the end of the record"
        if self.since is not None and self.place < self.since.line:
            return f"it ends with line {self.place}, but you noted line {self.since.line} ({self.since})"
        if self.vault.has_key and not self.keyed:
            return (
                "none of its lines is keyed, so somebody may have rewritten it. Start the bot once, or run askdesk seal. "
                "If you already did either, somebody has replaced this record"
            )
        if self.vault.has_key and not (head.is_ours and head.stage is not Stage.LINKED):
            return f"Askdesk did not write its end, line {head.length}"
        if self.settled and self.loose:
            return f"the text of line {self.loose} is not sealed for that line"
        if self.silent:
            line = min(self.silent.values())
            return f"the text of line {line} is gone, and nothing in the record says why"
        there = {one.id for one in reading.programs()}
        for one, line in self.programs.items():
            if one not in there:
                return f"program {one} is gone, although line {line} names it"
        return None

    def _is_changed(self, row: Row) -> bool:
        said = row["said"]
        if said is None:
            return False
        if is_sealed(said) and not self.vault.has_key:
            self.unread += 1
            return False
        try:
            bound_to = place(t.events, "said", row_key(t.events, row))
            return bool(digest(self.vault.read(said, bound_to)) != row["said_hash"])
        except VaultError:
            return True


@dataclass
class _Rows:
    """A record's rows, compared with what its lines add up to."""

    reading: Reading
    program: int
    walk: _Walk

    def wrong(self) -> Iterator[str]:
        """What is wrong, the first fault first."""
        cases, known = self.walk.cases, set()
        for row in self._stream(select(t.cases).where(t.cases.c.program == self.program)):
            case, number = cases.get(row["number"]), row["number"]
            if case is None:
                yield f"case {number} exists, but no line of the record says that it was raised"
                continue
            known.add(number)
            if column := _differing(row, case.columns) if case.is_known else None:
                yield f"case {number} was changed: its {column.replace('_', ' ')} differs from the record"
            yield from self._check(t.cases, row, f"case {number}", case.hash)
        for number, case in cases.items():
            if number not in known:
                yield f"case {number} is gone, although line {case.line} is about it"
        yield from self._dependents(t.callbacks, "callback", _promise_differs, lambda case: case.promises)
        yield from self._dependents(t.attempts, "attempt", _attempt_differs, lambda case: case.attempts)
        yield from self._feedback()

    def _feedback(self) -> Iterator[str]:
        missing = dict(self.walk.items)
        for row in self._stream(select(t.coaching).where(t.coaching.c.program == self.program)):
            name, told = f"the feedback about case {row['case_number']}", missing.pop(row["id"], None)
            if told is None:
                yield f"{name} exists, but no line of the record mentions it"
            elif column := _differing(row, told):
                yield f"{name} was changed: its {column.replace('_', ' ')} differs from the record"
            yield from self._check(t.coaching, row, name)
        for told in missing.values():
            yield f"the feedback about case {told['case_number']} is gone, although the record mentions it"

    def _dependents(
        self,
        table: Table,
        what: str,
        differs: Callable[[Row, Replayed], str | None],
        expected: Callable[[Replayed], Mapping[int, Any]],
    ) -> Iterator[str]:
        """Whether each case has exactly the rows that the record implies, unchanged."""
        query = select(table).join(t.cases, t.cases.c.number == table.c.case_number)
        found: dict[int, int] = {}
        for row in self._stream(query.where(t.cases.c.program == self.program)):
            case, name = (
                self.walk.cases[row["case_number"]],
                f"{what} {row['number']} of case {row['case_number']}",
            )
            found[row["case_number"]] = found.get(row["case_number"], 0) + 1
            if case.is_known and row["number"] not in expected(case):
                yield f"{name} exists, but no line of the record mentions it"
            elif wrong := differs(row, case) if case.is_known else None:
                yield f"{name} was changed: its {wrong} differs from the record"
            yield from self._check(table, row, name)
        for number, case in self.walk.cases.items():
            if case.is_known and found.get(number, 0) != len(expected(case)):
                yield f"the record has {len(expected(case))} {what}s of case {number}, the database {found.get(number, 0)}"

    def _check(self, table: Table, row: Row, name: str, line: str = "") -> Iterator[str]:
        """Whether its texts are sealed for it, and its stamp is right."""
        vault = self.walk.vault
        for text, bound_to in texts_of(table, row):
            if self.walk.settled and not is_bound(text):
                yield f"a text of {name} is not sealed for it"
            elif is_sealed(text) and not vault.has_key:
                self.walk.unread += 1
            else:
                try:
                    vault.read(text, bound_to)
                except VaultError:
                    yield f"a text of {name} was changed, or moved there"
        if STAMP not in table.c:
            return
        if not vault.has_key:
            self.walk.unsure += bool(row[STAMP])
        elif (row[STAMP] or self.walk.settled) and is_genuine(table, row, vault, line) is not True:
            yield f"{name} was changed: it is not as Askdesk left it"

    def _stream(self, query: Select[Any]) -> Iterator[Row]:
        with self.reading.connection.execute(query.execution_options(yield_per=EVERY)) as rows:
            yield from rows.mappings()


def _differing(row: Row, columns: Mapping[str, Any]) -> str | None:
    """The first column that differs from the record."""
    return next((name for name, told in columns.items() if (row[name] or None) != (told or None)), None)


def _promise_differs(row: Row, case: Replayed) -> str | None:
    due_at, zone = case.promises[row["number"]]
    if row["due_at"] != datetime.fromisoformat(due_at):
        return "time"
    if row["zone"] != zone:
        return "zone"
    waits = row["number"] == case.columns["callback"]
    return "state" if (row["state"] == CallbackState.PENDING.value) != waits else None


def _attempt_differs(row: Row, case: Replayed) -> str | None:
    call = case.attempts[row["number"]]
    column = _differing(row, asdict(call))
    return column.replace("_", " ") if column else None
