"""Whole payloads: the blocks of a message, a view, a message's metadata.

Sources: https://docs.slack.dev/reference/views, https://docs.slack.dev/messaging/message-metadata
"""

from __future__ import annotations

from sandbox.blockkit.blocks import check_block
from sandbox.blockkit.limits import limit, longest, most
from sandbox.blockkit.objects import plain
from sandbox.blockkit.walk import Check, Json, Shape, Walk, anything, array, boolean, string


def problems_in_message(blocks: object) -> list[str]:
    """What Slack would refuse in a message's blocks; an empty list when they are in order."""
    walk = Walk("message")
    array(check_block, most("message.blocks"))(walk, blocks, "/blocks")
    return walk.problems


def problems_in_view(view: object) -> list[str]:
    """What Slack would refuse in a modal or Home view; an empty list when it is in order."""
    kind = view.get("type") if isinstance(view, dict) else None
    walk = Walk("home" if kind == "home" else "modal")
    if not isinstance(view, dict):
        walk.add("must provide an object", "/view")
    elif kind is None:
        walk.add("missing required field: type", "/view")
    elif kind not in ("modal", "home"):
        walk.add(
            "missing required field: type" if kind is None else f"unsupported type: {kind}", "/view/type"
        )
    else:
        (_HOME if kind == "home" else _MODAL)(walk, view, "/view")
        _needs_submit(walk, view)
    return walk.problems


def problems_in_metadata(metadata: object) -> list[str]:
    """What Slack would refuse in a message's metadata; an empty list when it is in order."""
    walk = Walk("message")
    _METADATA(walk, metadata, "/metadata")
    return walk.problems


def _needs_submit(walk: Walk, view: Json) -> None:
    """A modal with an input block must have a submit button."""
    if walk.surface != "modal" or "submit" in view or not isinstance(view.get("blocks"), list):
        return
    for index, block in enumerate(view["blocks"]):
        if isinstance(block, dict) and block.get("type") == "input":
            walk.add("must define `submit` to use an `input` block in modals", f"/view/blocks/{index}/input")


_VIEW_FIELDS: dict[str, Check] = {
    "type": anything,
    "blocks": array(check_block, most("view.blocks"), limit("view.blocks", "min_items")),
    "private_metadata": string(longest("view.private_metadata")),
    "callback_id": string(longest("view.callback_id")),
    "external_id": string(longest("view.external_id")),
}
_HOME = Shape(_VIEW_FIELDS, required=("blocks",))
_MODAL = Shape(
    {
        **_VIEW_FIELDS,
        "title": plain(longest("view.title")),
        "close": plain(longest("view.close")),
        "submit": plain(longest("view.submit")),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
        "submit_disabled": boolean,
    },
    required=("title", "blocks"),
)


def _payload(walk: Walk, value: object, at: str) -> None:
    """What Slack's own types allow: strings, numbers and booleans, objects of these, and lists of such objects
    (https://docs.slack.dev/tools/node-slack-sdk/reference/types/interfaces/MessageMetadata).
    """
    if not isinstance(value, dict):
        walk.add("must provide an object", at)
        return
    for name, one in value.items():
        for place, item in enumerate(one) if isinstance(one, list) else ():
            if isinstance(item, dict):
                _scalars(walk, item, f"{at}/{name}/{place}")
            else:
                walk.add("must provide an object", f"{at}/{name}/{place}")
        if isinstance(one, dict):
            _scalars(walk, one, f"{at}/{name}")
        elif not isinstance(one, list):
            _scalar(walk, one, f"{at}/{name}")


def _scalars(walk: Walk, found: Json, at: str) -> None:
    for name, value in found.items():
        _scalar(walk, value, f"{at}/{name}")


def _scalar(walk: Walk, value: object, at: str) -> None:
    if not isinstance(value, str | int | float):
        walk.add("must provide a string, a number or a boolean", at)


_METADATA = Shape(
    {"event_type": string(shortest=1), "event_payload": _payload}, required=("event_type", "event_payload")
)
