"""What delivery asks of the Slack side, and the answers it understands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from storage.outbox.notices import Claimed


@dataclass(frozen=True)
class Sent:
    """It is in the channel: its timestamp there, and its link if that was requested.

    `found`: an earlier try put it there, so it shows how things stood then. `pings` are the notices in a bundle's
    message, if it was found in the channel.
    """

    ts: str
    permalink: str | None = None
    pings: tuple[int, ...] = ()
    found: bool = False


@dataclass(frozen=True)
class Absent:
    """Looked for, and not there."""


@dataclass(frozen=True)
class Later:
    """Not accepted now (a rate limit): nothing was sent; the channel or method rests for so many seconds."""

    seconds: float
    why: str


@dataclass(frozen=True)
class NotTaken:
    """Not there, or nobody knows; with Slack's error."""

    why: str


class Away(NotTaken):
    """The channel cannot be reached at all (archived, or without the bot): logged as an error, tried again."""


class Unknown(NotTaken):
    """No clear answer (a timeout, a broken connection, a server error): it may be there or not."""


class Never(NotTaken):
    """Refused for good."""


class Barred(NotTaken):
    """The token is no longer valid: nothing can be sent until somebody acts."""


class Gone(NotTaken):
    """The card to be redrawn is no longer there."""


Answer = Sent | Gone | Later | Away | Unknown | Never | Barred


class Poster(Protocol):
    """Renders a notice as its case stands and sends it; implemented in `bot/`: the scheduler knows no Slack."""

    async def send(self, claimed: Claimed) -> Answer:
        """Sends it once, without retries."""

    async def look_up(self, claimed: Claimed) -> Answer | Absent:
        """Looks for it in the channel by its notice id, after a try with an unknown result."""
