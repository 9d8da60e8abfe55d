"""Modals that were submitted: committed before the ack, with every mistake shown at its field."""

from __future__ import annotations

import re
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.faces.face import Again, Face
from bot.faces.raising import languages
from bot.faces.registry import FORMS, the
from bot.listeners.clicks import any_of
from bot.listeners.front import Ack, Body, Front, answer_to, sentence_for, shown_inputs
from bot.listeners.guard import Visit
from bot.views import modals, proposal
from bot.views.ids import read_metadata
from cases.errors import FieldErrors, OutOfUse, Refusal
from cases.fields import Field
from cases.settings import Setting

LANGUAGE_FIELDS = re.compile(f"^({Field.LANGUAGE.value}|{Setting.LANGUAGES.value})$")
"""The selects that ask for languages: of a case, and of a program's settings."""


def register(app: AsyncApp, front: Front) -> None:
    @app.view(any_of(FORMS), matchers=[front.admitted])
    async def sent(ack: Ack, view: Body, context: dict[str, Any]) -> Any:
        visit: Visit = context["visit"]
        sending = _send(front, view, visit, the(FORMS, view["callback_id"]))
        return await ack(**await answer(front, view, visit, sending))

    async def ours(body: Body) -> bool:
        return not front.guard.is_strange(body)

    @app.options(LANGUAGE_FIELDS, matchers=[ours])
    async def offered(ack: Ack, body: Body) -> Any:
        number = read_metadata(body["view"]["private_metadata"]).get("program")
        program = next((one for one in front.programs() if one.id == number), None)
        return await ack(options=languages(str(body.get("value") or ""), program))


async def _send(front: Front, view: Body, visit: Visit, face: Face) -> dict[str, Any]:
    act = front.act(visit, f"view:{view['id']}")
    if face.sends is None:
        raise OutOfUse
    try:
        await front.store.write(face.sends, act, front.sent(visit, view))
    except Again as again:
        return {"response_action": "update", "view": proposal.carried(view, again.view)}
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
        if isinstance(error, Refusal) or not (inputs := shown_inputs(view)):
            return {"response_action": "update", "view": modals.problem(sentence, title)}
        # Whatever broke, the form stays with all that was typed: the customer may still be on the line.
        return {"response_action": "errors", "errors": {inputs[0]: sentence}}
    front.changed(visit.program)
    return answered
