"""Bursts: where many pings wait in a channel, the most urgent go as one message, claimed and settled together."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from cases.case import Case
from cases.program import Ladder
from storage import tables as t
from storage.outbox import next_notice, outbox
from storage.outbox.next_notice import BUNDLE_AT_MOST, May, Nothing
from storage.outbox.notices import Bundle, Card, Claimed
from storage.records import NoticeKind
from storage.writing.programs import save_program
from tests import build
from tests.build import DUE, NOW
from tests.storage.book import HOLD, Book, as_a, at_once

LATE = DUE + timedelta(minutes=15)
SOON = NOW + timedelta(minutes=10)
"""So near that there is no heads-up."""


def claimed(book: Book, number: int, due: datetime = SOON) -> list[Case]:
    """So many cases with an owner, their cards posted, their promises due at the same second."""
    found = [book.claims(book.raises(build.escalation(due_at=due))) for _ in range(number)]
    book.delivers()
    return found


def due(book: Book, number: int) -> list[Case]:
    """The same, and the agreed time has come: a ping for each waits, and a redraw before it."""
    found = claimed(book, number)
    book.beats(SOON)
    return found


def taken(book: Book, now: datetime = SOON, may: May = May.POSTS) -> Bundle:
    return as_a(Bundle, book.takes(now, may=may))


def cases(claim: Bundle) -> list[int]:
    """The cases that a bundle names, in their order."""
    return [ping.case.number for ping in claim.pings]


def states(book: Book) -> list[tuple[str, int | None]]:
    """Every ping's state and bundle."""
    return [(row["state"], row["bundle"]) for row in book.rows(t.notices, kind="ping")]


@pytest.mark.parametrize("may", [May.ALL, May.POSTS])
def test_more_than_five_pings_are_one_message(book: Book, may: May) -> None:
    """Before the redraws that wait for the same cases; settled together, with the message that they share."""
    found = due(book, 7)
    claim = taken(book, may=may)
    assert cases(claim) == [case.number for case in found]
    assert claim.notice.id == claim.pings[0].notice.id
    assert {post.case for post in claim.posts} == set(cases(claim))
    assert book.takes(SOON) == Nothing(SOON + HOLD), "nothing else goes meanwhile"
    book.store.write_now(outbox.sent, claim, "5000.000000", None, SOON)
    rows = book.rows(t.notices, kind="ping")
    assert {(row["state"], row["ts"], row["bundle"]) for row in rows} == {
        ("sent", "5000.000000", claim.notice.id)
    }
    left = book.delivers(SOON)
    assert {one.notice.kind for one in left} == {NoticeKind.CARD}, "the redraws follow"


def test_five_go_one_by_one(book: Book) -> None:
    """Each into its own thread, as always."""
    due(book, 5)
    gone = [one for one in book.delivers(SOON) if one.notice.kind is NoticeKind.PING]
    assert [isinstance(one, Bundle) for one in gone] == [False] * 5


def test_the_program_says_how_many_are_a_burst(book: Book) -> None:
    """Its manager may change the number."""
    ladder = Ladder(burst_over=2)
    book.program = book.store.write_now(lambda unit: save_program(unit, build.program(ladder=ladder)))
    due(book, 3)
    assert len(cases(taken(book))) == 3


def test_between_posts_there_are_only_redraws(book: Book) -> None:
    """A bundle is a post."""
    due(book, 7)
    assert isinstance(book.takes(SOON, may=May.REDRAWS), Card)


def test_lines_that_wait_hold_no_burst_back(book: Book) -> None:
    """They come after it, in their order."""
    found = due(book, 6)
    for case in found:
        book.notes(case, "said meanwhile", SOON)
    assert len(cases(taken(book))) == 6


def test_a_ping_without_a_card_waits_for_it(book: Book) -> None:
    """It has nothing to lead to: the card goes first, then the ping, under it."""
    found = claimed(book, 6)
    late = book.claims(book.raises(build.escalation(due_at=SOON)))
    book.beats(SOON)
    bundle = taken(book)
    assert cases(bundle) == [case.number for case in found]
    book.sends(bundle, SOON)
    mine = [one.notice.kind for one in book.delivers(SOON) if one.notice.case == late.number]
    assert (mine[0], mine[-1]) == (NoticeKind.CARD, NoticeKind.PING)


