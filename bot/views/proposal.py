"""A form at whose time no calls are made: it says so at that field, and offers the next free time.

The form is the one that was sent, whatever it is, and all that was entered stays in it. Only a click on the offer puts the
free time in: date and time then get new block ids (`time:2`), so that Slack shows what they are preset to. Under all other
ids it keeps what was entered (https://docs.slack.dev/reference/views/modal-views).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from slack_sdk.models.blocks import Block

from bot.views import blocks, inputs
from bot.views.ids import Action
from bot.views.message import Json
from cases.errors import OutOfUse
from cases.fields import Field
from cases.forms import OutsideHours
from cases.mrkdwn import inline
from cases.times import clock_and_day

Shown = Mapping[str, Any]
"""A modal as Slack sends it."""

OFFER = "proposal"
"""The block below date and time that offers another one."""

INITIAL = {Field.DATE: ("initial_date", "selected_date"), Field.TIME: ("initial_time", "selected_time")}
"""How an element presets its value, and how Slack returns it."""

KEPT = ("type", "title", "submit", "close", "callback_id", "private_metadata")


def field_id(block_id: str) -> str:
    """The field that a block stands for, however often it was drawn."""
    return block_id.partition(":")[0]


def offer(refused: OutsideHours) -> Block:
    """Why nobody would call at the time entered, and a button with the next free one."""
    sentence = (
        f":warning: *{inline(refused.closed.why)}* Nobody calls at {clock_and_day(refused.agreed, refused.zone)}, unless "
        f"you tick “{inputs.ASKED_FOR_TIME}”."
    )
    free = refused.free
    return blocks.with_button(
        sentence,
        f"Use {clock_and_day(free, refused.zone)}",
        Action.USE_FREE_TIME,
        f"{free:%Y-%m-%dT%H:%M}",
        OFFER,
    )


def offering(view: Shown, refused: OutsideHours) -> Json | None:
    """The form with the offer; None where it is there already, or no time is asked for."""
    made = offer(refused).to_dict()
    fields = [field_id(str(block["block_id"])) for block in view["blocks"]]
    offered = [block for block in view["blocks"] if block["block_id"] == OFFER]
    if Field.TIME.value not in fields or any(_value(block) == _value(made) for block in offered):
        return None
    fresh: list[Json] = []
    for name, block in zip(fields, view["blocks"], strict=True):
        fresh += [] if name == OFFER else [block]
        if name == Field.TIME:
            fresh.append(made)
            if Field.ASKED_FOR_TIME.value not in fields:
                fresh.append(inputs.asked_for_time().to_dict())
    return {**_frame(view), "blocks": fresh}


def taken(view: Shown, free: str) -> Json:
    """The form with the time that was offered, as nobody's typing but a click put it there; raises OutOfUse."""
    try:
        moment = datetime.fromisoformat(free)
    except ValueError:
        raise OutOfUse from None
    again = turn(view) + 1
    fresh: list[Json] = []
    for block in view["blocks"]:
        field = _field(block)
        if field is not None:
            preset = f"{moment:%Y-%m-%d}" if field is Field.DATE else f"{moment:%H:%M}"
            element = {**block["element"], INITIAL[field][0]: preset}
            fresh.append({**block, "block_id": f"{field.value}:{again}", "element": element})
        elif block["block_id"] != OFFER:
            fresh.append(block)
    return {**_frame(view), "blocks": fresh}


def carried(view: Shown, redrawn: Json) -> Json:
    """The form after a choice that redraws it: a time that was taken stays, where date and time are still asked for, and
    so does an offer.
    """
    mine = {_field(block): block for block in view["blocks"] if _count(block)}
    offered = [block for block in view["blocks"] if block["block_id"] == OFFER]
    fresh: list[Json] = []
    for block in redrawn["blocks"]:
        field = _field(block)
        fresh.append(mine.get(field, block) if field else block)
        fresh += offered if field is Field.TIME else []
    return {**redrawn, "blocks": fresh}


def entered(view: Shown) -> dict[str, Mapping[str, Any]]:
    """What stands in a form's inputs, by field."""
    return {field_id(block_id): found for block_id, found in view["state"]["values"].items()}


def turn(view: Shown) -> int:
    """How often date and time have been preset again."""
    return max(map(_count, view["blocks"]), default=0)


def is_untouched(view: Shown) -> bool:
    """Whether date and time are as the form preset them when it was drawn."""
    values = view["state"]["values"]
    return all(
        values.get(block["block_id"], {}).get(field.value, {}).get(INITIAL[field][1])
        == block.get("element", {}).get(INITIAL[field][0])
        for block in view["blocks"]
        if (field := _field(block)) is not None
    )


def _value(block: Shown) -> Any:
    return block["accessory"]["value"]


def _field(block: Shown) -> Field | None:
    """Date or time, if the block asks for it."""
    name = field_id(str(block.get("block_id")))
    return next((field for field in INITIAL if field.value == name), None)


def _count(block: Shown) -> int:
    """How often a date or time has been preset again; 0 if it is the original form's."""
    number = str(block.get("block_id")).partition(":")[2]
    return int(number) if _field(block) and number.isdecimal() else 0


def _frame(view: Shown) -> Json:
    return {name: view[name] for name in KEPT if view.get(name)}
