"""Figures summed: how many cases each share is based on, and how long claiming took, exactly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from cases.figures.definitions import Figure
from cases.figures.facts import Share, summed

K = TypeVar("K")

Spread = Mapping[int, int]
"""Durations in whole seconds, each with how often it occurred: small, and exact for every percentile."""


@dataclass(frozen=True)
class Tally:
    """The sums of a set of cases and promises."""

    shares: Mapping[Figure, Share] = field(default_factory=dict)
    waits: Spread = field(default_factory=dict)

    def share(self, figure: Figure) -> Share:
        return self.shares.get(figure, Share())

    @property
    def raised(self) -> int:
        return self.share(Figure.RAISED).part

    @property
    def is_empty(self) -> bool:
        """Whether it has neither a case nor a promise."""
        shown = (Figure.RAISED, Figure.SAVED)
        return not any(self.share(one).part for one in shown) and not self.share(Figure.KEPT).whole


def added(tallies: Iterable[Tally]) -> Tally:
    """Several groups added up."""
    shares: dict[Figure, Share] = {}
    waits: Counter[int] = Counter()
    for tally in tallies:
        for figure, share in tally.shares.items():
            so_far = shares.get(figure)
            shares[figure] = share if so_far is None else summed((so_far, share))
        waits.update(tally.waits)
    return Tally(shares, waits)


def merged(divisions: Iterable[Mapping[K, Tally]]) -> dict[K, Tally]:
    """Several splits as one: groups with the same key are added up."""
    found: dict[K, list[Tally]] = {}
    for division in divisions:
        for key, tally in division.items():
            found.setdefault(key, []).append(tally)
    return {key: added(tallies) for key, tallies in found.items()}


def median(spread: Spread) -> float | None:
    """The middle one of all durations; the mean of the middle two if their number is even."""
    count = sum(spread.values())
    if not count:
        return None
    return (_at(spread, (count + 1) // 2) + _at(spread, count // 2 + 1)) / 2


def percentile(spread: Spread, hundredths: int) -> int | None:
    """The shortest duration that at least so many per cent do not exceed; always one that occurred."""
    count = sum(spread.values())
    return _at(spread, -(-count * hundredths // 100)) if count else None


def _at(spread: Spread, place: int) -> int:
    """The duration at a place, counted from 1, shortest first."""
    for seconds in sorted(spread):
        place -= spread[seconds]
        if place <= 0:
            return seconds
    raise ValueError("fewer durations than that")
