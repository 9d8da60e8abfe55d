"""Coaching as it is kept: opened with the close form, chased by the beat, what was said sealed; on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.usecases import cases as usecases
from bot.usecases import coaching as coaching_usecases
from bot.usecases.cases import Act
from cases.case import Case
from cases.coaching import Coaching, CoachingOutcome, CoachingState
from cases.coaching_form import FeedbackForm
from cases.errors import FieldErrors, NotAllowed, NotPossible
from cases.events import Happened
from cases.fields import Field
from cases.figures.definitions import Figure, coaching_on_time
from cases.figures.facts import Share, summed
from cases.figures.period import Period
from cases.forms import PromiseForm
from cases.people import Person
from cases.retention import by_request
from cases.times import wall
from cases.workdays import working_days_after
from storage import tables as t
from storage.outbox import schedule
from storage.outbox.notices import Feedback
from storage.privacy import retention, sealing
from storage.records import NoticeKind
from storage.reports import figures
from storage.store import Store
from storage.vault import Vault, WrongKey, new_key
from storage.writing import coaching
from storage.writing.people import mark_left, remember_superior
from tests import build
from tests.build import ANA, BEN, DUE, MIA, NOW, TESS
from tests.storage.book import Book, as_a, at_once, opened

OBSERVED = "Said “policy” three times before anything was offered."
ACTION = "Offer one option before naming the policy."
COMMENT = "Fair. I had three chats open at that moment."
FORM = FeedbackForm(
    observed=OBSERVED,
    steps=("offered",),
    controllable="agent",
    actions=(ACTION, None),
    follow_up="2026-12-01",
    outcome="training",
)


@pytest.fixture
def book(database_url: str) -> Iterator[Book]:
    """A book whose store has a key."""
    with keyed(database_url, new_key()) as found:
        yield found


@contextmanager
def keyed(url: str, *keys: str) -> Iterator[Book]:
    with opened(url, Vault(keys)) as found:
        yield found


def act(book: Book, who: Person, key: str, now: datetime = DUE) -> Act:
    return Act(book.program, who, now, key)


def closes(book: Book, missed: str | None = "one", now: datetime = DUE, **said: object) -> Case:
    """Ana's case, called and closed by Ben with what he says of the opportunity."""
    case = book.claims(book.raises(build.escalation(**said), now=now), now=now)
    form = build.close_form(notes=build.NOTES, missed=missed)
    return book.store.write_now(
        usecases.complete, act(book, BEN, f"close {case.number}", now), case.number, form
    )


def gives(
    book: Book, item: Coaching, who: Person = BEN, now: datetime = DUE, form: FeedbackForm = FORM
) -> Coaching:
    return book.store.write_now(
        coaching_usecases.give, act(book, who, f"give {item.id} {who.id}", now), item.id, form
    )


def owed(book: Book) -> list[Coaching]:
    return book.store.ask_now(coaching.owed, book.program.id)


def chased(book: Book, now: datetime) -> int:
    return len(book.store.write_now(coaching.chase_due, now, 50))


def reads(book: Book, who: Person, item: Coaching) -> coaching_usecases.Item:
    return book.store.ask_now(coaching_usecases.read, book.program, who, item.id)


def test_a_missed_opportunity_opens_one_item_with_its_case(book: Book) -> None:
    """In one transaction with the close form; the thread and the record hold names and dates."""
    case = closes(book, "several")
    (item,) = owed(book)
    assert (item.case, item.agent, item.superior) == (case.number, ANA.id, BEN.id)
    assert item.due_at == working_days_after(book.program, DUE, 3)
    events = book.store.ask_now(lambda reading: reading.events(case.number))
    assert events[-1].kind is Happened.COACHING_OWED
    assert not events[-1].said
    closes(book, "none")
    closes(book, None)
    assert owed(book) == [item]


def test_a_case_that_is_closed_again_has_its_item_already(book: Book) -> None:
    case = closes(book)
    form = PromiseForm("2026-11-24", "11:00", build.CUSTOMER_ZONE)
    book.store.write_now(usecases.reopen, act(book, MIA, "reopen"), case.number, form, "Refund bounced again")
    ending = build.close_form(notes=build.NOTES, missed="one")
    book.store.write_now(usecases.complete, act(book, BEN, "again"), case.number, ending)
    assert len(owed(book)) == 1


