"""Figures in words: a share, a time, a count, and what a chart shows at a glance."""

from __future__ import annotations

from datetime import date, timedelta

from cases.figures.definitions import Figure, Unit
from cases.figures.facts import Share
from cases.figures.report import Report
from cases.figures.tally import Tally, median, percentile
from cases.times import spoken

NOTHING = "–"
"""Where there is nothing to count."""

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def percent(share: Share) -> str:
    """`84 %`; never 100 % where something is missing, nor 0 % where something is there."""
    if share.rate is None:
        return NOTHING
    rounded = round(share.rate * 100)
    if rounded == 100 and share.part < share.whole:
        rounded = 99
    elif rounded == 0 and share.part:
        return "under 1 %"
    return f"{rounded} %"


def length(seconds: float | None) -> str:
    """A length of time as people say it."""
    return NOTHING if seconds is None else spoken(timedelta(seconds=round(seconds)))


def short(figure: Figure, tally: Tally) -> str:
    """A figure in as few signs as a table's cell has."""
    share = tally.share(figure)
    match figure.unit:
        case Unit.TIME:
            return length(median(tally.waits))
        case Unit.COUNT:
            return f"{share.part:,}"
        case Unit.MEAN:
            return NOTHING if share.rate is None else f"{share.rate:.1f}"
        case Unit.PER_100:
            return NOTHING if share.rate is None else f"{share.rate * 100:.1f}"
        case Unit.SHARE:
            return percent(share)


def told(figure: Figure, tally: Tally) -> str:
    """A figure with what it rests on: `84 % (126 of 150)`."""
    share, said = tally.share(figure), short(figure, tally)
    if said == NOTHING:
        return said
    match figure.unit:
        case Unit.TIME:
            return f"{said}; 9 of 10 within {length(percentile(tally.waits, 90))}"
        case Unit.COUNT:
            return said
        case Unit.MEAN:
            return f"{said} ({share.part:,} in {share.whole:,} cases)"
        case Unit.PER_100:
            return f"{said} ({share.part:,} on {share.whole:,} calls)"
        case Unit.SHARE:
            return f"{said} ({share.part:,} of {share.whole:,})"


# What a chart shows


def promises(report: Report) -> str:
    """How many promises were kept, in a sentence."""
    kept = report.total.share(Figure.KEPT)
    if not kept.whole:
        return "No first promise came due"
    return f"{percent(kept)} of promises kept: {kept.part:,} of {kept.whole:,}"


def claiming(report: Report) -> str:
    """How fast cases are claimed."""
    waits = report.total.waits
    if not waits:
        return "No case was claimed"
    return f"Half are claimed within {length(median(waits))}, 9 of 10 within {length(percentile(waits, 90))}"


def busiest(report: Report) -> str:
    """The hour of the week in which most cases come."""
    if not report.load:
        return "No case was raised"
    (weekday, hour), count = max(report.load.items(), key=lambda one: (one[1], -one[0][0], -one[0][1]))
    return f"Busiest: {WEEKDAYS[weekday]} {hour:02d}:00 to {(hour + 1) % 24:02d}:00, {_cases(count)}"


def main_reason(report: Report) -> str:
    """The reason that customers have most often."""
    if not report.reasons:
        return "No case was raised"
    reason, count = next(iter(report.reasons.items()))
    return f"{reason.label}: {percent(Share(count, report.total.raised))} of cases"


def course(report: Report) -> str:
    """From raised to resolved."""
    raised, resolved = report.total.raised, report.total.share(Figure.RESOLVED).part
    if not raised:
        return "No case was raised"
    return f"{resolved:,} of {_cases(raised)} resolved so far"


def day(one: date) -> str:
    """A day in a few letters: `Mon 23`."""
    return f"{one:%a} {one.day}"


def _cases(count: int) -> str:
    return "1 case" if count == 1 else f"{count:,} cases"
