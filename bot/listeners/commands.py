"""Slash commands and the message shortcut."""

from __future__ import annotations

import html
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.faces.raising import escalate as form_of
from bot.faces.thread import show
from bot.listeners.front import Ack, Body, Front, only_you, sentence_for
from bot.listeners.guard import Visit
from bot.listeners.reports import report
from bot.listeners.settings import open_overview
from bot.usecases import cases as usecases
from bot.views import lists
from bot.views.confirm import told
from bot.views.ids import SHORTCUT_ESCALATE
from bot.views.message import Json, Message
from bot.views.refusals import unknown
from cases import moves
from cases.contact import split_contact
from cases.forms import DETAILS_LIMITS, EscalationForm
from cases.text import clean
from cases.words import Role

WHICH = ("mine", "due", "overdue", "all")


def register(app: AsyncApp, front: Front) -> None:
    """`/escalate` comes first: each listener before it costs every escalation a little."""
    here = [front.admitted]

    @app.command("/escalate", matchers=here)
    async def escalate(ack: Ack, body: Body, context: dict[str, Any]) -> Any:
        visit: Visit = context["visit"]
        customer, contact = split_contact(clean(body.get("text"))[:200], visit.program.phone_region)
        form = EscalationForm(customer=customer[:80] or None, contact=contact or None)
        _open_form(front, visit, body, form)
        return await ack()

    @app.shortcut({"type": "message_action", "callback_id": SHORTCUT_ESCALATE}, matchers=here)
    async def escalate_this(ack: Ack, body: Body, context: dict[str, Any]) -> Any:
        said = clean(html.unescape(str(body["message"].get("text") or "")))[: DETAILS_LIMITS[1]]
        _open_form(front, context["visit"], body, EscalationForm(details=said or None))
        return await ack()

    @app.command("/callbacks", matchers=here)
    async def callbacks(ack: Ack, body: Body, context: dict[str, Any]) -> Any:
        return await ack(
            **only_you(await _answer(front, context["visit"], _callbacks, clean(body.get("text"))))
        )

    @app.command("/askdesk", matchers=here)
    async def askdesk(ack: Ack, body: Body, context: dict[str, Any]) -> Any:
        text = clean(body.get("text"))
        if text.lower() == "settings":
            return await ack(**open_overview(front, body, context["visit"]))
        if text.lower().split(" ")[0] == "report":
            return await ack(**await report(front, body, context["visit"], text[len("report") :]))
        return await ack(**only_you(await _answer(front, context["visit"], _askdesk, text)))


def _open_form(front: Front, visit: Visit, body: Body, form: EscalationForm) -> None:
    async def build() -> Json:
        moves.require(None, moves.raise_case, await front.met(visit, ""))
        may_lead = partial(front.directory.may_lead, front.programs())
        knows = await front.store.ask(usecases.known_superior, visit.user, may_lead) is not None
        return form_of(visit.program, front.clock(), form, knows_superior=knows)

    front.aside(front.open_modal(body, "Escalate", build()), "open the form", front.teller(body))


async def _answer(front: Front, visit: Visit, question: Any, text: str) -> Message:
    """A command's answer; a refusal or failure is an answer as well."""
    try:
        found: Message = await question(front, visit, text)
    except Exception as error:  # noqa: BLE001 - sentence_for logs it
        return told(sentence_for(error, "answer a command"))
    return found


async def _callbacks(front: Front, visit: Visit, text: str) -> Message:
    which = text.lower() or "mine"
    if which not in WHICH:
        return told(unknown(text))
    act = front.act(visit, "")
    found = await front.store.ask(usecases.callbacks, act.program, act.who, which, act.now)
    return lists.callbacks(found, which, act.now)


async def _askdesk(front: Front, visit: Visit, text: str) -> Message:
    word, _, rest = text.lower().partition(" ")
    if word in ("", "help"):
        return lists.help_(visit.program)
    if word == "tips":
        return lists.tips()
    number = rest.strip().lstrip("#")
    if word == "show" and number.isascii() and number.isdigit() and len(number) < 10:
        case, events = await front.store.ask(usecases.history, visit.program, int(number))
        act = front.act(visit, "")
        manages = Role.MANAGER in act.who.roles
        return show(case, act.program, act.now, events, to_manager=manages)
    return told(unknown(text))
