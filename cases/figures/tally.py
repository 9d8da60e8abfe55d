"""Figures summed: how many cases each share rests on, and how long claiming took, exactly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from cases.figures.definitions import Figure
from cases.figures.facts import Share, summed

K = TypeVar("K")

Spread = Mapping[int, int]
"""Lengths of time in whole seconds, each with how often it occurred: small, and exact for every percentile."""


@dataclass(frozen=True)
class Tally:
    """What a set of cases and promises adds up to."""

    shares: Mapping[Figure, Share] = field(default_factory=dict)
    waits: Spread = field(default_factory=dict)

    def share(self, figure: Figure) -> Share:
        return self.shares.get(figure, Share())

    @property
    def raised(self) -> int:
        return self.share(Figure.RAISED).part

    @property
    def is_empty(self) -> bool:
        """Whether there was neither a case nor a promise."""
        return not self.raised and not self.share(Figure.KEPT).whole


def added(tallies: Iterable[Tally]) -> Tally:
    """Several groups as one."""
    shares: dict[Figure, Share] = {}
    waits: Counter[int] = Counter()
    for tally in tallies:
        for figure, share in tally.shares.items():
            so_far = shares.get(figure)
            shares[figure] = share if so_far is None else summed((so_far, share))
        waits.update(tally.waits)
    return Tally(shares, waits)


def merged(divisions: Iterable[Mapping[K, Tally]]) -> dict[K, Tally]:
    """Several divisions as one: what has the same key is added up."""
    found: dict[K, list[Tally]] = {}
    for division in divisions:
        for key, tally in division.items():
            found.setdefault(key, []).append(tally)
    return {key: added(tallies) for key, tallies in found.items()}


def median(spread: Spread) -> float | None:
    """The middle one of all lengths; between the two in the middle where their number is even."""
    count = sum(spread.values())
    if not count:
        return None
    return (_at(spread, (count + 1) // 2) + _at(spread, count // 2 + 1)) / 2


def percentile(spread: Spread, hundredths: int) -> int | None:
    """The shortest length that at least so many of a hundred do not exceed: one that occurred, none in between."""
    count = sum(spread.values())
    return _at(spread, -(-count * hundredths // 100)) if count else None


def _at(spread: Spread, place: int) -> int:
    """The length at a place, counted from 1, with the shortest first."""
    for seconds in sorted(spread):
        place -= spread[seconds]
        if place <= 0:
            return seconds
    raise ValueError("fewer lengths than that")
