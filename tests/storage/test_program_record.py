"""What happens to a program itself: in its record beside what happens to its cases, and in its channel."""

from __future__ import annotations

from dataclasses import replace

from cases.events import Event, Happened
from cases.settings import KnownGroups, changes, facts, in_words
from storage.outbox.notices import ProgramLine
from storage.verify import verify
from storage.writing.notices import note_on_program
from tests.build import MIA, NOW
from tests.storage.book import Book

CHANGED = Event(Happened.SETTINGS_CHANGED, MIA.id, {"Window": "15 min → 20 min"})


def test_it_is_a_line_of_the_record_and_one_in_the_channel(book: Book) -> None:
    """Linked to the lines before and after it; of no case."""
    case = book.raises()
    book.store.write_now(note_on_program, book.program, CHANGED, NOW)
    book.claims(case)
    with book.store.read() as reading:
        assert verify(reading, book.program.id).broken is None
        kinds = [(row["kind"], row["case_number"]) for row in reading.record(book.program.id)]
    assert kinds == [("raised", 1), ("settings_changed", None), ("claimed", 1)]
    (line,) = [one for one in book.delivers() if isinstance(one, ProgramLine)]
    assert line.notice.case is None
    assert (line.event.case, line.event.by, line.event.facts) == (None, MIA.id, CHANGED.facts)


def test_lines_of_a_program_keep_their_order_and_hold_no_case_back(book: Book) -> None:
    """They are a line of their own beside the cases'."""
    for place in range(3):
        event = Event(Happened.SETTINGS_CHANGED, MIA.id, {"Window": str(place)})
        book.store.write_now(note_on_program, book.program, event, NOW)
    book.raises()
    gone = book.delivers()
    told = [one.event.facts["Window"] for one in gone if isinstance(one, ProgramLine)]
    assert told == ["0", "1", "2"]
    assert {one.notice.case for one in gone} == {None, 1}


def test_a_record_with_changes_in_words_and_as_data_verifies_and_reads(book: Book) -> None:
    """Versions before wrote the words; what is written now is data, and both stay as they are in the chain."""
    told = facts(changes(book.program, replace(book.program, attempts=5)), KnownGroups())
    book.store.write_now(note_on_program, book.program, CHANGED, NOW)
    book.store.write_now(note_on_program, book.program, Event(Happened.SETTINGS_CHANGED, MIA.id, told), NOW)
    with book.store.read() as reading:
        assert verify(reading, book.program.id).broken is None
        events = [reading.event(row["id"]) for row in reading.record(book.program.id)]
    assert [line.text for event in events for line in in_words(event.facts)] == ["15 min → 20 min", "3 → 5"]
