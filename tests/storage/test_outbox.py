"""The outbox: what must be seen goes out in order, by one sender per channel, each thing once."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import timedelta

from cases import moves
from cases.case import Case
from storage import tables as t
from storage.outbox import next_notice, outbox
from storage.outbox.next_notice import May, Nothing
from storage.outbox.notices import Card, Claimed, Line, OfCase, ProgramLine
from storage.records import NoticeKind
from storage.reports import backlog
from storage.writing.cases import save_change
from storage.writing.notices import redraw_card
from storage.writing.programs import save_program
from tests import build
from tests.build import BEN, DUE, NOW, acting
from tests.storage.book import HOLD, Book, as_a, at_once

LATE = DUE + timedelta(minutes=15)


def stands(claim: Claimed) -> Case:
    """The case that a notice is about."""
    return as_a(OfCase, claim).case


def told(claims: list[Claimed]) -> list[tuple[int | None, str]]:
    """Case and kind of each, with the kind of event or rule behind it."""
    return [
        (
            one.notice.case,
            one.event.kind.value
            if isinstance(one, Line | ProgramLine)
            else one.notice.rule or one.notice.kind.value,
        )
        for one in claims
    ]


def test_a_case_is_told_in_the_order_in_which_it_happened(book: Book) -> None:
    """The card first, then the line of each change; each notice has all that its text is made of."""
    case = book.claims(book.raises())
    book.notes(case, "The customer wrote as well.")
    gone = book.delivers()
    assert told(gone) == [(1, "card"), (1, "confirmation"), (1, "claimed"), (1, "noted")]
    note = as_a(Line, gone[-1])
    assert note.event.said == {"note": "The customer wrote as well."}
    assert (stands(note).owner, note.program) == (BEN.id, book.program)
    assert note.post is not None
    assert note.post.ts == f"{1_000 + gone[0].notice.id}.000000"


def test_redraws_that_wait_are_one(book: Book) -> None:
    """Ten changes before the card is drawn: it is drawn once, as the case stands."""
    case = book.raises()
    book.delivers()
    case = book.claims(case)
    for turn in range(9):
        book.notes(case, f"note {turn}")
    cards = [one for one in book.delivers() if one.notice.kind is NoticeKind.CARD]
    assert [stands(card).version for card in cards] == [11]


def test_a_change_during_a_redraw_is_drawn_afterwards(book: Book) -> None:
    """The redraw under way may show the case as it was."""
    case = book.raises()
    first = book.takes()
    book.claims(case)
    book.sends(first)
    cards = [one for one in book.delivers() if one.notice.kind is NoticeKind.CARD]
    assert [stands(card).owner for card in cards] == [BEN.id]


def test_a_redraw_never_misses_a_change_that_is_being_committed(book: Book) -> None:
    """Delivery takes the card while a claim is about to commit: the claim is on it, or another redraw waits."""
    book.raises()
    book.delivers()
    book.store.write_now(lambda unit: redraw_card(unit, 1, book.program, NOW))
    if book.store.engine.dialect.name == "sqlite":
        return  # its one write lock leaves no room for this

    with ThreadPoolExecutor(1) as pool:
        with book.store.begin() as unit:
            save_change(
                unit, moves.claim(unit.locked_case(1, book.program.id), acting(BEN, NOW)), book.program, NOW
            )
            taking: Future[Claimed | Nothing] = pool.submit(book.takes)
            wait([taking], timeout=0.5)  # it either waits for this transaction, or has its answer
        claim = taking.result(timeout=120)
    assert isinstance(claim, Claimed)
    drawn_again = book.rows(t.notices, kind="card", state="waiting")
    assert stands(claim).owner == BEN.id or drawn_again


def test_an_overdue_promise_goes_first(book: Book) -> None:
    """Its whole case does: the card that shows it, then the ping; a routine line of another case waits."""
    late = book.claims(book.raises())
    calm = book.claims(book.raises(build.escalation(due_at=DUE + timedelta(days=1))))
    book.delivers()
    for turn in range(3):
        book.notes(calm, f"note {turn}")
    book.beats(LATE)
    order = told(book.delivers(LATE))
    assert order[:2] == [(late.number, "card"), (late.number, "overdue")]
    assert order[2:] == [(calm.number, "card"), *[(calm.number, "noted")] * 3]


def test_one_notice_of_a_channel_is_under_way_at_a_time(book: Book) -> None:
    """Whoever else looks is told until when; another channel goes on."""
    other = book.store.write_now(lambda unit: save_program(unit, build.program(channel="C0OTHER")))
    book.raises()
    book.raises()
    book.raises(program=other)
    first = book.takes()
    assert isinstance(first, Claimed)
    assert book.takes() == Nothing(NOW + HOLD)
    assert isinstance(book.takes(channel="C0OTHER"), Claimed)
    book.sends(first)
    assert isinstance(book.takes(), Claimed)


def test_of_many_senders_one_gets_the_notice(book: Book) -> None:
    """Six replicas look at once."""
    for _ in range(3):
        book.raises()
    found = at_once([book.takes for _ in range(6)])
    assert sum(isinstance(one, Claimed) for one in found) == 1


def test_what_a_lost_sender_held_comes_again_marked_uncertain(book: Book) -> None:
    """The next one looks in Slack before it repeats."""
    book.raises()
    first = book.takes()
    assert isinstance(first, Claimed)
    assert not first.notice.uncertain
    assert isinstance(book.takes(NOW + HOLD - timedelta(seconds=1)), Nothing)
    again = book.takes(NOW + HOLD)
    assert isinstance(again, Claimed)
    assert (again.notice.id, again.notice.uncertain, again.notice.tries) == (first.notice.id, True, 1)


def test_a_start_takes_back_what_a_killed_process_held(book: Book) -> None:
    """On SQLite there is no other process: nobody waits for the deadline, the notice comes again at once."""
    book.raises()
    assert isinstance(book.takes(), Claimed)
    book.store.write_now(outbox.take_back, NOW)
    found = book.store.write_now(next_notice.claim, book.program.channel, NOW, HOLD)
    if book.store.engine.dialect.name == "sqlite":
        assert isinstance(found, Claimed)
        assert found.notice.uncertain
    else:
        assert isinstance(found, Nothing), "a replica may be sending it"


def test_a_notice_waits_for_its_time_and_holds_its_case_back(book: Book) -> None:
    """A rate limit: nothing was sent, so nothing is uncertain; other cases go on meanwhile."""
    first, second = book.raises(), book.raises()
    claim = book.takes()
    assert isinstance(claim, Claimed)
    at = NOW + timedelta(seconds=20)
    book.store.write_now(outbox.later, claim.notice, at, "rate limited", uncertain=False)
    assert {one.notice.case for one in book.delivers()} == {second.number}
    assert book.takes() == Nothing(at)
    assert told(book.delivers(at)) == [(first.number, "card"), (first.number, "confirmation")]


def test_a_case_that_cannot_be_read_holds_no_other_up(book: Book) -> None:
    """What is to be said of it is tried again; the others are told meanwhile."""
    broken, other = book.raises(), book.raises()
    with book.store.begin() as unit:
        row = t.cases.update().where(t.cases.c.number == broken.number)
        unit.connection.execute(row.values(scenario="no such scenario"))
    assert {one.notice.case for one in book.delivers()} == {other.number}
    (card,) = book.rows(t.notices, case_number=broken.number, kind="card")
    assert (card["state"], card["not_before"]) == ("waiting", NOW + next_notice.LOOK_AGAIN)


def test_nothing_waits_for_a_clock_that_was_an_hour_ahead(book: Book) -> None:
    """Written, and half sent, while the machine's clock was wrong; then it is put right."""
    wrong = NOW + timedelta(hours=1)
    book.raises(now=wrong)
    lost = book.takes(wrong)
    assert isinstance(lost, Claimed)
    again = book.takes(NOW)
    assert isinstance(again, Claimed), "its sender cannot hold the channel for an hour"
    assert (again.notice.id, again.notice.uncertain) == (lost.notice.id, True)
    book.sends(again)
    assert [one.notice.kind for one in book.delivers(NOW)] == [NoticeKind.CONFIRMATION]


