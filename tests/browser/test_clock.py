"""The clock on the page: time passes at a press, and what Askdesk says by itself arrives while one looks on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

import pytest
from playwright.sync_api import expect

from bot.demo.shift import good_moment
from bot.demo.tour import FirstMinutes
from tests.bot.test_demo import CLOCKS_CHANGED, Visit, fills_in, visit
from tests.browser.window import Windows

NEXT = re.compile("^To the next ping")
PING = re.compile("^Askdesk in #ask-billing.*In 15 min you call")


@pytest.fixture
def demo() -> Iterator[Visit]:
    """The demo without its shift: one case is enough here."""
    with visit(good_moment(CLOCKS_CHANGED), empty=True) as place:
        yield place


def test_time_passes_from_ping_to_ping(demo: Visit, windows: Windows) -> None:
    """Ben is called by name elsewhere and goes there; nobody calls, the channel is told, and Tess takes over."""
    ben = windows.open_as("Ben", demo.site.sandbox.url)
    clock = ben.page.get_by_role("region", name="Clock of the workspace")
    ben.sees("2:30 AM", on=clock)
    ben.sees("nothing planned", on=clock)
    fills_in(demo)
    ben.clicks("Claim", on="Case 1")
    ben.opens_thread("Case 1")
    ben.goes_to("random")
    expect(ben.thread).to_be_hidden()

    ben.clicks("+15 min", on=clock)
    ben.sees("2:45 AM", on=clock)
    ben.clicks(NEXT, on=clock)
    expect(ben.conversation("ask-billing")).to_have_accessible_name("ask-billing 1 mention")
    expect(ben.page).to_have_title("(1) #random · Ben Carter · Northwind Care")
    ben.clicks(PING)
    ben.sees("In 15 min you call case 1", on=ben.thread)
    expect(ben.conversation("ask-billing")).to_have_accessible_name("ask-billing")

    ben.clicks(NEXT, on=clock)
    ben.sees("Now is the agreed time", on=ben.thread)
    tess = windows.open_as("Tess", demo.site.sandbox.url)
    ben.clicks(NEXT, on=clock)
    overdue = tess.message("Overdue: case 1")
    tess.sees("replied to a thread", on=overdue)
    tess.sees("@Ben Carter", on=overdue)
    tess.sees("Overdue since", on="Case 1")
    tess.clicks("Take over", on=overdue)
    ben.sees("with @Tess Lim", on="Case 1")


class DueAlready(FirstMinutes):
    """Its next moment has always just come."""

    async def next_moment(self) -> datetime | None:
        """Now."""
        return self._site.clock.now()


def test_what_is_due_can_be_gone_to(demo: Visit, windows: Windows) -> None:
    """The page's clock is past the moment that the button names, and the ping is not there yet."""
    demo.site.sandbox.give_tour(DueAlready(demo.site))
    ben = windows.open_as("Ben", demo.site.sandbox.url)
    clock = ben.page.get_by_role("region", name="Clock of the workspace")
    button = ben.sees("any moment now", on=clock.get_by_role("button", name=NEXT))
    expect(button).to_have_attribute("aria-disabled", "false")
    ben.clicks(NEXT, on=clock)
    ben.sees("It is 2:30 AM now", on=clock)


def test_it_starts_over_in_every_window(demo: Visit, windows: Windows) -> None:
    """Also where the thread of a case is open that is then no more."""
    fills_in(demo)
    ana, ben = (windows.open_as(who, demo.site.sandbox.url) for who in ("Ana", "Ben"))
    ben.uses("Reply in thread", on="Case 1")
    ben.sees("Case 1", on=ben.thread)
    ana.clicks("Start over")
    ana.sees("forgotten, in every window", on=ana.form)
    ana.clicks("Cancel", on=ana.form)
    expect(ben.card(1)).to_be_visible()
    ana.clicks("Start over")
    ana.clicks("Start over", on=ana.form)
    for window in (ana, ben):
        expect(window.card(1)).to_have_count(0)
        window.sees("0 of 5", on=window.checklist)
    expect(ben.thread).to_be_hidden()
    expect(ben.acting("Ben Carter")).to_be_visible()
