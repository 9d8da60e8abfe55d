"""Redaction: what the bot once said about a case is edited after the case was blanked, each message once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from alembic import command
from sqlalchemy import update

from cases import moves
from cases.case import Case
from cases.events import Happened
from cases.retention import by_request
from storage import tables as t
from storage.outbox import outbox, replicas
from storage.outbox.notices import Claimed
from storage.privacy import redaction, retention
from storage.privacy.redaction import Progress, Reach, Redaction
from storage.schema import _config
from storage.unit import UnitOfWork
from tests.build import DUE, MIA, acting
from tests.storage.book import Book
from tests.storage.test_bursts import SOON, due, taken
from tests.storage.test_recurring import MORNING, made, the_post

BOT = "the only one"
LATER = DUE + timedelta(hours=1)
WAITS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


def closed(book: Book) -> Case:
    """A case with a note, called and closed; all of it was seen."""
    case = book.claims(book.raises())
    case = book.notes(case, "The customer wrote as well.")
    case = book.closes(book.calls(case, DUE), DUE)
    book.delivers(DUE)
    return case


def blanks(book: Book, *cases: Case) -> None:
    def job(unit: UnitOfWork) -> None:
        numbers = [case.number for case in cases]
        retention.blank(unit, book.program, numbers, by_request(), LATER)

    book.store.write_now(job)
    book.delivers(LATER)  # the card


def claims(book: Book, now: datetime = LATER, by: str = BOT) -> Redaction | None:
    return book.store.write_now(redaction.claim, now, by)


def edits(book: Book) -> list[Redaction]:
    """Edits until nothing is left to be edited."""
    found = []
    while (one := claims(book)) is not None:
        found.append(one)
        book.store.write_now(redaction.done, one.notice, LATER)
    return found


def progress(book: Book) -> Progress:
    return book.store.ask_now(redaction.progress)


def test_lines_that_said_something_are_edited_and_no_other(book: Book) -> None:
    """The note and the end, with nothing left in their events; who claimed it and who called says nothing."""
    case = closed(book)
    assert book.store.ask_now(redaction.reach, [case.number]) == Reach(2, 1)
    blanks(book, case)
    found = edits(book)
    assert [one.event and (one.event.kind, dict(one.event.said)) for one in found] == [
        (Happened.NOTED, {}),
        (Happened.CLOSED, {}),
    ]
    assert [one.calls[0][1].said.customer for one in found] == ["", ""]
    sent = {row["id"]: row["ts"] for row in book.rows(t.notices)}
    assert [one.ts for one in found] == [sent[one.target.id] for one in found]
    assert progress(book) == Progress(0, 0, 0)


def test_the_record_says_when_all_is_edited(book: Book) -> None:
    """How many messages, and how many were out of reach; each time for itself."""
    for turn in range(2):
        blanks(book, closed(book))
        first = claims(book)
        assert first is not None
        book.store.write_now(redaction.unreachable, first.notice, "edit_window_closed", LATER)
        assert len(book.rows(t.events, kind="redacted")) == turn
        assert progress(book) == Progress(1, 0, 1)
        edits(book)
        assert book.rows(t.events, kind="redacted")[-1]["facts"] == '{"messages":1,"unreachable":1}'


def test_what_is_blanked_while_a_message_is_edited_has_it_edited_again(book: Book) -> None:
    """A bundle names many cases; the second is blanked while the message is edited for the first."""
    pinged = due(book, 7)
    book.delivers(SOON)
    first, second = (book.closes(book.calls(case, DUE), DUE) for case in pinged[:2])
    book.delivers(DUE)
    blanks(book, first)
    under_way = next(one for one in iter(lambda: claims(book), None) if len(one.calls) == 7)
    blanks(book, second)
    book.store.write_now(redaction.done, under_way.notice, LATER)
    (again,) = [one for one in edits(book) if len(one.calls) == 7]
    assert (again.target.id, again.ts) == (under_way.target.id, under_way.ts)
    names = {case.number: case.said.customer for _, case in again.calls}
    assert (names[first.number], names[second.number]) == ("", "")
    assert sum(bool(name) for name in names.values()) == 5, "the others are still named"


def test_what_a_lost_sender_had_in_hand_is_edited_by_another(book: Book) -> None:
    """After its time; nobody has it meanwhile."""
    blanks(book, closed(book))
    first = claims(book)
    assert first is not None
    other = claims(book)
    assert other is not None
    assert other.notice.id != first.notice.id
    again = claims(book, LATER + redaction.HOLD)
    assert again is not None
    assert again.notice.id == first.notice.id


def test_a_line_on_its_way_is_edited_when_it_is_there(book: Book) -> None:
    """It was rendered before its case was blanked."""
    case = book.closes(book.claims(book.raises()), DUE)
    book.delivers(DUE)
    case = book.moves(case, lambda one: moves.add_note(one, acting(MIA, DUE), "Jane called."), DUE)
    book.draws(DUE)
    line = book.takes(DUE)
    assert isinstance(line, Claimed)
    soon = LATER + redaction.SOON
    book.store.write_now(outbox.later, line.notice, soon, "reset", uncertain=True)
    blanks(book, case)
    book.draws(LATER)
    assert line.notice.id not in [one.target.id for one in edits(book)]
    again = book.takes(soon)
    assert isinstance(again, Claimed)
    book.store.write_now(outbox.sent, again, "9000.000000", None, soon, found=True)
    found = claims(book, soon)
    assert found is not None
    assert (found.target.id, found.ts) == (line.notice.id, "9000.000000")


def test_a_message_waits_while_its_channel_has_something_to_say(book: Book) -> None:
    """An edit is never in anybody's way."""
    blanks(book, closed(book))
    book.raises(now=LATER)
    assert claims(book) is None
    book.delivers(LATER)
    assert claims(book) is not None


