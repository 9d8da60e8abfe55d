"""What storage hands out beside the case itself: frozen values, instants aware and in UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cases.events import Fact, Happened


@dataclass(frozen=True)
class EventRecord:
    """One line of the record, as it was appended. `said` is empty where it was blanked.

    `case` is None where it is about the program itself.
    """

    id: int
    case: int | None
    kind: Happened
    by: str
    at: datetime
    facts: Mapping[str, Fact]
    said: Mapping[str, str]


@dataclass(frozen=True)
class Post:
    """Where a case's card and its thread are in Slack."""

    case: int
    channel: str
    ts: str
    permalink: str | None


@dataclass(frozen=True)
class ListRecord:
    """Who is in a user group or a channel, as it was read last; `gone` says that Slack has the group no more."""

    members: tuple[str, ...]
    read_at: datetime
    gone: bool = False


class NoticeKind(StrEnum):
    """What a notice shows once it is rendered."""

    CARD = "card"
    LINE = "line"
    PING = "ping"
    CONFIRMATION = "confirmation"
    PROGRAM_LINE = "program_line"
    HANDOVER = "handover"
    DIGEST = "digest"
    WEEKLY = "weekly"
    REPORT = "report"
    COACHING = "coaching"
    EXPORT = "export"
    REDACTION = "redaction"


class NoticeState(StrEnum):
    """waiting → sending (until its deadline) → sent; dropped when its case moved on; parked when Slack refuses it for good.

    A message that is to be edited because its case was blanked is queued instead (storage/privacy/redaction.py).
    """

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    DROPPED = "dropped"
    PARKED = "parked"
    QUEUED = "queued"


class ReminderState(StrEnum):
    """waiting → sent; dropped when its case moved on."""

    WAITING = "waiting"
    SENT = "sent"
    DROPPED = "dropped"


@dataclass(frozen=True)
class Notice:
    """Something that must be seen in a channel: kind and ids, rendered only when it is sent.

    `case` is None where it is about the whole program. `event` is a line's event; `rule`, `step`, `about`
    (callback), `round` and `late` (seconds) are a ping's; of a reminder of feedback `about` is the item. `bundle`
    names the ping that leads the one message of many, 0 says that it goes by itself; `recurring` is the post's row
    in that table.
    `uncertain` says that an earlier try may have reached Slack: look before repeating. `sender` is the bot that has
    it under way.
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