def test_partly_resolved_asks_as_well_and_the_next_close_form_not_again(book: Book) -> None:
    case = book.claims(book.raises())
    when = PromiseForm("2026-11-24", "11:00", build.CUSTOMER_ZONE)
    form = build.close_form("partly", when, notes=build.NOTES, missed="one")
    kept = book.store.write_now(usecases.complete, act(book, BEN, "partly"), case.number, form)
    assert kept.callback is not None
    assert kept.callback.number == 2
    ending = build.close_form(notes=build.NOTES, missed="one")
    book.store.write_now(usecases.complete, act(book, BEN, "whole"), case.number, ending)
    assert len(owed(book)) == 1


def test_the_superior_is_the_rosters_and_managers_stand_in_where_none_is_known(book: Book) -> None:
    """Nobody gives feedback to themselves; somebody whose account is deactivated gives none."""
    book.store.write_now(remember_superior, ANA.id, TESS.id, NOW)
    closes(book)
    assert owed(book)[-1].superior == TESS.id
    book.store.write_now(mark_left, TESS.id, NOW)
    assert book.store.write_now(coaching.pass_on, TESS.id, NOW) == [book.program]
    assert book.store.write_now(coaching.pass_on, TESS.id, NOW) == [], "told once"
    assert owed(book)[-1].superior is None
    closes(book, superior=TESS.id)
    closes(book, superior=ANA.id)
    assert [item.superior for item in owed(book)] == [None] * 4, "three cases, and their pattern"


def test_it_is_chased_until_it_is_given_and_not_once_more(book: Book) -> None:
    closes(book)
    (item,) = owed(book)
    book.delivers(DUE)
    assert item.chase_at is not None
    assert book.store.ask_now(schedule.next_due) == item.chase_at
    assert book.store.ask_now(schedule.next_ping, DUE) == item.chase_at
    assert chased(book, item.chase_at - timedelta(seconds=1)) == 0
    assert chased(book, item.chase_at) == 1
    assert chased(book, item.chase_at) == 0
    (claim,) = book.delivers(item.chase_at)
    assert (claim.notice.kind, claim.notice.case, as_a(Feedback, claim).item) == (
        NoticeKind.COACHING,
        item.case,
        replace(item, step=1, chase_at=item.due_at),
    )
    assert chased(book, item.due_at) == 1
    gives(book, item, now=item.due_at)
    assert [one.notice.kind for one in book.delivers(item.due_at)] == [NoticeKind.LINE], (
        "the reminder is dropped"
    )
    assert chased(book, item.due_at + timedelta(days=30)) == 0
    assert book.store.ask_now(schedule.next_due) is None


def test_after_an_outage_one_reminder_comes_and_says_how_late_it_is(book: Book) -> None:
    closes(book)
    (item,) = owed(book)
    book.delivers(DUE)
    back = item.due_at + timedelta(days=9)
    assert chased(book, back) == 1
    (claim,) = book.delivers(back)
    assert item.chase_at is not None
    assert timedelta(seconds=claim.notice.late) == back - item.chase_at
    (now_owed,) = owed(book)
    assert now_owed.chase_at is not None
    assert now_owed.chase_at > back


def test_an_item_that_cannot_be_read_does_not_hold_up_the_others(book: Book) -> None:
    """It is in the log, and looked at again within the hour."""
    closes(book)
    closes(book)
    broken, other = owed(book)
    with book.store.begin() as unit:
        unit.connection.execute(t.coaching.update().where(t.coaching.c.id == broken.id).values(cases="x"))
    with capture_logs() as logs:
        assert chased(book, other.due_at) == 1
        assert chased(book, other.due_at) == 0
        assert chased(book, other.due_at + timedelta(hours=1)) == 0
    assert [(entry["item"], entry["log_level"]) for entry in logs] == [(broken.id, "error")] * 2


def test_a_reminder_that_waits_is_overtaken_by_a_later_one(book: Book) -> None:
    closes(book)
    (item,) = owed(book)
    book.delivers(DUE)
    assert item.chase_at is not None
    chased(book, item.chase_at)
    chased(book, item.due_at)
    assert [one.notice.step for one in book.delivers(item.due_at)] == [1]


