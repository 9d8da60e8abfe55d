"""The escalation form on the page: mistakes at their fields, what is typed stays, and the form follows a choice."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.window import Window, Windows
from tests.journeys.floor import Floor

DETAILS = "What happened and what was promised"
HANDOVER = "Billed twice for October; I promised a call from a team lead."
REST = {
    "Scenario": "Asked during the conversation",
    "Reasons": ["Billing dispute"],
    "De-escalation tried": ["Offered a callback"],
    DETAILS: HANDOVER,
    "Your direct superior": "Ben Carter",
}


def begins(who: Window, line: str = "/escalate") -> None:
    """Opens the form with a command."""
    who.types(line)
    expect(who.page.get_by_role("dialog", name="Escalate")).to_be_visible()


def is_wrong(who: Window, label: str, says: str) -> None:
    """The field is marked, and what describes it says why."""
    expect(who.field(label)).to_have_attribute("aria-invalid", "true")
    expect(who.field(label)).to_have_accessible_description(re.compile(re.escape(says)))


def test_an_empty_form_says_at_each_field_what_is_missing(desk: Floor, windows: Windows) -> None:
    """Nothing is sent; the focus goes to the first of them; what is filled in is no longer wrong."""
    ana = windows.open_as("Ana", desk.sandbox.url)
    begins(ana)
    ana.clicks("Escalate", on=ana.form)
    required = ("Customer", "Contact number", "Scenario", "Reasons", DETAILS, "Your direct superior")
    for label in required:
        is_wrong(ana, label, "required field")
    expect(ana.form.locator("[aria-invalid=true]")).to_have_count(len(required))
    expect(ana.field("Customer")).to_be_focused()
    ana.fills({"Customer": "Jane Doe"})
    ana.clicks("Escalate", on=ana.form)
    expect(ana.form.locator("[aria-invalid=true]")).to_have_count(len(required) - 1)
    expect(ana.field("Contact number")).to_be_focused()
    assert desk.ben.messages(in_="#ask-billing") == []


def test_mistakes_stand_at_their_fields_and_nothing_typed_is_lost(desk: Floor, windows: Windows) -> None:
    """All at once, each with its sentence; mended in one go, the case is there."""
    ana = windows.open_as("Ana", desk.sandbox.url)
    begins(ana, "/escalate Jane Doe +1 212 555 0132")
    wrong = {
        "Customer": "Jane 4111-1111-1111-1111",
        "Contact number": "call her",
        "Callback date": "2026-11-22",
        "Mood": "Furious",
        **{label: value for label, value in REST.items() if label != "De-escalation tried"},
    }
    ana.fills(wrong)
    ana.clicks("Escalate", on=ana.form)
    says = {
        "Customer": "payment card",
        "Contact number": "This is not a phone number",
        "Callback date": "This time has passed",
        "De-escalation tried": "why nothing could be attempted",
    }
    for label, words in says.items():
        is_wrong(ana, label, words)
    expect(ana.form.locator("[aria-invalid=true]")).to_have_count(len(says))
    for label in ("Customer", "Contact number", "Callback date", DETAILS):
        expect(ana.field(label)).to_have_value(str(wrong[label]))
    expect(ana.field("Mood")).to_have_value("Furious")
    expect(ana.field("Scenario").get_by_label("Asked during the conversation")).to_be_checked()
    ana.sees("Billing dispute", on=ana.form.get_by_role("list", name="Chosen"))
    right = {"Customer": "Jane Doe", "Contact number": "+1 212 555 0132", "Callback date": "2026-11-24"}
    ana.fills({**right, "Could not attempt because": "Customer hung up"})
    ana.submits("Escalate")
    ana.sees("No de-escalation attempted: customer hung up", on="Case 1")
    ana.sees(HANDOVER, on="Case 1")


def test_the_form_follows_the_choice_that_the_customer_waits(desk: Floor, windows: Windows) -> None:
    """Date and time go, what was typed and the focus stay; the case is due at once."""
    ana = windows.open_as("Ana", desk.sandbox.url)
    begins(ana, "/escalate Jane Doe +1 212 555 0132")
    expect(ana.field("Customer")).to_have_value("Jane Doe")
    expect(ana.field("Contact number")).to_have_value("+1 212 555 0132")
    expect(ana.field("Callback date")).to_be_visible()
    ana.fills({DETAILS: HANDOVER, "The customer": "Is waiting on the line"})
    for label in ("Callback date", "Callback time"):
        expect(ana.field(label)).to_have_count(0)
    expect(ana.field("The customer").get_by_label("Is waiting on the line")).to_be_focused()
    expect(ana.field(DETAILS)).to_have_value(HANDOVER)
    ana.fills({label: value for label, value in REST.items() if label != DETAILS})
    ana.submits("Escalate")
    ana.sees("Customer is waiting on the line", on="Case 1")


def test_a_customer_who_has_a_case_already(desk: Floor, windows: Windows) -> None:
    """The open case is shown before a second one is raised, and a tick raises it all the same."""
    desk.escalates()
    arjun = windows.open_as("Arjun", desk.sandbox.url)
    begins(arjun, "/escalate J. Doe (212) 555-0132")
    arjun.fills(REST)
    arjun.clicks("Escalate", on=arjun.form)
    arjun.sees("This customer already has an open case.", on=arjun.form)
    arjun.sees("Case 1 · Jane Doe", on=arjun.form)
    expect(arjun.field(DETAILS)).to_have_value(HANDOVER)
    arjun.fills({"Already open": ["Raise a second case anyway"]})
    arjun.submits("Escalate")
    arjun.sees("Repeat contact: case 1", on="Case 2")


def test_esc_closes_what_is_uppermost(desk: Floor, windows: Windows) -> None:
    """An open list first, then the form, then the thread; and what was begun changes nothing."""
    desk.claimed()
    ben = windows.open_as("Ben", desk.sandbox.url)
    ben.opens_thread("Case 1")
    ben.clicks("Log outcome", on="Case 1")
    ben.fills({"How did the call end?": "Reached"})
    ben.field("Outcome").click()
    options = ben.page.get_by_role("listbox", name="Options")
    expect(options).to_be_visible()
    ben.page.keyboard.press("Escape")
    expect(options).to_have_count(0)
    expect(ben.form).to_be_visible()
    ben.page.keyboard.press("Escape")
    expect(ben.form).to_have_count(0)
    expect(ben.card(1).get_by_role("button", name="Log outcome")).to_be_focused()
    ben.page.keyboard.press("Escape")
    expect(ben.thread).to_be_hidden()
    ben.sees("With @Ben Carter", on="Case 1")
