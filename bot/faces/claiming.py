"""Whose case it is: *Claim*, *Take over*, *Release*, and what becomes of the cases of an owner who left."""

from __future__ import annotations

from bot.faces.lines import Happening, Line, Quote
from cases.audience import Audience
from cases.events import Happened
from cases.moves import NO_ROLE
from cases.people import mention


def _claimed(it: Happening) -> str:
    return f"{it.who} claimed {it.number}{it.others(it.raiser)}"


def _released(it: Happening) -> str:
    return f"{it.who} released {it.number}: it is free to claim"


def _taken_over(it: Happening) -> str:
    owner = it.fact("from")
    of = f" from {it.actor.person(owner)}" if owner else ""
    told = it.raiser if it.raiser != owner else ""
    return f"{it.who} took {it.number} over{of}{it.others(told)}"


def _owner_left(it: Happening) -> str:
    asked, superior = it.called(Audience.SME_TL), it.fact("superior")
    owner = it.actor.person(it.fact("from"))
    told = "" if superior and mention(superior) in asked.split() else it.others(superior)
    why = (
        f"{owner} no longer has a role here that takes cases"
        if it.fact("reason") == NO_ROLE
        else f"The account of {owner} was deactivated"
    )
    return f":warning: {asked} {why}: *{it.number} is free to claim again*{told}"


LINES = {
    Happened.CLAIMED: Line(_claimed),
    Happened.RELEASED: Line(_released, quotes=(Quote("reason", always=True),)),
    Happened.TAKEN_OVER: Line(_taken_over),
    Happened.OWNER_LEFT: Line(_owner_left),
}
