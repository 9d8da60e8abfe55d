"""The map of who has had a case, and when: on its card in short, in `/askdesk show` whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.views.times import reader, reader_time
from cases.hands import Hand, travelled
from cases.mrkdwn import inline
from cases.people import mention
from cases.program import Program
from cases.times import wall

AT_MOST = 4
"""Stretches on a card: the first, and the last three."""

DEPARTMENT_AT_MOST = 75


def in_the_hands_of(course: Sequence[Hand], program: Program) -> str | None:
    """`In the hands of: Ben 12:05–12:40 → IT (Sia) since 12:40`; None while one has had it all the time."""
    if not travelled(course):
        return None
    told = list(each_hand(course, program))
    left_out = len(told) - AT_MOST
    if left_out > 0:
        told[1 : 1 + left_out] = [f"… {left_out} more …"]
    return f"In the hands of: {' → '.join(told)}"


def each_hand(course: Sequence[Hand], program: Program) -> Iterator[str]:
    """Who, and from when until when; the day stands where it is another than the one said last (at the site)."""
    said = None
    for hand in course:
        day = wall(hand.since, program.timezone).date()
        since = (reader_time if day == said else reader)(hand.since)
        said = day
        if hand.until is None:
            yield f"{_who(hand)} since {since}"
            continue
        day = wall(hand.until, program.timezone).date()
        until = (reader_time if day == said else reader)(hand.until)
        said = day
        yield f"{_who(hand)} {since}–{until}"


def _who(hand: Hand) -> str:
    if hand.owner is None:
        return "nobody"
    where = [inline(hand.department, DEPARTMENT_AT_MOST)] if hand.department else []
    if hand.tier > 1:
        where.append(f"tier {hand.tier}")
    return f"{', '.join(where)} ({mention(hand.owner)})" if where else mention(hand.owner)
