"""Recurring posts are made once, with what then stands, on any number of replicas."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import date, datetime, time, timedelta

from cases import moves
from cases.case import Case
from cases.figures.period import Period
from cases.figures.report import Asked, By
from cases.people import Person
from cases.program import Program, Shift
from cases.reminders.recurring import Recurring, RecurringKind, due
from cases.times import instant
from storage import tables as t
from storage.outbox import outbox, schedule
from storage.outbox.next_notice import Nothing
from storage.outbox.notices import Claimed, Digest, Handover, Report
from storage.records import NoticeKind
from storage.writing.cases import save_change
from storage.writing.notices import post_report
from storage.writing.people import save_group
from storage.writing.programs import save_program
from tests import build
from tests.build import BEN, DUE, MIA, NOW, TESS, acting
from tests.storage.book import Book, as_a, at_once

ZONE = "Asia/Manila"
MORNING = instant(date(2026, 11, 24), time(8), ZONE)
SHIFT = Shift("Early", tuple(range(7)), time(6), time(14))
ENDS = instant(date(2026, 11, 24), time(14), ZONE)


def made(book: Book, post: Recurring, now: datetime) -> bool | None:
    return book.store.write_now(schedule.make_recurring, book.program.id, post, now)


def the_post(book: Book, now: datetime) -> Recurring:
    """What is due then, one post beside the week's report."""
    (post,) = [one for one in due(book.program, now) if one.kind is not RecurringKind.WEEKLY]
    return post


def has_shift(book: Book, **changes: object) -> Program:
    program = build.program(shifts=(SHIFT,), **changes)
    book.program = book.store.write_now(lambda unit: save_program(unit, program))
    return book.program


def test_a_post_is_made_once_by_whoever_comes_first(book: Book) -> None:
    """Six replicas at once, and again a second later: one row, one notice."""
    book.raises()
    post = the_post(book, MORNING)
    answers = at_once([lambda: made(book, post, MORNING) for _ in range(6)])
    assert sorted(map(bool, answers)) == [False] * 5 + [True]
    assert made(book, post, MORNING + timedelta(seconds=1)) is False
    (row,) = book.rows(t.recurring)
    assert (row["kind"], row["key"], row["at"]) == ("digest", "2026-11-24", MORNING)
    (notice,) = book.rows(t.notices, kind="digest")
    assert (notice["case_number"], notice["recurring"]) == (None, row["id"])


def test_each_day_and_each_program_has_its_own(book: Book) -> None:
    """The next morning, and next door."""
    book.raises()
    first, second = MORNING, MORNING + timedelta(days=1)
    for now in (first, second):
        assert made(book, the_post(book, now), now)
    other = book.store.write_now(lambda unit: save_program(unit, build.program(channel="C0OTHER")))
    book.raises(program=other, now=first)
    post = due(other, first)[0]
    assert book.store.write_now(schedule.make_recurring, other.id, post, first)
    assert len(book.rows(t.recurring)) == 3


def test_a_post_that_a_manager_moved_meanwhile_is_not_made(book: Book) -> None:
    """A replica that has not heard of it yet asks again later."""
    book.raises()
    post = the_post(book, MORNING)
    later = build.program(digest_at=time(9))
    book.program = book.store.write_now(lambda unit: save_program(unit, later))
    assert made(book, post, MORNING) is None
    assert book.rows(t.recurring) == []
    nine = MORNING + timedelta(hours=1)
    assert made(book, the_post(book, nine), nine) is True


def test_a_desk_that_never_had_a_case_has_nothing_to_tell(book: Book) -> None:
    """It does not begin with an empty digest; the next day, with a case, it has one."""
    assert made(book, the_post(book, MORNING), MORNING) is False
    assert book.rows(t.notices) == []
    book.raises()
    assert made(book, the_post(book, MORNING), MORNING) is False, "this day's is done"
    tomorrow = MORNING + timedelta(days=1)
    assert made(book, the_post(book, tomorrow), tomorrow) is True


