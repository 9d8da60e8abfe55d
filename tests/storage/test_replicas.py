"""Several bots on one database: one sends in a channel, a dead one's work is taken over, a late word changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import update

from storage import tables as t
from storage.now import read_now
from storage.outbox import outbox, replicas
from storage.outbox.next_notice import May, Nothing
from storage.outbox.notices import Bundle, Card, Claimed
from storage.reading import Reading
from storage.unit import UnitOfWork
from storage.writing.people import save_group
from tests.build import NOW
from tests.storage.book import HOLD, Book, as_a, at_once

LEASE = timedelta(seconds=60)
OVER = timedelta()
"""A lease that ends as it begins: its holder is as good as dead."""


def holds(book: Book, name: str, lease: timedelta = LEASE) -> bool:
    return book.store.write_now(replicas.hold, book.program.channel, name, lease)


def claims(book: Book, name: str, lease: timedelta = LEASE, now: datetime = NOW) -> Claimed | Nothing | None:
    """What this bot gets when it asks for the next notice."""
    return book.store.write_now(replicas.claim, book.program.channel, now, HOLD, May.ALL, name, lease)


def takes(book: Book, name: str, lease: timedelta = LEASE, now: datetime = NOW) -> Claimed:
    """The next notice, claimed by this bot."""
    found = claims(book, name, lease, now)
    assert isinstance(found, Claimed), found
    return found


def test_of_many_bots_one_has_the_channel(book: Book) -> None:
    """Six want it at once; whoever has it keeps it, by renewing too."""
    names = [f"bot {number}" for number in range(6)]
    won = at_once([partial(holds, book, name) for name in names])
    assert sum(won) == 1
    holder = names[won.index(True)]
    assert [holds(book, name) for name in names] == won
    assert holds(book, holder)


def test_another_channel_is_another_lease(book: Book) -> None:
    assert holds(book, "a")
    assert book.store.write_now(replicas.hold, "C0OTHER", "b", LEASE)


def test_a_lease_that_ended_or_was_let_go_is_free(book: Book) -> None:
    assert holds(book, "a", OVER)
    assert holds(book, "b")
    book.store.write_now(replicas.release, book.program.channel, "a", timedelta())
    assert not holds(book, "a"), "only its holder lets go"
    book.store.write_now(replicas.release, book.program.channel, "b", timedelta(seconds=60))
    assert not holds(book, "a"), "not before Slack wants the next post"
    book.store.write_now(replicas.release, book.program.channel, "b", timedelta())
    assert holds(book, "a")


def test_where_another_bot_sends_nothing_is_claimed(book: Book) -> None:
    book.raises()
    takes(book, "a")
    assert claims(book, "b") is None


def test_what_a_dead_bot_had_under_way_is_taken_over_at_once_and_looked_for(book: Book) -> None:
    """The lease decides, not the thirty seconds that a sender without one has."""
    book.raises()
    first = takes(book, "a", OVER)
    again = takes(book, "b")
    assert (again.notice.id, again.notice.uncertain, again.notice.sender) == (first.notice.id, True, "b")


def test_what_a_bot_without_leases_has_under_way_is_left_to_it(book: Book) -> None:
    """The version before this one still runs while this one is rolled out."""
    book.raises()
    assert isinstance(book.takes(), Claimed)
    assert claims(book, "b") == Nothing(NOW + HOLD)
    assert isinstance(claims(book, "b", now=NOW + HOLD), Claimed)


LATE: list[Callable[[UnitOfWork, Card], object]] = [
    lambda unit, claim: outbox.later(unit, claim.notice, NOW, "rate limited", uncertain=False),
    lambda unit, claim: outbox.sent(unit, claim, "1.000000", None, NOW),
    lambda unit, claim: outbox.card_lost(unit, claim, NOW),
    lambda unit, claim: outbox.park(unit, claim.notice, "invalid_blocks", NOW),
    lambda unit, claim: outbox.drop(unit, claim.notice, NOW),
]


@pytest.mark.parametrize("word", LATE, ids=["later", "sent", "card lost", "park", "drop"])
def test_a_late_word_about_what_was_taken_over_changes_nothing(
    book: Book, word: Callable[[UnitOfWork, Card], object]
) -> None:
    """Its lease ended before it said how it went; the other one looks in Slack and says it."""
    book.raises()
    lost = as_a(Card, takes(book, "a", OVER))
    taken = takes(book, "b")
    before = state(book)
    book.store.write_now(word, lost)
    assert state(book) == before
    book.store.write_now(outbox.sent, taken, "2.000000", None, NOW)
    (post,) = book.rows(t.posts)
    assert post["ts"] == "2.000000"


def state(book: Book) -> list[list[dict[str, Any]]]:
    return [book.rows(t.notices), book.rows(t.posts)]


def test_a_late_word_about_many_pings_in_one_message_changes_nothing(book: Book) -> None:
    """All of the bundle are the other bot's by then."""
    for _ in range(8):
        book.raises()
    book.delivers()
    book.beats(NOW + timedelta(minutes=3, seconds=5))
    at = NOW + timedelta(minutes=4)
    book.draws(at)
    lost, taken = takes(book, "a", OVER, at), takes(book, "b", LEASE, at)
    assert isinstance(lost, Bundle)
    assert taken.notice.bundle == lost.notice.bundle
    before = state(book)
    book.store.write_now(outbox.scatter, lost.notice, "msg_too_long", at)
    book.store.write_now(outbox.sent, lost, "1.000000", None, at)
    assert state(book) == before
    book.store.write_now(outbox.sent, taken, "2.000000", None, at)
    assert {row["ts"] for row in book.rows(t.notices, kind="ping")} == {"2.000000"}


