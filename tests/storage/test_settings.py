"""Settings that a manager changed: kept whole, noticed by every replica, and followed by the reminders that wait."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from cases.events import Event, Happened
from cases.program import Ladder, Program
from storage import tables as t
from storage.reading import Reading
from storage.records import NoticeKind
from storage.writing.cases import rename_department
from storage.writing.programs import save_settings
from tests import build
from tests.build import DUE, NOW
from tests.storage.book import Book

CHANGED = Event(Happened.SETTINGS_CHANGED, "U0MIA", {"Name": "Billing → Invoices"})


def minutes(number: int) -> timedelta:
    return timedelta(minutes=number)


def changes(book: Book, now: datetime, **ladder: Any) -> Program:
    """A manager changes numbers of the ladder."""
    before = book.program
    book.program = replace(before, ladder=replace(before.ladder, **ladder))
    book.store.write_now(save_settings, before, book.program, CHANGED, now)
    return book.program


def waiting(book: Book) -> dict[str, tuple[int, datetime]]:
    """The step and time of every reminder that waits, by its rule."""
    columns = (t.reminders.c.rule, t.reminders.c.step, t.reminders.c.due_at)
    with book.store.engine.connect() as connection:
        rows = connection.execute(select(*columns).where(t.reminders.c.state == "waiting")).all()
    return {row.rule: (row.step, row.due_at) for row in rows}


def test_the_version_grows_with_every_change(book: Book) -> None:
    first = book.store.ask_now(Reading.programs_version)
    changes(book, NOW, burst_over=9)
    assert book.store.ask_now(Reading.programs_version) > first
    assert book.store.ask_now(Reading.programs)[0].ladder.burst_over == 9


def test_a_case_that_comes_with_the_settings_of_before_is_reminded_by_the_new_ones(book: Book) -> None:
    """Whoever raised it had not heard of the change: another replica, or this one a moment ago."""
    known_before = book.program
    changes(book, NOW, unclaimed=(2, 5), heads_up=30)
    book.raises(program=known_before)
    assert waiting(book)["unclaimed"] == (0, NOW + minutes(2))
    assert waiting(book)["heads_up"] == (0, DUE - minutes(30))


def test_a_shorter_ladder_moves_the_reminders_that_wait(book: Book) -> None:
    book.raises()
    changes(book, NOW, unclaimed=(2, 5), heads_up=30)
    found = waiting(book)
    assert found["unclaimed"] == (0, NOW + minutes(2))
    assert found["heads_up"] == (0, DUE - minutes(30))
    assert found["due"] == (0, DUE)
    assert found["overdue"] == (0, DUE + minutes(15))


def test_a_case_that_nobody_heard_of_yet_is_told_at_once(book: Book) -> None:
    """The first step of the new ladder has passed: nobody waits for the second."""
    book.raises()
    now = NOW + minutes(2)
    changes(book, now, unclaimed=(1, 15))
    assert waiting(book)["unclaimed"] == (0, now)
    book.beats(now)
    assert waiting(book)["unclaimed"] == (1, NOW + minutes(15))


def test_what_was_sent_stays_sent_and_the_chain_goes_on_ahead(book: Book) -> None:
    book.raises()
    book.beats(NOW + minutes(3))
    now = NOW + minutes(4)
    changes(book, now, unclaimed=(2, 6, 20))
    assert waiting(book)["unclaimed"] == (1, NOW + minutes(6))
    book.beats(NOW + minutes(6))
    assert waiting(book)["unclaimed"] == (2, NOW + minutes(20))


def test_all_steps_have_passed_and_not_everybody_has_heard(book: Book) -> None:
    """The managers, who come last, hear of it at once."""
    book.raises()
    book.beats(NOW + minutes(3))
    now = NOW + minutes(6)
    changes(book, now, unclaimed=(1, 2, 5))
    assert waiting(book)["unclaimed"] == (1, now)


def test_a_longer_ladder_after_many_reminders_leaves_no_step_out(book: Book) -> None:
    """Six reminders went out; the new ladder's second and third step still lie ahead, and both are sent."""
    changes(book, NOW, unclaimed=(1, 2, 3, 4, 5, 6))
    book.raises()
    for minute in range(1, 7):
        book.beats(NOW + minutes(minute))
    changes(book, NOW + minutes(6), unclaimed=(3, 30, 60))
    assert waiting(book)["unclaimed"] == (6, NOW + minutes(30))
    book.beats(NOW + minutes(30))
    assert waiting(book)["unclaimed"] == (7, NOW + minutes(60))


def test_overdue_reminders_follow_the_new_numbers(book: Book) -> None:
    book.claims(book.raises())
    end = DUE + minutes(15)
    book.beats(end)
    changes(book, end + minutes(2), overdue_managers=5)
    assert waiting(book)["overdue"] == (1, end + minutes(5))
    changes(book, end + minutes(4), overdue_managers=2)
    assert waiting(book)["overdue"] == (1, end + minutes(4))


def test_other_numbers_move_nothing(book: Book) -> None:
    book.raises()
    book.beats(NOW + minutes(3))
    before = waiting(book)
    changes(book, NOW + minutes(5), burst_over=9, call_may_take=10, sign_off_every=60)
    assert waiting(book) == before


@pytest.mark.parametrize("heads_up", [5, 60])
def test_a_heads_up_that_was_too_short_for_the_old_ladder_may_fit_the_new_one(
    book: Book, heads_up: int
) -> None:
    """Raised ten minutes ahead, there is none; with five minutes there is; with sixty there is none either."""
    book.raises(build.escalation(due_at=NOW + minutes(10)))
    assert "heads_up" not in waiting(book)
    changes(book, NOW, heads_up=heads_up)
    assert waiting(book).get("heads_up") == ((0, NOW + minutes(5)) if heads_up == 5 else None)


def test_a_heads_up_that_was_sent_is_not_sent_again(book: Book) -> None:
    book.claims(book.raises())
    book.beats(DUE - minutes(15))
    changes(book, DUE - minutes(14), heads_up=5)
    assert "heads_up" not in waiting(book)


def test_promises_that_were_given_keep_their_window(book: Book) -> None:
    case = book.raises()
    before = book.program
    book.program = replace(before, window=minutes(60), ladder=Ladder(unclaimed=(9,)))
    book.store.write_now(save_settings, before, book.program, CHANGED, NOW)
    assert waiting(book)["overdue"] == (0, DUE + minutes(15))
    assert book.store.ask_now(Reading.case, case.number, book.program.id).callback == case.callback


def test_a_department_that_is_renamed_takes_its_cases_along(book: Book) -> None:
    there = book.raises(build.escalation(department="IT"))
    elsewhere = book.raises()
    book.store.write_now(rename_department, book.program, "IT", "Tech", NOW)
    read = [book.store.ask_now(Reading.case, case.number, book.program.id) for case in (there, elsewhere)]
    assert [case.department for case in read] == ["Tech", None]
    book.claims(read[0])


def test_cards_follow_what_they_show_of_the_settings(book: Book) -> None:
    """The site's days stand on a card that tells through whose hands its case went; other settings do not."""
    book.raises()
    book.delivers()
    for after, drawn in (
        (replace(book.program, name="Billing"), 0),
        (replace(book.program, timezone="Europe/Paris"), 1),
    ):
        book.store.write_now(save_settings, book.program, after, CHANGED, NOW)
        assert sum(one.notice.kind is NoticeKind.CARD for one in book.delivers()) == drawn
