"""Recurring posts: the digest each morning, the weekly report each Monday, the handover before a shift ends.

Pure. A post's key makes it once however many replicas run; times are wall times of the site.
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
from cases.standing import act_by, by_urgency
from cases.times import instant, wall
from cases.words import Word

LATE_AT_MOST = timedelta(hours=2)
"""How long after its shift's end a missed handover is still worth reading."""

WEEKLY_LASTS = timedelta(days=2)
"""For how many days, from Monday on, a weekly report is still worth making."""

ANSWERED_WITHIN = timedelta(hours=1)
"""How long after its shift's end a handover is kept up to date; then it stays as it is."""

ANSWERS = CHANGES_OWNER | {Happened.STAYS}
"""Events that change who has which case in a handover."""

NIGHT_AT = time(3, 30)
"""When the night's deletion begins, by the site's clock: few people are working, and the day has just begun."""


class RecurringKind(Word):
    """The kinds of recurring posts."""

    DIGEST = "digest", "digest"
    HANDOVER = "handover", "handover"
    PURGE = "purge", "nightly deletion"
    WEEKLY = "weekly", "weekly report"
    REPORT = "report", "report"
    """Requested by somebody: it never comes on its own."""


@dataclass(frozen=True)
class Recurring:
    """A post to be made once. `key` is the day of a digest or a deletion, the Monday of a weekly report, the end of a
    handover's shift, or a report's request; `at` is its time.
    """

    kind: RecurringKind
    key: str
    at: datetime


def due(program: Program, now: datetime, since: datetime | None = None) -> list[Recurring]:
    """What is due: a digest until its day is over, a weekly report until the end of Tuesday, a handover until its shift
    ends.

    `since` is the last check: a handover whose shift ended after it is made late rather than never.
    """
    if not program.active:
        return []
    return [*_digest_due(program, now), *_weekly_due(program, now), *_handovers_due(program, now, since)]


def night(program: Program, now: datetime) -> Recurring | None:
    """The deletion due tonight, by the site's day; None before its time."""
    today = wall(now, program.timezone).date()
    at = instant(today, NIGHT_AT, program.timezone)
    return Recurring(RecurringKind.PURGE, today.isoformat(), at) if at <= now else None


def coming(program: Program, after: datetime) -> datetime | None:
    """When the next post is due after an instant; None if none is."""
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
    """With Monday's digest; on Tuesday if nothing ran on Monday."""
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
    """How the program stands on the morning of `day`: each open case once, where it is most urgent.

    `promised` first promises were for the day before, and `kept` of them were kept. `record` is the last line of the
    program's record, its number and the beginning of its hash: once in the channel, nobody with access to the database
    can change it.
    """

    day: date
    waiting: tuple[Case, ...]
    overdue: tuple[Case, ...]
    sign_off: tuple[Case, ...]
    unclaimed: tuple[Case, ...]
    due_today: tuple[Case, ...]
    open: int
    promised: int
    kept: int
    record: str = ""


def yesterday(program: Program, day: date) -> tuple[datetime, datetime]:
    """The site's day before `day`: its first instant, and the first of the next day."""
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
    """A day's digest, from the cases open now and the first promises of the day before."""
    there = list(cases)
    ends = instant(day + timedelta(days=1), time(0), program.timezone)
    found = by_urgency(there, program, now)
    kept = summed(promise_kept(promise, now) for promise in promises)
    return Digest(
        day=day,
        waiting=found.waiting,
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
    """Somebody whose shift ends with open cases; `stays`: they stay on for those due in the next shift."""

    owner: str
    cases: tuple[Case, ...]
    stays: bool = False


@dataclass(frozen=True)
class Handover:
    """What one shift leaves to the next: each open case once, where it is most urgent; and who goes home with which.

    `follows`, the next shift, begins and ends at those instants; None if there is none. `made_at` is when the post was
    made.
    """

    ending: str
    ends_at: datetime
    follows: Span | None
    waiting: tuple[Case, ...]
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
    """The handover of the shifts that end at that instant, from the cases open now; made now, or earlier."""
    there = list(cases)
    before = ends_at - timedelta(microseconds=1)
    spans = [span for span in running(program, before) if span.ends_at == ends_at]
    next_shifts = running(program, ends_at)
    follows = next(iter(next_shifts), None) or next_begin(program, ends_at)
    until = follows.ends_at if follows else ends_at + timedelta(days=1)
    found = by_urgency(there, program, now)
    held: dict[str, list[Case]] = {}
    for case in sorted(there, key=act_by):
        if case.owner is not None and _goes_home(case.owner, spans, next_shifts, members):
            held.setdefault(case.owner, []).append(case)
    return Handover(
        ending=", ".join(dict.fromkeys(span.shift.name for span in spans)),
        ends_at=ends_at,
        follows=follows,
        waiting=found.waiting,
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
    """The end of the shift after the one being handed over; between handovers, of the one that is running."""
    ends_at = min((span.ends_at for span in ending(program, now)), default=now)
    follows = next(iter(running(program, ends_at)), None) or next_begin(program, ends_at)
    return follows.ends_at if follows else ends_at + timedelta(days=1)


def _stays(owner: str, cases: Iterable[Case], until: datetime) -> bool:
    """Whether the owner said they stay on for every case due by then, and there is at least one."""
    soon = [case.callback for case in cases if case.callback and case.callback.due_at < until]
    return bool(soon) and all(callback.stays == owner for callback in soon)


def _goes_home(owner: str, ends: Sequence[Span], follows: Sequence[Span], members: Members) -> bool:
    """Whether somebody works a shift that ends, and none that goes on by name. A shift without names doesn't say who
    stays: its people are asked.
    """
    stays = any(
        (span.shift.groups or span.shift.users) and works(span.shift, owner, members) for span in follows
    )
    return not stays and any(works(span.shift, owner, members) for span in ends)


def _due_before(cases: Iterable[Case], end: datetime) -> tuple[Case, ...]:
    return tuple(case for case in cases if case.callback is not None and case.callback.due_at < end)