def test_what_slack_refuses_for_good_is_parked_and_what_follows_goes_out(book: Book) -> None:
    """With Slack's own word for it, for people to see."""
    case = book.raises()
    book.delivers()
    book.notes(case, "first")
    book.sends(book.takes())  # the card
    claim = book.takes()
    assert isinstance(claim, Claimed)
    book.store.write_now(outbox.park, claim.notice, "msg_too_long", NOW)
    book.notes(case, "second")
    assert [one.event.said["note"] for one in book.delivers() if isinstance(one, Line)] == ["second"]
    assert [row["error"] for row in book.rows(t.notices, state="parked")] == ["msg_too_long"]
    assert book.store.ask_now(backlog.parked)[0] == 1


def test_a_ping_whose_case_moved_on_is_dropped_in_the_transaction_that_would_send_it(book: Book) -> None:
    """The claim came between the beat and the post."""
    case = book.raises()
    book.delivers()
    now = NOW + timedelta(minutes=3)
    book.beats(now)
    book.claims(case, now=now)
    assert told(book.delivers(now)) == [(1, "card"), (1, "claimed")]
    assert [row["state"] for row in book.rows(t.notices, kind="ping")] == ["dropped"]


def test_a_line_in_doubt_is_looked_for_under_the_card_that_was_deleted(book: Book) -> None:
    """The card is found lost first, as redraws go between posts; were its place forgotten, the line would come twice."""
    case = book.claims(book.raises())
    book.delivers()
    case = book.notes(case, "The customer wrote as well.")
    book.draws()
    line = as_a(Line, book.takes())
    soon = NOW + timedelta(seconds=2)
    book.store.write_now(outbox.later, line.notice, soon, "reset", uncertain=True)
    book.notes(case, "And again.")
    redraw = as_a(Card, book.takes(may=May.REDRAWS))
    book.store.write_now(outbox.card_lost, redraw, NOW)
    again = as_a(Line, book.takes(soon))
    assert (again.notice.id, again.notice.uncertain, again.post) == (line.notice.id, True, line.post)
    book.sends(again)
    late = NOW + timedelta(seconds=10)
    lost = as_a(Card, book.takes(late))
    assert (lost.notice.id, lost.post) == (redraw.notice.id, line.post)
    book.store.write_now(outbox.card_lost, lost, late)
    assert told(book.delivers(late)) == [(1, "card"), (1, "noted")]


