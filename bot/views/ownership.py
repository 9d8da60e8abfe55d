"""The map of who has had a case, and when: on its card in short, in `/askdesk show` whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.views.times import reader, reader_time
from cases.mrkdwn import inline
from cases.ownership import Stretch, travelled
from cases.people import mention
from cases.program import Program
from cases.times import wall

AT_MOST = 4
"""Stretches on a card: the first, and the last three."""

DEPARTMENT_AT_MOST = 75


def owners_in_short(course: Sequence[Stretch], program: Program) -> str | None:
    """`Owners so far: Ben 12:05–12:40 → IT (Sia) since 12:40`; None while one has had it all the time."""
    if not travelled(course):
        return None
    told = list(each_stretch(course, program))
    left_out = len(told) - AT_MOST
    if left_out > 0:
        told[1 : 1 + left_out] = [f"… {left_out} more …"]
    return f"Owners so far: {' → '.join(told)}"


def each_stretch(course: Sequence[Stretch], program: Program) -> Iterator[str]:
    """Who, and from when until when; the day stands where it is another than the one said last (at the site)."""
    said = None
    for stretch in course:
        day = wall(stretch.since, program.timezone).date()
        since = (reader_time if day == said else reader)(stretch.since)
        said = day
        if stretch.until is None:
            yield f"{_who(stretch)} since {since}"
            continue
        day = wall(stretch.until, program.timezone).date()
        until = (reader_time if day == said else reader)(stretch.until)
        said = day
        yield f"{_who(stretch)} {since}–{until}"


def _who(stretch: Stretch) -> str:
    if stretch.owner is None:
        return "nobody"
    where = [inline(stretch.department, DEPARTMENT_AT_MOST)] if stretch.department else []
    if stretch.tier > 1:
        where.append(f"tier {stretch.tier}")
    return f"{', '.join(where)} ({mention(stretch.owner)})" if where else mention(stretch.owner)
