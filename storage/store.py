"""The store: where transactions begin, and the threads that they run on."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from storage.engine import READING, is_sqlite, open_engine
from storage.group_commit import GroupCommit, is_worth_another_try
from storage.reading import Reading
from storage.unit import StaleCase, UnitOfWork
from storage.vault import Vault

P = ParamSpec("P")
R = TypeVar("R")

TRIES = 5


class Store:
    """The desk's database. Plain and synchronous; `write` and `ask` run a job on the store's own threads."""

    def __init__(self, engine: Engine, vault: Vault | None = None) -> None:
        self.engine = engine
        self.vault = vault or Vault()
        self._closing = False
        one = is_sqlite(engine)
        self.writers = 1 if one else 4
        """How many transactions that write can go on side by side."""
        self._writers = ThreadPoolExecutor(self.writers, thread_name_prefix="store-write")
        self._readers = ThreadPoolExecutor(2, thread_name_prefix="store-read")
        self._group = GroupCommit(self._writers, self.begin, self.write_now) if one else None

    @classmethod
    def at(cls, url: str, vault: Vault | None = None) -> Store:
        """The store behind a `DATABASE_URL`; without a vault it is one without a key."""
        return cls(open_engine(url), vault)

    @contextmanager
    def begin(self) -> Iterator[UnitOfWork]:
        """One transaction that writes: committed at the end, or rolled back whole when the block raises."""
        with self.engine.begin() as connection:
            yield UnitOfWork(connection, self.vault)

    @contextmanager
    def read(self) -> Iterator[Reading]:
        """One transaction that only reads."""
        with (
            self.engine.connect().execution_options(**{READING: True}) as connection,
            connection.begin(),
        ):
            yield Reading(connection, self.vault)

    @contextmanager
    def snapshot(self) -> Iterator[Reading]:
        """The same, and whatever it asks is of one moment, though others write on."""
        level = {} if is_sqlite(self.engine) else {"isolation_level": "REPEATABLE READ"}
        options: dict[str, Any] = {READING: True, **level}
        with self.engine.connect().execution_options(**options) as connection, connection.begin():
            yield Reading(connection, self.vault)

    def write_now(self, job: Callable[Concatenate[UnitOfWork, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Runs `job(work, …)` in a transaction; again when the database, not the job, was in the way.

        Tried again: a case that somebody else saved meanwhile, a deadlock, a lost connection, a busy SQLite, a row that
        somebody else added first. The
        job was rolled back whole before each further try, so it must not do anything outside the transaction.
        """
        for left in reversed(range(TRIES)):
            try:
                with self.begin() as unit:
                    return job(unit, *args, **kwargs)
            except (StaleCase, DBAPIError) as error:
                if not left or self._closing or not is_worth_another_try(error):
                    raise
                time.sleep(random.uniform(0.005, 0.05) * (TRIES - left))
        raise AssertionError("unreachable")

    def ask_now(self, question: Callable[Concatenate[Reading, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Runs `question(reading, …)` in a transaction that only reads."""
        with self.read() as reading:
            return question(reading, *args, **kwargs)

    async def write(
        self, job: Callable[Concatenate[UnitOfWork, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """`write_now` on a writing thread, so that the event loop goes on. SQLite has one, which commits what waits
        together; PostgreSQL has some, and commits together what they bring.
        """
        if self._group is not None:
            result: R = await self._group.write(lambda unit: job(unit, *args, **kwargs))
            return result
        call = partial(self.write_now, job, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(self._writers, call)

    async def ask(
        self, question: Callable[Concatenate[Reading, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """`ask_now` on a reading thread."""
        call = partial(self.ask_now, question, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(self._readers, call)

    async def alone(self, job: Callable[[Store], R]) -> R:
        """Runs what begins its own transactions on a writing thread: on SQLite nobody writes meanwhile."""
        return await asyncio.get_running_loop().run_in_executor(self._writers, job, self)

    def close(self, within: float | None = None) -> bool:
        """Waits for what runs, `within` so many seconds, and lets the database go.

        Whether that came to its end: a thread that hangs in the database ends with its transaction, or with the process.
        """
        self._closing = True
        letting_go = threading.Thread(target=self._let_go, name="store-close", daemon=True)
        letting_go.start()
        letting_go.join(within)
        return not letting_go.is_alive()

    def _let_go(self) -> None:
        self._writers.shutdown(wait=True)
        self._readers.shutdown(wait=True)
        self.engine.dispose()
