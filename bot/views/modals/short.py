"""The modals of one or two inputs, and those that only tell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from slack_sdk.models.blocks import Block

from bot.views import blocks, inputs
from bot.views.ids import Modal, metadata
from bot.views.inputs import Offered
from bot.views.message import Json
from bot.views.modals.frame import modal, of_move, zone_of
from bot.views.standing import title, title_plain
from cases.case import Case
from cases.fields import Field
from cases.hours import Closed, next_free
from cases.lifecycle import Move
from cases.masking import masked_text
from cases.mrkdwn import inline, link
from cases.people import mention
from cases.program import Program
from cases.times import wall
from storage.records import EventRecord

TAKERS = "An SME/TL or a manager of this program who is in the channel."


IN_FULL_AT_MOST = 20
"""Texts that are shown in full beside a number, the newest."""


def calling_now(case: Case, closed: Closed, program: Program, now: datetime) -> Json:
    """Before a call at an hour when none are made: what the clock shows there, why, and whose wish it is."""
    zone = zone_of(case)
    there, free = wall(now, zone), wall(next_free(now, zone, program), zone)
    body = [
        blocks.section(
            f":warning: *It is {there:%H:%M} on {there:%a %d %b} where the customer is* ({zone}). "
            f"{inline(closed.why)}"
        ),
        inputs.asked_for_time(),
        blocks.context(
            f"If not, close this form and use *Reschedule*: the next free time is {free:%H:%M on %a %d %b} there."
        ),
    ]
    return of_move(Move.CALLING_NOW, case, body, "Call now")


def hand_over(case: Case, program: Program, now: datetime, offered: Offered | None = None) -> Json:
    """To a peer or upward, never to an agent."""
    receiver = inputs.one_of(Field.RECEIVER, offered, hint=TAKERS)
    return of_move(Move.HAND_OVER, case, [receiver, inputs.paragraph(Field.NOTE, optional=True)], "Hand over")


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
        Move.HAND_OVER.label,
        body,
        callback=Modal.HAND_OVER_SEVERAL,
        private=kept,
        submit=Move.HAND_OVER.label,
    )


def release(case: Case, program: Program, now: datetime) -> Json:
    """Back to everybody, with the reason."""
    return of_move(Move.RELEASE, case, [inputs.paragraph(Field.REASON)], "Release")


def add_note(case: Case, program: Program, now: datetime) -> Json:
    """A line for the thread and the record."""
    return of_move(Move.ADD_NOTE, case, [inputs.paragraph(Field.NOTE)], "Add note")


def number(case: Case, history: Sequence[EventRecord] = ()) -> Json:
    """The full contact, and in full what was masked elsewhere, only to whoever may see it; that is in the record."""
    contact = case.reach
    body = [
        blocks.section(f"*{title(case)}*"),
        blocks.section(f"*{link(contact.link, contact.spaced)}*"),
        *_in_full(case, history),
        blocks.context("That you looked it up is in the record."),
    ]
    return modal(
        Move.SHOW_NUMBER.label,
        body,
        callback=Modal.NUMBER,
        private=metadata(program=case.program, case=case.number),
    )


def _in_full(case: Case, history: Sequence[EventRecord]) -> Iterator[Block]:
    """What was typed with a number or an address in it, as it was typed."""
    said, closing = case.said, case.closing
    typed = [said.customer, said.reference, said.other_reason, said.language_written, said.details]
    typed += [closing.granted, closing.notes] if closing else []
    typed += [text for event in history for name, text in event.said.items() if name != "contact"]
    hidden = [text for text in dict.fromkeys(typed) if masked_text(text, case) != text]
    if hidden:
        yield blocks.section("*In full, with the numbers that were typed:*")
    for text in hidden[-IN_FULL_AT_MOST:]:
        yield blocks.quote(text)


def loading(title: str) -> Json:
    """A light view at once, while the real one is made (the trigger lives for three seconds)."""
    return modal(title, [blocks.section("Just a moment…")])


def problem(sentence: str, title: str) -> Json:
    """A sentence of the desk (mrkdwn, as `DeskError.sentence`) in place of a form."""
    return modal(title, [blocks.section(sentence)])
