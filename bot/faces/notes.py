"""*Add note* and *Show number*."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from slack_sdk.models.blocks import Block

from bot.faces.face import Face, FormContext, Sent, asking, makes
from bot.faces.lines import Happening, Line, Quote
from bot.usecases import cases as usecases
from bot.usecases.cases import Act
from bot.views import blocks, inputs
from bot.views.ids import metadata
from bot.views.message import Json
from bot.views.modals.frame import modal, of_move
from bot.views.standing import title
from cases import moves
from cases.case import Case
from cases.close_form import TYPED
from cases.events import Happened
from cases.fields import Field
from cases.masking import masked_text
from cases.moves import Change
from cases.mrkdwn import link
from cases.program import Program
from storage.records import EventRecord

IN_FULL_AT_MOST = 20
"""Texts that are shown in full beside a number, the newest."""


def add_note(case: Case, program: Program, now: datetime) -> Json:
    """A line for the thread and the record."""
    return of_move(moves.add_note, case, [inputs.paragraph(Field.NOTE)], "Add note")


def _add_note(case: Case, act: Act, sent: Sent) -> Change:
    return moves.add_note(case, act, sent.text(Field.NOTE))


async def _show_number(at: FormContext, act: Act, number: int) -> Json:
    """What is looked up, once that is in the record; beside the ack, as the record may be busy."""
    await at.store.write(makes(moves.show_number), act, number)
    at.changed(act.program)
    return show_number(*await at.store.ask(usecases.history, act.program, number))


def show_number(case: Case, history: Sequence[EventRecord] = ()) -> Json:
    """The full contact, and in full what was masked elsewhere, only to whoever may see it; that is in the record."""
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
    typed += [text for event in history for name, text in event.said.items() if name != "contact"]
    hidden = [text for text in dict.fromkeys(typed) if masked_text(text, case) != text]
    if hidden:
        yield blocks.section("*Full texts, with any numbers in them:*")
    for text in hidden[-IN_FULL_AT_MOST:]:
        yield blocks.quote(text)


def _noted(it: Happening) -> str:
    return f"{it.who} noted{it.others(it.fact('owner'))}:"


def _number_shown(it: Happening) -> str:
    return f"{it.who} looked up the full number"


FACES = (
    asking(moves.add_note, add_note, _add_note),
    Face(moves.show_number, opens=_show_number),
)

LINES = {
    Happened.NOTED: Line(_noted, quotes=(Quote("note", always=True),)),
    Happened.NUMBER_SHOWN: Line(_number_shown),
}
