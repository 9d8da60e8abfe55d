"""A claimed notice: one type for each kind of message, with exactly what its text needs at this moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy import bindparam, literal_column, select

from cases.audience import Audience, Called, People, called, reachable
from cases.case import Case
from cases.coaching import Coaching, CoachingState
from cases.figures.period import Period, week_before
from cases.figures.report import Asked
from cases.ownership import Stretch
from cases.program import Program
from cases.reminders import recurring
from cases.reminders.alerts import knowing, news
from cases.reminders.engine import still_speaks
from storage import tables as t
from storage.mapping import NOTICES
from storage.reading import Reading
from storage.records import Alert, EventRecord, Notice, NoticeKind, NoticeState, Post
from storage.statements import UNSETTLED
from storage.unit import UnitOfWork
from storage.writing import alerts, coaching

n = t.notices.c
notice_of = NOTICES.value
"""A notice from its row."""

OF_CHAIN = {name: n[name] for name in ("case_number", "kind", "rule", "about", "round")}
LATER_STEP = (
    select(n.id)
    .where(*(column == bindparam(f"of_{name}") for name, column in OF_CHAIN.items()))
    .where(n.step > bindparam("than_step"), UNSETTLED)
    .limit(literal_column("1"))
)


@dataclass(frozen=True)
class Claimed:
    """A notice that is being sent, and its program. `posts`: where the cards are of the other cases that it names. `moot`:
    its case has moved on since an earlier try; if that try did not reach Slack, nothing is to be sent.
    """

    notice: Notice
    program: Program
    posts: tuple[Post, ...] = field(default=(), kw_only=True)
    moot = False


@dataclass(frozen=True)
class OfCase(Claimed):
    """About one case; `post` is where its card is."""

    case: Case
    post: Post | None


@dataclass(frozen=True)
class Card(OfCase):
    """A case's card; `owners` are those who have had the case, if it was ever claimed."""

    owners: tuple[Stretch, ...] = ()


class Confirmation(OfCase):
    """A message to the agent who raised a case, for their eyes only."""


@dataclass(frozen=True)
class Question(Confirmation):
    """A reminder that asks them, and calls nobody."""

    moot: bool = False


@dataclass(frozen=True)
class InThread(OfCase):
    """A reply under a case's card; `people` are those it may mention."""

    people: People


@dataclass(frozen=True)
class Line(InThread):
    """What happened to a case."""

    event: EventRecord


@dataclass(frozen=True)
class Ping(InThread):
    """A reminder of a call: for whom it is, and of those the ones whom it mentions.

    Moot also where it is news to nobody: then their alert is drawn again instead.
    """

    audience: tuple[Audience, ...]
    whom: tuple[Called, ...]
    moot: bool = False
    live: bool = True
    """Whether it is its case's live alert: one that stands already may have been replaced, or its case handled."""


@dataclass(frozen=True)
class Feedback(InThread):
    """A reminder of feedback that is owed."""

    item: Coaching
    moot: bool = False


@dataclass(frozen=True)
class Bundle(Claimed):
    """Several pings in one message: those that still matter. The notice is the one that leads them."""

    pings: tuple[Ping, ...]
    people: People
    moot: bool = False


@dataclass(frozen=True)
class AlertMessage(Claimed):
    """Pings that stand in one message, at `ts`, to be drawn again; it is known by the notice `first`."""

    pings: tuple[Ping, ...]
    first: Notice
    ts: str


@dataclass(frozen=True)
class Digest(Claimed):
    """The morning's post."""

    told: recurring.Digest


@dataclass(frozen=True)
class Handover(Claimed):
    """The post before a shift ends; `stands` is its timestamp if it is already there and is to be redrawn."""

    told: recurring.Handover
    stands: str | None


@dataclass(frozen=True)
class Report(Claimed):
    """A report; `asked` is None for the weekly one. Its figures are read when it is sent, in a transaction of their
    own: they may take a second, and no click should wait for that.
    """

    period: Period
    asked: Asked | None = None


