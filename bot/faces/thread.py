"""A case's thread: one line for each event; and the whole of it, for `/askdesk show`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.faces.lines import Happening
from bot.faces.registry import LINES
from bot.views import blocks
from bot.views.card import face, plain_face
from bot.views.mentions import Actor, Names
from bot.views.message import Message
from bot.views.ownership import each_stretch
from bot.views.times import moment, reader, wall_clock
from cases.audience import NOBODY_KNOWN
from cases.case import Case
from cases.mrkdwn import inline
from cases.ownership import ownership, travelled
from cases.people import mention
from cases.program import Program
from cases.shifts import Members
from storage.records import EventRecord

HISTORY_AT_MOST = 30


def acting(event: EventRecord) -> str:
    """Whose click a line tells of: of a line that Askdesk itself adds, whoever made the move that it follows."""
    return str(event.facts.get("found_by") or event.by)


def line(
    event: EventRecord,
    case: Case,
    program: Program,
    names: Names | None = None,
    members: Members = NOBODY_KNOWN,
) -> Message:
    """Who did what, with the new time where there is one and what was written, quoted.

    `names` has the name of whoever acted, `members` says who is in which user group.
    """
    told = LINES[event.kind]
    happening = Happening(event, case, program, Actor(acting(event), names or {}, members))
    sentence = told.says(happening)
    shown, plain = [sentence, *told.when(happening, moment)], [sentence, *told.when(happening, wall_clock)]
    body = [blocks.section("\n".join(shown))]
    for title, text in told.written(happening):
        if title:
            body.append(blocks.section(f"*{title}*"))
        body.append(blocks.quote(text))
        plain.append(f"{title}: {inline(text, 1000)}" if title else inline(text, 1000))
    if told.below is not None:
        body.append(told.below(happening))
    return blocks.message(" ".join(plain), body)


def for_managers(event: EventRecord) -> str | None:
    """What a line keeps from the channel: that an agent chose a superior whom nobody knew of before."""
    if not event.facts.get("superior_is_new"):
        return None
    return f"{mention(event.by)} named {mention(str(event.facts['superior']))} as direct superior for the first time."


def show(
    case: Case, program: Program, now: datetime, events: Sequence[EventRecord], *, to_manager: bool = False
) -> Message:
    """One case and what happened to it, without the full number."""
    earlier = len(events) - HISTORY_AT_MOST
    history = []
    for event in events[-HISTORY_AT_MOST:]:
        told = [line(event, case, program).text, for_managers(event) if to_manager else None]
        history.append(f"{reader(event.at)} · {' '.join(filter(None, told))}")
    if earlier > 0:
        history.insert(0, f"… {earlier} earlier")
    course = ownership(events)
    body = [
        *face(case, program, now),
        *(blocks.packed(["*Owners so far*", *each_stretch(course, program)]) if travelled(course) else ()),
        blocks.section("*History*"),
        *blocks.packed(history or ["Nothing yet."]),
    ]
    return blocks.message(plain_face(case, now), body)
