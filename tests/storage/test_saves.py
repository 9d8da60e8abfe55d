"""Cases that the agent resolved: kept, counted and deleted like all others, and nobody is called about them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from cases import moves
from cases.case import Case
from cases.errors import NotPossible
from cases.figures.definitions import OF_A_CASE, Figure
from cases.figures.period import week
from cases.figures.report import By
from cases.forms import Promise
from cases.people import Person
from storage import tables as t
from storage.privacy import retention
from storage.reading import Reading
from storage.reports import exporting
from storage.reports.figures import cases_raised, report_of, saves_lately
from storage.unit import UnitOfWork
from storage.verify import verify
from storage.writing.cases import save_change
from tests import build
from tests.build import ANA, BEN, MIA, NOW, acting
from tests.storage.book import Book

ARJUN = replace(ANA, id="U0ARJUN")


def saves(book: Book, who: Person = ANA) -> Case:
    def job(unit: UnitOfWork) -> Case:
        said = build.escalation(department="IT")
        change = moves.save(None, acting(who, NOW, book.program), unit.next_number(), said)
        return save_change(unit, change, book.program, NOW)

    return book.store.write_now(job)


def test_nobody_hears_of_it_and_the_record_holds_it(book: Book) -> None:
    case = saves(book)
    assert book.case(case.number) == replace(case, version=1)
    assert not book.rows(t.notices)
    assert not book.rows(t.reminders)
    assert not book.rows(t.callbacks)
    with book.store.read() as reading:
        assert verify(reading, book.program.id).broken is None
        assert reading.waiting_cases(book.program.id) == []


def test_a_save_that_was_changed_by_hand_shows(book: Book) -> None:
    case = saves(book)
    with book.store.engine.begin() as connection:
        connection.execute(t.cases.update().where(t.cases.c.number == case.number).values(outcome="resolved"))
    with book.store.read() as reading:
        assert "case 1 was changed" in str(verify(reading, book.program.id).broken)


def test_it_counts_as_a_save_and_in_no_other_figure(book: Book) -> None:
    book.raises()
    before = book.store.ask_now(report_of, book.program, week(NOW, build.CUSTOMER_ZONE), NOW)
    for who in (ANA, ANA, ARJUN):
        saves(book, who)
    period = week(NOW, build.CUSTOMER_ZONE)
    for by in (By.AGENT, By.TEAM, By.REASON, By.DEPARTMENT, By.HOUR, None):
        found = book.store.ask_now(report_of, book.program, period, NOW, by)
        assert found.total.share(Figure.SAVED) == (3, 4)
        others = set(OF_A_CASE) - {Figure.SAVED}
        assert {one: found.total.share(one) for one in others} == {
            one: before.total.share(one) for one in others
        }
    agents = book.store.ask_now(report_of, book.program, period, NOW, By.AGENT).groups
    assert {name: tally.share(Figure.SAVED) for name, tally in agents.items()} == {
        "U0ANA": (2, 3),
        "U0ARJUN": (1, 1),
    }
    assert book.store.ask_now(cases_raised, book.program, period) == 1
    assert not book.store.ask_now(report_of, book.program, period, NOW).is_empty


def test_the_agent_and_the_superior_see_it_this_week(book: Book) -> None:
    for by in (ANA, ANA, ARJUN):
        saves(book, by)
    seen = {
        who.id: book.store.ask_now(saves_lately, book.program, who.id, NOW) for who in (ANA, ARJUN, BEN, MIA)
    }
    assert seen == {
        "U0ANA": {"U0ANA": 2},
        "U0ARJUN": {"U0ARJUN": 1},
        "U0BEN": {"U0ANA": 2, "U0ARJUN": 1},
        "U0MIA": {},
    }
    assert not book.store.ask_now(saves_lately, book.program, ANA.id, NOW + timedelta(days=8))


def test_it_is_exported_and_deleted_in_time_and_gets_no_card(book: Book) -> None:
    case = saves(book)
    with book.store.read() as reading:
        (row,) = exporting.cases(reading, book.program.id, week(NOW, "UTC"), NOW, personal=True)
        assert (row.case.number, row.first, row.kept) == (case.number, None, None)
    later = NOW + book.program.retention + timedelta(minutes=1)
    assert book.store.write_now(retention.purge_next, book.program, later) == 1
    held = book.case(case.number)
    assert (held.said.customer, held.said.details, held.blanked_at) == ("", "", later)
    assert not [row for row in book.rows(t.notices) if row["kind"] == "card"]
    with book.store.read() as reading:
        assert verify(reading, book.program.id).broken is None


def test_there_is_nothing_more_to_do_with_it(book: Book) -> None:
    case = saves(book)
    again = Promise(NOW + timedelta(hours=1), build.CUSTOMER_ZONE)
    with pytest.raises(NotPossible, match="The agent resolved case 1"):
        moves.reopen(case, acting(MIA, NOW), again, "Called again")
    with pytest.raises(NotPossible, match="Raise a new case"):
        moves.add_note(case, acting(ANA, NOW), "Called again")


def test_the_next_case_of_the_customer_is_a_repeat_contact(book: Book) -> None:
    case = saves(book)
    found = book.store.ask_now(
        Reading.related, book.program.id, case.said.contact.value, "", NOW - timedelta(days=7)
    )
    assert [one.number for one in found] == [case.number]
