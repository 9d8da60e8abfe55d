"""Delivery's voice in Slack: renders a notice as its case stands, sends it, looks for it when in doubt."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping
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
from cases.case import Case
from cases.coaching import Coaching
from cases.reminders.engine import lateness
from cases.reminders.recurring import Digest, Handover
from scheduler.delivery import Clock
from scheduler.poster import Absent, Answer, Away, Barred, Gone, Later, Never, Sent, Unknown
from storage.errands import Errand, Order, chain_of
from storage.records import EventRecord, Notice, NoticeKind, Post

log = structlog.get_logger(__name__)

EVENT_TYPE = "askdesk_notice"
"""The metadata's event type by which the bot finds its own messages again."""

THREAD_GONE = frozenset({"thread_not_found", "message_not_found", "cannot_reply_to_message"})
CARD_GONE = frozenset({"message_not_found", "cant_update_message"})
BAD_BLOCKS = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"})

A = TypeVar("A")

BURST = "burst"
"""The kind that the metadata of many pings in one message names."""

POSTED_TO_CHANNEL = frozenset(
    {
        NoticeKind.PROGRAM_LINE,
        NoticeKind.DIGEST,
        NoticeKind.HANDOVER,
        NoticeKind.WEEKLY,
        NoticeKind.REPORT,
        NoticeKind.EXPORT,
    }
)
IN_THREAD = frozenset({NoticeKind.LINE, NoticeKind.PING, NoticeKind.COACHING})

PICTURES_READY_AFTER = (0.5, 1.0, 2.0)
"""Seconds between tries to post a report whose images Slack has just been given."""

LOOK_BACK = timedelta(hours=2)
PAGES = 10


