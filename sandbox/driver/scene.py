"""What driver, people, messages and modals share: the wire, the names, and how to tell what went wrong."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from datetime import datetime
from threading import Lock
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sandbox.driver.errors import NotSeen, NotThere
from sandbox.driver.names import Names
from sandbox.driver.render import Reader
from sandbox.driver.wire import Wire

Json = dict[str, Any]
T = TypeVar("T")

PATIENCE = 30.0
"""Seconds that a story waits for something to be seen, on a machine that may be busy, unless it says otherwise."""


class Scene:
    """One workspace as a story sees it. Thread-safe: what it keeps are names, read again when one is missing."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self._names: Names | None = None
        self._lock = Lock()

    # Names

    def names(self, *, fresh: bool = False) -> Names:
        """Who and what there is."""
        with self._lock:
            if self._names is None or fresh:
                self._names = Names.of(self.wire.get("state"))
            return self._names

    def user(self, who: str) -> Json:
        """A user by id or name, looked up again if it isn't known yet."""
        return self._named(lambda names: names.user(who))

    def usergroup(self, which: str) -> Json:
        """A user group by id, handle or name."""
        return self._named(lambda names: names.usergroup(which))

    def channel(self, where: str | Iterable[str], seen_by: str | None = None) -> Json:
        """A conversation by id or name; ``@somebody`` is the direct message with ``seen_by``."""
        wanted = where if isinstance(where, str) else tuple(where)
        return self._named(lambda names: names.channel(wanted, seen_by))

    def _named(self, look: Callable[[Names], Json]) -> Json:
        with contextlib.suppress(NotThere):
            return look(self.names())
        return look(self.names(fresh=True))

    def reader(self, user_id: str | None) -> Reader:
        """The eyes of a user: names, their time zone, the sandbox's time."""
        names = self.names()
        user = names.users.get(user_id or "")
        zone = ZoneInfo(user["tz"]) if user else ZoneInfo("UTC")
        return Reader(names, zone, self.now)

    def now(self) -> datetime:
        """The workspace's time."""
        return datetime.fromisoformat(self.wire.get("clock")["now"])

    # Waiting

    def wait(self, look: Callable[[], T | None], within: float, tell: Callable[[], str]) -> T:
        """What ``look`` finds in time; else NotSeen with what ``tell`` says and what the app did wrong."""
        found = self.wire.until(look, within)
        if found is None:
            raise NotSeen("\n".join([tell(), *self.troubles()]))
        return found

    def troubles(self) -> list[str]:
        """Lines on what may be the cause: protocol violations, calls that failed, nobody connected."""
        lines = []
        if found := self.wire.get("problems")["problems"]:
            lines.append("The workspace noted:")
            lines += [f"  - {_short(problem)}" for problem in found[-5:]]
        traffic = self.traffic()
        failed = [entry for entry in traffic if entry["kind"] in ("api", "fault") and _error(entry)]
        if failed:
            lines.append("The app's calls that failed (the last ones):")
            lines += [f"  - {entry['name']}: {_error(entry)}{_reasons(entry)}" for entry in failed[-5:]]
        if not any(socket["alive"] for socket in self.wire.get("sockets")["sockets"]):
            lines.append("The app has no WebSocket open (nor needs one, if it is reached over HTTP).")
        return lines

    def traffic(self, after: int = 0) -> list[Json]:
        """What went over the wire after entry number ``after``."""
        entries: list[Json] = self.wire.get("traffic", after=after)["traffic"]
        return entries


def _short(problem: Json) -> str:
    told = {key: value for key, value in problem.items() if key not in ("at", "problem")}
    return f"{problem.get('problem', '')} {told or ''}".strip()[:300]


def _error(entry: Json) -> str | None:
    error: str | None = entry.get("error")
    return error if error is None or entry["kind"] == "api" else f"{error} (a fault on purpose)"


def _reasons(entry: Json) -> str:
    response = entry.get("response")
    metadata = response.get("response_metadata") if isinstance(response, dict) else None
    messages = metadata.get("messages") if isinstance(metadata, dict) else None
    return f" ({'; '.join(messages)})"[:300] if messages else ""
