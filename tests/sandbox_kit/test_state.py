"""What people type and choose is kept, refused and handed over in Slack's own shapes."""

from __future__ import annotations

import re
from typing import Any

import pytest

from sandbox.blockkit import state
from tests.sandbox_kit.kit import actions, button, element, field, modal, option, options, plain, section

EMPTY: list[tuple[dict[str, Any], dict[str, Any]]] = [
    (element("plain_text_input"), {"value": None}),
    (element("email_text_input"), {"value": None}),
    (element("url_text_input"), {"value": None}),
    (element("number_input", is_decimal_allowed=False), {"value": None}),
    (element("rich_text_input"), {"rich_text_value": None}),
    (element("static_select", options=options(2)), {"selected_option": None}),
    (element("external_select"), {"selected_option": None}),
    (element("radio_buttons", options=options(2)), {"selected_option": None}),
    (element("users_select"), {"selected_user": None}),
    (element("conversations_select"), {"selected_conversation": None}),
    (element("channels_select"), {"selected_channel": None}),
    (element("checkboxes", options=options(2)), {"selected_options": []}),
    (element("multi_static_select", options=options(2)), {"selected_options": []}),
    (element("multi_external_select"), {"selected_options": []}),
    (element("multi_users_select"), {"selected_users": []}),
    (element("multi_conversations_select"), {"selected_conversations": []}),
    (element("multi_channels_select"), {"selected_channels": []}),
    (element("datepicker"), {"selected_date": None}),
    (element("timepicker"), {"selected_time": None}),
    (element("datetimepicker"), {"selected_date_time": None}),
    (element("file_input"), {"files": []}),
]


@pytest.mark.parametrize(("inner", "entry"), EMPTY, ids=[inner["type"] for inner, _ in EMPTY])
def test_an_untouched_input_has_slacks_empty_entry(inner: dict[str, Any], entry: dict[str, Any]) -> None:
    assert state.initial_state(modal(field(inner))) == {"b": {"it": {"type": inner["type"], **entry}}}


GROUPED = [{"label": plain("Group"), "options": options(3)}]
TYPED: list[tuple[dict[str, Any], Any, Any]] = [
    (element("plain_text_input"), "Jane", "Jane"),
    (element("plain_text_input"), "", None),
    (element("number_input", is_decimal_allowed=False), 12, "12"),
    (element("static_select", options=options(2)), "1", option("1")),
    (element("static_select", option_groups=GROUPED), "2", option("2")),
    (element("external_select"), option("from the app"), option("from the app")),
    (element("radio_buttons", options=options(2)), "0", option("0")),
    (element("checkboxes", options=options(3)), ["2", "0", "2"], [option("2"), option("0")]),
    (element("checkboxes", options=options(3)), "1", [option("1")]),
    (element("multi_static_select", options=options(3)), None, []),
    (element("users_select"), "U0ANA", "U0ANA"),
    (element("multi_users_select"), ["U0ANA", "U0BEN"], ["U0ANA", "U0BEN"]),
    (element("channels_select"), "C0RANDOM", "C0RANDOM"),
    (element("datepicker"), "2026-11-24", "2026-11-24"),
    (element("timepicker"), "09:30", "09:30"),
    (element("datetimepicker"), 1790000000, 1790000000),
    (element("datepicker", initial_date="2026-11-24"), None, None),
]


@pytest.mark.parametrize(("inner", "value", "kept"), TYPED, ids=[f"{e['type']}-{v}" for e, v, _ in TYPED])
def test_a_value_is_kept_as_slack_sends_it(inner: dict[str, Any], value: Any, kept: Any) -> None:
    view = modal(field(inner))
    values = state.initial_state(view)

    entry = state.set_value(view, values, "b", "it", value)

    assert values == {"b": {"it": entry}}
    assert list(entry.values()) == [inner["type"], kept]


IMPOSSIBLE: list[tuple[dict[str, Any], Any, str]] = [
    (element("static_select", options=options(2)), "7", "static_select `it` offers '0', '1', not '7'"),
    (element("radio_buttons", options=options(2)), ["0", "1"], "radio_buttons `it` takes one value, not 2"),
    (element("datepicker"), "24.11.", "datepicker `it` takes a date such as 2026-11-24, not '24.11.'"),
    (
        element("datepicker"),
        "2026-02-30",
        "datepicker `it` takes a date such as 2026-11-24, not '2026-02-30'",
    ),
    (element("timepicker"), "9 am", "timepicker `it` takes a time such as 09:30, not '9 am'"),
    (element("users_select"), "Ana", "users_select `it` takes the id of a user, not 'Ana'"),
    (element("plain_text_input"), {"no": 1}, "plain_text_input `it` takes text, not {'no': 1}"),
]


@pytest.mark.parametrize(("inner", "value", "sentence"), IMPOSSIBLE, ids=[s for _, _, s in IMPOSSIBLE])
def test_a_value_that_an_input_cannot_take_is_refused_in_a_sentence(
    inner: dict[str, Any], value: Any, sentence: str
) -> None:
    view = modal(field(inner))
    values = state.initial_state(view)

    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        state.set_value(view, values, "b", "it", value)
    assert values == state.initial_state(view)


def test_a_button_has_no_value_and_a_missing_element_is_named() -> None:
    view = modal(actions(button(), block_id="row"))

    assert state.initial_state(view) == {}
    with pytest.raises(ValueError, match="can only be clicked"):
        state.set_value(view, {}, "row", "press", "x")
    with pytest.raises(ValueError, match="no element row/pull; those here: row/press"):
        state.set_value(view, {}, "row", "pull", "x")


