"""Whom an alert calls: those to whom it is news (docs/policy.md, *Alerts*). Pure; instants are UTC."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cases.audience import AT_MOST, Called
from cases.case import Case
from cases.program import Ladder
from cases.reminders.rules import Rule
from cases.shifts import Members

ALONG = timedelta(minutes=10)
"""After so long a case is named once more in an alert that calls the same people about another one."""

BY_A_MINUTE = timedelta(minutes=1)
"""A step of the ladder at the very end of these times is not put off by the seconds that the last one took to be sent."""

KNOWS = timedelta(minutes=10)
"""For so long after their own click on a case somebody knows what was the matter then."""

LOUDNESS = {rule: place for place, rule in enumerate(Rule)}
"""The loudest have the lowest."""


@dataclass(frozen=True)
class Heard:
    """An alert that stands: by which rule it called whom, and when."""

    rule: Rule
    called: tuple[Called, ...]
    at: datetime


def news(
    audience: Iterable[Called],
    rule: Rule,
    heard: Sequence[Heard],
    knows: Collection[str],
    members: Members,
    again: timedelta,
    now: datetime,
) -> tuple[Called, ...]:
    """Those of an audience who have not heard of the case, have heard of it by a quieter rule, or `again` ago.

    A group of whom some know is called by the names of the others.
    """
    told = set(knows)
    for one in heard:
        if LOUDNESS[one.rule] <= LOUDNESS[rule] and not _is_over(again, one.at, now):
            told.update(people(one.called, members))
    return tuple(dict.fromkeys(found for one in audience for found in _untold(one, told, members)))


def knowing(
    clicked: Mapping[str, datetime], rule: Rule, case: Case, ladder: Ladder, now: datetime
) -> frozenset[str]:
    """Who knows what this rule says, from their own last click on the case: nobody is called for what they did."""
    course = rule.does.course(case, ladder)
    return frozenset(
        user
        for user, at in clicked.items()
        if now - at < KNOWS and course is not None and (rule.does.only_ahead or course.begins <= at)
    )


def riding(
    audience: Sequence[Called],
    heard: Iterable[Heard],
    called: Collection[str],
    members: Members,
    now: datetime,
) -> tuple[Called, ...]:
    """Those of an audience who are called by a message anyway, and have not heard of this case for a while."""
    told = set(people(audience, members)) - set(called)
    for one in heard:
        if not _is_over(ALONG, one.at, now):
            told.update(people(one.called, members))
    return tuple(dict.fromkeys(found for one in audience for found in _untold(one, told, members)))


def loudest(rules: Iterable[Rule]) -> Rule:
    """The loudest of some rules."""
    return min(rules, key=LOUDNESS.__getitem__)


def people(called: Iterable[Called], members: Members) -> Iterator[str]:
    """Everybody who is called, by their ids; a group whose members are not known by its own."""
    for one in called:
        yield from (members.get(one.id) or (one.id,)) if one.is_group else (one.id,)


def _untold(one: Called, told: Collection[str], members: Members) -> Iterator[Called]:
    inside = [*people((one,), members)]
    left = [user for user in inside if user not in told]
    if len(left) == len(inside) or len(inside) > AT_MOST:
        yield from (one,) if left else ()
    else:
        yield from map(Called, left)


def _is_over(wait: timedelta, since: datetime, now: datetime) -> bool:
    return now - since >= wait - BY_A_MINUTE
