"""Delivery's way into Slack: renders a notice as its case stands, sends it, and looks for it if in doubt."""

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
from bot.views.links import with_links
from bot.views.mentions import Names
from bot.views.message import Message
from bot.views.pings import handled, ping, question
from bot.views.program_lines import program_line
from cases.audience import reachable
from cases.figures.report import Asked
from cases.program import Program
from cases.reminders.engine import lateness
from scheduler.delivery import Clock
from scheduler.poster import Absent, Answer, Away, Barred, Gone, Later, Never, Sent, Unknown
from storage.outbox.notices import (
    AlertMessage,
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
    Ping,
    ProgramLine,
    Question,
    Report,
    adds_message,
)  # fmt: skip
from storage.records import Notice, Post

log = structlog.get_logger(__name__)

EVENT_TYPE = "askdesk_notice"
"""The metadata's event type, by which the bot finds its own messages again."""

THREAD_GONE = frozenset({"thread_not_found", "message_not_found", "cannot_reply_to_message"})
CARD_GONE = frozenset({"message_not_found", "cant_update_message"})
BAD_BLOCKS = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"})

A = TypeVar("A")

Say = Callable[[Claimed, Message], Awaitable[Answer]]

MANY_PINGS = "burst"
"""The kind in the metadata of a bundle."""

PICTURES_READY_AFTER = (0.5, 1.0, 2.0)
"""Seconds between tries to post a report whose images were uploaded just before."""

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
        links = await self._links(claimed)
        try:
            message, say = self._prepared(claimed, names, links)
            message = with_links(message, links)
        except Exception as error:
            # One case that cannot be shown must not hold up the channel: it is parked, with an error in the log.
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
        """What a notice says, and how to bring it into the channel."""
        notice, program, now = claimed.notice, claimed.program, self._clock()
        if isinstance(claimed, InThread):
            program = reachable(program, claimed.people.members, claimed.people.gone)
        match claimed:
            case Card(case=case, post=post, owners=owners):
                return card(case, program, now, owners, names), self._redraw if post else self._post
            case Question(case=case):
                return question(case, program, notice.chain.rule, now), self._whisper
            case Confirmation(case=case):
                return confirmation(case, program, links.get(case.number)), self._whisper
            case Line(case=case, event=event, people=people):
                return line(event, case, program, names, people.members), self._reply
            case Ping():
                return self._alone(claimed, program, now), self._reply
            case AlertMessage(pings=(one,), first=Notice(bundle=None | 0)):
                return self._alone(one, program, now), self._redraw
            case AlertMessage(pings=pings):
                return bundle([self._call(one) for one in pings], program, links, now), self._redraw
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
        raise LookupError(f"notice {notice.id} has nothing to say")

    async def look_up(self, claimed: Claimed) -> Answer | Absent:
        """Whether the message is in the channel already; a redraw or an ephemeral message is simply repeated."""
        if not adds_message(claimed):
            return Absent()

        async def search() -> Answer | Absent:
            return await self._find(claimed) or Absent()

        return await answered(search())

    async def _report(self, claimed: Report, names: Names) -> Answer:
        """A report with its charts; without them if Slack cannot show them, so the figures always arrive."""
        ready = await self._reports.make(claimed, names)
        for pause in (*PICTURES_READY_AFTER, None):
            answer = await self._post(claimed, ready.message())
            if not (isinstance(answer, Never) and answer.why in BAD_BLOCKS and ready.has_pictures):
                return answer
            if pause is None:
                break
            # Slack checks an uploaded image before it shows it, and until then says that there is none.
            await asyncio.sleep(pause)
        log.error("Slack does not show the charts of a report; it goes without", notice=claimed.notice.id)
        return await self._post(claimed, ready.without_pictures().message())

    async def _export(self, claimed: Export, names: Names) -> Answer:
        """A file, or a line that says so if Slack takes none. A file's message has no timestamp until Slack shows it."""
        instead = await self._exports.share(claimed.notice, claimed.event, claimed.program, names)
        if instead is None:
            return Sent("")
        return await self._post(claimed, blocks.message(instead, [blocks.section(instead)]))

    def _call(self, it: Ping) -> Call:
        """A ping as it stands now: whom it calls, and how late it comes or came."""
        late = _late(it.notice, it.notice.settled_at or self._clock())
        replaced = not it.live and not it.moot
        return Call(it.case, it.notice.chain.rule, it.audience, late, it.whom, it.live, replaced)

    def _alone(self, it: Ping, program: Program, now: datetime) -> Message:
        call, step = self._call(it), it.notice.step
        if not call.live:
            return handled(call.case, program, call.rule, now, replaced=call.replaced)
        return ping(call.case, program, call.rule, step, call.audience, call.late, now, whom=call.whom)

    async def _links(self, claimed: Claimed) -> dict[int, str]:
        """The links to the cards of the cases that a message names; those of others than its own are asked for."""
        posts = claimed.posts
        own = [claimed.post] if isinstance(claimed, OfCase) and claimed.post else []
        links = {post.case: post.permalink for post in (*own, *posts) if post.permalink}

        async def ask(post: Post) -> Answer:
            links[post.case] = await self._link(post)
            return Sent(post.ts)

        # Without an answer the line is sent without its link: a ping never waits for one.
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
        """Redraws a message; reports if somebody deleted it."""
        link: str | None = None
        match claimed:
            case Card(post=Post() as post):
                channel, ts, link = post.channel, post.ts, post.permalink
            case Handover(stands=str() as ts) | AlertMessage(ts=ts):
                channel = claimed.notice.channel
            case _:
                raise LookupError(f"notice {claimed.notice.id} has no message")

        async def update() -> Answer:
            await self._slack.client.chat_update(
                channel=channel,
                ts=ts,
                text=message.text,
                blocks=message.blocks,  # without this, Slack may keep the old text
                metadata=_metadata(claimed),
            )
            return Sent(ts, link)

        answer = await answered(update())
        return Gone(answer.why) if isinstance(answer, Never) and answer.why in CARD_GONE else answer

    async def _reply(self, claimed: Claimed, message: Message) -> Answer:
        """A line or ping under the card; in the channel itself if the card is gone."""
        thread = _thread(claimed)
        answer = await self._post(claimed, message, thread)
        if isinstance(answer, Never) and answer.why in THREAD_GONE and thread is not None:
            log.warning("a thread is gone; the line goes to the channel", case=claimed.notice.case)
            return await self._post(claimed, message)
        return answer

    async def _whisper(self, claimed: Claimed, message: Message) -> Answer:
        """Tells the agent, once the card can be seen, and where."""
        notice = claimed.notice

        async def whisper() -> Answer:
            told, link = message, None
            if type(claimed) is Confirmation and claimed.post is not None:
                link = claimed.post.permalink or await self._link(claimed.post)
                told = confirmation(claimed.case, claimed.program, link)
            ts = await self._slack.whisper(
                notice.channel, notice.person or "", told if message.blocks else Message(told.text, [])
            )
            return Sent(ts, link)

        return await answered(whisper())

    async def _find(self, claimed: Claimed) -> Sent | None:
        """This notice's message, found by its id in the metadata; None if it isn't there."""
        thread = _thread(claimed)
        try:
            return await self._search(claimed, thread)
        except SlackApiError as error:
            if thread is None or error_code(error) not in THREAD_GONE:
                raise
            return await self._search(claimed, None)  # where a line goes if its thread is gone

    async def _search(self, claimed: Claimed, thread: str | None) -> Sent | None:
        """Searches the thread, or the channel, from before the notice was written until now."""
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
    """The call's answer; an error becomes an answer of its own kind."""
    try:
        return await call
    except SlackApiError as error:
        return _refused(error)
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        return Unknown(type(error).__name__)
    except Exception as error:
        # An unexpected answer is not a clear one: look for the message before repeating anything.
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
    """The card whose thread a notice goes to; None for the channel itself."""
    return claimed.post.ts if isinstance(claimed, InThread) and claimed.post else None


