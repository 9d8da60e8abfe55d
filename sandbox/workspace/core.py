"""The parts of a running sandbox, handed to whoever serves a request."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.workspace.clock import SandboxClock
from sandbox.workspace.delivery import Delivery
from sandbox.workspace.faults import Faults, Limits
from sandbox.workspace.happenings import Happenings
from sandbox.workspace.socketmode import SocketHub
from sandbox.workspace.views import Views
from sandbox.workspace.workspace import Workspace


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
