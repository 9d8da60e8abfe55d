"""Who the bot is: asked of Slack once, at the start."""

from __future__ import annotations

import asyncio

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from bot.environment.settings import Settings
from bot.slack.answers import Identity
from bot.slack.calls import BARRED, Slack, error_code

log = structlog.get_logger(__name__)

LONGEST_PAUSE = 30.0


class TokenRefused(Exception):
    """Slack refuses the bot's token; the text says what to do."""

    def __init__(self, code: str) -> None:
        super().__init__(
            f"SLACK_BOT_TOKEN is refused by Slack ({code}). Install the app to the workspace again, copy the new token "
            "from OAuth & Permissions, and start again. Nothing is lost: what waits is sent then."
        )


async def who_am_i(slack: Slack, settings: Settings) -> Identity:
    """The answer, however long Slack takes. Raises TokenRefused."""
    token = settings.slack_app_token
    app = None if token is None else token.get_secret_value().split("-")[2]
    pause = 1.0
    while True:
        try:
            return await slack.identity(app)
        except SlackApiError as error:
            code = error_code(error)
            if code in BARRED or code == "not_allowed_token_type":
                raise TokenRefused(code) from None
            why = code
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            why = type(error).__name__
        log.warning("Slack does not answer; trying again", why=why, seconds=pause)
        await asyncio.sleep(pause)
        pause = min(LONGEST_PAUSE, pause * 2)
