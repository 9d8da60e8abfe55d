"""What a case's record and thread are made of: each change is one event, each event one line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from cases.words import Word

Fact: TypeAlias = "str | int | bool | Sequence[Fact] | Mapping[str, Fact] | None"


class Happened(Word):
    """The kinds of event in the record."""

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
    NOTED = "noted", "note"
    NUMBER_SHOWN = "number_shown", "number shown"
    ATTEMPTS_RAN_OUT = "attempts_ran_out", "attempts ran out"
    ATTEMPT_GRANTED = "attempt_granted", "attempt granted"
    STAYS = "stays", "stays for the call"
    FOLLOW_UP = "follow_up", "follow-up agreed"
    CLOSED = "closed", "closed"
    REOPENED = "reopened", "reopened"
    BLANKED = "blanked", "personal data blanked"
    LANGUAGE_SETTLED = "language_settled", "language settled"
    DEPARTMENT_RENAMED = "department_renamed", "department renamed"
    COACHING_OWED = "coaching_owed", "feedback owed"
    COACHING_GIVEN = "coaching_given", "feedback given"
    COACHING_ACKNOWLEDGED = "coaching_acknowledged", "feedback acknowledged"
    DESK_OPENED = "desk_opened", "desk opened"
    SETTINGS_CHANGED = "settings_changed", "settings changed"
    FORGOTTEN = "forgotten", "customer forgotten"
    EXPORTED = "exported", "exported"
    REDACTED = "redacted", "messages redacted"
    RECORD_KEYED = "record_keyed", "record keyed"
    RECORD_SEALED = "record_sealed", "record sealed"


OF_THE_PROGRAM = frozenset(
    {
        Happened.DESK_OPENED,
        Happened.SETTINGS_CHANGED,
        Happened.FORGOTTEN,
        Happened.EXPORTED,
        Happened.REDACTED,
        Happened.RECORD_KEYED,
        Happened.RECORD_SEALED,
    }
)
"""What happens to a program, not to one of its cases."""

AROUND_A_CASE = frozenset({Happened.COACHING_OWED, Happened.COACHING_GIVEN, Happened.COACHING_ACKNOWLEDGED})
"""What happens around a case and leaves it as it is."""

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
