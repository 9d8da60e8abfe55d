"""*Calling now* and *Log outcome*: the attempts."""

from __future__ import annotations

from bot.faces.lines import Happening, Line, Quote
from cases.audience import Audience
from cases.events import Happened


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


LINES = {
    Happened.CALLING: Line(_calling),
    Happened.ATTEMPTED: Line(_attempted, quotes=(Quote("note"),)),
    Happened.ATTEMPTS_RAN_OUT: Line(_ran_out),
}
