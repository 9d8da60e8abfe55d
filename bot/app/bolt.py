"""Bolt's app: how requests are taken from Slack, and the listeners that answer them."""

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
"""In the order in which they are asked whether something is theirs; `elsewhere` takes what nobody wants."""


def bolt_app(
    given: Settings, identity: Identity, front: Front, answered: Callable[[str, float, bool], None]
) -> AsyncApp:
    """The app with all its listeners; `answered` hears of each answer: its kind, its seconds, whether it went well.

    It verifies nothing: what comes by HTTP was held against its signature before it was read (bot/slack/inbound.py),
    and in Socket Mode it comes on a connection that Slack opened.
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
    # It warns that it ignores SLACK_BOT_TOKEN, which is read here, not there.
    logger.setLevel(logging.ERROR)
    by_http = given.slack_app_token is None
    app = MeasuredApp(
        answered,
        name="askdesk",  # without a name it reads the sources of all its callers to find one
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
