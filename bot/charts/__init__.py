"""Charts that read at a glance on a phone: a report in, PNG images out.

matplotlib is imported only when a chart is drawn, and nothing of it is global: no pyplot, no state between two charts.
Drawing takes some hundred milliseconds; whoever calls it from the event loop does so on a thread of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

from cases.figures.report import Report


@dataclass(frozen=True)
class Chart:
    """An image and what it says: `title` stands above it, `alt` is read aloud in its place."""

    name: str
    title: str
    alt: str
    png: bytes


def charts(report: Report) -> tuple[Chart, ...]:
    """A report's charts; a single friendly one where nothing happened."""
    from bot.charts.draw import drawn

    return drawn(report)