def test_at_most_forty_at_a_time_the_overdue_ones_first(book: Book) -> None:
    """Also before those that wait for longer."""
    later = claimed(book, BUNDLE_AT_MOST)
    overdue = claimed(book, 8, SOON - timedelta(minutes=9))
    book.beats(SOON)  # the later ones are due, and the others were
    book.beats(SOON + timedelta(minutes=6))
    first = taken(book, SOON + timedelta(minutes=6))
    assert cases(first)[:8] == [case.number for case in overdue]
    assert {ping.notice.rule for ping in first.pings[:8]} == {"overdue"}
    assert len(first.pings) == BUNDLE_AT_MOST
    book.sends(first, SOON)
    rest = [one for one in book.delivers(SOON + timedelta(minutes=6)) if one.notice.kind is NoticeKind.PING]
    told = cases(first) + [
        number
        for one in rest
        for number in (cases(one) if isinstance(one, Bundle) else [one.notice.case or 0])
    ]
    assert sorted(told) == sorted(case.number for case in (*later, *overdue)), "each is told once"


def test_an_overdue_ping_that_cannot_be_bundled_goes_before_the_burst(book: Book) -> None:
    """Its card was deleted: that is posted again first, then its ping leads those that are only due."""
    (overdue,) = claimed(book, 1, SOON - timedelta(minutes=9))
    due(book, 7)
    now = SOON + timedelta(minutes=6)
    with book.store.engine.begin() as connection:
        connection.execute(t.posts.delete().where(t.posts.c.case_number == overdue.number))
    book.beats(now)
    card = book.sends(book.takes(now, may=May.POSTS), now)
    assert (card.notice.kind, card.notice.case) == (NoticeKind.CARD, overdue.number)
    assert cases(taken(book, now))[0] == overdue.number, "with its card posted it leads the burst"


def test_a_case_that_moved_on_is_left_out(book: Book) -> None:
    """Claimed, or on the phone, between the beat and the post: its ping is dropped in the same transaction."""
    found = due(book, 8)
    book.calls(found[2], SOON)
    claim = taken(book)
    assert cases(claim) == [case.number for case in found if case is not found[2]]
    book.sends(claim, SOON)
    assert [state for state, _ in states(book)].count("dropped") == 1


def test_when_few_still_speak_they_go_one_by_one(book: Book) -> None:
    """Six were due; one customer is on the phone."""
    found = due(book, 6)
    book.calls(found[0], SOON)
    gone = [one for one in book.delivers(SOON) if one.notice.kind is NoticeKind.PING]
    assert [(isinstance(one, Bundle), one.notice.case) for one in gone] == [
        (False, case.number) for case in found[1:]
    ]
    assert sorted(states(book)) == [("dropped", None), *[("sent", None)] * 5]


def test_moot_ones_leave_room_for_others(book: Book) -> None:
    """The first of fifty have moved on: forty that speak go together all the same."""
    found = due(book, BUNDLE_AT_MOST + 10)
    for case in found[:10]:
        book.calls(case, SOON)
    assert cases(taken(book)) == [case.number for case in found[10:]]


def test_of_a_case_with_two_steps_the_later_one_speaks(book: Book) -> None:
    """After an outage one ping says what both would."""
    claimed(book, 6, SOON)
    for late in (15, 35):
        book.beats(SOON + timedelta(minutes=late))
    now = SOON + timedelta(minutes=35)
    claim = taken(book, now)
    assert [(ping.notice.rule, ping.notice.step) for ping in claim.pings] == [("overdue", 1)] * 6


def in_doubt(book: Book) -> Bundle:
    """A bundle of eight whose answer was lost."""
    due(book, 8)
    claim = taken(book)
    book.store.write_now(outbox.later, claim.notice, SOON, "TimeoutError", uncertain=True)
    return claim


def test_a_bundle_in_doubt_comes_again_as_the_same(book: Book) -> None:
    """Found by its leader's notice; pings that came meanwhile do not join it."""
    first = in_doubt(book)
    claimed_meanwhile = [book.claims(book.raises(build.escalation(due_at=SOON))) for _ in range(3)]
    book.beats(SOON)
    again = taken(book)
    assert (again.notice.id, again.notice.created_at) == (first.notice.id, first.notice.created_at)
    assert (again.notice.uncertain, again.notice.tries, again.moot) == (True, 1, False)
    assert cases(again) == cases(first)
    book.sends(again, SOON)
    alone = [one.notice.case for one in book.delivers(SOON) if one.notice.kind is NoticeKind.PING]
    assert alone == [case.number for case in claimed_meanwhile]


