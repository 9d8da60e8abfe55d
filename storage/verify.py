"""Walks a program's record, then its cases, and says whether it holds.

Every line and every link; with the key that Askdesk wrote them, and where they end; every text, that it is sealed for
its place; every case, callback and attempt, that it is what its events add up to and, with the key, as it was left.
Nothing is changed. Without the key the links and the sums are looked at, which shows mistakes, not forgeries: whoever can
write the database can make them anew.
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
from cases.replay import Replayed, begun, coached
from storage import tables as t
from storage.personal import place, row_key, texts_of
from storage.reading import Reading
from storage.record import GENESIS, LINE, NOTHING_SAID, Point, digest, linked
from storage.rows import Row
from storage.stamps import STAMP, is_genuine
from storage.tables import Stage
from storage.vault import Vault, VaultError, is_bound, is_sealed

EVERY = 500
"""After how many lines whoever watches hears of it."""

Walked = Callable[[int], None]


@dataclass(frozen=True)
class Verdict:
    """What the walk found. `broken` names the first thing that is wrong, None where the record holds.

    `head` is the last line's hash: written down elsewhere, it shows even a database that was put back as a whole.
    `keyed` is the first line that Askdesk vouches for with its key, 0 where none is; `unsure` marks could not be looked
    at for want of that key. `settled`: everything before it is brought up to that as well. Of `blanked` lines the text is
    gone, as the record itself says; `unread` texts are sealed and no key was given.
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
    reading: Reading, program: int, walked: Walked = lambda lines: None, since: Point | None = None
) -> Verdict:
    """Walks the record of one program; `walked` hears now and then how many lines more that was.

    `since` is a line that was noted elsewhere, and has to be there still.
    """
    head = reading.record_head(program)
    walk = _Walk(reading.vault, (head.length, head.hash) if head else (0, GENESIS), since)
    broken = walk.first_break(reading.record(program), walked)
    if broken is None:
        broken = walk.wrong_end(reading, program)
    if broken is None:
        rows = _Rows(reading, program, walk)
        broken = next(iter(rows.wrong()), None)
    return Verdict(
        walk.place, walk.previous, walk.blanked, walk.unread, broken, walk.keyed, walk.unsure, walk.settled
    )


@dataclass(frozen=True)
class _Told:
    """An event of the record, as far as it can be told without the key."""

    kind: Happened
    by: str
    at: datetime
    facts: Mapping[str, Fact]


