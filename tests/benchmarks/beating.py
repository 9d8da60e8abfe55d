"""A scheduler as a process of its own: the real beat on a database, with a delivery that only notes what it is handed.

    python -m tests.benchmarks.beating DATABASE_URL BATCH

It says `beats`, works until it reads a line on its standard input, and then says as JSON when it began, at which
moments something was handed to delivery, how long a beat takes while nothing is due, and how much memory it holds.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
import time
from collections.abc import Iterable
from typing import Any

from bot.environment.clock import wall_clock
from scheduler.beat import Beat
from scheduler.delivery import Delivery
from scheduler.poster import Absent, Answer, Never
from scheduler.recurring import RecurringPosts
from scheduler.tasks import Tasks
from storage.outbox.notices import Claimed
from storage.reading import Reading
from storage.store import Store
from tests.benchmarks.machine import resident

IDLE_BEATS = 50


class Nobody:
    """A poster that is never asked: delivery ends where it is handed something."""

    async def send(self, claim: Claimed) -> Answer:
        return Never("nobody is there")

    async def look(self, claim: Claimed) -> Answer | Absent:
        return Absent()


class Handed(Delivery):
    """Notes what it is handed, and when; sends nothing."""

    def __init__(self, store: Store, tasks: Tasks) -> None:
        super().__init__(store, Nobody(), wall_clock, tasks, barred=lambda _: None)
        self.times: list[float] = []

    def nudge(self, channel: str) -> None:
        self.times.append(time.time())

    def wake(self, channels: Iterable[str]) -> None:
        """Only what was just handed over counts: what a look finds stays there, because nobody sends."""


async def serve(url: str, batch: int) -> dict[str, Any]:
    store, tasks = Store.at(url), Tasks()
    programs = store.ask_now(Reading.programs)
    delivery = Handed(store, tasks)
    beat = Beat(store, delivery, wall_clock, tasks, RecurringPosts(store, lambda: programs), batch=batch)
    began_at = time.time()
    beat.start()
    await tasks.idle()
    sys.stdout.write("beats\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.readline)
    await beat.stop()
    idle = []
    for _ in range(IDLE_BEATS):
        began = time.perf_counter()
        await beat.beat()
        idle.append(time.perf_counter() - began)
    store.close()
    memory = resident(os.getpid())
    return {"began": began_at, "handed": delivery.times, "idle": idle, "memory": memory}


def main() -> None:
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    sys.stdout.write(json.dumps(asyncio.run(serve(sys.argv[1], int(sys.argv[2])))) + "\n")


if __name__ == "__main__":
    main()
