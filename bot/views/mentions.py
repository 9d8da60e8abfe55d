"""Who is called by name: an audience of the ladder as Slack mentions, without whoever acted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cases.case import Case
from cases.ladder import Audience
from cases.mrkdwn import inline
from cases.people import GROUP, mention, named
from cases.program import Program
from cases.shifts import Members, running

AT_MOST = 100
"""Mentions in one message; longer lists of plain users are cut."""

NAME_AT_MOST = 80
"""Characters of a display name: Slack allows 80 (https://docs.slack.dev/reference/methods/users.profile.set)."""

Names = Mapping[str, str]
"""Display names by user id."""


@dataclass(frozen=True)
class Actor:
    """Who acted, for a message that tells others: named in it, never mentioned.

    Slack notifies everybody whom a message mentions, and a bot's message also the person whose click it tells of. So
    here, and only here, whoever acted is left out of the audience. A user group that they are in gives way to its
    other members, up to `AT_MOST` of them. Where Slack told no name the actor is mentioned after all: the channel
    always reads who did it.
    """

    id: str
    names: Names = field(default_factory=dict)
    members: Members = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.person(self.id)

    def person(self, user: str) -> str:
        """Somebody in a sentence: a mention, but the actor's bare name."""
        known = inline(self.names.get(user, ""), NAME_AT_MOST) if user == self.id else ""
        return known or mention(user)

    def others(self, *people: str | None) -> list[str]:
        """Those of these people who did not act themselves, as mentions, each once."""
        return [mention(person) for person in dict.fromkeys(people) if person and person != self.id]

    def called(
        self, audience: Sequence[Audience], case: Case, program: Program, now: datetime | None = None
    ) -> str:
        """The audience as `mentions` has it, without the actor; the managers where nobody else is left."""
        for called in (audience, [Audience.MANAGERS]):
            found = mentions(called, case, program, now).split()
            if others := list(dict.fromkeys(other for one in found for other in self._without_me(one))):
                return " ".join(others)
        return ""

    def _without_me(self, called: str) -> Iterator[str]:
        members = self.members.get(called.removeprefix(GROUP).removesuffix(">"), ())
        if self.id in members and len(members) <= AT_MOST:
            yield from self.others(*members)
        elif called != mention(self.id):
            yield called


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
    if one in (Audience.ON_SHIFT, Audience.IN_PLACE):
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