class SlackPoster:
    """The outbox's way into Slack; see `scheduler.poster.Poster`."""

    def __init__(
        self, slack: Slack, clock: Clock, names: DisplayNames, reports: ReportPosts, exports: ExportPosts
    ) -> None:
        self._slack = slack
        self._clock = clock
        self._names = names
        self._reports = reports
        self._exports = exports

    def posts(self, errand: Errand) -> bool:
        kind = errand.notice.kind
        stands = errand.post if kind is NoticeKind.CARD else errand.stands
        return kind in POSTED_TO_CHANNEL | IN_THREAD | {NoticeKind.CARD} and stands is None

    async def send(self, errand: Errand) -> Answer:
        names = await self._names.of(_actor(errand))
        if isinstance(errand.matter, Order):
            return await answered(self._report(errand, errand.matter, names))
        if errand.notice.kind is NoticeKind.EXPORT:
            return await answered(self._export(errand, names))
        try:
            message = self._of_many(errand, await self._links(errand)) or self._render(errand, names)
        except Exception as error:
            # One case that cannot be shown must not hold up the channel; it is parked, loudly.
            log.exception("a notice cannot be rendered", notice=errand.notice.id, case=errand.notice.case)
            return Never(f"cannot be rendered: {type(error).__name__}")
        answer = await self._say(errand, message)
        if isinstance(answer, Never) and answer.why in BAD_BLOCKS and not errand.is_bundle:
            log.error(
                "Slack refuses the blocks of a notice; its text is sent",
                notice=errand.notice.id,
                why=answer.why,
            )
            answer = await self._say(errand, Message(message.text, []))
        return answer

    async def _say(self, errand: Errand, message: Message) -> Answer:
        if errand.is_bundle:
            return await answered(self._post(errand, message, thread=None))
        match errand.notice.kind:
            case NoticeKind.CARD if errand.post is not None:
                return await self._redraw(errand, message)
            case NoticeKind.CARD:
                return await answered(self._post(errand, message, thread=None))
            case NoticeKind.CONFIRMATION:
                return await self._confirm(errand, plain=not message.blocks)
            case NoticeKind.LINE | NoticeKind.PING | NoticeKind.COACHING:
                return await self._reply(errand, message)
            case NoticeKind.HANDOVER if errand.stands is not None:
                return await self._update(errand, message, errand.stands)
            case _:
                return await answered(self._post(errand, message, thread=None))

    async def look(self, errand: Errand) -> Answer | Absent:
        """Whether the message is in the channel already; a redraw or a whisper is simply done again."""
        if not self.posts(errand):
            return Absent()

        async def search() -> Answer | Absent:
            return await self._find(errand) or Absent()

        return await answered(search())

    def _render(self, errand: Errand, names: Names) -> Message:
        notice, now = errand.notice, self._clock()
        program = reachable(errand.program, errand.members, errand.gone)
        match notice.kind:
            case NoticeKind.CARD:
                return card(_case(errand), program, now, errand.hands, names)
            case NoticeKind.CONFIRMATION:
                return confirmation(_case(errand), errand.post.permalink if errand.post else None)
            case NoticeKind.LINE:
                return line(_event(errand), _case(errand), program, names, errand.members)
            case NoticeKind.PING:
                call = self._call(notice, _case(errand), errand)
                return ping(
                    call.case, program, call.rule, notice.step, call.audience, call.late, now, errand.members
                )
            case NoticeKind.COACHING:
                late = _late(notice, now)
                return reminder(_item(errand), _case(errand), program, notice.step, late, now)
            case NoticeKind.PROGRAM_LINE:
                return program_line(_event(errand), program, names)
            case _:
                raise LookupError(f"notice {notice.id} has nothing to tell")

    async def _report(self, errand: Errand, order: Order, names: Names) -> Answer:
        """A report with its charts; without them where Slack cannot show them, so that the figures always come."""
        ready = await self._reports.make(errand.program, order, names)
        for pause in (*PICTURES_READY_AFTER, None):
            answer = await answered(self._post(errand, ready.message(), thread=None))
            if not (isinstance(answer, Never) and answer.why in BAD_BLOCKS and ready.has_pictures):
                return answer
            if pause is None:
                break
            # Slack looks at an uploaded image before it shows it, and says meanwhile that there is none.
            await asyncio.sleep(pause)
        log.error("Slack does not show the charts of a report; it goes without", notice=errand.notice.id)
        return await self._post(errand, ready.without_pictures().message(), thread=None)

    async def _export(self, errand: Errand, names: Names) -> Answer:
        """A file; where Slack takes none, a line that says so. A file's message has no timestamp until Slack shows it."""
        instead = await self._exports.share(errand.notice, _event(errand), errand.program, names)
        if instead is None:
            return Sent("")
        return await self._post(errand, blocks.message(instead, [blocks.section(instead)]), thread=None)

    def _of_many(self, errand: Errand, links: dict[int, str]) -> Message | None:
        """A message that names many cases; None where the errand is about one, or about the program."""
        program, now = errand.program, self._clock()
        match errand.matter:
            case Digest() as told:
                return digest(told, program, links, now)
            case Handover() as told:
                return handover(told, program, links, now)
        if not errand.is_bundle:
            return None
        calls = [self._call(ping.notice, ping.case, errand) for ping in errand.pings]
        return bundle(calls, reachable(program, errand.members, errand.gone), links, now)

    def _call(self, notice: Notice, case: Case, errand: Errand) -> Call:
        """A ping as it stands now: whom it calls, and how late it comes."""
        now, rule = self._clock(), chain_of(notice).rule
        return Call(
            case, rule, rule.does.audience(case, errand.program, now, errand.members), _late(notice, now)
        )

    async def _links(self, errand: Errand) -> dict[int, str]:
        """The links to the cards that a message of many cases names; those not known yet are asked for."""
        links = {post.case: post.permalink for post in errand.posts if post.permalink}

        async def ask(post: Post) -> Answer:
            found = await self._slack.client.chat_getPermalink(channel=post.channel, message_ts=post.ts)
            links[post.case] = str(found["permalink"])
            return Sent(post.ts)

        # Without an answer the line goes out without its link: a ping never waits for one.
        await asyncio.gather(*(answered(ask(post)) for post in errand.posts if not post.permalink))
        return links

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
        """Draws the card anew."""
        if errand.post is None:
            raise LookupError(f"case {errand.notice.case} has no card")
        return await self._update(errand, message, errand.post.ts, errand.post.permalink)

    async def _update(self, errand: Errand, message: Message, ts: str, link: str | None = None) -> Answer:
        """Draws a message anew; says so where somebody deleted it."""

        async def update() -> Answer:
            await self._slack.client.chat_update(
                channel=errand.post.channel if errand.post else errand.notice.channel,
                ts=ts,
                text=message.text,
                blocks=message.blocks,  # without the word, Slack may keep what stood there
                metadata=_metadata(errand),
            )
            return Sent(ts, link)

        answer = await answered(update())
        return Gone(answer.why) if isinstance(answer, Never) and answer.why in CARD_GONE else answer

    async def _reply(self, errand: Errand, message: Message) -> Answer:
        """A line or ping under the card; in the channel itself where there is no card to stand under."""
        thread = errand.post.ts if errand.post else None
        answer = await answered(self._post(errand, message, thread=thread))
        if isinstance(answer, Never) and answer.why in THREAD_GONE and thread is not None:
            log.warning("a thread is gone; the line goes to the channel", case=errand.notice.case)
            return await answered(self._post(errand, message, thread=None))
        return answer

    async def _confirm(self, errand: Errand, *, plain: bool) -> Answer:
        """Tells the agent, now that the card can be seen, and where."""
        notice, post = errand.notice, errand.post

        async def whisper() -> Answer:
            link = post.permalink if post else None
            if post is not None and link is None:
                found = await self._slack.client.chat_getPermalink(channel=post.channel, message_ts=post.ts)
                link = str(found["permalink"])
            message = confirmation(_case(errand), link)
            if plain:
                message = Message(message.text, [])
            ts = await self._slack.whisper(notice.channel, notice.person or "", message)
            return Sent(ts, link)

        return await answered(whisper())

    async def _find(self, errand: Errand) -> Sent | None:
        """This notice's message, found by its id in the metadata; None where it is not there."""
        post = errand.post
        if post is None or errand.notice.kind is NoticeKind.CARD:
            return await self._search(errand, None)
        try:
            return await self._search(errand, post.ts)
        except SlackApiError as error:
            if error_code(error) not in THREAD_GONE:
                raise
            return await self._search(errand, None)  # where a line goes whose thread is gone

    async def _search(self, errand: Errand, thread: str | None) -> Sent | None:
        """Looks through the thread, or the channel, from before the notice was written until now."""
        client, mine = self._slack.client, _identity(errand)
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
                found = message.get("metadata") or {}
                payload = found.get("event_payload") or {}
                if errand.notice.kind is NoticeKind.EXPORT and is_in(
                    message, errand.notice, _event(errand), errand.program
                ):
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


