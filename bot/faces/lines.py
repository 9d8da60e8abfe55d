"""What a line of a case's thread is made of; each family of moves says its own (house rule 4).

Whoever acted is named, and mentioned nowhere in their own line (`mentions.Actor`). Who is mentioned, and nobody else:

- the raising agent when the case is claimed, when a promise moves, when another attempt is granted, and when the case
  closes (docs/policy.md, *The card*);
- who gets the case, by hand-over or *Escalate further*, and who loses it by somebody else's hand;
- the owner, when another attempt was granted, when somebody else moved the promise or added a note, and when the same
  customer was raised again;
- the managers, when the attempts ran out;
- who owes feedback, when an opportunity was missed, and the agent whom it is for;
- the SMEs and TLs, when the owner has left, or has no role any more, and the case is free again (this line the whole
  channel sees), and the direct superior of that owner.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from slack_sdk.models.blocks import Block

from bot.views.mentions import Actor
from cases.audience import Audience
from cases.case import Case
from cases.masking import masked_text
from cases.program import Program
from cases.words import Disposition
from storage.records import EventRecord

GONE = "The text was deleted."
"""Stands where the record's text was blanked (retention)."""


@dataclass(frozen=True)
class Happening:
    """An event, with what its sentence asks for."""

    event: EventRecord
    case: Case
    program: Program
    actor: Actor

    @property
    def who(self) -> str:
        return self.actor.name

    @property
    def number(self) -> str:
        return f"case {self.case.number}"

    @property
    def disposition(self) -> Disposition | None:
        value = self.fact("disposition")
        return Disposition(value) if value else None

    def fact(self, name: str) -> str:
        """A fact as text, empty where there is none."""
        value = self.event.facts.get(name)
        return "" if value is None else str(value)

    def others(self, *people: str) -> str:
        """Those of these people who did not act themselves, as mentions to end a sentence with."""
        told = self.actor.others(*people)
        return f" · {' '.join(told)}" if told else ""

    def called(self, audience: Audience) -> str:
        """An audience without whoever acted, as mentions to begin a sentence with."""
        return self.actor.called([audience], self.case, self.program)

    @property
    def agent(self) -> str:
        """Whom feedback is for."""
        return self.actor.person(self.fact("agent"))

    @property
    def raiser(self) -> str:
        return self.fact("raised_by") or self.case.raised_by

    @property
    def asked(self) -> str:
        """That the time is the customer's own wish, where no calls are made otherwise."""
        return " · the customer asked for this time" if self.event.facts.get("asked_for_time") else ""


@dataclass(frozen=True)
class Quote:
    """A text of the event's `said` that is quoted below its sentence.

    `always`: the event is never without it, so where it is missing it was deleted.
    """

    name: str
    title: str = ""
    always: bool = False


@dataclass(frozen=True)
class Line:
    """How an event is told: its sentence, what is quoted, what its new time is called, a button below."""

    says: Callable[[Happening], str]
    quotes: tuple[Quote, ...] = ()
    time: str = "Next call"
    below: Callable[[Happening], Block] | None = None

    def when(self, it: Happening, clock: Callable[[datetime, str], str]) -> Iterator[str]:
        """The new time, where the event has one."""
        due, zone = it.fact("due_at"), it.fact("zone")
        if due and zone:
            yield f"{self.time}: {clock(datetime.fromisoformat(due), zone)}{it.asked}"

    def written(self, it: Happening) -> Iterator[tuple[str, str]]:
        """What was written, each text with its title (empty where it needs none)."""
        for quote in self.quotes:
            text = it.event.said.get(quote.name)
            if text:
                yield quote.title, masked_text(text, it.case)
            elif quote.always:
                yield quote.title, GONE
