"""Walks a program's record and says whether it holds: every line, every link, every text that can be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from cases.events import Happened
from storage.mapping import Row
from storage.reading import Reading
from storage.record import GENESIS, digest, linked
from storage.vault import Vault, VaultError, is_sealed

EVERY = 500
"""After how many lines whoever watches hears of it."""


@dataclass(frozen=True)
class Verdict:
    """What the walk found. `broken` names the first line that is wrong, None where the record holds.

    `head` is the last line's hash: written down elsewhere, it shows even a record that was made anew as a whole.
    Of `blanked` lines the text is gone, as the record itself says; `unread` texts are sealed and no key was given.
    """

    lines: int
    head: str
    blanked: int
    unread: int
    broken: str | None


def verify(reading: Reading, program: int, walked: Callable[[int], None] = lambda lines: None) -> Verdict:
    """Walks the record of one program; `walked` hears now and then how many lines more that was."""
    walk = _Walk(reading.vault, reading.record_head(program) or (0, GENESIS))
    broken = walk.first_break(reading.record(program), walked)
    if broken is None:
        broken = walk.wrong_end(reading.record_head(program) or (0, GENESIS))
    if broken is None and walk.silent:
        place = min(walk.silent.values())
        broken = f"what was said in line {place} is gone, and nothing in the record says why"
    return Verdict(walk.place, walk.previous, walk.blanked, walk.unread, broken)


@dataclass
class _Walk:
    """Where the walk is. `silent` are texts that are gone, by case, until the record says that they were blanked.

    `head` is where the record ended when the walk began: somebody may be writing on meanwhile.
    """

    vault: Vault
    head: tuple[int, str]
    place: int = 0
    previous: str = GENESIS
    blanked: int = 0
    unread: int = 0
    silent: dict[int | None, int] = field(default_factory=dict)

    def first_break(self, lines: Iterable[Row], walked: Callable[[int], None]) -> str | None:
        for row in lines:
            wrong = self._look(row)
            if wrong is not None:
                return wrong
            if self.place % EVERY == 0:
                walked(EVERY)
        walked(self.place % EVERY)
        return None

    def _look(self, row: Row) -> str | None:
        place = self.place + 1
        if row["place"] != place:
            return f"line {place} is missing"
        if row["previous"] != self.previous:
            return f"line {place} does not follow line {self.place}"
        if self._is_changed(row["said"], row["said_hash"]):
            return f"what was said in line {place} was changed"
        if linked(row) != row["hash"]:
            return f"line {place} was changed"
        if row["said"] is None and row["said_hash"] != digest(""):
            self.silent.setdefault(row["case_number"], place)
            self.blanked += 1
        if row["kind"] == Happened.BLANKED.value:
            self.silent.pop(row["case_number"], None)
        self.place, self.previous = place, row["hash"]
        length, last = self.head
        if place == length and self.previous != last:
            return f"line {place} is not the one that was written last"
        return None

    def wrong_end(self, head: tuple[int, str]) -> str | None:
        """Whether lines are missing at the end, or stand there that were never written; by the head after the walk."""
        length, last = head
        if self.place < self.head[0]:
            return f"lines are missing after line {self.place}"
        if self.place > length or (self.place == length and self.previous != last):
            return f"line {length + 1} stands behind the last one that was written"
        return None

    def _is_changed(self, said: str | None, said_hash: str) -> bool:
        if said is None:
            return False
        if is_sealed(said) and not self.vault.has_key:
            self.unread += 1
            return False
        try:
            return digest(self.vault.read(said)) != said_hash
        except VaultError:
            return True
