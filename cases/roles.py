"""Who somebody is in a program, by the lists that Slack keeps: who is in its user groups, and who in its channel."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cases.people import Person
from cases.program import Program
from cases.shifts import Members, in_channel
from cases.words import Role


def person(program: Program, user: str, members: Members) -> Person:
    """Somebody as the program sees them now; whoever is on no list is an agent."""

    def listed(groups: Iterable[str], users: Iterable[str]) -> bool:
        return user in _listed(groups, users, members)

    roles = set()
    if listed(program.sme_tl_groups, program.sme_tl_users):
        roles.add(Role.SME_TL)
    if listed(program.manager_groups, program.manager_users):
        roles.add(Role.MANAGER)
    departments = frozenset(one.name for one in program.departments if listed(one.groups, one.users))
    return Person(user, frozenset(roles or {Role.AGENT}), departments, in_channel(program, user, members))


MANAGERS, SMES_TLS = "Managers", "SMEs and TLs"
"""The headings of `takers`, besides the departments' names."""


def takers(program: Program, members: Members, *, besides: Iterable[str | None] = ()) -> dict[str, list[str]]:
    """Who may be given a case, each once under the first heading that is theirs: whoever takes cases and is in the channel,
    but those `besides`.
    """
    named = (
        (MANAGERS, program.manager_groups, program.manager_users),
        (SMES_TLS, program.sme_tl_groups, program.sme_tl_users),
        *((one.name, one.groups, one.users) for one in program.departments),
    )
    seen = set(besides)
    found: dict[str, list[str]] = {}
    for heading, groups, users in named:
        for user in _listed(groups, users, members):
            if user not in seen and in_channel(program, user, members):
                seen.add(user)
                found.setdefault(heading, []).append(user)
    return found


def _listed(groups: Iterable[str], users: Iterable[str], members: Members) -> Iterator[str]:
    yield from users
    for group in groups:
        yield from members.get(group, ())


def lost_role(program: Program, user: str, members: Members) -> bool:
    """Whether somebody has no role any more that takes cases; not as long as a list that gives roles was never read."""
    return _all_read(program, members) and not person(program, user, members).takes_cases


def can_have(program: Program, user: str, members: Members, *, left: bool) -> bool:
    """Whether a case may go to somebody now: with an account that was not deactivated, a role, and in the channel."""
    return not left and not lost_role(program, user, members) and in_channel(program, user, members)


def _all_read(program: Program, members: Members) -> bool:
    """Whether it is known who is in each group that gives a role."""
    departments = (group for one in program.departments for group in one.groups)
    return all(group in members for group in (*program.sme_tl_groups, *program.manager_groups, *departments))


def may_lead(programs: Iterable[Program], user: str, members: Members) -> bool:
    """Whether somebody can be an agent's direct superior by their role: an SME/TL or a manager of any of these programs,
    as an agent of several has one superior.

    Anybody can as long as a list that gives roles was never read: whoever raises a case waits for no list.
    """
    leads = {Role.SME_TL, Role.MANAGER}
    return any(
        not _all_read(program, members) or person(program, user, members).roles & leads
        for program in programs
    )
