"""What waits for SQLite's writing thread is committed together, and each has the answer that is its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from cases.errors import NotPossible
from storage.schema import upgrade
from storage.store import Store
from storage.unit import UnitOfWork
from tests.build import NOW


class Desk:
    """A store whose writing thread somebody holds, and a count of what it committed."""

    def __init__(self, url: str) -> None:
        self.store = Store.at(url)
        upgrade(self.store.engine)
        self.commits = 0
        self._held = threading.Event()
        event.listen(self.store.engine, "commit", self._committed)

    def _committed(self, _connection: object) -> None:
        self.commits += 1

    def meanwhile(self, *asked: Callable[[], Awaitable[object]]) -> list[object]:
        """What each was answered, where all of them came while the writing thread was busy."""
        return asyncio.run(self._meanwhile(asked))

    async def _meanwhile(self, asked: Sequence[Callable[[], Awaitable[object]]]) -> list[object]:
        """Holds the writing thread until all of these are waiting for it."""
        began = threading.Event()

        def hold(_work: UnitOfWork) -> None:
            began.set()
            self._held.wait()

        holding = asyncio.ensure_future(self.store.write(hold))
        await asyncio.to_thread(began.wait)
        waiting = [asyncio.ensure_future(one()) for one in asked]
        await asyncio.sleep(0)
        self.commits = 0
        self._held.set()
        await holding
        return list(await asyncio.gather(*waiting, return_exceptions=True))

    def adds(self, key: str) -> Callable[[], Awaitable[object]]:
        return lambda: self.store.write(UnitOfWork.once, key, NOW)

    def refuses(self, key: str) -> Callable[[], Awaitable[object]]:
        """Writes first, and then says no."""

        def job(unit: UnitOfWork) -> None:
            unit.once(key, NOW)
            raise NotPossible(f"{key} is not possible.")

        return lambda: self.store.write(job)

    def is_kept(self, key: str) -> bool:
        return not self.store.write_now(UnitOfWork.once, key, NOW)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(f"sqlite:///{tmp_path / 'desk.db'}")
    yield desk
    desk.store.close()


def test_what_waits_is_committed_together(desk: Desk) -> None:
    """Twenty changes, each kept, and the disk was waited for far fewer times; nobody comes before their turn."""
    order: list[int] = []

    def asks(number: int) -> Callable[[], Awaitable[object]]:
        def job(unit: UnitOfWork) -> int:
            order.append(number)
            unit.once(f"key {number}", NOW)
            return number

        return lambda: desk.store.write(job)

    assert desk.meanwhile(*map(asks, range(20))) == list(range(20))
    assert order == list(range(20))
    assert desk.commits < 20
    assert all(desk.is_kept(f"key {number}") for number in range(20))


def test_one_that_is_refused_takes_nobody_along(desk: Desk) -> None:
    """The others are kept; of the refused one nothing is, and it hears why."""
    before, refused, after = desk.meanwhile(desk.adds("before"), desk.refuses("wish"), desk.adds("after"))
    assert (before, after) == (True, True)
    assert isinstance(refused, NotPossible)
    assert refused.sentence == "wish is not possible."
    assert desk.is_kept("before")
    assert desk.is_kept("after")
    assert not desk.is_kept("wish")


def test_a_refusal_that_was_alone_is_not_tried_again(desk: Desk) -> None:
    tries: list[int] = []

    def job(_work: UnitOfWork) -> None:
        tries.append(1)
        raise NotPossible("No.")

    with pytest.raises(NotPossible):
        asyncio.run(desk.store.write(job))
    assert len(tries) == 1


def test_whoever_gave_up_is_passed_over(desk: Desk) -> None:
    """A sender whose time was over before its turn came writes nothing afterwards."""

    async def gives_up() -> object:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0):
                await desk.store.write(UnitOfWork.once, "too late", NOW)
        return "gave up"

    assert desk.meanwhile(gives_up, desk.adds("in time")) == ["gave up", True]
    assert desk.is_kept("in time")
    assert not desk.is_kept("too late")


@pytest.mark.parametrize("waiting", [1, 3])
def test_a_transaction_that_cannot_begin_is_tried_again(desk: Desk, waiting: int) -> None:
    """Somebody else has the file: nobody who waits is forgotten."""
    busy = [OperationalError("BEGIN IMMEDIATE", {}, Exception("database is locked")) for _ in range(3)]

    def is_busy(_connection: object) -> None:
        if busy:
            raise busy.pop()

    async def story() -> list[object]:
        event.listen(desk.store.engine, "begin", is_busy, insert=True)
        async with asyncio.timeout(120):
            return await asyncio.gather(*(desk.adds(f"key {number}")() for number in range(waiting)))

    assert asyncio.run(story()) == [True] * waiting
    assert all(desk.is_kept(f"key {number}") for number in range(waiting))
