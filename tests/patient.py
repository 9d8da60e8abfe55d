"""A stand-in Slack that waits: what Slack gives three seconds, a story on a busy machine gets longer.

The stories about those three seconds hold them: tests/journeys/test_slow.py, tests/bot/test_sockets.py and tests/sandbox.
"""

from __future__ import annotations

from typing import Any

from sandbox import SandboxThread, Seed

LONG = 30.0
"""Seconds that it waits for an ack, and that a trigger is good for."""


def patient(seed: Seed | None = None, **more: Any) -> SandboxThread:
    """A workspace that waits, without rate limits unless they are asked for; `more` is as for `SandboxThread`."""
    return SandboxThread(seed, **{"limits": False, "ack_seconds": LONG, "trigger_seconds": LONG, **more})
