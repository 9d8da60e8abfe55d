"""Slack's members, looked up one by one: who an id or an e-mail address belongs to, and whether they are still there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.slack.calls import UNSURE, Slack, error_code, http_status, retry_after

TRIES = 4
"""Calls for one member until Slack counts as not answering; being asked to wait is no try."""

NOBODY = frozenset({"user_not_found", "users_not_found", "user_not_visible"})
SLACKBOT = "USLACKBOT"

Pause = Callable[[float], Awaitable[Any]]


@dataclass(frozen=True)
class Member:
    """Somebody in the workspace, as far as the desk needs to know. `stranger`: of another workspace."""

    id: str
    deactivated: bool = False
    bot: bool = False
    stranger: bool = False


class MemberUnreadable(Exception):
    """Slack could not say who somebody is; the text is Slack's word for it, `needed` the scope that is missing."""

    def __init__(self, why: str, needed: str = "") -> None:
        super().__init__(why)
        self.needed = needed


class Members:
    """Looks members up; waits as long as Slack asks, and tries again if the answer is unclear.

    `pause` sleeps that many seconds; it may raise to end a look-up that waits.
    """

    def __init__(self, slack: Slack, pause: Pause = asyncio.sleep) -> None:
        self._slack = slack
        self._pause = pause

    async def by_id(self, user: str) -> Member | None:
        """The member of that id, also a deactivated one; None where there is none. Raises MemberUnreadable."""
        return await self._found(lambda: self._slack.client.users_info(user=user))

    async def by_email(self, email: str) -> Member | None:
        """The active member of that address; None where there is none. Raises MemberUnreadable."""
        return await self._found(lambda: self._slack.client.users_lookupByEmail(email=email))

    async def _found(self, call: Callable[[], Awaitable[Any]]) -> Member | None:
        why, tries = "", 0
        while tries < TRIES:
            if tries:
                await self._pause(2.0 ** (tries - 1))
            try:
                return member(dict((await call())["user"]))
            except SlackApiError as error:
                code = error_code(error)
                if code in NOBODY:
                    return None
                if seconds := retry_after(error):
                    await self._pause(seconds)
                    continue
                if http_status(error) < 500 and code not in UNSURE:
                    raise MemberUnreadable(code, _needed(error)) from error
                why = code
            except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
                why = type(error).__name__
            tries += 1
        raise MemberUnreadable(why)


def member(user: Mapping[str, Any]) -> Member:
    """A user object of Slack's, from an answer or an event."""
    return Member(
        id=str(user["id"]),
        deactivated=bool(user.get("deleted")),
        bot=bool(user.get("is_bot")) or user["id"] == SLACKBOT,
        stranger=bool(user.get("is_stranger")),
    )


def _needed(error: SlackApiError) -> str:
    """The scope that the token lacks, where Slack names it."""
    data = getattr(error.response, "data", None)
    return str(data.get("needed") or "") if isinstance(data, dict) else ""
