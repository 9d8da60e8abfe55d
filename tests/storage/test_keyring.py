"""A database and its keys: a wrong one refuses to start, rather than writing what nobody can read."""

from __future__ import annotations

from contextlib import closing
from functools import partial

import pytest
from sqlalchemy import update

from storage import tables as t
from storage.outbox import replicas
from storage.privacy import keyring
from storage.store import Store
from storage.tables import Stage
from storage.vault import NoKey, Vault, VaultError, WrongKey, new_key
from storage.writing.programs import save_program
from tests import build
from tests.build import NOW
from tests.storage.book import Book, at_once

FIRST, SECOND = new_key(), new_key()


def starts(book: Book, *keys: str) -> None:
    """As a bot with these keys does."""
    Store(book.store.engine, Vault(keys)).write_now(keyring.unlock, NOW)


def test_without_a_key_nothing_is_entered(book: Book) -> None:
    starts(book)
    assert book.rows(t.keys) == []


def test_the_first_key_is_entered_and_the_same_one_starts_again(book: Book) -> None:
    starts(book, FIRST)
    starts(book, FIRST)
    (entered,) = book.rows(t.keys)
    assert entered["since"] == NOW
    assert FIRST not in str(entered)


def test_another_key_refuses_and_leaves_the_database_as_it_was(book: Book) -> None:
    starts(book, FIRST)
    before = book.rows(t.keys)
    with pytest.raises(WrongKey, match="nothing was changed"):
        starts(book, SECOND)
    with pytest.raises(NoKey, match="ENCRYPTION_KEY is missing"):
        starts(book)
    assert book.rows(t.keys) == before


def test_a_new_key_comes_before_the_old_one(book: Book) -> None:
    """Both are needed from then on, until everything is sealed with the new one."""
    starts(book, FIRST)
    starts(book, SECOND, FIRST)
    assert len(book.rows(t.keys)) == 2
    for keys in ([FIRST], [SECOND]):
        with pytest.raises(WrongKey):
            starts(book, *keys)
    starts(book, FIRST, SECOND)


def test_of_two_that_start_at_once_with_different_keys_one_refuses(book: Book) -> None:
    def tried(key: str) -> bool:
        try:
            starts(book, key)
        except VaultError:
            return False
        return True

    assert sorted(at_once([partial(tried, new_key()) for _ in range(2)])) == [False, True]
    assert len(book.rows(t.keys)) == 1


@pytest.mark.parametrize("from_before", [False, True])
def test_a_new_database_believes_only_what_is_sealed_from_its_first_start(
    database_url: str, from_before: bool
) -> None:
    """Not where a bot of an older version is at work: it seals as before, and may open the first program."""
    with closing(Store.at(database_url, Vault([FIRST]))) as store:
        if from_before:
            store.write_now(replicas.note_beat, "older")
            with store.engine.begin() as connection:
                connection.execute(update(t.replicas).values(stage=int(Stage.LINKED)))
        store.write_now(keyring.unlock, NOW)
        program = store.write_now(lambda unit: save_program(unit, build.program()))
        assert store.vault.strict is not from_before
        head = store.ask_now(lambda reading: reading.record_head(program.id))
    assert head is not None
    assert head.is_ours
    assert head.stage is (Stage.LINKED if from_before else Stage.BOUND)
