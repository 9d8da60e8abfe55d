"""Requests as Slack sends them to a bot in HTTP mode, and as others do."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode

from sandbox import SIGNING_SECRET
from sandbox.workspace.delivery import sign

STAMP = "X-Slack-Request-Timestamp"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}


def asks(
    port: int, method: str, path: str, body: str = "", headers: Mapping[str, str] | None = None
) -> tuple[int, Any]:
    """One request; the status and the JSON of the answer."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path, body.encode(), dict(headers or {}))
        answer = connection.getresponse()
        said = answer.read().decode()
        return answer.status, json.loads(said) if said.startswith("{") else said
    finally:
        connection.close()


def posts(
    port: int, body: str, headers: Mapping[str, str], *, ago: int = 0, secret: str = SIGNING_SECRET
) -> tuple[int, Any]:
    """A request as Slack signs it, `ago` seconds old."""
    stamp = str(int(time.time()) - ago)
    signed = {STAMP: stamp, "X-Slack-Signature": sign(secret, stamp, body)}
    return asks(port, "POST", "/slack/events", body, signed | dict(headers))


def typed(command: str = "/askdesk", text: str = "tips") -> str:
    """What Slack sends for a command that Ana types at the desk."""
    said = {
        "command": command,
        "text": text,
        "team_id": "T0NORTH",
        "api_app_id": "A0ASKDESK",
        "user_id": "U0ANA",
        "channel_id": "C0ASKBILL",
        "trigger_id": "1.2.x",
    }
    return urlencode(said)
