"""What a row of the table is: a fault, what the code does about it, and how to take that away."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

TOP = Path(__file__).parents[2]


class Fault(Enum):
    """Everything that is known to go wrong; each has a remedy."""

    KILLED = "a process is killed, at any point"
    STOPPED = "a process is asked to stop"
    POWER_CUT = "the machine loses its power"
    DATABASE_GONE = "the database is gone for a while"
    DISK_FULL = "the disk is full (SQLite)"
    DATABASE_LOCKED = "the database is locked (SQLite)"
    ROW_UNREADABLE = "a row cannot be read"
    RATE_LIMITED = "Slack answers 429"
    SERVER_ERROR = "Slack answers 5xx"
    RESET = "a call to Slack is cut"
    SLOW = "Slack is slow"
    ANSWER_LOST = "Slack has done it, and its answer is lost"
    SOCKET_REFRESHED = "Slack refreshes a socket"
    SOCKET_CLOSED = "a socket is closed"
    SOCKET_RESET = "a socket is reset"
    SOCKET_DEAF = "a socket is silently deaf"
    CLOCK_FORWARD = "a clock jumps forward"
    CLOCK_BACK = "a clock is put back"
    ARCHIVED = "the channel is archived"
    REMOVED = "the bot is removed from the channel"
    TOKEN_REVOKED = "a token is revoked"
    CARD_DELETED = "a card is deleted by hand"
    SENT_TWICE = "Slack sends something twice"
    TWO_SENDERS = "two bots send in one channel"
    TWO_BEATS = "two beats take the same row"
    TWO_CHANGES = "two people change the same case at once"
    TWO_VERSIONS = "two versions run at once"
    FORGED = "a request is not Slack's, or an old one"
    SLOW_CLIENT = "a client holds its connection and sends or takes nothing"
    UNREADABLE_REQUEST = "a request or an envelope cannot be understood"
    BURST_REFUSED = "Slack refuses many pings in one message"
    REFUSED = "Slack refuses a message for good"
    GROUP_UNREADABLE = "Slack does not tell who is in a user group"
    UNFORESEEN = "something breaks that nobody foresaw"


@dataclass(frozen=True)
class Remedy:
    """What the code does about a fault.

    `snippet` is the place in `file` that does it and `without` what stands there when it is taken away. Then each of
    `tests` fails.
    """

    name: str
    fault: Fault
    does: str
    file: str
    snippet: str
    without: str
    tests: tuple[str, ...]

    def source(self, top: Path = TOP) -> str:
        """The file without the remedy. Raises ValueError where the snippet is not there, or not there once."""
        text = (top / self.file).read_text("utf-8")
        if (times := text.count(self.snippet)) != 1:
            raise ValueError(f"{self.name}: this stands {times} times in {self.file}: {self.snippet!r}")
        return text.replace(self.snippet, self.without)
