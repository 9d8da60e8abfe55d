"""Two bots deliver from one database: one at a time in a channel, each notice once, whoever is lost."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import update
from structlog.testing import capture_logs

from scheduler.delivery import Delivery, Lease
from scheduler.poster import Absent, Answer, Sent
from scheduler.tasks import Tasks
from storage import tables as t
from storage.now import database_now
from storage.outbox import outbox, replicas
from storage.outbox.notices import Claimed
from storage.store import Store
from tests.build import NOW
from tests.storage.book import Book, opened

BEGAN = time.monotonic()
SHORT = Lease(seconds=1.5, renew=0.1, spare=0.1)
USUAL = Lease()


@dataclass
class Channel:
    """What stands in Slack, and how many were posting there at once at most."""

    shown: dict[int, str] = field(default_factory=dict)
    looked_for: list[int] = field(default_factory=list)
    posting: int = 0
    most: int = 0


class Slow:
    """A poster that takes a moment, or hangs until it is let go of."""

    def __init__(self, channel: Channel, *, hangs: bool = False) -> None:
        self.channel = channel
        self.hangs = hangs
        self.hanging = asyncio.Event()
        self.let_go = asyncio.Event()

    async def send(self, claim: Claimed) -> Answer:
        here = self.channel
        here.posting += 1
        here.most = max(here.most, here.posting)
        try:
            if self.hangs:
                self.hanging.set()
                await asyncio.Event().wait()
            await asyncio.sleep(0)
        except asyncio.CancelledError:
            self.let_go.set()
            raise
        finally:
            here.posting -= 1
        assert claim.notice.id not in here.shown, "posted twice"
        here.shown[claim.notice.id] = f"{claim.notice.id}.000000"
        return Sent(here.shown[claim.notice.id])

    async def look(self, claim: Claimed) -> Answer | Absent:
        self.channel.looked_for.append(claim.notice.id)
        found = self.channel.shown.get(claim.notice.id)
        return Sent(found) if found else Absent()


@pytest.fixture
def book(database_url: str) -> Iterator[Book]:
    with opened(database_url) as found:
        yield found


def bot(store: Store, name: str, poster: Slow, tasks: Tasks, lease: Lease = SHORT) -> Delivery:
    return Delivery(
        store,
        poster,
        lambda: NOW + timedelta(seconds=time.monotonic() - BEGAN),
        tasks,
        sender=name,
        seconds_per_post=0.0,
        lease=lease,
        barred=lambda why: None,
    )


async def soon(holds: Callable[[], bool]) -> None:
    """Waits until it holds; for what the database alone tells."""
    async with asyncio.timeout(60):
        while True:
            if holds():
                return
            await asyncio.sleep(0.02)


async def all_shown(book: Book, *bots: Delivery) -> None:
    """Both are woken, as by each beat, until nothing waits."""
    async with asyncio.timeout(120):
        while any(row["state"] in ("waiting", "sending") for row in book.rows(t.notices)):
            for one in bots:
                one.wake(await book.store.ask(outbox.channels))
            await asyncio.sleep(0.02)


def test_two_bots_send_each_notice_once_and_never_at_the_same_time(book: Book) -> None:
    for _ in range(12):
        book.raises()

    async def story() -> None:
        channel, tasks = Channel(), Tasks()
        other = Store(book.store.engine, book.store.vault)
        bots = [
            bot(one, name, Slow(channel), tasks, USUAL) for one, name in ((book.store, "a"), (other, "b"))
        ]
        await all_shown(book, *bots)
        await tasks.stop(5.0)
        assert (len(channel.shown), channel.most, channel.looked_for) == (24, 1, [])

    asyncio.run(story())


def test_a_send_is_let_go_of_when_its_lease_is_lost(book: Book) -> None:
    """Cut off from the database, or paused for long: another has the channel, so this one stops, and its word is nothing."""
    book.raises()

    async def story() -> None:
        channel, tasks = Channel(), Tasks()
        stuck = Slow(channel, hangs=True)
        first, second = bot(book.store, "a", stuck, tasks), bot(book.store, "b", Slow(channel), tasks)
        first.wake([book.program.channel])
        async with asyncio.timeout(60):
            await stuck.hanging.wait()
        with book.store.begin() as unit:
            ends = database_now(unit.connection, timedelta(seconds=60))
            unit.connection.execute(update(t.leases).values(holder="b", until=ends))
        async with asyncio.timeout(60):
            await stuck.let_go.wait()
        stuck.hangs = False
        await all_shown(book, first, second)
        await tasks.stop(5.0)
        assert (len(channel.shown), channel.most) == (2, 1)
        assert channel.looked_for, "the next one looked before it posted"

    asyncio.run(story())


def test_a_long_send_keeps_its_channel(book: Book) -> None:
    """It takes longer than a lease: the lease is renewed, nobody comes in between."""
    book.raises()

    async def story() -> None:
        channel, tasks = Channel(), Tasks()
        stuck = Slow(channel, hangs=True)
        first = bot(book.store, "a", stuck, tasks)
        first.wake([book.program.channel])
        async with asyncio.timeout(60):
            await stuck.hanging.wait()
        started = book.rows(t.leases)[0]["until"]
        await soon(lambda: book.rows(t.leases)[0]["until"] - started > SHORT.duration)
        assert not stuck.let_go.is_set()
        assert not book.store.write_now(replicas.hold, book.program.channel, "b", SHORT.duration)
        await tasks.stop(0.0)

    asyncio.run(story())


def test_a_lease_that_cannot_be_renewed_now_is_renewed_when_the_database_is_back(book: Book) -> None:
    """It stumbles for a moment in the middle of a long send: that goes on, and the channel stays its own."""
    book.raises()

    def rename(old: str, new: str) -> None:
        with book.store.engine.begin() as connection:
            connection.exec_driver_sql(f"ALTER TABLE {old} RENAME TO {new}")

    async def story() -> None:
        channel, tasks = Channel(), Tasks()
        stuck = Slow(channel, hangs=True)
        first = bot(book.store, "a", stuck, tasks, Lease(seconds=20.0, renew=0.05, spare=0.1))
        first.wake([book.program.channel])
        async with asyncio.timeout(60):
            await stuck.hanging.wait()
        rename("leases", "gone")
        with capture_logs() as logs:
            await soon(lambda: "a lease is not renewed" in {entry["event"] for entry in logs})
        rename("gone", "leases")
        before = book.rows(t.leases)[0]["until"]
        await soon(lambda: book.rows(t.leases)[0]["until"] > before)
        assert not stuck.let_go.is_set()
        await tasks.stop(0.0)

    asyncio.run(story())


def test_a_bot_with_nothing_to_send_lets_others(book: Book) -> None:
    book.raises()

    async def story() -> None:
        channel, tasks = Channel(), Tasks()
        first = bot(book.store, "a", Slow(channel), tasks)
        await all_shown(book, first)
        await tasks.idle()
        assert book.store.write_now(replicas.hold, book.program.channel, "b", SHORT.duration)

    asyncio.run(story())
