"""App Home: opened, and looked at program by program. Its cases' buttons are those of the cards (`clicks`)."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from bot.listeners.front import Ack, Body, Front
from bot.listeners.guard import Visit
from bot.slack.calls import error_code
from bot.views import home
from bot.views.ids import Action, number_of, value_of
from bot.views.refusals import stranger

log = structlog.get_logger(__name__)

NOBODY = frozenset({"user_not_found", "invalid_arguments", "not_enabled"})
"""What Slack says where nobody is called so, or where they can have no Home of this app."""


def register(app: AsyncApp, front: Front) -> None:
    @app.event("app_home_opened")
    async def opened(body: Body, event: Body) -> None:
        if event.get("tab") == "home":
            front.aside(
                _published(_opened(front, body, str(event["user"]))), "publish a Home", front.teller(body)
            )

    @app.action(Action.CHOOSE_PROGRAM, matchers=[front.admitted])
    async def choose(ack: Ack, body: Body, action: Body, context: dict[str, Any]) -> Any:
        visit: Visit = context["visit"]
        chosen = front.homes.choose(visit.user, number_of(value_of(action)))
        front.aside(_published(chosen), "publish a Home", front.teller(body))
        return await ack()


def _opened(front: Front, body: Body, user: str) -> Awaitable[None]:
    """Others' cases are in nobody's Home but in those of the people who work at the desk."""
    if front.guard.is_strange(body):
        return front.slack.publish_home(user, home.turned_away(stranger()))
    return front.homes.opened(user)


async def _published(work: Awaitable[None]) -> None:
    try:
        await work
    except SlackApiError as error:
        if error_code(error) not in NOBODY:
            raise
        log.warning("a Home is nobody's", why=error_code(error))
