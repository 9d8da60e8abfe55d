"""The card: how a case stands, at a glance, with exactly the buttons that its state allows.

The most important first: who, how it stands, when the call is, what was promised.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from slack_sdk.models.blocks import Block

from bot.views import blocks
from bot.views.buttons import buttons
from bot.views.mentions import Actor, Names
from bot.views.message import Message
from bot.views.ownership import owners_in_short
from bot.views.standing import (
    masked,
    peculiarities,
    promised,
    promised_plain,
    reasons,
    standing,
    standing_plain,
    title,
    urgency,
    used,
    waited,
)
from bot.views.times import reader, wall_clock
from cases.case import Case, Closing, Status
from cases.close_form import TYPED
from cases.masking import masked_text
from cases.moves import Acting
from cases.ownership import Stretch
from cases.people import ANYBODY
from cases.program import Program
from cases.words import CallbackKind, Satisfied

GONE = ":wastebasket: Customer's details and all texts deleted"

__all__ = ["buttons", "card", "face"]


def card(
    case: Case, program: Program, now: datetime, course: Sequence[Stretch] = (), names: Names | None = None
) -> Message:
    """The message that stands in the channel for a case; `course` is through whose hands it went.

    Whoever raised it is named, not mentioned, where `names` has their name: the card follows from their own click.
    """
    row, overflow = buttons(case, Acting(program, ANYBODY, now))
    coloured = case.status is not Status.CLOSED
    actions = [blocks.moves(case.number, row, overflow, coloured=coloured)] if row else []
    map_of_hands = owners_in_short(course, program)
    small = [blocks.context(map_of_hands)] if map_of_hands else []
    return blocks.message(plain_face(case, now), [*face(case, program, now, names), *small, *actions])


def plain_face(case: Case, now: datetime) -> str:
    """The card in one line, for a notification."""
    parts = (f"{title(case)}: {standing_plain(case, now)}.", promised_plain(case), f"{reasons(case)}.")
    return " ".join(part for part in parts if part)


def face(case: Case, program: Program, now: datetime, names: Names | None = None) -> Iterator[Block]:
    """All of the card but its buttons."""
    said = case.said
    yield blocks.header(title(case))
    yield blocks.section("\n".join([standing(case, program, now), *_promise(case, now), *_urgency(case)]))
    if case.blanked_at is None:
        yield blocks.section("*What happened and what was promised*")
        yield blocks.quote(masked_text(said.details, case))
    else:
        yield blocks.section(f"{GONE} {reader(case.blanked_at)}")
    yield blocks.fields(
        [
            ("Reasons", reasons(case)),
            ("Scenario", said.scenario.label),
            ("Contact", masked(case.reach)),
            ("Raised by", Actor(case.raised_by, names or {}).name),
        ]
    )
    small_print = [*_small_print(case)]
    if small_print:
        yield blocks.context(*small_print)
    if case.closing is not None and case.blanked_at is None:
        yield from _closing(case, case.closing)


def _promise(case: Case, now: datetime) -> Iterator[str]:
    callback = case.callback
    if callback is None:
        return
    yield promised(callback, waiting=case.waiting)
    notes = []
    if case.waiting and case.call is None:
        notes.append(f":hourglass_flowing_sand: {waited(callback, now)}")
    if callback.asked_for_time:
        notes.append("The customer asked for this time")
    if callback.kind is not CallbackKind.PROMISE:
        notes.append(callback.kind.label.capitalize())
    if case.unreached:
        notes.append(used(case))
    if notes:
        yield " · ".join(notes)
    if case.first_due_at is not None and case.first_due_at != callback.due_at:
        yield f"First promised: {wall_clock(case.first_due_at, case.said.zone)}"


def _urgency(case: Case) -> Iterator[str]:
    reasons_to_hurry = urgency(case)
    if reasons_to_hurry:
        yield " · ".join(reasons_to_hurry)


def _small_print(case: Case) -> Iterator[str]:
    said = case.said
    if said.steps:
        yield f"De-escalation tried: {', '.join(step.label.lower() for step in said.steps)}"
    if said.not_attempted is not None:
        yield f":warning: No de-escalation attempted: {said.not_attempted.label.lower()}"
    special = peculiarities(case)
    if special:
        yield " · ".join(special)


def _closing(case: Case, closing: Closing) -> Iterator[Block]:
    for question in TYPED:
        if text := question.of(closing):
            yield blocks.section(f"*{question.label}*")
            yield blocks.quote(masked_text(text, case))
    if closing.satisfied is not Satisfied.NOT_ASKED:
        yield blocks.context(f"Customer satisfied: {closing.satisfied.label.lower()}")
