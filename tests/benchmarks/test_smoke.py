"""The benchmarks run, each in its smallest size."""

from __future__ import annotations

import pytest

from tests.benchmarks.databases import Databases
from tests.benchmarks.figures import Figure, Target, percentile, shown
from tests.benchmarks.parts import PARTS, Part


@pytest.mark.parametrize("part", PARTS, ids=[part.letter for part in PARTS])
def test_every_part_can_be_measured(part: Part, postgres: str) -> None:
    """How fast does not matter here; nothing is lost or doubled in any size."""
    with Databases(postgres) as databases:
        figures = part.small(databases)
    assert figures
    assert {figure.part for figure in figures} == {part.letter}
    assert all(figure.met for figure in figures if figure.what.endswith("lost or doubled"))


def test_a_figure_says_whether_its_target_is_met() -> None:
    """By its value, or by its ratio to the peer's, whichever the target is for."""
    low = Figure(
        "x", "a thing", 50, "/s", peer="another", beside=100, target=Target(0.6, at_least=True, of_ratio=True)
    )
    assert (low.ratio, low.met) == (0.5, False)
    sooner = Figure("x", "a thing", 2, "s", peer="another", beside=20, inverse=True, target=Target(3))
    assert (sooner.ratio, sooner.met) == (10, True)
    assert str(sooner) == "| a thing | 2 s | 20 s, another | 10 × | ≤ 3 | yes |"


def test_percentiles_and_numbers_as_people_read_them() -> None:
    """The value that so many do not exceed; three digits that count."""
    assert [percentile(range(1, 101), share) for share in (0.0, 0.5, 0.99, 1.0)] == [1, 50, 99, 100]
    assert [shown(number) for number in (0, 0.01234, 1.5, 12.34, 123.4, 1234.5)] == [
        "0", "0.0123", "1.5", "12.3", "123", "1,234"]  # fmt: skip
