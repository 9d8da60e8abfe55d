"""A small synchronous client of the control API, for tests and scripts. The driver builds on the same API."""

from __future__ import annotations

import json
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from sandbox.workspace.errors import NotPossible

TIMEOUT_SECONDS = 70.0


class ControlClient:
    """Calls `/control/…`; what the sandbox refuses is raised as `NotPossible`."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port or 80

    def get(self, path: str, **query: object) -> Any:
        """GET; `as_` stands for the query's `as`, which Python keeps for itself."""
        given = {name.rstrip("_"): value for name, value in query.items() if value is not None}
        return self._call("GET", f"{quote(path)}?{urlencode(given)}", None)

    def post(self, path: str, **body: object) -> Any:
        """POST, with the fields as JSON."""
        return self._call("POST", path, body)

    def delete(self, path: str) -> Any:
        """DELETE."""
        return self._call("DELETE", path, None)

    def _call(self, method: str, path: str, body: dict[str, object] | None) -> Any:
        connection = HTTPConnection(self._host, self._port, timeout=TIMEOUT_SECONDS)
        try:
            payload = None if body is None else json.dumps(body).encode()
            connection.request(method, f"/control/{path}", payload, {"Content-Type": "application/json"})
            response = connection.getresponse()
            answer = json.loads(response.read())
        finally:
            connection.close()
        if response.status != 200:
            raise NotPossible(str(answer.get("error")))
        return answer
