"""The table of blocks: their fields, and on which surfaces Slack shows them.

Source: https://docs.slack.dev/reference/block-kit/blocks, and for the surfaces https://docs.slack.dev/blocks.json
(a ``file`` block can only be read back, never sent).
"""

from __future__ import annotations

from sandbox.blockkit import newer
from sandbox.blockkit.elements import IMAGE, IN_ACTIONS, IN_CONTEXT_ACTIONS, IN_INPUT, IN_SECTION
from sandbox.blockkit.limits import limit, longest, most
from sandbox.blockkit.objects import SLACK_FILE, plain, text
from sandbox.blockkit.rich_text import RICH_TEXT
from sandbox.blockkit.walk import (
    Check,
    Json,
    Rule,
    Shape,
    Surface,
    Walk,
    anything,
    array,
    boolean,
    either,
    not_both,
    string,
)

_EVERYWHERE: frozenset[Surface] = frozenset({"message", "modal", "home"})
_MESSAGES: frozenset[Surface] = frozenset({"message"})
_MODALS: frozenset[Surface] = frozenset({"modal"})
_NOT_MODALS: frozenset[Surface] = frozenset({"message", "home"})


def _block_id(walk: Walk, value: object, at: str) -> None:
    before = len(walk.problems)
    string(longest("block_id"))(walk, value, at)
    if len(walk.problems) > before or not isinstance(value, str) or value == "":
        return
    if value in walk.block_ids:
        walk.add(f'`block_id` "{value}" already exists', at)
    walk.block_ids.add(value)


def _block(fields: dict[str, Check], required: tuple[str, ...] = (), rules: tuple[Rule, ...] = ()) -> Shape:
    return Shape({"type": anything, "block_id": _block_id, **fields}, required, rules)


def _elements(item: Check, path: str) -> dict[str, Check]:
    return {"elements": array(item, most(path), limit(path, "min_items"))}


def _context_element(walk: Walk, value: object, at: str) -> None:
    if isinstance(value, dict) and value.get("type") == "image":
        IMAGE(walk, value, at)
    else:
        text()(walk, value, at)


def _dispatching_file(walk: Walk, block: Json, at: str) -> None:
    """Slack: ``dispatch_action`` is incompatible with ``file_input``."""
    if block.get("dispatch_action") and block["element"]["type"] == "file_input":
        walk.add("unsupported type: file_input", f"{at}/element/type")


def _all_markdown(walk: Walk, block: Json, at: str) -> None:
    """The limit of a markdown block is one for all of them in a payload."""
    walk.markdown_length += len(block["text"])
    if walk.markdown_length > longest("markdown.text"):
        walk.add(f"must be less than {longest('markdown.text') + 1} characters", f"{at}/text")


_INPUT_FIELDS: dict[str, Check] = {
    "label": plain(longest("input.label")),
    "element": IN_INPUT,
    "hint": plain(longest("input.hint")),
    "optional": boolean,
    "dispatch_action": boolean,
}
_INPUT = _block(_INPUT_FIELDS, required=("label", "element"), rules=(_dispatching_file,))


def _input(walk: Walk, value: object, at: str) -> None:
    walk.in_input = True
    _INPUT(walk, value, at)
    walk.in_input = False


_CARD = _block(newer.CARD_FIELDS, rules=(newer.card_shows_something,))
_TASK_CARD = _block(newer.TASK_CARD_FIELDS, required=newer.TASK_CARD_REQUIRED)


def _inner(kind: str, shape: Shape) -> Check:
    """A block within a block, which must be of one kind."""

    def check(walk: Walk, value: object, at: str) -> None:
        if isinstance(value, dict) and value.get("type") != kind:
            walk.add(f"unsupported type: {value.get('type')}", f"{at}/type")
        else:
            shape(walk, value, at)

    return check


