"""App Home: opened, and looked at program by program. Its cases' buttons are those of the cards (`clicks`)."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.listeners.front import Ack, Body, Front
from bot.slack.guard import Visit
from bot.views import home
from bot.views.ids import Action
from bot.views.refusals import stranger


def register(app: AsyncApp, front: Front) -> None:
    @app.event("app_home_opened")
    async def opened(body: Body, event: Body) -> None:
        if event.get("tab") == "home":
            front.aside(_open(front, body, str(event["user"])), "publish a Home", front.teller(body))

    @app.action(Action.CHOOSE_PROGRAM, matchers=[front.admitted])
    async def choose(ack: Ack, body: Body, action: Body, context: dict[str, Any]) -> Any:
        visit: Visit = context["visit"]
        chosen = front.homes.choose(visit.user, int(action["selected_option"]["value"]))
        front.aside(chosen, "publish a Home", front.teller(body))
        return await ack()


async def _open(front: Front, body: Body, user: str) -> None:
    """Others' cases are in nobody's Home but in those of the people who work at the desk."""
    if front.guard.is_strange(body):
        await front.slack.publish_home(user, home.turned_away(stranger()))
    else:
        await front.homes.opened(user)
