"""What is most urgent about an open case: what the digest, the handover and App Home sort by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from cases.case import Case, Status


@dataclass(frozen=True)
class ByUrgency:
    """Open cases, each once, by what is most urgent about it; `calm` are those with an owner and time left."""

    overdue: tuple[Case, ...]
    sign_off: tuple[Case, ...]
    unclaimed: tuple[Case, ...]
    calm: tuple[Case, ...]


def by_urgency(cases: Iterable[Case], now: datetime) -> ByUrgency:
    """Sorts open cases; among those of a kind the one comes first that somebody has to act on first."""
    overdue: list[Case] = []
    sign_off: list[Case] = []
    unclaimed: list[Case] = []
    calm: list[Case] = []
    for case in sorted(cases, key=act_by):
        if case.callback is not None and case.callback.is_overdue(now):
            overdue.append(case)
        elif case.awaits_sign_off:
            sign_off.append(case)
        elif case.status is Status.OPEN:
            unclaimed.append(case)
        else:
            calm.append(case)
    return ByUrgency(tuple(overdue), tuple(sign_off), tuple(unclaimed), tuple(calm))


def act_by(case: Case) -> tuple[datetime, int]:
    """By when somebody has to act."""
    since = case.callback.due_at if case.callback else case.unanswered_since or case.raised_at
    return since, case.number
