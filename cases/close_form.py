"""The questions of the close form beside its outcome, one row each. How they are asked, checked, recorded, shown, exported
and deleted comes from these rows.

To add one: give `Closing` (cases/case.py) the attribute, add its row here, and its column in storage/tables.py with a
migration. A text is personal and is quoted in the channel; a choice is for figures and the record.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any, NamedTuple, Self, get_args, get_type_hints

from cases.case import Closing
from cases.events import Fact
from cases.words import Word

_TYPES = get_type_hints(Closing)
_DEFAULTS = {one.name: one.default for one in fields(Closing)}


class Row(NamedTuple):
    """A question: `value` is the attribute of `Closing`, whose type says whether it is typed or chosen, and from what.

    `what` is its column of the export, which is not for the channel where it tells how an agent did (`staff`). A manager
    who signs off is asked as well, unless only a customer could have said it (`of_customer`), and may read another hint.
    A text has `least` to `most` characters, else the field says `wrong`.
    """

    value: str
    label: str
    what: str
    hint: str | None = None
    hint_to_manager: str | None = None
    of_customer: bool = False
    staff: bool = False
    least: int = 0
    most: int = 0
    wrong: str = ""


class Question(Word):
    """The questions, in the order in which they are asked."""

    row: Row

    def __new__(cls, *row: Any) -> Self:
        question = str.__new__(cls, row[0])
        question.row = Row(*row)
        question._value_, question.label = question.row[:2]
        return question

    GRANTED = Row(
        "granted", "What was granted", "what was granted", most=500, wrong="Keep it to 500 characters."
    )
    NOTES = Row(
        "notes",
        "Notes",
        "the notes at the end",
        "What was said and agreed.",
        "What was tried, and what the customer gets.",
        least=20,
        most=3000,
        wrong="Write at least 20 characters: what was said and agreed.",
    )
    SATISFIED = Row(
        "satisfied", "Was the customer satisfied?", "whether the customer was satisfied", of_customer=True
    )
    RIGHT_DEPARTMENT = Row("right_department", "Right department?", "whether it was the right department")
    ASSESSED_WELL = Row("assessed_well", "Assessed well?", "whether the agent assessed it well", staff=True)
    MISSED = Row(
        "missed",
        "De-escalation opportunity missed",
        "de-escalation opportunities missed: none, one or several",
        "If there were any, the agent's direct superior is asked for feedback.",
        staff=True,
    )

    @property
    def words(self) -> type[Word] | None:
        """From which words one is chosen; None where the answer is typed."""
        kind = next(iter(get_args(_TYPES[self.value])), _TYPES[self.value])
        return kind if issubclass(kind, Word) else None

    @property
    def default(self) -> Any:
        """What counts where nothing is chosen; None where that leaves it open."""
        return _DEFAULTS[self.value]

    def of(self, closing: Closing) -> Any:
        """The answer."""
        return getattr(closing, self.value)


TYPED = tuple(question for question in Question if question.words is None)
CHOSEN = tuple(question for question in Question if question.words is not None)


def facts(closing: Closing) -> dict[str, Fact]:
    """What was chosen, for the record: each word's value, None where it was left open."""
    chosen = {question.value: question.of(closing) for question in CHOSEN}
    return {"outcome": closing.outcome.value, **{name: word and word.value for name, word in chosen.items()}}


def said(closing: Closing) -> dict[str, str]:
    """What was typed, for the record; an answer that may be left out is there only if it was given."""
    return {
        question.value: text for question in TYPED if (text := question.of(closing)) or question.row.least
    }