def test_a_ping_that_may_have_been_sent_is_looked_up_even_if_it_is_moot(book: Book) -> None:
    """It may stand in the thread already: then it is sent, not dropped."""
    case = book.raises()
    book.delivers()
    now = NOW + timedelta(minutes=3)
    book.beats(now)
    book.draws(now)
    assert isinstance(book.takes(now), Claimed)
    book.claims(case, now=now)
    again = book.takes(now + HOLD)
    assert isinstance(again, Claimed)
    assert (again.notice.rule, again.notice.uncertain, again.moot) == ("unclaimed", True, True)


def test_a_call_begun_meanwhile_takes_its_pings_back(book: Book) -> None:
    """Nobody is chased who is on the phone."""
    case = book.claims(book.raises())
    book.delivers()
    book.beats(DUE)
    book.calls(case, DUE + timedelta(seconds=5))
    assert [what for _, what in told(book.delivers(DUE + timedelta(seconds=5)))] == ["card", "calling"]


def test_between_two_posts_cards_are_redrawn(book: Book) -> None:
    """A redraw posts nothing, so the pace of posts does not hold it back; a new card is a post."""
    case = book.raises()
    assert isinstance(book.takes(may=May.REDRAWS), Nothing)
    book.delivers()
    book.claims(case)
    redraw = book.takes(may=May.REDRAWS)
    assert isinstance(redraw, Claimed)
    assert redraw.notice.kind is NoticeKind.CARD
    book.sends(redraw)
    assert isinstance(book.takes(may=May.REDRAWS), Nothing)
    assert [what for _, what in told(book.delivers())] == ["claimed"]


