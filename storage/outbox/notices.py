"""A claimed notice: one type for each kind of message, with exactly what its text is made of at this moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, literal_column, select

from cases.audience import People
from cases.case import Case
from cases.coaching import Coaching, CoachingState
from cases.figures.period import Period, week_before
from cases.figures.report import Asked
from cases.ownership import Stretch
from cases.program import Program
from cases.reminders import recurring
from cases.reminders.engine import Chain, still_speaks
from cases.reminders.rules import Rule
from storage import tables as t
from storage.reading import Reading
from storage.records import EventRecord, Notice, NoticeKind, NoticeState, Post
from storage.rows import Rows
from storage.statements import UNSETTLED
from storage.unit import UnitOfWork
from storage.writing import coaching

n = t.notices.c
notice_of = Rows(Notice, t.notices, names={"case": "case_number"}).value
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
    """A notice that is being sent, and its program.

    `moot`: its case has moved on since an earlier try; if that one did not reach Slack, nothing is to be sent.
    """

    notice: Notice
    program: Program
    moot = False


@dataclass(frozen=True)
class OfCase(Claimed):
    """About one case; `post` is where its card is."""

    case: Case
    post: Post | None


@dataclass(frozen=True)
class Card(OfCase):
    """A case's card; `owners` are those who had the case so far, where it was ever claimed."""

    owners: tuple[Stretch, ...] = ()


class Confirmation(OfCase):
    """A word to the agent who raised a case, for their eyes only."""


@dataclass(frozen=True)
class InThread(OfCase):
    """What is said under a case's card; `people` are those whom it may call."""

    people: People


@dataclass(frozen=True)
class Line(InThread):
    """What happened to a case."""

    event: EventRecord


@dataclass(frozen=True)
class Ping(InThread):
    """A reminder of a call."""

    moot: bool = False


@dataclass(frozen=True)
class Feedback(InThread):
    """A reminder of feedback that is owed."""

    item: Coaching
    moot: bool = False


@dataclass(frozen=True)
class OfMany(Claimed):
    """What names several cases, with a link to each of their cards."""

    posts: tuple[Post, ...]


@dataclass(frozen=True)
class Bundle(OfMany):
    """Several pings in one message: those that still speak. The notice is the one that leads them."""

    pings: tuple[Ping, ...]
    people: People
    moot: bool = False


@dataclass(frozen=True)
class Digest(OfMany):
    """The morning's post."""

    told: recurring.Digest


@dataclass(frozen=True)
class Handover(OfMany):
    """The post before a shift ends; `stands` is its timestamp where it is there already, to be drawn again."""

    told: recurring.Handover
    stands: str | None


@dataclass(frozen=True)
class Report(Claimed):
    """A report; `asked` is None for the weekly one. Its figures are read when it is sent, in a transaction of their own:
    they may take a second, for which nobody's click should wait.
    """

    period: Period
    asked: Asked | None = None


@dataclass(frozen=True)
class ProgramLine(Claimed):
    """What happened to the program itself."""

    event: EventRecord


class Export(ProgramLine):
    """The same with a file."""


def adds_message(claimed: Claimed) -> bool:
    """Whether sending it adds a message to the channel, rather than changing one or whispering to one person."""
    match claimed:
        case Card(post=Post()) | Handover(stands=str()) | Confirmation():
            return False
    return True


def claimed(unit: UnitOfWork, notice: Notice, now: datetime) -> Claimed:
    """A claimed notice with all that its text is made of. Raises what reading a broken row raises."""
    program = unit.program(notice.program)
    match notice.kind:
        case NoticeKind.CARD:
            case, post = _case(unit, notice)
            return Card(notice, program, case, post, unit.ownership(case.number) if case.claimed_at else ())
        case NoticeKind.CONFIRMATION:
            return Confirmation(notice, program, *_case(unit, notice))
        case NoticeKind.LINE:
            people = people_of(unit, program)
            return Line(notice, program, *_case(unit, notice), people, unit.event(notice.event or 0))
        case NoticeKind.PING:
            case, moot = judged(unit, notice, program, now)
            return Ping(notice, program, case, unit.post(case.number), people_of(unit, program), moot)
        case NoticeKind.COACHING:
            item, people = coaching.item(unit, notice.about, program.id), people_of(unit, program)
            moot = item.state is not CoachingState.OWED or _overtaken(unit, notice)
            return Feedback(notice, program, *_case(unit, notice), people, item, moot)
        case NoticeKind.PROGRAM_LINE:
            return ProgramLine(notice, program, unit.event(notice.event or 0))
        case NoticeKind.EXPORT:
            return Export(notice, program, unit.event(notice.event or 0))
        case NoticeKind.DIGEST | NoticeKind.HANDOVER | NoticeKind.WEEKLY | NoticeKind.REPORT:
            return _recurring(unit, notice, program, now)
        case NoticeKind.REDACTION:
            raise LookupError(f"notice {notice.id} is claimed by storage/privacy/redaction.py")


def judged(unit: UnitOfWork, notice: Notice, program: Program, now: datetime) -> tuple[Case, bool]:
    """A ping's case, and whether it is moot: the case has moved on, or a later step says what it would."""
    case = unit.case(notice.case or 0, program.id)
    speaks = still_speaks(chain_of(notice), case, program, now, since=notice.created_at)
    return case, not speaks or _overtaken(unit, notice)


def people_of(reading: Reading, program: Program) -> People:
    """Who is in which user group and in the program's channel, and who cannot be called any more."""
    known = reading.lists(program.channel)
    lost = (group for group, one in known.items() if one.gone)
    members = {one: found.members for one, found in known.items()}
    return People(members, frozenset((*lost, *reading.leavers())))


def chain_of(notice: Notice) -> Chain:
    """The chain that a ping belongs to."""
    return Chain(Rule(notice.rule or ""), notice.about, notice.round)


def _case(unit: UnitOfWork, notice: Notice) -> tuple[Case, Post | None]:
    case = unit.case(notice.case or 0, notice.program)
    return case, unit.post(case.number)


def _recurring(unit: UnitOfWork, notice: Notice, program: Program, now: datetime) -> Claimed:
    """A recurring post with what then stands; its row's key says of which day, or of the end of which shift."""
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
        return Digest(notice, program, posts, digest)
    members, ends_at = unit.members(program.channel), datetime.fromisoformat(key)
    handover = recurring.handover(cases, members, program, ends_at, now, made_at)
    posted = select(n.ts).where(n.recurring == notice.recurring, n.state == NoticeState.SENT.value)
    stands = unit.value(posted.order_by(n.id).limit(1))
    return Handover(notice, program, posts, handover, stands)


def _overtaken(unit: UnitOfWork, notice: Notice) -> bool:
    """Whether a later step of the same chain waits already: after an outage one ping says what all would."""
    mine = (notice.case, notice.kind.value, notice.rule, notice.about, notice.round)
    step = {f"of_{name}": value for name, value in zip(OF_CHAIN, mine, strict=True)}
    return unit.finds(LATER_STEP, {**step, "than_step": notice.step})
