"""What delivery asks of the one who speaks to Slack, and the answers it understands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from storage.outbox.notices import Claimed


@dataclass(frozen=True)
class Sent:
    """It is in the channel: its timestamp there, and its link where that was asked for.

    `found`: an earlier try put it there, so it shows how things stood then. `pings` are the notices that a message of
    many names, where it was found in the channel.
    """

    ts: str
    permalink: str | None = None
    pings: tuple[int, ...] = ()
    found: bool = False


@dataclass(frozen=True)
class Absent:
    """It was looked for and is not there."""


@dataclass(frozen=True)
class Later:
    """Not taken now (a rate limit): nothing was sent; the channel or method rests for so many seconds."""

    seconds: float
    why: str


@dataclass(frozen=True)
class NotTaken:
    """It is not there, or nobody knows; in Slack's words."""

    why: str


class Away(NotTaken):
    """The channel cannot be reached at all (archived, or without the bot): said aloud, tried again."""


class Unknown(NotTaken):
    """No clear answer (a timeout, a broken connection, a server error): it may be there or not."""


class Never(NotTaken):
    """Refused for good."""


class Barred(NotTaken):
    """The token is not good any more: nothing can be sent until somebody acts."""


class Gone(NotTaken):
    """The card that was to be redrawn is not there any more."""


Answer = Sent | Gone | Later | Away | Unknown | Never | Barred


class Poster(Protocol):
    """Renders a notice as its case stands and sends it; lives in `bot/`, the scheduler knows no Slack."""

    async def send(self, claimed: Claimed) -> Answer:
        """Sends it once, without retries of its own."""

    async def look(self, claimed: Claimed) -> Answer | Absent:
        """Looks for it in the channel by its notice id, after a try whose end is unknown."""
