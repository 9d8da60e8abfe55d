"""The driver's way to the control API: plain HTTP calls, and waiting without polling.

Each call opens a connection of its own, so that any number of threads may act at once.
"""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import quote, urlencode, urlsplit

from sandbox.driver.errors import Refused, Unreachable

Json = dict[str, Any]
T = TypeVar("T")

LONGEST_CALL = 60.0
"""Seconds after which a call that has no answer is given up: longer than any ack may take."""

LONGEST_POLL = 20.0

_NEVER = 2**53
"""A revision that never comes: asking for what came after it answers at once, without a list of changes."""


class Wire:
    """Calls to the control API of the sandbox at ``base_url``."""

    def __init__(self, base_url: str) -> None:
        parts = urlsplit(base_url)
        if parts.scheme != "http" or parts.hostname is None:
            raise ValueError(f"a sandbox has an address such as http://127.0.0.1:8765, not {base_url!r}")
        self.base_url = base_url.rstrip("/")
        self._host, self._port = parts.hostname, parts.port or 80

    def get(self, path: str, **query: object) -> Any:
        """Read something; ``path`` is relative to ``/control/``."""
        given = {name: value for name, value in query.items() if value is not None}
        return self._call("GET", f"{path}?{urlencode(given)}" if given else path)

    def post(self, path: str, **body: object) -> Any:
        """Do something; arguments that are None are left out."""
        return self._call("POST", path, {name: value for name, value in body.items() if value is not None})

    def send(self, path: str, body: Json) -> Any:
        """Do something whose arguments may be None (a value that is cleared)."""
        return self._call("POST", path, body)

    def delete(self, path: str) -> Any:
        """Take something away."""
        return self._call("DELETE", path)

    def revision(self) -> int:
        """The number of the workspace's latest change."""
        return int(self.get("changes", after=_NEVER, timeout=0)["revision"])

    def until(self, look: Callable[[], T | None], within: float) -> T | None:
        """What ``look`` finds, now or after any change of the workspace; None when ``within`` seconds are over."""
        deadline = time.monotonic() + within
        revision = self.revision()
        while (found := look()) is None:
            left = deadline - time.monotonic()
            if left <= 0:
                return None
            timeout = f"{min(left, LONGEST_POLL):.3f}"
            revision = self.get("changes", after=revision, timeout=timeout)["revision"]
        return found

    def _call(self, method: str, path: str, body: Json | None = None) -> Any:
        connection = http.client.HTTPConnection(self._host, self._port, timeout=LONGEST_CALL)
        target = f"/control/{quote(path, safe='/?&=%')}"
        try:
            connection.request(
                method,
                target,
                None if body is None else json.dumps(body),
                {"Content-Type": "application/json"},
            )
            response = connection.getresponse()
            raw = response.read()
        except OSError as error:
            raise Unreachable(f"{method} {self.base_url}{target}: {error}") from error
        finally:
            connection.close()
        return self._answer(response.status, raw, f"{method} {target}")

    def _answer(self, status: int, raw: bytes, call: str) -> Any:
        try:
            answer = json.loads(raw)
        except ValueError as error:
            raise Unreachable(f"{call} gave {status} and no JSON: {raw[:300]!r}") from error
        if 400 <= status < 500:
            raise Refused(answer.get("error") or answer.get("reason") or f"{call}: {status} {answer}")
        if status >= 500:
            raise Unreachable(f"{call} gave {status}: {answer}")
        return answer