def _identity(errand: Errand) -> dict[str, Any]:
    """What marks a message as this notice's and no other's, whatever database its number comes from."""
    notice = errand.notice
    return {
        "notice": notice.id,
        "case": 0 if errand.is_bundle else notice.case or 0,
        "kind": BURST if errand.is_bundle else notice.kind.value,
        "written": notice.created_at.isoformat(),
    }


def _metadata(errand: Errand) -> dict[str, Any]:
    """The identity, and the pings that a message of many stands for, as one text: a payload may hold no list of numbers
    (https://docs.slack.dev/tools/node-slack-sdk/reference/types/interfaces/MessageMetadata).
    """
    payload = _identity(errand)
    if errand.is_bundle:
        payload["pings"] = ",".join(str(ping.notice.id) for ping in errand.pings)
    return {"event_type": EVENT_TYPE, "event_payload": payload}


def pings_in(payload: Mapping[str, Any]) -> tuple[int, ...]:
    """The pings that a message stands for by its payload; those that older versions posted have them as a list."""
    found = payload.get("pings") or ()
    return tuple(int(ping) for ping in (found.split(",") if isinstance(found, str) else found))


def _actor(errand: Errand) -> str | None:
    """Whose click a message tells of, who is named in it and not mentioned; None where nobody's."""
    if isinstance(errand.matter, Order):
        return errand.matter.asked.who if errand.matter.asked else None
    if errand.event is not None:
        return acting(errand.event)
    return errand.case.raised_by if errand.case and errand.notice.kind is NoticeKind.CARD else None


def _late(notice: Notice, now: datetime) -> timedelta:
    """How late a reminder comes: when it was noticed, and until it is sent."""
    late = timedelta(seconds=notice.late) + (now - notice.created_at)
    return lateness(late)


def _item(errand: Errand) -> Coaching:
    if errand.coaching is None:
        raise LookupError(f"notice {errand.notice.id} has no item")
    return errand.coaching


def _case(errand: Errand) -> Case:
    if errand.case is None:
        raise LookupError(f"notice {errand.notice.id} has no case")
    return errand.case


def _event(errand: Errand) -> EventRecord:
    if errand.event is None:
        raise LookupError(f"notice {errand.notice.id} has no event")
    return errand.event
