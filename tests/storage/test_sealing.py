"""What stands in the database is sealed: from the first key on, with the next key, and found again all the same."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Text, select
from sqlalchemy.engine import make_url
from sqlmodel import SQLModel

from cases import moves
from cases.contact import Contact
from cases.forms import Promise
from cases.words import ContactKind, Disposition, Reason
from storage.personal import columns_of
from storage.privacy import keyring, sealing, wipe
from storage.privacy.sealing import BATCH, Place
from storage.store import Store
from storage.vault import NoKey, Vault, is_sealed, new_key
from storage.verify import verify
from tests import build
from tests.build import BEN, DUE, NOW, acting
from tests.storage.book import Book, opened

KEY = new_key()

SECRETS = {
    "customer": "Zebedee Quill",
    "contact": "+12125550188",
    "details": "He was charged twice for the Zanzibar trip.",
    "reference": "REF-ZQ-77",
    "other_reason": "Wants the owner of Zeppelin Tours",
    "other_contact": "+13105550177",
    "attempt": "His neighbour Zora answered",
    "note": "Zoe calls him Zeb",
    "notes": "Refunded to the card of Zebedee's wife.",
    "granted": "A voucher for Zanzibar",
    "language_written": "Zapotec, his sister Zita translates",
}


@pytest.fixture
def plain(database_url: str) -> Iterator[Book]:
    """A book without a key."""
    with opened(database_url, Vault()) as book:
        yield book


def full_life(book: Book, ends: datetime = DUE) -> int:
    """A case with something in every column that is personal; its number."""
    said = build.escalation(
        customer=SECRETS["customer"],
        contact=Contact(ContactKind.PHONE, SECRETS["contact"]),
        details=SECRETS["details"],
        reference=SECRETS["reference"],
        reasons=(Reason.OTHER,),
        other_reason=SECRETS["other_reason"],
        language_written=SECRETS["language_written"],
    )
    case = book.claims(book.raises(said))
    again = Promise(DUE, build.CUSTOMER_ZONE)
    case = book.moves(
        case,
        lambda one: moves.log_outcome(
            one, acting(BEN, NOW), Disposition.THIRD_PARTY, SECRETS["attempt"], again
        ),
    )
    other = Contact(ContactKind.PHONE, SECRETS["other_contact"])
    case = book.moves(
        case,
        lambda one: moves.escalate_further(
            one, acting(BEN, NOW, book.program), build.MIA, None, again, other, "Needs a refund"
        ),
    )
    case = book.notes(case, SECRETS["note"])
    ending = build.closing(notes=SECRETS["notes"], granted=SECRETS["granted"])
    return book.moves(case, lambda one: moves.complete(one, acting(build.MIA, ends), ending), ends).number


def texts(store: Store) -> list[str]:
    """Every text in every row of the database."""
    found = []
    with store.engine.connect() as connection:
        for table in SQLModel.metadata.sorted_tables:
            for row in connection.execute(select(table)):
                found += [str(value) for value in row]
    return found


def shown(store: Store) -> list[str]:
    """Which of the secrets somebody reads who has the rows but not the key."""
    everything = "\n".join(texts(store))
    return [name for name, secret in SECRETS.items() if secret in everything]


def in_files(url: str) -> list[str]:
    """Which of the secrets a text editor finds in the files of a SQLite database."""
    folder = Path(make_url(url).database or "").parent
    everything = b"".join(file.read_bytes() for file in folder.iterdir() if file.is_file())
    return [name for name, secret in SECRETS.items() if secret.encode() in everything]


@contextmanager
def keyed(book: Book, *keys: str) -> Iterator[Store]:
    """The same database with these keys, as a bot with them starts."""
    store = Store(book.store.engine, Vault(keys))
    store.write_now(keyring.unlock, NOW)
    yield store


def seals(store: Store, at_most: int = 1_000) -> int:
    """Seals what is not sealed, at most so many batches of it; how many rows that were."""
    store.write_now(sealing.begin, NOW)
    place: Place | None = Place()
    done = 0
    for _ in range(at_most):
        if place is None:
            break
        done = place.rows
        place = store.write_now(sealing.seal_next, place)
    return done


def test_nobody_reads_it_without_the_key(book: Book) -> None:
    """Neither the rows nor, with SQLite, the files; whoever has the key reads it as it was."""
    number = full_life(book)
    assert shown(book.store) == []
    if book.store.engine.dialect.name == "sqlite":
        assert in_files(str(book.store.engine.url)) == []
    case = book.case(number)
    assert (case.said.customer, case.reach.value) == (SECRETS["customer"], SECRETS["other_contact"])
    assert case.closing is not None
    assert case.closing.notes == SECRETS["notes"]
    with pytest.raises(NoKey), Store(book.store.engine).read() as reading:
        reading.case(number, book.program.id)


def test_every_secret_is_in_the_clear_without_a_key(plain: Book) -> None:
    """So that the tests around this one look for what is there."""
    full_life(plain)
    assert shown(plain.store) == [*SECRETS]


def test_every_column_that_somebody_types_into_is_personal() -> None:
    """A new text column is sealed, or is named here as one that holds nobody's words."""
    ours = {
        "programs.name", "cases.contact_mark", "cases.other_contact_mark", "cases.reference_mark",
        "events.facts", "notices.error", "vault_keys.proof",
    }  # fmt: skip
    texts = {
        f"{table.name}.{column.name}"
        for table in SQLModel.metadata.sorted_tables
        for column in table.c
        if isinstance(column.type, Text) and column.name not in columns_of(table)
    }
    assert texts <= ours


