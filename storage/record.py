"""The record's hash chain: every line is linked to the one before it, so that a changed or missing one shows.

A line's hash covers its place, its facts and the hash of what was said, not the text itself: the text can be
blanked after the program's retention and the chain still holds. That inner hash is salted, and the salt is kept
with the text, sealed with it and blanked with it: without both nobody can find a phone number by trying them all. It
is the hash of the text as it was said, so that a new key changes nothing in the chain.

The chain alone proves nothing against somebody who writes the database: they make it anew. So each line's hash, and the
record's end, are vouched for with the key (`Vault.vouch`). Whoever appends looks at the end first: on one that somebody
else wrote nothing is vouched for any more, so that it stays found.
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
"""What a mark is over, so that one is never taken for the other."""


SHORT = 12
"""How many digits of a hash are enough to know a line again."""


@dataclass(frozen=True)
class Point:
    """A line as somebody noted it: its number, and how its hash begins."""

    line: int
    hash: str

    def __str__(self) -> str:
        return f"{self.line}:{self.hash[:SHORT]}"

    @classmethod
    def of(cls, text: str) -> Point:
        """What `str` gave. Raises ValueError."""
        line, _, hash = text.strip().lower().partition(":")
        if len(hash) < SHORT or set(hash) - set("0123456789abcdef"):
            raise ValueError(text)
        return cls(int(line), hash)


@dataclass(frozen=True)
class Head:
    """Where a record ends. `is_ours`: Askdesk left it like that, as far as this stage can tell.

    `key` is the id of the key that vouches for it.
    """

    program: int
    length: int
    hash: str
    stage: Stage
    is_ours: bool
    key: str = ""

    @property
    def point(self) -> Point:
        """Its last line, to be noted elsewhere."""
        return Point(self.length, self.hash)

    @property
    def vouches(self) -> bool:
        """Whether what is written now is vouched for."""
        return self.is_ours and self.stage is not Stage.LINKED

    @property
    def binds(self) -> bool:
        """Whether texts that are written now are bound to their places: every bot here can read them."""
        return self.stage is not Stage.LINKED


def head(row: Mapping[Any, Any], vault: Vault) -> Head:
    """The end of a record from its row; of a stage that there is none of nothing is ours."""
    known = row["stage"] in tuple(Stage)
    stage = Stage(row["stage"]) if known else Stage.BOUND
    found = Head(row["program"], row["length"], row["hash"], stage, True, row["mac"].partition(":")[0])
    if stage is Stage.LINKED:
        # Nothing goes back to plain links once all is bound.
        return replace(found, is_ours=not vault.strict, stage=Stage.BOUND if vault.strict else stage)
    return replace(found, is_ours=known and vault.vouches(END, _end(found), row["mac"]) is True)


def head_row(head: Head, vault: Vault) -> dict[str, Any]:
    """The columns of a record's end, all but the program."""
    mac = vault.vouch(END, _end(head)) if head.vouches else ""
    return {"length": head.length, "hash": head.hash, "stage": int(head.stage), "mac": mac}


def lines(
    events: Sequence[Event], head: Head, case: int | None, at: datetime, vault: Vault
) -> tuple[list[dict[str, Any]], Head]:
    """The columns of the record's next lines, for events of `case` (None: of the program) at an aware instant; and
    where it ends then.
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


def spoken(row: Mapping[Any, Any], vault: Vault) -> dict[str, str]:
    """What was said in a line, without its salt; empty where it was blanked. Raises NoKey or WrongKey."""
    said = opened(t.events, row, vault)["said"]
    words: dict[str, str] = json.loads(said) if said else {}
    words.pop(SALT, None)
    return words


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(text: str) -> str:
    """The hash of what was said, with its salt; nothing said has one as well."""
    return hashlib.sha256(text.encode()).hexdigest()


NOTHING_SAID = digest("")
"""The hash of a line in which nothing was said; one whose text was deleted since has another."""
