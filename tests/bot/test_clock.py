"""The shared clock: the database's time, whatever this machine's own clock says."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from bot.environment.clock import SharedClock, wall_clock
from storage.store import Store


class Hands:
    """A machine's clocks, set by hand."""

    def __init__(self) -> None:
        self.seconds = 1_000.0
        self.off = timedelta()

    def monotonic(self) -> float:
        return self.seconds

    def wall(self) -> datetime:
        return datetime.now(UTC) + self.off


@pytest.mark.parametrize("off", [timedelta(hours=1), timedelta(hours=-1), timedelta()])
def test_a_machine_whose_clock_is_wrong_goes_by_the_databases(database_url: str, off: timedelta) -> None:
    """It is told once, and the clock goes on by the seconds that pass."""
    store, hands = Store.at(database_url), Hands()
    hands.off = off
    clock = SharedClock(store, hands.monotonic, hands.wall)
    with capture_logs() as logs:
        asyncio.run(clock.follow())
        first = clock()
        assert abs(first - wall_clock()) < timedelta(minutes=1)
        hands.seconds += 7
        assert clock() - first == timedelta(seconds=7)
        hands.seconds += 7
        asyncio.run(clock.follow())
    assert abs(clock() - wall_clock()) < timedelta(minutes=1)
    assert len([one for one in logs if "clock differs" in one["event"]]) == (1 if off else 0)
    store.close()


def test_somebody_who_sets_the_machines_clock_does_not_move_it(sqlite_url: str) -> None:
    store, hands = Store.at(sqlite_url), Hands()
    clock = SharedClock(store, hands.monotonic, hands.wall)
    asyncio.run(clock.follow())
    before = clock()
    hands.off = timedelta(hours=1)
    assert clock() == before
    store.close()


def test_it_is_followed_before_it_is_asked(sqlite_url: str) -> None:
    store = Store.at(sqlite_url)
    with pytest.raises(RuntimeError):
        SharedClock(store)()
    store.close()
