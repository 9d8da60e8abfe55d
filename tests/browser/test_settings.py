"""A manager at the page: a section edited with a mistake on the way, user groups from their menu, a channel set up."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from tests.browser.window import Window, Windows
from tests.journeys.floor import Floor

UNCLAIMED = "Unclaimed: remind after (minutes)"


def edits(page: Window, section: str) -> None:
    """Opens a section from the overview."""
    row = page.form.locator(".section").filter(has_text=section)
    page.clicks("Edit", on=row)
    expect(title(page, section)).to_be_visible()


def title(page: Window, name: str) -> Locator:
    return page.form.get_by_role("heading", name=name, exact=True)


def test_a_manager_edits_the_settings_and_opens_another_desk(desk: Floor, windows: Windows) -> None:
    """Each mistake stands at its field, the form stays, and what was mended counts."""
    page = windows.open_as("Mia", desk.sandbox.url)
    page.types("/askdesk settings")
    page.sees("Unclaimed 3, 7, 15 min", on=page.form)

    edits(page, "Reminders")
    page.fills({UNCLAIMED: "7, 3"})
    page.clicks("Save", on=page.form)
    expect(page.field(UNCLAIMED)).to_have_accessible_description(re.compile("3 follows 7"))
    expect(page.field(UNCLAIMED)).to_be_focused()
    page.fills({UNCLAIMED: "2, 5"})
    page.clicks("Save", on=page.form)
    page.sees("Unclaimed 2, 5 min", on=page.form)
    page.sees("3, 7, 15 → 2, 5", on="changed the settings")

    edits(page, "Who is who")
    groups = page.field("TLs: user groups")
    groups.fill("SME")
    page.clicks("@billing-smes · Billing SMEs", role="option")
    page.sees("@billing-smes", on=page.form)
    page.clicks("Save", on=page.form)
    page.sees("TLs: @billing-tls, @billing-smes", on=page.form)
    page.form.get_by_role("button", name="Close", exact=True).last.click()
    expect(page.form).to_have_count(0)

    page.goes_to("random")
    page.types("/invite @askdesk")
    page.clicks("Set it up", on="Make this an ASK channel?")
    page.fills({"Name": "Sales", "SMEs: people": ["Amy Cole"]})
    page.submits("Set up")
    page.sees("made this the ASK channel of Sales")