def test_what_is_queued_holds_nothing_up(book: Book) -> None:
    """Delivery does not see it, and an older bot does not either."""
    blanks(book, closed(book))
    assert book.store.ask_now(outbox.channels) == []
    assert progress(book).waiting == 2


def test_a_blank_case_from_before_needs_nothing_twice(book: Book) -> None:
    """It is blanked once, and its messages are edited once."""
    case = closed(book)
    blanks(book, case)
    edits(book)
    blanks(book, case)
    assert edits(book) == []


def test_a_bundle_is_edited_whose_leader_had_nothing_to_say_in_the_end(book: Book) -> None:
    """It came again after a doubt, without that ping: the others stand in the channel."""
    pinged = due(book, 7)
    lost = taken(book)
    book.store.write_now(outbox.later, lost.notice, SOON, "reset", uncertain=True)
    book.calls(pinged[0], SOON)
    again = taken(book)
    assert len(again.pings) == 6
    assert lost.notice.id not in [ping.notice.id for ping in again.pings]
    book.sends(again, SOON)
    second = book.closes(book.calls(pinged[1], DUE), DUE)
    book.delivers(DUE)
    blanks(book, second)
    assert [len(one.calls) for one in edits(book) if one.event is None] == [6]


def test_a_case_that_cannot_be_read_holds_up_no_other_message(book: Book) -> None:
    """Its own message is edited once it can be."""
    pinged = due(book, 7)
    book.delivers(SOON)
    gone = book.closes(book.calls(pinged[0], DUE), DUE)
    (sealed,) = book.rows(t.cases, number=pinged[1].number)
    book.delivers(DUE)
    blanks(book, gone)
    blanks(book, closed(book))

    def holds(customer: str) -> None:
        with book.store.begin() as unit:
            row = update(t.cases).where(t.cases.c.number == sealed["number"])
            unit.connection.execute(row.values(customer=customer))

    holds(sealed["contact"])
    assert [one.event is not None for one in edits(book)] == [True] * 3
    assert progress(book).waiting == 1
    (left,) = book.rows(t.notices, state="queued")
    assert left["error"] == "its case cannot be read"
    holds(sealed["customer"])
    assert claims(book) is None, "it is not looked at all the time"
    again = claims(book, LATER + redaction.SOON)
    assert again is not None
    assert len(again.calls) == 7


def test_several_bots_edit_no_faster_than_one(book: Book) -> None:
    """Slack's limit is the workspace's; where the one that edits stops, another goes on."""
    blanks(book, closed(book))
    assert claims(book, by="the first") is not None
    assert claims(book, by="the second") is None
    book.store.write_now(replicas.leave, "the first")
    assert claims(book, by="the second") is not None


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_the_record_says_so_too_where_two_bots_edit_the_last_two(book: Book) -> None:
    """Neither sees yet what the other has done."""
    blanks(book, closed(book))
    first, last = claims(book), claims(book)
    assert first is not None
    assert last is not None
    with ThreadPoolExecutor(1) as pool, book.store.engine.connect() as watch:
        with book.store.begin() as unit:
            redaction.done(unit, first.notice, LATER)
            other = pool.submit(book.store.write_now, redaction.done, last.notice, LATER)
            while not other.done() and not watch.exec_driver_sql(WAITS).scalar_one():
                watch.rollback()
        other.result(timeout=240)
    (ended,) = book.rows(t.events, kind="redacted")
    assert ended["facts"] == '{"messages":2,"unreachable":0}'


def test_what_was_blanked_by_an_earlier_version_is_edited_as_well(book: Book) -> None:
    """Each message that a deletion would have edited by now, once."""
    pinged = due(book, 7)
    book.delivers(SOON)
    assert made(book, the_post(book, MORNING), MORNING)
    book.delivers(MORNING)
    for case in pinged[:2]:
        book.closes(book.calls(case, MORNING), MORNING)
    book.delivers(MORNING)
    blanks(book, closed(book), *pinged[:2])
    found = edits(book)
    assert {one.target.kind.value for one in found} == {"line", "ping", "digest"}
    expected = sorted((one.target.id, one.ts) for one in found)
    with book.store.engine.begin() as connection:
        command.downgrade(_config(connection), "0018")
        command.upgrade(_config(connection), "0019")
    assert sorted((one.target.id, one.ts) for one in edits(book)) == expected
    assert len(book.rows(t.events, kind="redacted")) == 2
