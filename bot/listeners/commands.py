"""Slash commands and the message shortcut."""

from __future__ import annotations

from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.faces.raising import escalate as form_of
from bot.faces.thread import show
from bot.listeners.front import Ack, Body, Front, only_you, sentence_for
from bot.listeners.guard import Visit, text_of
from bot.listeners.reports import report
from bot.listeners.settings import open_overview
from bot.usecases import cases as usecases
from bot.views import lists
from bot.views.confirm import as_message
from bot.views.ids import SHORTCUT_ESCALATE, Action, program_of, value_of
from bot.views.links import with_links
from bot.views.message import Json, Message
from bot.views.refusals import unknown
from cases import moves
from cases.contact import split_contact
from cases.errors import OutOfUse
from cases.forms import DETAILS_LIMITS, EscalationForm
from cases.mrkdwn import as_typed
from cases.plea import read_story
from cases.program import Program
from cases.text import clean

WHICH = ("mine", "due", "overdue", "all")


def register(app: AsyncApp, front: Front) -> None:
    """`/escalate` comes first: each listener before it would slow down every escalation."""
    here = [front.admitted]

    async def ours(body: Body) -> bool:
        return not front.guard.is_strange(body)

    @app.command("/escalate", matchers=here)
    async def escalate(ack: Ack, body: Body, context: dict[str, Any]) -> Any:
        visit: Visit = context["visit"]
        customer, contact = split_contact(clean(body.get("text"))[:200], visit.program.phone_region)
        form = EscalationForm(customer=customer[:80] or None, contact=contact or None)
        _open_form(front, visit, body, form)
        return await ack()

    @app.shortcut({"type": "message_action", "callback_id": SHORTCUT_ESCALATE}, matchers=here)
    async def escalate_this(ack: Ack, body: Body, context: dict[str, Any]) -> Any:
        _open_form(front, context["visit"], body, _told(as_typed(text_of(body)), context["visit"].program))
        return await ack()

    @app.action(Action.ESCALATE_SAID, matchers=[ours])
    async def escalate_said(ack: Ack, body: Body, action: Body) -> Any:
        """Under a plea, or under a refusal in another place: the button's block names the program."""
        number = program_of(str(action.get("block_id")))
        program = next((one for one in front.programs() if one.id == number), None)
        if program is None:
            raise OutOfUse
        visit = Visit(program, str(body["user"]["id"]))
        _open_form(front, visit, body, _told(value_of(action), program))
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


def _told(said: str, program: Program) -> EscalationForm:
    """The form with what a message says of a customer."""
    story = read_story(clean(said), program.phone_region)
    details = story.details[: DETAILS_LIMITS[1]]
    return EscalationForm(
        customer=story.customer or None, contact=story.contact or None, details=details or None
    )


def _open_form(front: Front, visit: Visit, body: Body, form: EscalationForm) -> None:
    async def build() -> Json:
        moves.require(None, moves.raise_case, await front.met(visit, ""))
        may_lead = partial(front.directory.may_lead, front.programs())
        knows = await front.store.ask(usecases.known_superior, visit.user, may_lead) is not None
        now = front.clock()
        already = await front.store.ask(usecases.open_cases, visit.program, form, now)
        return form_of(visit.program, now, form, knows_superior=knows, already_open=already)

    front.aside(front.open_modal(body, "Escalate", build()), "open the form", front.teller(body))


async def _answer(front: Front, visit: Visit, question: Any, text: str) -> Message:
    """A command's answer; a refusal or failure is an answer, too."""
    try:
        found: Message = await question(front, visit, text)
    except Exception as error:  # noqa: BLE001 - sentence_for logs it
        return as_message(sentence_for(error, "answer a command"))
    return found


async def _callbacks(front: Front, visit: Visit, text: str) -> Message:
    which = text.lower() or "mine"
    if which not in WHICH:
        return as_message(unknown(text))
    act = await front.met(visit, "")
    found = await front.store.ask(usecases.callbacks, act, which)
    return lists.callbacks(found, which, act.program, act.now)


async def _askdesk(front: Front, visit: Visit, text: str) -> Message:
    word, _, rest = text.lower().partition(" ")
    if word in ("", "help"):
        return lists.help_(visit.program)
    if word == "tips":
        return lists.tips(calls_back=front.act(visit, "").who.takes_cases)
    number = rest.strip().lstrip("#")
    if word == "show" and number.isascii() and number.isdigit() and len(number) < 10:
        act = await front.met(visit, "")
        case, events = await front.store.ask(usecases.history, act, int(number))
        links = await front.store.ask(usecases.cards, case, events)
        return with_links(show(case, act.program, act.now, events, to_manager=act.who.manages), links)
    return as_message(unknown(text))
