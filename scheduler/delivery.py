"""Delivery: what waits in the outbox is sent, each notice once, at the pace that Slack allows.

One worker per channel, all channels side by side; of several bots on one database, one at a time sends in a channel.
Within a channel about one post a second; between two posts cards are redrawn, which posts nothing. Database times
are the desk's clock; pacing and waiting are real seconds, and a lease runs by the database's own clock.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import KW_ONLY, dataclass, field
from datetime import datetime, timedelta

import structlog

from cases.case import Case
from scheduler.poster import Absent, Answer, Away, Barred, Gone, Later, Never, Poster, Sent, Unknown
from scheduler.tasks import Tasks
from storage.outbox import outbox, replicas
from storage.outbox.next_notice import May, Nothing
from storage.outbox.notices import Bundle, Card, Claimed, Confirmation, OfCase, adds_message
from storage.records import NoticeKind
from storage.store import Store

log = structlog.get_logger(__name__)

Clock = Callable[[], datetime]

HOLD = timedelta(seconds=30)
"""How long a sender may take for one notice before it counts as lost."""

LONGEST_SEND = 25.0
"""Seconds for looking and sending together: over before anybody else may take the notice for lost."""

LONGEST_BACKOFF = 60.0

AHEAD = 0.1
"""Seconds before a post's time at which it is claimed, so that it goes on time. What it tells is as old as that."""

BREATH = 0.05
"""Seconds from one look for a redraw to the next while a post rests: a storm of changes is not a storm of looks."""


@dataclass(frozen=True)
class Lease:
    """Seconds for which a bot has a channel to itself: so long after its death another one takes over.

    It is renewed every `renew` seconds while something is being sent, and a sender lets go `spare` seconds before its
    end, so that it never posts beside the next one.
    """

    seconds: float = 10.0
    renew: float = 3.0
    spare: float = 1.0

    @property
    def duration(self) -> timedelta:
        return timedelta(seconds=self.seconds)


@dataclass
class _Channel:
    """A channel's worker: woken by `wake`, resting until `post_at` (loop time) before its next post."""

    name: str

    wake: asyncio.Event = field(default_factory=asyncio.Event)
    post_at: float = 0.0
    redraw_at: float = 0.0
    running: bool = False
    held_until: float = 0.0
    """By loop time: until then surely nobody else sends here."""


