"""The control API at `/control/…`: what people do and see, time, faults and switches. JSON in, JSON out.

Refusals are answered with status 400 and `{"ok": false, "refused": true, "error": "a sentence"}`; to the web page, which
says so with the header `X-Sandbox-Page`, with status 200. Channels and users may be given by
id or by name. `as_team` and `as_app` in the body of a gesture forge the team and app id in what the app is sent.
`seen` (blocks) in the body of a click says what the person had in front of them, where the message has changed since.
"""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web

from sandbox.control.directory import Directory
from sandbox.control.gestures import Gestures
from sandbox.control.guided import Guided
from sandbox.control.live import Live
from sandbox.control.people import People
from sandbox.control.seeing import Seeing
from sandbox.control.switches import Switches
from sandbox.control.tour import Tour
from sandbox.workspace.core import Core


class Control:
    """Everything under /control."""

    def __init__(
        self, core: Core, people: People, reset: Callable[[], None], tour: Callable[[], Tour | None]
    ) -> None:
        self.live = Live(core.workspace)
        self._parts = (
            Seeing(core),
            Gestures(core, people),
            Directory(core),
            Switches(core, reset),
            Guided(core, tour),
        )

    def routes(self) -> list[web.RouteDef]:
        """The addresses and who serves them."""
        found = [route for part in self._parts for route in part.routes()]
        return [*found, web.get("/control/live", self.live.handle, allow_head=False)]
