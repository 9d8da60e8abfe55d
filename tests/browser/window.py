"""A window of the page, in which somebody sits: what people do with mouse and keyboard, in their words."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

PATIENT_MS = 15_000
"""How long a story waits on a busy machine before it says that something was not seen."""


class Windows:
    """Windows of one browser, and what their consoles complained of."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self.errors: list[str] = []

    def open(self, url: str, **options: Any) -> Page:
        """A fresh window (its own storage) at an address; `options` are those of Playwright's contexts."""
        context = self._browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
        context.set_default_timeout(PATIENT_MS)
        self._contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.errors.append(f"{error}"))
        page.on("console", lambda line: self.errors.append(line.text) if line.type == "error" else None)
        page.goto(url)
        return page

    def close(self) -> None:
        """Close them all."""
        for context in self._contexts:
            context.close()
