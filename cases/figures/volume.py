"""Call volume: how many calls a program took, by day or by hour, from a CSV file. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cases.csv_file import Problem, rows_of, shown, wrong_width
from cases.figures.report import Calls
from cases.program import Program

HEADER = ("program", "day", "hour", "calls")
PROGRAM, DAY, HOUR, CALLS = HEADER
MOST_CALLS = 1_000_000

Volume = Mapping[tuple[int, date], Mapping[int | None, int]]
"""By program and day: the calls of each hour (0 to 23), or of None, the day as a whole."""


@dataclass(frozen=True)
class Sheet:
    """What a file says, and all that is wrong with it."""

    volume: Volume
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Plan:
    """What an import changes: days that are new, changed, the same as before; and all calls in the file."""

    new: int
    changed: int
    same: int
    calls: int

    @property
    def summary(self) -> str:
        return f"{self.calls:,} calls; days: {self.new} new, {self.changed} changed, {self.same} as before"


def read(data: bytes, programs: Sequence[Program], today: Mapping[int, date]) -> Sheet:
    """A file's volume. `today` is each program's day by its site's calendar: what comes after it is no volume yet."""
    rows = rows_of(data, HEADER)
    if isinstance(rows, Problem):
        return Sheet({}, (rows,))
    known = {name: program for program in programs for name in (program.name, program.channel)}
    volume: dict[tuple[int, date], dict[int | None, int]] = {}
    first: dict[tuple[int, date, int | None], int] = {}
    problems: list[Problem] = []
    for row, cells in rows:
        if isinstance(cells, Problem):
            problems.append(cells)
            continue
        line = _line(row, cells, known, today)
        if isinstance(line, list):
            problems += line
            continue
        program, calls = line
        of_day = volume.setdefault((program.id, calls.day), {})
        place = (program.id, calls.day, calls.hour)
        if place in first:
            problems.append(Problem(row, None, f"row {first[place]} has this already. Keep one of the two."))
        elif of_day and (calls.hour is None) != (None in of_day):
            sentence = f"{calls.day} stands above as a whole or by the hour. Give all of it in one way."
            problems.append(Problem(row, HOUR, sentence))
        else:
            first[place] = row
            of_day[calls.hour] = calls.calls
    if not volume and not problems:
        problems.append(Problem(None, None, "no calls are in it: below the header there is no row."))
    return Sheet(volume, tuple(problems))


def compare(volume: Volume, known: Volume) -> Plan:
    """What is new and what changes against what is known of the same days."""
    new = sum(day not in known for day in volume)
    same = sum(known.get(day) == calls for day, calls in volume.items())
    calls = sum(sum(hours.values()) for hours in volume.values())
    return Plan(new, len(volume) - new - same, same, calls)


def _line(
    row: int, cells: Sequence[str], known: Mapping[str, Program], today: Mapping[int, date]
) -> tuple[Program, Calls] | list[Problem]:
    if len(cells) != len(HEADER):
        return [wrong_width(row, cells, HEADER)]
    problems = []
    program = known.get(cells[0])
    if program is None:
        names = ", ".join(dict.fromkeys(one.name for one in known.values()))
        problems.append(Problem(row, PROGRAM, f"there is no program {shown(cells[0])}. There are: {names}."))
    day = _day(cells[1])
    if day is None:
        problems.append(Problem(row, DAY, f"{shown(cells[1])} is no day. Write it as 2026-11-23."))
    elif program is not None and day > today[program.id]:
        problems.append(Problem(row, DAY, f"{day} has not come yet: it is {today[program.id]} there."))
    hour = _number(cells[2], 23) if cells[2] else None
    if cells[2] and hour is None:
        sentence = f"{shown(cells[2])} is no hour. Write 0 to 23, or leave it empty for the whole day."
        problems.append(Problem(row, HOUR, sentence))
    calls = _number(cells[3], MOST_CALLS)
    if calls is None:
        problems.append(Problem(row, CALLS, f"{shown(cells[3])} is no number of calls, 0 to {MOST_CALLS:,}."))
    if problems or program is None or day is None or calls is None:
        return problems
    return program, Calls(day, hour, calls)


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.year >= 2000 else None


def _number(text: str, most: int) -> int | None:
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        return None
    return int(text) if int(text) <= most else None
