"""What a measurement yields: figures, each with its peer's beside it where there is one, and the target it is held to."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Target:
    """What a figure should be: its value, or its ratio to the peer's, at least or at most a bound."""

    bound: float
    at_least: bool = False
    of_ratio: bool = False

    def met(self, value: float, ratio: float | None) -> bool:
        held = ratio if self.of_ratio else value
        if held is None:
            raise ValueError("a target for a ratio needs a peer")
        return held >= self.bound if self.at_least else held <= self.bound

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {shown(self.bound)}{' ×' if self.of_ratio else ''}"


@dataclass(frozen=True)
class Figure:
    """One line of the table. `ratio` is the value over the peer's, or the other way round where `inverse`."""

    part: str
    what: str
    value: float
    unit: str
    peer: str = ""
    beside: float | None = None
    inverse: bool = False
    target: Target | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """How the value stands to the peer's; None without one, or where the peer's is nothing."""
        if self.beside is None:
            return None
        above, below = (self.beside, self.value) if self.inverse else (self.value, self.beside)
        return above / below if below else None

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None where there is none."""
        return self.target.met(self.value, self.ratio) if self.target else None

    def __str__(self) -> str:
        return row(self.as_json())

    def as_json(self) -> dict[str, Any]:
        fields = {name: value for name, value in asdict(self).items() if name not in ("target", "inverse")}
        fields["value"] = _rounded(self.value)
        fields["beside"] = None if self.beside is None else _rounded(self.beside)
        fields["ratio"] = None if self.ratio is None else _rounded(self.ratio)
        return fields | {"target": str(self.target) if self.target else None, "met": self.met}


def percentile(values: Iterable[float], share: float) -> float:
    """The smallest value that is not below `share` (0 to 1) of them."""
    ordered = sorted(values)
    if not ordered:
        raise ValueError("there is nothing to take a percentile of")
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def shown(number: float) -> str:
    """A number with three significant digits, as people read it: 1,234 · 12.3 · 0.123."""
    if number == 0:
        return "0"
    digits = max(0, 2 - math.floor(math.log10(abs(number))))
    text = f"{round(number, digits):,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def row(figure: Mapping[str, Any]) -> str:
    """A figure, as the file holds it, as a line of a table in Markdown."""
    unit = f" {figure['unit']}" if figure["unit"] else ""
    beside = f"{shown(figure['beside'])}{unit}, {figure['peer']}" if figure["beside"] is not None else ""
    ratio = f"{shown(figure['ratio'])} ×" if figure["ratio"] is not None else ""
    met = {True: "yes", False: "**no**", None: ""}[figure["met"]]
    what = f"{figure['what']} ({figure['note']})" if figure["note"] else figure["what"]
    cells = (what, f"{shown(figure['value'])}{unit}", beside, ratio, figure["target"] or "", met)
    return f"| {' | '.join(cells)} |"


def _rounded(number: float) -> float:
    return float(f"{number:.4g}")