def test_what_was_given_is_read_by_agent_superior_and_managers_and_nobody_else(book: Book) -> None:
    closes(book)
    item = gives(book, owed(book)[0])
    for who in (ANA, BEN, MIA):
        said = reads(book, who, item).said
        assert said is not None
        assert said.feedback is not None
        assert (said.feedback.observed, said.feedback.outcome) == (OBSERVED, CoachingOutcome.TRAINING)
        assert said.feedback.actions == (ACTION,)
    for who in (TESS, Person("U0ARJUN")):
        with pytest.raises(NotAllowed):
            reads(book, who, item)


def test_the_agent_acknowledges_with_a_comment(book: Book) -> None:
    closes(book)
    item = gives(book, owed(book)[0])
    one = act(book, ANA, "ack")
    done = book.store.write_now(coaching_usecases.acknowledge, one, item.id, COMMENT)
    assert done.state is CoachingState.ACKNOWLEDGED
    said = reads(book, BEN, item).said
    assert said is not None
    assert said.comment == COMMENT
    assert book.store.write_now(coaching_usecases.acknowledge, one, item.id, "twice") == done
    with pytest.raises(NotPossible, match="You acknowledged"):
        book.store.write_now(coaching_usecases.acknowledge, act(book, ANA, "ack 2"), item.id, None)


def test_the_second_who_gives_it_reads_who_has(book: Book) -> None:
    """Two at once, superior and manager, once it is overdue: one of them has given it."""
    closes(book)
    (item,) = owed(book)

    def tries(who: Person) -> str:
        try:
            gives(book, item, who, item.due_at)
        except NotPossible as refused:
            return refused.sentence
        return "given"

    said = at_once([lambda: tries(BEN), lambda: tries(MIA)])
    assert sorted(one == "given" for one in said) == [False, True]
    assert any("already gave this feedback" in one for one in said)


def test_nothing_of_what_was_said_is_in_the_database_in_the_clear(tmp_path: Path) -> None:
    """Looked for as with a text editor, in every file of it; nor how it ended."""
    with keyed(f"sqlite:///{tmp_path / 'askdesk.db'}", new_key()) as book:
        closes(book)
        item = gives(book, owed(book)[0])
        book.store.write_now(coaching_usecases.acknowledge, act(book, ANA, "ack"), item.id, COMMENT)
        bytes_there = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    for word in (OBSERVED[:20], ACTION, COMMENT, "training", "2026-12-01", "three chats"):
        assert word.encode() not in bytes_there, word
    assert build.NOTES.encode() in bytes_there or b"\x01" in bytes_there, "the files were looked into"


def test_without_a_key_that_it_was_given_is_kept_and_nothing_that_was_said(database_url: str) -> None:
    with keyed(database_url) as book:
        closes(book)
        (item,) = owed(book)
        with pytest.raises(FieldErrors) as refused:
            gives(book, item)
        assert set(refused.value.errors) == {Field.OBSERVED}
        done = book.store.write_now(coaching_usecases.give, act(book, BEN, "given"), item.id, None)
        assert (done.state, done.given_by) == (CoachingState.GIVEN, BEN.id)
        book.store.write_now(coaching_usecases.acknowledge, act(book, ANA, "ack"), item.id, COMMENT)
        (row,) = book.rows(t.coaching)
        assert (row["feedback"], row["comment"]) == (None, None)
        assert reads(book, ANA, item).said == coaching.Said(None, None)


def test_another_key_opens_nothing_and_a_text_in_anothers_place_is_found_out(database_url: str) -> None:
    with keyed(database_url, new_key()) as book:
        closes(book)
        closes(book)
        first, second = (gives(book, item) for item in owed(book))
        texts = {row["id"]: row["feedback"] for row in book.rows(t.coaching)}
        with book.store.begin() as unit:
            moved = t.coaching.update().where(t.coaching.c.id == second.id)
            unit.connection.execute(moved.values(feedback=texts[first.id]))
        with pytest.raises(WrongKey, match="moved from where it was sealed"):
            reads(book, ANA, second)
        book.store.vault = Vault([new_key()])
        with pytest.raises(WrongKey):
            reads(book, ANA, first)


