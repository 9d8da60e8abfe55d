"""*Complete*, *Sign off unreachable* and *Reopen*: how a case ends, and how it goes on."""

from __future__ import annotations

from bot.faces.lines import Happening, Line, Quote
from cases.events import Happened
from cases.words import Outcome, Satisfied

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


LINES = {
    Happened.FOLLOW_UP: Line(_follow_up, quotes=ENDING, time="Follow-up"),
    Happened.CLOSED: Line(_closed, quotes=ENDING),
    Happened.REOPENED: Line(_reopened, quotes=(Quote("reason", always=True),)),
}
