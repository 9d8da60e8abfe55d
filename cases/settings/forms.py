"""The forms of the settings: what stands in each, and the program that a filled-in form makes of it.

A form is `Entered`: what stands in each of its section's fields. Nothing is changed in place, nothing is applied by half.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from cases.errors import FieldErrors
from cases.program import Department, Program, Shift
from cases.settings.catalogue import LISTS, WEEK, Entry, Section, Setting
from cases.settings.kinds import KnownGroups, Value
from cases.settings.typed import NotUnderstood, write_shift
from cases.shifts import overlapping

Entered = Mapping[Setting, Value]
NO_GROUPS = KnownGroups()

Mistakes = dict[Setting, str]
"""A sentence for each field that holds something wrong; the first one counts."""


def entries(program: Program, section: Section) -> tuple[Entry, ...]:
    """What a section that is a list holds."""
    return cast(tuple[Entry, ...], getattr(program, section.value))


def entered(program: Program, section: Section, name: str | None = None) -> dict[Setting, Value]:
    """What stands in a section's form, or in that of the entry of that name; a new entry's is empty."""
    holder: Program | Entry | None = program
    if section in LISTS:
        holder = next((one for one in entries(program, section) if one.name == name), None)
    return {
        setting: setting.kind.shown(setting.of(holder)) if holder else None for setting in section.settings
    }


def read(
    section: Section,
    given: Entered,
    program: Program,
    name: str | None = None,
    known: KnownGroups = NO_GROUPS,
) -> Program:
    """The program with a section as it was filled in, or with an entry more, or another in place of `name`.

    Raises FieldErrors with every mistake at its field.
    """
    found: Mistakes = {}
    holder: Any = LISTS[section].blank if section in LISTS else program
    for setting in section.settings:
        try:
            holder = setting.put(holder, setting.kind.read(given.get(setting), known))
        except NotUnderstood as problem:
            found[setting] = str(problem)
    after: Program = holder
    if section in LISTS:
        others = tuple(one for one in entries(program, section) if one.name != name)
        _check_name(section, holder, others, found)
        after = _with(program, section, holder, name)
    for check, fields in CHECKS.get(section, {}).items():
        if not found.keys() & set(fields):
            check(holder, after, found)
    if found:
        raise FieldErrors(found)
    return after


def without(program: Program, section: Section, name: str) -> Program:
    """The program without that department or shift. A department's cases fall to the program's own people."""
    return _replaced(program, section, [one for one in entries(program, section) if one.name != name])


def _with(program: Program, section: Section, entry: Entry, name: str | None) -> Program:
    """The entry takes the place of that name, or else comes last."""
    several = entries(program, section)
    if any(one.name == name for one in several):
        return _replaced(program, section, [entry if one.name == name else one for one in several])
    return _replaced(program, section, [*several, entry])


def _replaced(program: Program, section: Section, several: Sequence[Entry]) -> Program:
    held: dict[str, Any] = {section.value: tuple(several)}
    return replace(program, **held)


def _check_name(section: Section, entry: Entry, others: Sequence[Entry], found: Mistakes) -> None:
    noun, most, field = LISTS[section].noun, LISTS[section].most, section.settings[0]
    if entry.name.casefold() in {other.name.casefold() for other in others}:
        found.setdefault(
            field, f"There is already a {noun} “{entry.name}”. Enter another name, or edit that one."
        )
    if len(others) >= most:
        found.setdefault(field, f"There are already {most} {noun}s. Remove one first.")


def _check_takers(program: Program, _: Program, found: Mistakes) -> None:
    if not (program.sme_tl_groups or program.sme_tl_users):
        found[Setting.SME_GROUPS] = "Choose SMEs or TLs, as user groups or people: nobody could claim a case."


def _check_managers(program: Program, _: Program, found: Mistakes) -> None:
    if not (program.manager_groups or program.manager_users):
        found[Setting.MANAGER_GROUPS] = (
            "Choose managers, as user groups or people: nobody could sign off cases or change these settings."
        )


def _check_department(department: Department, _: Program, found: Mistakes) -> None:
    if not department.groups and not department.users:
        found[Setting.GROUPS] = "Choose a user group or people to take the cases sent there."


def _check_promises(program: Program, _: Program, found: Mistakes) -> None:
    if program.spacing > program.horizon:
        found[Setting.SPACING] = (
            f"The next attempt would be more than {program.horizon.days} days ahead, which promises may not exceed. "
            "Enter fewer minutes."
        )


def _check_hours(program: Program, _: Program, found: Mistakes) -> None:
    if not any(program.calling):
        found[Setting.MONDAY] = "Leave at least one day open, or nobody can be called."


def _check_shift(shift: Shift, program: Program, found: Mistakes) -> None:
    meets = [other for other in program.shifts if other is not shift and overlapping((shift, other))]
    if meets:
        what = " and ".join(f"“{other.name}” ({write_shift(other)})" for other in meets[:2])
        found[Setting.SHIFT_BEGINS] = f"It overlaps with {what}. A shift must end before the next one begins."


Check = Callable[[Any, Program, Mistakes], None]

CHECKS: dict[Section, dict[Check, tuple[Setting, ...]]] = {
    Section.PEOPLE: {
        _check_takers: (Setting.SME_GROUPS, Setting.SME_USERS, Setting.TL_GROUPS, Setting.TL_USERS),
        _check_managers: (Setting.MANAGER_GROUPS, Setting.MANAGER_USERS),
    },
    Section.DEPARTMENTS: {_check_department: (Setting.GROUPS, Setting.USERS)},
    Section.PROMISES: {_check_promises: (Setting.HORIZON, Setting.SPACING)},
    Section.HOURS: {_check_hours: WEEK},
    Section.SHIFTS: {_check_shift: (Setting.SHIFT_DAYS, Setting.SHIFT_BEGINS, Setting.SHIFT_ENDS)},
}
"""What several fields say together, on the program or entry as it was read: checked once all of them are understood."""
