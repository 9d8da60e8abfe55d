"""What a notice has to tell, as it stands at the moment at which it is claimed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import bindparam, literal_column, select

from cases.case import Case
from cases.coaching import Coaching, CoachingState
from cases.figures.period import Period, week_before
from cases.figures.report import Asked, By
from cases.ownership import Stretch
from cases.program import Program
from cases.reminders.engine import Chain, still_speaks
from cases.reminders.recurring import Digest, Handover, digest, handover, yesterday
from cases.reminders.rules import Rule
from cases.shifts import Members
from storage import coaching
from storage import tables as t
from storage.reading import Reading
from storage.records import EventRecord, Notice, NoticeKind, Post
from storage.rows import Row
from storage.statements import UNSETTLED
from storage.unit import UnitOfWork

MENTIONS = frozenset({NoticeKind.PING, NoticeKind.LINE, NoticeKind.COACHING})
"""What calls user groups by name."""

REPORTS = frozenset({NoticeKind.WEEKLY, NoticeKind.REPORT})
"""What is made of figures."""

n = t.notices.c
NAMED_ALIKE = (
    "id", "program", "channel", "created_at", "tries", "event", "person", "rule", "step", "about", "round", "late",
    "bundle", "recurring", "sender",
)  # fmt: skip
"""The columns that a notice names as they are."""

LATER_STEP = (
    select(n.id)
    .where(
        n.case_number == bindparam("of_case"),
        n.kind == bindparam("of_kind"),
        n.rule == bindparam("of_rule"),
        n.about == bindparam("of_about"),
        n.round == bindparam("of_round"),
        n.step > bindparam("than_step"),
        UNSETTLED,
    )
    .limit(literal_column("1"))
)


@dataclass(frozen=True)
class Pinged:
    """One ping of a bundle, with its case as it stands at this moment."""

    notice: Notice
    case: Case


@dataclass(frozen=True)
class Order:
    """A report that is to be posted. Its figures are read when it is sent, in a transaction of their own: they may take
    a second, for which nobody's click should wait. `asked` is None for the weekly one.
    """

    period: Period
    by: By | None = None
    asked: Asked | None = None


@dataclass(frozen=True)
class Errand:
    """A notice that was claimed, with all that its text is made of, as it stands at this moment.

    `moot`: the case has moved on since an earlier try; if that one did not reach Slack, nothing is to be sent.
    Of a bundle `notice` is the leader and `pings` are those that still speak; it has no case of its own.
    `posts` are the cards of all the cases that a message of many names, `matter` is what a recurring post tells,
    `stands` where it stands already (its timestamp), to be drawn anew,
    `hands` are those through which the case of a card went, `members` who is in which user group, for what mentions
    people, `gone` the groups that Slack has no more and the people who left, `coaching` the item that a reminder of
    feedback is about.
    """

    notice: Notice
    program: Program
    case: Case | None = None
    event: EventRecord | None = None
    post: Post | None = None
    moot: bool = False
    pings: tuple[Pinged, ...] = ()
    posts: tuple[Post, ...] = ()
    matter: Digest | Handover | Order | None = None
    stands: str | None = None
    hands: tuple[Stretch, ...] = ()
    members: Members = field(default_factory=dict)
    gone: frozenset[str] = frozenset()
    coaching: Coaching | None = None

    @property
    def is_bundle(self) -> bool:
        """Whether many pings go as one message."""
        return bool(self.notice.bundle)


def posts_of(unit: Reading, pings: Collection[Pinged]) -> tuple[Post, ...]:
    """Where the cards of a bundle's cases are."""
    return tuple(unit.posts([ping.case.number for ping in pings]))


def errand_of(unit: UnitOfWork, notice: Notice, now: datetime) -> Errand:
    """A claimed notice with all that its text is made of. Raises what reading a broken row raises."""
    program = unit.program(notice.program)
    event = unit.event(notice.event) if notice.event is not None else None
    if notice.recurring is not None:
        return _recurring(unit, notice, program, now)
    if notice.case is None:
        return Errand(notice, program, event=event)
    case = unit.case(notice.case, program.id)
    if notice.kind is NoticeKind.COACHING:
        return _coaching(unit, notice, program, case)
    moot = notice.kind is NoticeKind.PING and is_moot(unit, notice, case, program, now)
    course = unit.ownership(case.number) if notice.kind is NoticeKind.CARD and case.claimed_at else ()
    members, gone = people_known(unit, program) if notice.kind in MENTIONS else ({}, frozenset())
    post = unit.post(case.number)
    return Errand(notice, program, case, event, post, moot, hands=course, members=members, gone=gone)


