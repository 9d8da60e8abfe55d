"""The beat: what is due becomes a notice, now or after the trouble is over; delivery in every kind of weather.

The store is real; the poster is a small one that keeps what it was asked to say.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, update
from structlog.testing import capture_logs

from scheduler.beat import Beat
from scheduler.delivery import LONGEST_BACKOFF, Delivery
from scheduler.poster import Absent, Answer, Sent, Unknown
from scheduler.recurring import RecurringPosts
from scheduler.tasks import Tasks
from storage import tables as t
from storage.outbox.notices import Claimed
from storage.records import NoticeKind
from tests import build
from tests.build import NOW
from tests.storage.book import Book, opened


@dataclass
class Said:
    """A poster that keeps what it is given; `answers` come first, then everything is taken."""

    answers: list[Answer] = field(default_factory=list)
    claims: list[Claimed] = field(default_factory=list)
    heard: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, claim: Claimed) -> Answer:
        self.claims.append(claim)
        self.heard.set()
        return self.answers.pop(0) if self.answers else Sent(f"{len(self.claims)}.000000")

    async def look(self, claim: Claimed) -> Answer | Absent:
        return Absent()

    async def until(self, number: int) -> list[Claimed]:
        """What was said, as soon as it is so much."""
        async with asyncio.timeout(120):
            while len(self.claims) < number:
                self.heard.clear()
                await self.heard.wait()
        return self.claims


@dataclass
class Watch:
    """A clock that stands still between pushes."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **duration: float) -> None:
        self.now += timedelta(**duration)


@dataclass
class Running:
    """The scheduler's parts at work on a book."""

    book: Book
    poster: Said
    watch: Watch
    tasks: Tasks
    delivery: Delivery
    beat: Beat


@pytest.fixture
def book(sqlite_url: str) -> Iterator[Book]:
    with opened(sqlite_url) as found:
        yield found


def told(
    book: Book,
    story: Callable[[Running], Awaitable[None]],
    *,
    seconds: float = 3_600.0,
    recurring: bool = False,
) -> None:
    """Runs a story with the parts started; `seconds` between beats, if not only nudged; with `recurring` posts."""

    async def run() -> None:
        tasks, watch, poster = Tasks(), Watch(), Said()
        delivery = Delivery(book.store, poster, watch, tasks, seconds_per_post=0.0, barred=lambda why: None)
        posts = RecurringPosts(book.store, lambda: [book.program] if recurring else [])
        beat = Beat(book.store, delivery, watch, tasks, posts, seconds=seconds)
        beat.start()
        try:
            await story(Running(book, poster, watch, tasks, delivery, beat))
        finally:
            await beat.stop()
            delivery.stop()
            await tasks.stop(5.0)

    asyncio.run(run())


def test_what_waited_at_the_start_goes_out(book: Book) -> None:
    """A restart reads the tables; nobody has to remember anything."""
    book.raises()

    async def story(now: Running) -> None:
        said = await now.poster.until(2)
        assert [one.notice.kind for one in said] == [NoticeKind.CARD, NoticeKind.CONFIRMATION]

    told(book, story)


def test_a_beat_needs_no_nudge(book: Book) -> None:
    """Time alone brings the ping."""
    book.raises()

    async def story(now: Running) -> None:
        await now.poster.until(2)
        now.watch.passes(minutes=3)
        said = await now.poster.until(4)
        assert said[-1].notice.rule == "unclaimed"

    told(book, story, seconds=0.02)


def test_the_beat_goes_on_where_the_machines_clock_is_put_back(book: Book) -> None:
    """APScheduler then holds the next beat to be an hour away; it is not waited for."""
    book.raises()

    async def story(now: Running) -> None:
        await now.poster.until(2)
        with capture_logs() as logs:
            now.beat._job.modify(next_run_time=datetime.now(UTC) + timedelta(hours=1))
            await now.beat.beat()
            async with now.beat._one_at_a_time:  # one that was begun before has had its turn
                now.watch.passes(minutes=3)
            said = await now.poster.until(4)
        assert said[-1].notice.rule == "unclaimed"
        assert any("the beat stood still" in entry["event"] for entry in logs)

    told(book, story, seconds=0.02)


def test_nudges_coalesce(book: Book) -> None:
    """A hundred changes at once ask for one beat, and one worker serves the channel."""
    book.raises()

    async def story(now: Running) -> None:
        await now.poster.until(2)
        before = len(asyncio.all_tasks())
        for _ in range(100):
            now.beat.nudge()
            now.delivery.nudge(book.program.channel)
        assert len(asyncio.all_tasks()) <= before + 2
        now.watch.passes(minutes=3)
        said = await now.poster.until(4)
        assert [one.notice.rule for one in said].count("unclaimed") == 1

    told(book, story)


def test_a_beat_survives_a_failing_database(book: Book) -> None:
    """It is said aloud; when the database is back, what came due meanwhile is sent."""
    book.raises()

    def rename(old: str, new: str) -> None:
        with book.store.engine.begin() as connection:
            connection.exec_driver_sql(f"ALTER TABLE {old} RENAME TO {new}")

    async def story(now: Running) -> None:
        await now.poster.until(2)
        rename("reminders", "gone")
        now.watch.passes(minutes=3)
        with capture_logs() as logs:
            await now.tasks.hold(now.beat.beat(), "a beat")
        assert "a beat failed to settle what is due" in {entry["event"] for entry in logs}
        rename("gone", "reminders")
        now.beat.nudge()
        said = await now.poster.until(4)
        assert said[-1].notice.rule == "unclaimed"

    told(book, story, seconds=0.02)


