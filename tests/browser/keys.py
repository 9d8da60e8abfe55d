"""Somebody without a mouse: Tab, Enter, arrows and Esc, and the letters that they type."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from tests.browser.window import Window

FARTHEST = 150
"""How many times somebody presses Tab before they give up."""

HAS_FOCUS = "node => node.contains(document.activeElement)"


class Keys:
    """The keyboard of a window."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self._keyboard = window.page.keyboard

    def press(self, *keys: str) -> None:
        """Keys, one after the other."""
        for key in keys:
            self._keyboard.press(key)

    def writes(self, text: str) -> None:
        """Letter by letter, where the focus is."""
        self._keyboard.type(text)

    def tabs_to(self, target: Locator, *, back: bool = False) -> None:
        """With Tab (or Shift+Tab) until the focus is there, which must be seen."""
        expect(target).to_be_visible()
        for _ in range(FARTHEST):
            if target.evaluate(HAS_FOCUS):
                return
            self.press("Shift+Tab" if back else "Tab")
        raise AssertionError(f"Tab does not lead to {target}")

    def enters(self, name: str | re.Pattern[str], *, on: Locator, back: bool = False) -> None:
        """Goes to a button and presses it with Enter."""
        self.tabs_to(on.get_by_role("button", name=name, exact=isinstance(name, str)), back=back)
        self.press("Enter")

    def ticks(self, label: str, choice: str) -> None:
        """A radio button or a checkbox of the open form."""
        field = self.window.field(label)
        self.tabs_to(field)
        wanted = field.get_by_role("radio", name=choice, exact=True).or_(
            field.get_by_role("checkbox", name=choice, exact=True)
        )
        radios = field.get_by_role("radio").count() > 0
        while not wanted.evaluate(HAS_FOCUS):
            self.press("ArrowDown" if radios else "Tab")
        if not wanted.is_checked():
            self.press("Enter")
        expect(wanted).to_be_checked()

    def picks(self, label: str, choice: str) -> None:
        """An option of a select: the list opens with an arrow, letters narrow it, Enter chooses, Esc closes."""
        field = self.window.field(label)
        self.tabs_to(field)
        self.press("ArrowDown")
        self.writes(choice)
        wanted = self.window.page.get_by_role("option", name=choice, exact=True)
        expect(wanted).to_be_visible()
        while field.get_attribute("aria-activedescendant") != wanted.get_attribute("id"):
            self.press("ArrowDown")
        self.press("Enter")
        if field.get_attribute("aria-expanded") == "true":
            self.press("Escape")
        expect(self.window.page.get_by_role("listbox", name="Options")).to_have_count(0)

    def fills(self, label: str, text: str) -> None:
        """A field of the open form."""
        self.tabs_to(self.window.field(label))
        self.writes(text)
