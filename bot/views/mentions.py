"""Those who are called, as Slack mentions: whom that is, cases/audience.py decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cases.audience import Audience, Called, called
from cases.case import Case
from cases.mrkdwn import inline
from cases.people import GROUP, mention
from cases.program import Program
from cases.shifts import Members

NAME_AT_MOST = 80
"""Characters of a display name: Slack allows 80 (https://docs.slack.dev/reference/methods/users.profile.set)."""

Names = Mapping[str, str]
"""Display names by user id."""


@dataclass(frozen=True)
class Actor:
    """Who acted, for a message that tells others: named in it, never mentioned.

    Slack notifies everybody whom a message mentions, and a bot's message also the person whose click it tells of. Where
    Slack told no name the actor is mentioned after all: the channel always reads who did it.
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
        """An audience without the actor, as mentions."""
        return mentioned(called(audience, case, program, now, but=self.id, members=self.members))


def mentions(audience: Sequence[Audience], case: Case, program: Program, now: datetime | None = None) -> str:
    """An audience as mentions. Those on shift are those of the instant `now`."""
    return mentioned(called(audience, case, program, now))


def mentioned(found: Iterable[Called]) -> str:
    """People and user groups as mentions, separated by spaces."""
    return " ".join(f"{GROUP}{one.id}>" if one.is_group else mention(one.id) for one in found)
