"""The figures of cases, counted one by one by their definitions: what the database's own sums are held against."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from cases.figures.definitions import OF_A_CASE, Figure, promise_kept, time_to_claim
from cases.figures.facts import CaseFact, FirstPromise
from cases.figures.period import Period
from cases.figures.report import By, Hour, Sums
from cases.figures.tally import Tally, merged
from cases.times import wall
from cases.words import Reason


def sums_of(cases: Iterable[CaseFact], period: Period, now: datetime, by: By | None = None) -> Sums:
    """What cases add up to."""
    hours: list[dict[Hour, Tally]] = []
    groups: list[dict[str, Tally]] = []
    reasons: Counter[Reason] = Counter()
    for case in cases:
        parts = ((case.raised_at, of_case(case)), (case.promise.due_at, of_promise(case.promise, now)))
        for at, tally in parts:
            if period.begins <= at < period.ends:
                local = wall(at, period.zone)
                hours.append({(local.date(), local.hour): tally})
                groups += [{name: tally} for name in group_names(case, by)]
        if period.begins <= case.raised_at < period.ends:
            reasons.update(case.reasons)
    return Sums(merged(hours), reasons, merged(groups))


def group_names(case: CaseFact, by: By | None) -> tuple[str, ...]:
    """The groups that a case belongs to, whenever it was raised: one for each of its reasons; "" where the agent's team
    is not known or no department was asked.
    """
    match by:
        case By.AGENT:
            return (case.raised_by,)
        case By.REASON:
            return tuple(reason.value for reason in case.reasons)
        case By.SCENARIO:
            return (case.scenario.value,)
        case By.DEPARTMENT:
            return (case.department or "",)
        case By.TEAM:
            return (case.team or "",)
        case _:
            return ()


def of_case(case: CaseFact) -> Tally:
    """What a case adds to the figures of the day on which it was raised."""
    wait = time_to_claim(case)
    shares = {figure: figure.counts(case) for figure in OF_A_CASE}
    return Tally(shares, {} if wait is None else {wait: 1})


def of_promise(promise: FirstPromise, now: datetime) -> Tally:
    """What a first promise adds to the figures of the day for which it was given."""
    return Tally({Figure.KEPT: promise_kept(promise, now)})
