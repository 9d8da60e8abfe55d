"""Over every change of clocks of 2026–2028: promises ring at their wall time, and recurring posts come once a day."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import date, datetime, time, timedelta

import pytest

from cases.forms import PromiseForm, read_when
from cases.program import Shift
from cases.reminders.rules import Rule
from cases.times import instant, skipped, wall
from scheduler.recurring import RecurringPosts
from storage import tables as t
from storage.store import Store
from storage.writing.programs import save_program
from tests import build
from tests.build import BEN, VAULT
from tests.cases.changes import CHANGES, ZONES
from tests.cases.changes import changes as days_of_change
from tests.storage.book import Book

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
TIMES = (time(1), time(1, 30), time(2), time(2, 30), time(9, 15), time(23, 45))
"""On both sides of every change, in the hour that a night leaves out, and in the one that it has twice."""

EVERY_DAY = tuple(range(7))


@pytest.mark.parametrize("zone", ZONES)
def test_promises_that_were_kept_in_the_database_ring_at_their_wall_time(book: Book, zone: str) -> None:
    """Typed two days before, claimed, and left alone while the clock is pushed over the change, second by second
    around each promise: not a second early, and at the customer's wall time."""
    for day in [day for one, day in CHANGES if one == zone]:
        now = instant(day - timedelta(days=2), time(12), zone)
        due: dict[int, datetime] = {}
        for at in TIMES:
            typed = PromiseForm(f"{day:%Y-%m-%d}", f"{at:%H:%M}", zone, asked_for_time=True)
            promise = read_when(typed, zone, book.program, now)
            case = book.raises(build.escalation(due_at=promise.due_at, zone=zone), now=now)
            book.claims(case, BEN, now)
            due[case.number] = expected(day, at, zone)
        for moment in sorted(set(due.values())):
            for now in (moment - SECOND, moment):
                book.beats(now)
                assert rung(book, due) == {number for number, at in due.items() if at <= now}
        for number in due:
            book.closes(book.case(number), now)


def expected(day: date, at: time, zone: str) -> datetime:
    """When the customer's clock first shows the time, found by walking through the day minute by minute; a time that
    the night leaves out comes as if the clocks had not been changed yet."""
    begins = instant(day, time(0), zone)
    for minutes in range(25 * 60):
        shown = wall(begins + minutes * MINUTE, zone)
        if (shown.date(), shown.time()) == (day, at):
            return begins + minutes * MINUTE
    return begins + (at.hour * 60 + at.minute) * MINUTE


def rung(book: Book, among: dict[int, datetime]) -> set[int]:
    """The cases whose owner was told that the agreed time has come."""
    rows = book.rows(t.notices, kind="ping", rule=Rule.DUE.value)
    found = Counter(row["case_number"] for row in rows)
    assert set(found.values()) <= {1}
    return set(found) & among.keys()


@pytest.mark.parametrize("zone", [zone for zone in ZONES if days_of_change(zone)])
def test_two_replicas_make_each_post_once_over_every_change(book: Book, database_url: str, zone: str) -> None:
    """A digest at half past two, in the middle of the change, and a shift over midnight: one each day, at its wall
    time; a night that has the time twice has one digest all the same."""
    shifts = (Shift("Night", EVERY_DAY, time(22), time(6)), Shift("Day", EVERY_DAY, time(6), time(22)))
    book.program = book.store.write_now(
        lambda unit: save_program(unit, build.program(timezone=zone, digest_at=time(2, 30), shifts=shifts))
    )
    book.raises()
    other = Store.at(database_url, VAULT)
    try:
        asyncio.run(beats_of_two(book, other, zone))
    finally:
        other.close()
    rows = book.rows(t.recurring)
    made = [(row["kind"], wall(row["at"], zone)) for row in rows]
    assert len(set(made)) == len(made)
    assert [row["recurring"] for row in book.rows(t.notices) if row["recurring"]] == [
        row["id"] for row in rows
    ]
    for day in days_of_change(zone):
        left_out = skipped(day, time(2, 30), zone)
        assert sorted((kind, at.time()) for kind, at in made if at.date() == day and at.hour < 12) == [
            ("digest", time(3, 30) if left_out else time(2, 30)),
            ("handover", time(5, 45)),
        ]


async def beats_of_two(book: Book, other: Store, zone: str) -> None:
    """Both look every ten minutes, from the evening before each change to the noon after it."""
    replicas = [RecurringPosts(store, lambda: [book.program]) for store in (book.store, other)]
    for day in days_of_change(zone):
        now = instant(day - timedelta(days=1), time(18), zone)
        while now <= instant(day, time(12), zone):
            await asyncio.gather(*(replica.make(now) for replica in replicas))
            now += 10 * MINUTE
