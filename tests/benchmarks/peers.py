"""The peers of (c): each callback a job of its own, in APScheduler's job store and in procrastinate's table."""

from __future__ import annotations

import asyncio
import logging
import pickle
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from apscheduler.events import EVENT_JOB_MISSED
from apscheduler.job import Job
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.date import DateTrigger
from sqlalchemy import insert
from sqlalchemy.engine import make_url

AHEAD = timedelta(seconds=4)
FAR = timedelta(days=3)
PATIENCE = 180.0

logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
logging.getLogger("procrastinate").setLevel(logging.CRITICAL)

_fired: list[float] = []
_all = threading.Event()
_wanted = 0


@dataclass(frozen=True)
class Went:
    """Seconds from the first job handed over to the last (from the start, where they were missed), and how many were."""

    span: float
    fired: int


def fire(number: int) -> None:
    """What every job does: it is handed over."""
    _fired.append(time.time())
    if len(_fired) >= _wanted:
        _all.set()


async def fire_soon(number: int) -> None:
    fire(number)


@contextmanager
def counting(number: int) -> Iterator[None]:
    global _wanted
    _fired.clear()
    _all.clear()
    _wanted = number
    yield


def by_apscheduler(url: str, waiting: int, number: int, *, missed: bool) -> Went:
    """`number` date jobs due in one second while `waiting` others wait; or all missed before the start.

    Jobs that come due are never dropped here; missed ones meet APScheduler's defaults, which is what is measured.
    """
    grace = 1 if missed else None
    scheduler = BackgroundScheduler(timezone=UTC)
    store = SQLAlchemyJobStore(url)
    scheduler.add_jobstore(store)
    scheduler.start(paused=True)
    lost: list[Any] = []

    def note(event: Any) -> None:
        lost.append(event)
        if len(lost) + len(_fired) >= number:
            _all.set()

    scheduler.add_listener(note, EVENT_JOB_MISSED)
    far = datetime.now(UTC) + FAR
    _add(scheduler, store, "far", waiting, far, grace)
    at = (datetime.now(UTC) + AHEAD).replace(microsecond=0)
    with counting(number):
        if missed:
            at = datetime.now(UTC) - timedelta(minutes=5)
        _add(scheduler, store, "due", number, at, grace)
        began = time.time()
        scheduler.resume()
        if not _all.wait(PATIENCE):
            raise RuntimeError(f"APScheduler fired {len(_fired)} of {number}")
        scheduler.shutdown()
        last = max(_fired, default=began)
        return Went(last - (began if missed else at.timestamp()), len(_fired))


def _add(
    scheduler: BackgroundScheduler,
    store: SQLAlchemyJobStore,
    name: str,
    number: int,
    at: datetime,
    grace: int | None,
) -> None:
    """Puts jobs into the store's own table, thousands at a time; `add_job` would commit for each of them."""
    for first in range(0, number, 10_000):
        rows = []
        for place in range(first, min(first + 10_000, number)):
            job = Job(
                scheduler,
                id=f"{name} {place}",
                trigger=DateTrigger(at),
                executor="default",
                func=fire,
                args=(place,),
                kwargs={},
                name="fire",
                misfire_grace_time=grace,
                coalesce=True,
                max_instances=1,
                next_run_time=at,
            )
            state = pickle.dumps(job.__getstate__(), pickle.HIGHEST_PROTOCOL)
            rows.append({"id": job.id, "next_run_time": at.timestamp(), "job_state": state})
        with store.engine.begin() as connection:
            connection.execute(insert(store.jobs_t), rows)


def by_procrastinate(url: str, waiting: int, number: int, *, missed: bool) -> Went:
    """The same with procrastinate: one worker, ten jobs at once, looking every second as the beat does."""
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return asyncio.run(_procrastinate(address, waiting, number, missed=missed))


async def _procrastinate(address: str, waiting: int, number: int, *, missed: bool) -> Went:
    from procrastinate import App, PsycopgConnector

    app = App(connector=PsycopgConnector(conninfo=address))
    app.task(name="fire")(fire_soon)
    async with app.open_async():
        if waiting:
            await app.schema_manager.apply_schema_async()
        far = datetime.now(UTC) + FAR
        at = (datetime.now(UTC) + AHEAD).replace(microsecond=0)
        if missed:
            at = datetime.now(UTC) - timedelta(minutes=5)
        with psycopg.connect(address, autocommit=True) as connection:
            for many, when in ((waiting, far), (number, at)):
                connection.execute(
                    "INSERT INTO procrastinate_jobs (queue_name, task_name, args, scheduled_at) "
                    "SELECT 'default', 'fire', jsonb_build_object('number', place), %s "
                    "FROM generate_series(1, %s) AS place",
                    (when, many),
                )
            connection.execute("VACUUM ANALYZE")
        with counting(number):
            began = time.time()
            worker = asyncio.create_task(
                app.run_worker_async(
                    concurrency=10,
                    fetch_job_polling_interval=1.0,
                    listen_notify=False,
                    install_signal_handlers=False,
                )
            )
            if not await asyncio.to_thread(_all.wait, PATIENCE):
                raise RuntimeError(f"procrastinate ran {len(_fired)} of {number}")
            worker.cancel()
            await asyncio.gather(worker, return_exceptions=True)
        return Went(max(_fired) - (began if missed else min(_fired)), len(_fired))
