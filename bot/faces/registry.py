"""All faces together: what is routed by an id, and what tells of an event, is looked up here and listed nowhere else."""

from __future__ import annotations

from collections.abc import Mapping

from bot.faces import (
    calling,
    claiming,
    closing,
    coaching,
    escalating,
    exporting,
    handing,
    notes,
    raising,
    rescheduling,
    upkeep,
)
from bot.faces.face import Face
from bot.faces.lines import Line
from cases.errors import OutOfUse
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
    exporting,
    upkeep,
)

LINES: dict[Happened, Line] = {
    kind: line for family in FAMILIES for kind, line in getattr(family, "LINES", {}).items()
}
"""How each kind of event is told in its case's thread."""

FACES: tuple[Face, ...] = tuple(face for family in FAMILIES for face in getattr(family, "FACES", ()))

BUTTONS: dict[str, Face] = {face.action: face for face in FACES if face.action is not None}
"""What a click stands for, by its action id."""

FORMS: dict[str, Face] = {face.callback: face for face in FACES if face.callback is not None}
"""Whose a form is, by its callback id."""

REDRAWN_BY = tuple(dict.fromkeys(field.value for face in FACES for field in face.redrawn_by))
"""The inputs whose every change is sent at once, so that the form can be drawn again."""


def the(faces: Mapping[str, Face], id_: object) -> Face:
    """The face that an id stands for; raises OutOfUse where no face bears it."""
    try:
        return faces[str(id_)]
    except KeyError:
        raise OutOfUse from None
