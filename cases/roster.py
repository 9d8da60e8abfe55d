"""The roster: who reports to whom and in which team, from a CSV file to entries, or to what is wrong with it.

Pure: bytes in, entries and problems out. People are named by a Slack id or an e-mail address; which id belongs to
an address is handed in (`settle`), because only Slack knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cases.csv_file import Problem, rows_of, shown, wrong_width
from cases.text import CARD_REFUSED, holds_card_number

HEADER = ("person", "superior", "team")
PERSON, SUPERIOR, TEAM = HEADER

LONGEST_TEAM = 80
LONGEST_CHAIN = 10
"""Names of a cycle that a sentence lists; of a longer one it says how long it is."""

ID = re.compile(r"[UW][A-Z0-9]{4,}")
EMAIL = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]+")


@dataclass(frozen=True)
class Line:
    """A row as written: references to people (an id, or an e-mail address in small letters), None where they are no good."""

    row: int
    person: str | None
    superior: str | None
    team: str | None


@dataclass(frozen=True)
class Sheet:
    """What a file says: its rows, and all that is wrong with them as far as the file alone tells."""

    lines: tuple[Line, ...]
    problems: tuple[Problem, ...]

    @property
    def references(self) -> dict[str, list[tuple[int, str]]]:
        """Everybody who is named, each once, with where: the rows and columns."""
        found: dict[str, list[tuple[int, str]]] = {}
        for line in self.lines:
            for column, reference in ((PERSON, line.person), (SUPERIOR, line.superior)):
                if reference is not None:
                    found.setdefault(reference, []).append((line.row, column))
        return found


@dataclass(frozen=True)
class Entry:
    """Somebody's place in the roster, by Slack ids; None where nothing is known."""

    superior: str | None
    team: str | None


Roster = Mapping[str, Entry]


@dataclass(frozen=True)
class Plan:
    """What an import changes."""

    new: Roster
    changed: Roster
    same: int

    @property
    def summary(self) -> str:
        return f"{len(self.new)} new, {len(self.changed)} changed, {self.same} as before"


def read(data: bytes) -> Sheet:
    """A file's rows: UTF-8 (with or without its mark), commas or semicolons, quotes, any line ends, empty rows."""
    rows = rows_of(data, HEADER)
    if isinstance(rows, Problem):
        return Sheet((), (rows,))
    lines: list[Line] = []
    problems: list[Problem] = []
    for row, cells in rows:
        if isinstance(cells, Problem):
            problems.append(cells)
        else:
            line, wrong = _line(row, cells)
            lines.append(line)
            problems += wrong
    if not lines and not problems:
        return Sheet((), (Problem(None, None, "there are no rows below the header."),))
    return Sheet(tuple(lines), tuple(problems))


def settle(
    lines: Sequence[Line], ids: Mapping[str, str], known: Roster
) -> tuple[dict[str, Entry], list[Problem]]:
    """The roster that these rows make, or what is wrong with it as a whole: people twice, own superiors, cycles.

    `ids` has the Slack id of every reference that Slack knows; any other stands for itself. `known` is the roster
    so far: a cycle may go through people who are not in the file.
    """
    problems: list[Problem] = []
    first: dict[str, Line] = {}
    entries: dict[str, Entry] = {}
    for line in lines:
        if line.person is None:
            continue
        person = ids.get(line.person, line.person)
        if person in first:
            problems.append(Problem(line.row, PERSON, _twice(line, first[person])))
            continue
        first[person] = line
        superior = None if line.superior is None else ids.get(line.superior, line.superior)
        if superior == person:
            problems.append(
                Problem(
                    line.row, SUPERIOR, f"{line.superior} cannot be their own superior. Enter the team lead."
                )
            )
            superior = None
        entries[person] = Entry(superior, line.team)
    return entries, [*problems, *_cycles(entries, known, first)]


def compare(entries: Roster, known: Roster) -> Plan:
    """What is new and what changes against the roster so far; whoever is not in the file stays as they are."""
    nothing = Entry(None, None)
    new = {person: entry for person, entry in entries.items() if known.get(person, nothing) == nothing}
    changed = {
        person: entry for person, entry in entries.items() if person not in new and known[person] != entry
    }
    return Plan(new, changed, len(entries) - len(new) - len(changed))


def _line(row: int, cells: Sequence[str]) -> tuple[Line, list[Problem]]:
    """A row's values, each checked for itself."""
    if len(cells) != len(HEADER):
        return Line(row, None, None, None), [wrong_width(row, cells, HEADER)]
    problems = []
    values: dict[str, str | None] = dict(zip(HEADER, cells, strict=True))
    for column, value in values.items():
        if (wrong := _wrong_team(value or "") if column == TEAM else _wrong_person(value or "")) is not None:
            problems.append(Problem(row, column, wrong))
            values[column] = None
        elif column != TEAM and value is not None and "@" in value:
            values[column] = value.lower()
    return Line(row, values[PERSON], values[SUPERIOR], values[TEAM]), problems


def _wrong_person(value: str) -> str | None:
    if not value:
        return "it is empty. Enter a Slack id or an e-mail address."
    if ID.fullmatch(value) or EMAIL.fullmatch(value):
        return None
    return f"{shown(value)} is neither a Slack id (U0123ABCDEF) nor an e-mail address."


def _wrong_team(value: str) -> str | None:
    if not value:
        return "it is empty. Enter the team's name."
    if len(value) > LONGEST_TEAM or "\n" in value:
        return f"{shown(value)} is too long. Enter at most {LONGEST_TEAM} characters, in one line."
    if holds_card_number(value):
        return CARD_REFUSED
    return None


def _twice(line: Line, before: Line) -> str:
    also = f", there as {before.person}" if before.person != line.person else ""
    return f"{line.person} is already in row {before.row}{also}. Keep one of the two."


def _cycles(entries: Roster, known: Roster, lines: Mapping[str, Line]) -> Iterator[Problem]:
    """Each cycle of superiors once, at its first row in the file, as a chain of names."""
    above = {person: entry.superior for person, entry in {**known, **entries}.items()}
    walked: set[str] = set()
    for start in entries:
        way: dict[str, None] = {}
        here: str | None = start
        while here is not None and here not in walked and here not in way:
            way[here] = None
            here = above.get(here)
        walked |= way.keys()
        if here is not None and here in way:
            steps = list(way)
            around = steps[steps.index(here) :]
            if any(person in lines for person in around):  # else the file is not to blame
                yield _cycle(around, lines)


def _cycle(around: Sequence[str], lines: Mapping[str, Line]) -> Problem:
    """One cycle, told from its first row in the file on."""
    first = min((person for person in around if person in lines), key=lambda person: lines[person].row)
    at = around.index(first)
    names = [_name(person, lines) for person in (*around[at:], *around[:at], first)]
    if len(names) > LONGEST_CHAIN:
        names = [*names[: LONGEST_CHAIN - 2], f"… ({len(around)} people in all)", names[-1]]
    sentence = f"these people report to each other in a circle: {' → '.join(names)}. Give one of them another superior."
    return Problem(lines[first].row, SUPERIOR, sentence)


def _name(person: str, lines: Mapping[str, Line]) -> str:
    """Somebody as the file writes them; by the id where only the roster so far knows them."""
    line = lines.get(person)
    return line.person if line is not None and line.person is not None else person
