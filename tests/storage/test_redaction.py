"""Redaction: what the bot once said about a case is edited after the case was blanked, each message once."""

from __future__ import annotations

from datetime import datetime, timedelta

from cases import moves
from cases.case import Case
from cases.events import Happened
from cases.retention import by_request
from storage import outbox, redaction, retention
from storage import tables as t
from storage.errands import Errand
from storage.redaction import Progress, Reach, Redaction
from storage.work import Work
from tests.build import DUE, MIA
from tests.storage.book import Book
from tests.storage.test_bursts import SOON, due, taken

BOT = "the only one"
LATER = DUE + timedelta(hours=1)


def closed(book: Book) -> Case:
    """A case with a note, called and closed; all of it was seen."""
    case = book.claims(book.raises())
    case = book.notes(case, "The customer wrote as well.")
    case = book.closes(book.calls(case, DUE), DUE)
    book.delivers(DUE)
    return case


def blanks(book: Book, *cases: Case) -> None:
    def job(work: Work) -> None:
        numbers = [case.number for case in cases]
        retention.blank(work, book.program, numbers, by_request(), LATER)

    book.store.write_now(job)
    book.delivers(LATER)  # the card


def claims(book: Book, now: datetime = LATER) -> Redaction | None:
    return book.store.write_now(redaction.claim, now, BOT)


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
    case = book.moves(case, lambda one: moves.add_note(one, MIA, "Jane called."), DUE)
    book.draws(DUE)
    line = book.takes(DUE)
    assert isinstance(line, Errand)
    soon = LATER + redaction.SOON
    book.store.write_now(outbox.later, line.notice, soon, "reset", uncertain=True)
    blanks(book, case)
    book.draws(LATER)
    assert line.notice.id not in [one.target.id for one in edits(book)]
    again = book.takes(soon)
    assert isinstance(again, Errand)
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
