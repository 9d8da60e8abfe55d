"""Who can be called at all: nobody who has left or is not in the channel, and no user group in which there is nobody else."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from cases.program import Program, Shift
from cases.shifts import Members


def reachable(program: Program, members: Members, gone: Collection[str] = ()) -> Program:
    """The program without the people whose accounts are `gone` or who are not in its channel, and without the user groups
    in which nobody else is known to be, so that others stand in for them.

    In place of groups that are `gone` stand the people who were in them last. A shift of which nobody is left is left
    out as well; one in which nobody was named stays everybody's. Where nobody with a role is in the channel they are
    all called: who reads it there sees whom to fetch.
    """
    there = None if program.channel not in members else frozenset(members[program.channel])

    def reached(user: str) -> bool:
        return user not in gone and (there is None or user in there)

    def full(groups: Iterable[str]) -> tuple[str, ...]:
        known = (group for group in groups if group not in gone)
        return tuple(one for one in known if one not in members or any(map(reached, members[one])))

    def people(groups: Iterable[str], users: Iterable[str]) -> tuple[str, ...]:
        lost = (user for group in groups if group in gone for user in members.get(group, ()))
        return tuple(user for user in dict.fromkeys((*users, *lost)) if reached(user))

    shifts = [
        (shift, replace(shift, groups=full(shift.groups), users=people(shift.groups, shift.users)))
        for shift in program.shifts
    ]
    left = replace(
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
        shifts=tuple(now for before, now in shifts if _names(now) or not _names(before)),
    )
    if there is not None and not any(
        (*left.sme_tl_groups, *left.sme_tl_users, *left.manager_groups, *left.manager_users)
    ):
        return reachable(program, {one: members[one] for one in members if one != program.channel}, gone)
    return left


def _names(shift: Shift) -> bool:
    return bool(shift.groups or shift.users)
