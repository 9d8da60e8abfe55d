"""`/askdesk report`: the figures, into the channel; who raised what, to whoever asked alone."""

from __future__ import annotations

import re
from collections.abc import Awaitable
from typing import Any

from bot.listeners.front import Body, Front, only_you, sentence_for
from bot.listeners.guard import Visit
from bot.usecases import cases as usecases
from bot.usecases.cases import Act
from bot.views.confirm import told
from bot.views.report import of_agents, on_its_way
from cases.figures.period import Period, read_period
from cases.figures.report import By, read_by
from storage.reports.figures import report_of


async def report(front: Front, body: Body, visit: Visit, text: str) -> dict[str, Any]:
    """The answer to the command. Figures by agent follow when they are read; anything else is posted by the outbox."""
    act = front.act(visit, f"command:{body['trigger_id']}")
    try:
        usecases.may_read_figures(act)
        period, by = read_wish(text, act)
        if by is By.AGENT:
            front.aside(_whisper(front, body, act, period), "report by agent", front.teller(body))
            return {}
        await front.store.write(usecases.post_report, act, period, by)
    except Exception as error:  # noqa: BLE001 - sentence_for logs it
        return only_you(told(sentence_for(error, "report")))
    front.changed(visit.program)
    return only_you(told(on_its_way(str(period))))


def read_wish(text: str, act: Act) -> tuple[Period, By | None]:
    """`last week by reason`: the days and what they are divided by. Raises a Refusal that says what works."""
    days, *divided = re.split(r"(?:^|\s)by(?:\s|$)", text.strip(), maxsplit=1, flags=re.IGNORECASE)
    by = read_by(divided[0]) if divided else None
    return read_period(days, act.now, act.program.timezone), by


def _whisper(front: Front, body: Body, act: Act, period: Period) -> Awaitable[None]:
    async def run() -> None:
        found = await front.store.ask(report_of, act.program, period, act.now, By.AGENT)
        await front.whisper_back(body, of_agents(found))

    return run()
