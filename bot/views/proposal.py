"""A form that proposes the next free time in place of one at which no calls are made.

The form is the one that was sent, whatever it is: only its date and time change. They get new block ids, so that Slack
shows what they are preset to; under all other ids it keeps what was typed. A new id tells what was agreed before:
`time:2:21:00`, the second proposal of this form, in place of 21:00.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.views import blocks
from bot.views.inputs import ASKED_FOR_TIME
from bot.views.message import Json
from cases.fields import Field
from cases.forms import OutsideHours
from cases.mrkdwn import inline

Shown = Mapping[str, Any]
"""A modal as Slack tells it."""

WARNING = "proposal"
"""The block above date and time that says what was changed."""

INITIAL = {Field.DATE: ("initial_date", "selected_date"), Field.TIME: ("initial_time", "selected_time")}
"""How an element presets its value, and how Slack tells it."""

KEPT = ("type", "title", "submit", "close", "callback_id", "private_metadata")


def field_id(block_id: str) -> str:
    """The field that a block stands for, whichever proposal it belongs to."""
    return block_id.partition(":")[0]


def proposing(view: Shown, refused: OutsideHours) -> Json | None:
    """The form with the next free time; None where it asks for no time."""
    shown = [block for block in view["blocks"] if block["block_id"] != WARNING]
    count = 1 + max((_count(block["block_id"]) for block in shown), default=0)
    fresh: list[Json] = []
    for block in shown:
        field = _field(block)
        if field is None:
            fresh.append(block)
            continue
        if field is Field.DATE:
            fresh.append(_warning(refused))
        agreed, free = (_entry(field, moment) for moment in (refused.agreed, refused.free))
        element = {**block["element"], INITIAL[field][0]: free}
        fresh.append({**block, "block_id": f"{field.value}:{count}:{agreed}", "element": element})
    return {**_frame(view), "blocks": fresh} if len(fresh) > len(shown) else None


def carried(view: Shown, redrawn: Json) -> Json:
    """The form after a choice that redraws it: a proposal stays as it is, where date and time are still asked for."""
    mine = {_field(block): block for block in view["blocks"] if _count(block["block_id"])}
    warning = [block for block in view["blocks"] if block["block_id"] == WARNING]
    fresh: list[Json] = []
    for block in redrawn["blocks"]:
        kept = mine.get(_field(block)) if _field(block) else None
        if kept is not None and _field(block) is Field.DATE:
            fresh += warning
        fresh.append(kept or block)
    return {**redrawn, "blocks": fresh}


def entered(view: Shown) -> dict[str, Mapping[str, Any]]:
    """What stands in a form's inputs, by field.

    *Customer asked for this time*, ticked beside an untouched proposal, means the time that was agreed before.
    """
    state: Mapping[str, Mapping[str, Any]] = view["state"]["values"]
    found = {field_id(block_id): inputs for block_id, inputs in state.items()}
    proposed = [block for block in view["blocks"] if _count(block["block_id"]) and _field(block)]
    ticked = found.get(Field.ASKED_FOR_TIME.value, {}).get(Field.ASKED_FOR_TIME.value, {})
    if ticked.get("selected_options") and all(_untouched(block, state) for block in proposed):
        for block in proposed:
            field = Field(field_id(block["block_id"]))
            agreed = block["block_id"].split(":", 2)[2]
            found[field.value] = {field.value: {INITIAL[field][1]: agreed}}
    return found


def _warning(refused: OutsideHours) -> Json:
    agreed, free = refused.agreed, refused.free
    sentence = (
        f":warning: *{inline(refused.closed.why)}* The form now shows the next free time, {free:%H:%M on %a %d %b}. "
        f"To keep {agreed:%H:%M on %a %d %b}, tick “{ASKED_FOR_TIME}”."
    )
    return {**blocks.context(sentence).to_dict(), "block_id": WARNING}


def _entry(field: Field, moment: Any) -> str:
    return f"{moment:%Y-%m-%d}" if field is Field.DATE else f"{moment:%H:%M}"


def _field(block: Shown) -> Field | None:
    """Date or time, where the block asks for it."""
    name = field_id(str(block.get("block_id")))
    return next((field for field in INITIAL if field.value == name), None)


def _count(block_id: str) -> int:
    """Which proposal a block belongs to; 0 where it is as the form began."""
    number = block_id.split(":")[1:2]
    return int(number[0]) if number and number[0].isdecimal() else 0


def _untouched(block: Shown, state: Mapping[str, Mapping[str, Any]]) -> bool:
    field = Field(field_id(block["block_id"]))
    preset, told = INITIAL[field]
    now = state.get(block["block_id"], {}).get(field.value, {}).get(told)
    return bool(now == block["element"].get(preset))


def _frame(view: Shown) -> Json:
    return {name: view[name] for name in KEPT if view.get(name)}
