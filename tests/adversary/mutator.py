"""Takes a payload that Slack did send and spoils it, in a way that a seed decides."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

Json = dict[str, Any]
Place = tuple[Any, Any]
"""A dict or list, and where in it."""

TEXTS = (
    "", " ", "\u0000", "\ud800", "\u202eevil", "\u200b" * 50, "x" * 5_000, "😀" * 800, "<!channel>", "0", "-1", "1e999",
    "9" * 30, "NaN", "null", "true", "../../etc/passwd", "' OR 1=1 --", "{{7*7}}", "%s%n", "U0MIA", "C0RANDOM", "T0ELSE",
    "2026-02-30", "25:61", "America", "Ⅷ", "case_claim", "\r\n\r\n",
)  # fmt: skip
ODD: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    2**63,
    10**40,
    1.5,
    [],
    {},
    [[]],
    {"id": "U0MIA"},
    [None],
    "text",
)


class Mutator:
    """One chance after the other, the same ones for the same seed."""

    def __init__(self, seed: str) -> None:
        self._chance = random.Random(seed)

    def spoiled(self, payload: Json) -> Json:
        """A copy with one to four things wrong."""
        found: Json = deepcopy(payload)
        for _ in range(self._chance.randint(1, 4)):
            places = list(_places(found))
            if not places:
                break
            self._chance.choice(
                (self._deletes, self._retypes, self._deepens, self._enlarges, self._swaps, self._writes)
            )(places)
        return found

    def _deletes(self, places: list[Place]) -> None:
        inside, at = self._chance.choice(places)
        del inside[at]

    def _retypes(self, places: list[Place]) -> None:
        inside, at = self._chance.choice(places)
        inside[at] = deepcopy(self._chance.choice(ODD))

    def _deepens(self, places: list[Place]) -> None:
        inside, at = self._chance.choice(places)
        for _ in range(self._chance.choice((1, 3, 90))):
            inside[at] = self._chance.choice(([inside[at]], {"value": inside[at]}))

    def _enlarges(self, places: list[Place]) -> None:
        inside, at = self._chance.choice(places)
        if isinstance(inside[at], str):
            inside[at] = inside[at] * self._chance.choice((2, 300))
        elif isinstance(inside[at], list):
            inside[at] = inside[at] * self._chance.choice((2, 60))
        elif isinstance(inside[at], dict):
            inside[at] |= {f"more{number}": number for number in range(200)}

    def _swaps(self, places: list[Place]) -> None:
        (one, at), (other, there) = self._chance.choice(places), self._chance.choice(places)
        one[at], other[there] = deepcopy(other[there]), deepcopy(one[at])

    def _writes(self, places: list[Place]) -> None:
        texts = [(inside, at) for inside, at in places if isinstance(inside[at], str)] or places
        inside, at = self._chance.choice(texts)
        inside[at] = self._chance.choice(TEXTS)
        if at == "private_metadata":
            inside[at] = json.dumps(
                {"case": self._chance.choice(ODD), "program": self._chance.choice((1, 2, *ODD))}
            )


def _places(within: Any) -> Iterator[Place]:
    """Everything that can be spoiled."""
    keys = (
        within.keys() if isinstance(within, dict) else range(len(within)) if isinstance(within, list) else ()
    )
    for key in keys:
        yield within, key
        yield from _places(within[key])
