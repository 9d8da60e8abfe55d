"""Why something cannot be done. The text of each error is the sentence the person sees.

Refusal
├── NotPossible     the case does not stand that way (now)
│   └── AsksFirst   a call at this moment needs an answer first
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
    """A refusal in plain words; nothing was changed. `is_plain`: its sentence is not yet mrkdwn."""

    is_plain = False

    @property
    def sentence(self) -> str:
        return str(self)


class NotPossible(Refusal):
    """The case's status doesn't allow the move."""


class AsksFirst(NotPossible):
    """The owner has to say something before a call at this moment: whether the customer asked for it, where no calls are
    made at this hour (`closed` says why), and why it comes before the agreed time, where it does (`early`).
    """

    def __init__(self, number: int, closed: Closed | None, *, early: bool) -> None:
        super().__init__(
            f"It is outside calling hours for case {number}'s customer. Reschedule it, unless the customer asked for "
            "this time."
            if closed
            else f"It is not yet time to call case {number}'s customer. Say why you call now, or reschedule."
        )
        self.closed, self.early = closed, early


class NotAllowed(Refusal):
    """The move isn't this person's; the sentence says whose it is."""


class NoSuchCase(Refusal):
    """No case has that number in this program."""

    def __init__(self, number: int) -> None:
        super().__init__(f"There is no case {number} here. `/callbacks all` lists the open ones.")
        self.number = number


class OutOfUse(Refusal):
    """A button, menu or form holds an unknown value: it is from an earlier version, or was never shown to anybody."""

    def __init__(self) -> None:
        super().__init__(
            "This button or form is out of date. Use the buttons on the case's card in the channel."
        )


class FieldErrors(Refusal):
    """One sentence per field, to be shown there."""

    is_plain = True

    def __init__(self, errors: Mapping[W, str]) -> None:
        super().__init__("; ".join(f"{field.label}: {text}" for field, text in errors.items()))
        self.errors: dict[Word, str] = dict(errors.items())


class Misread(Refusal):
    """A command's words mean nothing here; the sentence quotes them and says what works."""

    is_plain = True
