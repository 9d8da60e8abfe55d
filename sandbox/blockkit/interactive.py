"""What interactive elements have in common: an action id, a confirmation, a placeholder, the focus.

Source: https://docs.slack.dev/reference/block-kit/block-elements
"""

from __future__ import annotations

from sandbox.blockkit.limits import longest
from sandbox.blockkit.objects import CONFIRM, DISPATCH_CONFIG, plain
from sandbox.blockkit.walk import Check, Rule, Shape, Walk, anything, array, boolean, integer, string


def _action_id(walk: Walk, value: object, at: str) -> None:
    before = len(walk.problems)
    string(longest("action_id"))(walk, value, at)
    if len(walk.problems) > before or not isinstance(value, str) or value == "":
        return
    if value in walk.action_ids:
        walk.add(f'`action_id` "{value}" already exists', at)
    walk.action_ids.add(value)


def _focus_on_load(walk: Walk, value: object, at: str) -> None:
    boolean(walk, value, at)
    if value is True:
        walk.focused += 1
        if walk.focused > 1:
            walk.add("only one element can have `focus_on_load` set to true", at)


def response_url_enabled(walk: Walk, value: object, at: str) -> None:
    """Slack: only for menus in input blocks of modals."""
    boolean(walk, value, at)
    if value is True and not (walk.in_input and walk.surface == "modal"):
        walk.add("`response_url_enabled` only works in `input` blocks in modals", at)


def element_shape(
    fields: dict[str, Check], required: tuple[str, ...] = (), rules: tuple[Rule, ...] = ()
) -> Shape:
    """The shape of an interactive element: its own fields beside ``type`` and ``action_id``."""
    return Shape({"type": anything, "action_id": _action_id, **fields}, required, rules)


CONFIRMED: dict[str, Check] = {"confirm": CONFIRM}
FOCUSED: dict[str, Check] = {"focus_on_load": _focus_on_load}
PLACEHOLDER: dict[str, Check] = {"placeholder": plain(longest("select.placeholder"))}
MENU: dict[str, Check] = CONFIRMED | FOCUSED | PLACEHOLDER
TYPED: dict[str, Check] = FOCUSED | PLACEHOLDER | {"dispatch_action_config": DISPATCH_CONFIG}
MANY: dict[str, Check] = {"max_selected_items": integer(1)}
IDS = array(string(shortest=1), least=1)
