"""*Reschedule* and *Grant another attempt*: the customer gets another time."""

from __future__ import annotations

from bot.faces.lines import Happening, Line
from cases.events import Happened
from cases.words import WantedBy


def _rescheduled(it: Happening) -> str:
    wish = "the customer's wish" if it.fact("wanted_by") == WantedBy.CUSTOMER else "our wish"
    return f"{it.who} rescheduled {it.number}, {wish}{it.others(it.raiser, it.fact('owner'))}"


def _granted(it: Happening) -> str:
    return f"{it.who} granted another attempt{it.others(it.raiser, it.fact('owner'))}"


LINES = {
    Happened.RESCHEDULED: Line(_rescheduled, time="New time"),
    Happened.ATTEMPT_GRANTED: Line(_granted),
}
