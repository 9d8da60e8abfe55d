"""The traffic pane: what goes over the wire, for people who build bots, with mistakes where they can be read."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from slack_sdk.errors import SlackApiError

from tests.browser.snack import Floor
from tests.browser.window import Window
from tests.sandbox_kit.kit import actions, button, element, plain, section


def test_a_wrong_block_is_answered_and_can_be_read(floor: Floor) -> None:
    """The bot gets Slack's code; the pane has the call in red, with the reason and its place, and the payload below."""
    page = floor.window()
    window = Window(page)
    window.clicks("Traffic")
    with pytest.raises(SlackApiError, match="invalid_blocks"):
        floor.posts(section("before"), {"type": "actions", "elements": [button("x" * 76)]})
    entry = window.traffic.get_by_role("listitem").filter(has_text="invalid_blocks")
    expect(entry).to_have_class(re.compile("is-error"))
    expect(entry).to_contain_text("chat.postMessage")
    expect(entry).to_contain_text(
        "must be less than 76 characters [json-pointer:/blocks/1/elements/0/text/text]"
    )
    entry.get_by_text("chat.postMessage").click()
    expect(entry.locator("pre").first).to_contain_text('"elements"')
    expect(page.get_by_role("main").get_by_text("before")).to_have_count(0)


def test_a_click_and_its_calls_are_listed_and_filtered(floor: Floor) -> None:
    """The envelope with its ack, the calls that follow; kinds and words narrow the list, Esc closes the pane."""
    page = floor.window()
    window = Window(page)
    message = floor.shows(page, actions(button("Take it", "take")))
    window.clicks("Traffic")
    search = window.traffic.get_by_role("searchbox")
    expect(search).to_be_focused()
    message.get_by_role("button", name="Take it").click()
    entries = window.traffic.get_by_role("listitem")
    envelope = entries.filter(has_text="block_actions")
    expect(envelope).to_contain_text(re.compile(r"take · Ana Reyes · #ask-billing.*ack \d+ ms"))
    expect(entries.filter(has_text="chat.update")).to_be_visible()
    window.traffic.get_by_role("combobox", name="Kind of traffic").select_option("Commands & clicks")
    expect(entries.filter(has_text="chat.update")).to_have_count(0)
    expect(envelope).to_be_visible()
    search.fill("nothing like it")
    expect(entries).to_have_count(0)
    search.fill("")
    search.press("Escape")
    expect(window.traffic).to_be_hidden()
    expect(page.get_by_role("button", name="Traffic")).to_be_focused()


def test_an_app_is_asked_for_the_options_of_a_select(floor: Floor) -> None:
    """Letters go to it, what it answers is offered, and what is chosen goes to it as well."""
    page = floor.window()
    finder = element("external_select", "find", placeholder=plain("Find a snack"), min_query_length=1)
    message = floor.shows(page, actions(finder))
    box = message.get_by_role("combobox", name="Find a snack")
    box.click()
    expect(page.get_by_role("status").filter(has_text="Type a letter to search.")).to_be_visible()
    box.press_sequentially("ban")
    option = page.get_by_role("option")
    expect(option).to_have_text(["Banana bread", "Banana chips"])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(box).to_have_value("Banana chips")
    expect(page.get_by_text("Found banana-chips")).to_be_visible()
