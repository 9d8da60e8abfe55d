"""The system's Chromium, and windows in which people sit."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from sandbox.driver import Driver
from sandbox.seed import Seed
from sandbox.server import SandboxThread
from tests.browser.chromium import chromium
from tests.browser.snack import Floor
from tests.browser.window import Windows
from tests.journeys.conftest import desk
from tests.patient import patient
from tests.sandbox_kit.snackbot import MANIFEST, Snackbot

__all__ = ["desk"]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for all these tests. In CI it has to be there; elsewhere the tests are skipped without it.

    Not for the whole session: while Playwright runs, no other test could start an event loop in this thread.
    """
    path = chromium()
    if path is None:
        missing = "no Chromium found: install Debian's package chromium, or set CHROMIUM to its path"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        # Chromium's own sandbox needs rights that containers lack; the pages are ours.
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def windows(browser: Browser) -> Iterator[Windows]:
    """Opens windows; at the end none may have seen an error on its console."""
    opened = Windows(browser)
    yield opened
    opened.close()
    assert opened.errors == []


@pytest.fixture(scope="package")
def snack_sandbox() -> Iterator[SandboxThread]:
    with patient(Seed(MANIFEST)) as sandbox, Snackbot(sandbox.api_url):
        Driver(sandbox.url).app_connects()
        yield sandbox


@pytest.fixture
def floor(snack_sandbox: SandboxThread, windows: Windows) -> Floor:
    """A workspace in its first state."""
    Driver(snack_sandbox.url).reset()
    return Floor(snack_sandbox, windows)
