"""Who has had a case, and when: read from its record, never kept beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import dropwhile
from typing import Protocol

from cases.events import Fact, Happened


class Told(Protocol):
    """A line of the record, as far as it tells who has the case."""

    @property
    def kind(self) -> Happened: ...

    @property
    def by(self) -> str: ...

    @property
    def at(self) -> datetime: ...

    @property
    def facts(self) -> Mapping[str, Fact]: ...


@dataclass(frozen=True)
class Stretch:
    """A stretch of a case's life with one owner, or (None) with nobody. Without an end it lasts.

    `tier` counts from 1; `department` is the one that has to solve it, if any.
    """

    owner: str | None
    since: datetime
    until: datetime | None = None
    tier: int = 1
    department: str | None = None


CHANGES_OWNER = frozenset(
    {
        Happened.RAISED,
        Happened.CLAIMED,
        Happened.TAKEN_OVER,
        Happened.HANDED_OVER,
        Happened.ESCALATED,
        Happened.RELEASED,
        Happened.OWNER_LEFT,
        Happened.CLOSED,
        Happened.REOPENED,
    }
)
"""The events after which somebody else has the case, or nobody."""

NEW_OWNER = frozenset({Happened.CLAIMED, Happened.TAKEN_OVER, Happened.HANDED_OVER, Happened.ESCALATED})
"""Those after which a case is with an owner who did not have it before."""


def ownership(record: Iterable[Told]) -> tuple[Stretch, ...]:
    """The stretches of one case from its first owner on; the time for which it was closed belongs to none.

    A stretch that nobody had stands between those that somebody had.
    """
    found: list[Stretch] = []
    stands: Stretch | None = None
    for event in record:
        if event.kind not in CHANGES_OWNER:
            continue
        before = stands or (found[-1] if found else Stretch(None, event.at))
        if stands is not None:
            found.append(replace(stands, until=event.at))
        stands = None if event.kind is Happened.CLOSED else _after(event, before)
    if stands is not None:
        found.append(stands)
    return tuple(dropwhile(lambda stretch: stretch.owner is None, found))


def travelled(course: Iterable[Stretch]) -> bool:
    """Whether a case had more than one owner, or went to another tier or department in one."""
    return len({(stretch.owner, stretch.tier, stretch.department) for stretch in course if stretch.owner}) > 1


def _after(event: Told, before: Stretch) -> Stretch:
    """Who has the case after an event that leaves it open."""
    facts = event.facts
    fresh = replace(before, owner=None, since=event.at, until=None)
    match event.kind:
        case Happened.CLAIMED | Happened.TAKEN_OVER:
            return replace(fresh, owner=event.by)
        case Happened.HANDED_OVER:
            return replace(fresh, owner=_text(facts, "to"))
        case Happened.REOPENED:
            return replace(fresh, owner=_text(facts, "owner"))
        case Happened.ESCALATED:
            tier = facts.get("tier")
            return replace(
                fresh,
                owner=_text(facts, "to"),
                tier=tier if isinstance(tier, int) else before.tier,
                department=_text(facts, "department") or before.department,
            )
        case Happened.RAISED:
            return replace(fresh, department=_text(facts, "department"))
        case _:  # released, or the owner has left
            return fresh


def _text(facts: Mapping[str, Fact], name: str) -> str | None:
    value = facts.get(name)
    return str(value) if value else None
