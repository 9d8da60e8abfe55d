"""Who people are to a program and to a case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from cases.words import Role, Word


@dataclass(frozen=True)
class Person:
    """Somebody in a program, with the roles that user groups or lists currently give. `in_channel`: a member of the ASK
    channel, as far as known.
    """

    id: str
    roles: frozenset[Role] = frozenset({Role.AGENT})
    departments: frozenset[str] = field(default=frozenset())
    in_channel: bool = True

    @property
    def manages(self) -> bool:
        """Whether they are a manager of the program."""
        return Role.MANAGER in self.roles

    @property
    def leads(self) -> bool:
        """Whether they are an SME, a TL or a manager of the program."""
        return bool(self.roles & {Role.SME_TL, Role.MANAGER})

    @property
    def takes_cases(self) -> bool:
        """Whether this person may have a case: an SME/TL or a manager, never an agent."""
        return self.leads or bool(self.departments)

    @property
    def works_here(self) -> bool:
        """Whether the program's cases are this person's to look after: somebody outside the channel sees none of them."""
        return self.takes_cases and self.in_channel

    @property
    def manages_here(self) -> bool:
        """Whether they are a manager who is in the channel: what managers see of cases and feedback is theirs."""
        return self.manages and self.in_channel


class Party(Word):
    """What a person is to one case; a move says which parties may make it."""

    OWNER = "owner", "the owner"
    RAISER = "raiser", "the agent who raised it"
    SME_TL = "sme_tl", "an SME/TL"
    MANAGER = "manager", "a manager"
    ANYONE = "anyone", "a member of the ASK channel"
    ASKDESK = "desk", "Askdesk itself"


ASKDESK = Person("askdesk", frozenset())
"""Acts when nobody does: the record names Askdesk itself."""


ANYBODY = Person("anybody", frozenset(Role))
"""Anybody who may: for messages, which ask which moves are possible at all."""


OPERATOR = Person("operator", frozenset())
"""The person who runs commands on Askdesk's machine: the record can't say who that is."""


GROUP = "<!subteam^"
"""The beginning of a user group's mention."""


def mention(user_id: str) -> str:
    """A person in a sentence, as a mention that the channel shows as a name."""
    return f"<@{user_id}>"


def named(groups: Iterable[str], users: Iterable[str]) -> list[str]:
    """The groups, and the people named individually, as mentions."""
    return [f"{GROUP}{group}>" for group in groups] + [mention(user) for user in users]


def one_of(words: list[str]) -> str:
    """`a`, `a or b`, `a, b or c`: for a sentence that says who may."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
