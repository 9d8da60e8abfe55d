"""The record: every line linked to the one before it, so that a changed or missing one shows (house rule 7)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, select, update

from cases.events import Event, Happened
from cases.retention import by_request
from storage import record
from storage import tables as t
from storage.privacy import retention
from storage.reading import Reading
from storage.store import Store
from storage.verify import EVERY, verify
from storage.writing.programs import save_program
from tests import build
from tests.build import DUE, NOW
from tests.storage.book import Book, at_once
from tests.storage.lives import Deed, kept, lives, times, tried

Tampering = Callable[[Connection], None]


def verdict(book: Book, tampering: Tampering | None = None) -> str | None:
    """What verifying the record says; after a tampering, which is taken back."""
    with book.store.engine.connect() as connection:
        if tampering is not None:
            tampering(connection)
        found = verify(Reading(connection, book.store.vault), book.program.id).broken
        connection.rollback()
        return found


def written(book: Book) -> None:
    """Five lines about two cases."""
    first, second = book.raises(), book.raises()
    book.claims(first)
    book.notes(second, "The customer wrote as well.")
    book.closes(first, DUE)


def test_an_empty_record_is_an_alarm(book: Book) -> None:
    """Askdesk writes the first line together with the program: one without any was emptied."""
    assert verdict(book) == "it is empty, and even a new desk's is not"
    written(book)
    assert verdict(book, emptied) == "it is empty, and even a new desk's is not"


def emptied(connection: Connection) -> None:
    connection.execute(delete(t.events))
    _ends_at(0, record.GENESIS)(connection)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(several=st.lists(lives, min_size=1, max_size=3))
def test_it_holds_after_any_work(book: Book, several: list[Sequence[Deed]]) -> None:
    """Whatever people do, to several cases in turn."""
    cases = [book.raises() for _ in several]
    for turn in range(max(len(deeds) for deeds in several)):
        for place, deeds in enumerate(several):
            for deed, now in list(times(deeds))[turn : turn + 1]:
                change = tried(cases[place], deed, now)
                if change is not None:
                    cases[place] = book.moves(cases[place], kept(change), now)
    assert verdict(book) is None


def test_it_holds_when_many_write_at_once(book: Book) -> None:
    """One line after the other, no place twice."""

    def works(agent: int) -> None:
        for turn in range(4):
            book.notes(book.raises(), f"{agent}/{turn}")

    at_once([partial(works, agent) for agent in range(5)])
    assert sorted(row["place"] for row in book.rows(t.events)) == list(range(1, 41))
    assert verdict(book) is None


def test_it_holds_while_others_write_on(book: Book) -> None:
    """A walk sees one moment, whatever is written meanwhile."""
    case = book.raises()

    found: list[str | None] = []

    def writes() -> None:
        for number in range(40):
            book.notes(case, f"note {number}")

    def walks() -> None:
        for _ in range(15):
            with book.store.snapshot() as reading:
                found.append(verify(reading, book.program.id).broken)

    at_once([writes, walks])
    assert found == [None] * 15


def test_programs_have_records_of_their_own(book: Book) -> None:
    """Each begins at line 1 and holds by itself."""
    other = book.store.write_now(lambda unit: save_program(unit, build.program(channel="C0OTHER")))
    book.raises()
    book.raises(program=other)
    book.raises()
    with book.store.read() as reading:
        assert [row["place"] for row in reading.record(book.program.id)] == [1, 2]
        assert [row["place"] for row in reading.record(other.id)] == [1]
    assert verdict(book) is None


def _changed(at_place: int, **values: object) -> Tampering:
    def tamper(connection: Connection) -> None:
        done = connection.execute(update(t.events).where(t.events.c.place == at_place).values(**values))
        assert done.rowcount == 1

    return tamper


def _deleted(place: int) -> Tampering:
    def tamper(connection: Connection) -> None:
        connection.execute(delete(t.events).where(t.events.c.place == place))

    return tamper


def _swapped(connection: Connection) -> None:
    for old, new in ((3, 99), (4, 3), (99, 4)):
        _changed(old, place=new)(connection)


def _gap_closed(connection: Connection) -> None:
    _deleted(3)(connection)
    for place in (4, 5):
        _changed(place, place=place - 1)(connection)


def _linked_anew(connection: Connection) -> None:
    row = connection.execute(select(t.events).where(t.events.c.place == 3)).mappings().one()
    forged = {**row, "by": "U0TESS"}
    _changed(3, by="U0TESS", hash=record.linked(forged))(connection)


def _ends_at(length: int, last: str) -> Tampering:
    def tamper(connection: Connection) -> None:
        connection.execute(update(t.heads).values(length=length, hash=last))

    return tamper


def _ends_before_the_last(connection: Connection) -> None:
    last = connection.execute(select(t.events.c.hash).where(t.events.c.place == 4)).scalar_one()
    _ends_at(4, last)(connection)


TAMPERINGS: dict[str, tuple[Tampering, str]] = {
    "who did it": (_changed(3, by="U0TESS"), "line 3 was changed"),
    "what was done": (_changed(3, kind="taken_over"), "line 3 was changed"),
    "when": (_changed(3, at=NOW.replace(year=2025)), "line 3 was changed"),
    "the facts": (_changed(3, facts='{"raised_by":"U0AMY"}'), "line 3 was changed"),
    "which case": (_changed(3, case_number=2), "line 3 was changed"),
    "the hash of the words": (_changed(3, said_hash="0" * 64), "line 3 was changed"),
    "the words, sealed": (
        _changed(4, said=build.VAULT.seal('{"note":"No."}')),
        "what was said in line 4 was changed",
    ),
    "the seal": (_changed(4, said="\x01nobody:x"), "what was said in line 4 was changed"),
    "the words": (_changed(4, said='{"note":"Nothing."}'), "what was said in line 4 was changed"),
    "a line, linked anew": (_linked_anew, "line 3 was not written by Askdesk"),
    "deleted": (_deleted(3), "line 3 is missing"),
    "deleted, and the gap closed": (_gap_closed, "line 3 does not follow line 2"),
    "first line deleted": (_deleted(1), "line 1 is missing"),
    "swapped": (_swapped, "line 3 does not follow line 2"),
    "the end moved": (_ends_at(4, "0" * 64), "line 4 is not the one that was written last"),
    "a line put behind": (_ends_before_the_last, "line 5 stands behind the last one that was written"),
    "tail cut": (_deleted(5), "lines are missing after line 4"),
}


def test_whatever_is_changed_or_missing_shows(book: Book) -> None:
    """Anywhere in the record, its end included, with the first line that is wrong."""
    written(book)
    assert verdict(book) is None
    for what, (tampering, sentence) in TAMPERINGS.items():
        assert verdict(book, tampering) == sentence, what
    assert verdict(book) is None


def test_what_was_said_may_be_blanked_where_the_record_says_so(book: Book) -> None:
    """After the program's retention: the words go, the chain holds, and a later change still shows."""
    written(book)
    book.store.write_now(retention.blank, book.program, [1], by_request(), NOW)
    assert verdict(book) is None
    with book.store.read() as reading:
        assert [event.said for event in reading.events(1)] == [{}, {}, {}, {}]
        found = verify(reading, book.program.id)
    assert (found.lines, found.blanked, found.unread) == (6, 2, 0)
    assert verdict(book, _changed(4, facts='{"x":1}')) == "line 4 was changed"


