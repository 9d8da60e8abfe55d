"""Languages that were written out: the list's become codes, anything else is personal, whichever version wrote it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from sqlalchemy import update

from cases.figures.export import Told, columns, row
from cases.figures.facts import FirstPromise
from cases.languages import name, names, offered
from scheduler.tasks import Tasks
from scheduler.upkeep import Upkeep
from storage import tables as t
from storage.privacy import languages, retention
from storage.store import Store
from storage.vault import Vault
from storage.verify import verify
from tests import build
from tests.build import DUE, NOW, VAULT
from tests.storage.book import Book, opened
from tests.storage.test_sealing import texts

SECRET = "Zapotec, his sister Zita translates"
WRITTEN = ["Spanish", "TAGALOG", "es", "deutsch", "中文", "pt-BR", "", SECRET]
CODES = ["es", "tl", "es", "de", "zh", "pt", "", ""]


@pytest.fixture(params=[Vault(), VAULT], ids=["plain", "sealed"])
def book(database_url: str, request: pytest.FixtureRequest) -> Iterator[Book]:
    with opened(database_url, request.param) as found:
        yield found


def wrote(book: Book, language: str) -> int:
    """A case as a bot of the version before keeps it; its number."""
    number = book.closes(book.calls(book.claims(book.raises()), DUE), DUE).number
    older(book, number, language)
    return number


def older(book: Book, number: int, language: str) -> None:
    with book.store.engine.begin() as connection:
        connection.execute(update(t.cases).where(t.cases.c.number == number).values(language=language))
    book.as_before_keys()


def upkeep(book: Book) -> None:
    """What a bot does beside its work when it starts."""
    asyncio.run(Upkeep(book.store, lambda: DUE, Tasks(), lambda: [book.program]).seal())


def exported(book: Book, number: int, *, personal: bool) -> str:
    """A case's line of an export."""
    case = book.case(number)
    return str(
        row(Told(case, FirstPromise(DUE, build.program().window, None), NOW), columns(personal=personal))
    )


def stands(store: Store) -> bool:
    """Whether anybody reads the secret who has the rows but not the key."""
    return SECRET in "\n".join(texts(store))


def test_what_is_there_is_mapped_and_the_rest_is_personal(book: Book) -> None:
    numbers = [wrote(book, written) for written in WRITTEN]
    upkeep(book)
    rows = book.rows(t.cases)
    assert [one["language"] for one in rows] == CODES
    assert [book.case(number).said.language for number in numbers] == CODES
    assert book.case(numbers[-1]).said.language_written == SECRET
    assert stands(book.store) != book.store.vault.has_key
    assert [one["language_written"] for one in rows[:-1]] == [None] * (len(rows) - 1)
    with book.store.read() as reading:
        assert languages.written_out(reading) == []
        assert verify(reading, book.program.id).broken is None


def test_before_it_is_moved_it_counts_as_personal_already(book: Book) -> None:
    """A bot of the version before may write it at any time of a rolling upgrade."""
    number = wrote(book, SECRET)
    assert SECRET not in exported(book, number, personal=False)
    assert SECRET in exported(book, number, personal=True)
    older(book, number, "Spanish")
    assert "'language': 'es'" in exported(book, number, personal=False)


def test_a_move_on_the_case_moves_it_as_well(book: Book) -> None:
    number = wrote(book, SECRET)
    book.notes(book.case(number), "He called again.")
    assert (book.case(number).said.language, book.rows(t.cases)[0]["language"]) == ("", "")
    assert stands(book.store) != book.store.vault.has_key


def test_it_does_not_survive_that_a_customer_is_forgotten(book: Book) -> None:
    number, chosen = wrote(book, SECRET), wrote(book, "es")
    book.store.write_now(retention.forget, book.program, build.NUMBER, "", DUE)
    assert not stands(book.store)
    assert (book.case(number).said.language, book.case(number).said.language_written) == ("", "")
    assert book.case(chosen).said.language == "es"


def test_of_a_case_that_was_blanked_before_nothing_is_left(book: Book) -> None:
    number = wrote(book, "")
    book.store.write_now(retention.forget, book.program, build.NUMBER, "", DUE)
    older(book, number, SECRET)
    upkeep(book)
    assert not stands(book.store)


def test_several_bots_settle_a_case_once(book: Book) -> None:
    wrote(book, SECRET)
    with book.store.read() as reading:
        found = languages.written_out(reading)
    assert [book.store.write_now(languages.settle, found, DUE) for _ in range(2)] == [1, 0]
    assert len(book.rows(t.events, kind="language_settled")) == 1


def test_the_programs_own_languages_come_first_then_what_is_closest() -> None:
    assert offered("", ("fil", "es"))[:2] == ["fil", "es"]
    assert offered("", ())[:1] == [next(iter(names()))]
    assert offered("span", ("fil",)) == ["es"]
    assert offered("CHINESE", ())[0] == "zh"
    assert name(offered("norwegian", ())[0]) == "Norwegian"
    assert offered("no such language", ("es",)) == []
