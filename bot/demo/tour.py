"""The first minutes: what a visitor of the demo is asked to try, ticked off by what the desk has on record since."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.demo.record import Since
from bot.demo.shift import CUSTOMERS, OVERDUE, VISITOR
from bot.demo.site import Site
from sandbox.control.tour import Step
from storage.outbox import schedule

ANA, BEN, TESS = "U0ANA", "U0BEN", "U0TESS"
ASK, ANAS_DM = "C0ASKBILL", "D0ANA"


@dataclass(frozen=True)
class Task:
    """A step before anybody has tried it; `{case}` in `how` is the visitor's own, `{superior}` whom the form may ask for."""

    key: str
    title: str
    how: str
    as_user: str
    channel: str
    done: Callable[[Since], bool]
    needs_shift: bool = False


TASKS: tuple[Task, ...] = (
    Task(
        "escalate",
        "Escalate as Ana",
        f"Ana has an angry customer on the line. Type /escalate {VISITOR.name} {VISITOR.contact} into the message field "
        "and press Enter. Choose a Scenario and a reason, tick one box under De-escalation tried, write a sentence (20 "
        "characters or more) under What happened{superior}, and press Escalate.",
        ANA,
        ASK,
        lambda since: since.raised is not None,
    ),
    Task(
        "claim",
        "Claim as Ben",
        "Ben is a team lead and takes it: as Ben, press the green Claim button on the card of {case}.",
        BEN,
        ASK,
        lambda since: since.claimed,
    ),
    Task(
        "time",
        "Let the time come",
        "Nobody has to remember the call. Click the replies under the card of {case} to open its thread, then press +15 "
        "min at the top, two or three times, until Askdesk says there that now is the agreed time.",
        BEN,
        ASK,
        lambda since: since.rung,
    ),
    Task(
        "call",
        "Call, and log the outcome",
        "As Ben, press Calling now in that thread, then Complete on the card at its top. Choose Resolved as the Outcome, "
        "write a sentence (20 characters or more) under Notes, and press Save.",
        BEN,
        ASK,
        lambda since: since.logged,
    ),
    Task(
        "dm",
        "Try a direct message",
        "As Ana, open Askdesk under Apps, write anything and press Enter. It is refused, kindly: everybody must be able "
        "to see a case.",
        ANA,
        ANAS_DM,
        lambda since: since.refused,
    ),
    Task(
        "overdue",
        "Rescue an overdue call",
        f"Nobody called {CUSTOMERS[OVERDUE].name} in time, so the whole channel is told, again and again. As Tess, look "
        f"for “Overdue: case {OVERDUE}” in #ask-billing and press Take over under it.",
        TESS,
        ASK,
        lambda since: since.taken_over,
        needs_shift=True,
    ),
)


def _filled(text: str, words: Mapping[str, str]) -> str:
    for place, word in words.items():
        text = text.replace(place, word)
    return text


class FirstMinutes:
    """The tour of a site; see `sandbox.control.tour.Tour`."""

    title = "First minutes"

    def __init__(self, site: Site) -> None:
        self._site = site

    async def steps(self) -> Sequence[Step]:
        """The tasks, as far as they are done; while the shift is set up, none is."""
        day = self._site.day
        since = await day.books.ask(Since.seen, day.mark) if day else Since()
        words = {
            "{case}": "your case" if since.raised is None else f"case {since.raised}",
            "{superior}": "" if self._site.has_shift else ", choose Ben Carter as your direct superior",
        }
        return [
            Step(
                task.key,
                task.title,
                _filled(task.how, words),
                task.as_user,
                task.channel,
                task.done(since),
            )
            for task in TASKS
            if self._site.has_shift or not task.needs_shift
        ]

    async def next_moment(self) -> datetime | None:
        """When the next ping is due, of any case; None where no case waits."""
        day = self._site.day
        return await day.books.ask(schedule.next_ping, self._site.clock.now()) if day else None

    async def start_over(self) -> None:
        """The shift anew."""
        await self._site.start_over()
