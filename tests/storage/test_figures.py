"""The database's sums against the definitions, on both databases, over a month in which clocks change."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings

from bot.usecases.home import look
from cases import moves
from cases.case import Escalation
from cases.figures.definitions import OF_A_CASE, Figure
from cases.figures.facts import Share
from cases.figures.period import Period, week
from cases.figures.report import OF_ONE_PROGRAM, By, report
from cases.figures.tally import Tally, median, percentile
from cases.forms import Promise
from cases.reminders.recurring import digest
from cases.times import wall
from cases.urgency import by_urgency
from cases.words import Disposition, Missed, Satisfied, WantedBy
from storage.reading import Reading
from storage.reports import sums
from storage.reports.figures import cases_raised, kept_lately, report_of
from storage.writing.people import count_refusal
from storage.writing.programs import save_program
from tests import build
from tests.build import ANA, BEN, DUE, MIA, NOW, acting
from tests.storage.book import Book
from tests.storage.lives import Deed, escalations, kept, lives, times, tried
from tests.storage.month import OCTOBER, WINDOW, ZONE, Written, month, put
from tests.sums import sums_of

END = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
"""When it is looked at: some promises of the last day still have their window before them."""

THOUSANDS = list(month(seed=25, cases=2_000))


@pytest.fixture
def october(book: Book) -> Book:
    """A desk in Berlin with its month."""
    book.program = replace(book.program, timezone=ZONE)
    put(book.store, THOUSANDS)
    return book


def test_the_databases_sums_are_the_definitions_sums(october: Book) -> None:
    """Every figure, in each hour and group, equals what the definitions say of one case after the other."""
    facts = [one.fact for one in THOUSANDS]
    for by in (None, *OF_ONE_PROGRAM):
        found = october.store.ask_now(report_of, october.program, OCTOBER, END, by)
        meant = report(october.program.name, OCTOBER, END, sums_of(facts, OCTOBER, END, by), by=by)
        assert found == meant, by
        assert list(found.groups) == list(meant.groups), by


def test_every_figure_that_is_counted_by_cases_has_its_sql_and_no_other_has_any() -> None:
    assert set(sums.of_case()) == set(OF_A_CASE)


def test_a_month_with_a_changed_clock_comes_to_what_counting_by_hand_gives(october: Book) -> None:
    """Counted here with nothing of the definitions' own code."""
    found = october.store.ask_now(report_of, october.program, OCTOBER, END)
    begins, ends = datetime(2026, 9, 30, 22, tzinfo=UTC), datetime(2026, 10, 31, 23, tzinfo=UTC)
    inside = [one for one in THOUSANDS if begins <= one.case["raised_at"] < ends]
    closed = [one.case for one in inside if one.case["status"] == "closed"]
    assert found.total.raised == len(inside) > 1_800
    assert found.total.share(Figure.SATISFIED) == (
        sum(case["satisfied"] == "yes" for case in closed),
        sum(case["satisfied"] in ("yes", "partly", "no") for case in closed),
    )
    assert found.total.share(Figure.ATTEMPTS) == (
        sum(row["disposition"] is not None for one in inside if one.case in closed for row in one.attempts),
        len(closed),
    )
    due = [one for one in THOUSANDS if begins <= one.case["first_due_at"] < ends]
    assert found.total.share(Figure.KEPT) == (sum(map(_kept, due)), len(due))
    waits = sorted(
        int(one.case["claimed_at"].timestamp()) - int(one.case["raised_at"].timestamp())
        for one in inside
        if one.case["claimed_at"]
    )
    assert median(found.total.waits) in (waits[len(waits) // 2], sum(waits[(len(waits) - 1) // 2 :][:2]) / 2)
    assert percentile(found.total.waits, 90) == waits[-(-len(waits) * 9 // 10) - 1]


def test_a_case_of_several_reasons_counts_for_each_of_them(october: Book) -> None:
    """Cases, new times and how long claiming took, counted here with nothing of the definitions' own code."""
    found = october.store.ask_now(report_of, october.program, OCTOBER, END, By.REASON)
    begins, ends = datetime(2026, 9, 30, 22, tzinfo=UTC), datetime(2026, 10, 31, 23, tzinfo=UTC)
    inside = [one for one in THOUSANDS if begins <= one.case["raised_at"] < ends]
    assert sum(found.reasons.values()) > len(inside)
    for reason, cases in found.reasons.items():
        mine = [one for one in inside if reason.value in one.case["reasons"].split(",")]
        moved = [row for one in mine for row in one.callbacks if row["kind"] == "moved"]
        group = found.groups[reason.value]
        assert cases == group.raised == len(mine)
        assert group.share(Figure.MOVED_BY_US) == (sum(row["wanted_by"] == "us" for row in moved), len(mine))
        assert group.waits == Counter(
            int(one.case["claimed_at"].timestamp()) - int(one.case["raised_at"].timestamp())
            for one in mine
            if one.case["claimed_at"]
        )


def test_a_promise_alone_is_no_case_of_its_reasons(book: Book) -> None:
    """Raised on the day before, promised for today: today has a group for its reasons, but no case that had them."""
    few = list(month(seed=7, cases=60))
    put(book.store, few)
    promised_only = 0
    for number in range(1, 11):
        day = Period(date(2026, 10, number), date(2026, 10, number), ZONE)
        found = book.store.ask_now(report_of, book.program, day, END, By.REASON)
        assert found.reasons == sums_of([one.fact for one in few], day, END).reasons
        assert found.reasons == {
            name: n for name, n in found.reasons.items() if found.groups[name].raised == n
        }
        promised_only += len(found.groups) - len(found.reasons)
    assert promised_only


def _kept(one: Written) -> bool:
    calls = [
        row["started_at"] for row in one.attempts if row["disposition"] or row["number"] == one.case["call"]
    ]
    return bool(calls) and one.case["first_due_at"] <= min(calls) < one.case["first_due_at"] + WINDOW


def test_the_night_that_has_an_hour_twice_has_both_in_its_day(october: Book) -> None:
    """25 October has 25 hours: from 22:00 UTC on the day before until 23:00 UTC."""
    found = october.store.ask_now(report_of, october.program, OCTOBER, END)
    begins = datetime(2026, 10, 24, 22, tzinfo=UTC)
    raised = [one.case["raised_at"] for one in THOUSANDS]
    of_day = [at for at in raised if begins <= at < begins + timedelta(hours=25)]
    assert found.days[date(2026, 10, 25)].raised == len(of_day)
    twice = [at for at in of_day if at.hour in (0, 1) and at.date() == date(2026, 10, 25)]
    one_day = Period(date(2026, 10, 25), date(2026, 10, 25), ZONE)
    alone = october.store.ask_now(report_of, october.program, one_day, END, By.HOUR)
    assert alone.groups["2"].raised == len(twice) > 0


def test_a_desk_without_cases_has_an_empty_report(book: Book) -> None:
    for by in (None, *OF_ONE_PROGRAM):
        found = book.store.ask_now(report_of, book.program, OCTOBER, END, by)
        assert found.is_empty
        assert not found.groups


def test_the_days_before_are_counted_as_their_own_report_counts_them(october: Book) -> None:
    """A report on the last days of the month says how many cases there were in as many days before."""
    days = Period(date(2026, 10, 26), date(2026, 10, 31), ZONE).before
    counted = october.store.ask_now(cases_raised, october.program, days)
    assert counted == october.store.ask_now(report_of, october.program, days, END).total.raised > 0


def test_other_programs_count_for_themselves(book: Book) -> None:
    other = book.store.write_now(
        lambda unit: save_program(unit, replace(book.program, channel="C0OTHER", name="Other"))
    )
    put(book.store, list(month(seed=3, cases=50, program=other.id)))
    assert book.store.ask_now(report_of, book.program, OCTOBER, END).is_empty
    assert not book.store.ask_now(report_of, other, OCTOBER, END).is_empty


def test_what_people_do_is_what_the_figures_see(book: Book) -> None:
    """One case by the desk's own moves: moved by us and by the customer, escalated, left on a call, resolved at last."""
    case = book.claims(book.raises(), now=NOW + timedelta(minutes=4))
    book.moves(
        case,
        lambda one: moves.reschedule(
            one, acting(ANA, NOW, book.program), replace(later(1), wanted_by=WantedBy.US)
        ),
    )
    book.calls(case, DUE + timedelta(minutes=5))
    asked = Disposition.ASKED_RESCHEDULE
    book.moves(case, lambda one: moves.log_outcome(one, acting(BEN, DUE), asked, "", later(2)))
    book.moves(
        case,
        lambda one: moves.escalate_further(
            one, acting(BEN, DUE, book.program), MIA, None, later(3), None, "above me"
        ),
    )
    book.calls(case, DUE + timedelta(hours=3), by=MIA)
    book.moves(case, lambda one: moves.release(one, acting(MIA, DUE), "my shift ends"))
    book.claims(case, now=DUE + timedelta(hours=4))
    ending = build.closing(satisfied=Satisfied.PARTLY, missed=Missed.ONE)
    book.moves(case, lambda one: moves.complete(one, acting(BEN, DUE), ending))
    found = report_now(book)
    assert found.shares == {
        Figure.RAISED: Share(1, 1),
        Figure.CLAIMED: Share(1, 1),
        Figure.KEPT: Share(1, 1),
        Figure.REACHED: Share(1, 1),
        Figure.FIRST_CALLBACK: Share(0, 1),
        Figure.RESOLVED: Share(1, 1),
        Figure.ATTEMPTS: Share(2, 1),
        Figure.MOVED_BY_CUSTOMER: Share(1, 1),
        Figure.MOVED_BY_US: Share(1, 1),
        Figure.REPEAT: Share(0, 1),
        Figure.SATISFIED: Share(0, 1),
        Figure.RIGHT_DEPARTMENT: Share(0, 0),
        Figure.ASSESSED_WELL: Share(0, 0),
        Figure.AVOIDABLE: Share(1, 1),
        Figure.COACHING: Share(0, 0),
        Figure.REFUSED: Share(0, 1),
        Figure.PER_100_CALLS: Share(0, 0),
    }
    assert found.waits == {240: 1}


def test_a_call_that_was_begun_and_left_keeps_no_promise(book: Book) -> None:
    """While it runs it counts; once its owner let the case go without a word about it, it does not."""
    case = book.claims(book.raises())
    book.calls(case, DUE)
    assert report_now(book).share(Figure.KEPT) == Share(1, 1)
    assert book.store.ask_now(Reading.first_promises, 1, DUE, DUE + WINDOW)[0].is_kept
    book.moves(case, lambda one: moves.release(one, acting(BEN, DUE), "the line broke"))
    assert report_now(book).share(Figure.KEPT) == Share(0, 1)
    assert not book.store.ask_now(Reading.first_promises, 1, DUE, DUE + WINDOW)[0].is_kept


def test_a_refused_direct_message_counts_on_its_day(book: Book) -> None:
    """A direct message, alone or in a group; one in another channel is none."""
    for place, at in (("dm", NOW), ("group_dm", NOW), ("channel", NOW), ("dm", NOW - timedelta(days=3))):
        book.store.write_now(count_refusal, "U0ANA", place, "/escalate", at)
    assert report_now(book).share(Figure.REFUSED).part == 2


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=escalations, lived=lives)
def test_any_life_stands_where_the_digest_finds_it(book: Book, said: Escalation, lived: list[Deed]) -> None:
    """App Home's counts and the digest's lists are of the same cases, whatever was done to them."""
    number = book.raises(said).number
    for deed, now in times(lived):
        change = tried(book.case(number), deed, now)
        if change is not None:
            book.moves(book.case(number), kept(change), now)
        found = book.store.ask_now(look, book.program, MIA, {}, now, floor=True).floor
        assert found is not None
        cases = book.store.ask_now(Reading.waiting_cases, book.program.id)
        told = digest(cases, [], book.program, NOW.date(), now)
        counts = (len(told.overdue), len(told.sign_off), len(told.unclaimed), told.open)
        there = found.by_urgency
        assert (len(there.overdue), len(there.sign_off), len(there.unclaimed), found.open) == counts
        assert len(by_urgency(cases, now).calm) == found.open - sum(counts[:3])


def test_a_manager_reads_the_kept_rate_of_today_and_of_the_week(october: Book) -> None:
    """On a Wednesday, the week from Monday on; what is not decided yet is left out."""
    now = datetime(2026, 10, 14, 16, 30, tzinfo=UTC)
    facts = [one.fact for one in THOUSANDS]
    found = october.store.ask_now(kept_lately, october.program, now)
    today = wall(now, ZONE).date()
    for days, share in ((Period(today, today, ZONE), found.today), (week(now, ZONE), found.week)):
        meant = report("", days, now, sums_of(facts, days, now))
        assert share == meant.total.share(Figure.KEPT)
        assert share.whole > 20


def later(hours: int) -> Promise:
    return Promise(DUE + timedelta(hours=hours), build.CUSTOMER_ZONE)


def report_now(book: Book) -> Tally:
    """The figures of the days around NOW, some days later."""
    period = Period(NOW.date(), NOW.date() + timedelta(days=1), book.program.timezone)
    return book.store.ask_now(report_of, book.program, period, NOW + timedelta(days=3)).total
