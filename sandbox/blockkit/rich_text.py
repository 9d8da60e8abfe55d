"""Rich text: sections, lists, quotes and preformatted text, and what stands in them.

Source: https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
"""

from __future__ import annotations

from sandbox.blockkit.limits import longest
from sandbox.blockkit.walk import Check, Shape, anything, array, boolean, enum, integer, string, typed

_STYLE = Shape(dict.fromkeys(("bold", "italic", "strike", "code", "underline"), boolean))
_MENTION_STYLE = Shape(
    dict.fromkeys(
        ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink"), boolean
    )
)


def _part(required: dict[str, Check], optional: dict[str, Check] | None = None) -> Shape:
    return Shape({"type": anything, **required, **(optional or {})}, required=tuple(required))


_PARTS = typed(
    {
        "text": _part({"text": string(shortest=1)}, {"style": _STYLE}),
        "link": _part(
            {"url": string(shortest=1)}, {"text": string(), "unsafe": boolean, "style": _MENTION_STYLE}
        ),
        "emoji": _part(
            {"name": string(shortest=1)},
            {
                "unicode": string(),
                "skin_tone": integer(1, 6),
                "display_team_id": string(),
                "style": _MENTION_STYLE,
            },
        ),
        "user": _part({"user_id": string(shortest=1)}, {"style": _MENTION_STYLE}),
        "usergroup": _part({"usergroup_id": string(shortest=1)}, {"style": _MENTION_STYLE}),
        "channel": _part({"channel_id": string(shortest=1)}, {"style": _MENTION_STYLE}),
        "team": _part({"team_id": string(shortest=1)}, {"style": _MENTION_STYLE}),
        "broadcast": _part({"range": enum("here", "channel", "everyone")}, {"style": _MENTION_STYLE}),
        "color": _part({"value": string(shortest=1)}, {"style": _MENTION_STYLE}),
        "date": _part(
            {"timestamp": integer(0), "format": string(shortest=1)},
            {"url": string(), "fallback": string(), "style": _MENTION_STYLE},
        ),
    }
)

_BORDER = integer(0, 1)
_SECTION = Shape({"type": anything, "elements": array(_PARTS)}, required=("elements",))

_ELEMENTS = typed(
    {
        "rich_text_section": _SECTION,
        "rich_text_preformatted": Shape(
            {"type": anything, "elements": array(_PARTS), "border": _BORDER, "language": string()},
            required=("elements",),
        ),
        "rich_text_quote": Shape(
            {"type": anything, "elements": array(_PARTS), "border": _BORDER}, required=("elements",)
        ),
        "rich_text_list": Shape(
            {
                "type": anything,
                "style": enum("bullet", "ordered"),
                "elements": array(typed({"rich_text_section": _SECTION}), least=1),
                "indent": integer(0, 8),
                "offset": integer(0),
                "border": _BORDER,
            },
            required=("style", "elements"),
        ),
    }
)

RICH_TEXT = Shape(
    {"type": anything, "block_id": string(longest("block_id")), "elements": array(_ELEMENTS, least=1)},
    required=("elements",),
)
"""A rich text block; also an ``initial_value``, a cell of a table and a detail of a task."""
