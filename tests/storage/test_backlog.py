"""The figures that operators watch: what waits and since when, what was given up, how the desks stand."""

from __future__ import annotations

from datetime import timedelta

from cases.case import Status
from storage.outbox import outbox
from storage.outbox.notices import Claimed
from storage.records import NoticeState
from storage.reports.backlog import Backlog, figures, parked
from tests import build
from tests.build import NOW
from tests.storage.book import Book

SOON = NOW + timedelta(minutes=2)


def test_what_waits_and_since_when(book: Book) -> None:
    """A new case: its card and the word to its agent; nothing is due yet."""
    book.raises()
    found = book.store.ask_now(figures, SOON)
    assert found.notices == {NoticeState.WAITING: 2, NoticeState.SENDING: 0, NoticeState.PARKED: 0}
    assert found.late_notices == Backlog(2, NOW)
    assert found.due_reminders == Backlog(0, None)
    book.delivers(SOON)
    assert book.store.ask_now(figures, SOON).late_notices == Backlog(0, None)


def test_what_came_due_and_was_not_looked_at(book: Book) -> None:
    """Until a beat settles it."""
    book.raises()
    later = NOW + timedelta(minutes=4)
    due = book.store.ask_now(figures, later).due_reminders
    assert (due.count, due.since) == (1, NOW + timedelta(minutes=3))
    book.beats(later)
    assert book.store.ask_now(figures, later).due_reminders.count == 0


def test_what_waits_for_its_time_is_not_late(book: Book) -> None:
    book.raises()
    claim = book.takes()
    assert isinstance(claim, Claimed)
    book.store.write_now(outbox.later, claim.notice, SOON, "rate limited", uncertain=False)
    assert book.store.ask_now(figures, NOW).late_notices.count == 1, "the confirmation only"


def test_what_slack_refused_for_good_is_named(book: Book) -> None:
    case = book.raises()
    claim = book.takes()
    assert isinstance(claim, Claimed)
    book.store.write_now(outbox.park, claim.notice, "invalid_blocks", NOW)
    count, (last,) = book.store.ask_now(parked)
    assert (count, last.kind, last.case, last.error) == (1, "card", case.number, "invalid_blocks")
    assert book.store.ask_now(figures, NOW).notices[NoticeState.PARKED] == 1


def test_each_desk_has_its_own_cases(book: Book) -> None:
    """Open, claimed and overdue; what is closed is not looked at."""
    book.raises(build.escalation(due_at=NOW + timedelta(hours=1)))
    book.claims(book.raises(build.escalation(due_at=NOW + timedelta(hours=1))))
    book.closes(book.claims(book.raises()), NOW)
    (desk,) = book.store.ask_now(figures, NOW).programs
    assert (desk.program.id, desk.cases, desk.overdue) == (
        book.program.id,
        {Status.OPEN: 1, Status.CLAIMED: 1},
        0,
    )
    late = NOW + timedelta(hours=1) + book.program.window
    assert book.store.ask_now(figures, late - timedelta(seconds=1)).programs[0].overdue == 0
    assert book.store.ask_now(figures, late).programs[0].overdue == 2
