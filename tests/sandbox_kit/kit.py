"""Small builders of Block Kit payloads, so that a test says only what it is about."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def plain(text: str = "Words") -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str = "*Words*") -> Json:
    return {"type": "mrkdwn", "text": text}


def option(value: str = "a", text: str | None = None, **more: Any) -> Json:
    return {"text": plain(text or f"Option {value}"), "value": value, **more}


def options(count: int) -> list[Json]:
    return [option(str(number)) for number in range(count)]


def element(kind: str, action_id: str = "it", **fields: Any) -> Json:
    return {"type": kind, "action_id": action_id, **fields}


def button(label: str = "Press", action_id: str = "press", **fields: Any) -> Json:
    return element("button", action_id, text=plain(label), **fields)


def section(text: str = "Words", **fields: Any) -> Json:
    return {"type": "section", "text": mrkdwn(text), **fields}


def actions(*elements: Json, **fields: Any) -> Json:
    return {"type": "actions", "elements": list(elements), **fields}


def field(inner: Json, label: str = "Label", block_id: str = "b", **fields: Any) -> Json:
    return {"type": "input", "block_id": block_id, "label": plain(label), "element": inner, **fields}


def modal(*blocks: Json, **fields: Any) -> Json:
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain("Form"),
        "submit": plain("Send"),
        "blocks": list(blocks),
        **fields,
    }


def home(*blocks: Json, **fields: Any) -> Json:
    return {"type": "home", "blocks": list(blocks), **fields}
