"""A stand-in Slack workspace on loopback, for developing and testing bots without Slack.

It speaks the Web API, Socket Mode and signed HTTP requests as strictly as Slack does, has a clock that can be pushed
forward and switches for what goes wrong, and a control API (`/control/…`) through which tests do what people do.

`Sandbox` runs in an event loop, `SandboxThread` on a thread of its own, `python -m sandbox` as a program.
"""

from sandbox.controlclient import ControlClient
from sandbox.seed import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, Seed
from sandbox.server import Sandbox, SandboxThread
from sandbox.workspace.clock import SandboxClock
from sandbox.workspace.errors import NotPossible, SlackError

__all__ = [
    "APP_TOKEN",
    "BOT_TOKEN",
    "SIGNING_SECRET",
    "ControlClient",
    "NotPossible",
    "Sandbox",
    "SandboxClock",
    "SandboxThread",
    "Seed",
    "SlackError",
]
