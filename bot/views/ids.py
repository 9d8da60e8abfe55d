"""The ids by which Slack says what was clicked, chosen or submitted. Values carry case numbers only.

What comes back is read here, too. It was drawn by this bot, or an older one, or forged: whatever it may not hold raises
OutOfUse.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

from cases.errors import OutOfUse
from cases.fields import Field
from cases.lifecycle import Click, Combined, Move

SHORTCUT_ESCALATE = "escalate_this"
"""The message shortcut *Escalate this*."""

NEXT_TIER = "next_tier"
"""The choice of *Escalate to* that means the managers; any other value is a department's name."""


_NUMBER = re.compile(r"[1-9][0-9]{0,8}")
"""Numbers of cases and what else is counted: as long as every database takes."""

E = TypeVar("E", bound=StrEnum)


class Action(StrEnum):
    """Action ids: a button per move, the overflow menu, a link, and the inputs that redraw their form."""

    CLAIM = f"case_{Move.CLAIM.value}"
    CLAIM_AND_CALL = f"case_{Combined.CLAIM_AND_CALL.value}"
    CALLING_NOW = f"case_{Move.CALLING_NOW.value}"
    LOG_OUTCOME = f"case_{Move.LOG_OUTCOME.value}"
    RESCHEDULE = f"case_{Move.RESCHEDULE.value}"
    HAND_OVER = f"case_{Move.HAND_OVER.value}"
    RELEASE = f"case_{Move.RELEASE.value}"
    TAKE_OVER = f"case_{Move.TAKE_OVER.value}"
    ESCALATE_FURTHER = f"case_{Move.ESCALATE_FURTHER.value}"
    ADD_NOTE = f"case_{Move.ADD_NOTE.value}"
    SHOW_NUMBER = f"case_{Move.SHOW_NUMBER.value}"
    COMPLETE = f"case_{Move.COMPLETE.value}"
    SIGN_OFF = f"case_{Move.SIGN_OFF.value}"
    GRANT_ATTEMPT = f"case_{Move.GRANT_ATTEMPT.value}"
    REOPEN = f"case_{Move.REOPEN.value}"

    MORE = "case_more"
    OPEN_CARD = "open_card"

    SETTINGS_SECTION = "settings_section"
    SETTINGS_ADD = "settings_add"
    SETTINGS_EDIT = "settings_edit"
    SETTINGS_REMOVE = "settings_remove"
    SET_UP = "set_up"
    NOT_NOW = "not_now"

    CUSTOMER_IS = Field.CUSTOMER_IS.value
    DISPOSITION = Field.DISPOSITION.value
    OUTCOME = Field.OUTCOME.value
    WITHDRAWN = Field.WITHDRAWN.value

    GIVE_FEEDBACK = "feedback_give"
    READ_FEEDBACK = "feedback_read"
    CHOOSE_PROGRAM = "choose_program"
    EXPORT = "export"

    SHIFT_HAND_OVER = "shift_hand_over"
    SHIFT_STAY = "shift_stay"


class Modal(StrEnum):
    """Callback ids of the modals; those of a move bear its value."""

    ESCALATE = "escalate"
    CALLING_NOW = Move.CALLING_NOW.value
    LOG_OUTCOME = Move.LOG_OUTCOME.value
    RESCHEDULE = Move.RESCHEDULE.value
    HAND_OVER = Move.HAND_OVER.value
    RELEASE = Move.RELEASE.value
    ESCALATE_FURTHER = Move.ESCALATE_FURTHER.value
    ADD_NOTE = Move.ADD_NOTE.value
    COMPLETE = Move.COMPLETE.value
    SIGN_OFF = Move.SIGN_OFF.value
    GRANT_ATTEMPT = Move.GRANT_ATTEMPT.value
    REOPEN = Move.REOPEN.value
    HAND_OVER_SEVERAL = "hand_over_several"
    NUMBER = "number"
    FEEDBACK = "feedback"
    ACKNOWLEDGE = "acknowledge"
    SETTINGS = "settings"
    SETTINGS_LIST = "settings_list"
    SETTINGS_FORM = "settings_form"
    SET_UP = "set_up"


def action_of(click: Click) -> Action:
    """The button of a move, or of several at once."""
    return Action(f"case_{click.value}")


def click_of(action_id: str) -> Click:
    """What a button stands for."""
    if action_id == Action.CLAIM_AND_CALL:
        return Combined.CLAIM_AND_CALL
    return word_of(Move, word_of(Action, action_id).value.removeprefix("case_"))


def more_value(move: Move, case: int) -> str:
    """The value of an entry in the overflow menu."""
    return f"{move.value}:{case}"


def read_more(value: str) -> tuple[Move, int]:
    """The move and the case of an entry in the overflow menu."""
    name, _, number = value.partition(":")
    return word_of(Move, name), number_of(number)


def of_program(program: int, block_id: str) -> str:
    """The id of a block in App Home, where neither a channel nor metadata says which program a button belongs to."""
    return f"p{program}:{block_id}"


def program_of(block_id: str) -> int | None:
    """The program that a block of App Home belongs to; None for a block that names none."""
    program, found, _ = block_id.removeprefix("p").partition(":")
    return int(program) if found and _NUMBER.fullmatch(program) else None


def metadata(**values: object) -> str:
    """A modal's private metadata: ids only, never what somebody typed."""
    return json.dumps(values, separators=(",", ":"))


def read_metadata(private_metadata: str | None) -> dict[str, Any]:
    """What `metadata` wrote; empty where it is missing or not ours."""
    try:
        found = json.loads(private_metadata or "{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def kept(view: Mapping[str, Any], name: str) -> Any:
    """A piece of a modal's private metadata."""
    try:
        return read_metadata(view.get("private_metadata"))[name]
    except KeyError:
        raise OutOfUse from None


def case_of(view: Mapping[str, Any]) -> int:
    """The number of the case that a modal is about."""
    return number_of(kept(view, "case"))


def number_of(value: object) -> int:
    """A number that a button, a menu or a modal carries."""
    if isinstance(value, (int, str)) and _NUMBER.fullmatch(str(value)):
        return int(value)
    raise OutOfUse


def word_of(kind: type[E], value: object) -> E:
    """One of a list of words."""
    try:
        return kind(str(value))
    except ValueError:
        raise OutOfUse from None


def view_of(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The modal in which something was clicked."""
    view = body.get("view")
    if not isinstance(view, Mapping):
        raise OutOfUse
    return view


def value_of(action: Mapping[str, Any]) -> str:
    """What a button carries, or the entry that was chosen from a menu."""
    found = (action.get("selected_option") or action).get("value")
    if not isinstance(found, str):
        raise OutOfUse
    return found
