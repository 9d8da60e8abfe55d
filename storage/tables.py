"""The tables, one class each. Rows are unvalidated and belong to a session; storage's edge maps them to values.

Instants are UTC. Words (statuses, reasons, …) are kept by their value, lists of them comma-separated. Indexes of some
rows only stand in storage/indexes.py.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import IntEnum
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from storage.records import NoticeState, ReminderState


class Instant(sa.TypeDecorator[datetime]):
    """An aware instant: refused when naive, stored in UTC, handed back aware on SQLite as on PostgreSQL."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


PERSONAL = "personal"
"""In a text column's `info`, each says it: whether it holds what is sealed and, after the retention, blanked
(storage/personal.py).
"""

MARK = "mark"
"""In a personal column's `info`: the column by which an equal text is found, now that the text itself is sealed."""

RowId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _key() -> Any:
    return Field(default=None, sa_column=sa.Column(RowId, primary_key=True, autoincrement=True))


def _instant(*, nullable: bool = False) -> Any:
    return Field(default=None, sa_column=sa.Column(Instant(), nullable=nullable))


def _plain(default: Any = ..., **options: Any) -> Any:
    """Text that says nothing of a customer: a word of ours, an id, a zone, a hash."""
    return Field(default, sa_column_kwargs={"info": {PERSONAL: False}}, **options)


def _long(*, nullable: bool = False) -> Any:
    """The same, of any length."""
    return _text(sa.Text, None if nullable else "", nullable=nullable)


def _personal(kind: Any = sa.Text, *, nullable: bool = False, mark: str = "") -> Any:
    """What somebody typed or what is about a person: sealed where there is a key, blanked after the retention.

    `mark` is the column by which an equal text is found.
    """
    return _text(kind, None if nullable else "", nullable=nullable, personal=True, mark=mark)


def _mark() -> Any:
    """By what an equal personal text is found: its digest where there is a key."""
    return _text(sa.Text, "", server_default=sa.text("''"))


def _newer() -> Any:
    """Text that rows of older schemas do not have: nothing."""
    return _text(sa.String, "", server_default=sa.text("''"))


def _vouched() -> Any:
    """A mark that only the key makes (`Vault.vouch`); empty where there is no key, or none yet."""
    return _newer()


def _text(kind: Any, default: str | None, *, personal: bool = False, mark: str = "", **options: Any) -> Any:
    options.setdefault("nullable", False)
    return Field(default=default, sa_column=sa.Column(kind, info={PERSONAL: personal, MARK: mark}, **options))


def _json(made: Any = dict) -> Any:
    return Field(default_factory=made, sa_column=sa.Column(sa.JSON, nullable=False, info={PERSONAL: False}))


def _newer_flag() -> Any:
    """A yes or no that rows of older schemas do not know: no."""
    return Field(default=False, sa_column=sa.Column(sa.Boolean, nullable=False, server_default=sa.false()))


class ProgramRow(SQLModel, table=True):
    """One ASK channel's desk: who is who in `people`, and in `numbers` whatever else its manager may set."""

    __tablename__: ClassVar[Any] = "programs"

    id: int | None = Field(default=None, primary_key=True)
    channel: str = _plain(unique=True)
    name: str = _plain()
    timezone: str = _plain()
    customer_timezone: str = _plain()
    phone_region: str = _plain()
    people: dict[str, Any] = _json()
    numbers: dict[str, Any] = _json()


class PersonRow(SQLModel, table=True):
    """What the desk knows of somebody: the direct superior and the team, from the roster or asked once; and since
    when their account is known to be deactivated.
    """

    __tablename__: ClassVar[Any] = "people"

    id: str = _plain(primary_key=True)
    superior: str | None = _plain(None)
    team: str | None = _plain(None)
    left_at: datetime | None = _instant(nullable=True)
    updated_at: datetime = _instant()


class GroupRow(SQLModel, table=True):
    """A user group's last good list, for the times when Slack cannot answer; `gone` says that Slack has it no more."""

    __tablename__: ClassVar[Any] = "user_groups"

    id: str = _plain(primary_key=True)
    members: list[str] = _json(list)
    read_at: datetime = _instant()
    gone: bool = _newer_flag()


class ChannelRow(SQLModel, table=True):
    """Who is in a program's channel, as Slack said last."""

    __tablename__: ClassVar[Any] = "channels"

    id: str = _plain(primary_key=True)
    members: list[str] = _json(list)
    read_at: datetime = _instant()


