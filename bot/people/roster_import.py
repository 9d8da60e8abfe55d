"""The import of a roster: everybody looked up in Slack, all problems told at once, the whole of it kept or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from bot.people.members import Member, Members
from cases.csv_file import Problem
from cases.roster import Entry, Line, Plan, Roster, Sheet, compare, settle
from storage.reading import Reading
from storage.unit import UnitOfWork
from storage.writing.people import save_roster

Found = Mapping[str, Member | None]
"""Who is behind each reference (an id or an e-mail address) of a file; None where Slack knows nobody."""


class RosterWrong(Exception):
    """The file has problems; nothing was changed."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(problem.text for problem in problems))
        self.problems = tuple(problems)


async def look_up(
    references: Iterable[str], members: Members, done: Callable[[], None]
) -> dict[str, Member | None]:
    """Who they are, one after the other: Slack's limit sets the pace. Raises MemberUnreadable."""
    found: dict[str, Member | None] = {}
    for reference in references:
        by = members.by_email if "@" in reference else members.by_id
        found[reference] = await by(reference)
        done()
    return found


def unfit(sheet: Sheet, found: Found) -> list[Problem]:
    """Who in the file is nobody who could be in a roster, at every place where they are named."""
    return [
        Problem(row, column, sentence)
        for reference, places in sheet.references.items()
        if (sentence := _unfit(reference, found.get(reference)))
        for row, column in places
    ]


def check(reading: Reading, lines: Sequence[Line], found: Found) -> list[Problem]:
    """What is wrong with the roster as a whole, against what is known by now."""
    return settle(lines, _ids(found), reading.roster())[1]


def plan(reading: Reading, lines: Sequence[Line], found: Found) -> tuple[Plan, Roster]:
    """What an import changes, and what it changes from. Raises RosterWrong."""
    known = reading.roster()
    entries, problems = settle(lines, _ids(found), known)
    if problems:
        raise RosterWrong(problems)
    return compare(entries, known), known


def save(unit: UnitOfWork, lines: Sequence[Line], found: Found, now: datetime) -> Plan:
    """Keeps the roster, in one transaction with the look at what is known. Raises RosterWrong."""
    changes, _ = plan(unit, lines, found)
    save_roster(unit, {**changes.new, **changes.changed}, now)
    return changes


def describe(changes: Plan, known: Roster, lines: Sequence[Line], found: Found) -> list[str]:
    """Each change in a line, in the order of the file and with the people as they stand there."""
    ids = _ids(found)
    names = {
        ids[reference]: reference for line in lines for reference in (line.superior, line.person) if reference
    }
    said = []
    for line in lines:
        person = ids[line.person or ""]
        name = names[person]
        if person in changes.new:
            entry = changes.new[person]
            said.append(
                f"row {line.row}: {name} is new: superior {names[entry.superior or '']}, team {entry.team}"
            )
        elif person in changes.changed:
            said.append(
                f"row {line.row}: {name}: {_difference(known[person], changes.changed[person], names)}"
            )
    return said


def _difference(before: Entry, after: Entry, names: Mapping[str, str]) -> str:
    parts = []
    if before.superior != after.superior:
        was = names.get(before.superior or "", before.superior or "none")
        parts.append(f"superior {was} → {names[after.superior or '']}")
    if before.team != after.team:
        parts.append(f"team {before.team or 'none'} → {after.team}")
    return ", ".join(parts)


def _ids(found: Found) -> dict[str, str]:
    return {reference: member.id for reference, member in found.items() if member is not None}


def _unfit(reference: str, member: Member | None) -> str | None:
    if member is None and "@" in reference:
        return f"Slack knows no active member with the address {reference}."
    if member is None:
        return f"Slack knows nobody with the id {reference}."
    if member.deactivated:
        return f"the account of {reference} is deactivated."
    if member.bot:
        return f"{reference} is a bot."
    if member.stranger:
        return f"{reference} belongs to another workspace."
    return None
