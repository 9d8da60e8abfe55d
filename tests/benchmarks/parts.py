"""What can be measured, in the order of the table; each in full, and small enough to show that it works."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from tests.benchmarks import acks, cards, connections, due, pace, reports, starting, storage
from tests.benchmarks.databases import Databases
from tests.benchmarks.figures import Figure

Measure = Callable[[Databases], Sequence[Figure]]


@dataclass(frozen=True)
class Part:
    """A part of the table."""

    letter: str
    title: str
    full: Measure
    small: Measure


PARTS = (
    Part("a", "acks", acks.measure, partial(acks.measure, number=6, seconds=0.2)),
    Part("b", "a form becomes a card", cards.measure, partial(cards.measure, number=1)),
    Part(
        "c",
        "due dispatch",
        due.measure,
        partial(due.measure, waiting=(100,), number=20, kinds=("sqlite",), peers_too=False),
    ),
    Part("d", "delivery", pace.measure, partial(pace.measure, lines=(1, 1), channels=(1, 2))),
    Part("e", "storage", storage.measure, partial(storage.measure, number=10)),
    Part("f", "start and memory", starting.measure, partial(starting.measure, times=1)),
    Part(
        "g", "connections", connections.measure, partial(connections.measure, actions=("close",), commands=20)
    ),
    Part("h", "reports", reports.measure, partial(reports.measure, cases=200, times=1)),
)
