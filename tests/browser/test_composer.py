"""Where one writes: commands with their hints, names, new lines, drafts, message shortcuts, and text that is only text."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.window import Windows
from tests.journeys.floor import Floor

EVIL = "<img src=x onerror=\"document.title='owned'\">"
MARKUP = "main :is(script, img[src=x]), aside :is(script, img[src=x]), dialog :is(script, img[src=x])"


def test_a_command_is_completed_and_says_what_it_takes(desk: Floor, windows: Windows) -> None:
    """Letters offer the commands, Tab takes one, its hint stands above what is typed; Esc gives the list up."""
    ana = windows.open_as("Ana", desk.sandbox.url)
    offered = ana.main.get_by_role("listbox", name="Slash commands").get_by_role("option")
    ana.composer.press_sequentially("/")
    expect(offered).to_have_count(3)
    ana.composer.press_sequentially("esc")
    expect(offered).to_have_text([re.compile("^/escalate.*customer.*Raise a case")])
    ana.composer.press("Escape")
    expect(offered).to_have_count(0)
    ana.composer.press_sequentially("a")
    ana.composer.press("Tab")
    expect(ana.composer).to_have_value("/escalate ")
    expect(ana.composer).to_have_accessible_description(re.compile(r"^/escalate \[customer\] \[number\]"))
    ana.composer.press_sequentially("Jane Doe")
    ana.composer.press("Enter")
    expect(ana.field("Customer")).to_have_value("Jane Doe")


def test_what_is_written(desk: Floor, windows: Windows) -> None:
    """Shift and Enter make a line, a name becomes a mention, a draft waits, a command that is none is said to be none."""
    ana = windows.open_as("Ana", desk.sandbox.url, "C0RANDOM")
    ana.composer.press_sequentially("Ask @ben")
    expect(ana.main.get_by_role("listbox", name="People").get_by_role("option").first).to_contain_text(
        "Ben Carter"
    )
    ana.composer.press("Enter")
    ana.composer.press("Shift+Enter")
    ana.composer.press_sequentially("or *me* ")
    ana.goes_to("ask-billing")
    expect(ana.composer).to_have_value("")
    ana.goes_to("random")
    ana.composer.press("Enter")
    (said,) = desk.ana.messages(in_="#random")
    assert said.text == "Ask @Ben Carter \nor me"
    ana.types("/nothing")
    ana.sees("/nothing is not a valid command", on=ana.main)


def test_a_message_is_escalated_from_its_menu(desk: Floor, windows: Windows) -> None:
    """What it said is the story so far."""
    desk.arjun.says("Mrs Doe has been billed twice and is furious.", in_="#ask-billing")
    ana = windows.open_as("Ana", desk.sandbox.url)
    ana.uses(re.compile("^Escalate this"), on="billed twice")
    expect(ana.field("What happened and what was promised")).to_have_value(
        re.compile("billed twice and is furious")
    )
    ana.page.keyboard.press("Escape")
    expect(ana.form).to_have_count(0)


def test_script_in_every_field_of_a_case_stays_text(desk: Floor, windows: Windows) -> None:
    """From the form over the card, the note and the close form to the lists: it is shown as it was written."""
    ana = windows.open_as("Ana", desk.sandbox.url)
    ana.types(f"/escalate {EVIL} +1 212 555 0132")
    ana.fills(
        {
            "Customer": EVIL,
            "Contact number": "+1 212 555 0132",
            "Scenario": "Asked during the conversation",
            "Reasons": ["Other"],
            "Other reason": EVIL,
            "Could not attempt because": "Customer hung up",
            "What happened and what was promised": f"{EVIL} and <b>more</b> &lt;b&gt;",
            "Your direct superior": "Ben Carter",
            "Account or call reference": EVIL,
        }
    )
    ana.submits("Escalate")
    card = ana.sees(EVIL, on="Case 1")
    ana.sees("<b>more</b> &lt;b&gt;", on=card)

    ben = windows.open_as("Ben", desk.sandbox.url)
    ben.clicks("Claim", on="Case 1")
    ben.opens_thread("Case 1")
    ben.chooses("Add note", on="Case 1")
    ben.fills({"Note": EVIL})
    ben.submits("Add note")
    ben.sees(EVIL, on=ben.message("noted", within=ben.thread))
    ben.types(EVIL, into=ben.reply)
    ben.types("/callbacks all")
    ben.sees(EVIL, on="All open cases")
    ben.clicks("Calling now", on="Case 1")
    ben.clicks("Complete", on="Case 1")
    ben.fills({"Outcome": "Resolved", "What was granted": EVIL, "Notes": f"{EVIL} and that was it"})
    ben.submits("Save")
    ben.sees(f"{EVIL} and that was it", on="Case 1")
    ben.types("/askdesk show 1")
    ben.sees(EVIL, on="Only visible to you")
    ben.goes_to("Askdesk Home")
    ben.sees("What to type in the channel", on=ben.main)
    for window in (ana, ben):
        assert window.counts(MARKUP) == 0
        assert "owned" not in window.page.title()
