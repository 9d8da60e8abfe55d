"""An export as a file in the channel: made when it is sent, found again by its name after a try in doubt."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from bot.slack.calls import Slack, never_taken
from bot.usecases.export_files import for_the_channel
from bot.views.mentions import Actor, Names
from bot.views.program_lines import exported_sentence, no_file
from cases.figures.period import Period
from cases.program import Program
from scheduler.delivery import Clock
from storage.records import EventRecord, Notice
from storage.store import Store

log = structlog.get_logger(__name__)


class ExportPosts:
    """Reads on the store's reading threads, uploads, and shares the file with who asked for it."""

    def __init__(self, store: Store, slack: Slack, clock: Clock) -> None:
        self._store = store
        self._slack = slack
        self._clock = clock

    async def share(self, notice: Notice, event: EventRecord, program: Program, names: Names) -> str | None:
        """Posts the file; if Slack permanently refuses it, returns a sentence to post instead.

        Raises what the outbox knows how to wait for: a rate limit, no answer.
        """
        period = period_of(event, program)
        content = await self._store.ask(for_the_channel, program, period, self._clock())
        try:
            file = await self._slack.give_file(file_name(notice, event, program), content)
            await self._slack.client.files_completeUploadExternal(
                files=[{"id": file, "title": f"Cases of {program.name}, {period}"}],
                channel_id=notice.channel,
                initial_comment=exported_sentence(event, Actor(event.by, names)),
            )
        except (SlackApiError, aiohttp.ClientResponseError) as error:
            if (why := never_taken(error)) is None:
                raise
        else:
            return None
        log.error("Slack takes no file; the channel is told", why=why, notice=notice.id)
        return no_file(event, why)


def is_in(message: dict[str, Any], notice: Notice, event: EventRecord, program: Program) -> bool:
    """Whether a message of the channel has this export's file."""
    mine = file_name(notice, event, program)
    return any(file.get("name") == mine for file in message.get("files") or ())


def file_name(notice: Notice, event: EventRecord, program: Program) -> str:
    """`billing-2026-11-23-2026-11-29-17.csv`: the last number is the notice's, so that no two have one name."""
    name = re.sub(r"[^a-z0-9]+", "-", program.name.lower()).strip("-") or "cases"
    return f"{name}-{event.facts['from']}-{event.facts['to']}-{notice.id}.csv"


def period_of(event: EventRecord, program: Program) -> Period:
    """The requested days, by the site's clock."""
    first, last = (date.fromisoformat(str(event.facts[name])) for name in ("from", "to"))
    return Period(first, last, program.timezone)
