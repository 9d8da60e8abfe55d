"""*Hand over*, one case or several, and *I'll stay*."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.faces.face import Face, FormContext, Sent, asking_whom, text_of
from bot.faces.lines import Happening, Line, Quote
from bot.usecases import cases as usecases
from bot.usecases.cases import Act
from bot.views import blocks, inputs, read
from bot.views.ids import Action, metadata, number_of
from bot.views.inputs import Offered
from bot.views.message import Json
from bot.views.modals.frame import modal, of_move
from bot.views.standing import short_title, title_plain
from cases import moves
from cases.case import Case
from cases.errors import FieldErrors
from cases.events import Happened
from cases.fields import Field
from cases.moves import Change
from cases.people import mention
from cases.program import Program
from storage.unit import UnitOfWork

TAKERS = "An SME/TL or a manager of this program who is in the channel."
SEVERAL = "hand_over_several"
NAMED_AT_MOST = 10


def hand_over(case: Case, program: Program, now: datetime, offered: Offered | None = None) -> Json:
    """To a peer or upward, never to an agent."""
    receiver = inputs.one_of(Field.RECEIVER, offered, hint=TAKERS)
    return of_move(
        moves.hand_over, case, [receiver, inputs.paragraph(Field.NOTE, optional=True)], "Hand over"
    )


def _hand_over(case: Case, act: Act, sent: Sent) -> Change:
    if (receiver := sent.person(Field.RECEIVER)) is None:
        raise FieldErrors({Field.RECEIVER: "Choose who takes the case."})
    return moves.hand_over(case, act, receiver, sent.text(Field.NOTE, required=False))


def hand_over_several(
    owner: str, cases: Sequence[Case], program: Program, offered: Offered | None = None
) -> Json:
    """Somebody's shift ends: their cases to one of the next, all that are chosen or none."""
    options = [inputs.option(title_plain(case), str(case.number)) for case in cases]
    body = [
        blocks.section(f"Open cases of {mention(owner)}"),
        inputs.several_of(Field.CASES, options, chosen=True),
        inputs.one_of(Field.RECEIVER, offered, hint=TAKERS),
        inputs.paragraph(Field.NOTE, optional=True),
    ]
    kept = metadata(program=program.id, owner=owner)
    return modal(
        moves.hand_over.label,
        body,
        callback=SEVERAL,
        private=kept,
        submit=moves.hand_over.label,
    )


async def _open_several(at: FormContext, act: Act, owner: str) -> Json:
    """One case has the form of its own; several are chosen from a list."""
    cases = await at.store.ask(usecases.held_by, act, owner)
    offered = await at.takers(act.program, besides=owner)
    if len(cases) == 1:
        return hand_over(cases[0], act.program, act.now, offered)
    return hand_over_several(owner, cases, act.program, offered)


def _hand_over_several(unit: UnitOfWork, act: Act, sent: Sent) -> None:
    numbers = [number_of(number) for number in read.choices(sent.values, Field.CASES)]
    receiver, note = sent.person(Field.RECEIVER), sent.one(Field.NOTE)
    usecases.hand_over_several(unit, act, str(sent.kept("owner")), numbers, receiver, note)


def _stay(unit: UnitOfWork, act: Act, owner: str) -> str:
    """Whoever clicked reads which calls this is about."""
    cases = usecases.stay(unit, act, owner)
    names = ", ".join(short_title(case) for case in cases[:NAMED_AT_MOST])
    rest = f" and {len(cases) - NAMED_AT_MOST} more" if len(cases) > NAMED_AT_MOST else ""
    return f"You stay for {names}{rest}. The next shift won't be pinged about that."


def _handed_over(it: Happening) -> str:
    to = it.fact("to")
    receiver = "themselves" if to == it.actor.id else it.actor.person(to)
    return f"{it.who} handed {it.number} over to {receiver}{it.others(it.fact('from'))}"


def _stays(it: Happening) -> str:
    return f"{it.who} stays for the call of {it.number}"


FACES = (
    asking_whom(moves.hand_over, hand_over, _hand_over),
    Face(Action.SHIFT_HAND_OVER, opens=_open_several, sends=_hand_over_several, form=SEVERAL, reads=text_of),
    Face(moves.stay, does=_stay, button=Action.SHIFT_STAY, reads=text_of),
)

LINES = {
    Happened.HANDED_OVER: Line(_handed_over, quotes=(Quote("note"),)),
    Happened.STAYS: Line(_stays),
}
