"""Delivery's voice in Slack: renders a notice as its case stands, sends it, looks for it when in doubt."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from bot.faces.thread import acting, line
from bot.people.names import DisplayNames
from bot.posts.exports import ExportPosts, is_in
from bot.posts.reports import ReportPosts
from bot.slack.calls import AWAY, BARRED, UNSURE, Slack, error_code, http_status, retry_after
from bot.views import blocks
from bot.views.bundle import Call, bundle
from bot.views.card import card
from bot.views.coaching import reminder
from bot.views.confirm import confirmation
from bot.views.digest import digest
from bot.views.handover import handover
from bot.views.mentions import Names
from bot.views.message import Message
from bot.views.pings import ping
from bot.views.program_lines import program_line
from cases.audience import reachable
from cases.figures.report import Asked
from cases.reminders.engine import lateness
from scheduler.delivery import Clock
from scheduler.poster import Absent, Answer, Away, Barred, Gone, Later, Never, Sent, Unknown
from storage.outbox.notices import (
    Bundle,
    Card,
    Claimed,
    Confirmation,
    Digest,
    Export,
    Feedback,
    Handover,
    InThread,
    Line,
    OfCase,
    OfMany,
    Ping,
    ProgramLine,
    Report,
    adds_message,
    chain_of,
)  # fmt: skip
from storage.records import Notice, Post

log = structlog.get_logger(__name__)

EVENT_TYPE = "askdesk_notice"
"""The metadata's event type by which the bot finds its own messages again."""

THREAD_GONE = frozenset({"thread_not_found", "message_not_found", "cannot_reply_to_message"})
CARD_GONE = frozenset({"message_not_found", "cant_update_message"})
BAD_BLOCKS = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"})

A = TypeVar("A")

Say = Callable[[Claimed, Message], Awaitable[Answer]]

MANY_PINGS = "burst"
"""The kind that the metadata of a bundle names."""

PICTURES_READY_AFTER = (0.5, 1.0, 2.0)
"""Seconds between tries to post a report whose images Slack has just been given."""

LOOK_BACK = timedelta(hours=2)
PAGES = 10


