"""Server-Sent Events at `/control/live`: each change of the workspace, told to whoever has a page open.

Nothing is queued per reader: each stream only remembers how far it has told, and the next message takes up all that
has happened since. A reader who takes nothing any more is let go; its browser comes back by itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import json

from aiohttp import web

from sandbox.workspace.model import Json
from sandbox.workspace.socketmode import reset_transport
from sandbox.workspace.workspace import Workspace, iso

HEARTBEAT_SECONDS = 15.0
BREATH_SECONDS = 0.05
"""How long a stream rests between two messages; what happens meanwhile goes into one."""
STUCK_SECONDS = 20.0

HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}


class Live:
    """Serves the streams."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._open: list[web.Request] = []

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One stream, until the reader goes or the server stops."""
        response = web.StreamResponse(headers=HEADERS)
        await response.prepare(request)
        self._open.append(request)
        with contextlib.suppress(ConnectionError, TimeoutError):
            try:
                await self._tell(request, response)
            except TimeoutError:
                reset_transport(request.transport)
            finally:
                self._open.remove(request)
        return response

    def hang_up(self) -> None:
        """Let go of the readers who would hold the server up: those who take nothing any more."""
        for request in self._open:
            transport = request.transport
            if isinstance(transport, asyncio.WriteTransport) and transport.get_write_buffer_size():
                reset_transport(transport)

    async def _tell(self, request: web.Request, response: web.StreamResponse) -> None:
        workspace = self.workspace
        told = self._from(request)
        while True:
            traffic, revision = workspace.traffic.count, workspace.revision
            await self._write(response, _event(self._news(told)))
            told = revision
            if workspace.closing:
                return
            await asyncio.sleep(BREATH_SECONDS)
            while not await workspace.wait_for_news(told, traffic, HEARTBEAT_SECONDS):
                await self._write(response, ": still here\n\n")

    def _from(self, request: web.Request) -> int:
        """Where the reader's knowledge ends; without a word, here and now."""
        given = request.headers.get("Last-Event-ID") or request.query.get("after") or ""
        return int(given) if given.isdecimal() else self.workspace.revision

    def _news(self, told: int) -> Json:
        """All that has happened since; `reset` where some of it is no longer known."""
        workspace = self.workspace
        changes = [change for change in workspace.changes if change["revision"] > told]
        oldest = changes[0]["revision"] if changes else workspace.revision + 1
        if oldest > told + 1 or told > workspace.revision:
            changes = [{"revision": workspace.revision, "kind": "reset"}, *changes]
        return {
            "revision": workspace.revision,
            "now": iso(workspace.clock.now()),
            "traffic": workspace.traffic.count,
            "changes": changes,
        }

    async def _write(self, response: web.StreamResponse, text: str) -> None:
        async with asyncio.timeout(STUCK_SECONDS):
            await response.write(text.encode())


def _event(news: Json) -> str:
    return f"id: {news['revision']}\ndata: {json.dumps(news)}\n\n"
