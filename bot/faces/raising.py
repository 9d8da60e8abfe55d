"""*Escalate*: a case is raised."""

from __future__ import annotations

from bot.faces.lines import Happening, Line
from bot.views.coaching import several
from cases.events import Happened


def _raised(it: Happening) -> str:
    waits = " The customer is waiting on the line." if it.event.facts.get("waiting") else ""
    owners = it.fact("related_owners")
    again = (
        f" Same customer as {several(it.fact('related').split(','))}{it.others(*owners.split(','))}"
        if owners
        else ""
    )
    return f"{it.who} raised {it.number}.{waits}{again}"


LINES = {
    Happened.RAISED: Line(_raised, time="Call"),
}