def test_a_weekly_report_is_of_a_desk_that_was_there(book: Book) -> None:
    """Not of one whose first case came this Monday; the next Monday it has its first report."""
    book.raises(now=NOW)  # a Monday
    (weekly,) = [one for one in due(book.program, NOW) if one.kind is RecurringKind.WEEKLY]
    assert made(book, weekly, NOW) is False
    after = NOW + timedelta(days=7)
    (weekly,) = [one for one in due(book.program, after) if one.kind is RecurringKind.WEEKLY]
    assert sorted(map(bool, at_once([lambda: made(book, weekly, after) for _ in range(4)]))) == [
        False
    ] * 3 + [True]
    claim = as_a(Report, sent(book, NoticeKind.WEEKLY, after))
    assert (claim.period, claim.asked) == (Period(date(2026, 11, 23), date(2026, 11, 29), ZONE), None)


def test_a_report_that_was_asked_for_is_posted_once(book: Book) -> None:
    """The same command twice is one report; what was asked for stands in it as it was."""
    asked = Asked(date(2026, 11, 2), date(2026, 11, 8), By.REASON, MIA.id, "command:1.2.a/b")
    assert book.store.write_now(post_report, book.program, asked, NOW)
    assert not book.store.write_now(post_report, book.program, asked, NOW)
    claim = as_a(Report, sent(book, NoticeKind.REPORT, NOW))
    assert (claim.period, claim.asked) == (Period(asked.first, asked.last, ZONE), asked)


def sent(book: Book, kind: NoticeKind, now: datetime) -> Claimed:
    """The post as delivery gets it."""
    (found,) = [one for one in book.delivers(now) if one.notice.kind is kind]
    return found


def test_a_digest_tells_what_stands_when_it_is_sent(book: Book) -> None:
    """Not when it was made: the claim in between shows. Yesterday's first promises, kept or not, are counted."""
    kept, broken = book.claims(book.raises()), book.claims(book.raises())
    book.calls(kept, DUE)
    book.calls(broken, DUE + timedelta(minutes=15))
    free = book.raises(build.escalation(due_at=MORNING + timedelta(hours=1)))
    assert made(book, the_post(book, MORNING), MORNING)
    book.claims(free, now=MORNING)
    claim = as_a(Digest, sent(book, NoticeKind.DIGEST, MORNING))
    told = claim.told
    assert (told.promised, told.kept) == (0, 0), "in Manila those promises are for this very day"
    assert [case.number for case in told.due_today] == [free.number]
    assert {post.case for post in claim.posts} == {kept.number, broken.number, free.number}
    tomorrow = MORNING + timedelta(days=1)
    assert made(book, the_post(book, tomorrow), tomorrow)
    told = as_a(Digest, sent(book, NoticeKind.DIGEST, tomorrow)).told
    assert (told.promised, told.kept) == (3, 1)


def test_a_handover_knows_the_groups_of_its_shifts(book: Book) -> None:
    """As they were read last."""
    named = Shift("Early", SHIFT.days, SHIFT.begins, SHIFT.ends, groups=("S0EARLY",))
    program = build.program(shifts=(named,), digest_at=None)
    book.program = book.store.write_now(lambda unit: save_program(unit, program))
    book.store.write_now(lambda unit: save_group(unit, "S0EARLY", ["U0BEN"], NOW))
    case = book.claims(book.raises(build.escalation(due_at=ENDS + timedelta(hours=1))))
    now = ENDS - timedelta(minutes=15)
    post = the_post(book, now)
    assert made(book, post, now)
    told = as_a(Handover, sent(book, NoticeKind.HANDOVER, now)).told
    assert [(one.owner, one.cases[0].number) for one in told.going_home] == [(BEN.id, case.number)]


def test_a_recurring_post_in_doubt_comes_again_as_itself(book: Book) -> None:
    """Its sender was lost: the same notice, to be looked for."""
    has_shift(book, digest_at=None)
    book.raises()
    now = ENDS - timedelta(minutes=15)
    book.delivers(now)
    assert made(book, the_post(book, now), now)
    first = book.takes(now)
    again = book.takes(now + timedelta(seconds=30))
    assert isinstance(first, Claimed)
    assert isinstance(again, Claimed)
    assert (again.notice.id, again.notice.uncertain) == (first.notice.id, True)


