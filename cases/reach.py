"""Who can be called at all: a user group without members answers nobody, nor does one, or somebody, that is gone."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from cases.program import Program, Shift
from cases.shifts import Members


def reachable(program: Program, members: Members, gone: Collection[str] = ()) -> Program:
    """The program without the people whose accounts are `gone` and the user groups that are known to be empty, so that
    others stand in for them.

    In place of groups that are `gone` stand the people who were in them last. A shift of which nobody is left is left
    out as well; one in which nobody was named stays everybody's.
    """

    def full(groups: Iterable[str]) -> tuple[str, ...]:
        there = (group for group in groups if group not in gone)
        return tuple(one for one in there if one not in members or not set(gone).issuperset(members[one]))

    def people(groups: Iterable[str], users: Iterable[str]) -> tuple[str, ...]:
        lost = (user for group in groups if group in gone for user in members.get(group, ()))
        return tuple(user for user in dict.fromkeys((*users, *lost)) if user not in gone)

    shifts = [
        (shift, replace(shift, groups=full(shift.groups), users=people(shift.groups, shift.users)))
        for shift in program.shifts
    ]
    return replace(
        program,
        sme_groups=full(program.sme_groups),
        tl_groups=full(program.tl_groups),
        manager_groups=full(program.manager_groups),
        sme_users=people(program.sme_groups, program.sme_users),
        tl_users=people(program.tl_groups, program.tl_users),
        manager_users=people(program.manager_groups, program.manager_users),
        departments=tuple(
            replace(one, groups=full(one.groups), users=people(one.groups, one.users))
            for one in program.departments
        ),
        shifts=tuple(left for before, left in shifts if _names(left) or not _names(before)),
    )


def _names(shift: Shift) -> bool:
    return bool(shift.groups or shift.users)
