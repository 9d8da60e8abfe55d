"""The posts that come again: the digest each morning, the weekly report each Monday, the handover before a shift ends.

Pure. A post is known by its key, by which it is made once however many replicas run; times are wall times of the site.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from cases.case import Case
from cases.events import Happened
from cases.figures.definitions import promise_kept
from cases.figures.facts import FirstPromise, summed
from cases.ownership import CHANGES_OWNER
from cases.program import Program
from cases.shifts import Members, Span, ended, ending, next_begin, next_end, running, works
from cases.times import instant, wall
from cases.urgency import act_by, by_urgency
from cases.words import Word

LATE_AT_MOST = timedelta(hours=2)
"""A handover that was missed because nobody looked is worth reading for this long after its shift has ended."""

WEEKLY_LASTS = timedelta(days=2)
"""For how many days, from Monday on, a weekly report is still worth making."""

ANSWERED_WITHIN = timedelta(hours=1)
"""For so long after its shift has ended a handover shows what became of it; then it stays as it is."""

ANSWERS = CHANGES_OWNER | {Happened.STAYS}
"""Events after which other people have other cases in a handover."""

NIGHT_AT = time(3, 30)
"""When the night's deletion begins, by the site's clock: few people are at work, and the day is young."""


class RecurringKind(Word):
    """What comes again."""

    DIGEST = "digest", "digest"
    HANDOVER = "handover", "handover"
    PURGE = "purge", "nightly deletion"
    WEEKLY = "weekly", "weekly report"
    REPORT = "report", "report"
    """Asked for by somebody: it never comes by itself."""


@dataclass(frozen=True)
class Recurring:
    """What is to be made once: `key` is the day of a digest or a deletion, the Monday of a weekly report, the end of a
    handover's shift, what a report was asked for; `at` is its time.
    """

    kind: RecurringKind
    key: str
    at: datetime


def due(program: Program, now: datetime, since: datetime | None = None) -> list[Recurring]:
    """What should have been made by now: a digest until its day is over, a weekly report until Tuesday is, a handover
    until its shift has ended.

    `since` is when somebody looked last: a handover whose shift ended after it is made late rather than never.
    """
    if not program.active:
        return []
    return [*_digest_due(program, now), *_weekly_due(program, now), *_handovers_due(program, now, since)]


def night(program: Program, now: datetime) -> Recurring | None:
    """The deletion that should have begun by now, of the site's day; None before its time."""
    today = wall(now, program.timezone).date()
    at = instant(today, NIGHT_AT, program.timezone)
    return Recurring(RecurringKind.PURGE, today.isoformat(), at) if at <= now else None


def coming(program: Program, after: datetime) -> datetime | None:
    """When the next post is due, after an instant; None where none comes."""
    if not program.active:
        return None
    found = []
    if program.digest_at is not None:
        today = wall(after, program.timezone).date()
        days = (today + timedelta(days=ahead) for ahead in range(3))
        found += [instant(day, program.digest_at, program.timezone) for day in days]
    if (ends := next_end(program, after + program.handover_before)) is not None:
        found.append(ends.ends_at - program.handover_before)
    return min((at for at in found if at > after), default=None)


def _digest_due(program: Program, now: datetime) -> Iterator[Recurring]:
    if program.digest_at is None:
        return
    today = wall(now, program.timezone).date()
    at = instant(today, program.digest_at, program.timezone)
    if at <= now:
        yield Recurring(RecurringKind.DIGEST, today.isoformat(), at)


def _weekly_due(program: Program, now: datetime) -> Iterator[Recurring]:
    """With Monday's digest; where nobody looked that day, on Tuesday."""
    if program.digest_at is None:
        return
    today = wall(now, program.timezone).date()
    monday = today - timedelta(days=today.weekday())
    at = instant(monday, program.digest_at, program.timezone)
    if at <= now and today < monday + WEEKLY_LASTS:
        yield Recurring(RecurringKind.WEEKLY, monday.isoformat(), at)


def _handovers_due(program: Program, now: datetime, since: datetime | None) -> Iterator[Recurring]:
    missed = ended(program, max(since, now - LATE_AT_MOST), now) if since is not None else ()
    for ends_at in dict.fromkeys(span.ends_at for span in (*missed, *ending(program, now))):
        at = ends_at - program.handover_before
        yield Recurring(RecurringKind.HANDOVER, ends_at.isoformat(), at)


# What a digest tells


@dataclass(frozen=True)
class Digest:
    """How the desk stands in the morning of `day`: each open case once, where it is most urgent.

    `promised` first promises were for the day before, `kept` of them were kept. `record` is the last line of the
    program's record, its number and how its hash begins: in the channel it is out of reach of whoever writes the database.
    """

    day: date
    overdue: tuple[Case, ...]
    sign_off: tuple[Case, ...]
    unclaimed: tuple[Case, ...]
    due_today: tuple[Case, ...]
    open: int
    promised: int
    kept: int
    record: str = ""


