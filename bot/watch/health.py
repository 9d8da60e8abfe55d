"""Whether this process can work, as a load balancer asks at `/readyz`, with every reason why not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.slack.sockets import Health as Line
from bot.watch.recent import Recent
from storage.schema import Standing, standing
from storage.store import Store

log = structlog.get_logger(__name__)

ANSWER_WITHIN = 2.0
"""Seconds that the database gets to answer; a load balancer doesn't wait long either."""

SILENT_AFTER = 10.0
"""Seconds without a pong, or without a beat, after which something is wrong."""

SCHEMA = {
    Standing.MISSING: "the database has no schema: run askdesk db upgrade",
    Standing.BEHIND: "the database's schema is older than this version: run askdesk db upgrade",
}


class Phase(Enum):
    """Where in its life the process is."""

    STARTING = auto()
    OPEN = auto()
    STOPPING = auto()


@dataclass(frozen=True)
class Report:
    """How the process is doing: ready if there is no reason against it. Ages are in seconds; None if there is none yet."""

    reasons: Sequence[str]
    schema: Standing | None
    beat_age: float | None
    lines: Sequence[Line]

    @property
    def ready(self) -> bool:
        return not self.reasons


class Health:
    """Checks when asked, the database at most once a second."""

    def __init__(
        self,
        store: Store,
        beat_age: Callable[[], float | None],
        lines: Callable[[], Sequence[Line] | None],
    ) -> None:
        """`lines` are the connections of Socket Mode; None says that Slack sends requests (HTTP mode)."""
        self.phase = Phase.STARTING
        self._beat_age = beat_age
        self._lines = lines
        self._look = Recent(lambda: store.ask(lambda reading: standing(reading.connection)))

    async def report(self) -> Report:
        """Every check, and each reason not to send work here."""
        schema, age, lines = await self._schema(), self._beat_age(), self._lines()
        reasons = []
        if self.phase is Phase.STOPPING:
            reasons.append("it is stopping")
        if self.phase is Phase.STARTING:
            reasons.append("it is starting, or Slack does not answer yet")
        if schema is None:
            reasons.append("the database does not answer")
        elif schema in SCHEMA:
            reasons.append(SCHEMA[schema])
        if self.phase is not Phase.STARTING:
            if lines is not None and not any(_hears(line) for line in lines):
                reasons.append("no connection to Slack stands")
            if age is None or age > SILENT_AFTER:
                reasons.append(
                    "there was no beat yet" if age is None else f"the last beat is {age:.0f} s ago"
                )
        return Report(reasons, schema, age, lines or ())

    async def _schema(self) -> Standing | None:
        """None where the database does not answer in time."""
        try:
            return await asyncio.wait_for(self._look.get(), ANSWER_WITHIN)
        except TimeoutError:
            return None
        except SQLAlchemyError as error:
            log.warning("the database does not answer", why=type(error).__name__)
            return None


def _hears(line: Line) -> bool:
    return line.connected and line.pong_age is not None and line.pong_age <= SILENT_AFTER