class CaseRow(SQLModel, table=True):
    """A case; its number is its key. `callback` and `call` name the pending promise and the running call."""

    __tablename__: ClassVar[Any] = "cases"
    __table_args__ = (
        sa.Index("ix_cases_contact", "contact_mark", "raised_at"),
        sa.Index("ix_cases_other_contact", "other_contact_mark", "raised_at"),
        sa.Index("ix_cases_reference", "reference_mark", "raised_at"),
        sa.Index("ix_cases_program_status", "program", "status"),
        sa.Index("ix_cases_program_raised", "program", "raised_at"),
        sa.Index("ix_cases_program_due", "program", "first_due_at"),
    )

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    program: int = Field(foreign_key="programs.id")
    status: str = _plain()
    version: int
    priority: str = _plain()
    related: str = _plain("")
    customer: str = _personal()
    contact_kind: str = _plain()
    contact: str = _personal(sa.String, mark="contact_mark")
    contact_mark: str = _mark()
    phone_region: str = _newer()
    waiting: bool
    due_at: datetime = _instant()
    zone: str = _plain()
    scenario: str = _plain()
    reasons: str = _plain()
    other_reason: str = _personal()
    steps: str = _plain()
    not_attempted: str | None = _plain(None)
    details: str = _personal()
    superior: str | None = _plain(None)
    asked_department: str | None = _plain(None)
    reference: str = _personal(mark="reference_mark")
    reference_mark: str = _mark()
    mood: str | None = _plain(None)
    language: str = _plain("")
    language_written: str | None = _personal(nullable=True)
    repeat: bool = False
    asked_for_time: bool = _newer_flag()
    raised_by: str = _plain()
    raised_at: datetime = _instant()
    owner: str | None = _plain(None, index=True)
    claimed_at: datetime | None = _instant(nullable=True)
    free_since: datetime = _instant()
    tier: int
    department: str | None = _plain(None)
    other_contact_kind: str | None = _plain(None)
    other_contact: str | None = _personal(sa.String, nullable=True, mark="other_contact_mark")
    other_contact_mark: str = _mark()
    round: int
    allowed: int
    unreached: int
    callback: int | None = None
    call: int | None = None
    callbacks: int
    attempts: int
    first_due_at: datetime | None = _instant(nullable=True)
    unanswered_since: datetime | None = _instant(nullable=True)
    closed_at: datetime | None = _instant(nullable=True)
    outcome: str | None = _plain(None)
    notes: str | None = _personal(nullable=True)
    granted: str | None = _personal(nullable=True)
    satisfied: str | None = _plain(None)
    right_department: str | None = _plain(None)
    assessed_well: str | None = _plain(None)
    missed: str | None = _plain(None)
    blanked_at: datetime | None = _instant(nullable=True)
    stamp: str = _vouched()


class CallbackRow(SQLModel, table=True):
    """A promise and what became of it."""

    __tablename__: ClassVar[Any] = "callbacks"

    case_number: int = Field(primary_key=True, foreign_key="cases.number")
    number: int = Field(primary_key=True)
    due_at: datetime = _instant()
    zone: str = _plain()
    window_seconds: int
    kind: str = _plain()
    wanted_by: str = _plain()
    state: str = _plain()
    called_at: datetime | None = _instant(nullable=True)
    asked_for_time: bool = _newer_flag()
    stays: str | None = _plain(None)
    stamp: str = _vouched()


class AttemptRow(SQLModel, table=True):
    """One call made for a callback."""

    __tablename__: ClassVar[Any] = "attempts"

    case_number: int = Field(primary_key=True, foreign_key="cases.number")
    number: int = Field(primary_key=True)
    callback: int
    caller: str = _plain()
    started_at: datetime = _instant()
    ended_at: datetime | None = _instant(nullable=True)
    disposition: str | None = _plain(None)
    note: str = _personal()
    stamp: str = _vouched()


