"""Two people in two windows: each sees at once what the other does, and what is told to one is told to that one only."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Route, expect

from sandbox.control import live
from sandbox.driver import Message
from tests.browser.window import Windows
from tests.journeys.floor import Floor

RANDOM = "C0RANDOM"
GROUP = "G0ANABEN"
LOST = "The sandbox does not answer; trying again"


def test_what_one_does_the_other_sees(desk: Floor, windows: Windows) -> None:
    """A new case marks the channel; a claim, a note and a reply arrive in the other window; a mention counts."""
    ben = windows.open_as("Ben", desk.sandbox.url, RANDOM)
    ana = windows.open_as("Ana", desk.sandbox.url)
    desk.escalates()
    ana.sees("nobody has claimed it yet", on="Case 1")
    expect(ben.conversation("ask-billing")).to_have_accessible_name(re.compile(r"1 unread"))
    ben.goes_to("ask-billing")
    ben.clicks("Claim", on="Case 1")
    ana.sees("With @Ben Carter", on="Case 1")

    ana.opens_thread("Case 1")
    ana.sees("Ben Carter claimed case 1", on=ana.message("claimed", within=ana.thread))
    ben.chooses("Add note", on="Case 1")
    ben.fills({"Note": "She prefers the afternoon."})
    ben.submits("Add note")
    ana.sees("She prefers the afternoon.", on=ana.thread)
    ana.types("Thanks, I told her @Ben Carter", into=ana.reply)
    expect(ben.card(1).get_by_role("button", name=re.compile(r"^3 replies"))).to_contain_text("3 new")
    ben.opens_thread("Case 1")
    ben.sees("Thanks, I told her @Ben Carter", on=ben.thread)
    expect(ben.conversation("ask-billing")).to_have_accessible_name("ask-billing")


def test_a_mention_is_told_though_the_sidebar_has_counted_it_already(
    desk: Floor, windows: Windows, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ana writes twice: what the page fetches because of the first message shows it the second one's mention as well."""
    monkeypatch.setattr(live, "BREATH_SECONDS", 0.5)
    ben = windows.open_as("Ben", desk.sandbox.url, RANDOM)
    channel = ben.conversation("ask-billing")
    expect(channel).to_have_accessible_name("ask-billing")
    written: list[Message] = []

    def writes_again(route: Route) -> None:
        if not written:
            written.append(desk.ana.says("<@U0BEN>, can you call Jane Doe?", in_="#ask-billing"))
        route.continue_()

    ben.page.route("**/control/sidebar?*", writes_again)
    desk.ana.says("Jane Doe wants a supervisor", in_="#ask-billing")
    expect(channel).to_have_accessible_name("ask-billing 1 mention")
    ben.clicks(re.compile("^Ana Reyes in #ask-billing.*can you call Jane Doe"))
    ben.sees("Jane Doe wants a supervisor", on=ben.main)


def test_who_comes_second_is_told_so_alone(desk: Floor, windows: Windows) -> None:
    """Sam's window has lost its connection, says so, and still shows the button that Ben has pressed meanwhile."""
    desk.escalates()
    ben, tess, sam = (windows.open_as(who, desk.sandbox.url) for who in ("Ben", "Tess", "Sam"))
    with windows.forgiving("ERR_FAILED"):
        sam.page.route("**/control/live?*", lambda route: route.abort())
        sam.page.reload()
        sam.sees(LOST)
        expect(sam.card(1).get_by_role("button", name="Claim")).to_be_visible()
        ben.clicks("Claim", on="Case 1")
        tess.sees("With @Ben Carter", on="Case 1")
        sam.clicks("Claim", on="Case 1")
        sam.page.unroute("**/control/live?*")
        sam.sees_no(LOST)
    told = sam.sees("Only visible to you", on="so you can't claim it")
    sam.sees("Case 1 is with @Ben Carter", on=told)
    sam.sees("With @Ben Carter", on="Case 1")
    for other in (ben, tess):
        other.sees_no("Only visible to you", on=other.main)
    sam.clicks("Dismiss", on=told)
    sam.sees_no("Only visible to you", on=sam.main)


def test_a_group_is_refused_and_only_the_writer_reads_why(desk: Floor, windows: Windows) -> None:
    """Both read what Ana wrote; the bot's answer is hers alone, and leads to the channel."""
    ana, ben = (windows.open_as(who, desk.sandbox.url, GROUP) for who in ("Ana", "Ben"))
    ana.types("My customer wants a supervisor")
    told = ana.sees("Only visible to you", on="does not take cases in group messages")
    ben.sees("My customer wants a supervisor", on=ben.main)
    ben.sees_no("does not take cases", on=ben.main)
    told.get_by_text("#ask-billing", exact=True).click()
    expect(ana.main.get_by_role("heading", level=1)).to_have_text("ask-billing")


def test_a_person_switches_and_leaves_no_trace_of_the_other(desk: Floor, windows: Windows) -> None:
    """One window may be anybody: what only Ana reads is gone when it is Ben's, and back when it is hers."""
    window = windows.open_as("Ana", desk.sandbox.url)
    desk.escalates()
    window.sees("Only visible to you", on=window.main)
    window.becomes("Ben Carter")
    expect(window.acting("Ben Carter")).to_be_visible()
    window.sees("Case 1 · Jane Doe", on=window.main)
    window.sees_no("Only visible to you", on=window.main)
    window.page.go_back()
    expect(window.acting("Ana Reyes")).to_be_visible()
    window.sees("Only visible to you", on=window.main)


def test_nobody_acts_with_the_hands_of_another(desk: Floor, windows: Windows) -> None:
    """Until the page knows what Ben sees, Ana's cards are still there, but nothing on them can be clicked in her name."""
    window = windows.open_as("Ana", desk.sandbox.url)
    desk.escalates()
    window.sees("nobody has claimed it yet", on="Case 1")
    seen_by_ben = re.compile(r"/control/channel/.*as=U0BEN")
    with windows.forgiving("ERR_FAILED"):
        window.page.route(seen_by_ben, lambda route: route.abort())
        window.becomes("Ben Carter")
        cards = window.main.locator(".message-list")
        expect(cards).to_have_attribute("inert", "")
        window.page.unroute(seen_by_ben)
    desk.ana.says("Anybody?", in_="#ask-billing")
    window.sees("Anybody?", on=window.main)
    expect(cards).not_to_have_attribute("inert", "")
    window.clicks("Claim", on="Case 1")
    window.sees("With @Ben Carter", on="Case 1")


def test_an_old_address_leads_to_a_sentence(desk: Floor, windows: Windows) -> None:
    """A thread that is no more is said to be gone; a place that somebody may not see gives way to one that they may."""
    ana = windows.open_as("Ana", desk.sandbox.url, "C0ASKBILL/1700000000.000100")
    ana.sees("This message is no longer there.", on=ana.thread)
    ana.clicks("Close thread", on=ana.thread)
    ana.page.goto(f"{desk.sandbox.url}/?as=U0ARJUN#{GROUP}")
    expect(ana.main.get_by_role("heading", level=1)).to_have_text("ask-billing")