@dataclass
class _Walk:
    """Where the walk is. `silent` are texts that are gone, by case, until the record says that they were blanked.

    `head` is where the record ended when the walk began: somebody may be writing on meanwhile. `cases` and `items` of
    feedback are what the lines so far add up to, `programs` those that they name. `loose` is the first line whose text is
    not bound.
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

    def first_break(self, lines: Iterable[Row], walked: Walked) -> str | None:
        for row in lines:
            wrong = self._look(row)
            if wrong is not None:
                return wrong
            if self.place % EVERY == 0:
                walked(EVERY)
        walked(self.place % EVERY)
        return None

    def _look(self, row: Row) -> str | None:
        line = self.place + 1
        if row["place"] != line:
            return f"line {line} is missing"
        if row["previous"] != self.previous:
            return f"line {line} does not follow line {self.place}"
        if row["id"] <= self.id:
            return f"line {line} was put before line {self.place}"
        if self._is_changed(row):
            return f"what was said in line {line} was changed"
        if linked(row) != row["hash"]:
            return f"line {line} was changed"
        if not self._is_ours(row, line):
            return f"line {line} was not written by Askdesk"
        if self.since is not None and line == self.since.line and not row["hash"].startswith(self.since.hash):
            return f"line {line} is not the one that was noted ({self.since})"
        try:
            self._remember(row, line)
        except (AttributeError, KeyError, TypeError, ValueError):
            return f"line {line} says what cannot be"
        self.place, self.previous, self.id = line, row["hash"], row["id"]
        length, last = self.head
        if line == length and self.previous != last:
            return f"line {line} is not the one that was written last"
        return None

    def _is_ours(self, row: Row, line: int) -> bool:
        """Whether the key vouches for the line. One that a retired key vouched for is vouched for by what follows it:
        the record's end is.
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
        """What the line adds to the sums."""
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
            event = _Told(Happened(row["kind"]), row["by"], row["at"], facts)
        except ValueError:  # of a newer version
            if so_far is not None:
                so_far.is_known = False
        else:
            if event.kind in AROUND_A_CASE:
                coached(self.items, event, case)
                return
            if event.kind is Happened.RAISED:
                self.cases[case] = so_far = begun(event, line, row["hash"])
            elif so_far is not None:
                so_far.follow(event)
        if so_far is not None:
            so_far.line, so_far.hash = line, row["hash"]

    def wrong_end(self, reading: Reading, program: int) -> str | None:
        """Whether lines are missing at the end, or stand there that were never written; by the head after the walk."""
        head = reading.record_head(program)
        if head is None or not head.length:
            return (
                "it is empty, and even a new desk's is not"
                if not self.place
                else "nothing says where it ends"
            )
        if self.place < self.head[0]:
            return f"lines are missing after line {self.place}"
        if self.place > head.length or (self.place == head.length and self.previous != head.hash):
            return f"line {head.length + 1} stands behind the last one that was written"
        if self.since is not None and self.place < self.since.line:
            return f"it ends with line {self.place}, and line {self.since.line} was noted ({self.since})"
        if self.vault.has_key and not self.keyed:
            return (
                "no line of it is keyed, so that it may have been made anew. Start the bot once, or run askdesk seal; "
                "if either was done before, somebody put this record in its place"
            )
        if self.vault.has_key and not (head.is_ours and head.stage is not Stage.LINKED):
            return f"Askdesk did not write that it ends with line {head.length}"
        if self.settled and self.loose:
            return f"what was said in line {self.loose} is not sealed for that line"
        if self.silent:
            line = min(self.silent.values())
            return f"what was said in line {line} is gone, and nothing in the record says why"
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
    """The rows that hang on a record, held against what its lines add up to."""

    reading: Reading
    program: int
    walk: _Walk

    def wrong(self) -> Iterator[str]:
        """What is wrong, the first thing first."""
        cases, known = self.walk.cases, set()
        for row in self._stream(select(t.cases).where(t.cases.c.program == self.program)):
            case, number = cases.get(row["number"]), row["number"]
            if case is None:
                yield f"case {number} is there, and no line of the record says that it was raised"
                continue
            known.add(number)
            if column := _differing(row, case.columns) if case.is_known else None:
                yield f"case {number} was changed: the record says otherwise about its {column.replace('_', ' ')}"
            yield from self._look(t.cases, row, f"case {number}", case.hash)
        for number, case in cases.items():
            if number not in known:
                yield f"case {number} is gone, although line {case.line} is about it"
        yield from self._hanging(t.callbacks, "callback", _promise_differs, lambda case: case.promises)
        yield from self._hanging(t.attempts, "attempt", _attempt_differs, lambda case: case.attempts)
        yield from self._feedback()

    def _feedback(self) -> Iterator[str]:
        missing = dict(self.walk.items)
        for row in self._stream(select(t.coaching).where(t.coaching.c.program == self.program)):
            name, told = f"the feedback about case {row['case_number']}", missing.pop(row["id"], None)
            if told is None:
                yield f"{name} is there, and no line of the record tells of it"
            elif column := _differing(row, told):
                yield f"{name} was changed: the record says otherwise about its {column.replace('_', ' ')}"
            yield from self._look(t.coaching, row, name)
        for told in missing.values():
            yield f"the feedback about case {told['case_number']} is gone, although the record tells of it"

    def _hanging(
        self,
        table: Table,
        what: str,
        differs: Callable[[Row, Replayed], str | None],
        expected: Callable[[Replayed], Mapping[int, Any]],
    ) -> Iterator[str]:
        """Of the rows of each case none is missing, none too many, and none is another than the record tells."""
        query = select(table).join(t.cases, t.cases.c.number == table.c.case_number)
        found: dict[int, int] = {}
        for row in self._stream(query.where(t.cases.c.program == self.program)):
            case, name = (
                self.walk.cases[row["case_number"]],
                f"{what} {row['number']} of case {row['case_number']}",
            )
            found[row["case_number"]] = found.get(row["case_number"], 0) + 1
            if case.is_known and row["number"] not in expected(case):
                yield f"{name} is there, and no line of the record tells of it"
            elif wrong := differs(row, case) if case.is_known else None:
                yield f"{name} was changed: the record says otherwise about its {wrong}"
            yield from self._look(table, row, name)
        for number, case in self.walk.cases.items():
            if case.is_known and found.get(number, 0) != len(expected(case)):
                yield f"{len(expected(case))} {what}s of case {number} are in the record, {found.get(number, 0)} are there"

    def _look(self, table: Table, row: Row, name: str, line: str = "") -> Iterator[str]:
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
    """The first column that is not as the record tells it."""
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