def _identity(claimed: Claimed) -> dict[str, Any]:
    """Marks a message as this notice's and no other's, whichever database its number comes from."""
    notice, many = claimed.notice, isinstance(claimed, Bundle)
    if isinstance(claimed, AlertMessage):
        notice, many = claimed.first, bool(claimed.first.bundle)
    return {
        "notice": notice.id,
        "case": 0 if many else notice.case or 0,
        "kind": MANY_PINGS if many else notice.kind.value,
        "written": notice.created_at.isoformat(),
    }


def _metadata(claimed: Claimed) -> dict[str, Any]:
    """The identity, and the pings that a bundle's message contains, as one text: a payload may not hold a list of
    numbers (https://docs.slack.dev/tools/node-slack-sdk/reference/types/interfaces/MessageMetadata).
    """
    payload = _identity(claimed)
    if payload["kind"] == MANY_PINGS and isinstance(claimed, Bundle | AlertMessage):
        payload["pings"] = ",".join(str(ping.notice.id) for ping in claimed.pings)
    return {"event_type": EVENT_TYPE, "event_payload": payload}


def pings_in(payload: Mapping[str, Any]) -> tuple[int, ...]:
    """The pings that a message contains, by its payload; older versions posted them as a list."""
    found = payload.get("pings") or ()
    return tuple(int(ping) for ping in (found.split(",") if isinstance(found, str) else found))


def _actor(claimed: Claimed) -> str | None:
    """The person whose click a message reports, who is named and not mentioned; None if it was nobody's."""
    match claimed:
        case Report(asked=Asked(who=who)):
            return who
        case Line(event=event) | ProgramLine(event=event):
            return acting(event)
        case Card(case=case):
            return case.raised_by
    return None


def _late(notice: Notice, now: datetime) -> timedelta:
    """How late a reminder is: until it was found due, and until it is sent."""
    return lateness(timedelta(seconds=notice.late) + (now - notice.created_at))
