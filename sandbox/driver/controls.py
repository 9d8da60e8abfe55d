"""What people can click or fill in, found by what they read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sandbox.blockkit import state
from sandbox.blockkit.inputs import KINDS, options_of
from sandbox.driver.errors import NotThere
from sandbox.driver.render import Reader, block_text

Json = dict[str, Any]


@dataclass(frozen=True)
class Clickable:
    """A button, or one entry of an overflow menu."""

    label: str
    block_id: str
    action_id: str
    value: str | None
    near: str
    element: Json

    def confirmation(self, reader: Reader) -> str | None:
        """What Slack asks before it sends the click, if it asks."""
        asks = self.element.get("confirm")
        return None if asks is None else f"{reader.text(asks['title'])}: {reader.text(asks['text'])}"

    @property
    def in_overflow(self) -> bool:
        """Whether one has to open the ⋯ menu to see it."""
        return bool(self.element["type"] == "overflow")


@dataclass(frozen=True)
class Field:
    """Something to type into or choose from."""

    label: str
    block_id: str
    element: Json
    optional: bool

    @property
    def action_id(self) -> str:
        """The element's action id."""
        return str(self.element["action_id"])

    def options(self, reader: Reader) -> dict[str, str]:
        """The values of the options by the texts that people read."""
        return {reader.text(option["text"]): option["value"] for option in options_of(self.element)}


def clickables(shown: Json, reader: Reader) -> list[Clickable]:
    """Every button and overflow entry of a message or view, from top to bottom."""
    return list(_clickables(shown, reader))


def _clickables(shown: Json, reader: Reader) -> Iterator[Clickable]:
    near = _texts_near(shown.get("blocks") or (), reader)
    for block_id, element in state.elements(shown):
        where = (block_id, element.get("action_id", ""))
        text = near.get(block_id, "")
        if element["type"] in ("button", "icon_button"):
            yield Clickable(reader.text(element["text"]), *where, element.get("value"), text, element)
        elif element["type"] == "overflow":
            for option in element["options"]:
                yield Clickable(reader.text(option["text"]), *where, option["value"], text, element)


def _texts_near(blocks: Iterable[Json], reader: Reader) -> dict[str, str]:
    """For each block what stands in it or, for a row of buttons, right above it."""
    near: dict[str, str] = {}
    above = ""
    for block in blocks:
        text = block_text(block, reader)
        near[block.get("block_id", "")] = text or above
        above = text or above
        inner = block.get("child_blocks") or (
            block.get("elements") if block.get("type") == "carousel" else None
        )
        if inner:
            near |= _texts_near(inner, reader)
    return near


def clickable(shown: Json, label: str, reader: Reader, near: str | None = None) -> Clickable:
    """The one thing to click with this label (beside the text ``near``, where several have it)."""
    there = clickables(shown, reader)
    found = [one for one in there if one.label == label] or [
        one for one in there if one.label.casefold() == label.casefold()
    ]
    if near is not None:
        found = [one for one in found if near in one.near]
    if len(found) == 1:
        return found[0]
    beside = f" near {near!r}" if near is not None else ""
    if found:
        places = "; ".join(repr(one.near) for one in found)
        raise NotThere(
            f"{label!r} is there {len(found)} times{beside}: say near which text. They stand near {places}"
        )
    raise NotThere(f"there is nothing to click called {label!r}{beside}. There is: {_labels(there)}")


def _labels(there: list[Clickable]) -> str:
    shown = [f"⋯ {one.label}" if one.in_overflow else f"[{one.label}]" for one in there]
    return " ".join(shown) or "nothing"


def fields(shown: Json, reader: Reader) -> list[Field]:
    """Every input of a message or view. One outside an input block goes by the text beside it or its placeholder."""
    labels: dict[str, tuple[str, bool]] = {}
    for block in shown.get("blocks") or ():
        if block["type"] == "input":
            labels[block["block_id"]] = (reader.text(block["label"]), bool(block.get("optional")))
        elif block["type"] == "section":
            labels[block["block_id"]] = (reader.text(block.get("text")), True)
    found = []
    for block_id, element in state.elements(shown):
        if element["type"] in KINDS:
            own = reader.text(element.get("placeholder")) or str(element.get("action_id"))
            label, optional = labels.get(block_id, (own, True))
            found.append(Field(label, block_id, element, optional))
    return found


def field(shown: Json, label: str, reader: Reader) -> Field:
    """The input with this label."""
    there = fields(shown, reader)
    tests: tuple[Callable[[str], bool], ...] = (
        lambda one: one == label,
        lambda one: one.casefold() == label.casefold(),
    )
    for matches in tests:
        found = [one for one in there if matches(one.label)]
        if len(found) == 1:
            return found[0]
        if found:
            raise NotThere(f"{len(found)} fields are called {label!r}")
    labels = ", ".join(repr(one.label) for one in there) or "none"
    raise NotThere(f"there is no field {label!r}. The fields are: {labels}")


def value_for(one: Field, given: object, reader: Reader) -> object:
    """What is given in people's words, as the control API takes it: option values, ids, ISO dates."""
    if given is None:
        return None
    if isinstance(given, list | tuple | set):
        return [value_for(one, item, reader) for item in given]
    kind = one.element["type"]
    if kind in ("static_select", "multi_static_select", "checkboxes", "radio_buttons"):
        return _option_value(one, given, reader)
    if isinstance(given, str):
        if "users_select" in kind:
            return reader.names.user(given)["id"]
        if "conversations_select" in kind or "channels_select" in kind:
            return reader.names.channel(given)["id"]
    if hasattr(given, "isoformat"):
        return _iso(kind, given)
    return given


def _iso(kind: str, given: Any) -> str:
    return str(given.strftime("%H:%M")) if kind == "timepicker" else str(given.isoformat())


def _option_value(one: Field, given: object, reader: Reader) -> str | None:
    options = one.options(reader)
    if isinstance(given, bool) and len(options) == 1:
        return next(iter(options.values())) if given else None
    if given in options:
        return options[str(given)]
    folded = [value for text, value in options.items() if text.casefold() == str(given).casefold()]
    if len(folded) == 1:
        return folded[0]
    if given in options.values():
        return str(given)
    raise NotThere(f"{one.label!r} doesn't offer {given!r}. It offers: {', '.join(map(repr, options))}")


def shown_value(one: Field, entry: Json, reader: Reader) -> Any:
    """A value as people read it: texts of options, names of people, else what was typed."""
    value = entry.get(KINDS[one.element["type"]].field)
    if isinstance(value, list):
        return [_shown(item, one, reader) for item in value]
    return _shown(value, one, reader)


def _shown(value: Any, one: Field, reader: Reader) -> Any:
    if isinstance(value, dict) and "text" in value:
        return reader.text(value["text"])
    if isinstance(value, str) and "users_select" in one.element["type"]:
        return reader.names.user_name(value)
    if isinstance(value, str) and (
        "channels_select" in one.element["type"] or "conversations" in one.element["type"]
    ):
        return reader.names.channel_name(value)
    return value
