"""The five charts of a report. Each says in its headline what it shows, and in its alt text what one would see."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure as Sheet

from bot.charts import Chart, paper
from cases.figures import wording as figures
from cases.figures.definitions import Figure
from cases.figures.facts import Share, summed
from cases.figures.report import Report

REASONS_AT_MOST = 7
BARS_AT_MOST = 16
FEWEST_BARS = 5
STEPS = (1, 3, 7, 15, 30, 60)
"""Minutes within which a case was claimed: policy's steps of the ladder, and two beyond them."""

STAGES: tuple[tuple[str, Figure, bool], ...] = (
    ("Raised", Figure.RAISED, False),
    ("Claimed", Figure.CLAIMED, False),
    ("Called", Figure.REACHED, True),
    ("Reached", Figure.REACHED, False),
    ("Resolved", Figure.RESOLVED, False),
)
"""The funnel: how many of the cases raised came that far, by the part of a figure or (True) its whole."""


def drawn(report: Report) -> tuple[Chart, ...]:
    """All charts of a report; where nothing happened, one that says so."""
    if report.is_empty:
        return (_drawn(report, "empty", "Nothing was escalated", _empty),)
    return tuple(_drawn(report, name, told(report), draw) for name, told, draw in CHARTS)


Draw = Callable[[Sheet, Axes, Report], str]
"""Draws onto a sheet, and says what one sees there."""


def _drawn(report: Report, name: str, headline: str, draw: Draw) -> Chart:
    figure, axes = paper.sheet(headline, f"{report.program} · {report.period}")
    seen = draw(figure, axes, report)
    alt = f"{headline}. {seen}"
    return Chart(name, headline, alt if len(alt) <= 1900 else f"{alt[:1899]}…", paper.png(figure))


def _empty(figure: Sheet, axes: Axes, report: Report) -> str:
    paper.nothing(figure, axes, "No cases were raised in this period, and no promises came due.")
    return "No cases were raised in this period, and no promises came due."


def _kept(figure: Sheet, axes: Axes, report: Report) -> str:
    """Bars of promises, kept and not, with the rate above each."""
    bars = _in_bars(report)
    if not any(share.whole for _, share in bars):
        paper.nothing(figure, axes, "No first promises came due in this period.")
        return ""
    highest = max(share.whole for _, share in bars)
    many = len(bars) > 10
    for x, (_, share) in enumerate(bars):
        axes.bar(x, share.part, color=paper.GOOD, width=0.78)
        axes.bar(x, share.whole - share.part, bottom=share.part, color=paper.BAD, width=0.78)
        if share.whole:
            rate = figures.percent(share).removesuffix(" %") + ("" if many else " %")
            paper.words(
                axes,
                x,
                share.whole + highest * 0.03,
                rate,
                va="bottom",
                fontweight="bold",
                fontsize=paper.SMALL - many,
            )
    room = max(0.0, (FEWEST_BARS - len(bars)) / 2)
    axes.set_xlim(-0.6 - room, len(bars) - 0.4 + room)
    axes.set_ylim(0, highest * 1.18)
    every = 1 if len(bars) <= 8 else 2 if len(bars) <= 16 else 4
    axes.set_xticks(range(0, len(bars), every), [name for name, _ in bars][::every])
    axes.axhline(0, color=paper.LINE, linewidth=1.5)
    paper.key(
        figure, [(paper.GOOD, "kept"), (paper.BAD, "not kept"), ("white", "above: % kept" if many else "")]
    )
    return "; ".join(
        f"{name.replace(chr(10), ' ')}: {share.part} of {share.whole}" for name, share in bars if share.whole
    )


def _in_bars(report: Report) -> list[tuple[str, Share]]:
    """Promises by day; of many days, by week or month, so that the bars stay wide enough for their numbers."""
    days = report.period.days
    kept = {day: report.days[day].share(Figure.KEPT) if day in report.days else Share() for day in days}
    if len(days) <= 8:
        return [(figures.day(day), kept[day]) for day in days]
    if len(days) <= BARS_AT_MOST:
        return [
            (f"{day.day} {day:%b}" if n == 0 or day.day == 1 else str(day.day), kept[day])
            for n, day in enumerate(days)
        ]
    name = _week if len(days) <= 7 * BARS_AT_MOST else _month
    together: dict[str, list[Share]] = {}
    for day in days:
        together.setdefault(name(day, days[0]), []).append(kept[day])
    return [(when, summed(shares)) for when, shares in together.items()]


def _week(day: date, first: date) -> str:
    monday = max(first, day - timedelta(days=day.weekday()))
    return f"{monday.day} {monday:%b}"


def _month(day: date, _: date) -> str:
    return f"{day:%b}"


def _claimed(figure: Sheet, axes: Axes, report: Report) -> str:
    """How many were claimed until which step of the ladder."""
    waits = report.total.waits
    if not waits:
        paper.nothing(figure, axes, "No case from this period has been claimed yet.")
        return ""
    total, since, bars = sum(waits.values()), -1, []
    for until in STEPS:
        bars.append((f"≤ {until}", sum(n for wait, n in waits.items() if since < wait <= until * 60)))
        since = until * 60
    bars.append((f"> {STEPS[-1]}", sum(n for wait, n in waits.items() if wait > since)))
    highest = max(count for _, count in bars)
    for x, (_, count) in enumerate(bars):
        axes.bar(x, count, color=paper.CALM, width=0.78)
        rate = figures.percent(Share(count, total))
        paper.words(
            axes, x, count + highest * 0.03, rate.replace("under ", "<"), va="bottom", fontweight="bold"
        )
    axes.set_xlim(-0.6, len(bars) - 0.4)
    axes.set_ylim(0, highest * 1.18)
    axes.set_xticks(range(len(bars)), [name for name, _ in bars])
    axes.axhline(0, color=paper.LINE, linewidth=1.5)
    paper.foot(figure, f"minutes until they were claimed · {total:,} cases")
    return "; ".join(
        f"{name.replace('≤', 'within').replace('>', 'over')} min: {count}" for name, count in bars
    )


