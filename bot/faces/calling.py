"""*Calling now* and *Log outcome*: the attempts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from slack_sdk.models.blocks import Block

from bot.faces.closing import CHOSEN, chosen, close_form, close_form_asked, early_asked, outcome_asked
from bot.faces.face import Face, Sent, form_of
from bot.faces.lines import Happening, Line, Quote
from bot.faces.notes import tell_customer
from bot.usecases import cases as usecases
from bot.usecases.cases import Act, OutcomeForm
from bot.views import blocks, inputs, proposal, read
from bot.views.message import Json
from bot.views.modals.frame import of_move, when
from bot.views.standing import transfer, used
from bot.views.times import reader_time
from cases import moves
from cases.audience import Audience
from cases.case import Case
from cases.events import Happened
from cases.fields import Field
from cases.hours import Closed, next_free
from cases.moves import counted_with, runs_out
from cases.mrkdwn import inline
from cases.program import Program
from cases.times import clock_and_day, place, spoken
from cases.words import Disposition, Outcome, Satisfied
from storage.reading import Reading
from storage.unit import UnitOfWork


def calling_now(case: Case, closed: Closed | None, program: Program, now: datetime) -> Json:
    """Asks before a call that is early or (`closed`) outside calling hours."""
    body = [*early_asked(case, now), *_counts_with(case, case.counts_with(now, program.spacing), program)]
    if closed is not None:
        body += _hours_asked(case.zone, closed, program, now)
    return of_move(moves.calling_now, case, body, "Call now")


def _hours_asked(zone: str, closed: Closed, program: Program, now: datetime) -> Iterator[Block]:
    """What the clock shows there, why no calls are made, and whose wish it is."""
    free = clock_and_day(next_free(now, zone, program), zone)
    yield blocks.section(
        f":warning: *It is {clock_and_day(now, zone)} in {place(zone)}*, where the customer is. {inline(closed.why)}"
    )
    yield inputs.asked_for_time()
    yield blocks.context(f"If not, close this form and use *Reschedule*: the next free time is {free} there.")


def _counts_with(case: Case, before: datetime | None, program: Program) -> Iterator[Block]:
    """Says that an attempt too soon after the last one uses up nothing."""
    if before is not None:
        yield blocks.context(
            f"This counts with the attempt at {reader_time(before)}, because less than {spoken(program.spacing)} lies "
            f"between them: {used(case)}."
        )


def _call_after_all(unit: UnitOfWork, act: Act, sent: Sent) -> Case:
    asked, early = sent.ticked(Field.ASKED_FOR_TIME), sent.one(Field.EARLY)
    return usecases.calling_after_all(unit, act, sent.case, asked_for_time=asked, early=early)


def log_outcome(
    case: Case,
    program: Program,
    now: datetime,
    disposition: Disposition | None = None,
    outcome: Outcome | None = None,
    withdrawn: bool = False,
    satisfied: Satisfied | None = None,
) -> Json:
    """The attempt's disposition, and what it asks for next; redrawn at each choice that changes that."""
    body = [
        *early_asked(case, now),
        inputs.radio(Field.DISPOSITION, Disposition, disposition, redraws=True),
        *_next(case, program, now, disposition, outcome, withdrawn, satisfied),
    ]
    return of_move(moves.log_outcome, case, body, "Save")


def _next(
    case: Case,
    program: Program,
    now: datetime,
    disposition: Disposition | None,
    outcome: Outcome | None,
    withdrawn: bool,
    satisfied: Satisfied | None,
) -> Iterator[Block]:
    if disposition is None:
        return
    if disposition.follows.closes:
        yield from outcome_asked(case, program, now, outcome)
        yield from close_form_asked(program, now, outcome, satisfied)
        return
    if disposition.follows.may_withdraw:
        yield inputs.tick(Field.WITHDRAWN, "The customer withdraws: close the case", withdrawn, redraws=True)
        if withdrawn:
            yield from close_form_asked(program, now)
            return
    yield inputs.paragraph(Field.NOTE, optional=True)
    if disposition.follows.corrects:
        hint = "If you know it, the next call goes there, and this attempt does not count."
        yield inputs.line(Field.RIGHT_CONTACT, None, most=254, optional=True, hint=hint)
    yield from _counts_with(case, counted_with(case, disposition, program, now), program)
    last = runs_out(case, disposition, program, now)
    if last and disposition.follows.corrects:
        yield blocks.section(
            f"This was attempt {case.allowed} of {case.allowed}. Without the right number, a manager now decides. "
            "With it: *when is the next call?*"
        )
        yield from when(case, program, now, may_stay=True)
    elif last:
        yield blocks.section(
            f"This was attempt {case.allowed} of {case.allowed}. A manager now decides: sign the case off as "
            "unreachable, or grant another attempt."
        )
    else:
        yield blocks.section("*When is the next call?*")
        yield from when(case, program, now, may_stay=disposition.follows.corrects)