@dataclass(frozen=True)
class SlackPoster:
    """The outbox's way into Slack; see `scheduler.poster.Poster`."""

    _slack: Slack
    _clock: Clock
    _names: DisplayNames
    _reports: ReportPosts
    _exports: ExportPosts

    async def send(self, claimed: Claimed) -> Answer:
        names = await self._names.of(_actor(claimed))
        match claimed:
            case Report():
                return await answered(self._report(claimed, names))
            case Export():
                return await answered(self._export(claimed, names))
        try:
            message, say = self._prepared(claimed, names, await self._links(claimed))
        except Exception as error:
            # One case that cannot be shown must not hold up the channel; it is parked, loudly.
            log.exception("a notice cannot be rendered", notice=claimed.notice.id, case=claimed.notice.case)
            return Never(f"cannot be rendered: {type(error).__name__}")
        answer = await say(claimed, message)
        if isinstance(answer, Never) and answer.why in BAD_BLOCKS and not isinstance(claimed, Bundle):
            log.error(
                "Slack refuses the blocks of a notice; its text is sent",
                notice=claimed.notice.id,
                why=answer.why,
            )
            answer = await say(claimed, Message(message.text, []))
        return answer

    def _prepared(self, claimed: Claimed, names: Names, links: Mapping[int, str]) -> tuple[Message, Say]:
        """What a notice says, and how that is brought into the channel."""
        notice, program, now = claimed.notice, claimed.program, self._clock()
        if isinstance(claimed, InThread | Bundle):
            program = reachable(program, claimed.people.members, claimed.people.gone)
        match claimed:
            case Card(case=case, post=post, owners=owners):
                return card(case, program, now, owners, names), self._redraw if post else self._post
            case Confirmation(case=case, post=post):
                return confirmation(case, post.permalink if post else None), self._whisper
            case Line(case=case, event=event, people=people):
                return line(event, case, program, names, people.members), self._reply
            case Ping(case=case, people=people):
                it, members = self._call(claimed), people.members
                told = ping(case, program, it.rule, notice.step, it.audience, it.late, now, members)
                return told, self._reply
            case Feedback(case=case, item=item):
                return reminder(item, case, program, notice.step, _late(notice, now), now), self._reply
            case Bundle(pings=pings):
                return bundle([self._call(one) for one in pings], program, links, now), self._post
            case Digest(told=news):
                return digest(news, program, links, now), self._post
            case Handover(told=news, stands=stands):
                return handover(news, program, links, now), self._redraw if stands else self._post
            case ProgramLine(event=event):
                return program_line(event, program, names), self._post
        raise LookupError(f"notice {notice.id} has nothing to tell")

    async def look(self, claimed: Claimed) -> Answer | Absent:
        """Whether the message is in the channel already; a redraw or a whisper is simply done again."""
        if not adds_message(claimed):
            return Absent()

        async def search() -> Answer | Absent:
            return await self._find(claimed) or Absent()

        return await answered(search())

    async def _report(self, claimed: Report, names: Names) -> Answer:
        """A report with its charts; without them where Slack cannot show them, so that the figures always come."""
        ready = await self._reports.make(claimed, names)
        for pause in (*PICTURES_READY_AFTER, None):
            answer = await self._post(claimed, ready.message())
            if not (isinstance(answer, Never) and answer.why in BAD_BLOCKS and ready.has_pictures):
                return answer
            if pause is None:
                break
            # Slack looks at an uploaded image before it shows it, and says meanwhile that there is none.
            await asyncio.sleep(pause)
        log.error("Slack does not show the charts of a report; it goes without", notice=claimed.notice.id)
        return await self._post(claimed, ready.without_pictures().message())

    async def _export(self, claimed: Export, names: Names) -> Answer:
        """A file; where Slack takes none, a line that says so. A file's message has no timestamp until Slack shows it."""
        instead = await self._exports.share(claimed.notice, claimed.event, claimed.program, names)
        if instead is None:
            return Sent("")
        return await self._post(claimed, blocks.message(instead, [blocks.section(instead)]))

    def _call(self, it: Ping) -> Call:
        """A ping as it stands now: whom it calls, and how late it comes."""
        now, rule = self._clock(), chain_of(it.notice).rule
        audience = rule.does.audience(it.case, it.program, now, it.people.members)
        return Call(it.case, rule, audience, _late(it.notice, now))

    async def _links(self, claimed: Claimed) -> dict[int, str]:
        """The links to the cards that a message of many cases names; those not known yet are asked for."""
        posts = claimed.posts if isinstance(claimed, OfMany) else ()
        links = {post.case: post.permalink for post in posts if post.permalink}

        async def ask(post: Post) -> Answer:
            links[post.case] = await self._link(post)
            return Sent(post.ts)

        # Without an answer the line goes out without its link: a ping never waits for one.
        await asyncio.gather(*(answered(ask(post)) for post in posts if not post.permalink))
        return links

    async def _link(self, post: Post) -> str:
        found = await self._slack.client.chat_getPermalink(channel=post.channel, message_ts=post.ts)
        return str(found["permalink"])

    async def _post(self, claimed: Claimed, message: Message, thread: str | None = None) -> Answer:
        async def post() -> Answer:
            sent = await self._slack.client.chat_postMessage(
                channel=claimed.notice.channel,
                text=message.text,
                blocks=message.blocks or None,
                thread_ts=thread,
                reply_broadcast=claimed.notice.broadcast if thread else None,
                metadata=_metadata(claimed),
                unfurl_links=False,
                unfurl_media=False,
            )
            return Sent(str(sent["ts"]))

        return await answered(post())

    async def _redraw(self, claimed: Claimed, message: Message) -> Answer:
        """Draws a message again; says so where somebody deleted it."""
        link: str | None = None
        match claimed:
            case Card(post=Post() as post):
                channel, ts, link = post.channel, post.ts, post.permalink
            case Handover(stands=str() as ts):
                channel = claimed.notice.channel
            case _:
                raise LookupError(f"notice {claimed.notice.id} stands nowhere")

        async def update() -> Answer:
            await self._slack.client.chat_update(
                channel=channel,
                ts=ts,
                text=message.text,
                blocks=message.blocks,  # without the word, Slack may keep what stood there
                metadata=_metadata(claimed),
            )
            return Sent(ts, link)

        answer = await answered(update())
        return Gone(answer.why) if isinstance(answer, Never) and answer.why in CARD_GONE else answer

    async def _reply(self, claimed: Claimed, message: Message) -> Answer:
        """A line or ping under the card; in the channel itself where there is no card to stand under."""
        thread = _thread(claimed)
        answer = await self._post(claimed, message, thread)
        if isinstance(answer, Never) and answer.why in THREAD_GONE and thread is not None:
            log.warning("a thread is gone; the line goes to the channel", case=claimed.notice.case)
            return await self._post(claimed, message)
        return answer

    async def _whisper(self, claimed: Claimed, message: Message) -> Answer:
        """Tells the agent, now that the card can be seen, and where."""
        notice = claimed.notice

        async def whisper() -> Answer:
            told, link = message, None
            if isinstance(claimed, OfCase) and claimed.post is not None:
                link = claimed.post.permalink or await self._link(claimed.post)
                told = confirmation(claimed.case, link)
            ts = await self._slack.whisper(
                notice.channel, notice.person or "", told if message.blocks else Message(told.text, [])
            )
            return Sent(ts, link)

        return await answered(whisper())

    async def _find(self, claimed: Claimed) -> Sent | None:
        """This notice's message, found by its id in the metadata; None where it is not there."""
        thread = _thread(claimed)
        try:
            return await self._search(claimed, thread)
        except SlackApiError as error:
            if thread is None or error_code(error) not in THREAD_GONE:
                raise
            return await self._search(claimed, None)  # where a line goes whose thread is gone

    async def _search(self, claimed: Claimed, thread: str | None) -> Sent | None:
        """Looks through the thread, or the channel, from before the notice was written until now."""
        client, mine, notice = self._slack.client, _identity(claimed), claimed.notice
        where: dict[str, Any] = {
            "channel": notice.channel,
            "include_all_metadata": True,
            "limit": 200,
            "oldest": f"{(notice.created_at - LOOK_BACK).timestamp():.6f}",
        }
        for _ in range(PAGES):
            page = await (
                client.conversations_replies(ts=thread, **where)
                if thread
                else client.conversations_history(**where)
            )
            for message in page["messages"]:
                found = message.get("metadata") or {}
                payload = found.get("event_payload") or {}
                if isinstance(claimed, Export) and is_in(message, notice, claimed.event, claimed.program):
                    return Sent(str(message["ts"]), found=True)
                if found.get("event_type") == EVENT_TYPE and mine.items() <= payload.items():
                    return Sent(str(message["ts"]), pings=pings_in(payload), found=True)
            where["cursor"] = (page.get("response_metadata") or {}).get("next_cursor")
            if not where["cursor"]:
                return None
        return None


