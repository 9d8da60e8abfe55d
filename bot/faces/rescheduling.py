"""*Reschedule*: the customer gets another time."""

from __future__ import annotations

from datetime import datetime

from bot.faces.calling import log_outcome
from bot.faces.face import Face, FormContext, Sent, allowed, makes_of
from bot.faces.lines import Happening, Line
from bot.usecases.cases import Act
from bot.views import inputs
from bot.views.message import Json
from bot.views.modals.frame import of_move, when
from cases import forms, moves
from cases.case import Case
from cases.events import Happened
from cases.fields import Field
from cases.forms import PromiseForm
from cases.moves import Change
from cases.program import Program
from cases.words import Disposition, WantedBy


def reschedule(case: Case, program: Program, now: datetime) -> Json:
    """Another time in place of the agreed one, and whose wish it was (managers read that: no default)."""
    ahead = case.callback is not None and case.callback.due_at > now
    body = [
        *when(case, program, now, case.callback.due_at if case.callback and ahead else None),
        inputs.radio(Field.WANTED_BY, WantedBy),
    ]
    return of_move(moves.reschedule, case, body, "Reschedule")


async def _open(at: FormContext, act: Act, number: int) -> Json:
    case = await allowed(at, act, number, moves.reschedule)
    if moves.meant(case, moves.reschedule, act) is moves.log_outcome:
        return log_outcome(case, act.program, act.now, Disposition.ASKED_RESCHEDULE)
    return reschedule(case, act.program, act.now)


def _reschedule(case: Case, act: Act, sent: Sent) -> Change:
    wanted_by = sent.one(Field.WANTED_BY)
    promise = forms.read_when(sent.form(PromiseForm), case.zone, act.program, act.now, wanted_by)
    return moves.reschedule(case, act, promise)


def _rescheduled(it: Happening) -> str:
    wish = "at the customer's request" if it.fact("wanted_by") == WantedBy.CUSTOMER else "at our request"
    return f"{it.who} rescheduled {it.number} {wish}{it.others(it.raiser, it.fact('owner'))}"


FACES = (Face(moves.reschedule, opens=_open, sends=makes_of(moves.reschedule, _reschedule)),)

LINES = {
    Happened.RESCHEDULED: Line(_rescheduled, time="New time"),
}
