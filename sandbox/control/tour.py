"""A tour: the checklist that a program which runs the sandbox may give its visitors, beside the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Step:
    """One thing to try."""

    key: str
    """A stable id."""
    title: str
    how: str
    """One or two sentences that say what to click or type."""
    as_user: str | None
    """The page offers to act as this person…"""
    channel: str | None
    """…and to go there."""
    done: bool


class Tour(Protocol):
    """Says what to try, and what of it has been done. Called on the sandbox's event loop."""

    title: str

    async def steps(self) -> Sequence[Step]:
        """The checklist as it stands."""
        ...

    async def next_moment(self) -> datetime | None:
        """When the app will next do something by itself: now, where that is due already. None where nothing is to come."""
        ...

    async def start_over(self) -> None:
        """Back to the beginning, the app's own memory included."""
        ...
