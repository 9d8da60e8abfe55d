"""Why something cannot be done. The text of each error is the sentence the person sees.

Refusal
├── NotPossible     the case does not stand that way (now)
│   └── CallsClosed at this hour no call is made, unless the customer asked for it
├── NotAllowed      somebody else may do this; says who
├── NoSuchCase      there is no such case in this program
├── FieldErrors     a form's fields hold something that needs another try
├── Misread         a command's words mean nothing here; the sentence quotes them
└── OutOfUse        a button or form holds what none of today's holds

The sentences are mrkdwn, those of FieldErrors and Misread plain text: they quote what somebody typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from cases.hours import Closed
from cases.words import Word

W = TypeVar("W", bound=Word)


class Refusal(Exception):
    """A refusal in plain words; nothing was changed. `is_plain`: its sentence is no mrkdwn yet."""

    is_plain = False

    @property
    def sentence(self) -> str:
        return str(self)


class NotPossible(Refusal):
    """The move does not exist from where the case stands."""


class CallsClosed(NotPossible):
    """No call may start at this hour where the customer is, unless the customer asked for it; `closed` says why."""

    def __init__(self, number: int, closed: Closed) -> None:
        super().__init__(
            f"It is outside calling hours for case {number}'s customer. Reschedule it, unless the customer asked for "
            "this time."
        )
        self.closed = closed


class NotAllowed(Refusal):
    """The move exists, but is not this person's; the sentence says whose."""


class NoSuchCase(Refusal):
    """No case has that number in this program."""

    def __init__(self, number: int) -> None:
        super().__init__(f"There is no case {number} here. `/callbacks all` lists the open ones.")
        self.number = number


class OutOfUse(Refusal):
    """A button, menu or form holds what none of today's holds: it is of an earlier version, or nobody was ever shown it."""

    def __init__(self) -> None:
        super().__init__(
            "This button or form is out of date. Use the buttons on the case's card in the channel."
        )


class FieldErrors(Refusal):
    """One sentence per field, to be shown at the field itself."""

    is_plain = True

    def __init__(self, errors: Mapping[W, str]) -> None:
        super().__init__("; ".join(f"{field.label}: {text}" for field, text in errors.items()))
        self.errors: dict[Word, str] = dict(errors.items())


class Misread(Refusal):
    """The words after a command mean nothing here; the sentence quotes them and says what works."""

    is_plain = True
