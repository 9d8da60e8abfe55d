"""A month of cases from one seed, written as rows and told as facts beside them: the two must come to the same figures.

The clock changes in it: Berlin's on 25 October 2026, so that one of its hours comes twice.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import insert

from cases.case import CallbackState, Closing, Status
from cases.close_form import CHOSEN, facts
from cases.figures.facts import CaseFact, FirstPromise
from cases.figures.period import Period
from cases.words import (
    CallbackKind,
    Disposition,
    Missed,
    Outcome,
    Reason,
    Satisfied,
    Scenario,
    Verdict,
    WantedBy,
)
from storage import tables as t
from storage.store import Store

ZONE = "Europe/Berlin"
OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31), ZONE)
WINDOW = timedelta(minutes=15)
AGENTS = {f"U0AGENT{n:02d}": f"Team {'ABC'[n % 3]}" for n in range(9)} | {"U0NEW": None}
REASONS = list(Reason)
Row = dict[str, Any]


@dataclass(frozen=True)
class Written:
    """A case as rows, and what the figures should see of it."""

    case: Row
    callbacks: tuple[Row, ...]
    attempts: tuple[Row, ...]
    fact: CaseFact


def month(seed: int, cases: int, *, program: int = 1, period: Period = OCTOBER) -> Iterator[Written]:
    """So many cases in and a little around the period, each with a life of its own."""
    chance = random.Random(seed)
    span = (period.ends - period.begins + timedelta(days=2)).total_seconds()
    for number in range(1, cases + 1):
        raised = period.begins - timedelta(days=1) + timedelta(seconds=chance.random() * span)
        yield _case(chance, number, program, raised)


def put(store: Store, written: Sequence[Written]) -> None:
    """The rows of these cases into the database, a thousand at a time."""
    now = datetime(2026, 1, 1, tzinfo=UTC)
    people = [{"id": who, "team": team, "updated_at": now} for who, team in AGENTS.items() if team]
    with store.engine.begin() as connection:
        connection.execute(insert(t.people), people)
        for at in range(0, len(written), 1000):
            part = written[at : at + 1000]
            connection.execute(insert(t.cases), [one.case for one in part])
            connection.execute(insert(t.callbacks), [row for one in part for row in one.callbacks])
            if attempts := [row for one in part for row in one.attempts]:
                connection.execute(insert(t.attempts), attempts)


def _case(chance: random.Random, number: int, program: int, raised: datetime) -> Written:
    waiting = chance.random() < 0.2
    due = raised if waiting else raised + timedelta(minutes=chance.choice([20, 60, 120, 600, 1440, 2880]))
    agent = chance.choice(list(AGENTS))
    fact = CaseFact(
        program=program,
        raised_by=agent,
        raised_at=raised,
        scenario=chance.choice(list(Scenario)),
        reasons=tuple(chance.sample(REASONS, chance.choice([1, 1, 2, 3]))),
        promise=FirstPromise(due, WINDOW, None),
        department=chance.choice([None, None, "IT", "Billing"]),
        team=AGENTS[agent],
        repeat=chance.random() < 0.25,
    )
    callbacks = [_callback(number, 1, due, CallbackKind.PROMISE)]
    attempts: list[Row] = []
    call = None
    fate = chance.random()
    if fate > 0.05:
        fact = replace(fact, claimed_at=raised + timedelta(seconds=chance.expovariate(1 / 240)))
    if fate > 0.10:
        fact, call = _called(chance, number, fact, callbacks, attempts)
    case = _row(number, fact, callbacks, attempts, waiting=waiting, call=call)
    return Written(case, tuple(callbacks), tuple(attempts), fact)


def _called(
    chance: random.Random, number: int, fact: CaseFact, callbacks: list[Row], attempts: list[Row]
) -> tuple[CaseFact, int | None]:
    """What was moved, what was tried, how it ended; and the call that runs, if one does."""
    due = fact.promise.due_at
    if chance.random() < 0.2:
        ours = chance.random() < 0.4
        fact = replace(fact, moved_by_customer=int(not ours), moved_by_us=int(ours))
        due += timedelta(hours=3)
        wish = WantedBy.US if ours else WantedBy.CUSTOMER
        callbacks.append(_callback(number, 2, due, CallbackKind.MOVED, wish))
    begun = due + timedelta(seconds=chance.choice([-60, 0, 30, 200, 899, 900, 901, 4000]))
    if chance.random() < 0.1:  # begun, and left without a word
        attempts.append(_attempt(number, 1, begun - timedelta(minutes=10), None))
    how = chance.random()
    if how < 0.05:
        attempts.append(_attempt(number, len(attempts) + 1, begun, None))
        return replace(fact, promise=replace(fact.promise, first_call=begun)), len(attempts)
    tries = chance.choice([1, 1, 1, 2, 3])
    for n in range(tries):
        last = n == tries - 1
        ended = Disposition.REACHED if last and how > 0.15 else Disposition.NO_ANSWER
        attempts.append(_attempt(number, len(attempts) + 1, begun + timedelta(hours=2 * n), ended))
        if not last:
            callbacks.append(
                _callback(number, len(callbacks) + 1, begun + timedelta(hours=2 * n + 2), CallbackKind.RETRY)
            )
    promise = replace(fact.promise, first_call=begun)
    fact = replace(fact, promise=promise, logged=tries, reached=how > 0.15)
    if how < 0.10:
        return fact, None
    if how <= 0.15:
        ending = chance.choice([Outcome.UNREACHABLE, Outcome.WITHDRAWN])
        return replace(fact, closed=True, closing=Closing(ending, "")), None
    is_closed = chance.random() < 0.95
    closing = Closing(
        outcome=chance.choice([Outcome.RESOLVED] * 4 + [Outcome.UPHELD]),
        notes="",
        satisfied=chance.choice(list(Satisfied)),
        right_department=chance.choice([None, *Verdict]),
        assessed_well=chance.choice([None, *Verdict]),
        missed=chance.choice([Missed.NONE, Missed.NONE, Missed.ONE, Missed.SEVERAL]),
    )
    return replace(fact, closed=is_closed, closing=closing), None


def _callback(
    case: int, number: int, due: datetime, kind: CallbackKind, wish: WantedBy = WantedBy.CUSTOMER
) -> Row:
    return {
        "case_number": case,
        "number": number,
        "due_at": due,
        "zone": "America/New_York",
        "window_seconds": int(WINDOW.total_seconds()),
        "kind": kind.value,
        "wanted_by": wish.value,
        "state": CallbackState.PENDING.value,
        "called_at": None,
        "asked_for_time": False,
    }


def _attempt(case: int, number: int, started: datetime, ended: Disposition | None) -> Row:
    return {
        "case_number": case,
        "number": number,
        "callback": 1,
        "caller": "U0BEN",
        "started_at": started,
        "ended_at": started + timedelta(minutes=4) if ended else None,
        "disposition": ended and ended.value,
        "note": "",
    }


def _row(
    number: int,
    fact: CaseFact,
    callbacks: Sequence[Row],
    attempts: Sequence[Row],
    *,
    waiting: bool,
    call: int | None,
) -> Row:
    owner = "U0BEN" if fact.claimed_at else None
    status = Status.CLOSED if fact.closed else Status.CLAIMED if owner else Status.OPEN
    return {
        "number": number,
        "program": fact.program,
        "status": status.value,
        "version": 1,
        "priority": "normal",
        "related": "1" if fact.repeat and number % 2 else "",
        "customer": f"Customer {number}",
        "contact_kind": "phone",
        "contact": f"+1212555{number % 10_000:04d}",
        "waiting": waiting,
        "due_at": fact.promise.due_at,
        "zone": "America/New_York",
        "scenario": fact.scenario.value,
        "reasons": ",".join(fact.reasons),
        "other_reason": "",
        "steps": "listened",
        "details": "Charged twice, promised a call.",
        "superior": "U0BEN",
        "reference": "",
        "language": "",
        "repeat": fact.repeat and not number % 2,
        "asked_for_time": False,
        "raised_by": fact.raised_by,
        "raised_at": fact.raised_at,
        "owner": owner,
        "claimed_at": fact.claimed_at,
        "free_since": fact.raised_at,
        "tier": 1,
        "department": fact.department,
        "round": 0,
        "allowed": 3,
        "unreached": 0,
        "callback": None if fact.closed else len(callbacks),
        "call": call,
        "callbacks": len(callbacks),
        "attempts": len(attempts),
        "first_due_at": fact.promise.due_at,
        "closed_at": fact.raised_at + timedelta(days=3) if fact.closed else None,
        "notes": "",
        "granted": "",
        **(facts(fact.closing) if fact.closing else dict.fromkeys(("outcome", *CHOSEN))),
    }
