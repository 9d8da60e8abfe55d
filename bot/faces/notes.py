"""*Add note* and *Show number*."""

from __future__ import annotations

from bot.faces.lines import Happening, Line, Quote
from cases.events import Happened


def _noted(it: Happening) -> str:
    return f"{it.who} noted{it.others(it.fact('owner'))}:"


def _number_shown(it: Happening) -> str:
    return f"{it.who} looked up the full number"


LINES = {
    Happened.NOTED: Line(_noted, quotes=(Quote("note", always=True),)),
    Happened.NUMBER_SHOWN: Line(_number_shown),
}
