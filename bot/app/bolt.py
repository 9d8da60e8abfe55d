"""Bolt's app: how requests from Slack are taken, and the listeners that answer them."""

from __future__ import annotations

import logging
from collections.abc import Callable

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

from bot.environment.settings import Settings
from bot.listeners import (
    arrivals,
    clicks,
    commands,
    elsewhere,
    home,
    settings,
    submissions,
)
from bot.listeners.front import Front
from bot.slack.answers import Identity
from bot.watch.metrics import MeasuredApp

LISTENERS = (commands, clicks, submissions, settings, home, arrivals, elsewhere)
"""In the order in which they are offered a request; `elsewhere` takes the rest."""


def bolt_app(
    given: Settings, identity: Identity, front: Front, answered: Callable[[str, float, bool], None]
) -> AsyncApp:
    """The app with all its listeners; `answered` is called for each answer with its kind, its seconds, and whether it
    succeeded.

    It verifies nothing: HTTP requests have had their signature checked before they were parsed (bot/slack/inbound.py),
    and Socket Mode uses a connection that Slack opened.
    """
    token = given.slack_bot_token.get_secret_value()

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None,
            team_id=identity.team,
            bot_token=token,
            bot_id=identity.bot_id,
            bot_user_id=identity.bot_user,
        )

    logger = logging.getLogger("slack_bolt")
    # It would warn that it ignores SLACK_BOT_TOKEN, which we read ourselves.
    logger.setLevel(logging.ERROR)
    by_http = given.slack_app_token is None
    app = MeasuredApp(
        answered,
        name="askdesk",  # without a name, it reads its callers' sources to find one
        authorize=authorize,
        process_before_response=True,
        request_verification_enabled=False,
        ssl_check_enabled=by_http,
        url_verification_enabled=by_http,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
        logger=logger,
    )
    for listeners in LISTENERS:
        listeners.register(app, front)
    return app
