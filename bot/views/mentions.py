"""Who is called by name: an audience of the ladder as Slack mentions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from cases.case import Case
from cases.ladder import Audience
from cases.people import mention
from cases.program import Program
from cases.shifts import running

AT_MOST = 100
"""Mentions in one message; longer lists of plain users are cut."""


def mentions(audience: Sequence[Audience], case: Case, program: Program, now: datetime | None = None) -> str:
    """The audience as mentions, each once, separated by spaces. Those on shift are those of the instant `now`.

    Where there are no TLs, SMEs stand in for them, and the reverse, and both for a shift in which nobody is named.
    Where there is neither, the managers are called, and in place of managers the SMEs/TLs:
    a promise is never left to nobody (house rule 3).
    """
    found: list[str] = []
    for one in audience:
        found += _mentions(one, case, program, now) or _instead(one, case, program, found)
    return " ".join(list(dict.fromkeys(found))[:AT_MOST])


def _mentions(one: Audience, case: Case, program: Program, now: datetime | None = None) -> list[str]:
    if one is Audience.OWNER:
        return [mention(case.owner)] if case.owner else []
    if one is Audience.ON_SHIFT:
        shifts = [span.shift for span in running(program, now)] if now else []
        return [name for shift in shifts for name in named(shift.groups, shift.users)]
    if one is Audience.MANAGERS:
        return named(program.manager_groups, program.manager_users)
    department = program.department(case.department)
    if department is not None and (department.groups or department.users):
        return named(department.groups, department.users)
    smes = named(program.sme_groups, program.sme_users)
    tls = named(program.tl_groups, program.tl_users)
    if one is Audience.SMES:
        return smes or tls
    if one is Audience.TLS:
        return tls or smes
    return smes + tls


def _instead(one: Audience, case: Case, program: Program, called: Sequence[str]) -> list[str]:
    """Those who stand in where an audience is nobody: the first who are not only those who are called already."""
    others = (
        (Audience.MANAGERS,) if one in (Audience.SMES, Audience.TLS) else (Audience.SME_TL, Audience.MANAGERS)
    )
    found = [names for other in others if (names := _mentions(other, case, program))]
    return next((names for names in found if set(names) - set(called)), found[0] if found else [])


def named(groups: Iterable[str], users: Iterable[str]) -> list[str]:
    """The groups, and those who are named beside them, as mentions."""
    return [f"<!subteam^{group}>" for group in groups] + [mention(user) for user in users]
