"""Who people are to a program and to a case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from cases.words import Role, Word


@dataclass(frozen=True)
class Person:
    """Somebody in a program, with the roles that user groups or lists gave at this moment.

    `in_channel`: a member of the ASK channel, as far as is known.
    """

    id: str
    roles: frozenset[Role] = frozenset({Role.AGENT})
    departments: frozenset[str] = field(default=frozenset())
    in_channel: bool = True

    @property
    def takes_cases(self) -> bool:
        """Whether a case may be in this person's hands: an SME/TL or a manager, never an agent."""
        return bool(self.roles & {Role.SME_TL, Role.MANAGER}) or bool(self.departments)


class Party(Word):
    """What a person is to one case; the table of who may do which move speaks of parties."""

    OWNER = "owner", "the owner"
    RAISER = "raiser", "the agent who raised it"
    SME_TL = "sme_tl", "an SME/TL"
    MANAGER = "manager", "a manager"
    ANYONE = "anyone", "a member of the ASK channel"
    DESK = "desk", "Askdesk itself"


DESK = Person("askdesk", frozenset())
"""Who acts where nobody does: the record says that it was the desk itself."""


ANYBODY = Person("anybody", frozenset(Role))
"""Whoever may: stands for them where a message asks which moves are possible at all."""


OPERATOR = Person("operator", frozenset())
"""Whoever runs commands where Askdesk runs: the record cannot say which person that is."""


GROUP = "<!subteam^"
"""How a mention of a user group begins."""


def mention(user_id: str) -> str:
    """A person in a sentence, in the notation that the channel shows as a name."""
    return f"<@{user_id}>"


def named(groups: Iterable[str], users: Iterable[str]) -> list[str]:
    """The groups, and those who are named beside them, as mentions."""
    return [f"{GROUP}{group}>" for group in groups] + [mention(user) for user in users]


def one_of(words: list[str]) -> str:
    """`a`, `a or b`, `a, b or c`: for a sentence that says who may."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
