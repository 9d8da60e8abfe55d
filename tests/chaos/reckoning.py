"""What people saw, held against what was done."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, func, select

from bot.demo.environment import key
from bot.posts.poster import pings_in
from cases.case import Status
from cases.reminders.engine import wanted
from cases.reminders.rules import Rule
from sandbox.driver import Driver
from storage import tables as t
from storage.reading import Reading
from storage.record import spoken
from storage.statements import UNSETTLED, UNSETTLED_STATES
from storage.vault import Vault
from storage.verify import verify
from tests.chaos.storm import BROKE, Came, Notes
from tests.journeys.floor import ASK

VAULT = Vault([key()])
MARK = re.compile(r"mark-[a-z]+-\d+\.")
ENDLESS = (Rule.UNCLAIMED, Rule.OVERDUE, Rule.SIGN_OFF)
"""Rules that chase until the case moves on: a step always waits."""

BY_KILLS = ("an event was never acknowledged", "an ack that came too late")
"""What a killed bot does to Slack's protocol; anything else is a mistake of ours."""


@dataclass(frozen=True)
class Shown:
    """A message of the bot as everybody sees it. `case` is 0 where it is not about one case; `pings` are those that
    one message of many stands for.
    """

    ts: str
    thread: str | None
    notice: int
    case: int
    kind: str
    pings: tuple[int, ...]

    @property
    def notices(self) -> tuple[int, ...]:
        """What of the outbox is seen by this message."""
        return self.pings or (self.notice,)


TOLD = ("line", "ping")
"""With each of them the card is drawn anew, and posted again where it is gone."""


@dataclass(frozen=True)
class DeletedCard:
    """A card that somebody deleted by hand: of which case, where it stood, and the newest notice at that moment."""

    case: int
    ts: str
    newest: int


QUIET = timedelta(seconds=20)
"""The clock goes on while the books are read: a moment counts as rest when no reminder comes due so soon."""


def rests(engine: Engine, now: datetime) -> bool | None:
    """True when nothing waits to be sent and no reminder is due or about to be; None while there is something to do."""
    with engine.connect() as connection:
        unsettled = select(func.count()).select_from(t.notices).where(UNSETTLED)
        due = select(func.count()).select_from(t.reminders)
        due = due.where(t.reminders.c.state == "waiting", t.reminders.c.due_at <= now + QUIET)
        left = connection.execute(unsettled).scalar_one() + connection.execute(due).scalar_one()
    return True if left == 0 else None


def left(engine: Engine) -> list[Any]:
    """What waits to be sent."""
    return [row for row in rows(engine, t.notices) if row.state in UNSETTLED_STATES]


def everything_shown(slack: Driver) -> list[Shown]:
    """Every message of the bot in the ASK channel and in its threads, each once."""
    place, found = slack.channel(ASK), {}
    for top in place.messages():
        for message in (top, *(place.thread(top) if top.reply_count else ())):
            if message.metadata:
                payload = message.metadata["event_payload"]
                found[message.ts] = Shown(
                    message.ts,
                    message.thread_ts,
                    payload["notice"],
                    payload["case"],
                    payload["kind"],
                    pings_in(payload),
                )
    return sorted(found.values(), key=lambda one: one.ts)


def rows(engine: Engine, table: Any) -> list[Any]:
    with engine.connect() as connection:
        return list(connection.execute(select(table)).all())


