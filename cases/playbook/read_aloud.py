"""The paragraph that is read to a customer: who calls, when, on which number, and what happens if they miss each other.

A text has a sentence a line. Of the sentences that `|` parts, the first one whose facts are known is read; where none is,
the line is left out.
"""

from __future__ import annotations

import re
from datetime import datetime

from cases.case import Callback, Case
from cases.hours import next_free
from cases.languages import day_in, name, time_in
from cases.playbook import READ_ALOUD
from cases.program import Program
from cases.times import wall
from cases.words import ContactKind

ENGLISH = "en"

FACTS = ("department", "day", "time", "digits", "domain", "retry", "case", "contact")
"""What a text may name in braces."""

_NAMED = re.compile(r"\{(.*?)\}")
_BRACES = re.compile(r"[{}]")


def unknown(text: str) -> list[str]:
    """What stands in braces, or is a lone brace, and is no fact."""
    lone = _BRACES.findall(_NAMED.sub("", text))
    return [*lone, *(f"{{{fact}}}" for fact in _NAMED.findall(text) if fact not in FACTS)]


def read_aloud(case: Case, program: Program) -> str | None:
    """What to read to the customer about the promise that waits, in their language where the program has its text.

    None where no call is planned: the customer is on the line, a manager decides, or the case is closed.
    """
    if case.callback is None or case.waiting or case.blanked_at is not None:
        return None
    own = {text.name: text.text for text in program.read_aloud}
    language = case.said.language if name(case.said.language) in own else ENGLISH
    known = _facts(case, case.callback, program, language)
    lines = own.get(name(language), READ_ALOUD).splitlines()
    said = [next(filter(None, (_filled(one, known) for one in line.split("|"))), "") for line in lines]
    return " ".join(filter(None, said))


def _filled(sentence: str, known: dict[str, str]) -> str:
    """The sentence with its facts; nothing where one is not known."""
    if not known.keys() >= set(_NAMED.findall(sentence)):
        return ""
    return _NAMED.sub(lambda fact: known[fact[1]], sentence).strip()


def _facts(case: Case, callback: Callback, program: Program, language: str) -> dict[str, str]:
    department, reach = program.department(case.department), case.reach
    contact = (department.direct_contact if department else "") or program.direct_contact
    found = {
        "department": case.department,
        "day": day_in(language, callback.wall),
        "time": time_in(language, callback.wall),
        "case": str(case.number),
        "contact": contact,
        "digits": reach.value[-4:] if reach.kind is ContactKind.PHONE else "",
        "domain": reach.value.partition("@")[2],
    }
    if reach.kind is ContactKind.PHONE and case.unreached + 1 < case.allowed:
        found["retry"] = _retry(callback, program, language)
    return {fact: value for fact, value in found.items() if value}


def _retry(callback: Callback, program: Program, language: str) -> str:
    """When the next attempt would be: the time, with its day where that is another."""
    again: datetime = wall(
        next_free(callback.due_at + program.spacing, callback.zone, program), callback.zone
    )
    at = time_in(language, again)
    return at if again.date() == callback.wall.date() else f"{day_in(language, again)}, {at}"
