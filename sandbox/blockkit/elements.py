"""Block elements: buttons, pickers and inputs, and which elements a block may hold.

Source: https://docs.slack.dev/reference/block-kit/block-elements (each element's own page).
"""

from __future__ import annotations

import zoneinfo
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache

from sandbox.blockkit.interactive import CONFIRMED, FOCUSED, MENU, TYPED, element_shape
from sandbox.blockkit.limits import limit, longest, most
from sandbox.blockkit.menus import CHECKBOXES, MULTI_SELECTS, OVERFLOW, RADIO_BUTTONS, SELECTS
from sandbox.blockkit.objects import CONFIRM, SLACK_FILE, STYLE, WORKFLOW, plain
from sandbox.blockkit.rich_text import RICH_TEXT
from sandbox.blockkit.walk import (
    Check,
    Json,
    Shape,
    Walk,
    anything,
    array,
    boolean,
    either,
    integer,
    matching,
    not_both,
    string,
    typed,
)


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


@cache
def _zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


DATE = matching(r"\d{4}-\d{2}-\d{2}", "a valid date in the format YYYY-MM-DD", _is_date)
TIME = matching(r"([01]\d|2[0-3]):[0-5]\d", "a valid time in the format HH:mm")
ZONE = matching(r".+", "a valid IANA time zone", lambda name: name in _zones())
_URL = matching(r"(?s)\S.*", "a valid URL")
_DECIMAL = matching(r"-?\d+(\.\d+)?", "a number as a string")


def _lengths_agree(walk: Walk, element: Json, at: str) -> None:
    shortest, most_characters = element.get("min_length"), element.get("max_length")
    if shortest is not None and most_characters is not None and shortest > most_characters:
        walk.add("must be less than or equal to `max_length`", f"{at}/min_length")
    if most_characters is not None and len(element.get("initial_value", "")) > most_characters:
        walk.add(f"must be less than {most_characters + 1} characters", f"{at}/initial_value")


def _numbers_agree(walk: Walk, element: Json, at: str) -> None:
    values: dict[str, Decimal] = {}
    for name in ("initial_value", "min_value", "max_value"):
        if name not in element:
            continue
        try:
            values[name] = Decimal(element[name])
        except InvalidOperation:
            walk.add("must be a number as a string", f"{at}/{name}")
            return
        if not element["is_decimal_allowed"] and values[name] != values[name].to_integral_value():
            walk.add("must be a whole number when `is_decimal_allowed` is false", f"{at}/{name}")
    least, greatest, initial = (values.get(name) for name in ("min_value", "max_value", "initial_value"))
    if least is not None and greatest is not None and least > greatest:
        walk.add("must be less than or equal to `max_value`", f"{at}/min_value")
    if initial is not None and (
        (least is not None and initial < least) or (greatest is not None and initial > greatest)
    ):
        walk.add("must be between `min_value` and `max_value`", f"{at}/initial_value")


BUTTON = element_shape(
    {
        "text": plain(longest("button.text")),
        "url": string(longest("button.url"), shortest=1),
        "value": string(longest("button.value")),
        "style": STYLE,
        "confirm": CONFIRM,
        "accessibility_label": string(longest("button.accessibility_label")),
    },
    required=("text",),
)

IMAGE = Shape(
    {
        "type": anything,
        "alt_text": string(longest("image.alt_text")),
        "image_url": string(longest("image.image_url"), shortest=1),
        "slack_file": SLACK_FILE,
    },
    required=("alt_text",),
    rules=(either("image_url", "slack_file"), not_both("image_url", "slack_file")),
)

_WORKFLOW_BUTTON = element_shape(
    {
        "text": plain(longest("button.text")),
        "workflow": WORKFLOW,
        "style": STYLE,
        "accessibility_label": string(longest("button.accessibility_label")),
    },
    required=("text", "workflow"),
)

_PICKERS: dict[str, Check] = {
    "datepicker": element_shape(MENU | {"initial_date": DATE}),
    "timepicker": element_shape(MENU | {"initial_time": TIME, "timezone": ZONE}),
}
_DATETIMEPICKER: dict[str, Check] = {
    "datetimepicker": element_shape(
        CONFIRMED | FOCUSED | {"initial_date_time": integer(1_000_000_000, 9_999_999_999)}
    )
}

_MOST_TYPED = limit("plain_text_input.max_length", "max")

_RICH_TEXT_INPUT: dict[str, Check] = {
    "rich_text_input": element_shape(
        TYPED | {"initial_value": RICH_TEXT, "min_lines": integer(1), "max_lines": integer(1)}
    )
}

_INPUTS: dict[str, Check] = {
    "plain_text_input": element_shape(
        TYPED
        | {
            "initial_value": string(_MOST_TYPED),
            "multiline": boolean,
            "min_length": integer(0, _MOST_TYPED),
            "max_length": integer(1, _MOST_TYPED),
        },
        rules=(_lengths_agree,),
    ),
    "email_text_input": element_shape(TYPED | {"initial_value": string()}),
    "url_text_input": element_shape(TYPED | {"initial_value": _URL}),
    "number_input": element_shape(
        TYPED
        | {
            "is_decimal_allowed": boolean,
            "initial_value": _DECIMAL,
            "min_value": _DECIMAL,
            "max_value": _DECIMAL,
        },
        required=("is_decimal_allowed",),
        rules=(_numbers_agree,),
    ),
    "file_input": element_shape(
        {
            "filetypes": array(string(shortest=1), least=1),
            "max_files": integer(limit("file_input.max_files", "min"), limit("file_input.max_files", "max")),
        }
    ),
}

_FEEDBACK_BUTTON = Shape(
    {
        "text": plain(longest("feedback_button.text")),
        "value": string(longest("feedback_button.value")),
        "accessibility_label": string(longest("feedback_button.accessibility_label")),
    },
    required=("text", "value"),
)

_CONTEXT_ACTIONS: dict[str, Check] = {
    "feedback_buttons": element_shape(
        {"positive_button": _FEEDBACK_BUTTON, "negative_button": _FEEDBACK_BUTTON},
        required=("positive_button", "negative_button"),
    ),
    "icon_button": element_shape(
        {
            "icon": string(shortest=1),
            "text": plain(longest("button.text")),
            "value": string(longest("button.value")),
            "confirm": CONFIRM,
            "accessibility_label": string(longest("button.accessibility_label")),
            "visible_to_user_ids": array(string(shortest=1), most("icon_button.visible_to_user_ids")),
        },
        required=("icon", "text"),
    ),
}

_COMMON: dict[str, Check] = {
    "checkboxes": CHECKBOXES,
    "radio_buttons": RADIO_BUTTONS,
    **SELECTS,
    **MULTI_SELECTS,
    **_PICKERS,
}
_PRESSED: dict[str, Check] = {
    "button": BUTTON,
    "overflow": OVERFLOW,
    "workflow_button": _WORKFLOW_BUTTON,
}

IN_ACTIONS = typed(_PRESSED | _COMMON | _DATETIMEPICKER | _RICH_TEXT_INPUT)
"""What an actions block may hold."""

IN_SECTION = typed(_PRESSED | _COMMON | {"image": IMAGE})
"""What may stand beside a section's text."""

IN_INPUT = typed(_COMMON | _DATETIMEPICKER | _INPUTS | _RICH_TEXT_INPUT)
"""What an input block may hold."""

IN_CONTEXT_ACTIONS = typed(_CONTEXT_ACTIONS)
"""What a context actions block may hold."""

CARD_BUTTON = typed({"button": BUTTON})
"""What may stand in a card's actions."""
