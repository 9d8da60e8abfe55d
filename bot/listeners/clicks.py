"""Buttons on cards, pings and posts, in App Home and in forms: each acts, opens a form, or both, as its face says."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.faces.face import Asks, Face, Opens, Sent, Within
from bot.faces.registry import BUTTONS, FORMS, REDRAWN_BY, the
from bot.listeners.front import Ack, Body, Front, sentence_for
from bot.listeners.guard import Visit
from bot.usecases.cases import Act
from bot.views import modals, proposal
from bot.views.blocks import MENUS
from bot.views.ids import Action, read_more, value_of, view_of
from bot.views.message import Json
from cases.errors import AsksFirst, OutOfUse
from cases.hours import Closed
from storage.reading import Reading


def any_of(ids: Iterable[str]) -> re.Pattern[str]:
    """Matches each of these ids, and nothing else."""
    return re.compile(f"^({'|'.join(map(re.escape, ids))})$")


def register(app: AsyncApp, front: Front) -> None:
    here = [front.admitted]

    @app.action(any_of(BUTTONS), matchers=here)
    async def button(ack: Ack, body: Body, action: Body, context: dict[str, Any]) -> Any:
        face = the(BUTTONS, action["action_id"])
        if face.within is not None:
            await _within(front, body, context["visit"], face, face.within, value_of(action))
        else:
            await _do(front, body, context["visit"], face, value_of(action))
        return await ack()

    @app.action(any_of(MENUS), matchers=here)
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
                sent = front.sent(context["visit"], view, str(action["action_id"]))
                await _redraw(front, context["visit"], sent, lambda: newest.get(view["id"]) == at)
            finally:
                if newest.get(view["id"]) == at:
                    del newest[view["id"]]

        front.aside(follow(), "redraw a form", front.teller(body))
        return await ack()

    @app.action(Action.USE_FREE_TIME, matchers=here)
    async def take_free_time(ack: Ack, body: Body, action: Body) -> Any:
        view = view_of(body)
        fresh = proposal.taken(view, value_of(action))
        showing = front.slack.update_view(str(view["id"]), fresh)
        front.aside(_shown(showing), "take a free time", front.teller(body))
        return await ack()

    @app.action(Action.OPEN_CARD)
    async def follow_link(ack: Ack) -> Any:
        return await ack()


async def _do(front: Front, body: Body, visit: Visit, face: Face, carried: str) -> None:
    """Acts before the ack, so that a click that was acked is kept; a modal opens beside it."""
    act, value = await front.met(visit, f"click:{body['trigger_id']}"), face.reads(carried)
    if face.does is not None:
        try:
            said = await front.store.write(face.does, act, value)
        except Exception as error:  # noqa: BLE001 - sentence_for logs it
            if isinstance(error, AsksFirst) and face.asks is not None:
                asking = front.open_modal(body, face.label, _ask(front, act, value, face.asks, error.closed))
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


async def _within(front: Front, body: Body, visit: Visit, face: Face, within: Within, carried: str) -> None:
    """Acts before the ack with what was entered; why not is told in a modal upon the form, which stays as it is."""
    view = view_of(body)
    try:
        act, value = front.act(visit, f"click:{body['trigger_id']}"), face.reads(carried)
        fresh = await front.store.write(within, act, front.sent(visit, view), value)
    except Exception as error:  # noqa: BLE001 - sentence_for logs it
        why_not = front.slack.push_view(
            str(body["trigger_id"]), modals.problem(sentence_for(error, face.label), "Not done")
        )
        front.aside(_shown(why_not), "tell why not", front.teller(body))
        return
    front.changed(visit.program)
    front.aside(_shown(front.slack.update_view(str(view["id"]), fresh)), face.label, front.teller(body))


async def _shown(showing: Awaitable[object]) -> None:
    """A modal that is shown: whether it still could be makes no difference."""
    await showing


async def _form(front: Front, visit: Visit, key: str, value: Any, opens: Opens) -> Json:
    """The form, for those who may send it; anybody else is told who may."""
    return await opens(front, await front.met(visit, key), value)


async def _ask(front: Front, act: Act, number: int, draw: Asks, closed: Closed | None) -> Json:
    """What has to be said before a call at this moment."""
    case = await front.store.ask(Reading.case, number, act.program.id)
    return draw(case, closed, act.program, act.now)


async def _redraw(front: Front, visit: Visit, sent: Sent, is_newest: Callable[[], bool]) -> None:
    """The form as it looks after a choice that changes it; what was typed stays in its blocks.

    Of two quick choices the newer wins, whichever is drawn first.
    """
    view = sent.view
    face = the(FORMS, view["callback_id"])
    if face.redraws is None:
        raise OutOfUse
    fresh = await front.store.ask(face.redraws, front.act(visit, ""), sent)
    if fresh is None:
        return
    drawn = not is_newest() or await front.slack.update_view(str(view["id"]), fresh, str(view["hash"]))
    if not drawn and is_newest():
        await front.slack.update_view(str(view["id"]), fresh)
