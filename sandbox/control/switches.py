"""Time, sockets, limits, faults, and what went over the wire."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from itertools import islice, takewhile

from sandbox.control.part import MAX_POLL_SECONDS, Body, Handler, Part
from sandbox.workspace.core import Core
from sandbox.workspace.errors import NotPossible
from sandbox.workspace.faults import Fault
from sandbox.workspace.model import Json
from sandbox.workspace.workspace import iso

MAX_PUSH_SECONDS = 10 * 366 * 86_400
HIDDEN_TOKEN = "(not shown)"


class Switches(Part):
    """What no person does in Slack: let time pass, let things go wrong, look behind the scenes."""

    def __init__(self, core: Core, reset: Callable[[], None]) -> None:
        super().__init__(core)
        self.reset = reset

    def gets(self) -> Mapping[str, Handler]:
        """What answers a GET."""
        return {
            "clock": self.clock,
            "sockets": self.sockets,
            "faults": self.faults,
            "traffic": self.traffic,
            "problems": self.problems,
        }

    def posts(self) -> Mapping[str, Handler]:
        """What answers a POST."""
        return {
            "clock": self.push_clock,
            "sockets": self.switch_sockets,
            "limits": self.limits,
            "faults": self.add_fault,
            "revoke": self.revoke,
            "idle": self.idle,
            "reset": self.start_anew,
        }

    def deletes(self) -> Mapping[str, Handler]:
        """What answers a DELETE."""
        return {"faults": self.clear_faults}

    async def clock(self, body: Body) -> Json:
        """The workspace's time."""
        return {"now": iso(self.core.clock.now())}

    async def push_clock(self, body: Body) -> Json:
        """Let time pass."""
        seconds = body.number("seconds")
        if seconds > MAX_PUSH_SECONDS:
            raise NotPossible("that is too far: ten years at a time at most")
        try:
            now = await self.core.clock.let_pass(timedelta(seconds=seconds))
        except ValueError as error:
            raise NotPossible(str(error)) from None
        return {"now": iso(now)}

    async def sockets(self, body: Body) -> Json:
        """The WebSockets, oldest first."""
        return {"sockets": [connection.describe() for connection in self.core.hub.connections]}

    async def switch_sockets(self, body: Body) -> Json:
        """refresh, close, reset, deaf, revive (`which`: index among the live ones, id, or "all"), duplicate_next."""
        hub = self.core.hub
        reason = str(body.get("reason") or "refresh_requested")
        try:
            switched = await hub.switch(body.need("action"), body.get("which", 0), reason)
        except ValueError as error:
            raise NotPossible(str(error)) from None
        return {"ok": True, "switched": switched}

    async def limits(self, body: Body) -> Json:
        """Switch rate limits on or off; either way counting starts anew."""
        self.core.limits.on = bool(body.get("on", True))
        self.core.limits.clear()
        return {"ok": True, "on": self.core.limits.on}

    async def faults(self, body: Body) -> Json:
        """The faults still to come."""
        return {"faults": self.core.faults.describe()}

    async def add_fault(self, body: Body) -> Json:
        """Let something go wrong."""
        known = {key: body[key] for key in Fault.__dataclass_fields__ if key in body}
        body.need("kind")
        try:
            self.core.faults.add(Fault(**known))
        except ValueError as error:
            raise NotPossible(str(error)) from None
        return {"ok": True}

    async def clear_faults(self, body: Body) -> Json:
        """Nothing goes wrong any more."""
        self.core.faults.clear()
        return {"ok": True}

    async def revoke(self, body: Body) -> Json:
        """Revoke the app's bot or app token, or (`restore`) give it back."""
        app = self._app(body)
        token = app.app_token if body.need("token") == "app" else app.bot_token
        if body.get("restore"):
            self.workspace.revoked.discard(token)
        else:
            self.workspace.revoked.add(token)
        return {"ok": True}

    async def traffic(self, body: Body) -> Json:
        """What went over the wire since number `after`; the newest `limit` of it."""
        after, limit = body.count("after"), body.count("limit") or None
        newest = takewhile(lambda entry: entry["n"] > after, reversed(self.workspace.traffic.entries))
        return {"traffic": [_without_token(entry) for entry in islice(newest, limit)][::-1]}

    async def problems(self, body: Body) -> Json:
        """What broke the protocol."""
        return {"problems": list(self.workspace.traffic.problems)}

    async def idle(self, body: Body) -> Json:
        """Wait until every event has been acknowledged or given up; `idle` says whether that is so."""
        timeout = min(body.number("timeout", 10.0), MAX_POLL_SECONDS)
        return {"ok": True, "idle": await self.core.delivery.idle(timeout)}

    async def start_anew(self, body: Body) -> Json:
        """Back to the seed; sockets stay."""
        self.reset()
        return {"ok": True, "revision": self.workspace.revision}


def _without_token(entry: Json) -> Json:
    """The entry, but for the verification token that Slack puts into each payload."""
    payload = entry.get("payload")
    if isinstance(payload, dict) and "token" in payload:
        return {**entry, "payload": {**payload, "token": HIDDEN_TOKEN}}
    return entry
