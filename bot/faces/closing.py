"""*Complete*, *Sign off unreachable* and *Reopen*: how a case ends, and how it goes on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from slack_sdk.models.blocks import Block

from bot.faces.face import Face, Sent, asking, form_of
from bot.faces.lines import Happening, Line, Quote
from bot.usecases import cases as desk
from bot.usecases.cases import Act
from bot.views import blocks, inputs, read
from bot.views.message import Json
from bot.views.modals.frame import of_move, when
from bot.views.read import Values
from cases import forms, moves
from cases.case import Case
from cases.events import Happened
from cases.fields import Field
from cases.forms import NOTES_AT_LEAST, CloseForm, PromiseForm
from cases.moves import Change
from cases.program import Program
from cases.words import Missed, Outcome, Satisfied, Verdict
from storage.reading import Reading
from storage.unit import UnitOfWork

GRANTED_AT_MOST = 500

MISSED_HINT = "One or several: the agent's direct superior is asked for feedback."

OUTCOMES = tuple(outcome for outcome in Outcome if outcome is not Outcome.UNREACHABLE)
"""What the owner may choose; *unreachable* is signed off by a manager (docs/policy.md, house rule 1)."""


def complete(case: Case, program: Program, now: datetime, outcome: Outcome | None = None) -> Json:
    """The short way: the attempt is logged as *reached*, only the close form is asked."""
    body = [*outcome_asked(case, program, now, outcome), *close_form_asked()]
    return of_move(moves.complete, case, body, "Save")


def _complete(unit: UnitOfWork, act: Act, sent: Sent) -> Case:
    return desk.complete(unit, act, sent.case, close_form(sent.values))


def _redraw_complete(reading: Reading, act: Act, sent: Sent) -> Json:
    case = reading.case(sent.case, act.program.id)
    return complete(case, act.program, act.now, read.word(Outcome, sent.values, Field.OUTCOME))


def sign_off(case: Case, program: Program, now: datetime) -> Json:
    """A manager ends the case as *unreachable*: the close form without what only a customer could have said."""
    body = [
        inputs.paragraph(Field.GRANTED, most=GRANTED_AT_MOST, optional=True),
        inputs.paragraph(
            Field.NOTES, least=NOTES_AT_LEAST, hint="What was tried, and what the customer gets."
        ),
        *_quality(),
    ]
    return of_move(moves.sign_off, case, body, "Sign off")


def _sign_off(case: Case, act: Act, sent: Sent) -> Change:
    return moves.sign_off(case, act, forms.read_sign_off(sent.form(CloseForm)))


def reopen(case: Case, program: Program, now: datetime) -> Json:
    """When the customer is called again, and why."""
    body = [inputs.paragraph(Field.REASON), *when(case, program, now)]
    return of_move(moves.reopen, case, body, "Reopen")


def _reopen(unit: UnitOfWork, act: Act, sent: Sent) -> Case:
    return desk.reopen(unit, act, sent.case, sent.form(PromiseForm), sent.one(Field.REASON))


def outcome_asked(case: Case, program: Program, now: datetime, outcome: Outcome | None) -> Iterator[Block]:
    yield inputs.select(Field.OUTCOME, OUTCOMES, outcome, redraws=True)
    if outcome is Outcome.PARTLY:
        yield blocks.section("*When does the customer hear from us again?* The case stays open until then.")
        yield from when(case, program, now)


def close_form_asked() -> Iterator[Block]:
    yield inputs.paragraph(Field.GRANTED, most=GRANTED_AT_MOST, optional=True)
    yield inputs.paragraph(Field.NOTES, least=NOTES_AT_LEAST, hint="What was said and agreed.")
    yield inputs.radio(Field.SATISFIED, Satisfied, Satisfied.NOT_ASKED)
    yield from _quality()


def _quality() -> Iterator[Block]:
    """How the escalation was handled; what was missed is for the agent's direct superior, and not told in the channel."""
    yield inputs.radio(Field.RIGHT_DEPARTMENT, Verdict, optional=True)
    yield inputs.radio(Field.ASSESSED_WELL, Verdict, optional=True)
    yield inputs.radio(Field.MISSED, Missed, Missed.NONE, hint=MISSED_HINT)


def close_form(values: Values) -> CloseForm:
    """The close form; its outcome is *withdrawn* where the customer's withdrawal is ticked."""
    form = read.form(CloseForm, values)
    withdrawn = read.ticked(values, Field.WITHDRAWN)
    return replace(form, outcome=Outcome.WITHDRAWN.value) if withdrawn else form


ENDING = (Quote("granted", "What was granted"), Quote("notes", always=True))


def _follow_up(it: Happening) -> str:
    agreed = f"*{Outcome.PARTLY.label}*, a follow-up is agreed"
    return f"{it.who} reached the customer: {agreed}{_satisfied(it)}{it.others(it.raiser)}"


def _closed(it: Happening) -> str:
    outcome = it.fact("outcome")
    ending = Outcome(outcome).label if outcome else "closed"
    return f":white_check_mark: {it.who} closed {it.number}: *{ending}*{_satisfied(it)}{it.others(it.raiser)}"


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
    Face(moves.reopen, opens=form_of(moves.reopen, reopen), sends=_reopen),
)

LINES = {
    Happened.FOLLOW_UP: Line(_follow_up, quotes=ENDING, time="Follow-up"),
    Happened.CLOSED: Line(_closed, quotes=ENDING),
    Happened.REOPENED: Line(_reopened, quotes=(Quote("reason", always=True),)),
}
