"""What the parts of the control API share: the body of a request, finding what it names, and serving."""

from __future__ import annotations

import json
import math
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web

from sandbox.workspace.core import Core
from sandbox.workspace.errors import NotPossible
from sandbox.workspace.model import App, Channel, Json, Message, User, View

MAX_POLL_SECONDS = 60.0

PAGE = "X-Sandbox-Page"
"""The header by which the web page is known: to it a refusal is an answer like any other, not an error on the console."""


class Body(dict[str, Any]):
    """The JSON body or the query of a request, with readable refusals for what is missing."""

    def need(self, name: str) -> str:
        """A field as text; refused where it is missing."""
        if self.get(name) in (None, ""):
            raise NotPossible(f"the field {name!r} is missing")
        return str(self[name])

    def number(self, name: str, default: float = 0.0) -> float:
        """A field as a number."""
        try:
            number = float(self.get(name) or default)
        except (TypeError, ValueError):
            number = math.nan
        if not math.isfinite(number):
            raise NotPossible(f"the field {name!r} is no number")
        return number

    def count(self, name: str) -> int:
        """A field as a whole number from 0; 0 where it is missing."""
        return max(int(self.number(name)), 0)

    def forged(self) -> dict[str, Any]:
        """The ids to forge."""
        return {"as_team": self.get("as_team"), "as_app": self.get("as_app")}


Handler = Callable[[Body], Awaitable[Json | web.StreamResponse]]


class Part:
    """A part of the control API. Its `gets`, `posts` and `deletes` say what it serves, by path under /control/."""

    def __init__(self, core: Core) -> None:
        self.core = core
        self.workspace = core.workspace

    def gets(self) -> Mapping[str, Handler]:
        """What answers a GET."""
        return {}

    def posts(self) -> Mapping[str, Handler]:
        """What answers a POST."""
        return {}

    def deletes(self) -> Mapping[str, Handler]:
        """What answers a DELETE."""
        return {}

    def routes(self) -> list[web.RouteDef]:
        """The addresses of this part."""
        return [
            *(web.get(f"/control/{path}", served(handler)) for path, handler in self.gets().items()),
            *(web.post(f"/control/{path}", served(handler)) for path, handler in self.posts().items()),
            *(web.delete(f"/control/{path}", served(handler)) for path, handler in self.deletes().items()),
        ]

    # Finding what a request names

    def _user(self, body: Body, name: str = "user") -> User:
        key = body.need(name)
        if (user := self.workspace.user(key)) is None:
            raise NotPossible(f"nobody is called {key!r}")
        return user

    def _channel(self, body: Body) -> Channel:
        key = body.need("channel")
        if (channel := self.workspace.channel(key)) is None:
            raise NotPossible(f"there is no channel {key!r}")
        return channel

    def _message(self, body: Body, channel: Channel) -> Message:
        ts = body.need("ts")
        message = channel.messages.get(ts) or channel.ephemerals.get(ts)
        if message is None:
            raise NotPossible(f"there is no message {ts} in {channel.id}")
        return message

    def _view(self, body: Body) -> View:
        if (view := self.workspace.view(body.need("view_id"))) is None:
            raise NotPossible(f"no view {body['view_id']!r} is open")
        return view

    def _app(self, body: Body) -> App:
        apps = self.workspace.apps
        app = apps.get(str(body["app"])) if body.get("app") else next(iter(apps.values()), None)
        if app is None:
            raise NotPossible("there is no such app")
        return app


def view_shown(view: View) -> Json:
    """A modal or App Home as the control API shows it."""
    shown = {
        key: view.view.get(key)
        for key in ("type", "callback_id", "title", "submit", "close", "blocks", "private_metadata")
    }
    return {
        "id": view.id,
        "app": view.app_id,
        "user": view.user,
        "hash": view.hash,
        **shown,
        "values": view.state,
        "errors": view.errors,
        "notice": view.notice,
    }


def served(handler: Handler) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """A handler of aiohttp's: reads the body, turns refusals into answers."""

    async def serve(request: web.Request) -> web.StreamResponse:
        body = Body({**request.query, **request.match_info})
        try:
            if request.can_read_body:
                try:
                    given = json.loads(await request.text())
                except ValueError:
                    raise NotPossible("the body is not JSON") from None
                if not isinstance(given, dict):
                    raise NotPossible("the body is no JSON object")
                body.update(given)
            answer = await handler(body)
        except NotPossible as error:
            refused = {"ok": False, "refused": True, "error": str(error)}
            return web.json_response(refused, status=200 if PAGE in request.headers else 400)
        return answer if isinstance(answer, web.StreamResponse) else web.json_response(answer)

    return serve