def _log_outcome(unit: UnitOfWork, act: Act, sent: Sent) -> Case:
    form = replace(sent.form(OutcomeForm), close=close_form(sent.values))
    return usecases.log_outcome(unit, act, sent.case, form)


def _told(case: Case, act: Act, sent: Sent) -> Json | None:
    """What to say about the next call, where somebody hears it: the customer, or the voicemail."""
    disposition = read.word(Disposition, sent.values, Field.DISPOSITION)
    heard = disposition is not None and disposition.follows.heard
    return tell_customer(case, act.program) if heard and case.callback is not None else None


def _redraw(reading: Reading, act: Act, sent: Sent) -> Json:
    case = reading.case(sent.case, act.program.id)
    disposition = read.word(Disposition, sent.values, Field.DISPOSITION)
    (outcome, satisfied), withdrawn = chosen(sent.values), sent.ticked(Field.WITHDRAWN)
    fresh = log_outcome(case, act.program, act.now, disposition, outcome, withdrawn, satisfied)
    return proposal.carried(sent.view, fresh)


def _calling(it: Happening) -> str:
    if it.event.facts.get("on_hold"):
        where = "".join(f". {sentence}" for sentence in transfer(it.program))
        return f":telephone_receiver: {it.who} is taking the call (attempt {it.fact('attempt')}){where}"
    return f":telephone_receiver: {it.who} is calling now (attempt {it.fact('attempt')}){it.asked}{it.early}"


def _still_talking(unit: UnitOfWork, act: Act, number: int) -> str:
    usecases.make(unit, act, number, moves.still_talking, lambda case: moves.still_talking(case, act))
    return f"Got it. Askdesk asks again in {act.program.ladder.call_may_take} min."


def _goes_on(it: Happening) -> str:
    caller = it.fact("caller")
    whose = (
        it.who if caller == it.actor.id else f"{it.actor.person(caller)} is still on the phone, says {it.who}"
    )
    return f":telephone_receiver: {whose}{' is still on the phone' if caller == it.actor.id else ''}"


def _attempted(it: Happening) -> str:
    ended = it.disposition.label if it.disposition else "logged"
    told = it.others(it.raiser) if it.fact("due_at") else ""
    before = it.fact("counts_with")
    alike = f" · counts with the attempt at {reader_time(datetime.fromisoformat(before))}" if before else ""
    return f"{it.who} called (attempt {it.fact('attempt')}): *{ended}*{alike}{it.early}{told}"


def _ran_out(it: Happening) -> str:
    asked = it.called(Audience.MANAGERS)
    attempts = it.fact("attempts")
    count = "1 attempt" if attempts == "1" else f"{attempts} attempts"
    return f"{asked} {count}, nobody reached: sign {it.number} off as unreachable, or grant another attempt".strip()


FACES = (
    Face(moves.calling_now, does=usecases.call, asks=calling_now, sends=_call_after_all),
    Face(moves.still_talking, does=_still_talking),
    Face(
        moves.log_outcome,
        opens=form_of(moves.log_outcome, log_outcome),
        sends=_log_outcome,
        then=_told,
        redraws=_redraw,
        redrawn_by=(Field.DISPOSITION, Field.WITHDRAWN, *CHOSEN),
    ),
)

LINES = {
    Happened.CALLING: Line(_calling),
    Happened.STILL_TALKING: Line(_goes_on),
    Happened.ATTEMPTED: Line(_attempted, quotes=(Quote("note"),)),
    Happened.ATTEMPTS_RAN_OUT: Line(_ran_out),
}
