"""The kinds of input elements: how Slack writes their values, and which values each can take.

The entries are those of ``state.values`` in Slack's payloads
(https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload), one per kind of element.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """How an element's value is kept: under which name, where its first value stands, and how one is read.

    ``many`` values are a list, an empty one when nothing is chosen; a single value is None then.
    """

    field: str
    initial: str
    read: Callable[[Json, object], Any]
    many: bool = False


def options_of(element: Json) -> Iterator[Json]:
    """Every option that an element offers, those in groups too."""
    yield from element.get("options", ())
    for group in element.get("option_groups", ()):
        yield from group["options"]


def name_of(element: Json) -> str:
    """How sentences call an element: by its type and action id."""
    return f"{element['type']} `{element.get('action_id')}`"


def _text(element: Json, value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError(f"{name_of(element)} takes text, not {value!r}")
    # Slack sends null, not an empty string, for a field that was emptied.
    return str(value) or None


def _rich_text(element: Json, value: object) -> Json:
    if isinstance(value, dict) and value.get("type") == "rich_text":
        return value
    if isinstance(value, str):
        section = {"type": "rich_text_section", "elements": [{"type": "text", "text": value}]}
        return {"type": "rich_text", "elements": [section]}
    raise ValueError(f"{name_of(element)} takes text or a rich_text block, not {value!r}")


def _option(element: Json, value: object) -> Json:
    wanted = value.get("value") if isinstance(value, dict) else value
    offered = list(options_of(element))
    for option in offered:
        if option["value"] == wanted:
            return option
    values = ", ".join(repr(option["value"]) for option in offered) or "nothing"
    raise ValueError(f"{name_of(element)} offers {values}, not {wanted!r}")


def _loaded_option(element: Json, value: object) -> Json:
    """An option of an external select: its options come from the app, so any will do."""
    if isinstance(value, dict) and {"text", "value"} <= value.keys():
        return value
    if isinstance(value, str) and value:
        return {"text": {"type": "plain_text", "text": value, "emoji": True}, "value": value}
    raise ValueError(f"{name_of(element)} takes an option or its value, not {value!r}")


def _id(first_letters: str, what: str) -> Callable[[Json, object], str]:
    form = re.compile(f"[{first_letters}][A-Z0-9]+")

    def read(element: Json, value: object) -> str:
        if isinstance(value, str) and form.fullmatch(value):
            return value
        raise ValueError(f"{name_of(element)} takes the id of a {what}, not {value!r}")

    return read


def _date(element: Json, value: object) -> str:
    sentence = f"{name_of(element)} takes a date such as 2026-11-24, not {value!r}"
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        raise ValueError(sentence)
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError as wrong:
        raise ValueError(sentence) from wrong


def _time(element: Json, value: object) -> str:
    if isinstance(value, str) and re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        return value
    raise ValueError(f"{name_of(element)} takes a time such as 09:30, not {value!r}")


def _moment(element: Json, value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and len(str(value)) == 10:
        return value
    raise ValueError(f"{name_of(element)} takes seconds since 1970, not {value!r}")


def _file(element: Json, value: object) -> Json:
    if isinstance(value, dict) and "id" in value:
        return value
    if isinstance(value, str) and value.startswith("F"):
        return {"id": value}
    raise ValueError(f"{name_of(element)} takes a file or its id, not {value!r}")


_USER = _id("UW", "user")
_CONVERSATION = _id("CDG", "conversation")
_CHANNEL = _id("C", "public channel")

KINDS: dict[str, Kind] = {
    "plain_text_input": Kind("value", "initial_value", _text),
    "email_text_input": Kind("value", "initial_value", _text),
    "url_text_input": Kind("value", "initial_value", _text),
    "number_input": Kind("value", "initial_value", _text),
    "rich_text_input": Kind("rich_text_value", "initial_value", _rich_text),
    "static_select": Kind("selected_option", "initial_option", _option),
    "external_select": Kind("selected_option", "initial_option", _loaded_option),
    "radio_buttons": Kind("selected_option", "initial_option", _option),
    "users_select": Kind("selected_user", "initial_user", _USER),
    "conversations_select": Kind("selected_conversation", "initial_conversation", _CONVERSATION),
    "channels_select": Kind("selected_channel", "initial_channel", _CHANNEL),
    "checkboxes": Kind("selected_options", "initial_options", _option, many=True),
    "multi_static_select": Kind("selected_options", "initial_options", _option, many=True),
    "multi_external_select": Kind("selected_options", "initial_options", _loaded_option, many=True),
    "multi_users_select": Kind("selected_users", "initial_users", _USER, many=True),
    "multi_conversations_select": Kind(
        "selected_conversations", "initial_conversations", _CONVERSATION, many=True
    ),
    "multi_channels_select": Kind("selected_channels", "initial_channels", _CHANNEL, many=True),
    "datepicker": Kind("selected_date", "initial_date", _date),
    "timepicker": Kind("selected_time", "initial_time", _time),
    "datetimepicker": Kind("selected_date_time", "initial_date_time", _moment),
    "file_input": Kind("files", "initial_files", _file, many=True),
}
"""Every element that has a value. Buttons, overflow menus and images have none."""


def entry_for(element: Json, value: object) -> Json:
    """Slack's entry for an element with a value (None: nothing typed or chosen).

    Raises ValueError, with a sentence, when the element can't take that value.
    """
    kind = KINDS.get(element["type"])
    if kind is None:
        raise ValueError(f"{name_of(element)} has no value to set: it can only be clicked")
    read: Any
    if kind.many:
        values = [] if value is None else value if isinstance(value, list | tuple) else [value]
        read = [kind.read(element, one) for one in values]
        read = [one for index, one in enumerate(read) if one not in read[:index]]
    else:
        if isinstance(value, list | tuple):
            raise ValueError(f"{name_of(element)} takes one value, not {len(value)}")
        read = None if value is None else kind.read(element, value)
    return {"type": element["type"], kind.field: read}


def value_in(entry: Json) -> Any:
    """What is typed or chosen according to an entry: None or an empty list where there is nothing."""
    return entry.get(KINDS[entry["type"]].field)


def initial_entry(element: Json) -> Json:
    """The entry of an element that nobody has touched.

    With an option that is the one of the options themselves, as Slack sends it; ids are taken as the app gave them.
    """
    kind = KINDS[element["type"]]
    initial = element.get(kind.initial)
    if initial is None or kind.read is _option:
        return entry_for(element, initial)
    return {"type": element["type"], kind.field: initial or None}
