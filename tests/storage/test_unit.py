"""One change is one transaction: whole or not at all, on what stands, each thing once."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from functools import partial
from itertools import chain

import pytest
from sqlalchemy import text
from sqlalchemy.exc import StatementError

from cases import moves
from cases.case import Case, Status
from cases.errors import NoSuchCase, NotPossible
from cases.people import Person
from storage import tables as t
from storage.store import TRIES
from storage.unit import StaleCase, UnitOfWork
from storage.writing.cases import save_change
from storage.writing.programs import save_program
from tests import build
from tests.build import ANA, BEN, DUE, MIA, NOW, TESS, acting
from tests.storage.book import Book, at_once


class Stumbles(Exception):
    """Something that goes wrong in the middle of a change."""


def test_a_change_that_fails_leaves_nothing(book: Book) -> None:
    """Number, case, promise, record, reminders, notices, key: all of it is rolled back."""
    book.claims(book.raises())
    before, heads = book.counts(), book.rows(t.heads)

    def job(unit: UnitOfWork) -> None:
        assert unit.once("view:V1", NOW)
        change = moves.raise_case(
            None, acting(ANA, NOW, book.program), unit.next_number(), build.escalation()
        )
        save_change(unit, change, book.program, NOW)
        save_change(
            unit, moves.claim(unit.locked_case(2, book.program.id), acting(BEN, NOW)), book.program, NOW
        )
        raise Stumbles

    with pytest.raises(Stumbles):
        book.store.write_now(job)
    assert (book.counts(), book.rows(t.heads)) == (before, heads)
    assert book.raises().number == 2, "the number was not used up"


def test_a_change_is_kept_whole(book: Book) -> None:
    """What one submission means, in rows."""
    case = book.raises()
    assert case.number == 1
    assert book.case(1) == case
    counts = book.counts()
    assert {name: counts[name] for name in ("cases", "callbacks", "events", "record_heads")} == {
        "cases": 1,
        "callbacks": 1,
        "events": 1,
        "record_heads": 1,
    }
    assert {row["rule"] for row in book.rows(t.reminders)} == {"due", "overdue", "heads_up", "unclaimed"}
    assert [row["kind"] for row in book.rows(t.notices)] == ["card", "confirmation"]


def test_instants_come_back_aware_and_equal(book: Book) -> None:
    """To the microsecond, whatever zone they were given in."""
    there = timezone(timedelta(hours=5, minutes=45))
    due = DUE.replace(microsecond=123_456).astimezone(there)
    book.raises(build.escalation(due_at=due))
    found = book.case(1)
    assert found.callback is not None
    for instant in (found.said.due_at, found.callback.due_at, found.first_due_at):
        assert instant == due
        assert instant is not None
        assert instant.utcoffset() == timedelta()


def test_a_naive_instant_is_refused(book: Book) -> None:
    """Nobody can say later which zone was meant."""
    naive = datetime(2026, 11, 23, 15, 0)  # noqa: DTZ001
    with pytest.raises(StatementError, match="time zone"):
        book.store.write_now(lambda unit: unit.once("view:V1", naive))
    assert book.rows(t.handled) == []


def test_a_stale_case_is_not_saved(book: Book) -> None:
    """Two people read the same case; the second to save is told, and the first one's change stays."""
    book.raises()
    first, second = book.case(1), book.case(1)
    claimed = moves.claim(first, acting(BEN, NOW))
    book.store.write_now(lambda unit: save_change(unit, claimed, book.program, NOW))
    before = book.counts()
    with pytest.raises(StaleCase), book.store.begin() as unit:
        save_change(unit, moves.claim(second, acting(TESS, NOW)), book.program, NOW)
    assert book.counts() == before
    assert book.case(1).owner == BEN.id


def test_a_stale_change_is_made_again_on_what_stands(book: Book) -> None:
    """`write_now` reads anew: the late claimer hears that Ben was first, instead of overwriting him."""
    book.raises()
    tries: list[Case] = []

    def claims_too_late(unit: UnitOfWork) -> Case:
        case = unit.case(1, book.program.id)
        tries.append(case)
        if len(tries) == 1:  # between reading and saving somebody else came first
            unit.connection.execute(text("UPDATE cases SET version = version + 1"))
        return save_change(unit, moves.claim(case, acting(TESS, NOW)), book.program, NOW)

    assert book.store.write_now(claims_too_late).owner == TESS.id
    assert [case.version for case in tries] == [1, 1], "what the failed try did was rolled back"

    def always_stale(unit: UnitOfWork) -> Case:
        tries.append(unit.case(1, book.program.id))
        raise StaleCase("case 1")

    tries.clear()
    with pytest.raises(StaleCase):
        book.store.write_now(always_stale)
    assert len(tries) == TRIES


