"""The record's hash chain: every line is linked to the one before it, so that a changed or missing one shows.

A line's hash covers its place, its facts and the hash of what was said, not the text itself: the text can be
blanked after the program's retention and the chain still holds. That inner hash is salted, and the salt is kept
with the text, sealed with it and blanked with it: without both nobody can find a phone number by trying them all. It
is the hash of the text as it was said, so that a new key changes nothing in the chain.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cases.events import Event
from storage import tables as t
from storage.personal import sealed
from storage.vault import Vault

GENESIS = "0" * 64
SALT = "_salt"


def line(
    event: Event, program: int, case: int | None, place: int, previous: str, at: datetime, vault: Vault
) -> dict[str, Any]:
    """The columns of the record's next line, for an event of `case` (None: of the program) at an aware instant."""
    said = _json({**event.said, SALT: secrets.token_hex(16)}) if event.said else None
    columns: dict[str, Any] = {
        "program": program,
        "place": place,
        "case_number": case,
        "kind": event.kind.value,
        "by": event.by,
        "at": at,
        "facts": _json(dict(event.facts)),
        "said": said,
        "said_hash": digest(said or ""),
        "previous": previous,
    }
    return sealed(t.events, {**columns, "hash": linked(columns)}, vault)


def linked(columns: Mapping[Any, Any]) -> str:
    """The hash of a line's columns."""
    at: datetime = columns["at"]
    return digest(
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


def spoken(said: str | None, vault: Vault) -> dict[str, str]:
    """What was said in a line, without its salt; empty where it was blanked. Raises NoKey or WrongKey."""
    words: dict[str, str] = json.loads(vault.read(said)) if said else {}
    words.pop(SALT, None)
    return words


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(text: str) -> str:
    """The hash of what was said, with its salt; nothing said has one as well."""
    return hashlib.sha256(text.encode()).hexdigest()
