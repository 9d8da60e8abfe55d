"""What a message or view says, as plain text: every text of its blocks, in order, and what can be clicked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from sandbox.driver.mrkdwn import UTC, Now, mentioned_in, render_mrkdwn
from sandbox.driver.names import Names

Json = dict[str, Any]


@dataclass(frozen=True)
class Reader:
    """Through whose eyes something is read: names resolved, times in their zone."""

    names: Names
    zone: tzinfo = UTC
    now: Now = None

    def text(self, text_object: Json | None) -> str:
        """A text object as it reads."""
        if text_object is None:
            return ""
        if text_object["type"] == "mrkdwn":
            return self.mrkdwn(text_object["text"])
        return str(text_object["text"])

    def mrkdwn(self, text: str) -> str:
        """Mrkdwn as it reads."""
        return render_mrkdwn(text, self.names, self.zone, self.now)


_NOBODY = Reader(Names())


def render_text(shown: Json, reader: Reader = _NOBODY, *, controls: bool = True) -> str:
    """A message (or view) as readable plain text.

    Where a message has blocks those are read, as Slack shows them; its ``text`` is what notifications say.
    ``controls`` adds what can be clicked, in brackets.
    """
    blocks = shown.get("blocks") or []
    if not blocks:
        return reader.mrkdwn(shown.get("text") or "")
    lines = [line for block in blocks if (line := block_text(block, reader, controls=controls))]
    return "\n".join(lines)


def block_text(block: Json, reader: Reader, *, controls: bool = False) -> str:
    """The text of one block; empty for a divider."""
    render = _BLOCKS.get(block.get("type", ""))
    text = render(block, reader) if render else ""
    if controls:
        text = "\n".join(part for part in (text, _controls(block, reader)) if part)
    return text


def _section(block: Json, reader: Reader) -> str:
    texts = [reader.text(block.get("text")), *(reader.text(field) for field in block.get("fields", ()))]
    return "\n".join(text for text in texts if text)


def _titled(block: Json, reader: Reader) -> str:
    parts = (block.get(name) for name in ("title", "subtitle", "body", "subtext"))
    return "\n".join(reader.text(part) for part in parts if part)


def _context(block: Json, reader: Reader) -> str:
    return "  ".join(
        f"[{part['alt_text']}]" if part["type"] == "image" else reader.text(part)
        for part in block["elements"]
    )


def _input(block: Json, reader: Reader) -> str:
    hint = reader.text(block.get("hint"))
    return reader.text(block["label"]) + (f" ({hint})" if hint else "")


def _table(block: Json, reader: Reader) -> str:
    return "\n".join(" | ".join(_cell(cell, reader) for cell in row) for row in block["rows"])


def _cell(cell: Json, reader: Reader) -> str:
    if cell["type"] == "rich_text":
        return _rich_text(cell, reader)
    return str(cell.get("text", cell.get("value", "")))


def _chart(block: Json, reader: Reader) -> str:
    chart = block["chart"]
    lines = [str(block["title"])]
    lines += [f"{part['label']}: {part['value']}" for part in chart.get("segments", ())]
    for series in chart.get("series", ()):
        points = ", ".join(f"{point['label']} {point['value']}" for point in series["data"])
        lines.append(f"{series['name']}: {points}")
    return "\n".join(lines)


def _rich_text(block: Json, reader: Reader) -> str:
    lines: list[str] = []
    for part in block["elements"]:
        if part["type"] == "rich_text_list":
            for number, item in enumerate(part["elements"], start=part.get("offset", 0) + 1):
                mark = f"{number}." if part["style"] == "ordered" else "•"
                lines.append(f"{mark} {_rich_line(item, reader)}")
        else:
            lines.append(_rich_line(part, reader))
    return "\n".join(lines)


def _rich_line(part: Json, reader: Reader) -> str:
    return "".join(_rich_part(piece, reader) for piece in part["elements"])


def _rich_part(piece: Json, reader: Reader) -> str:
    match piece["type"]:
        case "text":
            return str(piece["text"])
        case "link":
            return str(piece.get("text") or piece["url"])
        case "user":
            return f"@{reader.names.user_name(piece['user_id'])}"
        case "usergroup":
            return f"@{reader.names.handle(piece['usergroup_id'])}"
        case "channel":
            return reader.names.channel_name(piece["channel_id"])
        case "broadcast":
            return f"@{piece['range']}"
        case "emoji":
            return f":{piece['name']}:"
        case "date":
            return reader.mrkdwn(
                f"<!date^{piece['timestamp']}^{piece['format']}|{piece.get('fallback', '')}>"
            )
    return ""


def _inner(name: str) -> Callable[[Json, Reader], str]:
    def render(block: Json, reader: Reader) -> str:
        own = _titled(block, reader) if isinstance(block.get("title"), dict) else str(block.get("title", ""))
        inner = [block_text(one, reader) for one in block.get(name, ())]
        return "\n".join(text for text in (own, *inner) if text)

    return render


_BLOCKS: dict[str, Callable[[Json, Reader], str]] = {
    "section": _section,
    "header": lambda block, reader: reader.text(block["text"]),
    "alert": lambda block, reader: reader.text(block["text"]),
    "context": _context,
    "input": _input,
    "markdown": lambda block, reader: str(block["text"]),
    "image": lambda block, reader: f"{reader.text(block.get('title'))}[{block['alt_text']}]",
    "video": lambda block, reader: f"{reader.text(block['title'])} [{block['alt_text']}]",
    "rich_text": _rich_text,
    "card": _titled,
    "carousel": _inner("elements"),
    "container": _inner("child_blocks"),
    "plan": _inner("tasks"),
    "task_card": lambda block, reader: f"{block['title']} ({block['status']})",
    "table": _table,
    "data_table": _table,
    "data_visualization": _chart,
}


def _controls(block: Json, reader: Reader) -> str:
    elements = block.get("elements", ()) if block["type"] in ("actions", "context_actions") else ()
    if "accessory" in block:
        elements = (block["accessory"],)
    if block["type"] == "card":
        elements = block.get("actions", ())
    return " ".join(label for element in elements if (label := _control(element, reader)))


def _control(element: Json, reader: Reader) -> str:
    match element["type"]:
        case "button" | "workflow_button" | "icon_button":
            return f"[{reader.text(element['text'])}]"
        case "overflow":
            return "[⋯ " + " · ".join(reader.text(option["text"]) for option in element["options"]) + "]"
        case "image":
            return f"[{element['alt_text']}]"
    return f"[{reader.text(element.get('placeholder')) or element['type']}]"


def mentions(shown: Json) -> set[str]:
    """The ids of users and user groups whom a message mentions, where it shows: in its blocks, else its text."""
    blocks = shown.get("blocks") or []
    if not blocks:
        return mentioned_in(shown.get("text") or "")
    found: set[str] = set()
    for node in _nodes(blocks):
        match node.get("type"):
            case "mrkdwn":
                found |= mentioned_in(node["text"])
            case "user":
                found.add(node["user_id"])
            case "usergroup":
                found.add(node["usergroup_id"])
            case "broadcast":
                found.add(node["range"])
    return found


def _nodes(value: Any) -> Iterator[Json]:
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _nodes(item)
