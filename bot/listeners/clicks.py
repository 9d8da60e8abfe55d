"""Buttons on cards, pings and posts, in App Home and in forms: each acts, opens a form, or both, as its face says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.faces.face import Face, IfClosed, Opens
from bot.faces.registry import BUTTONS, FORMS, REDRAWN_BY, the
from bot.listeners.front import Ack, Body, Front, sentence_for
from bot.listeners.guard import Visit
from bot.usecases.cases import Act
from bot.views import proposal
from bot.views.ids import Action, read_more, value_of, view_of
from bot.views.message import Json
from cases.errors import CallsClosed, OutOfUse
from cases.hours import Closed
from storage.reading import Reading


def any_of(ids: Iterable[str]) -> re.Pattern[str]:
    """Matches each of these ids, and nothing else."""
    return re.compile(f"^({'|'.join(map(re.escape, ids))})$")


def register(app: AsyncApp, front: Front) -> None:
    here = [front.admitted]

    @app.action(any_of(BUTTONS), matchers=here)
    async def button(ack: Ack, body: Body, action: Body, context: dict[str, Any]) -> Any:
        await _do(front, body, context["visit"], the(BUTTONS, action["action_id"]), value_of(action))
        return await ack()

    @app.action(Action.MORE, matchers=here)
    async def more(ack: Ack, body: Body, action: Body, context: dict[str, Any]) -> Any:
        action_id, value = read_more(value_of(action))
        await _do(front, body, context["visit"], the(BUTTONS, action_id), value)
        return await ack()

    newest: dict[str, str] = {}

    @app.action(any_of(REDRAWN_BY), matchers=here)
    async def redraw(ack: Ack, body: Body, action: Body, context: dict[str, Any]) -> Any:
        view, at = view_of(body), str(action.get("action_ts"))
        newest[view["id"]] = max(at, newest.get(view["id"], ""))

        async def follow() -> None:
            try:
                await _redraw(front, context["visit"], view, lambda: newest.get(view["id"]) == at)
            finally:
                if newest.get(view["id"]) == at:
                    del newest[view["id"]]

        front.aside(follow(), "redraw a form", front.teller(body))
        return await ack()

    @app.action(Action.OPEN_CARD)
    async def follow_link(ack: Ack) -> Any:
        return await ack()


async def _do(front: Front, body: Body, visit: Visit, face: Face, carried: str) -> None:
    """Acts before the ack, so that a click that was acked is kept; a modal opens beside it."""
    act, value = front.act(visit, f"click:{body['trigger_id']}"), face.reads(carried)
    if face.does is not None:
        try:
            said = await front.store.write(face.does, act, value)
        except Exception as error:  # noqa: BLE001 - sentence_for logs it
            if isinstance(error, CallsClosed) and face.if_closed is not None:
                asking = front.open_modal(
                    body, face.label, _ask(front, act, value, face.if_closed, error.closed)
                )
                front.aside(asking, face.label, front.teller(body))
                return
            sentence = sentence_for(error, face.label)
            front.aside(front.teller(body)(sentence), "tell why not", front.teller(body))
            return
        front.changed(visit.program)
        if isinstance(said, str):
            front.aside(front.teller(body)(said), face.label, front.teller(body))
    if face.opens is not None:
        opening = front.open_modal(body, face.label, _form(front, visit, act.key, value, face.opens))
        front.aside(opening, face.label, front.teller(body))


async def _form(front: Front, visit: Visit, key: str, value: Any, opens: Opens) -> Json:
    """The form, for those who may send it; everybody else reads who may."""
    return await opens(front, await front.met(visit, key), value)


async def _ask(front: Front, act: Act, number: int, draw: IfClosed, closed: Closed) -> Json:
    """It is no hour to call this customer: did they ask for it?"""
    case = await front.store.ask(Reading.case, number, act.program.id)
    return draw(case, closed, act.program, act.now)


async def _redraw(front: Front, visit: Visit, view: Body, is_newest: Callable[[], bool]) -> None:
    """The form as it looks after a choice that changes it; what was typed stays in its blocks.

    Of two quick choices the newest stands, in whichever order they are drawn.
    """
    face = the(FORMS, view["callback_id"])
    if face.redraws is None:
        raise OutOfUse
    fresh = await front.store.ask(face.redraws, front.act(visit, ""), front.sent(visit, view))
    fresh = proposal.carried(view, fresh)
    drawn = not is_newest() or await front.slack.update_view(str(view["id"]), fresh, str(view["hash"]))
    if not drawn and is_newest():
        await front.slack.update_view(str(view["id"]), fresh)
