"""What an export holds: one row for each case, its columns as data. Names and order stay; new ones come at the end.

Pure. Words are told by their value, instants in UTC; lists are separated by a space in CSV and lists in JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from cases.case import Case
from cases.close_form import Question
from cases.coaching import Coaching, Feedback
from cases.figures.definitions import promise_kept
from cases.figures.facts import FirstPromise

Value = str | int | bool | None | list[str]


@dataclass(frozen=True)
class Told:
    """A case as it stood at that instant, with its first promise and the feedback that its agent is owed or was given.

    What was said in that is there only for those who may read it.
    """

    case: Case
    first: FirstPromise
    now: datetime
    coaching: Coaching | None = None
    feedback: Feedback | None = None
    comment: str | None = None

    @property
    def kept(self) -> bool | None:
        """Whether its first promise was kept; None while nobody can say."""
        share = promise_kept(self.first, self.now)
        return bool(share.part) if share.whole else None


@dataclass(frozen=True)
class Column:
    """One column: `what` is its line in the documentation; `personal` ones are only for managers with the key.

    `staff` ones name somebody who works here, or tell how an agent did: they are not for the channel, which ranks nobody.
    """

    name: str
    what: str
    value: Callable[[Told], Value]
    personal: bool = False
    staff: bool = False


def _at(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat(timespec="seconds") if moment else None


def _words(found: Iterable[object]) -> list[str]:
    return [str(word) for word in found]


def _answer(question: Question) -> Column:
    """A question of the close form: a text is personal."""

    def value(it: Told) -> Value:
        answer = question.of(it.case.closing) if it.case.closing else None
        return None if answer is None else str(answer)

    return Column(question.value, question.row.what, value, question.words is None, question.row.staff)


_ANSWERS = [_answer(question) for question in Question]
"""Those of the first version, the texts and then the choices, have their places among the columns; later ones come last."""

COLUMNS: tuple[Column, ...] = (
    Column("case", "the case's number", lambda it: it.case.number),
    Column("status", "open, claimed or closed", lambda it: it.case.status.value),
    Column("priority", "normal or high", lambda it: it.case.priority.value),
    Column("raised_at", "when it was raised", lambda it: _at(it.case.raised_at)),
    Column("raised_by", "the agent, by Slack id", lambda it: it.case.raised_by, staff=True),
    Column(
        "superior",
        "the agent's direct superior when the case was raised, by Slack id",
        lambda it: it.case.said.superior,
        staff=True,
    ),
    Column("waiting", "whether the customer was waiting on the line", lambda it: it.case.said.waiting),
    Column("scenario", "how the escalation came about", lambda it: it.case.said.scenario.value),
    Column("reasons", "why, up to three", lambda it: _words(it.case.said.reasons)),
    Column("steps", "the de-escalation steps that were tried", lambda it: _words(it.case.said.steps)),
    Column(
        "not_attempted",
        "why no step could be tried",
        lambda it: it.case.said.not_attempted.value if it.case.said.not_attempted else None,
    ),
    Column("mood", "the customer's mood", lambda it: it.case.said.mood.value if it.case.said.mood else None),
    Column("language", "the customer's language, by its ISO 639 code", lambda it: it.case.said.language),
    Column("zone", "the customer's time zone", lambda it: it.case.said.zone),
    Column(
        "repeat",
        "whether the customer had called before",
        lambda it: it.case.said.repeat or bool(it.case.related),
    ),
    Column("related", "this customer's earlier cases", lambda it: _words(it.case.related)),
    Column("department", "the department it went to", lambda it: it.case.department),
    Column("tier", "1, and one more for each step up", lambda it: it.case.tier),
    Column("owner", "who has it, or had it last, by Slack id", lambda it: it.case.owner, staff=True),
    Column("claimed_at", "when it was first claimed", lambda it: _at(it.case.claimed_at)),
    Column("callbacks", "how many times the customer was promised a call", lambda it: it.case.callbacks),
    Column("attempts", "how many calls were made", lambda it: it.case.attempts),
    Column("first_promise_at", "the first promised time", lambda it: _at(it.first.due_at)),
    Column(
        "first_call_at",
        "when the first call began",
        lambda it: _at(it.first.first_call),
    ),
    Column(
        "first_promise_kept",
        "whether that call began inside the window; empty until it is known",
        lambda it: it.kept,
    ),
    Column(
        "next_call_at",
        "the promised time of the next call",
        lambda it: _at(it.case.callback.due_at if it.case.callback else None),
    ),
    Column("closed_at", "when it was closed", lambda it: _at(it.case.closed_at)),
    Column("outcome", "how it ended", lambda it: it.case.closing.outcome.value if it.case.closing else None),
    *_ANSWERS[2:6],
    Column(
        "feedback_due_at",
        "when feedback for the agent is due",
        lambda it: _at(it.coaching.due_at if it.coaching else None),
        staff=True,
    ),
    Column(
        "feedback_given_at",
        "when it was given",
        lambda it: _at(it.coaching.given_at if it.coaching else None),
        staff=True,
    ),
    Column(
        "feedback_read_at",
        "when the agent acknowledged it",
        lambda it: _at(it.coaching.acknowledged_at if it.coaching else None),
        staff=True,
    ),
    Column("deleted_at", "when its personal data was deleted", lambda it: _at(it.case.blanked_at)),
    Column("customer", "name or account", lambda it: it.case.said.customer, personal=True),
    Column(
        "contact",
        "number or e-mail address from the form",
        lambda it: it.case.said.contact.value,
        personal=True,
    ),
    Column(
        "other_contact",
        "number or e-mail address from the last *Escalate further*",
        lambda it: it.case.contact.value if it.case.contact else None,
        personal=True,
    ),
    Column("reference", "account or call reference", lambda it: it.case.said.reference, personal=True),
    Column("other_reason", "the reason in words", lambda it: it.case.said.other_reason, personal=True),
    Column("details", "what happened and what was promised", lambda it: it.case.said.details, personal=True),
    *_ANSWERS[:2],
    Column(
        "feedback",
        "what the superior observed",
        lambda it: it.feedback.observed if it.feedback else None,
        personal=True,
    ),
    Column(
        "feedback_outcome",
        "what the superior concluded",
        lambda it: it.feedback.outcome.value if it.feedback else None,
        personal=True,
    ),
    Column(
        "feedback_actions",
        "what was agreed",
        lambda it: "; ".join(it.feedback.actions) if it.feedback else None,
        personal=True,
    ),
    Column("feedback_comment", "what the agent answered", lambda it: it.comment, personal=True),
    Column(
        "language_written",
        "the language in words, where it is not in the list",
        lambda it: it.case.said.language_written,
        personal=True,
    ),
    *_ANSWERS[6:],
)


def columns(*, personal: bool, staff: bool = True) -> tuple[Column, ...]:
    """The columns of an export: all of them, or without what tells of a customer, or of people who work here."""
    return tuple(
        column for column in COLUMNS if (personal or not column.personal) and (staff or not column.staff)
    )


def row(told: Told, chosen: Iterable[Column]) -> dict[str, Value]:
    """A case's values by their columns; what is empty is None."""
    return {column.name: None if (value := column.value(told)) == "" else value for column in chosen}
