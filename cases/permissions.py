"""Who may do what a role alone decides: settings, figures, exports. What people may do to a case is in cases/moves.

`check_…` raises NotAllowed with the sentence for everybody else.
"""

from __future__ import annotations

from collections.abc import Iterable

from cases.errors import NotAllowed
from cases.mrkdwn import inline
from cases.people import Person, named
from cases.program import Program

NAMED_AT_MOST = 20
"""Managers in one sentence."""


def check_settings(program: Program, who: Person) -> None:
    """Only its managers may see and change a program's settings."""
    if who.manages:
        return
    managers, name = managers_of([program]), inline(program.name, 100)
    if not managers:
        raise NotAllowed(
            f"Only managers of {name} can change its settings, and it has none. Ask your administrator."
        )
    raise NotAllowed(f"Only the managers of {name} can change its settings: {managers}")


def check_new_program(programs: Iterable[Program], who: Person) -> None:
    """Only a manager of one of the programs may make another channel an ASK channel."""
    if not who.manages:
        raise NotAllowed(
            f"Only a manager of a program can make a channel an ASK channel. {who_sets_up(programs)}"
        )


def check_member(program: Program, who: Person, what: str = "see its cases") -> None:
    """Only who is in the ASK channel sees its cases, whatever the role (docs/policy.md, *Who sees a case*)."""
    if not who.in_channel:
        raise not_a_member(program, what)


def not_a_member(program: Program, what: str) -> NotAllowed:
    """For somebody outside the ASK channel: what only its members can do, and how to become one."""
    return NotAllowed(f"Only a member of <#{program.channel}> can {what}. Join the channel, then try again.")


def check_figures(program: Program, who: Person) -> None:
    """Figures are for SMEs, TLs and managers."""
    check_member(program, who, "see its figures")
    if not who.leads:
        name = inline(program.name, 100)
        raise NotAllowed(
            f"Only SMEs, TLs and managers of {name} can see its figures. Your own cases are in Askdesk's *Home* tab."
        )


def check_export(program: Program, who: Person) -> None:
    """Only a manager may export cases."""
    check_member(program, who, "export its cases")
    if not who.manages:
        raise NotAllowed("Only a manager can export cases.")


def check_personal_export(program: Program, who: Person) -> None:
    """Only a manager may have customers' data exported."""
    if not who.manages:
        raise NotAllowed(
            f"{who.id} is not a manager of {program.name}: only managers may export personal data."
        )


def who_sets_up(programs: Iterable[Program]) -> str:
    """A sentence that names the managers who can make a channel an ASK channel."""
    if not (managers := managers_of(programs)):
        return "Only a program's manager can set it up, and no program has one yet. Ask your administrator."
    return f"These managers can set it up: {managers}."


def managers_of(programs: Iterable[Program]) -> str:
    """The managers as mentions; empty if there are none."""
    found = (one for program in programs for one in named(program.manager_groups, program.manager_users))
    return " ".join(list(dict.fromkeys(found))[:NAMED_AT_MOST])
