"""Makes the pictures of the README and the docs from the running demo: `uv run python -m tests.browser.pictures`.

The page is drawn with Lato, Slack's own typeface, where the machine has it (Debian: fonts-lato).
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Locator, expect, sync_playwright

from bot.demo.shift import OVERDUE, VISITOR, good_moment
from tests.bot.test_demo import CLOCKS_CHANGED, Visit, visit
from tests.browser.chromium import chromium
from tests.browser.window import Window, Windows

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"

COLOURS = 256
"""Enough for a page of plain colours; a third of the bytes."""

SHARP: dict[str, Any] = {"device_scale_factor": 2, "reduced_motion": "reduce"}
NARROW: dict[str, Any] = {**SHARP, "viewport": {"width": 940, "height": 900}}
"""A window in which a card fills its column."""

STILL: dict[str, Any] = {"animations": "disabled", "caret": "hide"}
EDGE = 18

MINE = 13
"""The visitor's case: a dozen were there before."""

FORM = {
    "Scenario": "Asked during the conversation",
    "Reasons": ["Billing dispute"],
    "De-escalation tried": ["Apologised", "Offered a callback"],
    "What happened and what was promised": "Charged twice for November, $48.20 each. I promised that a team lead "
    "calls before her bank closes, with the date of the refund.",
}


def keep(name: str, shown: bytes) -> None:
    """Writes a picture down in as few bytes as it needs."""
    picture = Image.open(io.BytesIO(shown))
    PICTURES.mkdir(exist_ok=True)
    few = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(PICTURES / f"{name}.png", optimize=True)


def aside(window: Window) -> None:
    """The pointer and the focus go where they lie over nothing."""
    window.main.get_by_role("heading", level=1).click()
    expect(window.page.get_by_role("group", name="Message actions")).to_have_count(0)


def keep_message(name: str, message: Locator, window: Window) -> None:
    """A message with nothing over it."""
    aside(window)
    message.scroll_into_view_if_needed()
    keep(name, message.screenshot(**STILL))


def keep_form(name: str, window: Window) -> None:
    """The open form, with a little of what lies behind it."""
    window.page.mouse.move(0, 0)
    box = window.form.bounding_box()
    assert box is not None
    left, top = box["x"] - EDGE, box["y"] - EDGE
    wide, high = box["width"] + 2 * EDGE, box["height"] + 2 * EDGE
    keep(name, window.page.screenshot(clip={"x": left, "y": top, "width": wide, "height": high}, **STILL))


def take(demo: Visit, windows: Windows) -> Iterator[str]:
    """Goes through a case as a visitor does, and takes a picture where there is something to see."""
    url = demo.site.sandbox.url
    tess = windows.open_as("Tess", url, **NARROW)
    keep_message("overdue", tess.message(f"Overdue: case {OVERDUE}"), tess)
    yield "overdue"

    demo.ana.says("Next one: charged twice, and she wants to hear it from a team lead.", in_="#ask-billing")
    ana = windows.open_as("Ana", url, **NARROW)
    ana.types(f"/escalate {VISITOR.name} {VISITOR.contact}")
    ana.fills(FORM)
    ana.field("Customer").scroll_into_view_if_needed()
    keep_form("form", ana)
    yield "form"
    ana.submits("Escalate")

    ben = windows.open_as("Ben", url, **NARROW)
    keep_message("card-open", ben.card(MINE), ben)
    yield "card-open"
    ben.clicks("Claim", on=ben.card(MINE))
    ben.sees("With @Ben Carter", on=ben.card(MINE))
    keep_message("card-claimed", ben.card(MINE), ben)
    yield "card-claimed"

    whole = windows.open_as("Ben", url, **SHARP)
    whole.ticked("Claim as Ben")
    whole.opens_thread(f"Case {OVERDUE}")
    aside(whole)
    keep("page", whole.page.screenshot(**STILL))
    yield "page"

    ben.clicks("Calling now", on=ben.card(MINE))
    ben.clicks("Complete", on=ben.card(MINE))
    ben.fills(
        {"Outcome": "Resolved", "Notes": "Second charge refunded while we were on the phone; she thanked us."}
    )
    ben.submits("Save")
    ben.sees("Closed: Resolved", on=ben.card(MINE))
    keep_message("card-closed", ben.card(MINE), ben)
    yield "card-closed"


def main() -> None:
    """All of them, each told with its size."""
    path = chromium()
    if path is None:
        sys.exit("No Chromium found: install it, or set CHROMIUM to its path.")
    with visit(good_moment(CLOCKS_CHANGED)) as demo, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for name in take(demo, Windows(browser)):
            size = (PICTURES / f"{name}.png").stat().st_size
            print(f"pictures/{name}.png  {size // 1000} kB")  # noqa: T201
        browser.close()


if __name__ == "__main__":
    main()
