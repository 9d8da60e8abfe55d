"""The tools that the Block Kit tables are made of: a walk that collects problems, and small checks.

Slack answers a bad payload with sentences such as ``must be less than 76 characters
[json-pointer:/blocks/0/text/text]`` in ``response_metadata.messages``; these checks say the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Surface = Literal["message", "modal", "home"]
Json = dict[str, Any]


@dataclass
class Walk:
    """One pass over a payload: where it will be shown, what was met so far, and what is wrong with it."""

    surface: Surface
    problems: list[str] = field(default_factory=list)
    block_ids: set[str] = field(default_factory=set)
    action_ids: set[str] = field(default_factory=set)
    """Of the block being read: action ids are unique within a block, not within a message."""
    in_input: bool = False
    focused: int = 0
    tables: int = 0
    markdown_length: int = 0

    def add(self, problem: str, at: str) -> None:
        """Note a problem at the JSON pointer ``at``."""
        self.problems.append(f"{problem} [json-pointer:{at}]")


Check = Callable[[Walk, object, str], None]
Rule = Callable[[Walk, Json, str], None]


@dataclass(frozen=True)
class Shape:
    """An object's known fields, which of them must be there, and rules across fields.

    Rules run only when the fields themselves are in order, so that they may rely on types.
    A field that isn't known is refused, as Slack refuses it.
    """

    fields: Mapping[str, Check]
    required: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()

    def __call__(self, walk: Walk, value: object, at: str) -> None:
        if not isinstance(value, dict):
            walk.add("must provide an object", at)
            return
        before = len(walk.problems)
        for name in self.required:
            if name not in value:
                walk.add(f"missing required field: {name}", at)
        for name, item in value.items():
            check = self.fields.get(name)
            if check is None:
                walk.add(f"invalid additional property: {name}", at)
            else:
                check(walk, item, f"{at}/{name}")
        if len(walk.problems) == before:
            for rule in self.rules:
                rule(walk, value, at)


def string(longest: int | None = None, shortest: int = 0) -> Check:
    """A string of ``shortest`` to ``longest`` characters."""

    def check(walk: Walk, value: object, at: str) -> None:
        if not isinstance(value, str):
            walk.add("must provide a string", at)
        elif longest is not None and len(value) > longest:
            walk.add(f"must be less than {longest + 1} characters", at)
        elif len(value) < shortest:
            walk.add(f"must be more than {shortest - 1} characters", at)

    return check


def matching(pattern: str, what: str, valid: Callable[[str], bool] = lambda _: True) -> Check:
    """A string of a given form (and, of that form, one which ``valid`` accepts)."""
    form = re.compile(pattern)

    def check(walk: Walk, value: object, at: str) -> None:
        if not isinstance(value, str):
            walk.add("must provide a string", at)
        elif not form.fullmatch(value) or not valid(value):
            walk.add(f"must be {what}", at)

    return check


def enum(*values: str) -> Check:
    """One of a few known strings."""

    def check(walk: Walk, value: object, at: str) -> None:
        if not isinstance(value, str):
            walk.add("must provide a string", at)
        elif value not in values:
            walk.add("must be a valid enum value", at)

    return check


def boolean(walk: Walk, value: object, at: str) -> None:
    """True or false."""
    if not isinstance(value, bool):
        walk.add("must provide a boolean", at)


def integer(least: int | None = None, greatest: int | None = None) -> Check:
    """A whole number within bounds."""

    def check(walk: Walk, value: object, at: str) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            walk.add("must provide an integer", at)
        elif least is not None and value < least:
            walk.add(f"must be greater than {least - 1}", at)
        elif greatest is not None and value > greatest:
            walk.add(f"must be less than {greatest + 1}", at)

    return check


def number(above: float | None = None) -> Check:
    """A number, greater than ``above`` where that is given."""

    def check(walk: Walk, value: object, at: str) -> None:
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            walk.add("must provide a number", at)
        elif above is not None and value <= above:
            walk.add(f"must be greater than {above:g}", at)

    return check


def array(item: Check, most: int | None = None, least: int = 0) -> Check:
    """A list of ``least`` to ``most`` items, each of which ``item`` accepts."""

    def check(walk: Walk, value: object, at: str) -> None:
        if not isinstance(value, list):
            walk.add("must provide an array", at)
            return
        if most is not None and len(value) > most:
            walk.add(f"no more than {most} items allowed", at)
        elif len(value) < least:
            walk.add(f"must provide at least {least} items", at)
        for index, entry in enumerate(value):
            item(walk, entry, f"{at}/{index}")

    return check


def typed(shapes: Mapping[str, Check]) -> Check:
    """An object whose ``type`` says which of ``shapes`` it must have."""

    def check(walk: Walk, value: object, at: str) -> None:
        if not isinstance(value, dict):
            walk.add("must provide an object", at)
        elif "type" not in value:
            walk.add("missing required field: type", at)
        elif not isinstance(value["type"], str) or value["type"] not in shapes:
            walk.add(f"unsupported type: {value['type']}", f"{at}/type")
        else:
            shapes[value["type"]](walk, value, at)

    return check


def either(first: str, second: str) -> Rule:
    """At least one of two fields must be there."""

    def rule(walk: Walk, value: Json, at: str) -> None:
        if first not in value and second not in value:
            walk.add(f"must define either `{first}` or `{second}`", at)

    return rule


def not_both(first: str, second: str) -> Rule:
    """Two fields that exclude each other."""

    def rule(walk: Walk, value: Json, at: str) -> None:
        if first in value and second in value:
            walk.add(f"must define either `{first}` or `{second}`, not both", at)

    return rule


def anything(walk: Walk, value: object, at: str) -> None:
    """A field whose content Slack's reference leaves open."""
