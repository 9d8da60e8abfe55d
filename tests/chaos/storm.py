"""A floor at its busiest: agents, team leads and a manager who act at random, each by a seed of their own.

They see and do what people can. Whoever gets no answer to a form submits it again, or gives up; what came of each
form is noted with the words in it, which nobody else writes, so that the record can be held against it.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from zoneinfo import ZoneInfo

from sandbox.driver import Driver, Message, Modal, NotSeen, NotThere, Person, Refused
from tests.chaos.running import Unseen, until
from tests.journeys.floor import ASK, FORM

NEW_YORK = ZoneInfo("America/New_York")
MOST_CASES = 7
"""How many cases one agent raises in a run."""


BROKE = "Something went wrong"
"""What a form says that may have been kept or not: the same button again."""

ANYBODY = ("Claim", "Take over", "Sign off unreachable")
"""What is worth a try on a case that is somebody else's."""


class Came(Enum):
    """What came of a form."""

    ACKED = auto()
    REFUSED = auto()
    GIVEN_UP = auto()


@dataclass(frozen=True)
class Done:
    """A form that somebody submitted: its mark is written nowhere else. `tries`: how often they pressed the button."""

    mark: str
    what: str
    came: Came
    tries: int


class Notes:
    """What the test knows about the run, from all threads."""

    def __init__(self) -> None:
        self.done: list[Done] = []
        self.claimed: list[tuple[str, int]] = []
        self.clicks = 0
        self.broken: list[Exception] = []

    def are_whole(self) -> None:
        """Nobody came upon anything that could not happen."""
        if self.broken:
            raise ExceptionGroup("what people came upon", self.broken)


class Somebody(threading.Thread):
    """A person at work until the storm is over."""

    def __init__(self, slack: Driver, name: str, seed: str, notes: Notes, over: threading.Event) -> None:
        super().__init__(name=name)
        self.slack = slack
        self.who: Person = slack.person(name)
        self.chance = random.Random(f"{seed} {name}")
        self.notes = notes
        self.over = over
        self._written = 0

    def run(self) -> None:
        try:
            while not self.over.is_set():
                try:
                    self.does_something()
                except (NotThere, NotSeen, Refused, Unseen):
                    pass  # what they were after is gone, or the bot was killed before it answered
                finally:
                    for modal in self.who.modals()[:1]:
                        modal.close_all()
                self.over.wait(self.chance.uniform(0.0, 0.1))
        except Exception as error:  # noqa: BLE001 - raised again by the storm
            self.notes.broken.append(error)

    def does_something(self) -> None:
        raise NotImplementedError

    def mark(self) -> str:
        """Words that only this form has in it."""
        self._written += 1
        return f"mark-{self.name.lower()}-{self._written}."

    def cards(self) -> list[Message]:
        return [message for message in self.who.messages(in_=ASK) if is_card(message)]

    def form(self, title: str) -> Modal:
        """The modal in front, as soon as it has its fields."""

        def look() -> Modal | None:
            return next((m for m in self.who.modals() if m.title == title and m.labels()), None)

        return until(look, about=title, within=1.5)

    def seen(self, modal: Modal, test: Callable[[], bool]) -> None:
        until(lambda: True if test() else None, about=f"{modal.id} was redrawn", within=1.5)

    def submits(self, modal: Modal, what: str, mark: str, entries: Mapping[str, object]) -> None:
        """Presses the button, again and again where nobody answers; patience ends at random."""
        labels = modal.labels()
        modal.fill({label: value for label, value in entries.items() if label in labels})
        tries, came = 0, Came.GIVEN_UP
        while came is Came.GIVEN_UP and tries < 8:
            tries += 1
            result = modal.submit()
            broke = any(BROKE in sentence for sentence in result.errors.values())
            if (result.acked and not broke) or not result.asked:
                came = Came.ACKED if result.closed else Came.REFUSED
            elif self.chance.random() < 0.15:
                break
            else:
                self.slack.app_connects(within=20.0)
        self.notes.done.append(Done(mark, what, came, tries))

    def soon(self) -> dict[str, object]:
        """A time within the next hour, as the customer says it."""
        minutes = self.chance.choice([2, 5, 10, 20, 40])
        at = (self.slack.clock.now() + timedelta(minutes=minutes)).astimezone(NEW_YORK)
        return {
            "Callback date": f"{at:%Y-%m-%d}",
            "Callback time": f"{at:%H:%M}",
            "Time zone": str(NEW_YORK),
            "Outside calling hours": ["Customer asked for this time"],
        }

    # Forms that several kinds of people fill in

    def notes_something(self, card: Message) -> None:
        self.who.clicks("Add note", on=card)
        mark = self.mark()
        self.submits(self.form("Add note"), "note", mark, {"Note": mark})

    def reschedules(self, card: Message) -> None:
        self.who.clicks("Reschedule", on=card)
        modal, mark = self.form("Reschedule"), self.mark()
        self.submits(modal, "reschedule", mark, {**self.soon(), "Who wanted the new time?": "The customer"})


class Agent(Somebody):
    """Raises cases; moves a promise or adds a note now and then."""

    raised = 0

    def does_something(self) -> None:
        cards = self.cards()
        if self.raised < MOST_CASES and (not cards or self.chance.random() < 0.5):
            self.escalates()
        elif cards:
            card = self.chance.choice(cards)
            self.chance.choice([self.notes_something, self.notes_something, self.reschedules])(card)

    def escalates(self) -> None:
        self.who.types("/escalate", in_=ASK)
        modal, mark = self.form("Escalate"), self.mark()
        contact = f"{self.name.lower()}{self._written}@example.com"
        entries = {**FORM, **self.soon(), "Customer": mark, "Contact number": contact}
        if self.chance.random() < 0.2:
            modal.choose("The customer", "Is waiting on the line")
            self.seen(modal, lambda: "Callback date" not in modal.labels())
        self.raised += 1
        self.submits(modal, "case", mark, entries)


