"""*Calling now* and *Log outcome*: the attempts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from slack_sdk.models.blocks import Block

from bot.faces.closing import close_form, close_form_asked, outcome_asked
from bot.faces.face import Face, Sent, form_of, makes
from bot.faces.lines import Happening, Line, Quote
from bot.usecases import cases as usecases
from bot.usecases.cases import Act, OutcomeForm
from bot.views import blocks, inputs, read
from bot.views.message import Json
from bot.views.modals.frame import of_move, when
from cases import moves
from cases.audience import Audience
from cases.case import Case
from cases.events import Happened
from cases.fields import Field
from cases.hours import Closed, next_free
from cases.moves import runs_out
from cases.mrkdwn import inline
from cases.program import Program
from cases.times import wall
from cases.words import Disposition, Outcome
from storage.reading import Reading
from storage.unit import UnitOfWork


def calling_now(case: Case, closed: Closed, program: Program, now: datetime) -> Json:
    """Before a call at an hour when none are made: what the clock shows there, why, and whose wish it is."""
    zone = case.zone
    there, free = wall(now, zone), wall(next_free(now, zone, program), zone)
    body = [
        blocks.section(
            f":warning: *It is {there:%H:%M} on {there:%a %d %b} where the customer is* ({zone}). "
            f"{inline(closed.why)}"
        ),
        inputs.asked_for_time(),
        blocks.context(
            f"If not, close this form and use *Reschedule*: the next free time is {free:%H:%M on %a %d %b} there."
        ),
    ]
    return of_move(moves.calling_now, case, body, "Call now")


def _call_after_all(unit: UnitOfWork, act: Act, sent: Sent) -> Case:
    asked = sent.ticked(Field.ASKED_FOR_TIME)
    return usecases.calling_after_all(unit, act, sent.case, asked_for_time=asked)


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
    return of_move(moves.log_outcome, case, body, "Save")


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
    if disposition.follows.closes:
        yield from outcome_asked(case, program, now, outcome)
        yield from close_form_asked()
        return
    if disposition.follows.may_withdraw:
        yield inputs.tick(Field.WITHDRAWN, "The customer withdraws: close the case", withdrawn, redraws=True)
        if withdrawn:
            yield from close_form_asked()
            return
    yield inputs.paragraph(Field.NOTE, optional=True)
    if runs_out(case, disposition):
        yield blocks.section(
            f"This was attempt {case.allowed} of {case.allowed}. A manager now decides: sign the case off as "
            "unreachable, or grant another attempt."
        )
    else:
        yield blocks.section("*When is the next call?*")
        yield from when(case, program, now)


def _log_outcome(unit: UnitOfWork, act: Act, sent: Sent) -> Case:
    form = replace(sent.form(OutcomeForm), close=close_form(sent.values))
    return usecases.log_outcome(unit, act, sent.case, form)


def _redraw(reading: Reading, act: Act, sent: Sent) -> Json:
    values = sent.values
    return log_outcome(
        reading.case(sent.case, act.program.id),
        act.program,
        act.now,
        read.word(Disposition, values, Field.DISPOSITION),
        read.word(Outcome, values, Field.OUTCOME),
        sent.ticked(Field.WITHDRAWN),
    )


def _calling(it: Happening) -> str:
    return f":telephone_receiver: {it.who} is calling now (attempt {it.fact('attempt')}){it.asked}"


def _attempted(it: Happening) -> str:
    ended = it.disposition.label if it.disposition else "logged"
    told = it.others(it.raiser) if it.fact("due_at") else ""
    return f"{it.who} called (attempt {it.fact('attempt')}): *{ended}*{told}"


def _ran_out(it: Happening) -> str:
    asked = it.called(Audience.MANAGERS)
    attempts = it.fact("attempts")
    count = "1 attempt" if attempts == "1" else f"{attempts} attempts"
    return f"{asked} {count}, nobody reached: sign {it.number} off as unreachable, or grant another attempt".strip()


FACES = (
    Face(moves.calling_now, does=makes(moves.calling_now), if_closed=calling_now, sends=_call_after_all),
    Face(
        moves.log_outcome,
        opens=form_of(moves.log_outcome, log_outcome),
        sends=_log_outcome,
        redraws=_redraw,
        redrawn_by=(Field.DISPOSITION, Field.OUTCOME, Field.WITHDRAWN),
    ),
)

LINES = {
    Happened.CALLING: Line(_calling),
    Happened.ATTEMPTED: Line(_attempted, quotes=(Quote("note"),)),
    Happened.ATTEMPTS_RAN_OUT: Line(_ran_out),
}
