"""The record's hash chain: every line is linked to the one before it, so that a changed or missing one shows.

A line's hash covers its place, its facts and the hash of what was said, not the text itself: the text can be
blanked after the program's retention and the chain still holds. That inner hash is salted, and the salt is kept
with the text: once both are gone, nobody can find a phone number by trying them all.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from cases.events import Event

GENESIS = "0" * 64
SALT = "_salt"


def line(
    event: Event, program: int, case: int | None, place: int, previous: str, at: datetime
) -> dict[str, Any]:
    """The columns of the record's next line, for an event of `case` (None: of the program) at an aware instant."""
    said = _json({**event.said, SALT: secrets.token_hex(8)}) if event.said else None
    columns: dict[str, Any] = {
        "program": program,
        "place": place,
        "case_number": case,
        "kind": event.kind.value,
        "by": event.by,
        "at": at,
        "facts": _json(dict(event.facts)),
        "said": said,
        "said_hash": _digest(said or ""),
        "previous": previous,
    }
    return {**columns, "hash": seal(columns)}


def seal(columns: Mapping[Any, Any]) -> str:
    """The hash of a line's columns."""
    at: datetime = columns["at"]
    return _digest(
        _json(
            [
                columns["program"],
                columns["place"],
                columns["case_number"],
                columns["kind"],
                columns["by"],
                at.isoformat(),
                columns["facts"],
                columns["said_hash"],
                columns["previous"],
            ]
        )
    )


def first_break(lines: Iterable[Mapping[Any, Any]], length: int, head: str) -> str | None:
    """What is wrong with a program's record, in a sentence naming the first broken line; None where it holds.

    `length` and `head` are what the head row says; they betray lines missing at the end.
    """
    previous, place = GENESIS, 0
    for row in lines:
        place += 1
        if row["place"] != place:
            return f"line {place} is missing"
        if row["previous"] != previous:
            return f"line {place} does not follow line {place - 1}"
        if row["said"] is not None and _digest(row["said"]) != row["said_hash"]:
            return f"what was said in line {place} was changed"
        if seal(row) != row["hash"]:
            return f"line {place} was changed"
        previous = row["hash"]
    if (place, previous) != (length, head):
        return f"lines are missing after line {place}"
    return None


def spoken(said: str | None) -> dict[str, str]:
    """What was said in a line, without its salt; empty where it was blanked."""
    words: dict[str, str] = json.loads(said) if said else {}
    words.pop(SALT, None)
    return words


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
