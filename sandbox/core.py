"""The parts of a running sandbox, handed to whoever serves a request."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.clock import SandboxClock
from sandbox.delivery import Delivery
from sandbox.faults import Faults, Limits
from sandbox.happenings import Happenings
from sandbox.socketmode import SocketHub
from sandbox.views import Views
from sandbox.workspace import Workspace


@dataclass
class Core:
    """Everything that the Web API and the control API work on."""

    clock: SandboxClock
    workspace: Workspace
    hub: SocketHub
    delivery: Delivery
    happenings: Happenings
    views: Views
    faults: Faults
    limits: Limits
    base_url: str = ""
