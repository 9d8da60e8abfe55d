"""Who can be called at all: a user group without members answers nobody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from cases.program import Program, Shift
from cases.shifts import Members


def reachable(program: Program, members: Members) -> Program:
    """The program without the user groups that are known to be empty, so that others stand in for them.

    A shift of which nobody is left is left out as well; one in which nobody was named stays everybody's.
    """

    def full(groups: Iterable[str]) -> tuple[str, ...]:
        return tuple(group for group in groups if group not in members or members[group])

    shifts = [(shift, replace(shift, groups=full(shift.groups))) for shift in program.shifts]
    return replace(
        program,
        sme_groups=full(program.sme_groups),
        tl_groups=full(program.tl_groups),
        manager_groups=full(program.manager_groups),
        departments=tuple(replace(one, groups=full(one.groups)) for one in program.departments),
        shifts=tuple(left for before, left in shifts if _names(left) or not _names(before)),
    )


def _names(shift: Shift) -> bool:
    return bool(shift.groups or shift.users)
