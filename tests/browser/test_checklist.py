"""The first minutes, by the checklist's own sentences: by mouse alone, by keyboard alone, and once more from the start."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from bot.demo.shift import OVERDUE, VISITOR, good_moment
from tests.bot.test_demo import CLOCKS_CHANGED, Visit, visit
from tests.browser.keys import Keys
from tests.browser.window import Window, Windows

COMMAND = f"/escalate {VISITOR.name} {VISITOR.contact}"
HANDOVER = "Billed twice, wants it back today."
NOTES = "Refunded while we were talking."
NOW = "Now is the agreed time"
MINE = 13
"""The visitor's case: a dozen were there before."""

SHIFT_MS = 180_000
"""How long two nights at the desk may take on a busy machine."""


@pytest.fixture(scope="module")
def demo() -> Iterator[Visit]:
    """The demo with its shift, for one visitor after the other."""
    with visit(good_moment(CLOCKS_CHANGED)) as place:
        yield place


@pytest.fixture
def page(demo: Visit, windows: Windows) -> Window:
    """The address that the demo prints."""
    window = windows.open_as("Ana", demo.site.sandbox.url)
    window.sees("0 of 6", on=window.checklist)
    return window


def test_by_mouse_alone_and_then_once_more_from_the_start(page: Window) -> None:
    """Letters have to be typed; all else is clicked."""
    page.composer.click()
    page.composer.fill(COMMAND)
    page.clicks("Send now", on=page.main)
    page.fills(
        {
            "Scenario": "Asked during the conversation",
            "Reasons": ["Billing dispute"],
            "De-escalation tried": ["Apologised"],
            "What happened and what was promised": HANDOVER,
        }
    )
    page.submits("Escalate")
    page.ticked("Escalate as Ana")

    page.clicks("Be Ben", on=page.checklist)
    page.clicks("Claim", on=f"Case {MINE}")
    page.ticked("Claim as Ben")

    page.opens_thread(f"Case {MINE}")
    for _ in range(3):
        page.clicks("+15 min")
        page.sees(
            "It is", on=page.page.get_by_role("region", name="Clock of the workspace").get_by_role("status")
        )
    page.ticked("Let the time come")

    page.clicks("Calling now", on=page.message(NOW, within=page.thread))
    page.clicks("Complete", on=page.card(MINE, within=page.thread))
    page.fills({"Outcome": "Resolved", "Notes": NOTES})
    page.submits("Save")
    page.ticked("Call, and log the outcome")
    page.sees("Closed: Resolved", on=f"Case {MINE}")

    page.clicks("Be Ana", on=page.checklist)
    page.goes_to("Askdesk")
    page.composer.fill("my customer wants a supervisor")
    page.clicks("Send now", on=page.main)
    page.sees("Only visible to you", on="does not take cases in direct messages")
    page.ticked("Try a direct message")

    page.clicks("Be Tess", on=page.checklist)
    page.clicks("Take over", on=f"Overdue: case {OVERDUE}")
    page.ticked("Rescue an overdue call")
    page.sees("6 of 6", on=page.checklist)
    page.sees("That is all of it.", on=page.checklist)

    page.clicks("Start over")
    page.clicks("Start over", on=page.form)
    expect(page.acting("Ana Reyes")).to_be_visible(timeout=SHIFT_MS)
    page.sees("0 of 6", on=page.checklist)
    page.sees("nobody has claimed it yet", on="Case 11")
    expect(page.card(MINE)).to_have_count(0)


def test_by_keyboard_alone(page: Window) -> None:
    """Tab, Enter, arrows and Esc; every step from where the one before left the focus."""
    keys = Keys(page)
    keys.tabs_to(page.page.get_by_role("link", name="Skip to the message field"))
    keys.press("Enter")
    expect(page.composer).to_be_focused()
    keys.writes(COMMAND)
    keys.press("Enter")
    keys.ticks("Scenario", "Asked during the conversation")
    keys.picks("Reasons", "Billing dispute")
    keys.ticks("De-escalation tried", "Apologised")
    keys.fills("What happened and what was promised", HANDOVER)
    keys.enters("Escalate", on=page.form)
    page.ticked("Escalate as Ana")

    keys.enters("Be Ben", on=page.checklist, back=True)
    keys.enters("Claim", on=page.card(MINE), back=True)
    page.ticked("Claim as Ben")

    keys.enters(re.compile(r"^\d+ repl"), on=page.card(MINE))
    expect(page.reply).to_be_focused()
    keys.tabs_to(page.page.get_by_role("button", name="+15 min"))
    for _ in range(3):
        keys.press("Enter")
    page.ticked("Let the time come")

    keys.enters("Calling now", on=page.message(NOW, within=page.thread), back=True)
    keys.enters("Complete", on=page.card(MINE, within=page.thread), back=True)
    keys.picks("Outcome", "Resolved")
    keys.fills("Notes", NOTES)
    keys.enters("Save", on=page.form)
    page.ticked("Call, and log the outcome")
    page.sees("Closed: Resolved", on=f"Case {MINE}")

    keys.enters("Be Ana", on=page.checklist, back=True)
    keys.tabs_to(page.conversation("Askdesk"), back=True)
    keys.press("Enter")
    keys.tabs_to(page.composer)
    keys.writes("my customer wants a supervisor")
    keys.press("Enter")
    page.sees("Only visible to you", on="does not take cases in direct messages")
    page.ticked("Try a direct message")

    keys.enters("Be Tess", on=page.checklist, back=True)
    keys.enters("Take over", on=page.message(f"Overdue: case {OVERDUE}"), back=True)
    page.ticked("Rescue an overdue call")
    page.sees("6 of 6", on=page.checklist)
