"""What the desk has on record since the visitor of the demo came in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from cases.events import Happened
from cases.reminders.rules import Rule
from storage import tables as t
from storage.reading import Reading
from storage.records import NoticeKind, NoticeState

AGREED_TIME = (Rule.DUE.value, Rule.OVERDUE.value)
"""The rules that speak once the agreed time has come."""


@dataclass(frozen=True)
class Mark:
    """How far the records had come: the last event, the last notice, the number of refusals."""

    event: int
    notice: int
    refusals: int

    @classmethod
    def here(cls, reading: Reading) -> Mark:
        """The records as they stand."""
        last_event = reading.connection.execute(select(func.max(t.events.c.id))).scalar_one()
        last_notice = reading.connection.execute(select(func.max(t.notices.c.id))).scalar_one()
        return cls(last_event or 0, last_notice or 0, reading.refusals())


@dataclass(frozen=True)
class Since:
    """What was done since the mark: with the cases raised since, and before there was one with any other case."""

    raised: int | None = None
    """The first case raised since."""
    claimed: bool = False
    rung: bool = False
    """The agreed time came, and the bot said so."""
    logged: bool = False
    """A call's outcome."""
    taken_over: bool = False
    refused: bool = False

    @classmethod
    def seen(cls, reading: Reading, mark: Mark) -> Since:
        """Read from the record, the outbox and the count of refusals."""
        events, pings = _events(reading, mark), _pings(reading, mark)
        raised = {event.case_number: event.at for event in events if event.kind == Happened.RAISED}
        first: datetime | None = min(raised.values(), default=None)
        claimed = {event.case_number for event in events if event.kind == Happened.CLAIMED}
        told = {
            event.kind for event in events if event.case_number in raised or first is None or event.at < first
        }
        return cls(
            raised=min(raised, default=None),
            claimed=Happened.CLAIMED in told,
            rung=any(
                ping.case_number in raised
                or (ping.case_number in claimed and (first is None or ping.settled_at < first))
                for ping in pings
            ),
            logged=bool(told & {Happened.ATTEMPTED, Happened.FOLLOW_UP, Happened.CLOSED}),
            taken_over=any(event.kind == Happened.TAKEN_OVER for event in events),
            refused=reading.refusals() > mark.refusals,
        )


def _events(reading: Reading, mark: Mark) -> Sequence[Any]:
    query = select(t.events.c.case_number, t.events.c.kind, t.events.c.at).where(t.events.c.id > mark.event)
    return reading.connection.execute(query).all()


def _pings(reading: Reading, mark: Mark) -> Sequence[Any]:
    """The pings of an agreed time that are in the channel."""
    n = t.notices.c
    query = select(n.case_number, n.settled_at).where(
        n.id > mark.notice,
        n.kind == NoticeKind.PING.value,
        n.rule.in_(AGREED_TIME),
        n.state == NoticeState.SENT.value,
    )
    return reading.connection.execute(query).all()