class EventRow(SQLModel, table=True):
    """A line of the record, never changed but by blanking `said`; `hash` links it to the line before it, and `mac`
    vouches for that link.
    """

    __tablename__: ClassVar[Any] = "events"
    __table_args__ = (
        sa.UniqueConstraint("program", "place", name="uq_events_place"),
        sa.Index("ix_events_case", "case_number", "id"),
    )

    id: int | None = _key()
    program: int = Field(foreign_key="programs.id")
    place: int
    case_number: int | None = Field(default=None, foreign_key="cases.number")
    kind: str = _plain()
    by: str = _plain()
    at: datetime = _instant()
    facts: str = _long()
    said: str | None = _personal(nullable=True)
    said_hash: str = _plain()
    previous: str = _plain()
    hash: str = _plain()
    mac: str = _vouched()


class Stage(IntEnum):
    """How far a program's record and rows are vouched for.

    LINKED: by plain hashes only, as versions without keyed links write and read; so it stays without a key.
    KEYED: new lines and rows are vouched for, new texts bound to their places; older ones are being brought up to that.
    BOUND: all of them are, and whatever is not was put there by somebody else.
    """

    LINKED = 0
    KEYED = 1
    BOUND = 2


class ChainRow(SQLModel, table=True):
    """Where a program's record ends: how many lines it has, and the last one's hash. `mac` vouches for that and for the
    `stage`.
    """

    __tablename__: ClassVar[Any] = "record_heads"

    program: int = Field(primary_key=True, foreign_key="programs.id")
    length: int
    hash: str = _plain()
    stage: int = Field(default=Stage.LINKED, sa_column_kwargs={"server_default": sa.text("0")})
    mac: str = _vouched()


class ReminderRow(SQLModel, table=True):
    """The schedule: a row per step of a chain, found by its due time while it waits."""

    __tablename__: ClassVar[Any] = "reminders"
    __table_args__ = (
        sa.UniqueConstraint("case_number", "callback", "rule", "round", "step", name="uq_reminders_step"),
    )

    id: int | None = _key()
    case_number: int = Field(foreign_key="cases.number")
    callback: int
    rule: str = _plain()
    round: int
    step: int
    due_at: datetime = _instant()
    state: str = _plain(ReminderState.WAITING.value)
    settled_at: datetime | None = _instant(nullable=True)


class RecurringRow(SQLModel, table=True):
    """A recurring post that was made: once per program, kind and key, however many replicas run."""

    __tablename__: ClassVar[Any] = "recurring"
    __table_args__ = (sa.UniqueConstraint("program", "kind", "key", name="uq_recurring_key"),)

    id: int | None = _key()
    program: int = Field(foreign_key="programs.id")
    kind: str = _plain()
    key: str = _plain()
    at: datetime = _instant()
    made_at: datetime = _instant()


class NoticeRow(SQLModel, table=True):
    """The outbox: what must be seen in a channel, by kind and ids.

    `bundle` is the id of the notice that leads the one message that this ping is (or was) part of; 0 says that
    it goes by itself, because Slack refused its bundle. `sender` is the bot that has it under way, or had it last.
    """

    __tablename__: ClassVar[Any] = "notices"

    id: int | None = _key()
    program: int = Field(foreign_key="programs.id")
    channel: str = _plain()
    kind: str = _plain()
    case_number: int | None = Field(default=None, foreign_key="cases.number")
    recurring: int | None = Field(
        default=None, sa_column=sa.Column(RowId, sa.ForeignKey("recurring.id"), nullable=True)
    )
    bundle: int | None = Field(default=None, sa_column=sa.Column(RowId, nullable=True))
    event: int | None = None
    person: str | None = _plain(None)
    rule: str | None = _plain(None)
    step: int = 0
    about: int = 0
    round: int = 0
    late: int = 0
    broadcast: bool = False
    urgency: int = 0
    state: str = _plain(NoticeState.WAITING.value)
    not_before: datetime = _instant()
    deadline: datetime | None = _instant(nullable=True)
    sender: str | None = _plain(None)
    tries: int = 0
    uncertain: bool = False
    error: str | None = _long(nullable=True)
    created_at: datetime = _instant()
    settled_at: datetime | None = _instant(nullable=True)
    ts: str | None = _plain(None)


class LeaseRow(SQLModel, table=True):
    """Which bot sends in a channel, until when by the database's clock."""

    __tablename__: ClassVar[Any] = "leases"

    channel: str = _plain(primary_key=True)
    holder: str = _plain()
    until: datetime = _instant()


