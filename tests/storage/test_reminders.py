"""The schedule is a table: each move plans and drops its chains; what is due is taken once, by whoever comes first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from cases import moves
from cases.case import Case
from cases.forms import Promise
from cases.moves import Change
from cases.people import Person
from cases.reminders.engine import wanted
from cases.words import Disposition
from storage import tables as t
from storage.outbox import schedule
from storage.writing.cases import save_case
from storage.writing.reminders import reminder_row
from tests import build
from tests.build import ANA, BEN, CUSTOMER_ZONE, DUE, MIA, NOW, TESS, acting
from tests.storage.book import Book, at_once
from tests.storage.lives import Deed, kept, lives, times, tried

WINDOW = timedelta(minutes=15)


def waiting(book: Book, case: Case | None = None) -> dict[tuple[str, int, int], datetime]:
    """The reminders that wait: (rule, callback, round) and when."""
    where = {"state": "waiting"} | ({"case_number": case.number} if case else {})
    return {
        (row["rule"], row["callback"], row["round"]): row["due_at"] for row in book.rows(t.reminders, **where)
    }


def pings(book: Book) -> list[tuple[str, int]]:
    """The pings written so far: rule and step."""
    return [(row["rule"], row["step"]) for row in book.rows(t.notices, kind="ping")]


def test_a_new_case_has_its_whole_ladder_planned(book: Book) -> None:
    """The first step of every chain."""
    book.raises()
    assert waiting(book) == {
        ("unclaimed", 0, 0): NOW + timedelta(minutes=3),
        ("heads_up", 1, 0): DUE - timedelta(minutes=15),
        ("due", 1, 0): DUE,
        ("overdue", 1, 0): DUE + WINDOW,
    }


def test_a_time_at_short_notice_has_no_heads_up(book: Book) -> None:
    """A warning for what is already near says nothing."""
    book.raises(build.escalation(due_at=NOW + timedelta(minutes=10)))
    assert {rule for rule, _, _ in waiting(book)} == {"unclaimed", "due", "overdue"}


def _busy(again: Promise, case: Case) -> Change:
    return moves.log_outcome(case, acting(BEN, NOW), Disposition.BUSY, "", again)


def test_each_move_plans_and_drops_its_chains(book: Book) -> None:
    """In the transaction of the move: from the claim to the reopening."""
    case = book.raises()
    promise = {("heads_up", 1, 0), ("due", 1, 0), ("overdue", 1, 0)}
    case = book.claims(case)
    assert set(waiting(book)) == promise

    case = book.moves(case, lambda one: moves.release(one, acting(BEN, NOW), "my shift ends"))
    assert set(waiting(book)) == promise | {("unclaimed", 0, 1)}, "the ladder starts again"

    case = book.claims(case)
    again = Promise(DUE + timedelta(days=1), CUSTOMER_ZONE)
    case = book.moves(case, lambda one: moves.reschedule(one, acting(ANA, NOW, book.program), again))
    assert waiting(book) == {
        ("heads_up", 2, 0): again.due_at - timedelta(minutes=15),
        ("due", 2, 0): again.due_at,
        ("overdue", 2, 0): again.due_at + WINDOW,
    }

    for attempt in (3, 4):
        later = Promise(again.due_at + timedelta(hours=2 * attempt), CUSTOMER_ZONE)
        case = book.moves(case, partial(_busy, later))
        assert {callback for _, callback, _ in waiting(book)} == {attempt}
    case = book.moves(case, lambda one: moves.log_outcome(one, acting(BEN, NOW), Disposition.BUSY, "", None))
    assert set(waiting(book)) == {("sign_off", 4, 0)}

    case = book.moves(case, lambda one: moves.grant_attempt(one, acting(MIA, NOW, book.program), again))
    assert set(waiting(book)) == {("heads_up", 5, 0), ("due", 5, 0), ("overdue", 5, 0)}

    case = book.closes(case, NOW)
    assert waiting(book) == {}
    assert {row["state"] for row in book.rows(t.reminders)} == {"dropped"}

    book.moves(
        case,
        lambda one: moves.reopen(one, acting(MIA, NOW, book.program), again, "The customer called again."),
    )
    assert set(waiting(book)) == {("heads_up", 6, 0), ("due", 6, 0), ("overdue", 6, 0)}


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=lives)
def test_what_waits_is_what_the_case_wants(book: Book, deeds: Sequence[Deed]) -> None:
    """After any life, with the beat running between: one waiting reminder per wanted chain, and no other."""
    case = book.raises()
    for deed, now in times(deeds):
        book.beats(now)
        change = tried(book.case(case.number), deed, now)
        if change is None:
            continue
        case = book.moves(case, kept(change), now)
        rows = book.rows(t.reminders, case_number=case.number, state="waiting")
        chains = [(row["rule"], row["callback"], row["round"]) for row in rows]
        wishes = {
            (wish.chain.rule.value, wish.chain.callback, wish.chain.round)
            for wish in wanted(case, book.program)
        }
        assert len(chains) == len(set(chains)), "two reminders of one chain"
        assert set(chains) <= wishes, "a reminder outlived its reason"
        assert {wish for wish in wishes if wish[0] not in ("heads_up", "due")} <= set(chains), (
            "a chase without an end came to one"
        )


def test_a_step_is_planned_once(book: Book) -> None:
    """The database itself refuses the second."""
    case = book.raises()
    row = reminder_row(case.number, wanted(case, book.program)[0])
    with pytest.raises(IntegrityError), book.store.begin() as unit:
        unit.connection.execute(insert(t.reminders), [row])


def test_a_beat_writes_the_ping_and_plans_the_next_step(book: Book) -> None:
    """Both in one transaction."""
    book.raises()
    assert book.beats(NOW + timedelta(minutes=2)) == 0
    now = NOW + timedelta(minutes=3)
    assert book.beats(now) == 1
    assert pings(book) == [("unclaimed", 0)]
    assert waiting(book)["unclaimed", 0, 0] == NOW + timedelta(minutes=7)
    assert book.beats(now) == 0


def test_two_beats_never_take_the_same_reminder(book: Book) -> None:
    """Forty cases due at once, four replicas: forty pings."""
    for _ in range(40):
        book.raises()
    now = NOW + timedelta(minutes=3)
    taken = at_once([lambda: book.beats(now) for _ in range(4)])
    book.beats(now)  # whoever found the last rows held left them to the next beat
    assert pings(book) == [("unclaimed", 0)] * 40
    assert sorted(row["case_number"] for row in book.rows(t.notices, kind="ping")) == list(range(1, 41))
    assert sum(taken) <= 40


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_beat_waits_for_no_row_that_another_one_has(book: Book) -> None:
    """It settles the others meanwhile, and that one belongs to whoever has it."""
    held, other = book.claims(book.raises()), book.claims(book.raises())
    with book.store.begin() as another:
        row = select(t.reminders).where(t.reminders.c.case_number == held.number, t.reminders.c.rule == "due")
        assert another.connection.execute(row.with_for_update()).all()
        with book.store.begin() as unit:
            unit.connection.exec_driver_sql("SET LOCAL lock_timeout = '1s'")
            assert schedule.settle_due(unit, DUE, 50)
    assert pinged(book, "due") == [other.number]
    book.beats(DUE)
    assert pinged(book, "due") == [other.number, held.number]


def test_a_case_that_moved_on_is_not_pinged(book: Book) -> None:
    """The beat looks at the case again: a due reminder of a closed case is dropped where it stands."""
    case = book.claims(book.raises())
    with book.store.begin() as unit:
        change = moves.complete(unit.case(1, book.program.id), acting(BEN, DUE), build.closing())
        save_case(unit, change.case, book.program.id, "")  # as if the chains had been forgotten
    assert book.beats(DUE + timedelta(hours=1)) == 3
    assert pings(book) == []
    assert waiting(book, case) == {}


def test_a_case_that_cannot_be_read_holds_no_others_promise_up(book: Book) -> None:
    """Its reminder is looked at again every minute, and fires once somebody has put the row right."""
    broken, other = book.claims(book.raises()), book.claims(book.raises())
    book.delivers()
    scenario = book.rows(t.cases, number=broken.number)[0]["scenario"]
    said(book, broken, "no such scenario")
    assert book.beats(DUE)
    assert pinged(book, "due") == [other.number]
    assert waiting(book)[("due", 1, 0)] == DUE + schedule.LOOK_AGAIN
    said(book, broken, scenario)
    book.beats(DUE + schedule.LOOK_AGAIN)
    assert sorted(pinged(book, "due")) == [broken.number, other.number]


def said(book: Book, case: Case, scenario: str) -> None:
    """The row of the case has this as its scenario from now on."""
    with book.store.begin() as unit:
        unit.connection.execute(
            t.cases.update().where(t.cases.c.number == case.number).values(scenario=scenario)
        )


def pinged(book: Book, rule: str) -> list[int]:
    """The cases of the pings that a rule made."""
    return [row["case_number"] for row in book.rows(t.notices, kind="ping", rule=rule)]


def test_pings_wait_while_the_call_runs(book: Book) -> None:
    """Looked at again every minute, not dropped."""
    case = book.claims(book.raises())
    book.calls(case, DUE)
    assert book.beats(DUE) == 2  # the heads-up came too late, the due one waits
    assert waiting(book)["due", 1, 0] == DUE + timedelta(minutes=1)
    assert pings(book) == []


def test_beats_and_changes_of_the_same_cases_never_lock_each_other_out(book: Book) -> None:
    """Claims, notes, new cases and beats on the same few cases side by side: all end, nothing is lost."""
    numbers = [book.raises(build.escalation(due_at=NOW + timedelta(minutes=1))).number for _ in range(4)]
    turns = 12

    def notes(who: Person, order: list[int]) -> None:
        for turn in range(turns):
            case = book.case(order[turn % len(order)])
            book.moves(case, lambda one: moves.add_note(one, acting(who, NOW), "a note"), NOW)

    def beats() -> int:
        return sum(book.beats(NOW + timedelta(minutes=3 * turn)) for turn in range(turns))

    def raises() -> None:
        for _ in range(turns):
            book.raises()

    def delivers() -> int:
        return sum(len(book.delivers(NOW + timedelta(hours=2))) for _ in range(turns))

    at_once(
        [
            lambda: notes(BEN, numbers),
            lambda: notes(TESS, numbers[::-1]),
            beats,
            beats,
            raises,
            delivers,
        ]
    )
    book.beats(NOW + timedelta(minutes=3 * turns))
    assert len(book.rows(t.events, kind="noted")) == 2 * turns
    assert len(book.rows(t.cases)) == len(numbers) + turns
    steps = [(row["case_number"], row["rule"], row["step"]) for row in book.rows(t.notices, kind="ping")]
    assert len(steps) == len(set(steps)), "a ping came twice"
    for number in numbers:
        assert ("overdue", 1, 0) in waiting(book, book.case(number))


def test_the_next_due_instant_is_known(book: Book) -> None:
    """Nothing waits, then the earliest of all."""
    assert book.store.write_now(schedule.next_due) is None
    book.raises()
    assert book.store.write_now(schedule.next_due) == NOW + timedelta(minutes=3)


def test_the_next_ping_is_the_next_reminder_that_will_speak(book: Book) -> None:
    """Not the one of a case that is on the phone: that speaks when the call has lasted too long."""
    assert book.store.ask_now(schedule.next_ping, NOW) is None
    case = book.raises()
    assert book.store.ask_now(schedule.next_ping, NOW) == NOW + timedelta(minutes=3)
    late = NOW + timedelta(minutes=4)
    assert book.store.ask_now(schedule.next_ping, late) == late, "due already, it speaks at once"
    book.claims(case)
    assert book.store.ask_now(schedule.next_ping, NOW) == DUE - timedelta(minutes=15)
    began = DUE - timedelta(minutes=1)
    book.beats(began)
    book.calls(case, began)
    assert book.store.ask_now(schedule.next_ping, began) == began + timedelta(minutes=30)
    book.closes(case, began + timedelta(minutes=5))
    assert book.store.ask_now(schedule.next_ping, DUE) is None