def test_words_that_are_gone_without_a_word_show(book: Book) -> None:
    """Only a case whose blanking is in the record may be silent."""
    written(book)
    gone = "what was said in line {} is gone, and nothing in the record says why"
    assert verdict(book, _changed(4, said=None)) == gone.format(4)
    book.store.write_now(retention.blank, book.program, [1], by_request(), NOW)
    assert verdict(book, _changed(4, said=None)) == gone.format(4)


def test_without_the_key_the_links_are_still_walked(book: Book) -> None:
    """What was said cannot be read then, and that is counted, not passed over."""
    written(book)
    with Store(book.store.engine).read() as reading:
        found = verify(reading, book.program.id)
    assert (found.broken, found.lines) == (None, 5)
    assert found.unread == 4 + 2 * len(("customer", "contact", "details")) + len(("notes",))
    assert found.unsure == 5 + len(book.rows(t.cases) + book.rows(t.callbacks) + book.rows(t.attempts))
    with book.store.engine.connect() as connection:
        _changed(3, by="U0TESS")(connection)
        assert verify(Reading(connection), book.program.id).broken == "line 3 was changed"


def test_whoever_watches_hears_of_every_line(book: Book) -> None:
    many = [Event(Happened.NOTED, "U0ANA", {}, {"note": str(number)}) for number in range(EVERY + 4)]
    book.store.write_now(lambda unit: unit.append(many, book.program.id, None, NOW))
    heard: list[int] = []
    with book.store.read() as reading:
        found = verify(reading, book.program.id, heard.append)
    assert (heard, found.lines) == ([EVERY, 4], EVERY + 4)


def test_blanked_words_cannot_be_found_by_trying(book: Book) -> None:
    """Two lines with the same words have different hashes: a salt goes with the words."""
    case = book.raises()
    book.notes(case, "same words")
    book.notes(case, "same words")
    hashes = [row["said_hash"] for row in book.rows(t.events, kind="noted")]
    assert len(set(hashes)) == 2
