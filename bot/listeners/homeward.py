"""The buttons of the post before a shift ends: *Hand over* and *I'll stay*, one pair for each owner who goes home."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.listeners.front import Ack, Body, Front, sentence_for, values
from bot.listeners.guard import Visit
from bot.listeners.submissions import answer
from bot.usecases import cases as desk
from bot.usecases.cases import Act
from bot.views import modals, read
from bot.views.confirm import told
from bot.views.ids import Action, Modal, kept, number_of, value_of
from bot.views.message import Json
from bot.views.standing import short_title
from cases.fields import Field
from cases.lifecycle import Move

NAMED_AT_MOST = 10


def register(app: AsyncApp, front: Front) -> None:
    here = [front.admitted]

    @app.action(Action.SHIFT_STAY, matchers=here)
    async def stay(ack: Ack, body: Body, action: Body, context: dict[str, Any]) -> Any:
        visit: Visit = context["visit"]
        front.aside(*await _stay(front, body, visit, value_of(action)), front.teller(body))
        return await ack()

    @app.action(Action.SHIFT_HAND_OVER, matchers=here)
    async def hand_over(ack: Ack, body: Body, action: Body, context: dict[str, Any]) -> Any:
        act = front.act(context["visit"], "")
        opening = front.open_modal(body, Move.HAND_OVER.label, _form(front, act, value_of(action)))
        front.aside(opening, Move.HAND_OVER.label, front.teller(body))
        return await ack()

    @app.view(Modal.HAND_OVER_SEVERAL, matchers=here)
    async def handed_over(ack: Ack, view: Body, context: dict[str, Any]) -> Any:
        visit: Visit = context["visit"]
        return await ack(**await answer(front, view, visit, _hand_over(front, view, visit)))


async def _stay(front: Front, body: Body, visit: Visit, owner: str) -> tuple[Awaitable[None], str]:
    """Acts before the ack, as every click does; whoever clicked reads which calls this is about, or why it cannot be."""
    act = front.act(visit, f"click:{body['trigger_id']}")
    try:
        cases = await front.store.write(desk.stay, act, owner)
    except Exception as error:  # noqa: BLE001 - sentence_for logs it
        return front.teller(body)(sentence_for(error, Move.STAY.label)), "tell why not"
    front.changed(visit.program)
    names = ", ".join(short_title(case) for case in cases[:NAMED_AT_MOST])
    rest = f" and {len(cases) - NAMED_AT_MOST} more" if len(cases) > NAMED_AT_MOST else ""
    sentence = f"You stay for {names}{rest}. The next shift is not called together with you about that."
    return front.whisper_back(body, told(sentence)), Move.STAY.label


async def _form(front: Front, act: Act, owner: str) -> Json:
    """One case has the form of its own; several are chosen from a list."""
    cases = await front.store.ask(desk.held_by, act.program, act.who, owner)
    offered = await front.takers(act.program, besides=owner)
    if len(cases) == 1:
        return modals.hand_over(cases[0], act.program, act.now, offered)
    return modals.hand_over_several(owner, cases, act.program, offered)


async def _hand_over(front: Front, view: Body, visit: Visit) -> dict[str, Any]:
    act, entered = front.act(visit, f"view:{view['id']}"), values(view)
    user = read.user(entered, Field.RECEIVER)
    await front.store.write(
        desk.hand_over_several,
        act,
        str(kept(view, "owner")),
        [number_of(number) for number in read.choices(entered, Field.CASES)],
        front.directory.person(visit.program, user) if user else None,
        read.text(entered, Field.NOTE),
    )
    return {}
