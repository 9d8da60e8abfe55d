"""What people are called, for messages that name somebody without mentioning them.

Slack says it one person at a time (https://docs.slack.dev/reference/methods/users.info); what it said counts for an hour.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from bot.slack.calls import Slack, error_code
from cases.people import DESK, OPERATOR

log = structlog.get_logger(__name__)

KEPT = 3600.0
"""Seconds for which a name counts; a new one shows after that."""

TRIED_AGAIN = 60.0
"""Seconds until Slack is asked again for a name it did not give, so that not every line waits for it."""

PATIENCE = 3.0
"""Seconds that a message waits for a name."""

KNOWN_AT_MOST = 10_000

NO_ACCOUNT = frozenset({DESK.id, OPERATOR.id})


@dataclass(frozen=True)
class _Known:
    """A name, empty if Slack gave none, and until when (loop time) it counts."""

    name: str
    until: float


class DisplayNames:
    """Display names by user id, answered from memory where they are known."""

    def __init__(self, slack: Slack) -> None:
        self._slack = slack
        self._known: dict[str, _Known] = {}

    async def of(self, *people: str | None) -> dict[str, str]:
        """The names of these people. If Slack doesn't give one in time, the previous one counts, or it is left out."""
        wanted = [person for person in dict.fromkeys(people) if person and person not in NO_ACCOUNT]
        names = await asyncio.gather(*(self._name(person) for person in wanted))
        return {person: name for person, name in zip(wanted, names, strict=True) if name}

    async def _name(self, person: str) -> str:
        now = asyncio.get_running_loop().time()
        if (known := self._known.get(person)) is not None and now < known.until:
            return known.name
        told = await self._ask(person)
        name = told or (known.name if known is not None else "")
        if len(self._known) >= KNOWN_AT_MOST:
            self._known.clear()
        self._known[person] = _Known(name, now + (KEPT if told else TRIED_AGAIN))
        return name

    async def _ask(self, person: str) -> str:
        try:
            async with asyncio.timeout(PATIENCE):
                return display_name((await self._slack.client.users_info(user=person)).get("user") or {})
        except SlackApiError as error:
            why = error_code(error)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            why = type(error).__name__
        log.warning("Slack did not tell somebody's name", user=person, why=why)
        return ""


def display_name(user: Mapping[str, Any]) -> str:
    """What Slack shows: the display name, or the full name of whoever chose none
    (https://docs.slack.dev/reference/objects/user-object).
    """
    profile = user.get("profile") or {}
    return str(
        profile.get("display_name")
        or profile.get("real_name")
        or user.get("real_name")
        or user.get("name")
        or ""
    )
