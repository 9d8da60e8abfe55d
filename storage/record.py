"""The record's hash chain: each line is linked to the one before it, so changed and missing lines show.

A line's hash covers its place, its facts and the hash of its text, not the text itself: the text can be deleted after
the program's retention, and the chain still holds. The text's hash is salted; the salt is stored, sealed and deleted
with the text. Without both, nobody can find a phone number by trying them all. The hash is of the plain text, so a new
key changes nothing in the chain.

The chain alone proves nothing against somebody who can write to the database and recompute it. So the key vouches for
each line's hash and for the record's end (`Vault.vouch`). Before a line is appended, the end is checked; if somebody
else wrote it, nothing is vouched for from then on, so the forgery stays visible.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from cases.events import Event
from storage import tables as t
from storage.personal import opened, sealed
from storage.tables import Stage
from storage.vault import Vault

GENESIS = "0" * 64
SALT = "_salt"


LINE, END = "line of the record", "end of the record"
"""What a mark is about, so that one can't pass for the other."""


SHORT = 12
"""How many digits of a hash are enough to recognise a line."""


@dataclass(frozen=True)
class Point:
    """A line as somebody noted it: its number and the beginning of its hash."""

    line: int
    hash: str

    def __str__(self) -> str:
        return f"{self.line}:{self.hash[:SHORT]}"

    @classmethod
    def of(cls, text: str) -> Point:
        """Reads what `str` gave. Raises ValueError."""
        line, _, hash = text.strip().lower().partition(":")
        if len(hash) < SHORT or set(hash) - set("0123456789abcdef"):
            raise ValueError(text)
        return cls(int(line), hash)


@dataclass(frozen=True)
class Head:
    """Where a record ends. `is_ours`: Askdesk left it like that, as far as this stage can tell. `key` is the id of the
    key that vouches for it.
    """

    program: int
    length: int
    hash: str
    stage: Stage
    is_ours: bool
    key: str = ""

    @property
    def point(self) -> Point:
        """Its last line, for somebody to note elsewhere."""
        return Point(self.length, self.hash)

    @property
    def vouches(self) -> bool:
        """Whether Askdesk vouches for what it writes now."""
        return self.is_ours and self.stage is not Stage.LINKED

    @property
    def binds(self) -> bool:
        """Whether new texts are bound to their places: every bot here can read those."""
        return self.stage is not Stage.LINKED


def head(row: Mapping[Any, Any], vault: Vault) -> Head:
    """The end of a record from its row; with an unknown stage, it isn't ours."""
    known = row["stage"] in tuple(Stage)
    stage = Stage(row["stage"]) if known else Stage.BOUND
    found = Head(row["program"], row["length"], row["hash"], stage, True, row["mac"].partition(":")[0])
    if stage is Stage.LINKED:
        # Once everything is bound, there is no way back to plain links.
        return replace(found, is_ours=not vault.strict, stage=Stage.BOUND if vault.strict else stage)
    return replace(found, is_ours=known and vault.vouches(END, _end(found), row["mac"]) is True)


def head_row(head: Head, vault: Vault) -> dict[str, Any]:
    """The columns of a record's end, except the program."""
    mac = vault.vouch(END, _end(head)) if head.vouches else ""
    return {"length": head.length, "hash": head.hash, "stage": int(head.stage), "mac": mac}


def lines(
    events: Sequence[Event], head: Head, case: int | None, at: datetime, vault: Vault
) -> tuple[list[dict[str, Any]], Head]:
    """The columns of the record's next lines, for events of `case` (None: of the program) at an aware instant; and its
    new end.
    """
    found = []
    for event in events:
        found.append(_line(event, head, case, at, vault))
        head = replace(head, length=found[-1]["place"], hash=found[-1]["hash"])
    return found, head


def _line(event: Event, head: Head, case: int | None, at: datetime, vault: Vault) -> dict[str, Any]:
    said = _json({**event.said, SALT: secrets.token_hex(16)}) if event.said else None
    columns: dict[str, Any] = {
        "program": head.program,
        "place": head.length + 1,
        "case_number": case,
        "kind": event.kind.value,
        "by": event.by,
        "at": at,
        "facts": _json(dict(event.facts)),
        "said": said,
        "said_hash": digest(said or ""),
        "previous": head.hash,
    }
    hash = linked(columns)
    mac = vault.vouch(LINE, hash) if head.vouches else ""
    return sealed(t.events, {**columns, "hash": hash, "mac": mac}, vault, bound=head.binds)


def _end(head: Head) -> str:
    return _json([head.program, head.length, head.hash, int(head.stage)])


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


def text_of(row: Mapping[Any, Any], vault: Vault) -> dict[str, str]:
    """A line's text, without its salt; empty if it was deleted. Raises NoKey or WrongKey."""
    said = opened(t.events, row, vault)["said"]
    words: dict[str, str] = json.loads(said) if said else {}
    words.pop(SALT, None)
    return words


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(text: str) -> str:
    """The hash of a text with its salt; an empty text has one too."""
    return hashlib.sha256(text.encode()).hexdigest()


NOTHING_SAID = digest("")
"""The hash of a line that never had a text; a deleted text leaves another hash."""
