"""What is typed and chosen in a view: Slack's ``state.values``, from the first value to submission.

Rules: https://docs.slack.dev/surfaces/modals (typed values survive an update where ``block_id`` and
``action_id`` stay the same) and what Slack's clients refuse before they send anything.
A view (or a message with inputs) is the dict with its ``blocks``, whose ids have all been filled in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from sandbox.blockkit.inputs import KINDS, entry_for, initial_entry, value_in

Json = dict[str, Any]
State = dict[str, dict[str, Json]]

REQUIRED = "Please complete this required field."


def elements(shown: Json) -> Iterator[tuple[str, Json]]:
    """Every element of a view or message that people can use, with the id of its block."""
    yield from _elements_in(shown.get("blocks") or ())


def _elements_in(blocks: Any) -> Iterator[tuple[str, Json]]:
    for block in blocks:
        block_id = block.get("block_id", "")
        match block.get("type"):
            case "input":
                yield block_id, block["element"]
            case "section" if "accessory" in block:
                yield block_id, block["accessory"]
            case "actions" | "context_actions":
                yield from ((block_id, element) for element in block["elements"])
            case "card":
                yield from ((block_id, element) for element in block.get("actions", ()))
            case "carousel":
                yield from _elements_in(block["elements"])
            case "container":
                yield from _elements_in(block["child_blocks"])


def element(shown: Json, block_id: str, action_id: str) -> Json | None:
    """The element of a view or message with these ids, or None."""
    for found_in, found in elements(shown):
        if found_in == block_id and found.get("action_id") == action_id:
            return found
    return None


def initial_state(view: Json, now: datetime | None = None) -> State:
    """The state of a view that nobody has touched. Slack fills in nothing that depends on ``now``."""
    state: State = {}
    for block_id, found in elements(view):
        if found["type"] in KINDS:
            state.setdefault(block_id, {})[found["action_id"]] = deepcopy(initial_entry(found))
    return state


def set_value(view: Json, state: State, block_id: str, action_id: str, value: object) -> Json:
    """Type or choose a value: changes ``state`` and answers the new entry.

    ``value`` is an option's value (a list of them where several may be chosen), a date, a time, text, an id, or
    None to clear. Raises ValueError, with a sentence, when that element can't take it or isn't there.
    """
    found = element(view, block_id, action_id)
    if found is None:
        there = ", ".join(f"{block}/{one.get('action_id')}" for block, one in elements(view)) or "none"
        raise ValueError(f"there is no element {block_id}/{action_id}; those here: {there}")
    entry = deepcopy(entry_for(found, value))
    state.setdefault(block_id, {})[action_id] = entry
    return entry


def carry_over(old_view: Json, old_state: State, new_view: Json, now: datetime | None = None) -> State:
    """The state of a view after an update.

    What was there stays where block id, action id and type are the same and the element still takes it, even
    if it was empty: a new initial value does not show then. That surprises people, but it is what Slack does
    (https://github.com/slackapi/bolt-python/issues/572); bots give the block a new id to have it shown.
    """
    state = initial_state(new_view, now)
    for block_id, found in elements(new_view):
        entry = old_state.get(block_id, {}).get(found.get("action_id", ""))
        before = element(old_view, block_id, found.get("action_id", ""))
        if entry is None or before is None or before["type"] != found["type"]:
            continue
        try:
            kept = entry_for(found, value_in(entry))
        except ValueError:
            continue  # an option that is no longer offered: the new view's own first value stands
        state[block_id][found["action_id"]] = deepcopy(kept)
    return state


def client_errors(view: Json, state: State) -> dict[str, str]:
    """What Slack's own client says at submission, by block id, before the app hears of it."""
    errors = {}
    for block in view.get("blocks") or ():
        if block.get("type") != "input":
            continue
        found = block["element"]
        entry = state.get(block["block_id"], {}).get(found["action_id"]) or initial_entry(found)
        if problem := _problem(found, value_in(entry), optional=bool(block.get("optional"))):
            errors[block["block_id"]] = problem
    return errors


def _problem(found: Json, value: Any, *, optional: bool) -> str | None:
    if value is None or value == [] or (isinstance(value, str) and not value.strip()):
        return None if optional else REQUIRED
    match found["type"]:
        case "plain_text_input":
            return _length(found, value)
        case "number_input":
            return _number(found, value)
        case "email_text_input" if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value):
            return "Please enter a valid email address."
        case "url_text_input" if not re.fullmatch(r"[a-z][a-z0-9+.-]*://\S+", value, re.IGNORECASE):
            return "Please enter a valid URL."
        case "file_input" if len(value) > found.get("max_files", 10):
            return f"Please choose no more than {found.get('max_files', 10)} files."
    most = found.get("max_selected_items")
    if most is not None and len(value) > most:
        return f"Please choose no more than {most} {'item' if most == 1 else 'items'}."
    return None


def _length(found: Json, value: str) -> str | None:
    shortest, longest = found.get("min_length", 0), found.get("max_length", 3000)
    if len(value) < shortest:
        return f"Please enter at least {shortest} characters."
    if len(value) > longest:
        return f"Please enter no more than {longest} characters."
    return None


def _number(found: Json, value: str) -> str | None:
    decimals = found["is_decimal_allowed"]
    try:
        number = Decimal(value)
    except InvalidOperation:
        return "Please enter a number."
    if not number.is_finite():
        return "Please enter a number."
    if not decimals and number != number.to_integral_value():
        return "Please enter a whole number."
    if "min_value" in found and number < Decimal(found["min_value"]):
        return f"Please enter a number of at least {found['min_value']}."
    if "max_value" in found and number > Decimal(found["max_value"]):
        return f"Please enter a number of no more than {found['max_value']}."
    return None
