"""A customer on hold: *Take the call*, *Turn into a callback* and *Hung up*."""

from __future__ import annotations

from datetime import datetime

from bot.faces.face import Face, Sent, asking, makes
from bot.faces.lines import Happening, Line
from bot.usecases.cases import Act
from bot.views.message import Json
from bot.views.modals.frame import of_move, when
from cases import moves
from cases.case import Case
from cases.events import Happened
from cases.forms import first_time
from cases.moves import Change
from cases.program import Program
from cases.times import spoken


def turn_into_callback(case: Case, program: Program, now: datetime) -> Json:
    """When the customer agreed to be called."""
    body = when(case, program, now, first_time(program, case.zone, now))
    return of_move(moves.turn_into_callback, case, body, "Save")


def _turn_into_callback(case: Case, act: Act, sent: Sent) -> Change:
    return moves.turn_into_callback(case, act, sent.promise(case, act))


def _turned(it: Happening) -> str:
    return f"{it.who} turned {it.number} into a callback: the customer was on hold for {_held(it)}{_told(it)}"


def _hung_up(it: Happening) -> str:
    hung_up = f"The customer hung up after {_held(it)} on hold"
    return f":warning: {hung_up}, says {it.who}. {it.number.capitalize()} is a callback with high priority now{_told(it)}"


def _held(it: Happening) -> str:
    return spoken(it.event.at - datetime.fromisoformat(it.fact("since")))


def _told(it: Happening) -> str:
    return it.others(it.raiser, it.fact("owner"))


FACES = (
    Face(moves.take_call, does=makes(moves.take_call)),
    asking(moves.turn_into_callback, turn_into_callback, _turn_into_callback),
    Face(moves.hung_up, does=makes(moves.hung_up)),
)

LINES = {
    Happened.TURNED_INTO_CALLBACK: Line(_turned, time="Call"),
    Happened.HUNG_UP: Line(_hung_up, time="Call"),
}