@dataclass(eq=False)
class Delivery:
    """Serves every channel that has something waiting; `nudge` says that there may be something.

    `sender` is this bot's name among the replicas; `barred` hears of a token that is not good any more, `tried` how each
    try to send a notice ended.
    """

    _store: Store
    _poster: Poster
    _clock: Clock
    _tasks: Tasks
    _: KW_ONLY
    sender: str = "the only one"
    seconds_per_post: float = 1.0
    seconds_away: float = 30.0
    lease: Lease = Lease()
    barred: Callable[[str], None]
    tried: Callable[[NoticeKind, Answer], None] | None = None
    _channels: dict[str, _Channel] = field(default_factory=dict, init=False)
    _stopping: bool = field(default=False, init=False)

    def nudge(self, channel: str) -> None:
        """Wakes the channel's worker, or starts it."""
        if self._stopping:
            return
        state = self._channels.setdefault(channel, _Channel(channel))
        state.wake.set()
        if not state.running:
            state.running = True
            self._tasks.hold(self._serve(state), f"delivery {channel}")

    def wake(self, channels: Iterable[str]) -> None:
        """Wakes every one of these that has something unsettled, as a beat found it."""
        for channel in channels:
            self.nudge(channel)

    def stop(self) -> None:
        """Takes nothing new; the notice under way is finished by whoever waits for the tasks."""
        self._stopping = True
        for state in self._channels.values():
            state.wake.set()

    async def _serve(self, state: _Channel) -> None:
        """Sends until nothing can go now; the next nudge starts it again. Then others may send here."""
        try:
            while not self._stopping:
                state.wake.clear()
                if not await self._send_next(state) and not state.wake.is_set():
                    await self._release(state)
                    if not state.wake.is_set():
                        return
        finally:
            state.running = False

    async def _send_next(self, state: _Channel) -> bool:
        """Whether there was something to do, or something to wait for."""
        loop = asyncio.get_running_loop()
        rest, redraws_rest = state.post_at - AHEAD - loop.time(), state.redraw_at - loop.time()
        if rest > 0 and redraws_rest > 0:
            await self._rest(state, min(rest, redraws_rest))
            return True
        may = May.REDRAWS if rest > 0 else May.POSTS if redraws_rest > 0 else May.ALL
        found = await self._claim(state, may)
        if found is None:
            return False
        if isinstance(found, Nothing):
            if (pause := max(rest, redraws_rest)) > 0:
                await self._rest(state, pause)
                return True
            return False
        await self._deliver(found, state)
        return True

    async def _claim(self, state: _Channel, may: May) -> Claimed | Nothing | None:
        """The channel's next notice; None where another bot sends there."""
        began = asyncio.get_running_loop().time()
        fresh = state.held_until - began > self.lease.seconds - self.lease.renew
        lease = None if fresh else self.lease.duration
        found = await self._store.write(
            replicas.claim, state.name, self._clock(), HOLD, may, self.sender, lease
        )
        if found is None:
            state.held_until = 0.0
        elif not fresh:
            state.held_until = began + self.lease.seconds
        return found

    async def _release(self, state: _Channel) -> None:
        """Nothing is left to be sent: another bot may, as soon as Slack wants a further post here."""
        loop = asyncio.get_running_loop()
        if state.held_until <= loop.time():
            return
        state.held_until = 0.0
        rest = timedelta(seconds=max(0.0, state.post_at - loop.time()))
        await self._store.write(replicas.release, state.name, self.sender, rest)

    async def _renew(self, state: _Channel, limit: asyncio.Timeout, end: float) -> None:
        """Keeps the lease while something is being sent, which must end in time where that fails."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(self.lease.renew)
            began = loop.time()
            try:
                held = await self._store.write(replicas.hold, state.name, self.sender, self.lease.duration)
            except Exception as error:  # noqa: BLE001 - the lease runs out then, and with it the send
                log.warning("a lease is not renewed", channel=state.name, why=type(error).__name__)
                continue
            if held:
                state.held_until = began + self.lease.seconds
            if limit.expired():
                return
            limit.reschedule(min(end, state.held_until - self.lease.spare) if held else began)

    async def _rest(self, state: _Channel, seconds: float) -> None:
        """Waits for the next post's time, or until something new wants to be looked at."""
        breath = min(BREATH, seconds)
        await asyncio.sleep(breath)
        try:
            await asyncio.wait_for(state.wake.wait(), seconds - breath)
        except TimeoutError:
            return

    async def _deliver(self, claimed: Claimed, state: _Channel) -> None:
        notice, posts = claimed.notice, adds_message(claimed)
        answer: Answer | Absent = Absent()
        end = asyncio.get_running_loop().time() + LONGEST_SEND
        limit = asyncio.timeout_at(min(end, state.held_until - self.lease.spare))
        renewing = asyncio.create_task(self._renew(state, limit, end), name=f"lease {state.name}")
        try:
            async with limit:
                if notice.uncertain:
                    answer = await self._poster.look(claimed)
                if isinstance(answer, Absent):
                    if claimed.moot:
                        await self._store.write(outbox.drop, notice, self._clock())
                        return
                    if posts:
                        await asyncio.sleep(state.post_at - asyncio.get_running_loop().time())
                        state.post_at = asyncio.get_running_loop().time() + self.seconds_per_post
                    answer = await self._poster.send(claimed)
        except TimeoutError:
            answer = Unknown("no end in sight")
        finally:
            renewing.cancel()
        await self._settle(claimed, answer, state)

    async def _settle(self, claimed: Claimed, answer: Answer, state: _Channel) -> None:
        notice, now = claimed.notice, self._clock()
        loop_time = asyncio.get_running_loop().time()
        about = {
            "notice": notice.id,
            "kind": notice.kind.value,
            "case": None if isinstance(claimed, Bundle) else notice.case,
            "pings": len(claimed.pings) if isinstance(claimed, Bundle) else None,
            "channel": notice.channel,
        }
        if self.tried is not None:
            self.tried(notice.kind, answer)
        match answer, claimed:
            case Sent(ts, permalink, pings, found), _:
                await self._store.write(outbox.sent, claimed, ts, permalink, now, pings, found=found)
            case Gone(why), Card() as card:
                log.warning("a card was deleted; it is posted again", why=why, **about)
                await self._store.write(outbox.card_lost, card, now)
            case Gone(why), _:
                log.info("a post was deleted; it is not drawn anew", why=why, **about)
                await self._store.write(outbox.drop, notice, now)
            case Later(seconds, why), _:
                if adds_message(claimed):
                    state.post_at = loop_time + seconds
                else:
                    state.redraw_at = loop_time + seconds
                log.info("Slack asks to wait", seconds=seconds, **about)
                # Ready when it is claimed ahead of its time: else the next beat would have to find it.
                await self._again(claimed, now, seconds - AHEAD, why, uncertain=notice.uncertain)
            case Away(why), _:
                state.post_at = state.redraw_at = loop_time + self.seconds_away
                log.error("the channel cannot be reached", why=why, **about)
                await self._again(claimed, now, self.seconds_away, why, uncertain=notice.uncertain)
            case Unknown(why), _:
                seconds = min(LONGEST_BACKOFF, 2.0 ** min(notice.tries, 10))
                log.warning("no clear answer from Slack", why=why, tries=notice.tries + 1, **about)
                await self._again(claimed, now, seconds, why, uncertain=True)
            case Never(why), Confirmation():
                log.warning(
                    "a confirmation cannot reach its agent any more; the card is there", why=why, **about
                )
                await self._store.write(outbox.drop, notice, now)
            case Never(why), OfCase(case=Case(blanked_at=datetime())):
                log.warning("the card of a case whose data was deleted cannot be redrawn", why=why, **about)
                await self._store.write(outbox.drop, notice, now)
            case Never(why), Bundle():
                log.error("Slack refuses many pings in one message; they go one by one", why=why, **about)
                await self._store.write(outbox.scatter, notice, why, now)
            case Never(why), _:
                log.error("Slack refuses a notice for good; it is parked", why=why, **about)
                await self._store.write(outbox.park, notice, why, now)
            case Barred(why), _:
                self._stopping = True
                await self._again(claimed, now, 0, why, uncertain=notice.uncertain)
                self.barred(why)

    async def _again(
        self, claimed: Claimed, now: datetime, seconds: float, why: str, *, uncertain: bool
    ) -> None:
        at = now + min(timedelta(seconds=seconds), outbox.LONGEST_WAIT)
        await self._store.write(outbox.later, claimed.notice, at, why, uncertain=uncertain)
