"""The floor: a sandbox workspace with the real bot on real sockets, and the people who work there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.app.wiring import Askdesk, Pace
from bot.demo.environment import key
from bot.demo.play import bot_beside
from bot.environment.manifest import manifest
from sandbox import SandboxClock, SandboxThread, Seed
from sandbox.driver import Driver, Message, Person
from storage.store import Store
from storage.vault import Vault
from tests.patient import LONG, patient

ASK = "#ask-billing"
START = datetime(2026, 11, 23, 17, 5, tzinfo=UTC)
"""Monday 12:05 in New York (the customers' zone), Tuesday 01:05 in Manila (the site's)."""

FORM: dict[str, object] = {
    "Customer": "Jane Doe",
    "Contact number": "+1 212 555 0132",
    "Scenario": "Asked during the conversation",
    "Reasons": ["Billing dispute"],
    "De-escalation tried": ["Listened without interrupting", "Offered a callback"],
    "What happened and what was promised": "Billed twice for October; I promised a call from a team lead.",
    "Your direct superior": "Ben Carter",
}

CLOSE: dict[str, object] = {
    "Outcome": "Resolved",
    "Notes": "Apologised, the second charge is refunded by Friday.",
}


PACE = Pace(beat=0.05, post=0.0, slack=LONG)


def stored_at(database: str) -> Store:
    """The bot's database from outside, with its key."""
    return Store.at(database, Vault([key()]))


class Floor:
    """The people, the clock, and the bot, which can be stopped and started again on the same database."""

    def __init__(
        self, sandbox: SandboxThread, database: str, pace: Pace, settings: Mapping[str, str] | None = None
    ) -> None:
        self.sandbox = sandbox
        self.database = database
        self.slack = Driver(sandbox.url)
        self.clock = self.slack.clock
        self._pace = pace
        self._settings = settings
        self._running = ExitStack()
        self.desk: Askdesk | None = None
        self.ana, self.arjun = self.slack.person("Ana"), self.slack.person("Arjun")
        self.sam, self.sia = self.slack.person("Sam"), self.slack.person("Sia")
        self.ben, self.tess = self.slack.person("Ben"), self.slack.person("Tess")
        self.mia, self.otto = self.slack.person("Mia"), self.slack.person("Otto")

    def opens(self) -> None:
        """The bot starts (again)."""
        self.desk = self._running.enter_context(
            bot_beside(self.sandbox, self.database, self._pace, self._settings)
        )

    def closes(self) -> None:
        """The bot stops gracefully."""
        self._running.close()
        self.desk = None

    def time_in(self, minutes: int, zone: str = "America/New_York") -> dict[str, object]:
        """Date, time and zone of the form for a promise `minutes` from now."""
        local = (self.clock.now() + timedelta(minutes=minutes)).astimezone(ZoneInfo(zone))
        return {"Callback date": f"{local:%Y-%m-%d}", "Callback time": f"{local:%H:%M}", "Time zone": zone}

    def escalates(self, who: Person | None = None, *, minutes: int = 60, **changes: Any) -> Message:
        """Somebody (Ana) raises a case with a promise `minutes` from now; its card. `changes` are by label."""
        who = who or self.ana
        before = {message.ts for message in who.messages(in_=ASK)}
        who.types("/escalate", in_=ASK)
        modal = who.modal("Escalate")
        form = {**FORM, **self.time_in(minutes), **changes}
        result = modal.submit({label: value for label, value in form.items() if label in modal.labels()})
        assert result.ok, result
        return self.slack.eventually(
            lambda: next(
                (m for m in who.messages(in_=ASK) if m.ts not in before and not m.ephemeral and m.buttons()),
                None,
            ),
            about="the card of the new case",
        )

    def claimed(self, by: Person | None = None, *, minutes: int = 60, **changes: Any) -> Message:
        """A case that somebody (Ben) has claimed; its card."""
        card, by = self.escalates(None, minutes=minutes, **changes), by or self.ben
        by.clicks("Claim", on=card)
        by.sees("claimed", in_=card)
        return card.now()


@contextmanager
def floor(
    database: str,
    *,
    pace: Pace | None = None,
    limits: bool = False,
    settings: Mapping[str, str] | None = None,
    slack_waits: float = LONG,
) -> Iterator[Floor]:
    """An open floor; at its end nothing that the bot did may have been refused by Slack's rules.

    Its Slack waits `slack_waits` seconds for an ack or a form: longer than Slack's three, unless the story is about them.
    """
    clock = SandboxClock(START)
    waits = {"ack_seconds": slack_waits, "trigger_seconds": slack_waits}
    with patient(Seed(manifest()), limits=limits, clock=clock, **waits) as sandbox:
        place = Floor(sandbox, database, replace(pace or PACE, slack=slack_waits), settings)
        place.opens()
        try:
            yield place
            assert not place.slack.problems(), place.slack.problems()
        finally:
            place.closes()
