"""Whatever an app sends, the checks answer with sentences; and what they let through, the state can work with."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sandbox.blockkit import problems_in_message, problems_in_metadata, problems_in_view, state
from sandbox.driver import mentions, render_text
from tests.sandbox_kit.kit import actions, button, modal, section
from tests.sandbox_kit.snackbot import card, form
from tests.sandbox_kit.test_blockkit_rules import BARS, RICH, TABLE

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["type", "text", "x"]), inner, max_size=3)
    ),
    max_leaves=5,
)
FORM = form("C0ASKBILL")
MESSAGE = [*card("Jane"), RICH, TABLE, BARS, section(accessory=button()), actions(button())]


def _paths(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path for key, item in inner for path in [(*at, key), *_paths(item, (*at, key))]]


def _changed(value: Any, path: tuple[Any, ...], to: Any) -> Any:
    changed = deepcopy(value)
    node = changed
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = to
    return changed


def test_the_whole_examples_are_in_order() -> None:
    assert problems_in_view(FORM) == []
    assert problems_in_message(MESSAGE) == []


@given(ANY_JSON)
def test_any_json_is_judged(value: Any) -> None:
    for problems in (problems_in_message(value), problems_in_view(value), problems_in_metadata(value)):
        assert all("[json-pointer:/" in problem for problem in problems)


@given(st.sampled_from(_paths(FORM)), ANY_JSON)
def test_a_form_with_one_thing_changed_is_refused_or_works(path: tuple[Any, ...], to: Any) -> None:
    view = _changed(FORM, path, to)

    if not problems_in_view(view):
        values = state.initial_state(view)
        assert state.carry_over(view, values, view) == values
        assert isinstance(state.client_errors(view, values), dict)
        json.dumps(render_text(view))


@given(st.sampled_from(_paths(MESSAGE)), ANY_JSON)
def test_a_message_with_one_thing_changed_is_refused_or_read(path: tuple[Any, ...], to: Any) -> None:
    blocks = _changed(MESSAGE, path, to)

    if not problems_in_message(blocks):
        json.dumps(render_text({"blocks": blocks}))
        mentions({"blocks": blocks})


def test_an_unchanged_view_keeps_its_state() -> None:
    view = modal(section())

    assert state.carry_over(view, {}, view) == {}
