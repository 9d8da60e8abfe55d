"""What axe-core finds on every main state of the page, in light, in dark and on a phone; and nothing runs over the edge."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.axe import serious
from tests.browser.window import Window, Windows
from tests.journeys.floor import Floor

DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}

LOOKS: dict[str, dict[str, Any]] = {
    "light": {**DESK, "color_scheme": "light"},
    "dark": {**DESK, "color_scheme": "dark"},
    "phone": {**PHONE, "color_scheme": "light"},
}

RUNS_OVER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.mark.parametrize("look", LOOKS)
def test_every_main_state_can_be_used_by_everybody(desk: Floor, windows: Windows, look: str) -> None:
    """Channel, thread, traffic, form with errors, settings, App Home and the DM: no serious or critical finding."""
    desk.claimed()
    mia = windows.open_as("Mia", desk.sandbox.url, **LOOKS[look])
    mia.sees("With @Ben Carter", on="Case 1")
    is_fit(mia, "the channel")

    mia.opens_thread("Case 1")
    mia.sees("claimed case 1", on=mia.thread)
    is_fit(mia, "a thread")
    mia.clicks("Close thread", on=mia.thread)

    mia.clicks("Traffic")
    expect(mia.traffic.get_by_role("listitem").first).to_be_visible()
    mia.traffic.get_by_text("views.open").first.click()
    is_fit(mia, "the traffic")
    mia.clicks("Close traffic", on=mia.traffic)

    mia.types("/escalate")
    mia.clicks("Escalate", on=mia.form)
    expect(mia.field("Customer")).to_have_attribute("aria-invalid", "true")
    is_fit(mia, "a form with mistakes")
    mia.clicks("Close", on=mia.form)
    expect(mia.form).to_have_count(0)

    mia.types("/askdesk settings")
    mia.clicks("Edit", on=mia.form, nth=1)
    mia.sees("SMEs: people", on=mia.form)
    is_fit(mia, "the settings")
    mia.clicks("Close all", on=mia.form)
    expect(mia.form).to_have_count(0)

    goes_to(mia, "Askdesk Home")
    mia.sees("What to type in the channel", on=mia.main)
    is_fit(mia, "the Home tab")
    goes_to(mia, "Askdesk")
    mia.types("My customer wants a supervisor")
    mia.sees("Only visible to you", on="does not take cases in direct messages")
    is_fit(mia, "the direct message")


def goes_to(who: Window, name: str) -> None:
    """By the sidebar, which on a phone has to be opened first."""
    menu = who.page.get_by_role("button", name="Channels and people")
    if menu.is_visible():
        menu.click()
    who.goes_to(name)


def is_fit(who: Window, where: str) -> None:
    """Nothing serious, and no scrolling sideways."""
    assert serious(who.page) == [], where
    assert not who.page.evaluate(RUNS_OVER), where


def test_the_theme_is_ones_own_and_stays(desk: Floor, windows: Windows) -> None:
    """As the system has it until somebody chooses; the choice is still there after a reload."""
    ana = windows.open_as("Ana", desk.sandbox.url, color_scheme="dark")
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    dark = ana.page.evaluate(ground)
    ana.clicks("Switch to the light theme")
    expect(ana.page.get_by_role("button", name="Switch to the dark theme")).to_be_visible()
    light = ana.page.evaluate(ground)
    assert dark != light
    ana.page.reload()
    expect(ana.page.get_by_role("button", name=re.compile("dark theme"))).to_be_visible()
    assert ana.page.evaluate(ground) == light