def test_a_bot_that_stops_lets_all_go(book: Book) -> None:
    assert holds(book, "a")
    book.store.write_now(replicas.note_beat, "a")
    book.store.write_now(replicas.leave, "a")
    assert holds(book, "b")
    assert book.store.ask_now(replicas.at_work) == []


def test_a_start_on_sqlite_has_all_channels_of_the_bot_that_was_killed(book: Book) -> None:
    """There is no other. On PostgreSQL there may be: its lease has to end first."""
    assert holds(book, "the killed one")
    book.store.write_now(outbox.take_back, NOW)
    assert holds(book, "the next one") == (book.store.engine.dialect.name == "sqlite")


def test_bots_at_work_are_known_by_their_last_beat(book: Book) -> None:
    """By the database's clock; one that was killed is told of for an hour."""
    for name in ("a", "b", "a"):
        book.store.write_now(replicas.note_beat, name)
    found = book.store.ask_now(replicas.at_work)
    assert [one.name for one in found] == ["a", "b"]
    assert all(timedelta() <= one.silent < timedelta(minutes=5) for one in found)
    with book.store.begin() as unit:
        long_ago = found[0].started_at - timedelta(hours=2)
        unit.connection.execute(update(t.replicas).where(t.replicas.c.name == "b").values(beat_at=long_ago))
        replicas.forget_gone(unit)
    assert [one.name for one in book.store.ask_now(replicas.at_work)] == ["a"]


def test_the_databases_clock_is_an_aware_instant_that_goes_on(book: Book) -> None:
    first, second = (book.store.ask_now(lambda r: read_now(r.connection)) for _ in range(2))
    assert first.tzinfo is not None
    assert timedelta() <= second - first < timedelta(minutes=5)


def test_a_new_list_of_a_group_counts_as_a_change_and_the_same_one_does_not(book: Book) -> None:
    """The other replicas look for it with each beat."""

    def version() -> int:
        return book.store.ask_now(Reading.programs_version)

    before = version()
    book.store.write_now(save_group, "S0SMES", ("U0SAM",), NOW)
    assert version() == before + 1
    book.store.write_now(save_group, "S0SMES", ("U0SAM",), NOW)
    assert version() == before + 1
    book.store.write_now(save_group, "S0SMES", ("U0SAM", "U0SIA"), NOW)
    assert version() == before + 2


def test_what_only_a_newer_version_knows_is_left_to_it(book: Book) -> None:
    """Another kind of notice, another rule: neither is sent wrongly, and nothing waits behind it."""
    case = book.raises()
    with book.store.begin() as unit:
        first = min(row["id"] for row in book_rows(unit))
        newer = update(t.notices).where(t.notices.c.id == first)
        unit.connection.execute(newer.values(kind="hologram"))
        one = update(t.reminders).where(
            t.reminders.c.case_number == case.number, t.reminders.c.rule == "unclaimed"
        )
        unit.connection.execute(one.values(rule="telepathy", due_at=NOW - timedelta(days=1)))
    assert [one.notice.kind.value for one in book.delivers()] == ["confirmation"]
    assert book.beats(NOW + timedelta(days=1)), "those behind it are settled"
    assert [row["state"] for row in book.rows(t.reminders, rule="telepathy")] == ["waiting"]
    assert book.rows(t.notices, kind="hologram")[0]["state"] == "waiting"


def book_rows(unit: UnitOfWork) -> list[dict[str, Any]]:
    return [dict(row) for row in unit.connection.execute(t.notices.select()).mappings()]
