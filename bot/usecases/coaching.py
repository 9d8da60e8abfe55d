"""Use cases of feedback: who opens, gives, reads and acknowledges it. Nothing here knows Slack.

Each function runs inside one transaction and raises a Refusal when nothing was done. What was said leaves storage
here alone, after it was seen to that whoever asks may read it.
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

KEY_IS_GONE = "This can't be stored any more: ENCRYPTION_KEY is not set. Close this form and open it again."


@dataclass(frozen=True)
class Item:
    """An item with the cases that it is about, as a form shows it; `said` is what was said, for who may read it."""

    coaching: Coaching
    cases: tuple[Case, ...]
    said: Said | None = None


def may_give(reading: Reading, act: Act, number: int) -> Item:
    """The item, if this person may give the feedback now; raises the Refusal that they read instead of the form."""
    item = coaching.item(reading, number, act.program.id)
    rules.check_give(item, act.who, act.program, act.now)
    return Item(item, _cases(reading, item, act.program))


def give(unit: UnitOfWork, act: Act, number: int, form: FeedbackForm | None) -> Coaching:
    """Feedback was given. `form` is None where no key keeps what is said: then only that it was given is kept."""
    item = coaching.locked(unit, number, act.program.id)
    if not unit.once(act.key, act.now):
        return item
    changed = rules.given(item, act.who, act.program, act.now)
    feedback = None if form is None else read_feedback(form, act.program, act.now)
    if feedback is not None and not unit.vault.has_key:
        raise FieldErrors({Field.OBSERVED: KEY_IS_GONE})
    return coaching.give(unit, changed, feedback, act.program, act.now)


def read(reading: Reading, program: Program, who: Person, number: int) -> Item:
    """The item with what was said, if this person may read it; raises NotAllowed or NotPossible."""
    item = coaching.item(reading, number, program.id)
    rules.check_read(item, who)
    return Item(item, _cases(reading, item, program), coaching.said(reading, number))


def acknowledge(unit: UnitOfWork, act: Act, number: int, comment: str | None) -> Coaching:
    """The agent has read it, and may say something about it."""
    item = coaching.locked(unit, number, act.program.id)
    if not unit.once(act.key, act.now):
        return item
    changed = rules.acknowledged(item, act.who, act.program, act.now)
    return coaching.acknowledge(unit, changed, read_comment(comment), act.program, act.now)


def _cases(reading: Reading, item: Coaching, program: Program) -> tuple[Case, ...]:
    return tuple(reading.case(number, program.id) for number in item.about)
