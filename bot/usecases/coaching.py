"""Use cases of feedback: who opens, gives, reads and acknowledges it. Nothing here knows Slack.

Each function runs inside one transaction and raises a Refusal if it does nothing. Texts leave storage only here, after
checking that the reader may see them.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.usecases.cases import Act
from cases import coaching as rules
from cases.case import Case
from cases.coaching import Coaching
from cases.coaching_form import FeedbackForm, read_comment, read_feedback
from cases.errors import FieldErrors
from cases.fields import Field
from cases.people import Person
from cases.program import Program
from storage.reading import Reading
from storage.unit import UnitOfWork
from storage.writing import coaching
from storage.writing.coaching import Said

KEY_IS_GONE = "This can no longer be stored: ENCRYPTION_KEY is not set. Close this form and open it again."


@dataclass(frozen=True)
class Item:
    """An item with its cases, as a form shows it; `said` holds its texts, for those who may read them.

    `outside`: whoever asks is not in the ASK channel. The feedback is theirs all the same, the customer is not.
    """

    coaching: Coaching
    cases: tuple[Case, ...]
    said: Said | None = None
    outside: bool = False


def may_give(reading: Reading, act: Act, number: int) -> Item:
    """The item, if this person may give the feedback now; raises the Refusal that is shown instead of the form."""
    item = coaching.item(reading, number, act.program.id)
    rules.check_give(item, act.who, act.program, act.now)
    return Item(item, _cases(reading, item, act.program), outside=not act.who.in_channel)


def give(unit: UnitOfWork, act: Act, number: int, form: FeedbackForm | None) -> Coaching:
    """Records that feedback was given. `form` is None without a key: then its text is not stored."""
    item = coaching.locked(unit, number, act.program.id)
    if not unit.once(act.key, act.now):
        return item
    changed = rules.given(item, act.who, act.program, act.now)
    feedback = None if form is None else read_feedback(form, act.program, act.now)
    if feedback is not None and not unit.vault.has_key:
        raise FieldErrors({Field.OBSERVED: KEY_IS_GONE})
    return coaching.give(unit, changed, feedback, act.program, act.now)


def read(reading: Reading, program: Program, who: Person, number: int) -> Item:
    """The item with its texts, if this person may read them; raises NotAllowed or NotPossible."""
    item = coaching.item(reading, number, program.id)
    rules.check_read(item, who)
    return Item(item, _cases(reading, item, program), coaching.said(reading, number), not who.in_channel)


def acknowledge(unit: UnitOfWork, act: Act, number: int, comment: str | None) -> Coaching:
    """Records that the agent has read it, with an optional comment."""
    item = coaching.locked(unit, number, act.program.id)
    if not unit.once(act.key, act.now):
        return item
    changed = rules.acknowledged(item, act.who, act.program, act.now)
    return coaching.acknowledge(unit, changed, read_comment(comment), act.program, act.now)


def _cases(reading: Reading, item: Coaching, program: Program) -> tuple[Case, ...]:
    return tuple(reading.case(number, program.id) for number in item.about)
