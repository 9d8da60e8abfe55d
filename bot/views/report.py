"""A report as a message: the figures in lines, the charts as pictures, and what it was divided by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement, ImageBlock
from slack_sdk.models.blocks.basic_components import SlackFile

from bot.charts import Chart
from bot.views import blocks
from bot.views.ids import Action
from bot.views.mentions import Actor
from bot.views.message import Message
from bot.views.times import reader
from cases.figures import wording as figures
from cases.figures.definitions import Figure, Section
from cases.figures.report import NO_NAMES, By, Report, group_label
from cases.mrkdwn import escape, inline
from cases.people import mention

ALT_AT_MOST = 2000
GROUPS_AT_MOST = 25

OF_A_GROUP = tuple(figure for figure in Figure if figure.in_line)
"""The figures that a group's line has."""

NOTHING = "Nothing was escalated in this period, and no promises came due. :white_check_mark:"


def report(
    told: Report,
    pictures: Sequence[tuple[Chart, str]] = (),
    *,
    asked_by: Actor | None = None,
    before: int | None = None,
    charts: bool = True,
) -> Message:
    """The whole report. `pictures` are charts with their files' ids in Slack, `before` how many cases there were
    in as many days before;
    `charts` says that there should be some, so that their absence is told.
    """
    name = inline(told.program, 100)
    heads = [f"*{name}*", NOTHING if told.is_empty else _raised(told, before)]
    body: list[Block] = [blocks.header(f"Report · {told.period}"), blocks.section("\n".join(heads))]
    if not told.is_empty:
        body += [blocks.section("\n".join(_lines(told, one))) for one in Section if one.label]
    if told.by is not None and told.groups:
        body += blocks.packed(_groups(told, told.by))
    body += [_picture(chart, file) for chart, file in pictures]
    if charts and not pictures:
        body.append(blocks.context("The charts could not be uploaded to Slack; the figures are complete."))
    body.append(blocks.context(_foot(told, asked_by)))
    if told.total.raised:
        body.append(_export(told))
    plain = f"{name}, {told.period}: {_plain(told)}"
    return blocks.message(plain, body)


def _export(told: Report) -> Block:
    """For managers: these days' cases as a file. The button tells only the days."""
    days = f"{told.period.first}..{told.period.last}"
    button = ButtonElement(text=blocks.plain(Action.EXPORT.label), action_id=Action.EXPORT.value, value=days)
    return ActionsBlock(elements=[button], block_id=f"export_{days}")


def exporting(told: str) -> str:
    """What whoever clicked reads until the file is there."""
    return f"A file of the cases raised on {told} is on its way to this channel, without customers' names and numbers."


def of_agents(told: Report) -> Message:
    """Who raised what, for the eyes of one person: nothing of it stands in the channel."""
    heading = f"*{inline(told.program, 100)} by agent* · {told.period}"
    lines = list(_groups(told, By.AGENT)) if told.groups else [NOTHING]
    body = [blocks.section(heading), *blocks.packed(lines), blocks.context(NO_NAMES)]
    return blocks.message(f"By agent, {told.period}: {len(told.groups)} people.", body)


def on_its_way(told: str) -> str:
    """What whoever asked reads until the report is there."""
    return f"The report on {told} is on its way to this channel."


def _raised(told: Report, before: int | None) -> str:
    raised = told.total.raised
    text = "1 case raised" if raised == 1 else f"{raised:,} cases raised"
    if before is not None:
        text += f" ({before:,} in the {_days(told)} before)"
    volume = told.total.share(Figure.PER_100_CALLS)
    if volume.whole:
        per_100 = figures.short(Figure.PER_100_CALLS, told.total)
        text += f" · {per_100} per 100 calls ({volume.whole:,} calls)"
    return text


def _days(told: Report) -> str:
    count = len(told.period.days)
    return "day" if count == 1 else "week" if count == 7 else f"{count} days"


def _lines(told: Report, section: Section) -> Iterator[str]:
    yield f"*{section.label}*"
    for figure in Figure:
        if figure.section is section:
            yield f"{figure.label}: *{figures.told(figure, told.total)}*"


def _groups(told: Report, by: By) -> Iterator[str]:
    yield f"*By {by.label}*"
    for name, tally in list(told.groups.items())[:GROUPS_AT_MOST]:
        title = mention(name) if by is By.AGENT else f"*{escape(group_label(by, name))}*"
        count = "1 case" if tally.raised == 1 else f"{tally.raised:,} cases"
        parts = [
            f"{figure.in_line} {figures.short(figure, tally)}"
            for figure in OF_A_GROUP
            if figures.short(figure, tally) != figures.NOTHING
        ]
        yield " · ".join([f"{title}: {count}", *parts])
    if (rest := len(told.groups) - GROUPS_AT_MOST) > 0:
        yield f"… and {rest} more."


def _picture(chart: Chart, file: str) -> Block:
    return ImageBlock(alt_text=chart.alt[:ALT_AT_MOST], slack_file=SlackFile(id=file))


def _foot(told: Report, asked_by: Actor | None) -> str:
    asked = f"Requested by {asked_by.name} · " if asked_by else ""
    return f"{asked}As of {reader(told.made_at)}. Days are in {told.period.zone} time."


def _plain(told: Report) -> str:
    if told.is_empty:
        return "nothing was escalated."
    sentences = [figures.promises(told), figures.claiming(told), figures.main_reason(told)]
    raised = "1 case raised" if told.total.raised == 1 else f"{told.total.raised:,} cases raised"
    return f"{'. '.join([raised, *sentences])}."
