"""Feedback: its form, what was said for those who may read it, and the agent's acknowledgement."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.listeners.front import Ack, Body, Front, shown_inputs, values
from bot.listeners.guard import Visit
from bot.listeners.submissions import answer
from bot.usecases import coaching as desk_coaching
from bot.views import modals, read
from bot.views.coaching import GIVE
from bot.views.ids import Action, Modal, kept, number_of, value_of
from bot.views.message import Json
from bot.views.modals.coaching import TITLE
from cases.coaching import CoachingState
from cases.fields import Field


def register(app: AsyncApp, front: Front) -> None:
    here = [front.admitted]

    @app.action(Action.GIVE_FEEDBACK, matchers=here)
    async def give(ack: Ack, body: Body, action: Body, context: dict[str, Any]) -> Any:
        opening = front.open_modal(body, GIVE, _form(front, context["visit"], number_of(value_of(action))))
        front.aside(opening, GIVE, front.teller(body))
        return await ack()

    @app.action(Action.READ_FEEDBACK, matchers=here)
    async def look(ack: Ack, body: Body, action: Body, context: dict[str, Any]) -> Any:
        opening = front.open_modal(body, TITLE, _said(front, context["visit"], number_of(value_of(action))))
        front.aside(opening, TITLE, front.teller(body))
        return await ack()

    @app.view(Modal.FEEDBACK, matchers=here)
    async def given(ack: Ack, view: Body, context: dict[str, Any]) -> Any:
        visit: Visit = context["visit"]
        return await ack(**await answer(front, view, visit, _give(front, view, visit)))

    @app.view(Modal.ACKNOWLEDGE, matchers=here)
    async def acknowledged(ack: Ack, view: Body, context: dict[str, Any]) -> Any:
        visit: Visit = context["visit"]
        return await ack(**await answer(front, view, visit, _acknowledge(front, view, visit)))


async def _form(front: Front, visit: Visit, number: int) -> Json:
    item = await front.store.ask(desk_coaching.may_give, front.act(visit, ""), number)
    return modals.give_feedback(item, keeps=front.store.vault.has_key)


async def _said(front: Front, visit: Visit, number: int) -> Json:
    act = front.act(visit, "")
    item = await front.store.ask(desk_coaching.read, act.program, act.who, number)
    unread = item.coaching.state is CoachingState.GIVEN and item.coaching.agent == visit.user
    return modals.read_feedback(item, acknowledges=unread, keeps=front.store.vault.has_key)


async def _give(front: Front, view: Body, visit: Visit) -> dict[str, Any]:
    """A form that was opened without inputs says only that feedback was given."""
    form = read.feedback_form(values(view)) if shown_inputs(view) else None
    act = front.act(visit, f"view:{view['id']}")
    await front.store.write(desk_coaching.give, act, _item(view), form)
    return {}


async def _acknowledge(front: Front, view: Body, visit: Visit) -> dict[str, Any]:
    comment = read.text(values(view), Field.COMMENT)
    act = front.act(visit, f"view:{view['id']}")
    await front.store.write(desk_coaching.acknowledge, act, _item(view), comment)
    return {}


def _item(view: Body) -> int:
    return number_of(kept(view, "item"))
