"""Menus: what people choose from. Selects and multi-selects, overflow, checkboxes, radio buttons.

Source: https://docs.slack.dev/reference/block-kit/block-elements (each element's own page).
"""

from __future__ import annotations

from sandbox.blockkit.interactive import (
    CONFIRMED,
    FOCUSED,
    IDS,
    MANY,
    MENU,
    element_shape,
    response_url_enabled,
)
from sandbox.blockkit.limits import limit, most
from sandbox.blockkit.objects import (
    CONVERSATION_FILTER,
    LINK_OPTION,
    MENU_FIELDS,
    MENU_RULES,
    MRKDWN_OPTION,
    PLAIN_OPTION,
    initial_among_options,
    no_more_than_selectable,
)
from sandbox.blockkit.walk import Check, array, boolean, integer, string

OVERFLOW = element_shape(
    CONFIRMED
    | {"options": array(LINK_OPTION, most("overflow.options"), limit("overflow.options", "min_items"))},
    required=("options",),
)

CHECKBOXES = element_shape(
    CONFIRMED
    | FOCUSED
    | {
        "options": array(MRKDWN_OPTION, most("checkboxes.options"), limit("checkboxes.options", "min_items")),
        "initial_options": array(MRKDWN_OPTION),
    },
    required=("options",),
    rules=(initial_among_options("initial_options"),),
)

RADIO_BUTTONS = element_shape(
    CONFIRMED
    | FOCUSED
    | {
        "options": array(
            MRKDWN_OPTION, most("radio_buttons.options"), limit("radio_buttons.options", "min_items")
        ),
        "initial_option": MRKDWN_OPTION,
    },
    required=("options",),
    rules=(initial_among_options("initial_option"),),
)

SELECTS: dict[str, Check] = {
    "static_select": element_shape(
        MENU | MENU_FIELDS | {"initial_option": PLAIN_OPTION},
        rules=(*MENU_RULES, initial_among_options("initial_option")),
    ),
    "external_select": element_shape(
        MENU | {"initial_option": PLAIN_OPTION, "min_query_length": integer(0)},
    ),
    "users_select": element_shape(MENU | {"initial_user": string(shortest=1)}),
    "conversations_select": element_shape(
        MENU
        | {
            "initial_conversation": string(shortest=1),
            "default_to_current_conversation": boolean,
            "response_url_enabled": response_url_enabled,
            "filter": CONVERSATION_FILTER,
        }
    ),
    "channels_select": element_shape(
        MENU | {"initial_channel": string(shortest=1), "response_url_enabled": response_url_enabled}
    ),
}

MULTI_SELECTS: dict[str, Check] = {
    "multi_static_select": element_shape(
        MENU | MANY | MENU_FIELDS | {"initial_options": array(PLAIN_OPTION)},
        rules=(
            *MENU_RULES,
            initial_among_options("initial_options"),
            no_more_than_selectable("initial_options"),
        ),
    ),
    "multi_external_select": element_shape(
        MENU
        | MANY
        | {
            "initial_options": array(PLAIN_OPTION, least=1),
            "min_query_length": integer(0),
        },
        rules=(no_more_than_selectable("initial_options"),),
    ),
    "multi_users_select": element_shape(
        MENU | MANY | {"initial_users": IDS}, rules=(no_more_than_selectable("initial_users"),)
    ),
    "multi_conversations_select": element_shape(
        MENU
        | MANY
        | {
            "initial_conversations": IDS,
            "default_to_current_conversation": boolean,
            "filter": CONVERSATION_FILTER,
        },
        rules=(no_more_than_selectable("initial_conversations"),),
    ),
    "multi_channels_select": element_shape(
        MENU | MANY | {"initial_channels": IDS}, rules=(no_more_than_selectable("initial_channels"),)
    ),
}
