"""App Home: published anew for whoever opens it, straight to Slack and not through the outbox."""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp

from bot import desk
from bot.guard import Visit
from bot.listeners.front import Body, Front
from bot.views import home
from bot.views.refusals import stranger


def register(app: AsyncApp, front: Front) -> None:
    @app.event("app_home_opened")
    async def opened(body: Body, event: Body) -> None:
        if event.get("tab") == "home":
            front.aside(_publish(front, body, str(event["user"])), "publish a Home", front.teller(body))


async def _publish(front: Front, body: Body, user: str) -> None:
    """What `/callbacks mine` lists, in every program: others' cases are in nobody's Home."""
    if front.guard.is_strange(body):
        await front.slack.publish_home(user, home.turned_away(stranger()))
        return
    programs, now = front.programs(), front.clock()
    found = [
        linked
        for act in (front.act(Visit(program, user), "") for program in programs)
        for linked in await front.store.ask(desk.callbacks, act.program, act.who, "mine", now)
    ]
    await front.slack.publish_home(user, home.home(programs, user, found, now))