_BLOCKS: dict[str, tuple[Check, frozenset[Surface]]] = {
    "section": (
        _block(
            {
                "text": text(longest("section.text")),
                "fields": array(
                    text(limit("section.fields", "item_max_length")),
                    most("section.fields"),
                    limit("section.fields", "min_items"),
                ),
                "accessory": IN_SECTION,
                "expand": boolean,
            },
            rules=(either("text", "fields"),),
        ),
        _EVERYWHERE,
    ),
    "header": (_block({"text": plain(longest("header.text"))}, required=("text",)), _EVERYWHERE),
    "divider": (_block({}), _EVERYWHERE),
    "context": (
        _block(_elements(_context_element, "context.elements"), required=("elements",)),
        _EVERYWHERE,
    ),
    "actions": (_block(_elements(IN_ACTIONS, "actions.elements"), required=("elements",)), _EVERYWHERE),
    "input": (_input, _EVERYWHERE),
    "image": (
        _block(
            {
                "alt_text": string(longest("image.alt_text")),
                "image_url": string(longest("image.image_url"), shortest=1),
                "slack_file": SLACK_FILE,
                "title": plain(longest("image.title")),
            },
            required=("alt_text",),
            rules=(either("image_url", "slack_file"), not_both("image_url", "slack_file")),
        ),
        _EVERYWHERE,
    ),
    "rich_text": (_block({"elements": RICH_TEXT.fields["elements"]}, required=("elements",)), _EVERYWHERE),
    "video": (
        _block(newer.VIDEO_FIELDS, required=("alt_text", "title", "thumbnail_url", "video_url")),
        _EVERYWHERE,
    ),
    "markdown": (
        _block(
            {"text": string(longest("markdown.text"), limit("markdown.text", "min_length"))},
            required=("text",),
            rules=(_all_markdown,),
        ),
        _MESSAGES,
    ),
    "context_actions": (
        _block(_elements(IN_CONTEXT_ACTIONS, "context_actions.elements"), required=("elements",)),
        _MESSAGES,
    ),
    "alert": (_block(newer.ALERT_FIELDS, required=("text",)), _MODALS),
    "card": (_CARD, _EVERYWHERE),
    "carousel": (
        _block(_elements(_inner("card", _CARD), "carousel.elements"), required=("elements",)),
        _NOT_MODALS,
    ),
    "table": (
        _block(newer.TABLE_FIELDS, required=("rows",), rules=(newer.only_one_table,)),
        _NOT_MODALS,
    ),
    "data_table": (
        _block(newer.DATA_TABLE_FIELDS, required=("caption", "rows"), rules=(newer.data_table_is_even,)),
        _NOT_MODALS,
    ),
    "data_visualization": (_block(newer.CHART_FIELDS, required=("title", "chart")), _MESSAGES),
    "task_card": (_TASK_CARD, _MESSAGES),
    "plan": (
        _block(
            {"title": string(shortest=1), "tasks": array(_inner("task_card", _TASK_CARD))},
            required=("title",),
        ),
        _MESSAGES,
    ),
}


def check_block(walk: Walk, value: object, at: str) -> None:
    """Check one block, of whatever type, for the surface of the walk."""
    if not isinstance(value, dict):
        walk.add("must provide an object", at)
        return
    if "type" not in value:
        walk.add("missing required field: type", at)
        return
    kind = value["type"]
    check, surfaces = _BLOCKS.get(kind, (None, _EVERYWHERE)) if isinstance(kind, str) else (None, _EVERYWHERE)
    if check is None or walk.surface not in surfaces:
        walk.add(f"unsupported type: {kind}", f"{at}/type")
        return
    walk.action_ids.clear()
    check(walk, value, at)


_BLOCKS["container"] = (
    _block(
        {
            **newer.CONTAINER_FIELDS,
            "child_blocks": array(check_block, most("container.child_blocks"), 1),
        },
        required=("child_blocks",),
        rules=newer.CONTAINER_RULES,
    ),
    _MESSAGES,
)