def test_what_goes_with_a_beat_may_fail(book: Book) -> None:
    """The clock cannot be followed, a look at the settings breaks: the promises are kept all the same."""
    book.raises()

    async def breaks() -> None:
        raise RuntimeError("nobody knows why")

    async def story(now: Running) -> None:
        await now.poster.until(2)
        now.beat.first(breaks)
        now.watch.passes(minutes=3)
        with capture_logs() as logs:
            now.beat.nudge()
            said = await now.poster.until(4)
        assert said[-1].notice.rule == "unclaimed"
        assert "what goes with a beat failed" in {entry["event"] for entry in logs}

    told(book, story)


def test_a_channel_whose_worker_broke_is_served_by_the_next(book: Book) -> None:
    """The database failed while it took a notice: it is said aloud, and the next beat goes on."""
    book.raises()

    def rename(old: str, new: str) -> None:
        with book.store.engine.begin() as connection:
            connection.exec_driver_sql(f"ALTER TABLE {old} RENAME TO {new}")

    async def story(now: Running) -> None:
        await now.poster.until(2)
        await now.tasks.idle()
        rename("leases", "gone")
        with capture_logs() as logs:
            now.delivery.nudge(book.program.channel)
            await now.tasks.idle()
        assert [entry["event"] for entry in logs] == ["a background task failed"]
        rename("gone", "leases")
        now.watch.passes(minutes=3)
        now.beat.nudge()
        said = await now.poster.until(4)
        assert said[-1].notice.rule == "unclaimed"

    told(book, story)


def test_a_long_outage_of_slack_does_not_end_in_an_overflow(book: Book) -> None:
    """After thousands of tries the pause is still a minute, and the notice goes when Slack is back."""
    book.raises()
    with book.store.engine.begin() as connection:
        connection.execute(update(t.notices).values(tries=5_000))

    async def story(now: Running) -> None:
        now.poster.answers.append(Unknown("http_500"))
        await now.poster.until(1)
        await now.tasks.stop(5.0)
        (card,) = book.rows(t.notices, kind="card")
        assert (card["state"], card["uncertain"]) == ("waiting", True)
        assert card["not_before"] == NOW + timedelta(seconds=LONGEST_BACKOFF)
        now.watch.passes(seconds=LONGEST_BACKOFF)
        now.delivery.nudge(book.program.channel)
        await now.poster.until(3)

    told(book, story)


# Recurring posts


def kinds(claims: list[Claimed]) -> list[NoticeKind]:
    return [claim.notice.kind for claim in claims]


def test_a_beat_that_hangs_holds_no_stop_up(book: Book) -> None:
    """It is said aloud, and given up; what is due is found after the next start."""

    async def story(now: Running) -> None:
        hanging = asyncio.Event()

        async def hangs() -> None:
            hanging.set()
            await asyncio.Event().wait()

        now.beat.first(hangs)
        await hanging.wait()
        with capture_logs() as logs:
            await now.beat.stop(within=0.0)
            await now.tasks.stop(0.0)
        assert "a beat was given up at shutdown" in {entry["event"] for entry in logs}

    told(book, story, seconds=0.02)


def test_a_digest_is_posted_by_the_beat_once_a_day(book: Book) -> None:
    """Beats and nudges in between make no second one; the next day has its own."""
    book.raises(build.escalation(due_at=NOW + timedelta(days=5)))
    book.claims(book.case(1))

    async def story(now: Running) -> None:
        said = await now.poster.until(4)
        assert kinds(said).count(NoticeKind.DIGEST) == 1, "at ten in the evening this day's is late, not lost"
        for _ in range(20):
            await now.tasks.hold(now.beat.beat(), "a beat")
        assert kinds(now.poster.claims).count(NoticeKind.DIGEST) == 1
        now.watch.passes(hours=10)
        said = await now.poster.until(5)
        assert kinds(said)[4:] == [NoticeKind.DIGEST]

    told(book, story, seconds=0.02, recurring=True)


def test_an_idle_beat_asks_the_database_for_no_recurring_post(book: Book) -> None:
    """What was made is remembered while it is due, and forgotten afterwards."""
    book.raises()
    statements: list[str] = []
    event.listen(
        book.store.engine,
        "before_cursor_execute",
        lambda c, cursor, statement, *rest: statements.append(statement),
    )

    async def story() -> None:
        posts = RecurringPosts(book.store, lambda: [book.program])
        assert await posts.make(NOW) == [book.program.channel]
        del statements[:]
        for second in range(100):
            assert await posts.make(NOW + timedelta(seconds=second)) == []
        assert statements == []
        assert await posts.make(NOW + timedelta(hours=27)) == []  # Wednesday, before eight
        assert posts._made == set()

    asyncio.run(story())


def test_a_failure_to_make_a_recurring_post_holds_no_ping_up(book: Book) -> None:
    """It is said aloud, and made when the database is mended."""
    book.raises()

    def rename(old: str, new: str) -> None:
        with book.store.engine.begin() as connection:
            connection.exec_driver_sql(f"ALTER TABLE {old} RENAME TO {new}")

    rename("recurring", "gone")

    async def story(now: Running) -> None:
        await now.poster.until(2)
        now.watch.passes(minutes=3)
        with capture_logs() as logs:
            await now.tasks.hold(now.beat.beat(), "a beat")
        assert "a beat failed to make the recurring posts" in {entry["event"] for entry in logs}
        said = await now.poster.until(4)
        assert said[-1].notice.rule == "unclaimed"
        rename("gone", "recurring")
        now.beat.nudge()
        assert kinds(await now.poster.until(5))[4:] == [NoticeKind.DIGEST]

    told(book, story, recurring=True)
