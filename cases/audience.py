"""Who is called: which people and user groups an audience stands for now, who stands in, who is skipped and why.

Pure, and the only place that decides it: views turn the ids into mentions. Slack notifies only members of a channel of a
mention in it (https://slack.com/help/articles/205240127-Use-mentions-in-Slack).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from cases.case import Case
from cases.program import Program, Shift
from cases.shifts import Members, in_channel, on_shift, running
from cases.words import Word

AT_MOST = 100
"""How many one message calls; longer lists of plain users are cut."""

NOBODY_KNOWN: Members = {}
"""No group memberships known."""


class Audience(Word):
    """Whom a message is for, before anybody's name is looked up."""

    OWNER = "owner", "the owner"
    ON_SHIFT = "on_shift", "those on shift"
    IN_PLACE = "in_place", "those on shift"
    """In place of an owner who is not in the channel."""
    SMES = "smes", "SMEs"
    TLS = "tls", "TLs"
    SME_TL = "sme_tl", "SMEs and TLs"
    MANAGERS = "managers", "managers"


@dataclass(frozen=True)
class Called:
    """One whom a message calls: somebody by their id, or everybody in a user group."""

    id: str
    is_group: bool = False


@dataclass(frozen=True)
class People:
    """Who is in which list; `gone` are the groups that Slack no longer has, and the people who left."""

    members: Members = field(default_factory=dict)
    gone: frozenset[str] = frozenset()


def in_hand(case: Case, program: Program, now: datetime, members: Members) -> tuple[Audience, ...]:
    """Who has to see to a promise at this moment.

    An owner who is off shift is called together with those on shift, unless they stay for the call; so is one who is not
    in the channel.
    """
    if case.owner is None:
        return (Audience.SME_TL,)
    if not in_channel(program, case.owner, members):
        return (Audience.OWNER, Audience.IN_PLACE)
    stays = case.callback is not None and case.callback.stays == case.owner
    if stays or on_shift(program, case.owner, members, now):
        return (Audience.OWNER,)
    return (Audience.OWNER, Audience.ON_SHIFT)


def called(
    audience: Sequence[Audience],
    case: Case,
    program: Program,
    now: datetime | None = None,
    *,
    but: str = "",
    members: Members = NOBODY_KNOWN,
) -> tuple[Called, ...]:
    """The people and groups of an audience, each once, `AT_MOST` of them. Those on shift are those of the instant `now`.

    Where there are no TLs, SMEs stand in for them, and the reverse, and both for a shift that names nobody. Where there is
    neither, the managers are called, and in place of managers the SMEs and TLs: a promise is never left to nobody (house
    rule 3). Whoever acted (`but`) is skipped: they know. A group that they are in gives way to its other members, and
    where nobody else is left the managers are called.
    """
    for asked in (audience, (Audience.MANAGERS,)):
        found: list[Called] = []
        for one in asked:
            found += _named(one, case, program, now) or _instead(one, case, program, found)
        each_once = list(dict.fromkeys(found))[:AT_MOST]
        if others := dict.fromkeys(other for one in each_once for other in _without(but, one, members)):
            return tuple(others)
    return ()


def _without(user: str, one: Called, members: Members) -> Iterator[Called]:
    inside = members.get(one.id, ()) if one.is_group else ()
    if user in inside and len(inside) <= AT_MOST:
        yield from (Called(other) for other in inside if other != user)
    elif one != Called(user):
        yield one


def _named(one: Audience, case: Case, program: Program, now: datetime | None = None) -> list[Called]:
    if one is Audience.OWNER:
        return [Called(case.owner)] if case.owner else []
    if one in (Audience.ON_SHIFT, Audience.IN_PLACE):
        shifts = [span.shift for span in running(program, now)] if now else []
        return [name for shift in shifts for name in _each(shift.groups, shift.users)]
    if one is Audience.MANAGERS:
        return _each(program.manager_groups, program.manager_users)
    department = program.department(case.department)
    if department is not None and (department.groups or department.users):
        return _each(department.groups, department.users)
    smes = _each(program.sme_groups, program.sme_users)
    tls = _each(program.tl_groups, program.tl_users)
    if one is Audience.SMES:
        return smes or tls
    if one is Audience.TLS:
        return tls or smes
    return smes + tls


def _each(groups: Iterable[str], users: Iterable[str]) -> list[Called]:
    return [*(Called(group, is_group=True) for group in groups), *map(Called, users)]


def _instead(one: Audience, case: Case, program: Program, so_far: Sequence[Called]) -> list[Called]:
    """Those who stand in where an audience is nobody: the first who are not only those who are called already."""
    others = (
        (Audience.MANAGERS,) if one in (Audience.SMES, Audience.TLS) else (Audience.SME_TL, Audience.MANAGERS)
    )
    found = [names for other in others if (names := _named(other, case, program))]
    return next((names for names in found if set(names) - set(so_far)), found[0] if found else [])


def reachable(program: Program, members: Members, gone: Collection[str] = ()) -> Program:
    """The program without whom no mention reaches, so that others stand in: people whose accounts are `gone` or who are
    not in its channel, and user groups in which nobody else is known to be.

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
        shifts=tuple(now for before, now in shifts if _names_somebody(now) or not _names_somebody(before)),
    )
    if there is not None and not any(
        (*left.sme_tl_groups, *left.sme_tl_users, *left.manager_groups, *left.manager_users)
    ):
        return reachable(program, {one: members[one] for one in members if one != program.channel}, gone)
    return left


def _names_somebody(shift: Shift) -> bool:
    return bool(shift.groups or shift.users)