def test_inputs_in_sections_and_actions_have_values_too() -> None:
    view = modal(
        section(block_id="s", accessory=element("checkboxes", "tick", options=options(1))),
        actions(button(), element("datepicker", "day", initial_date="2026-11-24"), block_id="a"),
    )

    assert state.initial_state(view) == {
        "s": {"tick": {"type": "checkboxes", "selected_options": []}},
        "a": {"day": {"type": "datepicker", "selected_date": "2026-11-24"}},
    }
    assert state.element(view, "a", "press") == button()
    assert state.element(view, "a", "tick") is None


def test_an_initial_option_is_sent_as_the_option_itself() -> None:
    offered = {"text": {**plain("Yes"), "emoji": True}, "value": "y"}
    inner = element("radio_buttons", options=[offered], initial_option={"text": plain("Yes"), "value": "y"})

    assert state.initial_state(modal(field(inner)))["b"]["it"]["selected_option"] == offered


def test_changing_the_state_leaves_the_view_alone() -> None:
    view = modal(field(element("static_select", options=options(2))))
    entry = state.set_value(view, state.initial_state(view), "b", "it", "0")

    entry["selected_option"]["value"] = "changed"

    assert view["blocks"][0]["element"]["options"] == options(2)


def test_typed_values_survive_an_update_where_both_ids_stay() -> None:
    old = modal(field(element("plain_text_input")), field(element("datepicker"), block_id="day"))
    typed = state.initial_state(old)
    state.set_value(old, typed, "b", "it", "Jane")
    state.set_value(old, typed, "day", "it", "2026-11-24")
    new = modal(
        field(element("plain_text_input"), "Another label"),
        field(element("datepicker", "other", initial_date="2026-12-01"), block_id="day"),
    )

    kept = state.carry_over(old, typed, new)

    assert kept["b"]["it"]["value"] == "Jane"
    assert kept["day"] == {"other": {"type": "datepicker", "selected_date": "2026-12-01"}}


def test_an_emptied_field_stays_empty_although_the_update_has_an_initial_value() -> None:
    old = modal(field(element("plain_text_input")))
    new = modal(field(element("plain_text_input", initial_value="prefilled")))

    assert state.carry_over(old, state.initial_state(old), new)["b"]["it"]["value"] is None


def test_a_choice_that_is_no_longer_offered_gives_way() -> None:
    old = modal(field(element("static_select", options=options(3))))
    chosen = state.initial_state(old)
    state.set_value(old, chosen, "b", "it", "2")
    new = modal(field(element("static_select", options=options(2), initial_option=option("0"))))

    assert state.carry_over(old, chosen, new)["b"]["it"]["selected_option"] == option("0")


def test_another_kind_of_element_starts_anew() -> None:
    old = modal(field(element("datepicker", initial_date="2026-11-24")))
    new = modal(field(element("timepicker")))

    assert state.carry_over(old, state.initial_state(old), new)["b"]["it"]["selected_time"] is None


ERRORS: list[tuple[dict[str, Any], Any, str | None]] = [
    (element("plain_text_input"), None, state.REQUIRED),
    (element("plain_text_input"), "   ", state.REQUIRED),
    (element("checkboxes", options=options(2)), [], state.REQUIRED),
    (element("plain_text_input", min_length=3), "ab", "Please enter at least 3 characters."),
    (element("plain_text_input", min_length=3), "abc", None),
    (element("plain_text_input", max_length=3), "abcd", "Please enter no more than 3 characters."),
    (element("plain_text_input"), "x" * 3001, "Please enter no more than 3000 characters."),
    (
        element("multi_static_select", options=options(3), max_selected_items=2),
        ["0", "1", "2"],
        "Please choose no more than 2 items.",
    ),
    (element("number_input", is_decimal_allowed=False), "twelve", "Please enter a number."),
    (element("number_input", is_decimal_allowed=False), "1.5", "Please enter a whole number."),
    (element("number_input", is_decimal_allowed=True), "1.5", None),
    (
        element("number_input", is_decimal_allowed=True, min_value="2"),
        "1.5",
        "Please enter a number of at least 2.",
    ),
    (element("email_text_input"), "jane", "Please enter a valid email address."),
    (element("url_text_input"), "example.test", "Please enter a valid URL."),
]


@pytest.mark.parametrize(("inner", "value", "problem"), ERRORS)
def test_slacks_client_refuses_before_the_app_hears(
    inner: dict[str, Any], value: Any, problem: str | None
) -> None:
    view = modal(field(inner))
    values = state.initial_state(view)
    state.set_value(view, values, "b", "it", value)

    assert state.client_errors(view, values) == ({"b": problem} if problem else {})


def test_an_optional_field_may_stay_empty_but_not_be_wrong() -> None:
    view = modal(field(element("plain_text_input", min_length=3), optional=True))
    values = state.initial_state(view)
    assert state.client_errors(view, values) == {}

    state.set_value(view, values, "b", "it", "ab")
    assert state.client_errors(view, values) == {"b": "Please enter at least 3 characters."}


def test_a_choice_beside_a_section_is_never_required() -> None:
    view = modal(section(block_id="s", accessory=element("static_select", options=options(1))))

    assert state.client_errors(view, state.initial_state(view)) == {}
