"""What happened to a program itself, told in its channel: opened, settings changed, customer forgotten, cases exported."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bot.views import blocks
from bot.views.mentions import Actor, Names
from bot.views.message import Message
from cases.events import Happened
from cases.mrkdwn import inline, shorten
from cases.people import OPERATOR, mention
from cases.program import Program
from cases.settings import in_words
from storage.records import EventRecord

VALUE_AT_MOST = 1000
NAMED_AT_MOST = 30
NOBODY_NAMED = (
    "The file names none of your people. If a manager needs to know who raised and owned each case, and the feedback, "
    "the operator can run `askdesk export`."
)


def program_line(event: EventRecord, program: Program, names: Names | None = None) -> Message:
    """Who did what to the program, and each thing that is different now."""
    sentences = list(PROGRAM_SENTENCES[event.kind](event, Actor(event.by, names or {}), program))
    plain = " ".join(sentence.replace("*", "") for sentence in sentences)
    return blocks.message(plain, blocks.packed(sentences))


def _opened(event: EventRecord, by: Actor, program: Program) -> Iterator[str]:
    name = inline(program.name, 100)
    yield f"{by.name} made this the ASK channel of *{name}*. `/escalate` raises a case here."


def _changed(event: EventRecord, by: Actor, program: Program) -> Iterator[str]:
    """One line for each change; of people only those who were added or removed are mentioned."""
    yield f"{by.name} changed the settings:"
    for label, text, added, removed in in_words(event.facts):
        who = [("added", added), ("removed", removed)]
        parts = [f"{what} {' '.join(map(by.person, users))}" for what, users in who if users]
        said = shorten(", ".join(parts), VALUE_AT_MOST) if parts else inline(text, VALUE_AT_MOST)
        yield f"• *{inline(label, 100)}*: {said}"


def _forgotten(event: EventRecord, by: Actor, program: Program) -> Iterator[str]:
    cases = [f"case {number}" for number in str(event.facts["cases"]).split(",")]
    more = len(cases) - NAMED_AT_MOST
    told = [*cases[:NAMED_AT_MOST], *([f"{more} more"] if more > 0 else [])]
    yield f"Askdesk was told to forget a customer. Their details and all texts were deleted from {', '.join(told)}."


def exported_sentence(event: EventRecord, by: Actor) -> str:
    """Who exported what: beside the file, or as a line of its own."""
    facts = event.facts
    what = "*with* customers' names, numbers and texts" if facts["personal"] else "without names and numbers"
    count = "1 case" if facts["cases"] == 1 else f"{facts['cases']} cases"
    who = by.name
    if event.by == OPERATOR.id:
        who = f"The operator, on the command line for {mention(str(facts['for']))},"
    sentence = f"{who} exported {count}, raised from {facts['from']} to {facts['to']}, {what}."
    return sentence if facts["personal"] else f"{sentence} {NOBODY_NAMED}"


def no_file(event: EventRecord, why: str) -> str:
    """In place of an export that Slack does not take: an answer, which mentions whoever waits for it."""
    return (
        f"{mention(event.by)} Slack did not take the export from {event.facts['from']} to {event.facts['to']} "
        f"({inline(why, 100)}). `askdesk export` writes it to a file where Askdesk runs."
    )


def _exported(event: EventRecord, by: Actor, program: Program) -> Iterator[str]:
    yield exported_sentence(event, by)


def _redacted(event: EventRecord, by: Actor, program: Program) -> Iterator[str]:
    yield (
        f"Askdesk edited its messages about deleted customers: {event.facts['messages']} edited, "
        f"{event.facts['unreachable']} out of reach."
    )


def _keyed(event: EventRecord, by: Actor, program: Program) -> Iterator[str]:
    yield (
        f"The record of *{inline(program.name, 100)}* is signed with your key from here on. The {event.facts['lines']} "
        f"lines before are not; the last one is `{str(event.facts['head'])[:12]}`. This message appears once, after an "
        "update or with the first `ENCRYPTION_KEY`. If you see it again, somebody has replaced the database."
    )


def _sealed(event: EventRecord, by: Actor, program: Program) -> Iterator[str]:
    yield f"All data of *{inline(program.name, 100)}* is now sealed and stamped with the key {event.facts['key']}."


PROGRAM_SENTENCES: dict[Happened, Callable[[EventRecord, Actor, Program], Iterator[str]]] = {
    Happened.DESK_OPENED: _opened,
    Happened.SETTINGS_CHANGED: _changed,
    Happened.FORGOTTEN: _forgotten,
    Happened.EXPORTED: _exported,
    Happened.REDACTED: _redacted,
    Happened.RECORD_KEYED: _keyed,
    Happened.RECORD_SEALED: _sealed,
}