async def answered(call: Awaitable[Answer | A]) -> Answer | A:
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
    if wait := retry_after(error):
        return Later(wait, "rate limited")
    if code in BARRED:
        return Barred(code)
    if code in AWAY:
        return Away(code)
    if status >= 500 or code in UNSURE:
        return Unknown(code)
    return Never(code)


def _thread(claimed: Claimed) -> str | None:
    """The card under which a notice goes; None in the channel itself."""
    return claimed.post.ts if isinstance(claimed, InThread) and claimed.post else None


def _identity(claimed: Claimed) -> dict[str, Any]:
    """What marks a message as this notice's and no other's, whatever database its number comes from."""
    notice, many = claimed.notice, isinstance(claimed, Bundle)
    return {
        "notice": notice.id,
        "case": 0 if many else notice.case or 0,
        "kind": MANY_PINGS if many else notice.kind.value,
        "written": notice.created_at.isoformat(),
    }


def _metadata(claimed: Claimed) -> dict[str, Any]:
    """The identity, and the pings that a message of many stands for, as one text: a payload may hold no list of numbers
    (https://docs.slack.dev/tools/node-slack-sdk/reference/types/interfaces/MessageMetadata).
    """
    payload = _identity(claimed)
    if isinstance(claimed, Bundle):
        payload["pings"] = ",".join(str(ping.notice.id) for ping in claimed.pings)
    return {"event_type": EVENT_TYPE, "event_payload": payload}


def pings_in(payload: Mapping[str, Any]) -> tuple[int, ...]:
    """The pings that a message stands for by its payload; those that older versions posted have them as a list."""
    found = payload.get("pings") or ()
    return tuple(int(ping) for ping in (found.split(",") if isinstance(found, str) else found))


def _actor(claimed: Claimed) -> str | None:
    """Whose click a message tells of, who is named in it and not mentioned; None where nobody's."""
    match claimed:
        case Report(asked=Asked(who=who)):
            return who
        case Line(event=event) | ProgramLine(event=event):
            return acting(event)
        case Card(case=case):
            return case.raised_by
    return None


def _late(notice: Notice, now: datetime) -> timedelta:
    """How late a reminder comes: when it was noticed, and until it is sent."""
    return lateness(timedelta(seconds=notice.late) + (now - notice.created_at))
