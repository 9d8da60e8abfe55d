"""Delivery's voice in Slack: renders a notice as its case stands, sends it, looks for it when in doubt."""

from __future__ import annotations

from collections.abc import Awaitable
from datetime import timedelta
from typing import Any, TypeVar

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from bot.slack import Slack, error_code, http_status
from bot.views.card import card
from bot.views.confirm import confirmation
from bot.views.lines import line
from bot.views.message import Message
from bot.views.pings import ping
from cases.ladder import LATE_AFTER, audience
from scheduler.delivery import Clock
from scheduler.poster import Absent, Answer, Away, Barred, Gone, Later, Never, Sent, Unknown
from storage.outbox import Errand, chain_of
from storage.records import NoticeKind

log = structlog.get_logger(__name__)

EVENT_TYPE = "askdesk_notice"
"""The metadata's event type by which the bot finds its own messages again."""

BARRED = frozenset({"invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive"})
AWAY = frozenset({"channel_not_found", "is_archived", "not_in_channel", "restricted_action"})
THREAD_GONE = frozenset({"thread_not_found", "message_not_found", "cannot_reply_to_message"})
CARD_GONE = frozenset({"message_not_found", "cant_update_message"})
UNSURE = frozenset(
    {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"}
)
BAD_BLOCKS = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"})

A = TypeVar("A")

LOOK_BACK = timedelta(hours=2)
PAGES = 10


class SlackPoster:
    """The outbox's way into Slack; see `scheduler.poster.Poster`."""

    def __init__(self, slack: Slack, clock: Clock) -> None:
        self._slack = slack
        self._clock = clock

    def posts(self, errand: Errand) -> bool:
        notice = errand.notice
        return notice.kind in (NoticeKind.LINE, NoticeKind.PING) or (
            notice.kind is NoticeKind.CARD and errand.post is None
        )

    async def send(self, errand: Errand) -> Answer:
        try:
            message = self._render(errand)
        except Exception as error:
            # One case that cannot be shown must not hold up the channel; it is parked, loudly.
            log.exception("a notice cannot be rendered", notice=errand.notice.id, case=errand.case.number)
            return Never(f"cannot be rendered: {type(error).__name__}")
        answer = await self._say(errand, message)
        if isinstance(answer, Never) and answer.why in BAD_BLOCKS:
            log.error(
                "Slack refuses the blocks of a notice; its text is sent",
                notice=errand.notice.id,
                why=answer.why,
            )
            answer = await self._say(errand, Message(message.text, []))
        return answer

    async def _say(self, errand: Errand, message: Message) -> Answer:
        match errand.notice.kind:
            case NoticeKind.CARD if errand.post is not None:
                return await self._redraw(errand, message)
            case NoticeKind.CARD:
                return await self._answered(self._post(errand, message, thread=None))
            case NoticeKind.CONFIRMATION:
                return await self._confirm(errand, plain=not message.blocks)
            case NoticeKind.LINE | NoticeKind.PING:
                return await self._reply(errand, message)

    async def look(self, errand: Errand) -> Answer | Absent:
        """Whether the message is in the channel already; a redraw or a whisper is simply done again."""
        if not self.posts(errand):
            return Absent()

        async def search() -> Answer | Absent:
            ts = await self._find(errand)
            return Sent(ts) if ts else Absent()

        return await self._answered(search())

    def _render(self, errand: Errand) -> Message:
        notice, case, program, now = errand.notice, errand.case, errand.program, self._clock()
        match notice.kind:
            case NoticeKind.CARD:
                return card(case, program, now)
            case NoticeKind.CONFIRMATION:
                return confirmation(case, errand.post.permalink if errand.post else None)
            case NoticeKind.LINE:
                if errand.event is None:
                    raise LookupError(f"notice {notice.id} has no event")
                return line(errand.event, case, program)
            case NoticeKind.PING:
                rule = chain_of(notice).rule
                late = timedelta(seconds=notice.late) + (now - notice.created_at)
                late = late if late >= LATE_AFTER else timedelta()
                return ping(case, program, rule, notice.step, audience(rule, case, program, now), late, now)

    async def _post(self, errand: Errand, message: Message, *, thread: str | None) -> Answer:
        sent = await self._slack.client.chat_postMessage(
            channel=errand.notice.channel,
            text=message.text,
            blocks=message.blocks or None,
            thread_ts=thread,
            reply_broadcast=errand.notice.broadcast if thread else None,
            metadata=_metadata(errand),
            unfurl_links=False,
            unfurl_media=False,
        )
        return Sent(str(sent["ts"]))

    async def _redraw(self, errand: Errand, message: Message) -> Answer:
        """Draws the card anew; says so where somebody deleted it."""
        post = errand.post
        if post is None:
            raise LookupError(f"case {errand.case.number} has no card")

        async def update() -> Answer:
            await self._slack.client.chat_update(
                channel=post.channel,
                ts=post.ts,
                text=message.text,
                blocks=message.blocks or None,
                metadata=_metadata(errand),
            )
            return Sent(post.ts, post.permalink)

        answer = await self._answered(update())
        return Gone(answer.why) if isinstance(answer, Never) and answer.why in CARD_GONE else answer

    async def _reply(self, errand: Errand, message: Message) -> Answer:
        """A line or ping under the card; in the channel itself where there is no card to stand under."""
        thread = errand.post.ts if errand.post else None
        answer = await self._answered(self._post(errand, message, thread=thread))
        if isinstance(answer, Never) and answer.why in THREAD_GONE and thread is not None:
            log.warning("a thread is gone; the line goes to the channel", case=errand.case.number)
            return await self._answered(self._post(errand, message, thread=None))
        return answer

    async def _confirm(self, errand: Errand, *, plain: bool) -> Answer:
        """Tells the agent, now that the card can be seen, and where."""
        notice, post = errand.notice, errand.post

        async def whisper() -> Answer:
            link = post.permalink if post else None
            if post is not None and link is None:
                found = await self._slack.client.chat_getPermalink(channel=post.channel, message_ts=post.ts)
                link = str(found["permalink"])
            message = confirmation(errand.case, link)
            if plain:
                message = Message(message.text, [])
            ts = await self._slack.whisper(notice.channel, notice.person or "", message)
            return Sent(ts, link)

        return await self._answered(whisper())

    async def _find(self, errand: Errand) -> str | None:
        """The timestamp of this notice's message, found by its id in the metadata; None where it is not there."""
        post = errand.post
        if post is None or errand.notice.kind is NoticeKind.CARD:
            return await self._search(errand, None)
        try:
            return await self._search(errand, post.ts)
        except SlackApiError as error:
            if error_code(error) not in THREAD_GONE:
                raise
            return await self._search(errand, None)  # where a line goes whose thread is gone

    async def _search(self, errand: Errand, thread: str | None) -> str | None:
        """Looks through the thread, or the channel, from before the notice was written until now."""
        client, mine = self._slack.client, _metadata(errand)
        where: dict[str, Any] = {
            "channel": errand.notice.channel,
            "include_all_metadata": True,
            "limit": 200,
            "oldest": f"{(errand.notice.created_at - LOOK_BACK).timestamp():.6f}",
        }
        for _ in range(PAGES):
            page = await (
                client.conversations_replies(ts=thread, **where)
                if thread
                else client.conversations_history(**where)
            )
            for message in page["messages"]:
                if message.get("metadata") == mine:
                    return str(message["ts"])
            where["cursor"] = (page.get("response_metadata") or {}).get("next_cursor")
            if not where["cursor"]:
                return None
        return None

    async def _answered(self, call: Awaitable[Answer | A]) -> Answer | A:
        """The call's answer; what went wrong as an answer of its own kind."""
        try:
            return await call
        except SlackApiError as error:
            return _refused(error)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            return Unknown(type(error).__name__)
        except Exception as error:
            # An answer that nobody foresaw is no clear answer: it is looked up before anything is repeated.
            log.exception("a call to Slack ended strangely")
            return Unknown(type(error).__name__)


def _refused(error: SlackApiError) -> Answer:
    """What Slack's error means for a notice."""
    code, status = error_code(error), http_status(error)
    if status == 429 or code in ("ratelimited", "rate_limited"):
        headers = getattr(error.response, "headers", {}) or {}
        wait = headers.get("Retry-After") or headers.get("retry-after") or 1
        return Later(float(wait), "rate limited")
    if code in BARRED:
        return Barred(code)
    if code in AWAY:
        return Away(code)
    if status >= 500 or code in UNSURE:
        return Unknown(code)
    return Never(code)


def _metadata(errand: Errand) -> dict[str, Any]:
    """What marks a message as this notice's and no other's, whatever database its number comes from."""
    notice = errand.notice
    written = notice.created_at.isoformat()
    payload = {"notice": notice.id, "case": notice.case, "kind": notice.kind.value, "written": written}
    return {"event_type": EVENT_TYPE, "event_payload": payload}