def _load(figure: Sheet, axes: Axes, report: Report) -> str:
    """The week as a carpet: the darker, the more cases are raised in that hour."""
    if not report.load:
        paper.nothing(figure, axes, "No cases were raised in this period.")
        return ""
    grid = [[report.load.get((weekday, hour), 0) for hour in range(24)] for weekday in range(7)]
    highest = max(map(max, grid))
    colours = LinearSegmentedColormap.from_list("load", [paper.PALE, "#8fb0dc", paper.CALM, "#17345f"])
    axes.pcolormesh(grid, cmap=colours, vmin=0, vmax=highest, edgecolors="white", linewidth=2)
    axes.set_ylim(7, 0)
    axes.set_yticks([n + 0.5 for n in range(7)], [name[:3] for name in figures.WEEKDAYS])
    axes.set_xticks(range(0, 25, 4), [f"{n:02d}" for n in range(0, 25, 4)])
    paper.inside(figure, axes, left=0.125)
    (weekday, hour), _ = max(report.load.items(), key=lambda one: (one[1], -one[0][0], -one[0][1]))
    paper.words(
        axes,
        hour + 0.5,
        weekday + 0.5,
        str(highest),
        color="white",
        fontweight="bold",
        fontsize=9 if highest > 99 else 10,
    )
    paper.key(
        figure, [(paper.PALE, "none"), (paper.CALM, "some"), ("#17345f", f"{highest:,} cases in an hour")]
    )
    days = [f"{figures.WEEKDAYS[n]} {sum(row)}" for n, row in enumerate(grid) if sum(row)]
    return f"Cases raised by weekday: {', '.join(days)}"


def _reasons(figure: Sheet, axes: Axes, report: Report) -> str:
    """Bars of the reasons, the most frequent on top, and what they make together."""
    if not report.reasons:
        paper.nothing(figure, axes, "No cases were raised in this period.")
        return ""
    named = sum(report.reasons.values())
    rows = [(reason.label, count) for reason, count in report.reasons.items()]
    shown, rest = rows[:REASONS_AT_MOST], rows[REASONS_AT_MOST:]
    highest, so_far = rows[0][1], 0
    if rest:
        shown.append((f"{len(rest)} others", sum(count for _, count in rest)))
    for y, (_, count) in enumerate(shown):
        so_far += count
        bar = 0 if rest and y == len(shown) - 1 else count
        axes.barh(y, bar, color=paper.CALM, height=0.72)
        paper.words(axes, bar + highest * 0.03, y, f"{count:,}", ha="left", fontweight="bold")
        paper.words(
            axes, highest * 1.42, y, figures.percent(Share(so_far, named)), ha="right", color=paper.QUIET
        )
    axes.set_ylim(len(shown) - 0.4, -0.6)
    axes.set_xlim(0, highest * 1.42)
    axes.set_xticks([])
    axes.set_yticks(range(len(shown)), [paper.shortened(name, 25) for name, _ in shown])
    axes.tick_params(axis="y", labelcolor=paper.INK)
    paper.inside(figure, axes, left=0.43, bottom=0.1)
    paper.foot(figure, "right: cumulative % of all reasons")
    return "; ".join(f"{name}: {count}" for name, count in shown)


def _funnel(figure: Sheet, axes: Axes, report: Report) -> str:
    """From raised to resolved, each stage as wide as the cases that came that far."""
    total = report.total
    counts = [
        (name, total.share(figure_).whole if whole else total.share(figure_).part)
        for name, figure_, whole in STAGES
    ]
    raised = counts[0][1]
    if not raised:
        paper.nothing(figure, axes, "No cases were raised in this period.")
        return ""
    for y, (name, count) in enumerate(counts):
        last = y == len(counts) - 1
        axes.barh(y, count, left=-count / 2, color=paper.GOOD if last else paper.CALM, height=0.8)
        axes.barh(y, raised, left=-raised / 2, color=paper.PALE, height=0.8, zorder=0)
        paper.words(axes, -raised * 0.54, y, name, ha="right", fontsize=paper.NORMAL)
        wide = count > raised * 0.2  # else the number stands beside its bar
        x, ink = (0.0, "white") if wide else (raised * 0.16, paper.INK)
        paper.words(axes, x, y, f"{count:,}", color=ink, fontweight="bold", fontsize=paper.NORMAL)
        paper.words(
            axes, raised * 0.54, y, figures.percent(Share(count, raised)), ha="left", color=paper.QUIET
        )
    axes.set_ylim(len(counts) - 0.45, -0.55)
    axes.set_xlim(-raised * 0.85, raised * 0.72)
    axes.set_xticks([])
    paper.inside(figure, axes, bottom=0.1)
    paper.foot(figure, "right: % of the cases raised")
    return "; ".join(f"{name}: {count}" for name, count in counts)


CHARTS: tuple[tuple[str, Callable[[Report], str], Draw], ...] = (
    ("promises", figures.promises, _kept),
    ("claiming", figures.claiming, _claimed),
    ("load", figures.busiest, _load),
    ("reasons", figures.main_reason, _reasons),
    ("funnel", figures.course, _funnel),
)
"""A report's charts: name, headline, how it is drawn."""