class Reckoning:
    """The run's books: the database's rows, and the messages that people see."""

    def __init__(
        self, slack: Driver, engine: Engine, notes: Notes, deleted: Sequence[DeletedCard] = ()
    ) -> None:
        self.engine, self.notes, self.slack = engine, notes, slack
        self.deleted = {(one.case, one.ts): one for one in deleted}
        self.shown = everything_shown(slack)
        self.notices = {row.id: row for row in rows(engine, t.notices)}
        self.posts = {row.case_number: row for row in rows(engine, t.posts)}
        self.cases = {row.number: row for row in rows(engine, t.cases)}
        self.events = {row.id: row for row in rows(engine, t.events)}
        self.seen = Counter(notice for one in self.shown for notice in one.notices)
        self.cards = [one for one in self.shown if one.kind == "card"]

    def holds(self) -> None:
        """Every promise of the outbox and of the schedule, one after the other."""
        self.every_form_was_acted_on_once()
        self.every_claim_that_was_acked_is_kept()
        self.every_case_has_one_card()
        self.nothing_is_left_in_the_outbox()
        self.every_event_has_its_line_once()
        self.every_ping_is_seen_as_often_as_it_was_sent()
        self.every_bundle_is_what_it_was_claimed_as()
        self.what_is_of_no_case_is_seen_once()
        self.lines_stand_in_their_order()
        self.no_closed_case_is_pinged()
        self.every_waiting_case_has_its_reminders()
        self.the_record_holds()
        self.slack_has_nothing_to_complain_about()

    def every_form_was_acted_on_once(self) -> None:
        """Acked: once, however often the button was pressed. Refused: never. Given up: once at most."""
        said = [value for row in self.events.values() for value in spoken(row._mapping, VAULT).values()]
        found = Counter(mark for text in said for mark in MARK.findall(text))
        for done in self.notes.done:
            if done.what == "reschedule":
                continue  # there is no text in it
            times = found[done.mark]
            fine = {Came.ACKED: times == 1, Came.REFUSED: times == 0, Came.GIVEN_UP: times <= 1}[done.came]
            there = [row for row in self.events.values() if done.mark in MARK.findall(row.said or "")]
            assert fine, f"{done} is in the record {times} times: {there}"

    def every_claim_that_was_acked_is_kept(self) -> None:
        """Or whoever clicked was told that something broke, once for each click that came to nothing."""
        claimed = {row.case_number for row in self.events.values() if row.kind == "claimed"}
        lost = Counter(who for who, case in self.notes.claimed if case not in claimed)
        for who, clicks in lost.items():
            told = [one for one in self.slack.person(who).ephemerals(in_=ASK) if BROKE in one.text]
            assert clicks <= len(told), (
                f"clicks on Claim that were acked and lost: {self.notes.claimed}, {lost}"
            )

    def every_case_has_one_card(self) -> None:
        """Also where somebody deleted it, as soon as anything of its case was told again."""
        cards = Counter(one.case for one in self.cards)
        missing = {case for case in self.cases if self._is_not_back_yet(case)}
        assert cards == dict.fromkeys(self.cases.keys() - missing, 1), f"cards per case: {cards}"
        named = {post.ts for case, post in self.posts.items() if case not in missing}
        assert {one.ts for one in self.cards} == named
        assert sorted(self.cases) == list(range(1, len(self.cases) + 1)), "numbers without gaps"

    def _is_not_back_yet(self, case: int) -> bool:
        """Whether its card was deleted by hand, and nothing has been told of the case since."""
        post = self.posts.get(case)
        gone = self.deleted.get((case, post.ts)) if post else None
        told = [row.id for row in self.notices.values() if row.case_number == case and row.kind in TOLD]
        return gone is not None and max(told, default=0) <= gone.newest

    def nothing_is_left_in_the_outbox(self) -> None:
        odd = [row for row in self.notices.values() if row.state not in ("sent", "dropped")]
        assert not odd, f"not sent: {odd}"

    def every_event_has_its_line_once(self) -> None:
        lines = Counter(row.event for row in self.notices.values() if row.kind == "line")
        owed = {row.id: 1 for row in self.events.values() if row.kind != "raised" and row.case_number}
        assert lines == owed, f"events without one line: {set(owed) ^ set(lines)}"
        for row in self.notices.values():
            if row.kind == "line":
                self._stands_once(row)

    def every_ping_is_seen_as_often_as_it_was_sent(self) -> None:
        for row in self.notices.values():
            if row.kind == "ping" and row.state == "sent":
                self._stands_once(row)
            elif row.state == "dropped":
                assert self.seen[row.id] == 0, f"dropped, and seen: {row}"
        unknown = {*self.seen, *(one.notice for one in self.shown)} - set(self.notices)
        assert not unknown, f"messages for notices that are not in the books: {unknown}"

    def _stands_once(self, row: Any) -> None:
        there = [one for one in self.shown if row.id in one.notices]
        assert len(there) == 1, f"seen {len(there)} times: {row}"
        if there[0].pings:
            assert (there[0].thread, there[0].ts) == (None, row.ts), f"in another message: {there[0]} {row}"
            return
        assert there[0].case == row.case_number, f"of another case: {there[0]} {row}"
        assert there[0].thread in self._threads(row.case_number), f"in another thread: {there[0]} {row}"
        assert there[0].ts == row.ts, f"the books name another message: {there[0]} {row}"

    def _threads(self, case: int) -> set[str | None]:
        """Where its lines may stand: under its card, or one that was deleted; in the channel where a thread went with it."""
        gone: set[str | None] = {ts for number, ts in self.deleted if number == case}
        return {self.posts[case].ts, *gone} | ({None} if gone else set())

    def every_bundle_is_what_it_was_claimed_as(self) -> None:
        """One message in the channel itself, known by its leader, which stands for pings of its own bundle only."""
        for one in self.shown:
            if one.kind == "burst":
                assert one.thread is None, f"in a thread: {one}"
                assert one.pings, f"it stands for nothing: {one}"
                assert {self.notices[ping].bundle for ping in one.pings} == {one.notice}, (
                    f"not its own: {one}"
                )

    def what_is_of_no_case_is_seen_once(self) -> None:
        """Lines of the program and recurring posts: each as one message in the channel."""
        for row in self.notices.values():
            if row.case_number is None and row.state == "sent":
                there = [(one.ts, one.thread) for one in self.shown if one.notice == row.id and not one.pings]
                assert there == [(row.ts, None)], f"seen {len(there)} times: {row}"

    def lines_stand_in_their_order(self) -> None:
        for case in self.cases:
            there = [one.notice for one in self.shown if one.case == case and one.thread is not None]
            assert there == sorted(there), f"case {case} is told out of order: {there}"

    def no_closed_case_is_pinged(self) -> None:
        """Between its closing line and its reopening, if any, no ping of a case is seen, alone or among others.

        A message of many is not held up by the line that tells of the reopening; the ping in it was written after.
        """
        told: dict[int, list[Any]] = {}
        for one in self.shown:
            if one.thread is not None or one.pings:
                for notice in one.notices:
                    told.setdefault(self.notices[notice].case_number, []).append(self.notices[notice])
        reopened = self._lines_of("reopened")
        for story in told.values():
            closed = 0
            for row in story:
                if row.kind == "line" and self.events[row.event].kind in ("closed", "reopened"):
                    closed = row.id if self.events[row.event].kind == "closed" else 0
                again = any(closed < line.id < row.id for line in reopened.get(row.case_number, ()))
                assert not (closed and row.kind == "ping" and not again), f"a closed case was pinged: {row}"

    def _lines_of(self, kind: str) -> dict[int, list[Any]]:
        """The notices that tell of such events, by case."""
        found: dict[int, list[Any]] = {}
        for row in self.notices.values():
            if row.kind == "line" and self.events[row.event].kind == kind:
                found.setdefault(row.case_number, []).append(row)
        return found

    def every_waiting_case_has_its_reminders(self) -> None:
        planned: dict[Any, list[Any]] = {}
        for row in rows(self.engine, t.reminders):
            planned.setdefault((row.case_number, row.rule, row.callback, row.round), []).append(row)
        with self.engine.connect() as connection:
            reading = Reading(connection, VAULT)
            (program,) = reading.programs()
            cases = [reading.case(number, program.id) for number in self.cases]
        for case in cases:
            chains = {(w.chain.rule.value, w.chain.callback, w.chain.round): w for w in wanted(case, program)}
            for chain, wish in chains.items():
                if wish.chain.rule is Rule.HEADS_UP:
                    continue  # there is none for a time at short notice
                steps = planned.get((case.number, *chain), [])
                waits = sum(step.state == "waiting" for step in steps)
                assert steps, f"case {case.number} was never to be chased: {chain}"
                assert waits == 1 or wish.chain.rule not in ENDLESS, (
                    f"case {case.number}: {waits} wait, {chain}"
                )
            waiting = {key[1:] for key, steps in planned.items() for s in steps if s.state == "waiting"
                       and key[0] == case.number}  # fmt: skip
            assert waiting <= set(chains), f"case {case.number} is chased for what is over: {waiting}"
            assert case.status is not Status.CLOSED or not waiting

    def the_record_holds(self) -> None:
        with self.engine.connect() as connection:
            reading = Reading(connection, VAULT)
            (program,) = reading.programs()
            head = reading.record_head(program.id)
            assert head is not None
            assert verify(reading, program.id).broken is None
            assert head.length == len(self.events)

    def slack_has_nothing_to_complain_about(self) -> None:
        odd = [problem for problem in self.slack.problems() if problem["problem"] not in BY_KILLS]
        assert not odd, odd

    def counts(self) -> str:
        """The run in a line, for whoever measures."""
        came = Counter(done.came.name.lower() for done in self.notes.done)
        again = sum(done.tries > 1 for done in self.notes.done)
        states = Counter(f"{row.kind} {row.state}" for row in self.notices.values())
        looked = len(self.slack.calls("conversations.replies")) + len(
            self.slack.calls("conversations.history")
        )
        return json.dumps(
            {
                "cases": len(self.cases),
                "closed": sum(row.status == "closed" for row in self.cases.values()),
                "events": len(self.events),
                "forms": dict(came),
                "moves": dict(Counter(row.kind for row in self.events.values())),
                "submitted again": again,
                "looked up": looked,
                "bundles": [len(one.pings) for one in self.shown if one.pings],
                "notices": dict(states),
            }
        )
