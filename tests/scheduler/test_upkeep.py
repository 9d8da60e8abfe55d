"""Upkeep: what is personal is sealed when a key is new, and blanked at night, by one of however many replicas."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update
from structlog.testing import capture_logs

from cases import moves
from cases.reminders.recurring import NIGHT_AT
from cases.times import instant, wall
from scheduler import upkeep
from scheduler.tasks import Tasks
from scheduler.upkeep import Upkeep
from storage import tables as t
from storage.outbox import replicas
from storage.privacy import keyring, sealing
from storage.reading import Reading
from storage.store import Store
from storage.tables import Stage
from storage.unit import UnitOfWork
from storage.vault import Vault, is_bound, new_key
from storage.verify import verify
from storage.writing.cases import save_change
from tests import build
from tests.build import DUE, NOW, acting
from tests.storage.book import Book, opened
from tests.storage.test_sealing import SECRETS, full_life, in_files, shown

OLD = DUE + timedelta(days=365)


def night(days: int) -> datetime:
    """Half past three in Manila, so many nights after the case's time was over."""
    day = wall(OLD, "Asia/Manila").date() + timedelta(days=1 + days)
    return instant(day, NIGHT_AT, "Asia/Manila")


@pytest.fixture
def plain(database_url: str) -> Iterator[Book]:
    with opened(database_url, Vault()) as book:
        yield book


@pytest.fixture
def book(database_url: str) -> Iterator[Book]:
    with opened(database_url) as found:
        yield found


def looks(book: Book, at: Callable[[], datetime], replicas: int = 1) -> None:
    """So many replicas look at once, and what they begin comes to its end."""

    async def look() -> None:
        tasks = Tasks()
        keepers = [Upkeep(book.store, at, tasks, lambda: [book.program]) for _ in range(replicas)]
        for _ in range(2):  # a beat later nothing is begun again
            await asyncio.gather(*(keeper.look() for keeper in keepers))
            await tasks.idle()

    asyncio.run(look())


def test_the_night_deletes_once_however_many_replicas(plain: Book) -> None:
    """Not before its time; then from every row and file, with a record that holds."""
    full_life(plain)
    looks(plain, lambda: night(0) - timedelta(seconds=1))
    assert shown(plain.store) == [*SECRETS]
    looks(plain, lambda: night(0), replicas=3)
    assert shown(plain.store) == []
    assert len(plain.rows(t.events, kind="blanked")) == 1
    (made,) = plain.rows(t.recurring, kind="purge")
    assert made["key"] == wall(night(0), "Asia/Manila").date().isoformat()
    if plain.store.engine.dialect.name == "sqlite":
        assert in_files(str(plain.store.engine.url)) == []
    with plain.store.read() as reading:
        assert verify(reading, plain.program.id).broken is None


def test_a_night_that_was_missed_is_made_up_in_the_morning(book: Book) -> None:
    """The bot was down at half past three."""
    full_life(book)
    looks(book, lambda: night(0) + timedelta(hours=6))
    assert book.case(1).blanked_at is not None


def test_each_night_finds_what_has_come_of_age(book: Book) -> None:
    full_life(book)
    later = full_life(book, DUE + timedelta(days=2))
    looks(book, lambda: night(0))
    assert [book.case(number).blanked_at is None for number in (1, later)] == [False, True]
    looks(book, lambda: night(2))
    assert book.case(later).blanked_at is not None


def test_a_stop_ends_the_night_between_two_batches(book: Book) -> None:
    """What is left the next night finds."""
    full_life(book)

    async def stopped() -> None:
        tasks = Tasks()
        keeper = Upkeep(book.store, lambda: night(0), tasks, lambda: [book.program])
        keeper.stop()
        await keeper.look()
        await tasks.idle()

    asyncio.run(stopped())
    assert book.case(1).blanked_at is None
    looks(book, lambda: night(1))
    assert book.case(1).blanked_at is not None


def seals(store: Store, *, stopped: bool = False) -> None:
    async def seal() -> None:
        keeper = Upkeep(store, lambda: NOW, Tasks(), list)
        if stopped:
            keeper.stop()
        await keeper.seal()

    asyncio.run(seal())


def test_a_first_key_seals_what_is_there_beside_the_work(plain: Book) -> None:
    """Once; the next start looks at nothing. A stop in the middle leaves the rest to the next start."""
    full_life(plain)
    store = Store(plain.store.engine, Vault([new_key()]))
    store.write_now(keyring.unlock, NOW)
    seals(store, stopped=True)
    assert not store.ask_now(sealing.is_done)
    seals(store)
    assert store.ask_now(sealing.is_done)
    assert shown(store) == []
    if store.engine.dialect.name == "sqlite":
        assert in_files(str(store.engine.url)) == []


