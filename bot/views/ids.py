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

from cases import moves
from cases.errors import OutOfUse
from cases.moves import Click
from cases.words import Word

SHORTCUT_ESCALATE = "escalate_this"
"""The message shortcut *Escalate this*."""


_NUMBER = re.compile(r"[1-9][0-9]{0,8}")
"""Numbers of cases and what else is counted: as long as every database takes."""

E = TypeVar("E", bound=StrEnum)


class Action(Word):
    """Action ids of what is clicked beside the buttons of moves; the label names what opens."""

    MORE = "case_more"
    OPEN_CARD = "open_card"

    SETTINGS_SECTION = "settings_section"
    SETTINGS_ADD = "settings_add"
    SETTINGS_EDIT = "settings_edit"
    SETTINGS_REMOVE = "settings_remove"
    SET_UP = "set_up"
    NOT_NOW = "not_now"

    GIVE_FEEDBACK = "feedback_give", "Give feedback"
    READ_FEEDBACK = "feedback_read", "Feedback"
    CHOOSE_PROGRAM = "choose_program"
    EXPORT = "export", "Export"

    SHIFT_HAND_OVER = "shift_hand_over", moves.hand_over.label
    SHIFT_STAY = "shift_stay", moves.stay.label


class Modal(StrEnum):
    """Callback ids of the modals that belong to no move."""

    SETTINGS = "settings"
    SETTINGS_LIST = "settings_list"
    SETTINGS_FORM = "settings_form"
    SET_UP = "set_up"


def action_of(click: Click) -> str:
    """The action id of a move's button, or of several moves' at once."""
    return f"case_{click.value}"


def more_value(move: Click, case: int) -> str:
    """The value of an entry in the overflow menu."""
    return f"{move.value}:{case}"


def read_more(value: str) -> tuple[str, str]:
    """The action id that an entry of the overflow menu stands for, and what its button would carry."""
    name, _, number = value.partition(":")
    return f"case_{name}", number


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
