"""Modals that were submitted: committed before the ack, with every mistake shown at its field."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.listeners.front import Ack, Body, Front, answer_to, sentence_for, shown_inputs, values
from bot.listeners.guard import Visit
from bot.usecases import cases as desk
from bot.usecases.cases import Act, FurtherForm, OpenAlready, OutcomeForm
from bot.usecases.links import linked
from bot.views import modals, proposal, read
from bot.views.ids import Modal, case_of, read_metadata
from cases.case import Case
from cases.errors import DeskError, FieldErrors
from cases.fields import Field
from cases.people import Person
from storage.unit import UnitOfWork

Values = read.Values
WhoIs = Callable[[str | None], Person | None]
Submitted = Callable[[UnitOfWork, Act, int, Values, WhoIs], Case]

LANGUAGE_FIELDS = re.compile(f"^({Field.LANGUAGE.value}|{Field.LANGUAGES.value})$")
"""The selects that ask for languages: of a case, and of a program's settings."""

SUBMISSIONS: dict[Modal, Submitted] = {
    Modal.CALLING_NOW: lambda unit, act, number, entered, _: desk.calling_after_all(
        unit, act, number, asked_for_time=read.ticked(entered, Field.ASKED_FOR_TIME)
    ),
    Modal.LOG_OUTCOME: lambda unit, act, number, entered, _: desk.log_outcome(
        unit,
        act,
        number,
        OutcomeForm(
            read.choice(entered, Field.DISPOSITION),
            read.text(entered, Field.NOTE),
            read.ticked(entered, Field.WITHDRAWN),
            read.close_form(entered),
            read.promise_form(entered),
        ),
    ),
    Modal.COMPLETE: lambda unit, act, number, entered, _: desk.complete(
        unit, act, number, read.close_form(entered)
    ),
    Modal.RESCHEDULE: lambda unit, act, number, entered, _: desk.reschedule(
        unit, act, number, read.promise_form(entered), read.choice(entered, Field.WANTED_BY)
    ),
    Modal.HAND_OVER: lambda unit, act, number, entered, who_is: desk.hand_over(
        unit, act, number, who_is(read.user(entered, Field.RECEIVER)), read.text(entered, Field.NOTE)
    ),
    Modal.RELEASE: lambda unit, act, number, entered, _: desk.release(
        unit, act, number, read.text(entered, Field.REASON)
    ),
    Modal.ESCALATE_FURTHER: lambda unit, act, number, entered, who_is: desk.escalate_further(
        unit,
        act,
        number,
        FurtherForm(
            who_is(read.user(entered, Field.REVIEWER)),
            read.department(entered),
            read.promise_form(entered),
            read.text(entered, Field.CONTACT),
            read.text(entered, Field.REASON),
        ),
    ),
    Modal.ADD_NOTE: lambda unit, act, number, entered, _: desk.add_note(
        unit, act, number, read.text(entered, Field.NOTE)
    ),
    Modal.SIGN_OFF: lambda unit, act, number, entered, _: desk.sign_off(
        unit, act, number, read.close_form(entered)
    ),
    Modal.GRANT_ATTEMPT: lambda unit, act, number, entered, _: desk.grant_attempt(
        unit, act, number, read.promise_form(entered)
    ),
    Modal.REOPEN: lambda unit, act, number, entered, _: desk.reopen(
        unit, act, number, read.promise_form(entered), read.text(entered, Field.REASON)
    ),
}


def register(app: AsyncApp, front: Front) -> None:
    here = [front.admitted]

    @app.view(Modal.ESCALATE, matchers=here)
    async def raised(ack: Ack, view: Body, context: dict[str, Any]) -> Any:
        visit: Visit = context["visit"]
        return await ack(**await answer(front, view, visit, _raise(front, view, visit)))

    async def ours(body: Body) -> bool:
        return not front.guard.is_strange(body)

    @app.options(LANGUAGE_FIELDS, matchers=[ours])
    async def languages(ack: Ack, body: Body) -> Any:
        number = read_metadata(body["view"]["private_metadata"]).get("program")
        program = next((one for one in front.programs() if one.id == number), None)
        return await ack(options=modals.languages(str(body.get("value") or ""), program))

    for modal, submitted in SUBMISSIONS.items():
        _register_move(app, front, modal, submitted)


def _register_move(app: AsyncApp, front: Front, modal: Modal, submitted: Submitted) -> None:
    @app.view(modal, matchers=[front.admitted])
    async def moved(ack: Ack, view: Body, context: dict[str, Any]) -> Any:
        visit: Visit = context["visit"]
        return await ack(**await answer(front, view, visit, _move(front, view, visit, submitted)))


async def _raise(front: Front, view: Body, visit: Visit) -> dict[str, Any]:
    entered = values(view)
    act, form = front.act(visit, f"view:{view['id']}"), read.escalation_form(entered)
    second = read.ticked(entered, Field.SECOND_CASE)
    knows = bool(read_metadata(view["private_metadata"]).get("knows_superior"))
    may_lead = partial(front.directory.may_lead, front.programs())
    try:
        result = await front.store.write(desk.raise_case, act, form, may_lead, second=second)
    except FieldErrors as error:
        if not knows or error.errors.keys() != {Field.SUPERIOR}:
            raise
        # The superior left after the form was opened without asking for one: now it asks.
        fresh = modals.escalate(visit.program, act.now, form, knows_superior=False)
        return {"response_action": "update", "view": proposal.carried(view, fresh)}
    if not isinstance(result, OpenAlready):
        return {}
    already = await front.store.ask(linked, result.cases)
    fresh = modals.escalate(visit.program, act.now, form, knows_superior=knows, already_open=already)
    return {"response_action": "update", "view": proposal.carried(view, fresh)}


async def _move(front: Front, view: Body, visit: Visit, submitted: Submitted) -> dict[str, Any]:
    act, entered = front.act(visit, f"view:{view['id']}"), values(view)

    def who_is(user: str | None) -> Person | None:
        return front.directory.person(visit.program, user) if user else None

    number = case_of(view)
    await front.store.write(submitted, act, number, entered, who_is)
    return {}


async def answer(front: Front, view: Body, visit: Visit, doing: Any) -> dict[str, Any]:
    """The ack: nothing (the modal closes), the mistakes at their fields, or the sentence that says why not."""
    try:
        answered: dict[str, Any] = await doing
    except FieldErrors as error:
        return answer_to(error, view)
    except Exception as error:  # noqa: BLE001 - sentence_for logs it
        title = str(view["title"]["text"])
        sentence = sentence_for(error, title)
        if isinstance(error, DeskError) or not (inputs := shown_inputs(view)):
            return {"response_action": "update", "view": modals.problem(sentence, title)}
        # Whatever broke, the form stays with all that was typed: the customer may still be on the line.
        return {"response_action": "errors", "errors": {inputs[0]: sentence}}
    front.changed(visit.program)
    return answered
