"""How the tests read a view: all its text, its buttons, its inputs, whom it mentions."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from bot.faces.registry import BUTTONS
from bot.views.ids import Action, read_more
from bot.views.message import Json, Message
from cases.moves import Click
from cases.text import clean
from sandbox.blockkit import problems_in_message, problems_in_view, too_long

NASTY = (
    "<!channel>",
    "<@U0MIA>",
    "<!here|x>",
    "&amp;",
    "& < >",
    "`code`",
    "*bold*",
    ":fire:",
    "مرحبا",
    "\u202eabc",
    "👩‍👩‍👧",
    "a\n\nb",
    "|>",
)

nasty_texts = (
    st.one_of(
        st.lists(st.sampled_from(NASTY), min_size=1, max_size=30).map(" ".join),
        st.sampled_from(["&", "<", "👩‍👩‍👧", "é", "مر", "a\u0301", "<!channel>"]).map(
            lambda part: (part * 3000)[:3000]
        ),
        st.text(min_size=1, max_size=200),
    )
    .map(clean)
    .filter(bool)
)
"""What people may type: markup, mentions, other scripts, very long; cleaned, as the rules clean it."""


def assert_postable(message: Message) -> None:
    """Slack takes it, and there is a text for the notification."""
    assert_answerable(message)
    assert not too_long(message.blocks)


def assert_answerable(message: Message) -> None:
    """Slack takes it as a command's answer, whose blocks may be longer in all than those of a post."""
    assert problems_in_message(message.blocks) == []
    assert message.text
    assert len(message.text) <= 3000


def assert_openable(view: Json) -> None:
    """Slack takes it, and it bears no empty parts."""
    assert problems_in_view(view) == []


def strings(value: object) -> Iterator[str]:
    """Every text object's text in a view, raw; not what rich text quotes."""
    if isinstance(value, dict):
        if value.get("type") == "rich_text":
            return
        if value.get("type") in ("mrkdwn", "plain_text"):
            yield value["text"]
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


def shown(message: Message) -> str:
    """All that a message's text objects say."""
    return "\n".join(strings(message.blocks))


def length(message: Message) -> int:
    """The characters of a message's blocks. Slack refuses more than about 12,000, whatever it takes in each."""
    return len(shown(message))


def quotes(message: Message) -> list[str]:
    """What the message quotes, as typed."""
    return [
        block["elements"][0]["elements"][0]["text"]
        for block in message.blocks
        if block["type"] == "rich_text"
    ]


def mentioned(message: Message) -> set[str]:
    """Everybody whom Slack would notify: in the blocks' markup or the text. Rich text quotes notify nobody."""
    text = f"{shown(message)}\n{message.text}"
    return set(re.findall(r"<(@[^>|]+|![a-z]+(?:\^(?!\d)[^>|]+)?)[>|]", text)) - {"!date"}


def row(message: Message) -> tuple[Click | Action, ...]:
    """The moves of the buttons."""
    return tuple(
        BUTTONS[element["action_id"]].of for element in _elements(message) if element["type"] == "button"
    )


def overflow(message: Message) -> tuple[Click | Action, ...]:
    """The moves of the overflow menu."""
    return tuple(
        BUTTONS[read_more(option["value"])[0]].of
        for element in _elements(message)
        if element["action_id"] == Action.MORE
        for option in element["options"]
    )


def coloured(message: Message) -> tuple[Click | Action, ...]:
    """The moves whose button bears the colour."""
    return tuple(BUTTONS[e["action_id"]].of for e in _elements(message) if e.get("style") == "primary")


def _elements(message: Message) -> list[Json]:
    return [
        element for block in message.blocks if block["type"] == "actions" for element in block["elements"]
    ]


def inputs(view: Json) -> dict[str, Json]:
    """A modal's input blocks by block id."""
    return {block["block_id"]: block for block in view["blocks"] if block["type"] == "input"}


def labels(view: Json) -> list[str]:
    """The labels of a modal's inputs, from top to bottom."""
    return [block["label"]["text"] for block in inputs(view).values()]


def options(block: Json) -> list[str]:
    """The visible options of an input."""
    return [option["text"]["text"] for option in block["element"]["options"]]


def kept(view: Json) -> dict[str, Any]:
    """A modal's private metadata."""
    found = json.loads(view["private_metadata"])
    assert isinstance(found, dict)
    return found