def test_what_the_job_itself_refuses_is_not_tried_again(book: Book) -> None:
    """A refusal is an answer."""
    book.claims(book.raises())
    tries = []

    def claims(unit: UnitOfWork) -> Case:
        tries.append(1)
        return save_change(
            unit, moves.claim(unit.locked_case(1, book.program.id), acting(BEN, NOW)), book.program, NOW
        )

    with pytest.raises(NotPossible, match="already have case 1"):
        book.store.write_now(claims)
    assert len(tries) == 1


def test_only_the_first_of_many_claims_wins(book: Book) -> None:
    """Eight team leads click at once: one has it, the others are told who."""
    case = book.raises()
    leads = [Person(f"U0TL{n}", BEN.roles) for n in range(8)]

    def claim(who: Person) -> str:
        try:
            return f"{book.claims(case, who).owner}"
        except NotPossible as refusal:
            return refusal.sentence

    answers = at_once([partial(claim, who) for who in leads])
    owner = book.case(1).owner
    assert answers.count(owner or "") == 1
    assert sum(f"<@{owner}>" in answer for answer in answers) == 7
    assert len(book.rows(t.events, kind="claimed")) == 1


def test_numbers_have_no_gaps_however_many_raise_at_once(book: Book) -> None:
    """Some of them fail half-way; people say "case 42" and there is one."""

    def takes_a_number_and_stumbles(unit: UnitOfWork) -> None:
        unit.next_number()
        raise Stumbles

    def raise_some(agent: int) -> list[int]:
        numbers = []
        for turn in range(5):
            numbers.append(book.raises(build.escalation(customer=f"{agent}/{turn}")).number)
            with pytest.raises(Stumbles):
                book.store.write_now(takes_a_number_and_stumbles)
        return numbers

    found = sorted(chain(*at_once([partial(raise_some, agent) for agent in range(6)])))
    assert found == list(range(1, 31))
    assert [row["number"] for row in book.rows(t.cases)] == found


def test_no_update_is_lost(book: Book) -> None:
    """Read, then write, from many threads: on SQLite's default transactions most of these would vanish."""
    book.raises()

    def job(unit: UnitOfWork) -> None:
        case = unit.locked_case(1, book.program.id)
        save_change(unit, moves.show_number(case, acting(MIA, NOW)), book.program, NOW)

    at_once([lambda: [book.store.write_now(job) for _ in range(10)] for _ in range(4)])
    assert book.case(1).version == 41
    assert len(book.rows(t.events, kind="number_shown")) == 40


def test_what_arrives_twice_acts_once(book: Book) -> None:
    """A key is new once, also for two who come together; `forget` gives it back."""
    assert book.store.write_now(UnitOfWork.once, "view:V1", NOW)
    assert not book.store.write_now(UnitOfWork.once, "view:V1", NOW)
    answers = at_once([lambda: book.store.write_now(UnitOfWork.once, "click:T1", NOW) for _ in range(6)])
    assert sorted(answers) == [False] * 5 + [True]
    book.store.write_now(UnitOfWork.forget, "view:V1")
    assert book.store.write_now(UnitOfWork.once, "view:V1", NOW)


def test_keys_are_kept_for_as_long_as_a_retry_may_come(book: Book) -> None:
    """Then they are forgotten."""
    book.store.write_now(UnitOfWork.once, "old", NOW - timedelta(days=3))
    book.store.write_now(UnitOfWork.once, "young", NOW)
    book.store.write_now(UnitOfWork.forget_handled, NOW - timedelta(days=2))
    assert [row["key"] for row in book.rows(t.handled)] == ["young"]


def test_a_program_sees_only_its_own_cases(book: Book) -> None:
    """Somebody else's number is no case here."""
    other = book.store.write_now(
        lambda unit: save_program(unit, build.program(channel="C0OTHER", name="Contoso"))
    )
    case = book.raises(program=other)
    with pytest.raises(NoSuchCase):
        book.case(case.number)
    with pytest.raises(NoSuchCase), book.store.begin() as unit:
        unit.locked_case(case.number, book.program.id)
    with book.store.read() as reading:
        assert reading.waiting_cases(book.program.id) == []
        assert [one.number for one in reading.waiting_cases(other.id)] == [case.number]


def test_a_program_is_kept_by_its_channel_and_comes_back_equal(book: Book) -> None:
    """Started again with other settings, it is the same program."""
    again = build.program(name="Northwind Care", sme_users=("U0SAM",), attempts=5)
    kept = book.store.write_now(lambda unit: save_program(unit, again))
    assert kept.id == book.program.id
    with book.store.read() as reading:
        assert reading.programs() == (kept,)


def test_cases_that_wait_come_with_the_earliest_promise_first(book: Book) -> None:
    """And the closed ones do not come at all."""
    late = book.raises(build.escalation(due_at=DUE + timedelta(hours=3)))
    soon = book.raises(build.escalation(due_at=DUE))
    done = book.claims(book.raises())
    book.closes(done, DUE)
    assert book.case(done.number).status is Status.CLOSED
    with book.store.read() as reading:
        assert [case.number for case in reading.waiting_cases(book.program.id)] == [soon.number, late.number]
