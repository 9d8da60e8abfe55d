"""Whose case it is: *Claim*, *Take over*, *Release*, and what becomes of the cases of an owner who left."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.faces.face import Face, Sent, asking, makes
from bot.faces.lines import Happening, Line, Quote
from bot.usecases import cases as usecases
from bot.usecases.cases import Act
from bot.views import inputs
from bot.views.message import Json
from bot.views.modals.frame import of_move
from cases import moves
from cases.audience import Audience
from cases.case import Case
from cases.events import Happened
from cases.fields import Field
from cases.moves import NO_ROLE, Change
from cases.people import mention
from cases.program import Program
from storage.unit import UnitOfWork


def release(case: Case, program: Program, now: datetime) -> Json:
    """Back to everybody, with the reason."""
    return of_move(moves.release, case, [inputs.paragraph(Field.REASON)], "Release")


def _release(case: Case, act: Act, sent: Sent) -> Change:
    return moves.release(case, act, sent.text(Field.REASON))


def _take_over(unit: UnitOfWork, act: Act, number: int) -> Case:
    def change(case: Case) -> Change:
        # Looked up only now, with the case locked: somebody may have been faster.
        return moves.take_over(case, replace(act, owned_since=unit.owned_since(number)))

    return usecases.make(unit, act, number, moves.take_over, change)


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
        f"{owner} can no longer take cases here"
        if it.fact("reason") == NO_ROLE
        else f"{owner}'s account was deactivated"
    )
    return f":warning: {asked} {why}: *{it.number} is free to claim again*{told}"


FACES = (
    Face(moves.claim, does=makes(moves.claim)),
    Face(moves.claim_and_call, does=makes(moves.claim_and_call)),
    Face(moves.take_over, does=_take_over),
    asking(moves.release, release, _release),
)

LINES = {
    Happened.CLAIMED: Line(_claimed),
    Happened.RELEASED: Line(_released, quotes=(Quote("reason", always=True),)),
    Happened.TAKEN_OVER: Line(_taken_over),
    Happened.OWNER_LEFT: Line(_owner_left),
}
