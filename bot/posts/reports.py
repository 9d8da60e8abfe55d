"""Prepares a report's post: reads its figures, draws its charts and uploads them to Slack.

Images are uploaded without a channel and shown by the one message that the outbox sends: a message that is looked up
after a try in doubt, so that nothing is seen twice. An image whose message never came is seen by nobody.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from bot.charts import Chart, charts
from bot.slack.calls import Slack, never_taken
from bot.views.mentions import Actor, Names
from bot.views.message import Message
from bot.views.report import report
from cases.figures.report import Report
from scheduler.delivery import Clock
from storage.outbox.notices import Report as Ordered
from storage.reports.figures import cases_raised, report_of
from storage.store import Store

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Ready:
    """A report that can be posted: its figures, and the images that Slack has, by their files' ids."""

    figures: Report
    before: int
    """How many cases there were in as many days before."""
    asked_by: Actor | None
    pictures: tuple[tuple[Chart, str], ...]

    @property
    def has_pictures(self) -> bool:
        return bool(self.pictures)

    def without_pictures(self) -> Ready:
        return replace(self, pictures=())

    def message(self) -> Message:
        return report(self.figures, self.pictures, asked_by=self.asked_by, before=self.before)


class ReportPosts:
    """Makes reports ready: reads on the store's reading threads, draws on a thread of its own, uploads side by side."""

    def __init__(self, store: Store, slack: Slack, clock: Clock) -> None:
        self._store = store
        self._slack = slack
        self._clock = clock

    async def make(self, ordered: Ordered, names: Names) -> Ready:
        """The report that was ordered, as the cases stand now; `names` has the name of whoever asked for it.

        Raises what the outbox knows how to wait for (a rate limit, no answer); where Slack refuses an image for good, the
        report is ready without its charts.
        """
        asked, program, now = ordered.asked, ordered.program, self._clock()
        figures = await self._store.ask(report_of, program, ordered.period, now, asked.by if asked else None)
        before = await self._store.ask(cases_raised, program, ordered.period.before)
        drawn = await asyncio.to_thread(charts, figures)
        asked_by = Actor(asked.who, names) if asked else None
        return Ready(figures, before, asked_by, await self._uploaded(drawn))

    async def _uploaded(self, drawn: tuple[Chart, ...]) -> tuple[tuple[Chart, str], ...]:
        try:
            files = await asyncio.gather(
                *(self._slack.give_file(f"{chart.name}.png", chart.png) for chart in drawn)
            )
            entries: list[dict[str, str | None]] = [
                {"id": file, "title": chart.title} for chart, file in zip(drawn, files, strict=True)
            ]
            await self._slack.client.files_completeUploadExternal(files=entries)
        except (SlackApiError, aiohttp.ClientResponseError) as error:
            if (why := never_taken(error)) is None:
                raise
            log.error("Slack takes no image; the report goes without its charts", why=why)
            return ()
        return tuple(zip(drawn, files, strict=True))
