"""What storage returns besides the case itself: frozen values; instants are aware and in UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum

from cases.events import Fact, Happened
from cases.reminders.engine import Chain
from cases.reminders.rules import Rule


@dataclass(frozen=True)
class EventRecord:
    """One line of the record as it was appended. `said` is empty if the text was deleted, `case` is None for a line
    about the program itself.
    """

    id: int
    case: int | None
    kind: Happened
    by: str
    at: datetime
    facts: Mapping[str, Fact]
    said: Mapping[str, str]

    @property
    def names_cases(self) -> tuple[int, ...]:
        """The other cases of which it speaks: the same customer's, a pattern's, those that were forgotten."""
        named = (self.facts.get(name) for name in ("related", "cases"))
        return tuple(
            int(number) for one in named if isinstance(one, str) and one for number in one.split(",")
        )


@dataclass(frozen=True)
class Post:
    """Where a case's card and its thread are in Slack."""

    case: int
    channel: str
    ts: str
    permalink: str | None


@dataclass(frozen=True)
class ListRecord:
    """Who is in a user group or a channel, as last read; `gone` means that Slack no longer has the group."""

    members: tuple[str, ...]
    read_at: datetime
    gone: bool = False


class NoticeKind(StrEnum):
    """What a notice shows when it is rendered."""

    CARD = "card"
    LINE = "line"
    PING = "ping"
    CONFIRMATION = "confirmation"
    QUESTION = "question"
    PROGRAM_LINE = "program_line"
    HANDOVER = "handover"
    DIGEST = "digest"
    WEEKLY = "weekly"
    REPORT = "report"
    COACHING = "coaching"
    EXPORT = "export"
    REDACTION = "redaction"
    ALERT = "alert"
    """Pings that were sent, drawn again as their cases stand; `about` is the notice that their message is known by."""


class NoticeState(StrEnum):
    """waiting → sending (until its deadline) → sent; dropped when its case moved on; parked when Slack refuses it for
    good. A message to be edited because its case's personal data was deleted is queued (storage/privacy/redaction.py).
    """

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    DROPPED = "dropped"
    PARKED = "parked"
    QUEUED = "queued"


class Alert(IntEnum):
    """Whether a ping that was sent still stands for its case: the newest is live, those before it were replaced. All of
    them are gone once the case was handled, and whom they called counts for nothing any more.
    """

    GONE = 0
    REPLACED = 1
    LIVE = 2


class ReminderState(StrEnum):
    """waiting → sent; dropped when its case moved on."""

    WAITING = "waiting"
    SENT = "sent"
    DROPPED = "dropped"


@dataclass(frozen=True)
class Notice:
    """What a channel must see: kind and ids, rendered only when it is sent.

    `case` is None if it is about the whole program. `event` belongs to a line; `rule`, `step`, `about` (the callback),
    `round` and `late` (seconds) to a ping; in a reminder of feedback, `about` is the item. `bundle` names the ping that
    leads the message, 0 means that this one goes alone; `recurring` is the post's row in that table. `uncertain`: an
    earlier try may have reached Slack, so look before repeating it. `sender` is the bot that is sending it.
    `called` are those whom a ping mentions, as words (`Called`), separated by commas.
    """

    id: int
    program: int
    channel: str
    kind: NoticeKind
    case: int | None
    created_at: datetime
    tries: int
    uncertain: bool
    event: int | None = None
    person: str | None = None
    rule: str | None = None
    step: int = 0
    about: int = 0
    round: int = 0
    late: int = 0
    broadcast: bool = False
    bundle: int | None = None
    recurring: int | None = None
    sender: str | None = None
    called: str = ""
    alert: Alert = Alert.GONE
    ts: str | None = None
    settled_at: datetime | None = None

    @property
    def chain(self) -> Chain:
        """The chain that a ping belongs to."""
        return Chain(Rule(self.rule or ""), self.about, self.round)

    @property
    def message(self) -> int:
        """The notice that its message is known by: that of its bundle, or itself."""
        return self.bundle or self.id
