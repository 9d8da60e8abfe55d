"""*Complete*, *Sign off unreachable*, *Grant another attempt* and *Reopen*: how a case ends, and how it goes on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from slack_sdk.models.blocks import Block

from bot.faces.face import Face, Sent, asking, form_of
from bot.faces.lines import Happening, Line, Quote
from bot.usecases import cases as usecases
from bot.usecases.cases import Act
from bot.views import blocks, inputs, read
from bot.views.message import Json
from bot.views.modals.frame import of_move, when
from bot.views.read import Values
from cases import forms, moves
from cases.case import Case
from cases.close_form import TYPED, Question
from cases.events import Happened
from cases.fields import Field
from cases.forms import CloseForm, PromiseForm
from cases.moves import Change
from cases.program import Program
from cases.words import Outcome, Satisfied
from storage.reading import Reading
from storage.unit import UnitOfWork

OUTCOMES = tuple(outcome for outcome in Outcome if outcome is not Outcome.UNREACHABLE)
"""What the owner may choose; *unreachable* is signed off by a manager (docs/policy.md, house rule 1)."""


def complete(case: Case, program: Program, now: datetime, outcome: Outcome | None = None) -> Json:
    """The short way: the attempt is logged as *reached*, only the close form is asked."""
    body = [*outcome_asked(case, program, now, outcome), *close_form_asked()]
    return of_move(moves.complete, case, body, "Save")


def _complete(unit: UnitOfWork, act: Act, sent: Sent) -> Case:
    return usecases.complete(unit, act, sent.case, close_form(sent.values))


def _redraw_complete(reading: Reading, act: Act, sent: Sent) -> Json:
    case = reading.case(sent.case, act.program.id)
    return complete(case, act.program, act.now, read.word(Outcome, sent.values, Field.OUTCOME))


def sign_off(case: Case, program: Program, now: datetime) -> Json:
    """A manager ends the case as *unreachable*: the close form without what only a customer could have said."""
    body = [_asked(one, one.row.hint_to_manager) for one in Question if not one.row.of_customer]
    return of_move(moves.sign_off, case, body, "Sign off")


def _sign_off(case: Case, act: Act, sent: Sent) -> Change:
    return moves.sign_off(case, act, forms.read_sign_off(sent.form(CloseForm)))


def grant_attempt(case: Case, program: Program, now: datetime) -> Json:
    """When the additional attempt is made."""
    return of_move(moves.grant_attempt, case, when(case, program, now), "Grant")


def _grant_attempt(case: Case, act: Act, sent: Sent) -> Change:
    return moves.grant_attempt(case, act, sent.promise(case, act))


def reopen(case: Case, program: Program, now: datetime) -> Json:
    """When the customer is called again, and why."""
    body = [inputs.paragraph(Field.REASON), *when(case, program, now)]
    return of_move(moves.reopen, case, body, "Reopen")


def _reopen(unit: UnitOfWork, act: Act, sent: Sent) -> Case:
    return usecases.reopen(unit, act, sent.case, sent.form(PromiseForm), sent.one(Field.REASON))


def outcome_asked(case: Case, program: Program, now: datetime, outcome: Outcome | None) -> Iterator[Block]:
    yield inputs.select(Field.OUTCOME, OUTCOMES, outcome, redraws=True)
    if outcome is Outcome.PARTLY:
        yield blocks.section("*When will the customer hear from us again?* The case stays open until then.")
        yield from when(case, program, now)


def close_form_asked() -> Iterator[Block]:
    yield from map(_asked, Question)


def _asked(question: Question, hint: str | None = None) -> Block:
    hint = hint or question.row.hint
    if question.words is not None:
        start = question.default
        return inputs.radio(question, question.words, start, optional=start is None, hint=hint)
    least = question.row.least or None
    return inputs.paragraph(question, least=least, most=question.row.most, optional=not least, hint=hint)


def close_form(values: Values) -> CloseForm:
    """The close form; its outcome is *withdrawn* where the customer's withdrawal is ticked."""
    form = read.form(CloseForm, values)
    withdrawn = read.ticked(values, Field.WITHDRAWN)
    return replace(form, outcome=Outcome.WITHDRAWN.value) if withdrawn else form


ENDING = tuple(
    Quote(one.value, always=True) if one.row.least else Quote(one.value, one.label) for one in TYPED
)
"""What was typed in the close form; what was chosen is for figures and the record, but for the customer's own answer."""


def _follow_up(it: Happening) -> str:
    agreed = f"*{Outcome.PARTLY.label}*, follow-up agreed"
    return f"{it.who} reached the customer: {agreed}{_satisfied(it)}{it.others(it.raiser)}"


def _closed(it: Happening) -> str:
    outcome = it.fact("outcome")
    ending = Outcome(outcome).label if outcome else "closed"
    return f":white_check_mark: {it.who} closed {it.number}: *{ending}*{_satisfied(it)}{it.others(it.raiser)}"


def _granted(it: Happening) -> str:
    return f"{it.who} granted another attempt{it.others(it.raiser, it.fact('owner'))}"


def _reopened(it: Happening) -> str:
    return f"{it.who} reopened {it.number}{it.others(it.fact('owner'), it.raiser)}"


def _satisfied(it: Happening) -> str:
    satisfied = it.fact("satisfied")
    if not satisfied or satisfied == Satisfied.NOT_ASKED:
        return ""
    return f" · customer satisfied: {Satisfied(satisfied).label.lower()}"


FACES = (
    Face(
        moves.complete,
        opens=form_of(moves.complete, complete),
        sends=_complete,
        redraws=_redraw_complete,
        redrawn_by=(Field.OUTCOME,),
    ),
    asking(moves.sign_off, sign_off, _sign_off),
    asking(moves.grant_attempt, grant_attempt, _grant_attempt),
    Face(moves.reopen, opens=form_of(moves.reopen, reopen), sends=_reopen),
)

LINES = {
    Happened.FOLLOW_UP: Line(_follow_up, quotes=ENDING, time="Follow-up"),
    Happened.CLOSED: Line(_closed, quotes=ENDING),
    Happened.ATTEMPT_GRANTED: Line(_granted),
    Happened.REOPENED: Line(_reopened, quotes=(Quote("reason", always=True),)),
}
