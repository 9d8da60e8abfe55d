"""Cases with the links to their cards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cases.case import Case
from storage.reading import Reading


@dataclass(frozen=True)
class LinkedCase:
    """A case and the link to its card; None while the card has not been posted yet."""

    case: Case
    permalink: str | None = None


def linked(reading: Reading, found: Sequence[Case]) -> list[LinkedCase]:
    """Cases with the links to their cards."""
    links = reading.permalinks([case.number for case in found])
    return [LinkedCase(case, links.get(case.number)) for case in found]