def test_another_key_is_found_to_have_work_until_the_old_one_is_let_go(plain: Book) -> None:
    """A replica with the old key may still be writing: only `askdesk seal` says that nobody needs it any more."""
    full_life(plain)
    old, new = new_key(), new_key()
    for keys in ([old], [new, old]):
        store = Store(plain.store.engine, Vault(keys))
        store.write_now(keyring.unlock, NOW)
        seals(store)
        assert store.ask_now(sealing.left) == 0
    assert not store.ask_now(sealing.is_done)
    assert store.write_now(sealing.finish, NOW, retire=True) == 0
    assert store.ask_now(sealing.is_done)


def test_without_a_key_there_is_nothing_to_seal(plain: Book) -> None:
    full_life(plain)
    seals(plain.store)
    assert shown(plain.store) == [*SECRETS]


def test_the_record_is_keyed_once_no_bot_of_an_older_version_is_at_work(
    plain: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until then it is written so that the older ones read it: linked plainly, and sealed for no place."""
    monkeypatch.setattr(upkeep, "ASK_AGAIN", 0.01)
    full_life(plain)
    store = Store(plain.store.engine, Vault([new_key()]))
    store.write_now(keyring.unlock, NOW)
    store.write_now(replicas.note_beat, "older")
    store.write_now(replicas.note_beat, "this")
    with store.engine.begin() as connection:
        older = update(t.replicas).where(t.replicas.c.name == "older")
        connection.execute(older.values(stage=int(Stage.LINKED)))

    async def rolls() -> None:
        asked, loop, looks = asyncio.Event(), asyncio.get_running_loop(), Reading.has_older_bots

        def heard(reading: Reading) -> bool:
            loop.call_soon_threadsafe(asked.set)
            return looks(reading)

        monkeypatch.setattr(Reading, "has_older_bots", heard)
        with capture_logs() as logs:
            sealing_on = asyncio.create_task(Upkeep(store, lambda: NOW, Tasks(), list).seal())
            for _ in range(3):
                await asked.wait()
                asked.clear()
            await store.write(raised, plain)
            assert not sealing_on.done()
            assert ["older version" in log["event"] for log in logs] == [True], "said once"
            assert plain.rows(t.events, kind="record_keyed") == []
            assert not any(is_bound(row["details"]) or row["stamp"] for row in plain.rows(t.cases))
            await store.write(replicas.leave, "older")
            await sealing_on

    asyncio.run(rolls())
    (keyed,) = plain.rows(t.events, kind="record_keyed")
    assert keyed["mac"]
    assert all(is_bound(row["details"]) and row["stamp"] for row in plain.rows(t.cases))
    assert store.vault.strict
    with store.snapshot() as reading:
        verdict = verify(reading, plain.program.id)
    assert (verdict.broken, verdict.keyed, verdict.settled) == (None, keyed["place"], True)


def raised(unit: UnitOfWork, book: Book) -> None:
    change = moves.raise_case(
        None, acting(build.ANA, NOW, book.program), unit.next_number(), build.escalation()
    )
    save_change(unit, change, book.program, NOW)


def test_two_bots_that_key_the_record_together_do_it_once(plain: Book) -> None:
    full_life(plain)
    key = new_key()
    both = [Store(plain.store.engine, Vault([key])) for _ in range(2)]
    for store in both:
        store.write_now(keyring.unlock, NOW)

    async def seal() -> None:
        await asyncio.gather(*(Upkeep(store, lambda: NOW, Tasks(), list).seal() for store in both))

    asyncio.run(seal())
    for kind in ("record_keyed", "record_sealed"):
        assert len(plain.rows(t.events, kind=kind)) == 1
    with both[0].snapshot() as reading:
        assert verify(reading, plain.program.id).broken is None


def test_a_bot_that_is_killed_while_it_seals_leaves_the_rest_to_the_next(plain: Book) -> None:
    """Wherever it was: the next one goes on, says so once, and the record holds at each moment."""
    full_life(plain)
    key = new_key()
    batches = 0
    while not plain.rows(t.events, kind="record_sealed"):
        store = Store(plain.store.engine, Vault([key]))
        store.write_now(keyring.unlock, NOW)
        store.write_now(sealing.begin, NOW)
        place: sealing.Place | None = sealing.Place()
        for _ in range(batches):
            place = place and store.write_now(sealing.seal_next, place)
        if place is None:
            store.write_now(sealing.finish, NOW, retire=False)
        with store.snapshot() as reading:
            assert verify(reading, plain.program.id).broken is None
        batches += 1
    assert len(plain.rows(t.events, kind="record_keyed")) == 1
    assert batches > len(sealing.looked_through())
