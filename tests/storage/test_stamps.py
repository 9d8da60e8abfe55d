"""Stamps while several write: what the desk itself does side by side is never taken for a forgery."""

from __future__ import annotations

import threading
from collections.abc import Callable

from cases import moves
from cases.retention import by_request
from storage import tables as t
from storage.privacy import keyring, retention, sealing
from storage.privacy.sealing import Place
from storage.stamps import STAMP
from storage.store import Store
from storage.unit import UnitOfWork
from storage.vault import Vault, new_key
from storage.verify import verify
from storage.writing.cases import rename_department, save_change
from tests import build
from tests.build import ANA, DUE, NOW, acting
from tests.storage.book import Book, at_once, opened

Job = Callable[[UnitOfWork], object]


def waiting(store: Store) -> bool:
    """Whether a transaction waits for another one's row; SQLite's wait for the file, where nobody sees them."""
    if store.engine.dialect.name == "sqlite":
        return True
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with store.engine.connect() as connection:
        return bool(connection.exec_driver_sql(query).scalar_one())


def meanwhile(holder: Store, holds: Job, other: Store, waits: Job) -> None:
    """`waits` comes upon what `holds` has changed and not committed yet, and goes on after that."""
    held, until = threading.Event(), threading.Event()

    def first() -> None:
        with holder.begin() as unit:
            holds(unit)
            held.set()
            while not waiting(holder):
                until.wait(0.01)

    def second() -> None:
        held.wait()
        other.write_now(waits)

    at_once([first, second])


def found(store: Store) -> str | None:
    with store.snapshot() as reading:
        return verify(reading, 1).broken


def noted(book: Book, number: int) -> Job:
    return lambda unit: save_change(
        unit, moves.add_note(unit.locked_case(number, 1), acting(ANA, NOW), "She wrote."), book.program, NOW
    )


def test_a_department_is_renamed_while_somebody_writes_a_note(book: Book) -> None:
    book.opens()
    case = book.raises(build.escalation(department="IT"))
    meanwhile(
        book.store,
        noted(book, case.number),
        book.store,
        lambda unit: rename_department(unit, book.program, "IT", "Tech", NOW),
    )
    assert book.case(case.number).department == "Tech"
    assert found(book.store) is None


def test_the_night_comes_while_somebody_writes_a_note(book: Book) -> None:
    book.opens()
    number = book.closes(book.claims(book.raises()), DUE).number
    meanwhile(
        book.store,
        noted(book, number),
        book.store,
        lambda unit: retention.blank(unit, book.program, [number], by_request(), DUE),
    )
    assert book.case(number).blanked_at == DUE
    assert found(book.store) is None


def test_a_key_changes_while_a_bot_with_the_old_one_writes(database_url: str) -> None:
    old, new = new_key(), new_key()
    with opened(database_url, Vault([old])) as book:
        book.opens()
        book.store.write_now(keyring.unlock, NOW)
        case = book.raises()
        later = Store(book.store.engine, Vault([new, old]))
        later.write_now(keyring.unlock, NOW)
        at_cases = Place(sealing.looked_through().index(t.cases))
        meanwhile(book.store, noted(book, case.number), later, lambda unit: sealing.seal_next(unit, at_cases))
        (row,) = book.rows(t.cases)
        assert row[STAMP].startswith(f"{later.vault.key_ids[0]}:")
        assert found(later) is None
