"""Whatever goes wrong and whatever people do meanwhile: once the outbox is empty, each card shows how its case stands."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from cases import moves
from cases.case import Case
from cases.errors import Refusal
from cases.ownership import Stretch
from cases.program import Program
from scheduler.delivery import Delivery
from scheduler.poster import Absent, Answer, Away, Gone, Later, Never, Sent, Unknown
from scheduler.tasks import Tasks
from storage import tables as t
from storage.outbox import outbox, schedule
from storage.outbox.notices import Card, Claimed, adds_message
from storage.unit import UnitOfWork
from storage.writing.cases import save_change
from storage.writing.programs import save_program
from tests import build
from tests.build import ANA, BEN, MIA, NOW, acting
from tests.cases.acting import act
from tests.storage.book import Book, opened
from tests.storage.lives import Deed, likely

Drawn = tuple[Case, tuple[Stretch, ...]]


class Ends(Enum):
    """How a call to Slack ends."""

    WELL = "done and answered"
    LOST = "done, and the answer is lost"
    FAILED = "not done, and no clear answer"
    LIMITED = "a rate limit"
    AWAY = "the channel is archived"
    REFUSED = "refused for good"
    KILLED = "done, and the bot is killed before it can note it"


MOVES = [
    Deed(move, who, timedelta(), {})
    for move, who in (
        (moves.claim, BEN),
        (moves.reschedule, ANA),
        (moves.hand_over, MIA),
        (moves.add_note, ANA),
        (moves.calling_now, BEN),
    )
]
"""What somebody may do while a call is under way."""


@dataclass(frozen=True)
class Call:
    """How a call ends, and what somebody does while it is under way: before Slack acts, and after."""

    ends: Ends = Ends.WELL
    before: Deed | None = None
    after: Deed | None = None


@dataclass(frozen=True)
class Step:
    """Somebody's move; perhaps the card is deleted, or an operator has what is parked tried again. Time passes, and the
    calls that follow end like this.
    """

    deed: Deed
    deletes: bool
    retries: bool
    passes: timedelta
    calls: list[Call]


nothing = st.builds(Call, ends=st.sampled_from([Ends.LOST, *Ends]))
something = st.builds(
    Call,
    ends=st.sampled_from([Ends.LOST, *Ends]),
    before=st.none() | st.sampled_from(MOVES),
    after=st.none() | st.sampled_from(MOVES),
)
steps = st.builds(
    Step,
    deed=likely,
    deletes=st.sampled_from([False] * 7 + [True]),
    retries=st.sampled_from([False] * 3 + [True]),
    passes=st.sampled_from([timedelta(seconds=n) for n in (0, 1, 3, 70, 1_000)]),
    calls=st.lists(nothing | nothing | something, max_size=4),
)


@dataclass(frozen=True)
class Shown:
    """A message in the channel: whose, and of a card what it was drawn from."""

    notice: int
    drawn: Drawn | None


@dataclass
class Channel:
    """A channel in which a case is worked on, a clock, and a poster whose calls end as the script says."""

    book: Book
    program: Program
    now: datetime = NOW
    case: int = 0
    shown: dict[str, Shown] = field(default_factory=dict)
    script: list[Call] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    # What delivery asks

    async def send(self, claim: Claimed) -> Answer:
        def done() -> Answer:
            place = _place(claim)
            if place is not None and place not in self.shown:
                return Gone("message_not_found")
            ts = place or f"{next(self.numbers):06}"
            self.shown[ts] = Shown(claim.notice.id, _drawn(claim))
            return Sent(ts)

        answer = await self._ends(done)
        assert not isinstance(answer, Absent)
        return answer

    async def look(self, claim: Claimed) -> Answer | Absent:
        def found() -> Answer | Absent:
            mine = (ts for ts, one in self.shown.items() if one.notice == claim.notice.id)
            return next((Sent(ts, found=True) for ts in mine), Absent())

        return await self._ends(found) if adds_message(claim) else Absent()

    async def _ends(self, work: Callable[[], Answer | Absent]) -> Answer | Absent:
        call = self.script.pop(0) if self.script else Call()
        await self._meanwhile(call.before)
        match call.ends:
            case Ends.FAILED:
                return Unknown("reset")
            case Ends.LIMITED:
                return Later(0.0, "ratelimited")
            case Ends.AWAY:
                return Away("is_archived")
            case Ends.REFUSED:
                return Never("not today")
        answer = work()
        await self._meanwhile(call.after)
        if call.ends is Ends.KILLED:
            raise Killed
        return Unknown("reset") if call.ends is Ends.LOST else answer

    # What people do

    async def _meanwhile(self, deed: Deed | None) -> None:
        if deed is not None:
            await self.book.store.write(self.does, deed)

    def raises(self, unit: UnitOfWork) -> None:
        change = moves.raise_case(
            None, acting(ANA, self.now, self.program), unit.next_number(), build.escalation()
        )
        self.case = save_change(unit, change, self.program, self.now).number

    def does(self, unit: UnitOfWork, deed: Deed) -> None:
        """Somebody tries a move; nothing happens where it is refused."""
        case = unit.locked_case(self.case, self.program.id)
        try:
            change = act(case, deed.move, deed.who, self.now, **deed.what)
        except Refusal:
            return
        save_change(unit, change, self.program, self.now)

    def cards(self) -> list[Drawn]:
        return [one.drawn for one in self.shown.values() if one.drawn is not None]

    def deletes_the_card(self) -> None:
        self.shown = {ts: one for ts, one in self.shown.items() if one.drawn is None}


class Killed(Exception):
    """The bot ends in the middle of it."""


def _place(claim: Claimed) -> str | None:
    """Where a card stands that is to be drawn again."""
    return claim.post.ts if isinstance(claim, Card) and claim.post else None


def _drawn(claim: Claimed) -> Drawn | None:
    """All that a card is made of, but for the hour."""
    return (claim.case, claim.owners) if isinstance(claim, Card) else None


def truth(channel: Channel) -> Drawn:
    """What the card of the case is to show."""
    with channel.book.store.read() as reading:
        case = reading.case(channel.case, channel.program.id)
        return case, reading.ownership(channel.case) if case.claimed_at else ()


@pytest.fixture
def book(database_url: str) -> Iterator[Book]:
    """One for all examples: each has a channel of its own in it."""
    with opened(database_url) as found:
        yield found


@settings(max_examples=30, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=st.lists(steps, min_size=1, max_size=3))
def test_after_any_faults_each_card_shows_its_case(book: Book, story: list[Step]) -> None:
    """Once nothing waits any more. There is one, unless somebody deleted it and nothing has happened since."""
    name = f"C0{len(book.rows(t.programs))}"
    program = book.store.write_now(lambda unit: save_program(unit, build.program(channel=name)))
    channel = Channel(book, program)
    book.store.write_now(channel.raises)
    with capture_logs():
        asyncio.run(lives(channel, story))


async def lives(channel: Channel, story: list[Step]) -> None:
    """After each step nothing goes wrong for a while, until nothing waits; then the card is looked at."""
    store, tasks = channel.book.store, Tasks()
    delivery = Delivery(
        store,
        channel,
        lambda: channel.now,
        tasks,
        seconds_per_post=0.0,
        seconds_away=0.01,
        barred=lambda _: None,
    )
    for step in story:
        channel.script = list(step.calls)
        if step.deletes:
            channel.deletes_the_card()
        await store.write(channel.does, step.deed)
        while await store.write(schedule.settle_due, channel.now, 50):
            pass
        for wait in (step.passes, *[outbox.LONGEST_WAIT] * 20):
            delivery.nudge(channel.program.channel)
            await tasks.idle()
            channel.now += wait
            if step.retries or not channel.script:
                await store.write(outbox.retry_parked, channel.now)
            if channel.program.channel not in await store.ask(outbox.channels):
                break
        assert channel.cards() in ([truth(channel)], [] if step.deletes else None)
