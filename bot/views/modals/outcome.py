"""How a call ended: *Log outcome*, with the close form in the same modal when the customer was reached; and *Sign off*."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from slack_sdk.models.blocks import Block

from bot.views import blocks, inputs
from bot.views.message import Json
from bot.views.modals.frame import of_move, zone_of
from cases.case import Case
from cases.fields import Field
from cases.forms import NOTES_AT_LEAST, proposed_time
from cases.lifecycle import Move
from cases.moves import runs_out
from cases.program import Program
from cases.words import Disposition, Missed, Outcome, Satisfied, Verdict

GRANTED_AT_MOST = 500

MISSED_HINT = "One or several: the agent's direct superior is asked for feedback."

OUTCOMES = tuple(outcome for outcome in Outcome if outcome is not Outcome.UNREACHABLE)
"""What the owner may choose; *unreachable* is signed off by a manager (house rule 1)."""


def log_outcome(
    case: Case,
    program: Program,
    now: datetime,
    disposition: Disposition | None = None,
    outcome: Outcome | None = None,
    withdrawn: bool = False,
) -> Json:
    """The attempt's disposition, and what it asks for next; redrawn at each choice that changes that."""
    body = [
        inputs.radio(Field.DISPOSITION, Disposition, disposition, redraws=True),
        *_next(case, program, now, disposition, outcome, withdrawn),
    ]
    return of_move(Move.LOG_OUTCOME, case, body, "Save")


def complete(case: Case, program: Program, now: datetime, outcome: Outcome | None = None) -> Json:
    """The short way: the attempt is logged as *reached*, only the close form is asked."""
    body = [*_outcome(case, program, now, outcome), *_close_form()]
    return of_move(Move.COMPLETE, case, body, "Save")


def sign_off(case: Case, program: Program, now: datetime) -> Json:
    """A manager ends the case as *unreachable*: the close form without what only a customer could have said."""
    body = [
        inputs.paragraph(Field.GRANTED, most=GRANTED_AT_MOST, optional=True),
        inputs.paragraph(
            Field.NOTES, least=NOTES_AT_LEAST, hint="What was tried, and what the customer gets."
        ),
        *_quality(),
    ]
    return of_move(Move.SIGN_OFF, case, body, "Sign off")


def _next(
    case: Case,
    program: Program,
    now: datetime,
    disposition: Disposition | None,
    outcome: Outcome | None,
    withdrawn: bool,
) -> Iterator[Block]:
    if disposition is None:
        return
    if disposition is Disposition.REACHED:
        yield from _outcome(case, program, now, outcome)
        yield from _close_form()
        return
    if disposition is Disposition.ASKED_NOT_TO_BE_CALLED:
        yield inputs.tick(Field.WITHDRAWN, "The customer withdraws: close the case", withdrawn, redraws=True)
        if withdrawn:
            yield from _close_form()
            return
    yield inputs.paragraph(Field.NOTE, optional=True)
    if runs_out(case, disposition):
        yield blocks.section(
            f"This was attempt {case.allowed} of {case.allowed}. A manager is asked to sign the case off as "
            "unreachable, or to grant another attempt."
        )
    else:
        yield blocks.section("*When is the customer called again?*")
        yield from _again(case, program, now)


def _outcome(case: Case, program: Program, now: datetime, outcome: Outcome | None) -> Iterator[Block]:
    yield inputs.select(Field.OUTCOME, OUTCOMES, outcome, redraws=True)
    if outcome is Outcome.PARTLY:
        yield blocks.section("*When does the customer hear from us again?* The case stays open until then.")
        yield from _again(case, program, now)


def _close_form() -> Iterator[Block]:
    yield inputs.paragraph(Field.GRANTED, most=GRANTED_AT_MOST, optional=True)
    yield inputs.paragraph(Field.NOTES, least=NOTES_AT_LEAST, hint="What was said and agreed.")
    yield inputs.radio(Field.SATISFIED, Satisfied, Satisfied.NOT_ASKED)
    yield from _quality()


def _quality() -> Iterator[Block]:
    """How the escalation was handled; what was missed is for the agent's direct superior, and not told in the channel."""
    yield inputs.radio(Field.RIGHT_DEPARTMENT, Verdict, optional=True)
    yield inputs.radio(Field.ASSESSED_WELL, Verdict, optional=True)
    yield inputs.radio(Field.MISSED, Missed, Missed.NONE, hint=MISSED_HINT)


def _again(case: Case, program: Program, now: datetime) -> Iterator[Block]:
    zone = zone_of(case)
    yield from inputs.when(proposed_time(program, zone, now), zone, now, program.customer_timezone)