class ReplicaRow(SQLModel, table=True):
    """A bot at work on this database, and its last beat by the database's clock; `stage` is the highest `Stage` that its
    version knows.
    """

    __tablename__: ClassVar[Any] = "replicas"

    name: str = _plain(primary_key=True)
    started_at: datetime = _instant()
    beat_at: datetime = _instant()
    stage: int = Field(default=Stage.LINKED, sa_column_kwargs={"server_default": sa.text("0")})


class PostRow(SQLModel, table=True):
    """Where a case's card and its thread are in Slack."""

    __tablename__: ClassVar[Any] = "posts"

    case_number: int = Field(primary_key=True, foreign_key="cases.number")
    channel: str = _plain()
    ts: str = _plain()
    permalink: str | None = _plain(None)


class CoachingRow(SQLModel, table=True):
    """What is owed to an agent after a missed opportunity: one item per case, and one per pattern that a case completes.

    `chase_at` is when somebody is reminded next. `feedback` and `comment` are sealed, never in the clear: what was
    said is for the agent, that superior and managers only.
    """

    __tablename__: ClassVar[Any] = "coaching"
    __table_args__ = (
        sa.UniqueConstraint("case_number", "is_pattern", name="uq_coaching_case"),
        sa.Index("ix_coaching_agent", "program", "agent", "opened_at"),
    )

    id: int | None = _key()
    program: int = Field(foreign_key="programs.id")
    case_number: int = Field(foreign_key="cases.number")
    is_pattern: bool = False
    cases: str = _plain("")
    agent: str = _plain()
    superior: str | None = _plain(None)
    opened_at: datetime = _instant()
    due_at: datetime = _instant()
    state: str = _plain("owed")
    given_by: str | None = _plain(None)
    given_at: datetime | None = _instant(nullable=True)
    feedback: str | None = _personal(nullable=True)
    acknowledged_at: datetime | None = _instant(nullable=True)
    comment: str | None = _personal(nullable=True)
    step: int = 0
    chase_at: datetime | None = _instant(nullable=True)


class RefusalRow(SQLModel, table=True):
    """A try from the wrong place, counted; what it said is not stored (house rule 5)."""

    __tablename__: ClassVar[Any] = "refusals"

    id: int | None = _key()
    at: datetime = _instant()
    person: str = _plain()
    place: str = _plain()
    what: str = _plain()


WHOLE_DAY = -1
"""The hour of call volume that is known for a day only."""


class VolumeRow(SQLModel, table=True):
    """How many calls a program took in an hour (0 to 23) of its site's day, or in the whole of it (-1)."""

    __tablename__: ClassVar[Any] = "call_volume"

    program: int = Field(primary_key=True, foreign_key="programs.id")
    day: date = Field(primary_key=True)
    hour: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    calls: int


class HandledRow(SQLModel, table=True):
    """Keys of what was acted on already: the same submission or click that arrives twice acts once."""

    __tablename__: ClassVar[Any] = "handled"

    key: str = _plain(primary_key=True)
    at: datetime = _instant()


class CounterRow(SQLModel, table=True):
    """The number of the last case; a row, so that numbers have no gaps."""

    __tablename__: ClassVar[Any] = "counters"

    name: str = _plain(primary_key=True)
    value: int


class KeyRow(SQLModel, table=True):
    """A key with which texts of this database are sealed: its id, and a known text that only the key opens.

    Since `done_at` there was nothing left that it had not sealed.
    """

    __tablename__: ClassVar[Any] = "vault_keys"

    id: str = _plain(primary_key=True)
    proof: str = _long()
    since: datetime = _instant()
    done_at: datetime | None = _instant(nullable=True)


def table(row: type[SQLModel]) -> sa.Table:
    """The Core table behind a row class, for the statements of the hot paths."""
    found: sa.Table = SQLModel.metadata.tables[str(row.__tablename__)]
    return found


programs, people, groups = table(ProgramRow), table(PersonRow), table(GroupRow)
channels = table(ChannelRow)
cases, callbacks, attempts = table(CaseRow), table(CallbackRow), table(AttemptRow)
events, heads = table(EventRow), table(ChainRow)
reminders, notices, posts = table(ReminderRow), table(NoticeRow), table(PostRow)
recurring, coaching = table(RecurringRow), table(CoachingRow)
leases, replicas = table(LeaseRow), table(ReplicaRow)
refusals, handled, counters = table(RefusalRow), table(HandledRow), table(CounterRow)
keys = table(KeyRow)
volume = table(VolumeRow)
