"""Who may not do what a role alone may do, and what they read instead."""

from __future__ import annotations

from cases.mrkdwn import inline
from cases.people import named
from cases.program import Program


def managers_only(program: Program) -> str:
    """For everybody who may not change a program's settings: who may."""
    who = named(program.manager_groups, program.manager_users)
    name = inline(program.name, 100)
    if not who:
        return f"The settings of {name} are for its managers, and nobody is one. Ask your administrator."
    return f"The settings of {name} are for its managers: {' '.join(who)}"


def reports_only(program: Program) -> str:
    """For an agent who asks for a report: who may, and what an agent has instead."""
    name = inline(program.name, 100)
    return (
        f"The figures of {name} are for its SMEs, TLs and managers. Your own cases, and how they stand, are in "
        "Askdesk's *Home* tab."
    )