def test_a_bundle_whose_sender_was_lost_comes_again_as_the_same(book: Book) -> None:
    """Killed between post and commit: after its hold is over another sender looks for it."""
    due(book, 8)
    first = taken(book)
    assert book.takes(SOON + timedelta(seconds=29)) == Nothing(SOON + HOLD)
    again = taken(book, SOON + HOLD)
    assert (again.notice.id, again.notice.uncertain, cases(again)) == (first.notice.id, True, cases(first))


def test_a_repeated_bundle_leaves_out_what_is_moot_by_then(book: Book) -> None:
    """Even its leader; what it is known by stays the same. What was left out is dropped."""
    first = in_doubt(book)
    book.calls(first.pings[0].case, SOON)
    again = taken(book)
    assert again.notice.id == first.notice.id
    assert cases(again) == cases(first)[1:]
    book.sends(again, SOON)
    assert states(book) == [("dropped", first.notice.id), *[("sent", first.notice.id)] * 7]


def test_what_a_bundle_that_is_found_says_was_sent(book: Book) -> None:
    """Moot by now or not: the message names it."""
    first = in_doubt(book)
    book.calls(first.pings[0].case, SOON)
    again = taken(book)
    named = [ping.notice.id for ping in first.pings]
    book.store.write_now(outbox.sent, again, "5000.000000", None, SOON, named)
    assert states(book) == [("sent", first.notice.id)] * 8


def test_a_bundle_in_doubt_without_anything_to_say_is_looked_up_and_dropped(book: Book) -> None:
    """All have been called meanwhile."""
    first = in_doubt(book)
    for ping in first.pings:
        book.calls(ping.case, SOON)
    again = taken(book)
    assert (again.moot, again.pings) == (True, ())
    book.store.write_now(outbox.drop, again.notice, SOON)
    assert {state for state, _ in states(book)} == {"dropped"}


def test_a_bundle_that_was_certainly_not_sent_falls_apart(book: Book) -> None:
    """A rate limit: when it is over, whatever is most urgent then goes."""
    found = due(book, 8)
    claim = taken(book)
    at = SOON + timedelta(seconds=3)
    book.store.write_now(outbox.later, claim.notice, at, "rate limited", uncertain=False)
    assert states(book) == [("waiting", None)] * 8
    book.calls(found[0], at)
    assert cases(taken(book, at)) == [case.number for case in found[1:]]


def test_a_bundle_that_slack_refuses_goes_one_by_one(book: Book) -> None:
    """None of the pings is lost with the others, and they are not bundled again."""
    found = due(book, 8)
    claim = taken(book)
    book.store.write_now(outbox.scatter, claim.notice, "msg_blocks_too_long", SOON)
    gone = [one for one in book.delivers(SOON) if one.notice.kind is NoticeKind.PING]
    assert [(isinstance(one, Bundle), one.notice.case) for one in gone] == [
        (False, case.number) for case in found
    ]


def test_of_many_senders_one_gets_the_bundle(book: Book) -> None:
    """Six replicas look at once."""
    due(book, 8)
    found = at_once([lambda: book.takes(SOON) for _ in range(6)])
    assert sum(isinstance(one, Claimed) for one in found) == 1


def test_a_start_takes_back_a_bundle_that_a_killed_process_held(book: Book) -> None:
    """As it does a notice by itself."""
    due(book, 8)
    first = taken(book)
    book.store.write_now(outbox.take_back, SOON)
    found = book.takes(SOON, may=May.POSTS)
    if book.store.engine.dialect.name == "sqlite":
        assert cases(as_a(Bundle, found)) == cases(first)
    else:
        assert isinstance(found, Nothing), "a replica may be sending it"


def test_a_case_that_cannot_be_read_does_not_hold_the_others_up(book: Book) -> None:
    """It is tried again by itself."""
    found = due(book, 8)
    with book.store.engine.begin() as connection:
        broken = update(t.cases).where(t.cases.c.number == found[3].number)
        connection.execute(broken.values(scenario="no such scenario"))
    claim = taken(book)
    assert cases(claim) == [case.number for case in found if case is not found[3]]
    book.sends(claim, SOON)
    row = book.rows(t.notices, kind="ping", case_number=found[3].number)[0]
    assert (row["state"], row["not_before"]) == ("waiting", SOON + next_notice.LOOK_AGAIN)
