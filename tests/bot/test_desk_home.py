"""What App Home is made of, by role: each case once, where it is most urgent, and nothing that is not theirs to see."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from bot.usecases import cases as usecases
from bot.usecases import home as home_usecases
from bot.usecases.cases import Act
from bot.usecases.home import AtHome
from cases import moves
from cases.audience import Audience
from cases.case import Case
from cases.forms import Promise
from cases.moves import Change
from cases.people import Person
from cases.reminders.rules import Rule
from cases.words import Disposition
from tests import build
from tests.build import ANA, BEN, DUE, MIA, NOW, TESS, acting
from tests.storage.book import Book, opened

SOON = DUE + timedelta(minutes=40)
"""The window of the agreed time is over by 25 minutes."""


@pytest.fixture
def book(sqlite_url: str) -> Iterator[Book]:
    with opened(sqlite_url) as found:
        yield found


def sees(book: Book, who: Person, now: datetime = SOON) -> AtHome:
    return book.store.ask_now(home_usecases.look, book.program, who, {}, now, floor=True)


def numbers(cases: object) -> list[int]:
    assert isinstance(cases, tuple)
    return [linked.case.number for linked in cases]


def runs_out(book: Book, case: Case) -> Case:
    """Three attempts, nobody reached."""
    for ahead in (1, 2, None):
        again = Promise(DUE + timedelta(hours=ahead), build.CUSTOMER_ZONE) if ahead else None

        def in_vain(one: Case, again: Promise | None = again) -> Change:
            return moves.log_outcome(one, acting(BEN, DUE), Disposition.BUSY, "", again)

        case = book.moves(case, in_vain, DUE)
    return case


def test_each_case_stands_once_where_it_is_most_urgent(book: Book) -> None:
    """A TL who raised a case sees it where the desk lists it, not a second time among the escalations."""
    mine = book.claims(book.raises(), TESS)
    late = book.raises(by=TESS)
    free = book.raises(build.escalation(due_at=DUE + timedelta(hours=5)), by=TESS)
    with_ben = book.claims(book.raises(build.escalation(due_at=DUE + timedelta(hours=5)), by=TESS))
    there = sees(book, TESS)
    assert there.floor is not None
    assert numbers(there.mine) == [mine.number]
    assert numbers(there.floor.overdue) == [late.number]
    assert numbers(there.floor.unclaimed) == [free.number]
    assert numbers(there.raised) == [with_ben.number]
    overdue, unclaimed = there.floor.by_urgency.overdue, there.floor.by_urgency.unclaimed
    assert (there.floor.open, len(overdue), len(unclaimed)) == (4, 2, 1)


def test_an_agent_sees_only_their_own_and_an_sme_not_the_managers_part(book: Book) -> None:
    book.raises()
    runs_out(book, book.claims(book.raises()))
    assert sees(book, ANA).floor is None
    assert sorted(numbers(sees(book, ANA).raised)) == [1, 2]
    assert numbers(sees(book, Person("U0ARJUN")).raised) == []
    floor = sees(book, TESS).floor
    assert floor is not None
    assert (floor.sign_off, floor.chased, floor.kept_today) == ((), (), None)


def test_a_manager_sees_who_is_called_about_what_and_when_again(book: Book) -> None:
    book.raises()
    stuck = runs_out(book, book.claims(book.raises()))
    book.beats(SOON)
    floor = sees(book, MIA).floor
    assert floor is not None
    assert numbers(floor.sign_off) == [stuck.number]
    overdue, waits = sorted(floor.chased, key=lambda one: one.case.number)
    assert (overdue.rule, overdue.called) == (Rule.OVERDUE, (Audience.SME_TL, Audience.MANAGERS))
    assert (waits.rule, waits.called) == (Rule.SIGN_OFF, (Audience.MANAGERS,))
    assert overdue.next_at is not None
    assert SOON < overdue.next_at <= SOON + timedelta(minutes=10)
    assert waits.next_at is not None


def test_a_manager_who_owns_a_case_that_waits_for_a_decision_sees_it_once(book: Book) -> None:
    both = Person(BEN.id, BEN.roles | MIA.roles)
    runs_out(book, book.claims(book.raises()))
    there = sees(book, both)
    assert there.floor is not None
    assert (numbers(there.mine), numbers(there.floor.sign_off)) == ([1], [])


def test_what_was_kept_is_told_of_today_and_of_this_week(book: Book) -> None:
    """By the site's days: there it is Tuesday by now."""
    case = book.claims(book.raises())
    book.calls(case, DUE + timedelta(minutes=3))
    book.raises()
    floor = sees(book, MIA).floor
    assert floor is not None
    assert (floor.kept_today, floor.kept_this_week) == ((1, 2), (1, 2))


def test_feedback_stands_with_whoever_may_give_it_and_with_managers_once_it_is_overdue(book: Book) -> None:
    case = book.claims(book.raises())
    form = build.close_form(notes=build.NOTES, missed="one")
    book.store.write_now(usecases.complete, Act(book.program, BEN, DUE, "close"), case.number, form)
    assert len(sees(book, BEN).to_give) == 1
    assert sees(book, TESS).to_give == ()
    mias = sees(book, MIA)
    assert mias.floor is not None
    assert (mias.to_give, mias.floor.coaching_overdue) == ((), ())
    late = sees(book, MIA, NOW + timedelta(days=9)).floor
    assert late is not None
    assert len(late.coaching_overdue) == 1
    assert home_usecases.gives(late.coaching_overdue[0], MIA, NOW + timedelta(days=9))