def test_a_new_key_seals_it_anew(database_url: str) -> None:
    old, new = new_key(), new_key()
    with keyed(database_url, old) as book:
        closes(book)
        item = gives(book, owed(book)[0])
        book.store.vault = Vault([new, old])
        place: sealing.Place | None = sealing.Place()
        while place is not None:
            place = book.store.write_now(sealing.seal_next, place)
        book.store.vault = Vault([new])
        said = reads(book, ANA, item).said
        assert said is not None
        assert said.feedback is not None
        assert said.feedback.observed == OBSERVED


def test_three_in_thirty_days_are_a_pattern_with_their_cases_told_of_once(book: Book) -> None:
    numbers = [closes(book, now=DUE + timedelta(days=day)).number for day in (0, 10, 20)]
    pattern = owed(book)[-1]
    assert pattern.cases == tuple(numbers)
    assert (pattern.case, pattern.superior) == (numbers[-1], BEN.id)
    closes(book, now=DUE + timedelta(days=22))
    assert sum(item.is_pattern for item in owed(book)) == 1
    said = book.store.ask_now(lambda reading: reading.events(numbers[-1]))
    assert [event.facts.get("cases") for event in said if event.kind is Happened.COACHING_OWED] == [
        None,
        "1,2,3",
    ]
    gives(book, pattern, MIA)


def test_where_the_superior_saw_no_missed_opportunity_it_does_not_count(book: Book) -> None:
    closes(book)
    fair = replace(FORM, outcome="not_missed", steps=())
    gives(book, owed(book)[0], form=fair)
    closes(book)
    closes(book)
    assert not any(item.is_pattern for item in owed(book))


def test_what_was_said_is_deleted_and_that_it_was_given_stays(book: Book) -> None:
    case = closes(book)
    item = gives(book, owed(book)[0])
    book.store.write_now(retention.blank, book.program, [case.number], by_request(), DUE)
    assert reads(book, ANA, item).said == coaching.Said(None, None)
    assert book.store.ask_now(coaching.item, item.id, book.program.id).given_by == BEN.id


def test_what_was_given_is_found_again_by_those_whom_it_concerns(book: Book) -> None:
    closes(book)
    item = gives(book, owed(book)[0])
    later = DUE + timedelta(days=1)

    def found(who: Person, since: datetime) -> list[int]:
        items = book.store.ask_now(coaching.of_person, book.program.id, who.id, since)
        return [one.id for one in items]

    assert [found(who, NOW) for who in (ANA, BEN, TESS)] == [[item.id], [item.id], []]
    assert found(ANA, later) == [item.id], "not acknowledged yet"
    assert found(BEN, later) == []
    assert [one.id for one in book.store.ask_now(coaching.given_since, book.program.id, NOW)] == [item.id]


def test_what_is_due_and_when_it_was_given_is_told_to_the_figures(book: Book) -> None:
    closes(book)
    closes(book)
    first, second = owed(book)
    gives(book, first, now=first.due_at - timedelta(hours=1))
    due = first.due_at

    def on_time(since: datetime, now: datetime) -> Share:
        facts = book.store.ask_now(coaching.facts, book.program.id, since, due + timedelta(days=1))
        return summed(coaching_on_time(one, now) for one in facts)

    assert on_time(due, due - timedelta(minutes=1)) == Share(1, 1)
    assert on_time(due, second.due_at) == Share(1, 2)
    assert on_time(due + timedelta(seconds=1), second.due_at) == Share()
    day = wall(due, book.program.timezone).date()
    days = Period(day, day, book.program.timezone)
    told = book.store.ask_now(figures.report_of, book.program, days, second.due_at)
    assert told.total.share(Figure.COACHING) == Share(1, 2)


def test_the_store_itself_is_no_part_of_what_notices_say(book: Book) -> None:
    """A reminder is rendered from the item, which holds nothing that was said."""
    closes(book)
    (item,) = owed(book)
    book.delivers(DUE)
    assert item.chase_at is not None
    chased(book, item.chase_at)
    claim = as_a(Feedback, book.takes(item.chase_at))
    assert not {"feedback", "comment"} & set(vars(claim.item))
    assert isinstance(book.store, Store)