class Taker(Somebody):
    """An SME, TL or manager: presses whatever buttons the cards offer, mostly those that lead on."""

    def does_something(self) -> None:
        cards = self.cards()
        if not cards:
            return
        own = [card for card in cards if self.who.name in card.text]
        mine = bool(own) and self.chance.random() < 0.7
        card = self.chance.choice(own if mine else cards)
        moves: dict[str, tuple[int, Callable[[Message], None]]] = {
            "Claim": (8, self.claims),
            "Calling now": (9, self.presses("Calling now")),
            "Take over": (2, self.presses("Take over")),
            "Complete": (7, self.completes),
            "Log outcome": (5, self.logs_outcome),
            "Reschedule": (1, self.reschedules),
            "Release": (2, self.releases),
            "Hand over": (1, self.hands_over),
            "Add note": (1, self.notes_something),
            "Sign off unreachable": (4, self.signs_off),
            "Reopen": (1, self.reopens),
        }
        there = [label for label in (*card.buttons(), *card.overflow()) if label in moves]
        if not mine and self.chance.random() < 0.9:  # the rest would mostly be refused
            there = [label for label in there if label in ANYBODY]
        if there:
            (label,) = self.chance.choices(there, [moves[label][0] for label in there])
            moves[label][1](card)

    def presses(self, label: str) -> Callable[[Message], None]:
        def press(card: Message) -> None:
            self.who.clicks(label, on=card)
            self.notes.clicks += 1

        return press

    def claims(self, card: Message) -> None:
        ack = self.who.clicks("Claim", on=card)
        self.notes.clicks += 1
        if ack.acked:
            self.notes.claimed.append((self.who.id, case_of(card)))

    def completes(self, card: Message) -> None:
        self.who.clicks("Complete", on=card)
        mark = self.mark()
        closing = {"Outcome": "Resolved", "Notes": f"{mark} Apologised, refunded."}
        self.submits(self.form("Complete"), "close", mark, closing)

    def logs_outcome(self, card: Message) -> None:
        self.who.clicks("Log outcome", on=card)
        modal, mark = self.form("Log outcome"), self.mark()
        ended = self.chance.choice(["No answer", "Busy", "Asked to reschedule", "Reached"])
        modal.choose("How did the call end?", ended)
        if ended == "Reached":
            self.seen(modal, lambda: "Notes" in modal.labels())
            entries: dict[str, object] = {"Outcome": "Resolved", "Notes": f"{mark} Reached and content."}
        else:
            self.seen(modal, lambda: "Note" in modal.labels())
            entries = {"Note": mark, **self.soon()}
        self.submits(modal, "outcome", mark, entries)

    def releases(self, card: Message) -> None:
        self.who.clicks("Release", on=card)
        mark = self.mark()
        self.submits(self.form("Release"), "release", mark, {"Reason": mark})

    def hands_over(self, card: Message) -> None:
        self.who.clicks("Hand over", on=card)
        mark, modal = self.mark(), self.form("Hand over")
        # Where the bot cannot learn their names, Slack's own menu offers everybody.
        to = self.chance.choice(modal.options("Hand over to") or ["Sam Ortiz", "Ben Carter", "Mia Grant"])
        self.submits(modal, "hand-over", mark, {"Hand over to": to, "Note": mark})

    def signs_off(self, card: Message) -> None:
        self.who.clicks("Sign off unreachable", on=card)
        mark = self.mark()
        notes = {"Notes": f"{mark} Tried three times, nobody there."}
        self.submits(self.form("Sign off unreachable"), "sign-off", mark, notes)

    def reopens(self, card: Message) -> None:
        self.who.clicks("Reopen", on=card)
        mark = self.mark()
        self.submits(self.form("Reopen"), "reopen", mark, {"Reason": mark, **self.soon()})


class Time(threading.Thread):
    """The clock on the wall, which runs."""

    def __init__(self, slack: Driver, seed: str, over: threading.Event) -> None:
        super().__init__(name="time")
        self.slack = slack
        self.chance = random.Random(f"{seed} time")
        self.over = over

    def run(self) -> None:
        while not self.over.wait(self.chance.uniform(0.2, 0.8)):
            self.slack.clock.passes(minutes=self.chance.choice([0.5, 1, 2, 3, 5, 8]))


def is_card(message: Message) -> bool:
    shown = not message.ephemeral and not message.thread_ts and message.metadata
    return bool(shown and case_of(message))


def cards_in(slack: Driver) -> list[Message]:
    """Every card that stands in the channel."""
    return [message for message in slack.channel(ASK).messages() if is_card(message)]


def case_of(card: Message) -> int:
    """The number of the card's case; 0 for a message that is not about one case."""
    assert card.metadata is not None
    return int(card.metadata["event_payload"]["case"])


class Storm:
    """Everybody at work at once, until `ends`."""

    def __init__(self, slack: Driver, seed: str) -> None:
        self.notes = Notes()
        self._over = threading.Event()
        crew: dict[str, type[Somebody]] = {
            "Ana": Agent, "Arjun": Agent, "Amy": Agent,
            "Sam": Taker, "Ben": Taker, "Tess": Taker, "Mia": Taker,
        }  # fmt: skip
        self._threads: list[threading.Thread] = [
            kind(slack, name, seed, self.notes, self._over) for name, kind in crew.items()
        ]
        self._threads.append(Time(slack, seed, self._over))

    def begins(self) -> None:
        for thread in self._threads:
            thread.start()

    def ends(self) -> None:
        """Everybody finishes what they have in hand."""
        self._over.set()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join()
