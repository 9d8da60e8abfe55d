"""The few calls that the desk makes to Slack, on one shared session; no retries of their own.

slack_sdk's default handlers repeat a post whose connection broke after Slack had read it; here nothing is
repeated that the outbox has not looked up.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from yarl import URL

from bot.slack.answers import Group, Identity, ListUnreadable
from bot.views.message import Json, Message

GROUP_GONE = frozenset({"no_such_subteam", "plan_upgrade_required"})
"""Errors that mean a user group no longer exists: deleted, disabled, or not part of the workspace's plan."""

BARRED = frozenset({"invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive"})
"""Errors of any call that mean the token is no longer valid."""

AWAY = frozenset({"channel_not_found", "is_archived", "is_inactive", "not_in_channel", "restricted_action"})
"""The channel cannot be reached. An archived one is `is_archived` to a post and `is_inactive` to a redraw."""

UNSURE = frozenset(
    {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"}
)
"""Errors that leave open whether Slack did what was asked."""

MEMBERS_PER_PAGE = 200
"""Slack's recommended maximum (https://docs.slack.dev/apis/web-api/pagination)."""

BY_APP_TOKEN = frozenset({"apps.connections.open"})
"""Calls that don't use the bot's token."""

GOV = "slack-gov.com"
"""GovSlack's domain, which only its workspaces use (https://api.slack-gov.com/gov-slack/about)."""

CALL_SECONDS = 10.0
"""A call that takes longer counts as unanswered. Shorter than the outbox's hold on a notice."""


SLACK_WAITS = 3.0
"""Seconds that Slack waits for an ack, and that a trigger stays valid.

https://docs.slack.dev/interactivity/handling-user-interaction
"""

LAST_TRY_BEFORE = 1.0
"""Seconds before a trigger expires in which no modal is tried again."""


class NotSlacks(aiohttp.ClientError):
    """An answer was to go to an address that is not Slack's. Nothing was sent."""


class Client(AsyncWebClient):
    """slack_sdk's client; calls `barred` when any call finds that the bot's token is no longer valid."""

    barred: Callable[[str], None] | None = None

    async def api_call(self, api_method: str, **more: Any) -> AsyncSlackResponse:
        try:
            return await super().api_call(api_method, **more)
        except SlackApiError as error:
            if self.barred is not None and api_method not in BY_APP_TOKEN and error_code(error) in BARRED:
                self.barred(error_code(error))
            raise


class Slack:
    """Slack's Web API as the bot uses it."""

    def __init__(
        self,
        token: str,
        api_url: str,
        session: aiohttp.ClientSession,
        barred: Callable[[str], None] | None = None,
        waits: float = SLACK_WAITS,
    ) -> None:
        """`barred` is called when any call finds that the token is no longer valid.

        `waits` is how many seconds Slack waits for an ack, or for a form.
        """
        self.session = session
        self.waits = waits
        api = URL(api_url)
        self._origins = {_origin(api), _origin(hooks_of(api))}
        self.client = Client(token=token, base_url=api_url, session=session, retry_handlers=[])
        self.client.barred = barred

    @staticmethod
    def new_session(patience: float = CALL_SECONDS) -> aiohttp.ClientSession:
        """A session for all calls: connections are kept, and the TLS context is aiohttp's own, made once.

        A call ends after `patience` seconds.
        """
        connector = aiohttp.TCPConnector(limit=50)
        return aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=patience))

    async def identity(self, app: str | None) -> Identity:
        """Who this bot is; `app` comes from the app token; without one Slack is asked.

        Raises SlackApiError where the token is not good.
        """
        found = await self.client.auth_test()
        if app is None:
            bot = await self.client.bots_info(bot=str(found["bot_id"]))
            app = str(bot["bot"]["app_id"])
        return Identity(str(found["team_id"]), app, str(found["user_id"]), str(found["bot_id"]))

    async def group_members(self, group: str) -> tuple[str, ...]:
        """A user group's members; raises ListUnreadable with Slack's error."""
        try:
            found = await self.client.usergroups_users_list(usergroup=group)
        except SlackApiError as error:
            code = error_code(error)
            raise ListUnreadable(code, gone=code in GROUP_GONE, seconds=retry_after(error)) from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise ListUnreadable(type(error).__name__) from error
        return tuple(str(user) for user in found.get("users") or ())

    async def channel_members(self, channel: str) -> tuple[str, ...]:
        """Everybody who is in a channel, page by page; raises ListUnreadable with Slack's error.

        https://docs.slack.dev/reference/methods/conversations.members
        """
        found: list[str] = []
        cursor: str | None = None
        while True:
            try:
                page = await self.client.conversations_members(
                    channel=channel, limit=MEMBERS_PER_PAGE, cursor=cursor
                )
            except SlackApiError as error:
                code = error_code(error)
                gone = code == "channel_not_found"
                raise ListUnreadable(code, gone=gone, seconds=retry_after(error)) from error
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                raise ListUnreadable(type(error).__name__) from error
            found += (str(user) for user in page["members"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return tuple(dict.fromkeys(found))

    async def groups(self) -> Sequence[Group]:
        """The workspace's user groups; raises ListUnreadable with Slack's error."""
        try:
            found = await self.client.usergroups_list()
        except SlackApiError as error:
            raise ListUnreadable(error_code(error)) from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise ListUnreadable(type(error).__name__) from error
        return [
            Group(str(one["id"]), str(one["handle"]), str(one["name"]))
            for one in found.get("usergroups") or ()
        ]

    async def is_member(self, channel: str) -> bool:
        """Whether the bot is in a channel; a private one that it is not in does not exist for it."""
        try:
            found = await self.client.conversations_info(channel=channel)
        except SlackApiError as error:
            if error_code(error) == "channel_not_found":
                return False
            raise
        return bool(found["channel"].get("is_member"))

    async def open_view(self, trigger: str, view: Json) -> str | None:
        """Opens a modal and returns its id, while the trigger is valid.

        None where this trigger has opened one already: the same click came twice.
        """
        return await self._show(self.client.views_open, trigger, view)

    async def push_view(self, trigger: str, view: Json) -> str | None:
        """Opens a modal on top of the one that was clicked, and returns its id; None if the click came twice."""
        return await self._show(self.client.views_push, trigger, view)

    async def _show(
        self, call: Callable[..., Awaitable[AsyncSlackResponse]], trigger: str, view: Json
    ) -> str | None:
        """Waits as Slack asks if too many modals are opened at the same time, as long as the trigger stays valid."""
        loop = asyncio.get_running_loop()
        last_try = loop.time() + self.waits - LAST_TRY_BEFORE
        while True:
            try:
                shown = await call(trigger_id=trigger, view=view)
            except SlackApiError as error:
                if error_code(error) == "exchanged_trigger_id":
                    return None
                wait = retry_after(error)
                if not wait or loop.time() + wait > last_try:
                    raise
                await asyncio.sleep(wait)
            else:
                return str(shown["view"]["id"])

    async def update_view(self, view_id: str, view: Json, seen: str | None = None) -> bool:
        """Redraws a modal; False where it is closed by now or, with `seen`, its hash, was redrawn meanwhile."""
        try:
            await self.client.views_update(view_id=view_id, view=view, hash=seen)
        except SlackApiError as error:
            if error_code(error) in ("not_found", "hash_conflict"):
                return False
            raise
        return True

    async def publish_home(self, user: str, view: Json) -> None:
        """Replaces somebody's App Home with this view."""
        await self.client.views_publish(user_id=user, view=view)

    async def whisper(self, channel: str, user: str, message: Message, thread: str | None = None) -> str:
        """An ephemeral message: only this person sees it, where they are."""
        sent = await self.client.chat_postEphemeral(
            channel=channel, user=user, text=message.text, blocks=message.blocks, thread_ts=thread
        )
        return str(sent["message_ts"])

    async def give_file(self, name: str, content: bytes) -> str:
        """Gives Slack a file that nobody sees yet; its id, for `files_completeUploadExternal`.

        Raises SlackApiError, or aiohttp.ClientResponseError where the upload itself is refused.
        """
        place = await self.client.files_getUploadURLExternal(filename=name, length=len(content))
        async with self.session.post(str(place["upload_url"]), data=content) as answer:
            answer.raise_for_status()
        return str(place["file_id"])

    async def respond(self, response_url: str, message: Message) -> None:
        """Answers a click where it was made, seen only by who clicked; works in channels the bot is not in."""
        body: dict[str, Any] = {
            "response_type": "ephemeral",
            "replace_original": False,
            "text": message.text,
            "blocks": message.blocks,
        }
        await self._answer(response_url, body)

    async def dismiss(self, response_url: str) -> None:
        """Deletes the message that was clicked."""
        await self._answer(response_url, {"delete_original": True})

    def response_address(self, response_url: str) -> URL:
        """The address as it is called; raises NotSlacks unless it is on the API's own host or that of its hooks.

        Read by the library that connects, so that no odd spelling means one host here and another one there.
        """
        try:
            address = URL(response_url)
            theirs = _origin(address) in self._origins and address.user is None and address.password is None
        except ValueError:
            theirs = False
        if not theirs:
            raise NotSlacks("an answer is sent to Slack's own addresses only")
        return address

    async def _answer(self, response_url: str, body: dict[str, Any]) -> None:
        address = self.response_address(response_url)
        async with self.session.post(address, json=body, allow_redirects=False) as answer:
            answer.raise_for_status()
            if answer.status >= 300:
                raise NotSlacks("a redirect, which is not followed")


def hooks_of(api: URL) -> URL:
    """Where Slack takes answers to a click.

    https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
    """
    host = api.host or ""
    return URL(
        f"https://hooks.{GOV}" if host == GOV or host.endswith(f".{GOV}") else "https://hooks.slack.com"
    )


def _origin(address: URL) -> tuple[str, str | None, int | None]:
    """Which server an address is on: scheme, host and port, where a port that goes without saying counts as named."""
    return address.scheme, address.host, address.port


def error_code(error: SlackApiError) -> str:
    """Slack's error code, such as `channel_not_found`; `http_503` if it gave none.

    A proxy's answer isn't JSON, and a truncated one leaves only the response: both count as the status.
    """
    data = error.response if isinstance(error.response, dict) else getattr(error.response, "data", None)
    word = data.get("error") if isinstance(data, dict) else None
    return str(word or f"http_{http_status(error)}")


def retry_after(error: SlackApiError) -> float:
    """The seconds that Slack asks to wait, at least one; 0 if it doesn't ask."""
    if http_status(error) != 429 and error_code(error) not in ("ratelimited", "rate_limited"):
        return 0.0
    headers = getattr(error.response, "headers", None) or {}
    wait = next((value for name, value in headers.items() if name.lower() == "retry-after"), "1")
    return max(1.0, float(wait)) if str(wait).isdigit() else 1.0


def http_status(error: SlackApiError) -> int:
    """The answer's HTTP status; 500 if unknown."""
    response = error.response
    for name in ("status_code", "status"):
        if isinstance(found := getattr(response, name, None), int):
            return found
    return 200 if isinstance(response, dict) else 500


def never_taken(error: SlackApiError | aiohttp.ClientResponseError) -> str | None:
    """Why Slack will never take a file; None where a later try may get it there, or the file is not what is in the way."""
    if isinstance(error, aiohttp.ClientResponseError):
        return None if error.status == 429 or error.status >= 500 else f"http_{error.status}"
    code = error_code(error)
    if retry_after(error) or http_status(error) >= 500 or code in UNSURE | AWAY | BARRED:
        return None
    return code
