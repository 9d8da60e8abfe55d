"""The blocks that Slack added for richer messages: alerts, cards, containers, tables, charts, tasks.

Source: https://docs.slack.dev/reference/block-kit/blocks (each block's own page); the surfaces are those of
https://docs.slack.dev/blocks.json.
"""

from __future__ import annotations

from sandbox.blockkit.elements import CARD_BUTTON, IMAGE
from sandbox.blockkit.limits import limit, longest, most
from sandbox.blockkit.objects import plain, text
from sandbox.blockkit.rich_text import RICH_TEXT
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
    integer,
    number,
    string,
    typed,
)

_SLACK_ICON = Shape({"type": anything, "name": string(shortest=1)}, required=("name",))

ALERT_FIELDS: dict[str, Check] = {
    "text": text(longest("alert.text")),
    "level": enum("default", "info", "warning", "error", "success"),
}

CARD_FIELDS: dict[str, Check] = {
    "hero_image": typed({"image": IMAGE}),
    "icon": typed({"image": IMAGE}),
    "slack_icon": _SLACK_ICON,
    "title": text(longest("card.title")),
    "subtitle": text(longest("card.subtitle")),
    "body": text(longest("card.body")),
    "subtext": text(longest("card.subtext")),
    "actions": array(CARD_BUTTON, most("card.actions"), 1),
}


def card_shows_something(walk: Walk, card: Json, at: str) -> None:
    """A card needs at least one of the parts that can stand alone."""
    if not {"hero_image", "title", "actions", "body"} & card.keys():
        walk.add("must define at least one of `hero_image`, `title`, `actions` or `body`", at)


_CELL: dict[str, Check] = {
    "raw_text": Shape({"type": anything, "text": string(shortest=1)}, required=("text",)),
    "raw_number": Shape(
        {"type": anything, "value": number(), "text": string(shortest=1)}, required=("value",)
    ),
}

TABLE_FIELDS: dict[str, Check] = {
    "rows": array(
        array(typed(_CELL | {"rich_text": RICH_TEXT}), most("table.columns"), 1), most("table.rows"), 1
    ),
    "column_settings": array(
        Shape({"align": enum("left", "center", "right"), "is_wrapped": boolean}), most("table.columns")
    ),
}


def only_one_table(walk: Walk, table: Json, at: str) -> None:
    """A message holds one table at most (Slack's error ``only_one_table_allowed``)."""
    walk.tables += 1
    if walk.tables > 1:
        walk.add("only one table is allowed in a message", at)


DATA_TABLE_FIELDS: dict[str, Check] = {
    "caption": string(shortest=1),
    "rows": array(
        array(
            typed(_CELL | {"rich_text": RICH_TEXT}),
            most("data_table.columns"),
            limit("data_table.columns", "min_items"),
        ),
        most("data_table.rows"),
        limit("data_table.rows", "min_items"),
    ),
    "page_size": integer(limit("data_table.page_size", "min"), limit("data_table.page_size", "max")),
    "row_header_column_index": integer(0),
}


def data_table_is_even(walk: Walk, table: Json, at: str) -> None:
    """Rows of one length, a plain header row, and not too much text in all."""
    rows = table["rows"]
    for index, row in enumerate(rows):
        if len(row) != len(rows[0]):
            walk.add("must have the same number of cells as the first row", f"{at}/rows/{index}")
    for index, cell in enumerate(rows[0]):
        if cell["type"] == "rich_text":
            walk.add("unsupported type: rich_text", f"{at}/rows/0/{index}/type")
    characters = sum(len(cell.get("text", "")) for row in rows for cell in row)
    if characters > longest("data_table.content"):
        walk.add(f"must be less than {longest('data_table.content') + 1} characters", f"{at}/rows")


_POINT = Shape(
    {"label": string(longest("data_visualization.point_label"), shortest=1), "value": number()},
    required=("label", "value"),
)
_SERIES = Shape(
    {
        "name": string(longest("data_visualization.series_name"), shortest=1),
        "data": array(_POINT, most("data_visualization.data"), limit("data_visualization.data", "min_items")),
    },
    required=("name", "data"),
)


def _points_match_categories(walk: Walk, chart: Json, at: str) -> None:
    categories = chart["axis_config"]["categories"]
    for index, series in enumerate(chart["series"]):
        if sorted(point["label"] for point in series["data"]) != sorted(categories):
            walk.add("must have one point for each of the categories", f"{at}/series/{index}/data")
    names = [series["name"] for series in chart["series"]]
    if len(set(names)) < len(names):
        walk.add("names of series must be unique", f"{at}/series")


_AXES = Shape(
    {
        "type": anything,
        "series": array(
            _SERIES, most("data_visualization.series"), limit("data_visualization.series", "min_items")
        ),
        "axis_config": Shape(
            {
                "categories": array(
                    string(longest("data_visualization.category_label"), shortest=1),
                    most("data_visualization.categories"),
                    limit("data_visualization.categories", "min_items"),
                ),
                "x_label": string(longest("data_visualization.axis_label")),
                "y_label": string(longest("data_visualization.axis_label")),
            },
            required=("categories",),
        ),
    },
    required=("series", "axis_config"),
    rules=(_points_match_categories,),
)
_SEGMENT = Shape(
    {
        "label": string(longest("data_visualization.segment.label"), shortest=1),
        "value": number(limit("data_visualization.segment.value", "exclusive_min")),
    },
    required=("label", "value"),
)
_PIE = Shape(
    {
        "type": anything,
        "segments": array(
            _SEGMENT, most("data_visualization.segments"), limit("data_visualization.segments", "min_items")
        ),
    },
    required=("segments",),
)

CHART_FIELDS: dict[str, Check] = {
    "title": string(longest("data_visualization.title"), shortest=1),
    "chart": typed({"pie": _PIE, "bar": _AXES, "line": _AXES, "area": _AXES}),
}

_SOURCE = Shape(
    {
        "type": anything,
        "url": string(longest("url_source.url"), limit("url_source.url", "min_length")),
        "text": string(),
    },
    required=("url", "text"),
)
TASK_CARD_FIELDS: dict[str, Check] = {
    "task_id": string(shortest=1),
    "title": string(shortest=1),
    "details": typed({"rich_text": RICH_TEXT}),
    "output": typed({"rich_text": RICH_TEXT}),
    "sources": array(typed({"url": _SOURCE})),
    "status": enum("pending", "in_progress", "complete", "error"),
}
TASK_CARD_REQUIRED = ("task_id", "title", "status")

VIDEO_FIELDS: dict[str, Check] = {
    "alt_text": string(longest("video.alt_text"), limit("video.alt_text", "min_length")),
    "title": plain(longest("video.title")),
    "title_url": string(),
    "thumbnail_url": string(shortest=1),
    "video_url": string(shortest=1),
    "author_name": string(longest("video.author_name")),
    "description": plain(longest("video.description")),
    "provider_name": string(longest("video.provider_name")),
    "provider_icon_url": string(),
}

CONTAINER_FIELDS: dict[str, Check] = {
    "title": plain(longest("container.title")),
    "rich_text_title": typed({"rich_text": RICH_TEXT}),
    "subtitle": text(longest("container.subtitle")),
    "width": enum("narrow", "standard", "wide", "full"),
    "icon": typed({"image": IMAGE}),
    "is_collapsible": boolean,
    "default_collapsed": boolean,
    "has_header_divider": boolean,
}
"""A container's own fields, without ``child_blocks``."""

CONTAINER_RULES: tuple[Rule, ...] = (either("title", "rich_text_title"),)
