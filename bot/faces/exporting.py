"""*Export*, under a report: the cases of its days as a file."""

from __future__ import annotations

from bot.faces.face import Face, text_of
from bot.usecases import cases as usecases
from bot.usecases.cases import Act
from bot.views.ids import Action
from bot.views.report import exporting
from cases.figures.period import read_period
from storage.unit import UnitOfWork


def _export(unit: UnitOfWork, act: Act, days: str) -> str:
    """Whoever clicked reads that the file comes."""
    period = read_period(days, act.now, act.program.timezone)
    usecases.export(unit, act, period)
    return exporting(str(period))


FACES = (Face(Action.EXPORT, does=_export, reads=text_of),)
