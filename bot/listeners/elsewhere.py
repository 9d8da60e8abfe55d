"""Everything that does not belong at the desk: other places, strangers, old buttons. Registered last.

Slash commands, shortcuts, clicks and messages from a DM, a group DM or any other channel are refused with a
pointer to the right channel; the attempt is counted, what it said is not stored (house rule 5).
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
from bot.listeners.guard import Turned
from bot.people.directory import groups_of
from bot.people.members import member
from bot.usecases import cases as usecases
from bot.views import lists, modals
from bot.views.confirm import told
from bot.views.message import Message
from cases.errors import OutOfUse, Refusal
from storage.unit import UnitOfWork

log = structlog.get_logger(__name__)

ANY = re.compile(".*")
OLD = OutOfUse().sentence
SPOKEN = frozenset({None, "file_share", "thread_broadcast", "me_message"})
"""Message subtypes that are somebody's words, not an edit or a notice of Slack's."""


def register(app: AsyncApp, front: Front) -> None:
    @app.command(ANY)
    async def command(ack: Ack, body: Body) -> Any:
        message, _ = await _turn(front, body, "command")
        return await ack(**only_you(message))

    @app.shortcut(ANY)
    async def shortcut(ack: Ack, body: Body) -> Any:
        await _answer(front, body, "shortcut")
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
        if (
            event.get("channel_type") in ("im", "mpim")
            and event.get("subtype") in SPOKEN
            and "bot_id" not in event
        ):
            await _refuse(front, body, event, "message")

    @app.event("app_mention")
    async def mentioned(body: Body, event: Body) -> None:
        visit = front.guard.admit(body)
        if isinstance(visit, Turned):
            await _refuse(front, body, event, "mention")
        elif await front.store.write(UnitOfWork.once, f"mention:{body.get('event_id')}", front.clock()):
            await _whisper(front, event, lists.help_(visit.program))

    @app.event(re.compile("subteam_updated|subteam_members_changed"))
    async def group_changed(event: Body) -> None:
        group = str(event.get("subteam_id") or (event.get("subteam") or {}).get("id"))
        if group in groups_of(front.programs()):
            await front.reread(group)

    @app.event("user_change")
    async def user_changed(event: Body) -> None:
        await front.leavers.told(member(event["user"]))

    @app.error
    async def stopped(error: Exception, body: Body) -> BoltResponse:
        """What a listener raised: a refusal is told to its person, anything else is a fault of ours."""
        if isinstance(error, Refusal):
            log.warning("something unknown was used", what=type(error).__name__)
            front.aside(front.teller(body)(error.sentence), "refuse", front.teller(body))
            return BoltResponse(status=200)
        log.error("a listener failed", reference=reference(), exc_info=error)
        return BoltResponse(status=500)


def _turned(front: Front, body: Body) -> bool:
    return isinstance(front.guard.admit(body), Turned)


async def _turn(front: Front, body: Body, what: str) -> tuple[Message, bool]:
    """The refusal, counted; or, at the right place, the word that this is no longer in use. And whether it is new."""
    visit = front.guard.admit(body)
    if not isinstance(visit, Turned):
        log.warning("something unknown was used", what=what)
        return told(OLD), True
    key = f"refused:{body.get('event_id') or body.get('trigger_id')}"
    new = await front.store.write(usecases.refuse, key, visit.user, visit.place, what, front.clock())
    return told(visit.sentence), new


async def _answer(front: Front, body: Body, what: str) -> None:
    message, new = await _turn(front, body, what)
    if new:
        front.aside(front.whisper_back(body, message), "refuse", front.teller(body))


async def _refuse(front: Front, body: Body, event: Body, what: str) -> None:
    message, new = await _turn(front, body, what)
    if new:
        await _whisper(front, event, message)


async def _whisper(front: Front, event: Body, message: Message) -> None:
    """Answers a message where it was written, seen by its author only: never a DM."""
    user = event.get("user")
    if not user:
        return
    try:
        await front.slack.whisper(str(event["channel"]), str(user), message, event.get("thread_ts"))
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
        log.warning("a refusal did not reach its person", why=type(error).__name__)
