"""What a case's events add up to: every kind of event is followed, or declared as one that changes no case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import pytest

from cases.events import AROUND_A_CASE, OF_THE_PROGRAM, Fact, Happened
from cases.replay import begun
from tests.build import ANA, BEN, DUE, NOW

RAISED: Mapping[str, Fact] = {"callback": 1, "due_at": DUE.isoformat(), "zone": "UTC"}
OF_A_CASE = sorted(set(Happened) - OF_THE_PROGRAM - AROUND_A_CASE - {Happened.RAISED})


@dataclass(frozen=True)
class Line:
    """A line of the record."""

    kind: Happened
    by: str = BEN.id
    at: datetime = NOW
    facts: Mapping[str, Fact] = field(default_factory=dict)


@pytest.mark.parametrize("kind", OF_A_CASE)
def test_no_kind_of_event_is_passed_over(kind: Happened) -> None:
    """Whoever adds one says in cases/replay.py what becomes of the case; else `verify` believes anything of it from there."""
    case = begun(Line(Happened.RAISED, ANA.id, facts=RAISED), 1, "0" * 64)
    case.follow(Line(kind))
    assert case.is_known


def test_after_an_event_of_a_newer_version_nothing_is_concluded() -> None:
    case = begun(Line(Happened.RAISED, ANA.id, facts=RAISED), 1, "0" * 64)
    case.follow(Line(Happened.DESK_OPENED))
    assert not case.is_known


def test_what_happens_to_a_program_or_around_a_case_is_told_apart() -> None:
    assert not OF_THE_PROGRAM & AROUND_A_CASE
