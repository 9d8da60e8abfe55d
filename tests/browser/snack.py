"""A workspace with a bot in it that is not Askdesk, and windows onto it."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page, expect
from slack_sdk.web import WebClient

from sandbox.driver import Driver
from sandbox.seed import BOT_TOKEN
from sandbox.server import SandboxThread
from tests.browser.window import Windows

Json = dict[str, Any]

CHANNEL = "C0ASKBILL"
ANA = f"/?as=U0ANA#{CHANNEL}"


class Floor:
    """A workspace with the snack bot in it, and windows onto it."""

    def __init__(self, sandbox: SandboxThread, windows: Windows) -> None:
        self.url = sandbox.url
        self.slack = Driver(sandbox.url)
        self.api = WebClient(BOT_TOKEN, base_url=sandbox.api_url)
        self._windows = windows

    def window(self, **options: Any) -> Page:
        """Ana's window onto #ask-billing."""
        return self._windows.open(self.url + ANA, **options).page

    def posts(self, *blocks: Json, **more: Any) -> str:
        """The bot posts blocks; the message's ts."""
        answer = self.api.chat_postMessage(channel=CHANNEL, text="Blocks", blocks=[*blocks], **more)
        return str(answer["ts"])

    def shows(self, page: Page, *blocks: Json, **more: Any) -> Locator:
        """The bot posts blocks; the message as the page draws it."""
        return page.locator(f'main [data-ts="{self.posts(*blocks, **more)}"]')

    def orders(self, page: Page) -> Locator:
        """Ana orders a snack; the modal."""
        self.slack.person("Ana").types("/order", in_="#ask-billing")
        modal = page.get_by_role("dialog", name="Order a snack")
        expect(modal).to_be_visible()
        return modal