@dataclass(frozen=True)
class ProgramLine(Claimed):
    """What happened to the program itself."""

    event: EventRecord


class Export(ProgramLine):
    """The same, with a file."""


def adds_message(claimed: Claimed) -> bool:
    """Whether sending it adds a message to the channel, rather than changing one or showing it to one person."""
    match claimed:
        case Card(post=Post()) | Handover(stands=str()) | Confirmation() | AlertMessage():
            return False
    return True


def claimed(unit: UnitOfWork, notice: Notice, now: datetime) -> Claimed:
    """A claimed notice with everything its text needs. Raises what reading a broken row raises."""
    program = unit.program(notice.program)
    match notice.kind:
        case NoticeKind.CARD:
            case, post = _case(unit, notice)
            owners = unit.ownership(case.number) if case.claimed_at else ()
            return Card(notice, program, case, post, owners, posts=_posts(unit, case.related))
        case NoticeKind.CONFIRMATION:
            return Confirmation(notice, program, *_case(unit, notice))
        case NoticeKind.LINE:
            people, event = people_of(unit, program), unit.event(notice.event or 0)
            return Line(
                notice, program, *_case(unit, notice), people, event, posts=_posts(unit, event.names_cases)
            )
        case NoticeKind.PING:
            ping = judged(unit, notice, program, people_of(unit, program), now)
            return replace(ping, post=unit.post(ping.case.number))
        case NoticeKind.ALERT:
            return _alert(unit, notice, program, now)
        case NoticeKind.QUESTION:
            case = unit.case(notice.case or 0, program.id)
            moot = not _speaks(unit, notice, case, program, now)
            return Question(notice, program, case, unit.post(case.number), moot)
        case NoticeKind.COACHING:
            item, people = coaching.item(unit, notice.about, program.id), people_of(unit, program)
            moot = item.state is not CoachingState.OWED or _overtaken(unit, notice)
            posts = _posts(unit, item.cases)
            return Feedback(notice, program, *_case(unit, notice), people, item, moot, posts=posts)
        case NoticeKind.PROGRAM_LINE:
            event = unit.event(notice.event or 0)
            return ProgramLine(notice, program, event, posts=_posts(unit, event.names_cases))
        case NoticeKind.EXPORT:
            return Export(notice, program, unit.event(notice.event or 0))
        case NoticeKind.DIGEST | NoticeKind.HANDOVER | NoticeKind.WEEKLY | NoticeKind.REPORT:
            return _recurring(unit, notice, program, now)
        case NoticeKind.REDACTION:
            raise LookupError(f"notice {notice.id} is claimed by storage/privacy/redaction.py")


def judged(unit: UnitOfWork, notice: Notice, program: Program, people: People, now: datetime) -> Ping:
    """A ping as it stands, without its card. Moot where its case has moved on, where a later step says what it would, and
    where nobody would learn anything new. One in doubt calls whom it may have called.
    """
    case = unit.case(notice.case or 0, program.id)
    audience = notice.chain.rule.does.audience(case, program, now, people.members)
    whom: tuple[Called, ...] = ()
    if _speaks(unit, notice, case, program, now):
        in_doubt = alerts.called_by(notice) if notice.uncertain else ()
        whom = in_doubt or _news(unit, notice, case, program, audience, people, now)
    return Ping(notice, program, case, None, people, audience, whom, moot=not whom)


def _speaks(unit: UnitOfWork, notice: Notice, case: Case, program: Program, now: datetime) -> bool:
    """Whether a reminder still has something to say: its case has not moved on, and no later step says the same."""
    speaks = still_speaks(notice.chain, case, program, now, since=notice.created_at)
    return speaks and not _overtaken(unit, notice)


def everybody(
    notice: Notice,
    case: Case,
    program: Program,
    audience: tuple[Audience, ...],
    people: People,
    now: datetime,
) -> tuple[Called, ...]:
    """All whom a ping is for, whether they know or not."""
    there = reachable(program, people.members, people.gone)
    but = notice.chain.rule.does.skips(case)
    return called(audience, case, there, now, but=but, members=people.members)


