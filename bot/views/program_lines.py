"""What happened to a program itself, told in its channel: it was opened, its settings were changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bot.views import blocks
from bot.views.message import Message
from bot.views.text import inline
from cases.events import Happened
from cases.people import mention
from cases.program import Program
from storage.records import EventRecord

VALUE_AT_MOST = 1000


def program_line(event: EventRecord, program: Program) -> Message:
    """Who did what to the program, and each thing that is different now."""
    sentences = list(PROGRAM_SENTENCES[event.kind](event, program))
    plain = " ".join(sentence.replace("*", "") for sentence in sentences)
    return blocks.message(plain, blocks.packed(sentences))


def _opened(event: EventRecord, program: Program) -> Iterator[str]:
    name = inline(program.name, 100)
    yield f"{mention(event.by)} made this the ASK channel of *{name}*. `/escalate` raises a case here."


def _changed(event: EventRecord, program: Program) -> Iterator[str]:
    """The event's facts are the changes: the label of what was changed, and `old → new`."""
    yield f"{mention(event.by)} changed the settings:"
    for label, change in event.facts.items():
        yield f"• *{inline(label, 100)}*: {inline(str(change), VALUE_AT_MOST)}"


PROGRAM_SENTENCES: dict[Happened, Callable[[EventRecord, Program], Iterator[str]]] = {
    Happened.DESK_OPENED: _opened,
    Happened.SETTINGS_CHANGED: _changed,
}
