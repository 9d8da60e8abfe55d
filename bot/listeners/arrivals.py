"""The bot is in a channel that is no ASK channel: *Make this an ASK channel?*, asked of managers.

It asks those who are there when it is invited, and whoever types `/askdesk settings` there: what only one person sees
is lost where they are not looking.
"""

from __future__ import annotations

from typing import Any

import aiohttp
import structlog
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from bot.listeners.front import Ack, Body, Front, at_fields, only_you, sentence_for, shown_inputs, values
from bot.listeners.guard import Turned
from bot.listeners.settings import known_groups
from bot.slack.calls import error_code
from bot.usecases import settings as settings_usecases
from bot.views import arrivals
from bot.views import modals as all_modals
from bot.views.ids import Action, Modal, kept, value_of
from bot.views.message import Json, Message
from bot.views.modals import settings as modals
from bot.views.refusals import Place
from cases.errors import FieldErrors, NotAllowed, NotPossible, Refusal
from cases.people import Person
from cases.program import Program
from cases.settings import Entered
from cases.text import clean
from cases.words import Role
from storage.unit import UnitOfWork

log = structlog.get_logger(__name__)

SETTINGS = "settings"
"""The word after `/askdesk`."""

PRIVATE = "privategroup"
"""What Slack calls every private channel when somebody clicks in one."""

ELSEWHERE = frozenset({"user_not_in_channel", "channel_not_found", "user_not_found", "not_in_channel"})
"""What Slack says of somebody who is not in the channel: nothing is wrong, they need not be asked."""


def register(app: AsyncApp, front: Front) -> None:
    async def ours(body: Body) -> bool:
        return not front.guard.is_strange(body)

    @app.event("member_joined_channel", matchers=[ours])
    async def joined(body: Body, event: Body) -> None:
        channel, key = str(event["channel"]), f"arrival:{body.get('event_id')}"
        known = next((program for program in front.programs() if program.channel == channel), None)
        if known is not None:
            await front.reread(channel)
        if not front.guard.is_me(event.get("user")):
            return
        if known is not None:
            front.changed(known)  # it is back: what waits for this channel can go
        elif await front.store.write(UnitOfWork.once, key, front.clock()):
            asking = _ask(front, channel, event.get("inviter"))
            front.aside(asking, "ask whether this is an ASK channel", front.teller(body))

    @app.event("member_left_channel", matchers=[ours])
    async def left(event: Body) -> None:
        if any(program.channel == event["channel"] for program in front.programs()):
            await front.reread(str(event["channel"]))

    async def manager_elsewhere(body: Body) -> bool:
        turned = front.guard.admit(body)
        at_channel = isinstance(turned, Turned) and turned.place == Place.CHANNEL.name.lower()
        return at_channel and clean(body.get("text")).lower() == SETTINGS and bool(front.managed(turned.user))

    @app.command("/askdesk", matchers=[manager_elsewhere])
    async def settle(ack: Ack, body: Body) -> Any:
        return await ack(**only_you(arrivals.question(str(body["channel_id"]))))

    @app.action(Action.SET_UP, matchers=[ours])
    async def set_up(ack: Ack, body: Body, action: Body) -> Any:
        opening = _open(front, body, value_of(action))
        front.aside(front.open_modal(body, "Set up an ASK channel", opening), "set up", front.teller(body))
        return await ack()

    @app.action(Action.NOT_NOW, matchers=[ours])
    async def not_now(ack: Ack, body: Body) -> Any:
        front.aside(_dismiss(front, body), "take the question away", front.teller(body))
        return await ack()

    @app.view(Modal.SET_UP, matchers=[ours])
    async def submitted(ack: Ack, body: Body, view: Body) -> Any:
        return await ack(**await _set_up(front, body, view))


async def _ask(front: Front, channel: str, inviter: str | None) -> None:
    """Everybody who may, and is there, is asked; where nobody is, the inviter reads who may."""
    managers = list(
        dict.fromkeys(user for program in front.programs() for user in front.directory.managers(program))
    )
    asked = [user for user in managers if await _told(front, channel, user, arrivals.question(channel))]
    if inviter is not None and inviter not in asked and not front.guard.is_me(inviter):
        said = arrivals.asked() if asked else arrivals.nobody_may(front.programs())
        await _told(front, channel, inviter, said)


async def _told(front: Front, channel: str, user: str, message: Message) -> bool:
    """Whether somebody sees it: they are in the channel."""
    try:
        await front.slack.whisper(channel, user, message)
    except SlackApiError as error:
        if error_code(error) not in ELSEWHERE:
            log.warning("a question did not reach its person", user=user, why=error_code(error))
        return False
    except (aiohttp.ClientError, TimeoutError) as error:
        log.warning("a question did not reach its person", user=user, why=type(error).__name__)
        return False
    return True


async def _open(front: Front, body: Body, channel: str) -> Json:
    user = str(body["user"]["id"])
    mine = front.managed(user)
    if not mine:
        raise NotAllowed(arrivals.who_may(front.programs()))
    if not await front.slack.is_member(channel):
        raise NotPossible("Invite Askdesk to this channel first: type `/invite @askdesk` here.")
    name = str((body.get("channel") or {}).get("name") or "")
    name = "" if name == PRIVATE else name
    return modals.set_up(channel, name, mine[0], await front.groups.by_id())


async def _dismiss(front: Front, body: Body) -> None:
    if not (url := body.get("response_url")):
        return
    try:
        await front.slack.dismiss(str(url))
    except (aiohttp.ClientError, TimeoutError) as error:
        log.warning("a question could not be taken away", why=type(error).__name__)


async def _set_up(front: Front, body: Body, view: Body) -> dict[str, Any]:
    """The ack: the modal closes, shows the mistakes at their fields, or says why not."""
    entered = values(view)
    given: Entered = {
        field: value
        for section in modals.SET_UP_SECTIONS
        for field, value in modals.read_form(section, entered).items()
    }
    try:
        opened = await _opened(front, body, view, str(kept(view, "channel")), given)
    except FieldErrors as error:
        return {"response_action": "errors", "errors": at_fields(error, view)}
    except Exception as error:  # noqa: BLE001 - sentence_for logs it
        title = str(view["title"]["text"])
        sentence = sentence_for(error, title)
        if isinstance(error, Refusal):
            return {"response_action": "update", "view": all_modals.problem(sentence, title)}
        return {"response_action": "errors", "errors": {shown_inputs(view)[0]: sentence}}
    if opened is not None:
        front.changed(opened)
    return {}


async def _opened(front: Front, body: Body, view: Body, channel: str, given: Entered) -> Program | None:
    user = str(body["user"]["id"])
    groups = await known_groups(front, given, {})
    who = Person(user, frozenset({Role.MANAGER if front.managed(user) else Role.AGENT}))
    opened = await front.store.write(
        settings_usecases.open_desk, f"view:{view['id']}", who, front.clock(), channel, given, groups
    )
    await front.reload()
    return opened