def test_a_customer_who_calls_again_is_found_though_sealed(book: Book) -> None:
    """By number, by the other number, by reference; not by another's."""
    full_life(book)
    with book.store.read() as reading:
        for contact, reference, expected in (
            (SECRETS["contact"], "", [1]),
            (SECRETS["other_contact"], "", [1]),
            ("+12125550000", SECRETS["reference"], [1]),
            ("+12125550000", "", []),
        ):
            found = reading.related(book.program.id, contact, reference, NOW)
            assert [case.number for case in found] == expected


def test_the_first_key_seals_what_is_there(plain: Book) -> None:
    """Afterwards nothing is in the clear, the case is as it was, its customer is found, and the record holds."""
    number = full_life(plain)
    before = plain.case(number)
    with keyed(plain, new_key()) as store:
        assert not store.ask_now(sealing.is_done)
        left = store.ask_now(sealing.left)
        assert seals(store) == left > 0
        assert store.write_now(sealing.finish, NOW, retire=False) == 0
        assert store.ask_now(sealing.is_done)
        assert wipe.clean(store)
        assert shown(store) == []
        with store.read() as reading:
            assert reading.case(number, plain.program.id) == before
            assert reading.related(plain.program.id, SECRETS["contact"], "", NOW) == [before]
            assert verify(reading, plain.program.id).broken is None
        if store.engine.dialect.name == "sqlite":
            assert in_files(str(store.engine.url)) == []


def test_sealing_goes_on_where_it_stopped(plain: Book) -> None:
    """A batch is done or not; meanwhile everything is read and found, whichever half it is in."""
    for _ in range(BATCH + 5):
        plain.raises()
    with keyed(plain, new_key()) as store:
        seals(store, at_most=2)
        left = store.ask_now(sealing.left)
        assert 0 < left < 3 * (BATCH + 5), "of cases, their callbacks and the record"
        with store.read() as reading:
            assert reading.related(plain.program.id, build.NUMBER, "", NOW)[0].said.customer == "Jane Doe"
            assert reading.case(1, plain.program.id).said.customer == "Jane Doe"
        assert seals(store) == left
        assert store.ask_now(sealing.left) == 0


def test_another_key_seals_anew_and_lets_the_old_one_go(database_url: str) -> None:
    """With both keys first; once all is sealed anew the old one is not asked for any more."""
    old, new = new_key(), new_key()
    with opened(database_url, Vault([old])) as mine:
        mine.store.write_now(keyring.unlock, NOW)
        number = full_life(mine)
        before = mine.case(number)
        with keyed(mine, new, old) as both:
            assert both.write_now(sealing.finish, NOW, retire=True) > 0, "too early"
            seals(both)
            assert both.write_now(sealing.finish, NOW, retire=True) == 0
        with keyed(mine, new) as store, store.read() as reading:
            assert reading.case(number, mine.program.id) == before
            assert reading.related(mine.program.id, SECRETS["contact"], "", NOW) == [before]
            assert verify(reading, mine.program.id).broken is None


def test_what_is_sealed_is_left_as_it_is(book: Book) -> None:
    """A pass over a sealed database changes nothing and leaves no traces to be cleaned."""
    full_life(book)
    before = texts(book.store)
    assert seals(book.store) == 0
    assert texts(book.store) == before


def test_every_personal_text_is_sealed_with_its_row(book: Book) -> None:
    full_life(book)
    for table in sealing.tables():
        for row in book.rows(table):
            assert all(is_sealed(row[name]) for name in columns_of(table) if row[name])


def test_a_database_in_use_is_not_said_to_be_clean(sqlite_url: str) -> None:
    """While somebody reads the old pages the log cannot be emptied: it is tried again later."""
    with opened(sqlite_url, Vault()) as book:
        full_life(book)
        with keyed(book, KEY) as store:
            seals(store)
            reader = sqlite3.connect(make_url(sqlite_url).database or "", isolation_level=None)
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM cases").fetchone()
            with store.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA busy_timeout = 50")
            assert not wipe.clean(store)
            reader.close()
            assert wipe.clean(store)
            assert in_files(sqlite_url) == []