def test_a_handover_is_drawn_anew_when_cases_change_hands(book: Book) -> None:
    """Until an hour after the end, once for all changes that wait; never a second post, nor one before the first is
    out.
    """
    has_shift(book, digest_at=None)
    case = book.claims(book.raises(build.escalation(due_at=ENDS + timedelta(hours=1))))
    now = ENDS - timedelta(minutes=15)
    book.delivers(now)
    assert made(book, the_post(book, now), now)
    changes_hands(book, case, TESS, now)
    first = as_a(Handover, sent(book, NoticeKind.HANDOVER, now))
    assert first.stands is None
    for owner in (BEN, TESS):
        changes_hands(book, case, owner, now)
    book.notes(book.case(case.number), "She called again.", now)
    anew = as_a(Handover, sent(book, NoticeKind.HANDOVER, now))
    assert anew.stands == f"{1_000 + first.notice.id}.000000"
    assert anew.told.made_at == now
    assert [one.owner for one in anew.told.going_home] == [TESS.id]
    later = ENDS + timedelta(minutes=59)
    changes_hands(book, case, BEN, later)
    assert as_a(Handover, sent(book, NoticeKind.HANDOVER, later)).stands == anew.stands
    later += timedelta(minutes=1)
    changes_hands(book, case, TESS, later)
    assert all(one.notice.kind is not NoticeKind.HANDOVER for one in book.delivers(later))


def changes_hands(book: Book, case: Case, to: Person, now: datetime) -> None:
    book.moves(case, lambda one: moves.hand_over(one, acting(MIA, now), to, ""), now)


def test_a_handover_that_is_on_its_way_is_drawn_anew_after_it(book: Book) -> None:
    """What it shows was read before the change: the redraw waits behind it, and finds where it stands."""
    has_shift(book, digest_at=None)
    case = book.claims(book.raises(build.escalation(due_at=ENDS + timedelta(hours=1))))
    now = ENDS - timedelta(minutes=15)
    book.delivers(now)
    assert made(book, the_post(book, now), now)
    on_its_way = book.takes(now)
    changes_hands(book, case, TESS, now)
    first = as_a(Handover, book.sends(on_its_way, now))
    anew = as_a(Handover, sent(book, NoticeKind.HANDOVER, now))
    assert (first.stands, anew.stands) == (None, f"{1_000 + first.notice.id}.000000")


def test_a_handover_that_is_found_is_drawn_as_things_stand_by_now(book: Book) -> None:
    """An earlier try posted it, its answer was lost, and meanwhile a case changed hands."""
    has_shift(book, digest_at=None)
    case = book.claims(book.raises(build.escalation(due_at=ENDS + timedelta(hours=1))))
    now = ENDS - timedelta(minutes=15)
    book.delivers(now)
    assert made(book, the_post(book, now), now)
    lost = book.takes(now)
    assert isinstance(lost, Claimed)
    book.store.write_now(outbox.later, lost.notice, now, "reset", uncertain=True)
    changes_hands(book, case, TESS, now)
    again = book.takes(now)
    while isinstance(again, Claimed) and again.notice.id != lost.notice.id:
        book.sends(again, now)
        again = book.takes(now)
    assert isinstance(again, Claimed)
    book.store.write_now(outbox.sent, again, "1001.000000", None, now, found=True)
    anew = as_a(Handover, sent(book, NoticeKind.HANDOVER, now))
    assert anew.stands == "1001.000000"
    assert [one.owner for one in anew.told.going_home] == [TESS.id]


def test_a_handover_never_misses_a_change_that_is_being_committed(book: Book) -> None:
    """Delivery takes its redraw while a hand-over is about to commit: it is on it, or another redraw waits."""
    has_shift(book, digest_at=None)
    case = book.claims(book.raises(build.escalation(due_at=ENDS + timedelta(hours=1))))
    now = ENDS - timedelta(minutes=15)
    book.delivers(now)
    assert made(book, the_post(book, now), now)
    if book.store.engine.dialect.name == "sqlite":
        return  # its one write lock leaves no room for this

    with ThreadPoolExecutor(1) as pool:
        with book.store.begin() as unit:
            held = unit.locked_case(case.number, book.program.id)
            save_change(unit, moves.hand_over(held, acting(MIA, now), TESS, ""), book.program, now)
            taking: Future[Claimed | Nothing] = pool.submit(book.takes, now)
            wait([taking], timeout=0.5)  # it either waits for this transaction, or has its answer
        claim = as_a(Handover, taking.result(timeout=20))
    waits = book.rows(t.notices, kind="handover", state="waiting")
    assert [one.owner for one in claim.told.going_home] == [TESS.id] or waits