def _news(
    unit: UnitOfWork,
    notice: Notice,
    case: Case,
    program: Program,
    audience: tuple[Audience, ...],
    people: People,
    now: datetime,
) -> tuple[Called, ...]:
    """Those of them to whom it is news."""
    asked = everybody(notice, case, program, audience, people, now)
    rule, told = notice.chain.rule, alerts.heard(alerts.standing(unit, [case.number])[case.number])
    knows = knowing(alerts.clicks(unit, case.number, now), rule, case, program.ladder, now)
    return news(asked, rule, told, knows, people.members, rule.does.again(case, program.ladder, now), now)


def _alert(unit: UnitOfWork, notice: Notice, program: Program, now: datetime) -> AlertMessage:
    people = people_of(unit, program)
    found, first = alerts.of_message(unit, notice.about)
    pings = []
    for one in found:
        case = unit.case(one.case or 0, program.id)
        audience = one.chain.rule.does.audience(case, program, now, people.members)
        speaks = still_speaks(one.chain, case, program, now, since=one.created_at)
        live = one.alert is Alert.LIVE and speaks
        pings.append(
            Ping(one, program, case, None, people, audience, alerts.called_by(one), not speaks, live)
        )
    posts = tuple(unit.posts([ping.case.number for ping in pings]))
    return AlertMessage(notice, program, tuple(pings), first, found[0].ts or "", posts=posts)


def people_of(reading: Reading, program: Program) -> People:
    """Who is in which user group and in the program's channel, and who can no longer be called."""
    known = reading.lists(program.channel)
    lost = (group for group, one in known.items() if one.gone)
    members = {one: found.members for one, found in known.items()}
    return People(members, frozenset((*lost, *reading.leavers())))


def _posts(unit: UnitOfWork, cases: Sequence[int]) -> tuple[Post, ...]:
    return tuple(unit.posts(cases)) if cases else ()


def _case(unit: UnitOfWork, notice: Notice) -> tuple[Case, Post | None]:
    case = unit.case(notice.case or 0, notice.program)
    return case, unit.post(case.number)


def _recurring(unit: UnitOfWork, notice: Notice, program: Program, now: datetime) -> Claimed:
    """A recurring post with its current content; its row's key names the day, or the end of the shift."""
    query = select(t.recurring.c.key, t.recurring.c.made_at).where(t.recurring.c.id == notice.recurring)
    key, made_at = unit.connection.execute(query).one()
    if notice.kind is NoticeKind.WEEKLY:
        return Report(notice, program, week_before(date.fromisoformat(key), program.timezone))
    if notice.kind is NoticeKind.REPORT:
        asked = Asked.of(key)
        return Report(notice, program, Period(asked.first, asked.last, program.timezone), asked)
    cases = unit.waiting_cases(program.id)
    posts = tuple(unit.posts([case.number for case in cases]))
    if notice.kind is NoticeKind.DIGEST:
        day, head = date.fromisoformat(key), unit.record_head(program.id)
        promises = unit.first_promises(program.id, *recurring.yesterday(program, day))
        digest = recurring.digest(cases, promises, program, day, now, str(head.point) if head else "")
        return Digest(notice, program, digest, posts=posts)
    members, ends_at = unit.members(program.channel), datetime.fromisoformat(key)
    handover = recurring.handover(cases, members, program, ends_at, now, made_at)
    posted = select(n.ts).where(n.recurring == notice.recurring, n.state == NoticeState.SENT.value)
    stands = unit.value(posted.order_by(n.id).limit(1))
    return Handover(notice, program, handover, stands, posts=posts)


def _overtaken(unit: UnitOfWork, notice: Notice) -> bool:
    """Whether a later step of the same chain is waiting: after an outage, one ping stands for all."""
    mine = (notice.case, notice.kind.value, notice.rule, notice.about, notice.round)
    step = {f"of_{name}": value for name, value in zip(OF_CHAIN, mine, strict=True)}
    return unit.finds(LATER_STEP, {**step, "than_step": notice.step})