def test_a_redraw_that_slack_does_not_take_yet_holds_no_line_back(book: Book) -> None:
    """Redraws have a limit of their own: an overdue ping never waits for one, new cards go out as well."""
    case = book.claims(book.raises())
    book.delivers()
    book.beats(LATE)
    redraw = book.takes(LATE)
    assert isinstance(redraw, Claimed)
    at = LATE + timedelta(seconds=30)
    book.store.write_now(outbox.later, redraw.notice, at, "rate limited", uncertain=False)
    book.raises(now=LATE)
    posts = []
    while isinstance(claim := book.takes(LATE, may=May.POSTS), Claimed):
        posts.append(book.sends(claim))
    assert told(posts) == [(case.number, "overdue"), (2, "card"), (2, "confirmation")]
    assert told(book.delivers(at)) == [(case.number, "card")]


def test_a_card_is_kept_where_it_was_posted_last(book: Book) -> None:
    """Posted again after somebody deleted it, lines go under the new one."""
    case = book.raises()
    book.delivers()
    book.claims(case)
    redraw = book.takes()
    assert isinstance(redraw, Claimed)
    book.store.write_now(outbox.sent, redraw, "2000.000000", None, NOW)
    line = as_a(Line, book.takes())
    assert line.post is not None
    assert line.post.ts == "2000.000000"


def test_channels_with_something_unsettled_are_known(book: Book) -> None:
    """Also what waits for later, and what a lost sender held; nothing else."""
    book.raises()
    assert book.store.write_now(outbox.channels) == [book.program.channel]
    book.delivers()
    assert book.store.write_now(outbox.channels) == []


def test_a_card_that_is_found_is_drawn_as_its_case_stands_by_now(book: Book) -> None:
    """An earlier try posted it; what happened since waited for it, or was dropped for it."""
    case = book.raises()
    first = book.takes()
    assert isinstance(first, Claimed)
    case = book.claims(case)
    soon = NOW + timedelta(seconds=2)
    book.store.write_now(outbox.later, first.notice, soon, "reset", uncertain=True)
    book.notes(case, "The customer wrote as well.", soon)
    again = book.takes(soon)
    assert isinstance(again, Claimed)
    assert (again.notice.id, again.notice.uncertain) == (first.notice.id, True)
    book.store.write_now(outbox.sent, again, "1001.000000", None, soon, found=True)
    (redraw,) = [one for one in book.delivers(soon) if isinstance(one, Card)]
    assert (stands(redraw).version, redraw.post and redraw.post.ts) == (3, "1001.000000")


def test_a_card_that_was_parked_in_doubt_is_looked_for_when_it_is_tried_again(book: Book) -> None:
    """By its own id: under another one it would come twice, and the first would stand as it was."""
    case = book.raises()
    first = book.takes()
    assert isinstance(first, Claimed)
    book.store.write_now(outbox.later, first.notice, NOW, "reset", uncertain=True)
    again = book.takes()
    assert isinstance(again, Claimed)
    book.store.write_now(outbox.park, again.notice, "missing_scope", NOW)
    book.sends(book.takes())  # the word to who raised it
    book.claims(case)
    found = book.takes()
    assert isinstance(found, Claimed)
    assert (found.notice.id, found.notice.uncertain) == (first.notice.id, True)
    book.store.write_now(outbox.park, found.notice, "missing_scope", NOW)
    book.sends(book.takes())  # the line
    assert book.store.write_now(outbox.retry_parked, NOW) == 1
    found = book.takes()
    assert isinstance(found, Claimed)
    assert (found.notice.id, found.notice.uncertain) == (first.notice.id, True)
    book.store.write_now(outbox.sent, found, "1001.000000", None, NOW, found=True)
    assert told(book.delivers()) == [(1, "card")]
    assert book.rows(t.notices, state="parked") == []


def test_a_card_that_was_refused_for_sure_is_drawn_anew_when_it_is_tried_again(book: Book) -> None:
    """It stands nowhere: there is nothing to look for."""
    book.raises()
    first = book.takes()
    assert isinstance(first, Claimed)
    book.store.write_now(outbox.park, first.notice, "msg_too_long", NOW)
    assert book.store.write_now(outbox.retry_parked, NOW) == 1
    card = book.takes()
    assert isinstance(card, Claimed)
    assert (card.notice.id != first.notice.id, card.notice.uncertain) == (True, False)
