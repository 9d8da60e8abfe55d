"""A key that leaked is changed: from then on the new one alone vouches, and whoever has the old one forges in vain."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Connection, Engine, create_engine, insert, text, update

from bot.commands.seal import seal_everything
from bot.terminal.with_database import with_database
from cases.events import Event, Happened
from scheduler.tasks import Tasks
from scheduler.upkeep import Upkeep
from storage import record
from storage import tables as t
from storage.personal import place, row_key
from storage.privacy import keyring, sealing
from storage.reading import Reading
from storage.stamps import STAMP, stamp
from storage.store import Store
from storage.tables import Stage
from storage.unit import UnitOfWork
from storage.vault import Vault, WrongKey, new_key
from storage.verify import verify
from tests.adversary.test_forgeries import LATER, change, life, link_anew, number_of, rows, seals
from tests.build import NOW
from tests.storage.book import opened

OLD, NEW = new_key(), new_key()
LEAKED = Vault([OLD])
"""What whoever forges has."""

Change = Callable[[pytest.MonkeyPatch, Store], None]
Forgery = Callable[[Connection], None]


def by_upkeep(monkeypatch: pytest.MonkeyPatch, store: Store) -> None:
    """The bot starts with the new key before the old one; when it has come to its end the old one is let go of."""
    store.write_now(keyring.unlock, LATER)
    asyncio.run(Upkeep(store, lambda: LATER, Tasks(), list).seal())
    assert broken(store) == [None, None]
    assert store.write_now(sealing.finish, LATER, retire=True) == 0


def by_command(monkeypatch: pytest.MonkeyPatch, store: Store) -> None:
    """`askdesk seal`."""
    monkeypatch.setenv("DATABASE_URL", store.engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("ENCRYPTION_KEY", f"{NEW},{OLD}")
    assert with_database(seal_everything) == 0


def broken(store: Store) -> list[str | None]:
    """What verifying finds, of each program."""
    with store.snapshot() as reading:
        return [verify(reading, program.id).broken for program in reading.programs()]


@pytest.fixture(params=[by_upkeep, by_command], ids=["upkeep", "command"])
def changed(
    request: pytest.FixtureRequest, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Store]:
    """A database whose key changed, open with the new one."""
    with opened(database_url, LEAKED) as book:
        life(book, {})
        lines = len(book.rows(t.events))
        changes: Change = request.param
        changes(monkeypatch, Store(book.store.engine, Vault([NEW, OLD])))
        assert len(book.rows(t.events)) == lines + 2, "each record says so"
        store = Store(book.store.engine, Vault([NEW]))
        store.write_now(keyring.unlock, LATER)
        yield store


@pytest.fixture
def attacker(changed: Store) -> Iterator[Engine]:
    engine = create_engine(changed.engine.url)
    yield engine
    engine.dispose()


def test_the_new_key_alone_verifies_and_whoever_has_the_old_one_forges_in_vain(
    changed: Store, attacker: Engine
) -> None:
    assert broken(changed) == [None, None]
    assert changed.vault.strict
    for forge in (a_line, a_line_long_ago, a_case, a_text, a_record_that_is_being_sealed):
        with attacker.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SET LOCAL session_replication_role = replica"))
            forge(connection)
            reading = Reading(connection, Vault([NEW]))
            found = [verify(reading, program.id).broken for program in reading.programs()]
            assert any(found), forge.__name__
            connection.rollback()
    with attacker.begin() as connection:
        key = {"id": LEAKED.key_ids[0], "proof": LEAKED.seal(keyring.PROOF), "since": NOW}
        connection.execute(insert(t.keys), [key])
    with pytest.raises(WrongKey, match="nothing was changed"):
        changed.write_now(keyring.unlock, LATER)


def head_as_leaked(connection: Connection, stage: Stage = Stage.BOUND) -> record.Head:
    (row,) = rows(connection, t.heads, program=1)
    return record.Head(1, row["length"], row["hash"], stage, is_ours=True)


def a_line(connection: Connection) -> None:
    """Behind the last one, as the desk itself writes it."""
    lines, end = record.lines(
        [Event(Happened.NOTED, "U0TESS", {}, {"note": "Yes."})], head_as_leaked(connection), 2, LATER, LEAKED
    )
    connection.execute(insert(t.events), lines)
    change(connection, t.heads, {"program": 1}, **record.head_row(end, LEAKED))


def a_line_long_ago(connection: Connection) -> None:
    """Among those that the old key vouches for still."""
    at = number_of(connection, "claimed")
    change(connection, t.events, {"program": 1, "place": at}, by="U0TESS")
    link_anew(connection)
    for row in rows(connection, t.events, program=1):
        change(connection, t.events, {"id": row["id"]}, mac=LEAKED.vouch(record.LINE, row["hash"]))
    change(connection, t.heads, {"program": 1}, **record.head_row(head_as_leaked(connection), LEAKED))


def a_case(connection: Connection) -> None:
    (row,) = rows(connection, t.cases, number=2)
    row["allowed"] = 99
    line = [one["hash"] for one in rows(connection, t.events, case_number=2)][-1]
    change(connection, t.cases, {"number": 2}, **{"allowed": 99, STAMP: stamp(t.cases, row, LEAKED, line)})


def a_text(connection: Connection) -> None:
    (row,) = rows(connection, t.cases, number=2)
    sealed = LEAKED.seal("Call +19005550100.", place(t.cases, "details", row_key(t.cases, row)))
    change(connection, t.cases, {"number": 2}, details=sealed)


def a_record_that_is_being_sealed(connection: Connection) -> None:
    """So that the next start brings what stands there up to the new key."""
    connection.execute(update(t.cases).where(t.cases.c.number == 2).values(allowed=99, stamp=""))
    for_all = head_as_leaked(connection, Stage.KEYED)
    change(connection, t.heads, {"program": 1}, **record.head_row(for_all, LEAKED))
    change(connection, t.keys, {}, done_at=None)
    seals(UnitOfWork(connection, Vault([NEW])))
