"""Block Kit's rules beyond lengths: what may stand where, what must be there, and what must agree."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.blockkit import problems_in_message, problems_in_metadata, problems_in_view
from tests.sandbox_kit.kit import (
    actions,
    button,
    element,
    field,
    home,
    modal,
    mrkdwn,
    option,
    options,
    plain,
    section,
)

RICH = {
    "type": "rich_text",
    "elements": [
        {"type": "rich_text_section", "elements": [{"type": "text", "text": "bold", "style": {"bold": True}}]}
    ],
}
ALERT = {"type": "alert", "text": plain(), "level": "warning"}
TABLE = {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}
BARS = {
    "type": "data_visualization",
    "title": "Promise kept",
    "chart": {
        "type": "bar",
        "series": [{"name": "kept", "data": [{"label": "Mon", "value": 3}, {"label": "Tue", "value": -1.5}]}],
        "axis_config": {"categories": ["Mon", "Tue"], "y_label": "calls"},
    },
}

EVERY_INPUT: list[dict[str, Any]] = [
    element("plain_text_input", multiline=True, min_length=2, max_length=9, initial_value="ab"),
    element("email_text_input", initial_value="jane@example.test"),
    element("url_text_input", initial_value="https://example.test"),
    element("number_input", is_decimal_allowed=True, initial_value="2.5", min_value="1", max_value="3"),
    element("rich_text_input", initial_value=RICH),
    element("file_input", filetypes=["pdf"], max_files=10),
    element("static_select", options=options(2), initial_option=option("1")),
    element("static_select", option_groups=[{"label": plain(), "options": options(2)}]),
    element("external_select", min_query_length=2),
    element("users_select", initial_user="U0ANA"),
    element("conversations_select", filter={"include": ["public"], "exclude_bot_users": True}),
    element("channels_select", initial_channel="C0ASKBILL"),
    element("multi_static_select", options=options(3), initial_options=options(2), max_selected_items=2),
    element("multi_external_select", min_query_length=0),
    element("multi_users_select", initial_users=["U0ANA"]),
    element("multi_conversations_select", default_to_current_conversation=True),
    element("multi_channels_select", initial_channels=["C0ASKBILL"]),
    element(
        "checkboxes",
        options=[option("a", description=mrkdwn())],
        initial_options=[option("a", description=mrkdwn())],
    ),
    element("radio_buttons", options=options(2), initial_option=option("0")),
    element("datepicker", initial_date="2026-02-28", placeholder=plain("Pick a day")),
    element("timepicker", initial_time="23:59", timezone="Asia/Manila"),
    element("datetimepicker", initial_date_time=1628633820),
]


@pytest.mark.parametrize("inner", EVERY_INPUT, ids=lambda inner: inner["type"])
def test_every_kind_of_input_is_accepted_in_every_surface(inner: dict[str, Any]) -> None:
    assert problems_in_view(modal(field(inner))) == []
    assert problems_in_view(home(field(inner))) == []
    assert problems_in_message([field(inner)]) == []


def test_a_card_with_buttons_and_an_overflow_menu_is_in_order() -> None:
    blocks = [
        {"type": "header", "text": plain("Case 1")},
        section("Jane", fields=[mrkdwn("*When*")], accessory=element("overflow", options=options(5))),
        {
            "type": "context",
            "elements": [plain(), {"type": "image", "image_url": "https://x.test/a.png", "alt_text": "a"}],
        },
        {"type": "divider"},
        RICH,
        TABLE,
        BARS,
        actions(button(style="primary", value="1"), button(action_id="other", url="https://x.test")),
    ]

    assert problems_in_message(blocks) == []


REFUSED_IN_A_MESSAGE: list[tuple[str, Any, str]] = [
    ("unknown block", {"type": "sectoin"}, "unsupported type: sectoin [json-pointer:/blocks/0/type]"),
    ("no type", {"text": plain()}, "missing required field: type [json-pointer:/blocks/0]"),
    ("a string for a block", "hello", "must provide an object [json-pointer:/blocks/0]"),
    ("an alert, which is for modals", ALERT, "unsupported type: alert [json-pointer:/blocks/0/type]"),
    (
        "a file block, which can't be sent",
        {"type": "file", "external_id": "x", "source": "remote"},
        "unsupported type: file [json-pointer:/blocks/0/type]",
    ),
    (
        "an empty section",
        {"type": "section"},
        "must define either `text` or `fields` [json-pointer:/blocks/0]",
    ),
    ("an empty text", section(""), "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
    (
        "a header in mrkdwn",
        {"type": "header", "text": mrkdwn()},
        "unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]",
    ),
    (
        "an unknown field",
        section(colour="red"),
        "invalid additional property: colour [json-pointer:/blocks/0]",
    ),
    (
        "emoji in mrkdwn",
        {"type": "section", "text": {**mrkdwn(), "emoji": True}},
        "invalid additional property: emoji [json-pointer:/blocks/0/text]",
    ),
    (
        "a bare string for a text",
        {"type": "section", "text": "hello"},
        "must provide an object [json-pointer:/blocks/0/text]",
    ),
    (
        "a button in green",
        actions(button(style="green")),
        "must be a valid enum value [json-pointer:/blocks/0/elements/0/style]",
    ),
    (
        "a style that is null",
        actions(button(style=None)),
        "must provide a string [json-pointer:/blocks/0/elements/0/style]",
    ),
    (
        "a text field among actions",
        actions(element("plain_text_input")),
        "unsupported type: plain_text_input [json-pointer:/blocks/0/elements/0/type]",
    ),
    (
        "a button in an input block",
        field(button()),
        "unsupported type: button [json-pointer:/blocks/0/element/type]",
    ),
    (
        "two buttons of one action id",
        actions(button("A"), button("B")),
        '`action_id` "press" already exists [json-pointer:/blocks/0/elements/1/action_id]',
    ),
    (
        "no options at all",
        section(accessory=element("static_select")),
        "must define either `options` or `option_groups` [json-pointer:/blocks/0/accessory]",
    ),
    (
        "an initial option that isn't offered",
        section(accessory=element("static_select", options=options(2), initial_option=option("7"))),
        "must be one of the provided options [json-pointer:/blocks/0/accessory/initial_option]",
    ),
    (
        "an initial option with another text",
        section(accessory=element("radio_buttons", options=options(1), initial_option=option("0", "Zero"))),
        "must be one of the provided options [json-pointer:/blocks/0/accessory/initial_option]",
    ),
    (
        "an initial option that is null",
        section(accessory=element("static_select", options=options(2), initial_option=None)),
        "must provide an object [json-pointer:/blocks/0/accessory/initial_option]",
    ),
    (
        "an empty list of initial options",
        section(accessory=element("multi_static_select", options=options(2), initial_options=[])),
        "must be one of the provided options [json-pointer:/blocks/0/accessory/initial_options]",
    ),
    (
        "more initial options than may be chosen",
        section(
            accessory=element(
                "multi_static_select", options=options(2), initial_options=options(2), max_selected_items=1
            )
        ),
        "no more than 1 items allowed [json-pointer:/blocks/0/accessory/initial_options]",
    ),
    (
        "a link in a select",
        section(accessory=element("static_select", options=[option(url="https://x.test")])),
        "invalid additional property: url [json-pointer:/blocks/0/accessory/options/0]",
    ),
    (
        "a select option in mrkdwn",
        section(accessory=element("static_select", options=[{"text": mrkdwn(), "value": "a"}])),
        "unsupported type: mrkdwn [json-pointer:/blocks/0/accessory/options/0/text/type]",
    ),
    (
        "a day that isn't",
        section(accessory=element("datepicker", initial_date="2026-02-30")),
        "must be a valid date in the format YYYY-MM-DD [json-pointer:/blocks/0/accessory/initial_date]",
    ),
    (
        "half past twenty-four",
        section(accessory=element("timepicker", initial_time="24:30")),
        "must be a valid time in the format HH:mm [json-pointer:/blocks/0/accessory/initial_time]",
    ),
    (
        "a zone that isn't",
        section(accessory=element("timepicker", timezone="Asia/Cebu City")),
        "must be a valid IANA time zone [json-pointer:/blocks/0/accessory/timezone]",
    ),
    (
        "an unfinished confirmation",
        actions(button(confirm={"title": plain(), "text": mrkdwn(), "confirm": plain()})),
        "missing required field: deny [json-pointer:/blocks/0/elements/0/confirm]",
    ),
    (
        "an image without words",
        {"type": "image", "image_url": "https://x.test/a.png"},
        "missing required field: alt_text [json-pointer:/blocks/0]",
    ),
    (
        "a number field that says nothing of decimals",
        field(element("number_input")),
        "missing required field: is_decimal_allowed [json-pointer:/blocks/0/element]",
    ),
    (
        "a least above the greatest",
        field(element("number_input", is_decimal_allowed=False, min_value="3", max_value="2")),
        "must be less than or equal to `max_value` [json-pointer:/blocks/0/element/min_value]",
    ),
    (
        "a shortest above the longest",
        field(element("plain_text_input", min_length=3, max_length=2)),
        "must be less than or equal to `max_length` [json-pointer:/blocks/0/element/min_length]",
    ),
    (
        "a file that dispatches",
        field(element("file_input"), dispatch_action=True),
        "unsupported type: file_input [json-pointer:/blocks/0/element/type]",
    ),
    (
        "a chart without a point for a category",
        {**BARS, "chart": {**BARS["chart"], "axis_config": {"categories": ["Mon"]}}},  # type: ignore[dict-item]
        "must have one point for each of the categories [json-pointer:/blocks/0/chart/series/0/data]",
    ),
    (
        "an empty card",
        {"type": "card", "subtitle": plain()},
        "must define at least one of `hero_image`, `title`, `actions` or `body` [json-pointer:/blocks/0]",
    ),
]


@pytest.mark.parametrize(
    ("block", "problem"), [r[1:] for r in REFUSED_IN_A_MESSAGE], ids=[r[0] for r in REFUSED_IN_A_MESSAGE]
)
def test_slack_refuses(block: Any, problem: str) -> None:
    assert problems_in_message([block]) == [problem]


def test_block_ids_are_unique_in_a_message_and_action_ids_only_in_a_block() -> None:
    one = actions(button(), block_id="one")

    assert problems_in_message([one, {**one, "block_id": "two"}]) == []
    assert problems_in_message([one, one]) == [
        '`block_id` "one" already exists [json-pointer:/blocks/1/block_id]'
    ]


def test_blocks_must_be_a_list() -> None:
    assert problems_in_message({"blocks": []}) == ["must provide an array [json-pointer:/blocks]"]
    assert problems_in_message([]) == []


def test_one_table_is_enough_for_a_message() -> None:
    assert problems_in_message([TABLE, TABLE]) == [
        "only one table is allowed in a message [json-pointer:/blocks/1]"
    ]


def test_all_problems_are_told_at_once() -> None:
    assert len(problems_in_message([section(""), {"type": "header"}, {"type": "what"}])) == 3


def test_an_initial_option_may_leave_out_what_slack_adds() -> None:
    offered = {"text": {"type": "plain_text", "text": "Yes", "emoji": True}, "value": "y"}
    chosen = {"text": plain("Yes"), "value": "y"}
    select = element("static_select", options=[offered], initial_option=chosen)

    assert problems_in_message([section(accessory=select)]) == []


REFUSED_VIEWS: list[tuple[str, Any, list[str]]] = [
    ("no view", None, ["must provide an object [json-pointer:/view]"]),
    ("no type", {"blocks": []}, ["missing required field: type [json-pointer:/view]"]),
    ("a window", {"type": "window"}, ["unsupported type: window [json-pointer:/view/type]"]),
    (
        "no title",
        {"type": "modal", "blocks": [section()]},
        ["missing required field: title [json-pointer:/view]"],
    ),
    ("no blocks", modal(), ["must provide at least 1 items [json-pointer:/view/blocks]"]),
    (
        "an input without a submit button",
        {"type": "modal", "title": plain(), "blocks": [section(), field(element("datepicker"))]},
        ["must define `submit` to use an `input` block in modals [json-pointer:/view/blocks/1/input]"],
    ),
    (
        "a Home with a title",
        home(section(), title=plain()),
        ["invalid additional property: title [json-pointer:/view]"],
    ),
    ("an alert in Home", home(ALERT), ["unsupported type: alert [json-pointer:/view/blocks/0/type]"]),
    (
        "a chart in a modal",
        modal(BARS),
        ["unsupported type: data_visualization [json-pointer:/view/blocks/0/type]"],
    ),
    (
        "two fields with the focus",
        modal(
            field(element("datepicker", focus_on_load=True)),
            field(element("datepicker", focus_on_load=True), block_id="c"),
        ),
        [
            "only one element can have `focus_on_load` set to true"
            " [json-pointer:/view/blocks/1/element/focus_on_load]"
        ],
    ),
    (
        "a view as Slack sent it, sent back",
        modal(section(), hash="1.2", state={}),
        [
            "invalid additional property: hash [json-pointer:/view]",
            "invalid additional property: state [json-pointer:/view]",
        ],
    ),
]


@pytest.mark.parametrize(
    ("view", "problems"), [row[1:] for row in REFUSED_VIEWS], ids=[row[0] for row in REFUSED_VIEWS]
)
def test_slack_refuses_the_view(view: Any, problems: list[str]) -> None:
    assert problems_in_view(view) == problems


def test_views_may_hold_what_is_theirs() -> None:
    assert problems_in_view(modal(ALERT, notify_on_close=True, clear_on_close=False)) == []
    assert problems_in_view(home(field(element("datepicker")), private_metadata="{}")) == []
    assert problems_in_view(modal(field(element("conversations_select", response_url_enabled=True)))) == []


@pytest.mark.parametrize(
    "value", ["a", 1, 1.5, True, {"a": "b", "c": 1}, [{"a": 1}, {"b": True}], [], {}], ids=repr
)
def test_metadata_holds_what_slacks_types_allow(value: Any) -> None:
    assert problems_in_metadata({"event_type": "notice", "event_payload": {"x": value}}) == []


@pytest.mark.parametrize("value", [None, [1, 2], ["a"], [[{}]], {"a": {}}, {"a": [1]}, [{"a": []}]], ids=repr)
def test_metadata_holds_nothing_else(value: Any) -> None:
    """A list of numbers, say, which bundled pings once had."""
    (problem,) = {
        text.partition(" [")[0]
        for text in problems_in_metadata({"event_type": "a", "event_payload": {"x": value}})
    }
    assert problem in ("must provide an object", "must provide a string, a number or a boolean")


def test_metadata_is_an_event_type_and_an_object() -> None:
    assert problems_in_metadata({"event_type": "notice", "event_payload": {"id": 1}}) == []
    assert problems_in_metadata({"event_type": "notice"}) == [
        "missing required field: event_payload [json-pointer:/metadata]"
    ]
    assert problems_in_metadata({"event_type": "notice", "event_payload": [], "more": 1}) == [
        "must provide an object [json-pointer:/metadata/event_payload]",
        "invalid additional property: more [json-pointer:/metadata]",
    ]
