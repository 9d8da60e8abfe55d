"""What a case's record and thread are made of: each change is one event, each event one line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Self, TypeAlias

from cases.words import Word

Fact: TypeAlias = "str | int | bool | Sequence[Fact] | Mapping[str, Fact] | None"


class About(Enum):
    """What an event is about, and whether that is another afterwards."""

    CASE = "a case, which it changes"
    LINE = "a case, which stays as it was"
    AROUND = "what happens around a case, such as feedback"
    PROGRAM = "a program"


class Happened(Word):
    """The kinds of event in the record."""

    about: About

    def __new__(cls, value: str, label: str = "", about: About = About.CASE) -> Self:
        word = str.__new__(cls, value)
        word._value_, word.label, word.about = value, label, about
        return word

    RAISED = "raised", "raised"
    CLAIMED = "claimed", "claimed"
    CALLING = "calling", "calling now"
    ATTEMPTED = "attempted", "attempt logged"
    RESCHEDULED = "rescheduled", "rescheduled"
    HANDED_OVER = "handed_over", "handed over"
    RELEASED = "released", "released"
    OWNER_LEFT = "owner_left", "owner left"
    TAKEN_OVER = "taken_over", "taken over"
    ESCALATED = "escalated", "escalated further"
    NOTED = "noted", "note", About.LINE
    NUMBER_SHOWN = "number_shown", "number shown", About.LINE
    ATTEMPTS_RAN_OUT = "attempts_ran_out", "attempts ran out"
    ATTEMPT_GRANTED = "attempt_granted", "attempt granted"
    STAYS = "stays", "stays for the call", About.LINE
    FOLLOW_UP = "follow_up", "follow-up agreed"
    CLOSED = "closed", "closed"
    REOPENED = "reopened", "reopened"
    BLANKED = "blanked", "personal data blanked"
    LANGUAGE_SETTLED = "language_settled", "language settled", About.LINE
    DEPARTMENT_RENAMED = "department_renamed", "department renamed", About.LINE
    COACHING_OWED = "coaching_owed", "feedback owed", About.AROUND
    COACHING_GIVEN = "coaching_given", "feedback given", About.AROUND
    COACHING_ACKNOWLEDGED = "coaching_acknowledged", "feedback acknowledged", About.AROUND
    DESK_OPENED = "desk_opened", "desk opened", About.PROGRAM
    SETTINGS_CHANGED = "settings_changed", "settings changed", About.PROGRAM
    FORGOTTEN = "forgotten", "customer forgotten", About.PROGRAM
    EXPORTED = "exported", "exported", About.PROGRAM
    REDACTED = "redacted", "messages redacted", About.PROGRAM
    RECORD_KEYED = "record_keyed", "record keyed", About.PROGRAM
    RECORD_SEALED = "record_sealed", "record sealed", About.PROGRAM


OF_THE_PROGRAM = frozenset(kind for kind in Happened if kind.about is About.PROGRAM)
AROUND_A_CASE = frozenset(kind for kind in Happened if kind.about is About.AROUND)

FOR_THE_CHANNEL = frozenset({Happened.OWNER_LEFT})
"""Lines that the whole channel sees, not the thread alone."""


@dataclass(frozen=True)
class Event:
    """One thing that happened; `by` is a user's id, or the desk's own name.

    `facts` are words, numbers, ids and ISO instants, or lists of them. `said` is what people typed or what is personal,
    hashed apart in the record so that it can be blanked without breaking the chain.
    """

    kind: Happened
    by: str
    facts: Mapping[str, Fact] = field(default_factory=dict)
    said: Mapping[str, str] = field(default_factory=dict)


def has_line(event: Event) -> bool:
    """Whether an event has a line in the case's thread. A new case is shown by its card; if the customer was here before,
    a line tells those who had them.
    """
    return event.kind is not Happened.RAISED or bool(event.facts.get("related_owners"))
