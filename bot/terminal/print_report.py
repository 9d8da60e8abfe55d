"""A report at the terminal: as tables for people, as data for other programs."""

from __future__ import annotations

from typing import Any

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.terminal.console import count
from cases.figures import wording as figures
from cases.figures.definitions import Figure, Unit
from cases.figures.report import By, Report, group_label
from cases.figures.tally import Tally, median, percentile

OF_A_GROUP = tuple(figure for figure in Figure if figure.column)
"""The columns of what a report is divided by."""


# As tables


def show(told: Report, console: Console) -> None:
    """The figures as tables for people."""
    console.print(f"[bold]{escape(told.program)}[/] · {told.period} ({told.period.zone})")
    if told.is_empty:
        console.print("Nothing was escalated in this period, and no promises came due.")
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("Figure")
    table.add_column("", justify="right", style="bold")
    table.add_column("rests on", style="dim")
    for figure in Figure:
        table.add_row(figure.label, figures.short(figure, told.total), _rests_on(figure, told.total))
    console.print(table)
    if told.by is not None:
        console.print(_groups(told, told.by))
    reasons = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    reasons.add_column("Reason")
    reasons.add_column("Cases", justify="right")
    for reason, cases in told.reasons.items():
        reasons.add_row(reason.label, f"{cases:,}")
    if told.by is not By.REASON and told.reasons:
        console.print(reasons)


def _rests_on(figure: Figure, tally: Tally) -> str:
    share = tally.share(figure)
    match figure.unit:
        case Unit.TIME:
            longest = figures.length(percentile(tally.waits, 90))
            return (
                f"9 of 10 within {longest}; {count(sum(tally.waits.values()), 'case')}" if tally.waits else ""
            )
        case Unit.COUNT:
            return ""
        case Unit.MEAN:
            return f"{share.part:,} in {count(share.whole, 'closed case')}" if share.whole else ""
        case Unit.SHARE | Unit.PER_100:
            return f"{share.part:,} of {share.whole:,}" if share.whole else ""


def _groups(told: Report, by: By) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(by.label.capitalize(), no_wrap=True)
    for figure in OF_A_GROUP:
        table.add_column(figure.column, justify="right")
    for name, tally in told.groups.items():
        title = name if by in (By.AGENT, By.PROGRAM) else group_label(by, name)
        table.add_row(escape(title), *(figures.short(figure, tally) for figure in OF_A_GROUP))
    return table


# As JSON


def as_data(told: Report) -> dict[str, Any]:
    """The figures for other programs: shares as part and whole, times in seconds, instants in UTC."""
    return {
        "program": told.program,
        "first": told.period.first.isoformat(),
        "last": told.period.last.isoformat(),
        "zone": told.period.zone,
        "made_at": told.made_at.isoformat(),
        "figures": _figures(told.total),
        "days": {day.isoformat(): _figures(tally) for day, tally in told.days.items()},
        "load": [
            {"weekday": weekday + 1, "hour": hour, "cases": cases}
            for (weekday, hour), cases in sorted(told.load.items())
        ],
        "reasons": {reason.value: cases for reason, cases in told.reasons.items()},
        "by": told.by.value if told.by else None,
        "groups": {name: _figures(tally) for name, tally in told.groups.items()},
    }


def _figures(tally: Tally) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for figure in Figure:
        share = tally.share(figure)
        match figure.unit:
            case Unit.TIME:
                found[figure.value] = {
                    "median": median(tally.waits),
                    "p90": percentile(tally.waits, 90),
                    "cases": sum(tally.waits.values()),
                }
            case Unit.COUNT:
                found[figure.value] = share.part
            case _:
                found[figure.value] = {"part": share.part, "whole": share.whole}
    return found
