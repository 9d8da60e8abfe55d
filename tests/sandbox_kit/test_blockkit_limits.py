"""Each documented limit of Block Kit: the value at the limit passes, one beyond is refused, in Slack's words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.blockkit import problems_in_message, problems_in_view, too_long
from tests.sandbox_kit.kit import (
    actions,
    button,
    element,
    field,
    modal,
    mrkdwn,
    option,
    options,
    plain,
    section,
)

Make = Callable[[int], Any]


def _in_section(accessory: Make) -> Make:
    return lambda n: [section(accessory=accessory(n))]


def _in_actions(inner: Make) -> Make:
    return lambda n: [actions(inner(n))]


def _rows(count: int, columns: int = 1) -> list[Any]:
    return [[{"type": "raw_text", "text": "x"}] * columns for _ in range(count)]


def _pie(segments: list[Any], title: str = "t") -> list[Any]:
    return [{"type": "data_visualization", "title": title, "chart": {"type": "pie", "segments": segments}}]


def _confirm(**parts: Any) -> Any:
    dialog = {"title": plain(), "text": mrkdwn(), "confirm": plain("Yes"), "deny": plain("No"), **parts}
    return [actions(button(confirm=dialog))]


def _card(**parts: Any) -> Any:
    return [{"type": "card", "title": plain(), **parts}]


def _container(**parts: Any) -> Any:
    return [{"type": "container", "title": plain(), "child_blocks": [section()], **parts}]


def _feedback(**parts: Any) -> Any:
    good = {"text": plain("Good"), "value": "good", **parts}
    bad = {"text": plain("Bad"), "value": "bad"}
    both = element("feedback_buttons", positive_button=good, negative_button=bad)
    return [{"type": "context_actions", "elements": [both]}]


def _icon(**parts: Any) -> Any:
    icon = element("icon_button", icon="trash", text=plain("Delete"), **parts)
    return [{"type": "context_actions", "elements": [icon]}]


def _video(**parts: Any) -> Any:
    urls = {"video_url": "https://x.test/v", "thumbnail_url": "https://x.test/t"}
    return [{"type": "video", "title": plain(), "alt_text": "a", **urls, **parts}]


def _bars(series: int = 1, points: int = 1, name: str = "s", **axes: Any) -> Any:
    categories = [str(number) for number in range(points)]
    data = [{"label": label, "value": 1} for label in categories]
    lines = [{"name": name if series == 1 else str(number), "data": data} for number in range(series)]
    chart = {"type": "bar", "series": lines, "axis_config": {"categories": categories, **axes}}
    return [{"type": "data_visualization", "title": "t", "chart": chart}]


def _task(**source: Any) -> Any:
    sources = [{"type": "url", "url": "https://x.test", "text": "x", **source}]
    return [{"type": "task_card", "task_id": "1", "title": "t", "status": "pending", "sources": sources}]


CHARACTERS: list[tuple[str, int, str, Make]] = [
    ("section text", 3000, "/blocks/0/text/text", lambda n: [section("x" * n)]),
    (
        "section field",
        2000,
        "/blocks/0/fields/0/text",
        lambda n: [{"type": "section", "fields": [plain("x" * n)]}],
    ),
    ("header", 150, "/blocks/0/text/text", lambda n: [{"type": "header", "text": plain("x" * n)}]),
    ("block id", 255, "/blocks/0/block_id", lambda n: [{"type": "divider", "block_id": "x" * n}]),
    ("action id", 255, "/blocks/0/elements/0/action_id", _in_actions(lambda n: button(action_id="x" * n))),
    ("button label", 75, "/blocks/0/elements/0/text/text", _in_actions(lambda n: button("x" * n))),
    ("button value", 2000, "/blocks/0/elements/0/value", _in_actions(lambda n: button(value="x" * n))),
    ("button url", 3000, "/blocks/0/elements/0/url", _in_actions(lambda n: button(url="x" * n))),
    (
        "button's label for screen readers",
        75,
        "/blocks/0/elements/0/accessibility_label",
        _in_actions(lambda n: button(accessibility_label="x" * n)),
    ),
    (
        "option text",
        75,
        "/blocks/0/accessory/options/0/text/text",
        _in_section(lambda n: element("overflow", options=[option(text="x" * n)])),
    ),
    (
        "option value",
        150,
        "/blocks/0/accessory/options/0/value",
        _in_section(lambda n: element("overflow", options=[option("x" * n, "text")])),
    ),
    (
        "option description",
        75,
        "/blocks/0/accessory/options/0/description/text",
        _in_section(lambda n: element("radio_buttons", options=[option(description=mrkdwn("x" * n))])),
    ),
    (
        "option url",
        3000,
        "/blocks/0/accessory/options/0/url",
        _in_section(lambda n: element("overflow", options=[option(url="x" * n)])),
    ),
    (
        "option group label",
        75,
        "/blocks/0/accessory/option_groups/0/label/text",
        _in_section(
            lambda n: element(
                "static_select", option_groups=[{"label": plain("x" * n), "options": options(1)}]
            )
        ),
    ),
    (
        "placeholder",
        150,
        "/blocks/0/accessory/placeholder/text",
        _in_section(lambda n: element("users_select", placeholder=plain("x" * n))),
    ),
    (
        "confirm title",
        100,
        "/blocks/0/elements/0/confirm/title/text",
        lambda n: _confirm(title=plain("x" * n)),
    ),
    ("confirm text", 300, "/blocks/0/elements/0/confirm/text/text", lambda n: _confirm(text=plain("x" * n))),
    (
        "confirm button",
        30,
        "/blocks/0/elements/0/confirm/confirm/text",
        lambda n: _confirm(confirm=plain("x" * n)),
    ),
    ("confirm deny", 30, "/blocks/0/elements/0/confirm/deny/text", lambda n: _confirm(deny=plain("x" * n))),
    (
        "image alt text",
        2000,
        "/blocks/0/alt_text",
        lambda n: [{"type": "image", "image_url": "https://x.test/a.png", "alt_text": "x" * n}],
    ),
    (
        "image url",
        3000,
        "/blocks/0/image_url",
        lambda n: [{"type": "image", "image_url": "x" * n, "alt_text": "x"}],
    ),
    ("markdown", 12000, "/blocks/0/text", lambda n: [{"type": "markdown", "text": "x" * n}]),
    ("card title", 150, "/blocks/0/title/text", lambda n: _card(title=plain("x" * n))),
    ("card subtitle", 150, "/blocks/0/subtitle/text", lambda n: _card(subtitle=plain("x" * n))),
    ("card body", 200, "/blocks/0/body/text", lambda n: _card(body=plain("x" * n))),
    ("card subtext", 200, "/blocks/0/subtext/text", lambda n: _card(subtext=plain("x" * n))),
    (
        "chart title",
        50,
        "/blocks/0/title",
        lambda n: _pie([{"label": "a", "value": 1}], title="x" * n),
    ),
    (
        "chart segment label",
        20,
        "/blocks/0/chart/segments/0/label",
        lambda n: _pie([{"label": "x" * n, "value": 1}]),
    ),
    (
        "image title",
        2000,
        "/blocks/0/title/text",
        lambda n: [
            {"type": "image", "image_url": "https://x.test/a.png", "alt_text": "a", "title": plain("x" * n)}
        ],
    ),
    ("container title", 150, "/blocks/0/title/text", lambda n: _container(title=plain("x" * n))),
    ("container subtitle", 150, "/blocks/0/subtitle/text", lambda n: _container(subtitle=plain("x" * n))),
    (
        "feedback text",
        75,
        "/blocks/0/elements/0/positive_button/text/text",
        lambda n: _feedback(text=plain("x" * n)),
    ),
    (
        "feedback value",
        2000,
        "/blocks/0/elements/0/positive_button/value",
        lambda n: _feedback(value="x" * n),
    ),
    (
        "feedback's label for screen readers",
        75,
        "/blocks/0/elements/0/positive_button/accessibility_label",
        lambda n: _feedback(accessibility_label="x" * n),
    ),
    ("video title", 200, "/blocks/0/title/text", lambda n: _video(title=plain("x" * n))),
    ("video alt text", 200, "/blocks/0/alt_text", lambda n: _video(alt_text="x" * n)),
    ("video author", 50, "/blocks/0/author_name", lambda n: _video(author_name="x" * n)),
    ("video description", 200, "/blocks/0/description/text", lambda n: _video(description=plain("x" * n))),
    ("video provider", 50, "/blocks/0/provider_name", lambda n: _video(provider_name="x" * n)),
    (
        "chart series name",
        20,
        "/blocks/0/chart/series/0/name",
        lambda n: _bars(name="x" * n),
    ),
    (
        "chart axis label",
        50,
        "/blocks/0/chart/axis_config/x_label",
        lambda n: _bars(x_label="x" * n),
    ),
    ("source url", 3000, "/blocks/0/sources/0/url", lambda n: _task(url="x" * n)),
    (
        "text of a data table",
        20000,
        "/blocks/0/rows",
        lambda n: [
            {
                "type": "data_table",
                "caption": "c",
                "rows": [[{"type": "raw_text", "text": "x"}], [{"type": "raw_text", "text": "x" * (n - 1)}]],
            }
        ],
    ),
    ("input label", 2000, "/blocks/0/label/text", lambda n: [field(element("datepicker"), "x" * n)]),
    (
        "input hint",
        2000,
        "/blocks/0/hint/text",
        lambda n: [field(element("datepicker"), hint=plain("x" * n))],
    ),
    (
        "initial text",
        3000,
        "/blocks/0/element/initial_value",
        lambda n: [field(element("plain_text_input", initial_value="x" * n))],
    ),
]


@pytest.mark.parametrize(
    ("at_most", "where", "make"), [row[1:] for row in CHARACTERS], ids=[r[0] for r in CHARACTERS]
)
def test_a_text_may_be_as_long_as_its_limit_and_no_longer(at_most: int, where: str, make: Make) -> None:
    assert problems_in_message(make(at_most)) == []
    assert problems_in_message(make(at_most + 1)) == [
        f"must be less than {at_most + 1} characters [json-pointer:{where}]"
    ]


ITEMS: list[tuple[str, int, str, Make]] = [
    ("blocks of a message", 50, "/blocks", lambda n: [{"type": "divider"}] * n),
    ("section fields", 10, "/blocks/0/fields", lambda n: [{"type": "section", "fields": [plain()] * n}]),
    (
        "actions",
        25,
        "/blocks/0/elements",
        lambda n: [actions(*(button(action_id=str(i)) for i in range(n)))],
    ),
    ("context", 10, "/blocks/0/elements", lambda n: [{"type": "context", "elements": [mrkdwn()] * n}]),
    (
        "select options",
        100,
        "/blocks/0/accessory/options",
        _in_section(lambda n: element("static_select", options=options(n))),
    ),
    (
        "option groups",
        100,
        "/blocks/0/accessory/option_groups",
        _in_section(
            lambda n: element("static_select", option_groups=[{"label": plain(), "options": options(1)}] * n)
        ),
    ),
    (
        "options of a group",
        100,
        "/blocks/0/accessory/option_groups/0/options",
        _in_section(
            lambda n: element("static_select", option_groups=[{"label": plain(), "options": options(n)}])
        ),
    ),
    (
        "overflow",
        5,
        "/blocks/0/accessory/options",
        _in_section(lambda n: element("overflow", options=options(n))),
    ),
    (
        "checkboxes",
        10,
        "/blocks/0/accessory/options",
        _in_section(lambda n: element("checkboxes", options=options(n))),
    ),
    (
        "radio buttons",
        10,
        "/blocks/0/accessory/options",
        _in_section(lambda n: element("radio_buttons", options=options(n))),
    ),
    ("table rows", 100, "/blocks/0/rows", lambda n: [{"type": "table", "rows": _rows(n)}]),
    ("table columns", 20, "/blocks/0/rows/0", lambda n: [{"type": "table", "rows": _rows(1, n)}]),
    (
        "data table rows",
        201,
        "/blocks/0/rows",
        lambda n: [{"type": "data_table", "caption": "c", "rows": _rows(n)}],
    ),
    (
        "card buttons",
        3,
        "/blocks/0/actions",
        lambda n: _card(actions=[button(action_id=str(i)) for i in range(n)]),
    ),
    ("carousel", 10, "/blocks/0/elements", lambda n: [{"type": "carousel", "elements": _card() * n}]),
    (
        "chart segments",
        12,
        "/blocks/0/chart/segments",
        lambda n: _pie([{"label": str(i), "value": 1} for i in range(n)]),
    ),
]


@pytest.mark.parametrize(
    ("at_most", "where", "make"), [row[1:] for row in ITEMS], ids=[row[0] for row in ITEMS]
)
def test_a_list_may_have_as_many_items_as_its_limit_and_no_more(at_most: int, where: str, make: Make) -> None:
    assert problems_in_message(make(at_most)) == []
    assert problems_in_message(make(at_most + 1)) == [
        f"no more than {at_most} items allowed [json-pointer:{where}]"
    ]


VIEW_LIMITS: list[tuple[str, int, str, str, Make]] = [
    ("title", 24, "characters", "/view/title/text", lambda n: modal(section(), title=plain("x" * n))),
    ("submit", 24, "characters", "/view/submit/text", lambda n: modal(section(), submit=plain("x" * n))),
    ("close", 24, "characters", "/view/close/text", lambda n: modal(section(), close=plain("x" * n))),
    ("callback id", 255, "characters", "/view/callback_id", lambda n: modal(section(), callback_id="x" * n)),
    (
        "private metadata",
        3000,
        "characters",
        "/view/private_metadata",
        lambda n: modal(section(), private_metadata="x" * n),
    ),
    ("external id", 255, "characters", "/view/external_id", lambda n: modal(section(), external_id="x" * n)),
    ("blocks", 100, "items", "/view/blocks", lambda n: modal(*[{"type": "divider"}] * n)),
    (
        "alert",
        200,
        "characters",
        "/view/blocks/0/text/text",
        lambda n: modal({"type": "alert", "text": plain("x" * n)}),
    ),
]


@pytest.mark.parametrize(
    ("at_most", "kind", "where", "make"),
    [row[1:] for row in VIEW_LIMITS],
    ids=[row[0] for row in VIEW_LIMITS],
)
def test_a_view_has_limits_of_its_own(at_most: int, kind: str, where: str, make: Make) -> None:
    words = {
        "characters": f"must be less than {at_most + 1} characters",
        "items": f"no more than {at_most} items allowed",
    }

    assert problems_in_view(make(at_most)) == []
    assert problems_in_view(make(at_most + 1)) == [f"{words[kind]} [json-pointer:{where}]"]


AT_LEAST_ONE: list[tuple[str, str, Any]] = [
    ("actions", "/blocks/0/elements", [actions()]),
    ("context", "/blocks/0/elements", [{"type": "context", "elements": []}]),
    ("fields", "/blocks/0/fields", [{"type": "section", "fields": []}]),
    ("options", "/blocks/0/accessory/options", [section(accessory=element("overflow", options=[]))]),
]


@pytest.mark.parametrize(("where", "blocks"), [r[1:] for r in AT_LEAST_ONE], ids=[r[0] for r in AT_LEAST_ONE])
def test_some_lists_may_not_be_empty(where: str, blocks: Any) -> None:
    assert problems_in_message(blocks) == [f"must provide at least 1 items [json-pointer:{where}]"]


@pytest.mark.parametrize(
    ("name", "most_allowed"), [("min_length", 3000), ("max_length", 3000)], ids=["shortest", "longest"]
)
def test_lengths_of_typed_text_stay_within_3000(name: str, most_allowed: int) -> None:
    def blocks(number: int) -> list[Any]:
        inner = element("plain_text_input") | {name: number}
        return [field(inner)]

    assert problems_in_message(blocks(most_allowed)) == []
    assert problems_in_message(blocks(most_allowed + 1)) == [
        f"must be less than 3001 [json-pointer:/blocks/0/element/{name}]"
    ]


def test_markdown_blocks_share_one_limit() -> None:
    half = {"type": "markdown", "text": "x" * 6000}

    assert problems_in_message([half, half]) == []
    assert problems_in_message([half, half, {"type": "markdown", "text": "x"}]) == [
        "must be less than 12001 characters [json-pointer:/blocks/2/text]"
    ]


def test_a_chart_has_at_most_twenty_points_and_as_many_categories() -> None:
    assert problems_in_message(_bars(points=20)) == []
    assert problems_in_message(_bars(points=21)) == [
        "no more than 20 items allowed [json-pointer:/blocks/0/chart/series/0/data]",
        "no more than 20 items allowed [json-pointer:/blocks/0/chart/axis_config/categories]",
    ]


@pytest.mark.parametrize("value", [0, -1])
def test_a_slice_of_a_pie_is_more_than_nothing(value: int) -> None:
    assert problems_in_message(_pie([{"label": "a", "value": value}])) == [
        "must be greater than 0 [json-pointer:/blocks/0/chart/segments/0/value]"
    ]


def test_numbers_stay_within_their_bounds() -> None:
    table = {"type": "data_table", "caption": "c", "rows": _rows(2)}
    assert problems_in_message([{**table, "page_size": 1}, field(element("file_input", max_files=10))]) == []
    assert problems_in_message(
        [{**table, "page_size": 101}, field(element("file_input", max_files=11)), {**table, "rows": _rows(1)}]
    ) == [
        "must be less than 101 [json-pointer:/blocks/0/page_size]",
        "must be less than 11 [json-pointer:/blocks/1/element/max_files]",
        "must provide at least 2 items [json-pointer:/blocks/2/rows]",
    ]


@pytest.mark.parametrize(
    ("characters", "refused"), [(2_500, False), (2_515, False), (2_516, True), (3_000, True)]
)
def test_texts_that_are_right_one_by_one_may_be_too_much_together(characters: int, refused: bool) -> None:
    """Each block costs more than its text: five share what Slack takes."""
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * characters}}
    assert problems_in_message([section] * 5) == []
    assert too_long([section] * 5) is refused


def test_what_rich_text_and_many_blocks_hold_counts_as_well() -> None:
    words = {"type": "rich_text_section", "elements": [{"type": "text", "text": "x" * 13_100}]}
    assert too_long([{"type": "rich_text", "elements": [words]}])
    assert too_long([{"type": "divider"}] * 51)
    assert not too_long([{"type": "divider"}] * 50)