def yesterday(program: Program, day: date) -> tuple[datetime, datetime]:
    """The site's day before `day`, from its first instant to the first of the next."""
    begins, ends = (instant(one, time(0), program.timezone) for one in (day - timedelta(days=1), day))
    return begins, ends


def digest(
    cases: Iterable[Case],
    promises: Sequence[FirstPromise],
    program: Program,
    day: date,
    now: datetime,
    record: str = "",
) -> Digest:
    """The digest of a day from the cases that are open now and the first promises of the day before."""
    there = list(cases)
    ends = instant(day + timedelta(days=1), time(0), program.timezone)
    found = by_urgency(there, now)
    kept = summed(promise_kept(promise, now) for promise in promises)
    return Digest(
        day=day,
        overdue=found.overdue,
        sign_off=found.sign_off,
        unclaimed=found.unclaimed,
        due_today=_due_before(found.calm, ends),
        open=len(there),
        promised=kept.whole,
        kept=kept.part,
        record=record,
    )


# What a handover tells


@dataclass(frozen=True)
class GoingHome:
    """Somebody whose shift ends and the cases in their hands; `stays` for those that come due in the next shift."""

    owner: str
    cases: tuple[Case, ...]
    stays: bool = False


@dataclass(frozen=True)
class Handover:
    """What one shift leaves to the next: each open case once, where it is most urgent; and who goes home with which.

    The next shift, `follows`, begins and ends at those instants; None where no other one comes. `made_at` is when the
    post was made.
    """

    ending: str
    ends_at: datetime
    follows: Span | None
    overdue: tuple[Case, ...]
    sign_off: tuple[Case, ...]
    unclaimed: tuple[Case, ...]
    due_next: tuple[Case, ...]
    going_home: tuple[GoingHome, ...]
    open: int
    made_at: datetime


def handover(
    cases: Iterable[Case],
    members: Members,
    program: Program,
    ends_at: datetime,
    now: datetime,
    made_at: datetime | None = None,
) -> Handover:
    """The handover of the shifts that end at that instant, from the cases that are open now; made now, or before."""
    there = list(cases)
    before = ends_at - timedelta(microseconds=1)
    spans = [span for span in running(program, before) if span.ends_at == ends_at]
    next_shifts = running(program, ends_at)
    follows = next(iter(next_shifts), None) or next_begin(program, ends_at)
    until = follows.ends_at if follows else ends_at + timedelta(days=1)
    found = by_urgency(there, now)
    held: dict[str, list[Case]] = {}
    for case in sorted(there, key=act_by):
        if case.owner is not None and _goes_home(case.owner, spans, next_shifts, members):
            held.setdefault(case.owner, []).append(case)
    return Handover(
        ending=", ".join(dict.fromkeys(span.shift.name for span in spans)),
        ends_at=ends_at,
        follows=follows,
        overdue=found.overdue,
        sign_off=found.sign_off,
        unclaimed=found.unclaimed,
        due_next=_due_before(found.calm, until),
        going_home=tuple(
            GoingHome(owner, tuple(mine), _stays(owner, mine, until)) for owner, mine in held.items()
        ),
        open=len(there),
        made_at=made_at or now,
    )


def next_shift_ends(program: Program, now: datetime) -> datetime:
    """The end of the shift that follows the one which is handed over now; of the one that runs, between handovers."""
    ends_at = min((span.ends_at for span in ending(program, now)), default=now)
    follows = next(iter(running(program, ends_at)), None) or next_begin(program, ends_at)
    return follows.ends_at if follows else ends_at + timedelta(days=1)


def _stays(owner: str, cases: Iterable[Case], until: datetime) -> bool:
    """Whether somebody said of every case of theirs that comes due by then, and of one at least, that they stay."""
    soon = [case.callback for case in cases if case.callback and case.callback.due_at < until]
    return bool(soon) and all(callback.stays == owner for callback in soon)


def _goes_home(owner: str, ends: Sequence[Span], follows: Sequence[Span], members: Members) -> bool:
    """Whether somebody works a shift that ends, and is not named in one that goes on.

    A shift in which nobody is named says nothing about who stays: its people are asked.
    """
    stays = any(
        (span.shift.groups or span.shift.users) and works(span.shift, owner, members) for span in follows
    )
    return not stays and any(works(span.shift, owner, members) for span in ends)


def _due_before(cases: Iterable[Case], end: datetime) -> tuple[Case, ...]:
    return tuple(case for case in cases if case.callback is not None and case.callback.due_at < end)
