"""Who may not do what a role alone may do, and what they read instead."""

from __future__ import annotations

from cases.mrkdwn import inline
from cases.people import named
from cases.program import Program


def managers_only(program: Program) -> str:
    """Who may change a program's settings, for everybody who may not."""
    who = named(program.manager_groups, program.manager_users)
    name = inline(program.name, 100)
    if not who:
        return f"Only managers of {name} can change its settings, and it has none. Ask your administrator."
    return f"Only the managers of {name} can change its settings: {' '.join(who)}"


def reports_only(program: Program) -> str:
    """For an agent who asks for a report: who may, and what an agent has instead."""
    name = inline(program.name, 100)
    return f"Only SMEs, TLs and managers of {name} can see its figures. Your own cases are in Askdesk's *Home* tab."
