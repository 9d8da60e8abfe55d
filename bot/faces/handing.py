"""*Hand over*, one case or several, and *I'll stay*."""

from __future__ import annotations

from bot.faces.lines import Happening, Line, Quote
from cases.events import Happened


def _handed_over(it: Happening) -> str:
    to = it.fact("to")
    receiver = "themselves" if to == it.actor.id else it.actor.person(to)
    return f"{it.who} handed {it.number} over to {receiver}{it.others(it.fact('from'))}"


def _stays(it: Happening) -> str:
    return f"{it.who} stays for the call of {it.number}"


LINES = {
    Happened.HANDED_OVER: Line(_handed_over, quotes=(Quote("note"),)),
    Happened.STAYS: Line(_stays),
}
