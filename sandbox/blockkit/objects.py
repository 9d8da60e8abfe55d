"""Composition objects: texts, options, confirmation dialogs and other parts of blocks and elements.

Source: https://docs.slack.dev/reference/block-kit/composition-objects
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sandbox.blockkit.limits import limit, longest, most
from sandbox.blockkit.walk import (
    Check,
    Json,
    Rule,
    Shape,
    Walk,
    anything,
    array,
    boolean,
    either,
    enum,
    not_both,
    string,
    typed,
)

_LONGEST_TEXT = longest("text")


def plain(most_characters: int = _LONGEST_TEXT, shortest: int = 1) -> Check:
    """A text object that must be ``plain_text``."""
    return typed({"plain_text": _plain_shape(most_characters, shortest)})


def text(most_characters: int = _LONGEST_TEXT, shortest: int = 1) -> Check:
    """A text object of either type."""
    return typed(
        {
            "plain_text": _plain_shape(most_characters, shortest),
            "mrkdwn": Shape(
                {"type": anything, "text": string(most_characters, shortest), "verbatim": boolean},
                required=("text",),
            ),
        }
    )


def _plain_shape(most_characters: int, shortest: int) -> Shape:
    return Shape(
        {"type": anything, "text": string(most_characters, shortest), "emoji": boolean}, required=("text",)
    )


STYLE = enum("primary", "danger")
"""The colours of a button and of a confirmation's button."""

CONFIRM = Shape(
    {
        "title": plain(longest("confirmation.title")),
        "text": text(longest("confirmation.text")),
        "confirm": plain(longest("confirmation.confirm")),
        "deny": plain(longest("confirmation.deny")),
        "style": STYLE,
    },
    required=("title", "text", "confirm", "deny"),
)

SLACK_FILE = Shape({"id": string(shortest=1), "url": string(shortest=1)}, rules=(either("id", "url"),))

WORKFLOW = Shape(
    {
        "trigger": Shape(
            {
                "url": string(shortest=1),
                "customizable_input_parameters": array(
                    Shape({"name": string(shortest=1), "value": anything}, required=("name", "value"))
                ),
            },
            required=("url",),
        )
    },
    required=("trigger",),
)

CONVERSATION_FILTER = Shape(
    {
        "include": array(enum("im", "mpim", "private", "public"), least=1),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    }
)

DISPATCH_CONFIG = Shape(
    {"trigger_actions_on": array(enum("on_enter_pressed", "on_character_entered"), least=1)}
)


def option(label: Check, *, url: bool = False) -> Shape:
    """An option; ``label`` checks its text and description, ``url`` is for overflow menus only."""
    fields: dict[str, Check] = {
        "text": label,
        "value": string(longest("option.value"), shortest=1),
        "description": label,
    }
    if url:
        fields["url"] = string(longest("option.url"))
    return Shape(fields, required=("text", "value"))


PLAIN_OPTION = option(plain(longest("option.text")))
"""An option of a select menu."""

MRKDWN_OPTION = option(text(longest("option.text")))
"""An option of checkboxes or radio buttons: the only ones whose text may be mrkdwn."""

LINK_OPTION = option(plain(longest("option.text")), url=True)
"""An entry of an overflow menu."""

OPTION_GROUP = Shape(
    {
        "label": plain(longest("option_group.label")),
        "options": array(
            PLAIN_OPTION, most("option_group.options"), limit("option_group.options", "min_items")
        ),
    },
    required=("label", "options"),
)

MENU_FIELDS: dict[str, Check] = {
    "options": array(PLAIN_OPTION, most("select.options"), 1),
    "option_groups": array(OPTION_GROUP, most("select.option_groups"), 1),
}
MENU_RULES: tuple[Rule, ...] = (either("options", "option_groups"), not_both("options", "option_groups"))


def options_of(element: Json) -> Iterator[Json]:
    """Every option of a menu, checkboxes or radio buttons, those within groups too."""
    yield from element.get("options", ())
    for group in element.get("option_groups", ()):
        yield from group.get("options", ())


def same_option(one: Json, other: Json) -> bool:
    """Whether two options are the same to Slack: text, value and description, whatever ``emoji`` says."""
    return _option_key(one) == _option_key(other)


def _option_key(entry: Json) -> tuple[Any, ...]:
    label, description = entry["text"], entry.get("description")
    return (
        label["type"],
        label["text"],
        entry["value"],
        None if description is None else description["text"],
    )


def initial_among_options(field: str) -> Rule:
    """``initial_option`` or ``initial_options`` must be among the options, and not an empty list."""

    def rule(walk: Walk, element: Json, at: str) -> None:
        if field not in element:
            return
        chosen = element[field] if isinstance(element[field], list) else [element[field]]
        known = list(options_of(element))
        if not chosen or not all(any(same_option(one, entry) for entry in known) for one in chosen):
            walk.add("must be one of the provided options", f"{at}/{field}")

    return rule


def no_more_than_selectable(field: str) -> Rule:
    """The initial choices must fit into ``max_selected_items``."""

    def rule(walk: Walk, element: Json, at: str) -> None:
        allowed = element.get("max_selected_items")
        if allowed is not None and len(element.get(field, ())) > allowed:
            walk.add(f"no more than {allowed} items allowed", f"{at}/{field}")

    return rule
