"""Blanking: what is personal goes, from every row and from every file; what happened and the figures stay."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from cases import moves
from cases.case import Case
from cases.contact import Contact
from cases.errors import NotPossible
from cases.events import Happened
from cases.forms import Promise
from cases.moves import Change
from cases.program import Program
from cases.retention import by_request
from cases.words import ContactKind
from storage import tables as t
from storage.outbox import outbox
from storage.outbox.next_notice import Nothing
from storage.outbox.notices import Card, ProgramLine
from storage.privacy import retention, wipe
from storage.privacy.retention import BATCH, Known
from storage.records import NoticeKind
from storage.store import Store
from storage.vault import Vault, new_key
from storage.verify import verify
from storage.writing.programs import save_program
from tests import build
from tests.build import BEN, DUE, MIA, NOW, acting
from tests.retention import blanked
from tests.storage.book import Book, as_a, at_once, opened
from tests.storage.test_sealing import SECRETS, full_life, in_files, shown

KEPT = timedelta(days=365)
LATER = DUE + KEPT + timedelta(minutes=1)
"""When the case that was closed at DUE has had its time."""


@pytest.fixture
def plain(database_url: str) -> Iterator[Book]:
    """A book without a key: what is blanked was in the clear."""
    with opened(database_url, Vault()) as book:
        yield book


def purges(book: Book, program: Program | None = None) -> int:
    """As the night does; how many cases."""
    count = 0
    while done := book.store.write_now(retention.purge_next, program or book.program, LATER):
        count += done
    return count


def test_after_its_time_nothing_personal_is_left_of_a_case(plain: Book) -> None:
    """In the rows, nor after cleaning in any file of a SQLite database; the rest is as it was."""
    number = full_life(plain)
    plain.delivers(DUE)
    before = plain.case(number)
    assert shown(plain.store) == [*SECRETS]
    assert purges(plain) == 1
    assert wipe.clean(plain.store)
    assert shown(plain.store) == []
    if plain.store.engine.dialect.name == "sqlite":
        assert in_files(str(plain.store.engine.url)) == []
    assert plain.case(number) == blanked(before, LATER)


def test_the_record_holds_and_says_what_was_done(plain: Book) -> None:
    full_life(plain)
    purges(plain)
    with plain.store.read() as reading:
        *lines, last = reading.events(1)
        found = verify(reading, plain.program.id)
    assert (last.kind, last.by, last.facts) == (Happened.BLANKED, "askdesk", {"kept_days": 365})
    assert all(line.said == {} for line in lines)
    assert (found.broken, found.blanked) == (None, 5)


def test_the_card_is_drawn_anew_and_nothing_is_posted(book: Book) -> None:
    """Nobody is called about a case of last year; a card that Slack has deleted meanwhile does not come again."""
    full_life(book)
    book.delivers(DUE)
    purges(book)
    claim = as_a(Card, book.takes(LATER))
    assert (claim.notice.kind, claim.notice.case) == (NoticeKind.CARD, 1)
    assert claim.case.blanked_at == LATER
    book.store.write_now(outbox.card_lost, claim, LATER)
    assert isinstance(book.takes(LATER), Nothing)


def test_what_has_time_left_or_is_open_stays(book: Book) -> None:
    """To the second; an open case is never too old."""
    book.closes(book.claims(book.raises()), DUE + timedelta(minutes=2))
    book.claims(book.raises())
    book.closes(book.claims(book.raises()), DUE)
    before = [book.case(number) for number in (1, 2)]
    assert len(book.store.ask_now(retention.past_retention, book.program, LATER)) == 1
    assert purges(book) == 1
    assert [book.case(number) for number in (1, 2)] == before
    assert book.case(3).blanked_at == LATER
    assert purges(book) == 0, "again"


def test_each_program_keeps_its_own_time(book: Book) -> None:
    other = book.store.write_now(
        lambda unit: save_program(unit, build.program(channel="C0OTHER", retention=timedelta(days=30)))
    )
    book.closes(book.claims(book.raises()), DUE)
    assert purges(book, other) == 0
    assert purges(book, replace(book.program, retention=KEPT * 2)) == 0
    assert purges(book) == 1


def test_many_are_blanked_in_batches_each_once_by_however_many(book: Book) -> None:
    """Two purges side by side: every case is blanked, and its record says so once."""
    for _ in range(BATCH + 3):
        book.closes(book.claims(book.raises()), DUE)
    assert sum(at_once([partial(purges, book) for _ in range(2)])) >= BATCH + 3
    assert len(book.rows(t.events, kind="blanked")) == BATCH + 3
    with book.store.read() as reading:
        assert verify(reading, book.program.id).broken is None


def test_a_blanked_case_can_be_nobodys_business_any_more(book: Book) -> None:
    """It cannot be reopened, and has no number to be shown; the sentence says why."""
    book.closes(book.claims(book.raises()), DUE)
    purges(book)
    again = Promise(LATER + timedelta(hours=1), build.CUSTOMER_ZONE)
    changes: list[Callable[[Case], Change]] = [
        lambda case: moves.show_number(case, acting(MIA, NOW)),
        lambda case: moves.add_note(case, acting(MIA, NOW), "too late"),
        lambda case: moves.reopen(case, acting(MIA, LATER, book.program), again, "She wrote"),
    ]
    for change in changes:
        with pytest.raises(NotPossible, match="has been deleted"):
            book.moves(book.case(1), change, LATER)


def test_a_customer_is_forgotten_by_any_of_their_marks(book: Book) -> None:
    """By number, by the number of a further escalation, by reference; another customer stays."""
    for contact, reference in (
        (SECRETS["contact"], ""),
        (SECRETS["other_contact"], ""),
        (None, SECRETS["reference"]),
    ):
        number = full_life(book)
        book.closes(book.claims(book.raises()), DUE)
        found = book.store.write_now(retention.forget, book.program, contact, reference, LATER)
        assert found == Known((number,), ())
        assert book.case(number).blanked_at == LATER
        assert book.case(number + 1).blanked_at is None
        with book.store.read() as reading:
            assert retention.known(reading, book.program, contact, reference) == Known((), ())


FIRST, SECOND, THIRD = "+12125550141", "+12125550142", "+12125550143"


def with_three_numbers(book: Book) -> int:
    """A closed case that was escalated further twice, each time on another number."""
    case = book.claims(book.raises(build.escalation(contact=Contact(ContactKind.PHONE, FIRST))))
    again = Promise(NOW + timedelta(hours=3), build.CUSTOMER_ZONE)
    for owner, reviewer, number in ((BEN, MIA, SECOND), (MIA, BEN, THIRD)):
        contact = Contact(ContactKind.PHONE, number)
        case = book.moves(
            case,
            lambda one, by=owner, to=reviewer, on=contact: moves.escalate_further(  # type: ignore[misc]
                one, acting(by, NOW, book.program), to, None, again, on, "Needs more"
            ),
        )
    return book.closes(case, NOW + timedelta(hours=3)).number


@pytest.mark.parametrize("number", [FIRST, SECOND, THIRD], ids=["first", "in between", "last"])
@pytest.mark.parametrize("keys", ["no key", "a key", "a new key"])
def test_a_customer_is_forgotten_by_every_number_that_a_case_ever_had(
    database_url: str, number: str, keys: str
) -> None:
    """Also with a key that has sealed nothing yet."""
    old, new = new_key(), new_key()
    with opened(database_url, Vault([] if keys == "no key" else [old])) as book:
        case = with_three_numbers(book)
        other = book.closes(book.claims(book.raises()), DUE).number
        store = Store(book.store.engine, Vault([new, old])) if keys == "a new key" else book.store
        with store.read() as reading:
            assert retention.known(reading, book.program, number, "") == Known((case,), ())
        assert store.write_now(retention.forget, book.program, number, "", LATER) == Known((case,), ())
        with store.read() as reading:
            assert reading.case(case, book.program.id).blanked_at == LATER
            assert reading.case(other, book.program.id).blanked_at is None
            assert retention.known(reading, book.program, number, "") == Known((), ())


def test_a_promise_is_kept_before_its_customer_is_forgotten(book: Book) -> None:
    """The open case is named and stays as it is; the closed ones go."""
    closed = book.closes(book.claims(book.raises()), DUE).number
    still_open = book.claims(book.raises())
    found = book.store.write_now(retention.forget, book.program, build.NUMBER, "", NOW)
    assert found == Known((closed,), (still_open.number,))
    assert book.case(still_open.number) == still_open


def test_that_somebody_was_forgotten_is_in_the_record_and_in_the_channel_without_who(plain: Book) -> None:
    number = full_life(plain)
    plain.delivers(DUE)
    plain.store.write_now(retention.forget, plain.program, SECRETS["contact"], "", LATER)
    told = [one.event for one in plain.delivers(LATER) if isinstance(one, ProgramLine)]
    assert [(event.kind, event.facts) for event in told] == [(Happened.FORGOTTEN, {"cases": str(number)})]
    assert shown(plain.store) == []
    with plain.store.read() as reading:
        assert verify(reading, plain.program.id).broken is None


def test_a_case_that_is_reopened_at_that_moment_is_left_alone(book: Book) -> None:
    case = book.closes(book.claims(book.raises()), DUE)
    again = Promise(LATER + timedelta(hours=1), build.CUSTOMER_ZONE)
    book.moves(
        case, lambda one: moves.reopen(one, acting(MIA, LATER, book.program), again, "She wrote"), LATER
    )
    book.store.write_now(retention.blank, book.program, [1], by_request(), LATER)
    assert book.case(1).said.customer == "Jane Doe"
    assert book.rows(t.events, kind="blanked") == []
