"""*Add note*, also from the form of a second case, *Tell the customer* and *Show number*."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from slack_sdk.models.blocks import Block

from bot.faces.face import Face, FormContext, Sent, asking, makes
from bot.faces.lines import Happening, Line, Quote
from bot.faces.raising import done, so_far
from bot.usecases import cases as usecases
from bot.usecases.cases import Act
from bot.views import blocks, inputs
from bot.views.ids import Action, metadata
from bot.views.message import Json
from bot.views.modals.frame import modal, of_move
from bot.views.playbook import read_out
from bot.views.standing import title
from cases import moves
from cases.case import Case
from cases.close_form import TYPED
from cases.events import Happened
from cases.fields import Field
from cases.masking import is_masked
from cases.moves import Change
from cases.mrkdwn import link
from cases.people import mention
from cases.program import Program
from storage.reading import Reading
from storage.records import EventRecord
from storage.unit import UnitOfWork

IN_FULL_AT_MOST = 20
"""How many texts are shown in full with a number, the newest."""


def tell_customer(case: Case, program: Program) -> Json:
    """What to tell the customer about the pending call."""
    body = [blocks.section(f"*{title(case)}*"), *read_out(case, program)]
    return modal(moves.read_aloud.label, body, private=metadata(program=case.program, case=case.number))


def add_note(case: Case, program: Program, now: datetime) -> Json:
    """A line for the thread and the record."""
    return of_move(moves.add_note, case, [inputs.paragraph(Field.NOTE)], "Add note")


def _add_note(case: Case, act: Act, sent: Sent) -> Change:
    return moves.add_note(case, act, sent.text(Field.NOTE))


async def _read_aloud(at: FormContext, act: Act, number: int) -> Json:
    """The paragraph, once the record says who has it; after the ack, because the record may be busy."""
    await at.store.write(makes(moves.read_aloud), act, number)
    at.changed(act.program)
    case = await at.store.ask(Reading.case, number, act.program.id)
    return tell_customer(case, act.program)


async def _show_number(at: FormContext, act: Act, number: int) -> Json:
    """What is looked up, once that is recorded; after the ack, because the record may be busy."""
    await at.store.write(makes(moves.show_number), act, number)
    at.changed(act.program)
    return show_number(*await at.store.ask(usecases.history, act, number))


def show_number(case: Case, history: Sequence[EventRecord] = ()) -> Json:
    """The full contact and all masked texts, only for those who may see them; the record says who did."""
    contact = case.reach
    body = [
        blocks.section(f"*{title(case)}*"),
        blocks.section(f"*{link(contact.link, contact.spaced)}*"),
        *_in_full(case, history),
        blocks.context("The record shows that you looked it up."),
    ]
    return modal(
        moves.show_number.label,
        body,
        callback="number",
        private=metadata(program=case.program, case=case.number),
    )


def _in_full(case: Case, history: Sequence[EventRecord]) -> Iterator[Block]:
    """What was typed with a number or an address in it, as it was typed."""
    said, closing = case.said, case.closing
    typed = [said.customer, said.reference, said.other_reason, said.language_written, said.details]
    typed += [question.of(closing) for question in TYPED] if closing else []
    typed += [
        text for event in history for name, text in event.said.items() if not name.startswith("contact")
    ]
    hidden = [text for text in dict.fromkeys(typed) if is_masked(text, case)]
    if hidden:
        yield blocks.section("*Full texts, with any numbers in them:*")
    for text in hidden[-IN_FULL_AT_MOST:]:
        yield blocks.quote(text)


def _add_to_case(unit: UnitOfWork, act: Act, sent: Sent, number: int) -> Json:
    """What was entered so far becomes a note to a case of the same customer, and the form has done its work."""
    note = so_far(sent)
    case = usecases.make(unit, act, number, moves.add_note, lambda case: moves.add_note(case, act, note))
    owner = f" {mention(case.owner)} has been told." if case.owner else ""
    return done(f"Added to case {number}", f":white_check_mark: Added to *{title(case)}*.{owner}")


def _noted(it: Happening) -> str:
    return f"{it.who} noted{it.others(it.fact('owner'))}:"


def _told(it: Happening) -> str:
    return f"{it.who} looked up what to tell the customer about the call"


def _number_shown(it: Happening) -> str:
    return f"{it.who} looked up the full number"


FACES = (
    asking(moves.add_note, add_note, _add_note),
    Face(moves.read_aloud, opens=_read_aloud),
    Face(Action.ADD_TO_CASE, within=_add_to_case),
    Face(moves.show_number, opens=_show_number),
)

LINES = {
    Happened.NOTED: Line(_noted, quotes=(Quote("note", always=True),)),
    Happened.NUMBER_SHOWN: Line(_number_shown),
    Happened.READ_ALOUD: Line(_told),
}