def people_known(unit: Reading, program: Program) -> tuple[Members, frozenset[str]]:
    """Who is in which user group and in the program's channel, and who cannot be called any more: groups that Slack no
    longer has, people who left.
    """
    known = unit.lists(program.channel)
    lost = (group for group, one in known.items() if one.gone)
    return {one: found.members for one, found in known.items()}, frozenset((*lost, *unit.leavers()))


def _coaching(unit: UnitOfWork, notice: Notice, program: Program, case: Case) -> Errand:
    """A reminder of feedback with its item; moot once it was given, or where a later reminder waits already."""
    item = coaching.item(unit, notice.about, program.id)
    moot = item.state is not CoachingState.OWED or _overtaken(unit, notice)
    (members, gone), post = people_known(unit, program), unit.post(case.number)
    return Errand(notice, program, case, post=post, moot=moot, members=members, gone=gone, coaching=item)


def _recurring(unit: UnitOfWork, notice: Notice, program: Program, now: datetime) -> Errand:
    """A recurring post with what then stands; its row's key says of which day, or of the end of which shift."""
    query = select(t.recurring.c.key, t.recurring.c.made_at).where(t.recurring.c.id == notice.recurring)
    key, made_at = unit.connection.execute(query).one()
    if notice.kind in REPORTS:
        return Errand(notice, program, matter=_order(notice, key, program))
    first = select(n.ts).where(n.recurring == notice.recurring, n.state == "sent").order_by(n.id).limit(1)
    stands = unit.connection.execute(first).scalar_one_or_none()
    cases = unit.waiting_cases(program.id)
    matter: Digest | Handover
    if notice.kind is NoticeKind.DIGEST:
        day = date.fromisoformat(key)
        promises = unit.first_promises(program.id, *yesterday(program, day))
        head = unit.record_head(program.id)
        matter = digest(cases, promises, program, day, now, str(head.point) if head else "")
    else:
        ends_at = datetime.fromisoformat(key)
        matter = handover(cases, unit.members(program.channel), program, ends_at, now, made_at)
    posts = tuple(unit.posts([case.number for case in cases]))
    return Errand(notice, program, posts=posts, matter=matter, stands=stands)


def _order(notice: Notice, key: str, program: Program) -> Order:
    if notice.kind is NoticeKind.WEEKLY:
        return Order(week_before(date.fromisoformat(key), program.timezone))
    asked = Asked.of(key)
    return Order(Period(asked.first, asked.last, program.timezone), asked.by, asked)


def is_moot(unit: UnitOfWork, notice: Notice, case: Case, program: Program, now: datetime) -> bool:
    """Whether a ping has nothing to say any more: its case has moved on, or a later step says it."""
    speaks = still_speaks(chain_of(notice), case, program, now, since=notice.created_at)
    return not speaks or _overtaken(unit, notice)


def chain_of(notice: Notice) -> Chain:
    """The chain that a ping belongs to."""
    return Chain(Rule(notice.rule or ""), notice.about, notice.round)


def _overtaken(unit: UnitOfWork, notice: Notice) -> bool:
    """Whether a later step of the same chain waits already: after an outage one ping says what all would."""
    step = {
        "of_case": notice.case,
        "of_kind": notice.kind.value,
        "of_rule": notice.rule,
        "of_about": notice.about,
        "of_round": notice.round,
        "than_step": notice.step,
    }
    return unit.connection.execute(LATER_STEP, step).first() is not None


def notice_of(row: Row) -> Notice:
    """A notice from its row."""
    values = {name: row[name] for name in NAMED_ALIKE}
    return Notice(
        kind=NoticeKind(row["kind"]),
        case=row["case_number"],
        uncertain=bool(row["uncertain"]),
        broadcast=bool(row["broadcast"]),
        **values,
    )
