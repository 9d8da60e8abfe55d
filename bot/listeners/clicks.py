"""Buttons on cards and pings: some act at once, some open a form, each according to one table."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.listeners import homeward
from bot.listeners.front import Ack, Body, Front, sentence_for, values
from bot.listeners.guard import Visit
from bot.usecases import cases as desk
from bot.usecases.cases import Act
from bot.usecases.links import LinkedCase, linked
from bot.views import modals, proposal, read
from bot.views.ids import (
    Action,
    Modal,
    case_of,
    click_of,
    number_of,
    read_metadata,
    read_more,
    value_of,
    view_of,
    word_of,
)
from bot.views.inputs import Offered
from bot.views.message import Json
from cases.case import Case
from cases.errors import CallsClosed
from cases.fields import Field
from cases.hours import Closed
from cases.lifecycle import Click, Combined, Move
from cases.program import Program
from cases.words import Disposition, Outcome
from storage.reading import Reading
from storage.unit import UnitOfWork

AT_ONCE: dict[Click, Callable[[UnitOfWork, Act, int], Case]] = {
    Move.CLAIM: desk.claim,
    Combined.CLAIM_AND_CALL: desk.claim_and_call,
    Move.CALLING_NOW: desk.calling_now,
    Move.TAKE_OVER: desk.take_over,
}

WITH_FORM: dict[Move, Callable[[Case, Program, Any], Json]] = {
    Move.LOG_OUTCOME: modals.log_outcome,
    Move.COMPLETE: modals.complete,
    Move.RESCHEDULE: modals.reschedule,
    Move.RELEASE: modals.release,
    Move.ADD_NOTE: modals.add_note,
    Move.SIGN_OFF: modals.sign_off,
    Move.GRANT_ATTEMPT: modals.grant_attempt,
    Move.REOPEN: modals.reopen,
}

TO_SOMEBODY: dict[Move, Callable[[Case, Program, datetime, Offered | None], Json]] = {
    Move.HAND_OVER: modals.hand_over,
    Move.ESCALATE_FURTHER: modals.escalate_further,
}
"""The forms in which somebody is chosen who gets the case."""

BUTTONS = re.compile(
    "|".join(a.value for a in Action if a.value.startswith("case_") and a is not Action.MORE)
)
INPUTS = re.compile("|".join((Action.CUSTOMER_IS, Action.DISPOSITION, Action.OUTCOME, Action.WITHDRAWN)))


def register(app: AsyncApp, front: Front) -> None:
    here = [front.admitted]

    @app.action(BUTTONS, matchers=here)
    async def button(ack: Ack, body: Body, action: Body, context: dict[str, Any]) -> Any:
        move, number = click_of(str(action["action_id"])), number_of(value_of(action))
        await _do(front, body, context["visit"], move, number)
        return await ack()

    @app.action(Action.MORE, matchers=here)
    async def more(ack: Ack, body: Body, action: Body, context: dict[str, Any]) -> Any:
        move, number = read_more(value_of(action))
        await _do(front, body, context["visit"], move, number)
        return await ack()

    newest: dict[str, str] = {}

    @app.action(INPUTS, matchers=here)
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

    homeward.register(app, front)

    @app.action(Action.OPEN_CARD)
    async def follow_link(ack: Ack) -> Any:
        return await ack()


async def _do(front: Front, body: Body, visit: Visit, move: Click, number: int) -> None:
    """Acts before the ack, so that a click that was acked is kept; a form or the number opens beside it."""
    act = front.act(visit, f"click:{body['trigger_id']}")
    if move in AT_ONCE:
        try:
            await front.store.write(AT_ONCE[move], act, number)
        except CallsClosed as error:
            asking = _ask_whose_wish(front, body, act, number, error.closed)
            front.aside(asking, move.label, front.teller(body))
            return
        except Exception as error:  # noqa: BLE001 - sentence_for logs it
            sentence = sentence_for(error, move.label)
            front.aside(front.teller(body)(sentence), "tell why not", front.teller(body))
            return
        front.changed(visit.program)
    elif move is Move.SHOW_NUMBER:
        front.aside(_show_number(front, body, act, number), move.label, front.teller(body))
    elif isinstance(move, Move):
        front.aside(_open_form(front, body, visit, move, number), move.label, front.teller(body))


async def _ask_whose_wish(front: Front, body: Body, act: Act, number: int, closed: Closed) -> None:
    """It is no hour to call this customer: did they ask for it?"""

    async def build() -> Json:
        case = await front.store.ask(Reading.case, number, act.program.id)
        return modals.calling_now(case, closed, act.program, act.now)

    await front.open_modal(body, Move.CALLING_NOW.label, build())


async def _show_number(front: Front, body: Body, act: Act, number: int) -> None:
    async def build() -> Json:
        case = await front.store.write(desk.show_number, act, number)
        front.changed(act.program)
        _, history = await front.store.ask(desk.history, act.program, number)
        return modals.number(case, history)

    await front.open_modal(body, Move.SHOW_NUMBER.label, build())


async def _open_form(front: Front, body: Body, visit: Visit, move: Move, number: int) -> None:
    """The move's form, for those who may make the move; everybody else reads who may."""

    async def build() -> Json:
        act = await front.met(visit, "")
        case = await front.store.ask(desk.may, act.program, act.who, number, move, act.now)
        if move is Move.RESCHEDULE and case.call is not None and case.owner == act.who.id:
            # Whoever asks for another time on the phone was reached: the call ends with that wish.
            return modals.log_outcome(case, act.program, act.now, Disposition.ASKED_RESCHEDULE)
        if move in TO_SOMEBODY:
            offered = await front.takers(act.program, besides=case.owner)
            return TO_SOMEBODY[move](case, act.program, act.now, offered)
        return WITH_FORM[move](case, act.program, act.now)

    await front.open_modal(body, move.label, build())


async def _redraw(front: Front, visit: Visit, view: Body, is_newest: Callable[[], bool]) -> None:
    """The form as it looks after a choice that changes it; what was typed stays in its blocks.

    Of two quick choices the newest stands, in whichever order they are drawn.
    """
    entered, now, program = values(view), front.clock(), visit.program
    meta = read_metadata(view["private_metadata"])
    if view["callback_id"] == Modal.ESCALATE:
        form = read.escalation_form(entered)
        numbers = [number_of(one) for one in meta.get("already_open") or ()]
        already = await front.store.ask(_linked, program, numbers)
        knows = bool(meta.get("knows_superior"))
        fresh = modals.escalate(program, now, form, knows_superior=knows, already_open=already)
    else:
        case = await front.store.ask(Reading.case, case_of(view), program.id)
        outcome = _word(Outcome, read.choice(entered, Field.OUTCOME))
        if view["callback_id"] == Modal.COMPLETE:
            fresh = modals.complete(case, program, now, outcome)
        else:
            disposition = _word(Disposition, read.choice(entered, Field.DISPOSITION))
            withdrawn = read.ticked(entered, Field.WITHDRAWN)
            fresh = modals.log_outcome(case, program, now, disposition, outcome, withdrawn)
    fresh = proposal.carried(view, fresh)
    drawn = not is_newest() or await front.slack.update_view(str(view["id"]), fresh, str(view["hash"]))
    if not drawn and is_newest():
        await front.slack.update_view(str(view["id"]), fresh)


def _linked(reading: Reading, program: Program, numbers: list[int]) -> list[LinkedCase]:
    return linked(reading, [reading.case(number, program.id) for number in numbers])


def _word(kind: Any, value: str | None) -> Any:
    return word_of(kind, value) if value else None
