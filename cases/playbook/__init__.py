"""What to say to a customer, as data: for agents in `agents.toml`, for those who call back in `callers.toml`.

advice(scenario, mood, reasons)   three lines to say now, and what goes with them
HOW[step]                         how a de-escalation step is done
AVOID                             what never to say, and what to say instead
CALLERS                           words for the hard calls
READ_ALOUD                        what to read to the customer about a callback, in English (`read_aloud.py`)
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, NamedTuple

from cases.program import Program
from cases.words import Mood, Reason, Scenario, Step, Word

UNKNOWN = "unknown"
"""Stands for a choice that the agent has not made yet."""


SAID_OF: Mapping[str, Word] = {
    word.label.casefold(): word for kind in (Scenario, Mood, Reason) for word in kind
}
"""The words that have a line, by their labels in small letters."""


class Avoid(NamedTuple):
    """What slips out, and what to say instead."""

    words: str
    instead: str


@dataclass(frozen=True)
class Advice:
    """What helps at this moment: `lines` to say in this order, `helps` that may be added, `avoid`, the next step
    announced (`signpost`), and a word to the agent (`reminder`).
    """

    lines: tuple[str, str, str]
    helps: tuple[str, ...]
    avoid: tuple[Avoid, ...]
    signpost: str
    reminder: str


class Topic(NamedTuple):
    """A hard call: what to say, in this order, and what to do."""

    title: str
    say: tuple[str, ...]
    do: str


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath(name).read_text("utf-8"))


_AGENTS = _read("agents.toml")

HOW: Mapping[Step, str] = {step: _AGENTS["steps"][step.value] for step in Step}
AVOID = tuple(Avoid(*pair) for pair in _AGENTS["avoid"])
READ_ALOUD: str = _AGENTS["read_aloud"].strip()
CALLERS: Mapping[str, Topic] = {
    key: Topic(told["title"], tuple(told["say"]), told["do"]) for key, told in _read("callers.toml").items()
}


def advice(
    scenario: str | None, mood: str | None, reasons: Sequence[str], program: Program | None = None
) -> Advice:
    """What to say for these choices, by their values: the program's own line where it has one. Of several reasons the first
    gives the line, and all of them their words.
    """
    base, tone = _of("scenario", scenario), _of("mood", mood)
    matters = [_of("reason", reason) for reason in reasons or (None,)]
    own = {one.of: one.say for one in program.own_lines} if program else {}
    own_avoid = [Avoid(one.of, one.say) for one in program.own_avoid] if program else []
    avoid = [*own_avoid, *(Avoid(*pair) for matter in matters for pair in matter["avoid"]), *AVOID]
    return Advice(
        (
            own.get(scenario or "", base["say"]),
            own.get(mood or "", tone["say"]),
            own.get(next(iter(reasons), ""), matters[0]["say"]),
        ),
        tuple(dict.fromkeys(words for matter in matters for words in matter["helps"])),
        tuple(dict.fromkeys(avoid)),
        base["next"],
        tone["reminder"],
    )


def _of(kind: str, word: str | None) -> Mapping[str, Any]:
    entries: Mapping[str, Mapping[str, Any]] = _AGENTS[kind]
    return entries.get(word or UNKNOWN, entries[UNKNOWN])
