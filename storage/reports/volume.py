"""Call volume: how many calls a program took, by which figures are set in proportion."""

from __future__ import annotations

from sqlalchemy import delete, insert

from cases.figures.volume import Volume
from storage import tables as t
from storage.unit import UnitOfWork


def save_volume(unit: UnitOfWork, volume: Volume) -> None:
    """How many calls programs took on these days, in place of what was known of them."""
    for program, day in volume:
        of_day = delete(t.volume).where(t.volume.c.program == program, t.volume.c.day == day)
        unit.connection.execute(of_day)
    rows = [
        {"program": program, "day": day, "hour": t.WHOLE_DAY if hour is None else hour, "calls": calls}
        for (program, day), hours in volume.items()
        for hour, calls in hours.items()
    ]
    if rows:
        unit.connection.execute(insert(t.volume), rows)
