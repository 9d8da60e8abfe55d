"""All faces together: what is routed by an id, and what tells of an event, is looked up here and listed nowhere else."""

from __future__ import annotations

from bot.faces import (
    calling,
    claiming,
    closing,
    coaching,
    escalating,
    handing,
    notes,
    raising,
    rescheduling,
    upkeep,
)
from bot.faces.lines import Line
from cases.events import Happened

FAMILIES = (
    raising,
    claiming,
    calling,
    rescheduling,
    handing,
    escalating,
    closing,
    notes,
    coaching,
    upkeep,
)

LINES: dict[Happened, Line] = {kind: line for family in FAMILIES for kind, line in family.LINES.items()}
"""How each kind of event is told in its case's thread."""
