"""Who works when: a program's shifts as spans of real time, by the site's wall clock.

A boundary on a night when clocks change means what a promised time means there (cases/times.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import combinations

from cases.program import Program, Shift
from cases.times import instant, wall

Members = Mapping[str, Collection[str]]
"""Who is in a user group, or in a program's channel, by its id; a list that was never read is missing."""

DAY = 24 * 60
WEEK = 7 * DAY


@dataclass(frozen=True)
class Span:
    """One turn of a shift: from when until when (UTC); `day` is the site's day on which it begins."""

    shift: Shift
    day: date
    begins_at: datetime
    ends_at: datetime


def running(program: Program, now: datetime) -> tuple[Span, ...]:
    """The turns that run at an instant; one, where shifts do not overlap and somebody is there."""
    return tuple(span for span in _spans(program, now, 1) if span.begins_at <= now < span.ends_at)


def ending(program: Program, now: datetime) -> tuple[Span, ...]:
    """The running turns that end within the program's time for a handover."""
    return tuple(span for span in running(program, now) if now >= span.ends_at - program.handover_before)


def ended(program: Program, since: datetime, now: datetime) -> tuple[Span, ...]:
    """The turns that ended after `since`, up to now; `since` is a day ago at most."""
    return tuple(span for span in _spans(program, now, 0) if since < span.ends_at <= now)


def next_end(program: Program, after: datetime) -> Span | None:
    """The turn that ends first after an instant; None without shifts."""
    return min(
        (span for span in _spans(program, after, 8) if span.ends_at > after),
        key=lambda span: span.ends_at,
        default=None,
    )


def next_begin(program: Program, at: datetime) -> Span | None:
    """The turn that begins first, at this instant or after it; None without shifts."""
    return min(
        (span for span in _spans(program, at, 8) if span.begins_at >= at),
        key=lambda span: span.begins_at,
        default=None,
    )


def works(shift: Shift, user: str, members: Members) -> bool:
    """Whether somebody works a shift: named, in a group of it, or anybody where it names nobody."""
    if not shift.groups and not shift.users:
        return True
    return user in shift.users or any(user in members.get(group, ()) for group in shift.groups)


def in_channel(program: Program, user: str, members: Members) -> bool:
    """Whether somebody is in the program's channel, where alone a mention notifies them.

    Everybody counts as a member while the channel's list was never read.
    https://slack.com/help/articles/205240127-Use-mentions-in-Slack
    """
    there = members.get(program.channel)
    return there is None or user in there


def on_shift(program: Program, user: str, members: Members, now: datetime) -> bool:
    """Whether somebody is at work at an instant: always, where the program has no shifts."""
    return not program.shifts or any(works(span.shift, user, members) for span in running(program, now))


def overlapping(shifts: Iterable[Shift]) -> list[tuple[Shift, Shift]]:
    """The pairs of shifts that run at the same time somewhere in the week."""
    return [pair for pair in combinations(shifts, 2) if _meet(*pair)]


def length(shift: Shift) -> int:
    """The minutes from a shift's beginning to its end, on a day without a change of clocks."""
    return (_minute(shift.ends) - _minute(shift.begins)) % DAY or DAY


def _meet(one: Shift, other: Shift) -> bool:
    return any(
        # Round the clock of the week: one begins while the other runs.
        (theirs - mine) % WEEK < length(one) or (mine - theirs) % WEEK < length(other)
        for mine in _beginnings(one)
        for theirs in _beginnings(other)
    )


def _beginnings(shift: Shift) -> list[int]:
    return [day * DAY + _minute(shift.begins) for day in set(shift.days)]


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


def _spans(program: Program, around: datetime, days: int) -> Iterator[Span]:
    """Every turn that begins from two days before the site's day of an instant to `days` after it."""
    today = wall(around, program.timezone).date()
    for ahead in range(-2, days + 1):
        day = today + timedelta(days=ahead)
        for shift in program.shifts:
            if day.weekday() not in shift.days:
                continue
            begins_at = instant(day, shift.begins, program.timezone)
            over = timedelta(days=1) if shift.ends <= shift.begins else timedelta()
            ends_at = instant(day + over, shift.ends, program.timezone)
            if begins_at < ends_at:  # the night of a change of clocks may leave nothing of a short one
                yield Span(shift, day, begins_at, ends_at)
