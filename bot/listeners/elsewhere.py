"""Everything that doesn't belong in an ASK channel: other places, strangers, old buttons. Registered last.

Slash commands, shortcuts, clicks and messages from a DM, a group DM or any other channel are refused with a
pointer to the right channel, and a button that carries the words there; the attempt is counted, what it said is not
stored (house rule 5). A plea in the ASK channel itself is met with the same button.
"""

from __future__ import annotations

import re
from typing import Any

import aiohttp
import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError

from bot.environment.log import reference
from bot.listeners.front import Ack, Body, Front, only_you
from bot.listeners.guard import Turned, text_of
from bot.people.directory import groups_of
from bot.people.members import member
from bot.usecases import cases as usecases
from bot.views import lists, modals, pleas
from bot.views.confirm import as_message
from bot.views.message import Message
from cases.errors import OutOfUse, Refusal
from cases.mrkdwn import as_typed
from cases.plea import is_plea, read_story
from cases.text import clean
from storage.unit import UnitOfWork

log = structlog.get_logger(__name__)

ANY = re.compile(".*")
ESCALATE = "/escalate"
OLD = OutOfUse().sentence
SPOKEN = frozenset({None, "file_share", "thread_broadcast", "me_message"})
"""Message subtypes with somebody's words, rather than an edit or a notice from Slack."""


def register(app: AsyncApp, front: Front) -> None:
    @app.command(ANY)
    async def command(ack: Ack, body: Body) -> Any:
        carries = text_of(body) if body.get("command") == ESCALATE else ""
        message, _ = await _turn(front, body, "command", carries)
        return await ack(**only_you(message))

    @app.shortcut(ANY)
    async def shortcut(ack: Ack, body: Body) -> Any:
        await _answer(front, body, "shortcut", text_of(body))
        return await ack()

    @app.action(ANY)
    async def action(ack: Ack, body: Body) -> Any:
        if body.get("view") is None or _turned(front, body):
            await _answer(front, body, "click")
        return await ack()

    @app.view(ANY)
    async def view(ack: Ack, body: Body) -> Any:
        message, _ = await _turn(front, body, "form")
        return await ack(response_action="update", view=modals.problem(message.text, "Askdesk"))

    @app.event("message")
    async def message(body: Body, event: Body) -> None:
        if event.get("subtype") not in SPOKEN or "bot_id" in event:
            return
        if event.get("channel_type") in ("im", "mpim"):
            await _refuse(front, body, event, "message")
        elif "thread_ts" not in event and (plea := _plea(front, body)) is not None:
            await _whisper_once(front, body, plea)

    @app.event("app_mention")
    async def mentioned(body: Body, event: Body) -> None:
        visit = front.guard.admit(body)
        if isinstance(visit, Turned):
            await _refuse(front, body, event, "mention")
        elif _plea(front, body) is None:
            await _whisper_once(front, body, lists.help_(visit.program))

    @app.event(re.compile("subteam_updated|subteam_members_changed"))
    async def group_changed(event: Body) -> None:
        group = str(event.get("subteam_id") or (event.get("subteam") or {}).get("id"))
        if group in groups_of(front.programs()):
            await front.reread(group)

    @app.event("user_change")
    async def user_changed(event: Body) -> None:
        await front.leavers.account_changed(member(event["user"]))

    @app.error
    async def stopped(error: Exception, body: Body) -> BoltResponse:
        """Handles a listener's error: the person is told a refusal; anything else is our fault."""
        if isinstance(error, Refusal):
            log.warning("something unknown was used", what=type(error).__name__)
            front.aside(front.teller(body)(error.sentence), "refuse", front.teller(body))
            return BoltResponse(status=200)
        log.error("a listener failed", reference=reference(), exc_info=error)
        return BoltResponse(status=500)


def _plea(front: Front, body: Body) -> Message | None:
    """What the writer is offered for a plea in the ASK channel; None for any other message, and where it is switched off."""
    visit = front.guard.admit(body)
    if isinstance(visit, Turned) or not visit.program.hears_pleas:
        return None
    said = clean(as_typed(text_of(body)))[: pleas.CARRIED_AT_MOST]
    if not is_plea(said, visit.program.phone_region):
        return None
    return pleas.offer(said, read_story(said, visit.program.phone_region), visit.program)


def _turned(front: Front, body: Body) -> bool:
    return isinstance(front.guard.admit(body), Turned)


async def _turn(front: Front, body: Body, what: str, carries: str = "") -> tuple[Message, bool]:
    """The refusal, counted; or, at the right place, the word that this is no longer in use. And whether it is new.

    What somebody wrote in the wrong place, it `carries` to the form of the right one.
    """
    visit = front.guard.admit(body)
    if not isinstance(visit, Turned):
        log.warning("something unknown was used", what=what)
        return as_message(OLD), True
    key = f"refused:{body.get('event_id') or body.get('trigger_id')}"
    new = await front.store.write(usecases.refuse, key, visit.user, visit.place, what, front.clock())
    said = "" if front.guard.is_strange(body) else clean(as_typed(carries))
    there = (
        [one for one in front.programs() if front.directory.person(one, visit.user).in_channel]
        if said
        else []
    )
    return pleas.refused(visit.sentence, said, there), new


async def _answer(front: Front, body: Body, what: str, carries: str = "") -> None:
    message, new = await _turn(front, body, what, carries)
    if new:
        front.aside(front.whisper_back(body, message), "refuse", front.teller(body))


async def _refuse(front: Front, body: Body, event: Body, what: str) -> None:
    message, new = await _turn(front, body, what, text_of(body))
    if new:
        await _whisper(front, event, message)


async def _whisper_once(front: Front, body: Body, message: Message) -> None:
    """The same event may come twice."""
    key = f"heard:{body.get('event_id')}"
    if await front.store.write(UnitOfWork.once, key, front.clock()):
        await _whisper(front, body["event"], message)


async def _whisper(front: Front, event: Body, message: Message) -> None:
    """Answers a message where it was written, visible only to its author: never by DM."""
    user = event.get("user")
    if not user:
        return
    try:
        await front.slack.whisper(str(event["channel"]), str(user), message, event.get("thread_ts"))
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
        log.warning("a refusal did not reach its person", why=type(error).__name__)
