"""Feedback: the superior's form, and what the agent reads and acknowledges."""

from __future__ import annotations

from datetime import datetime

from bot.faces.lines import Happening, Line
from bot.views.coaching import give_feedback, several
from bot.views.times import reader
from cases.audience import Audience
from cases.events import Happened
from cases.people import mention


def _feedback_owed(it: Happening) -> str:
    """By name and date only: what it is about stays between those who talk (house rule 6)."""
    superior, due = it.fact("superior"), datetime.fromisoformat(it.fact("due_at"))
    managers = it.called(Audience.MANAGERS)
    by = it.actor.person(superior) if superior else managers or "a manager"
    also = f" or {managers}" if superior and it.fact("cases") else ""
    left = it.fact("from")
    why = f". The account of {mention(left)}, who owed it, was deactivated" if left else ""
    return f":speech_balloon: *Feedback owed* to {it.agent}{_about_several(it)}, by {by}{also}, until {reader(due)}{why}"


def _feedback_given(it: Happening) -> str:
    return (
        f":speech_balloon: *Feedback given* to {it.agent}{_about_several(it)}, by {it.who} {reader(it.event.at)}. "
        "It is read in Askdesk's *Home* tab"
    )


def _feedback_acknowledged(it: Happening) -> str:
    return f":speech_balloon: *Feedback acknowledged* by {it.who} {reader(it.event.at)}"


def _about_several(it: Happening) -> str:
    return f" about {several(it.fact('cases').split(','))}" if it.fact("cases") else ""


LINES = {
    Happened.COACHING_OWED: Line(_feedback_owed, below=lambda it: give_feedback(int(it.fact("item")))),
    Happened.COACHING_GIVEN: Line(_feedback_given),
    Happened.COACHING_ACKNOWLEDGED: Line(_feedback_acknowledged),
}
