"""A workspace under siege: two ASK channels, a real bot as a process of its own, and envelopes that no client of Slack's sent.

What is forged goes over the bot's real WebSocket, many at a time. Afterwards everything is looked at once: what stands
in the database, what everybody sees, what only one person was shown, and the log.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlmodel import SQLModel

from bot.app.wiring import Pace
from bot.environment.manifest import manifest
from cases.program import Ladder, Program
from sandbox import SandboxClock, SandboxThread, Seed
from sandbox.driver import Message
from sandbox.workspace.model import App, User
from sandbox.workspace.payloads import base_payload, message_json
from sandbox.workspace.socketmode import Ack
from storage.store import Store
from storage.tables import HandledRow, LeaseRow, RefusalRow, ReplicaRow
from storage.writing.programs import save_program
from tests.chaos.running import Bots
from tests.journeys.floor import START, Floor, stored_at
from tests.journeys.telling import rests

Json = dict[str, Any]

BILLING, SALES = "C0ASKBILL", "C0RANDOM"
QUIET = Ladder(unclaimed=(900, 1000, 1100))
"""Nothing comes due while the siege lasts."""

SECOND = Program(
    id=0, channel=SALES, name="Sales", timezone="Europe/London", customer_timezone="Australia/Sydney",
    phone_region="AU", sme_users=("U0ARJUN",), tl_users=("U0ABEL",), manager_users=("U0AMY",), ladder=QUIET,
)  # fmt: skip

BOOKKEEPING = {row.__tablename__ for row in (HandledRow, LeaseRow, RefusalRow, ReplicaRow)}
"""What a refused attempt may leave: that it was handled, that it was refused; and what bots tell each other."""

MEMBERS = "channels"
"""Who is in which channel is asked again now and then; when that was is no matter."""

AT_ONCE = 25

STRANGER, GONE, UNKNOWN = "U0STELLA", "U0DORA", "U0NOBODY"
OUTSIDERS = ("U0OTTO", STRANGER, GONE, UNKNOWN, "U0ASKDESK", "USLACKBOT")
"""Somebody of no channel, of another team in both channels (Slack Connect), of yesterday, of nowhere, the bot, Slackbot."""

THEIR_DESK = {BILLING: ("U0SAM", "U0BEN", "U0MIA"), SALES: ("U0ARJUN", "U0ABEL", "U0AMY")}
"""An SME, a TL and a manager of each program."""


@dataclass(frozen=True)
class Seen:
    """All that an attack must leave as it was."""

    rows: Mapping[str, list[Any]]
    messages: Mapping[str, list[Any]]

    def differs(self, after: Seen) -> list[str]:
        """What is there now and was not, or the other way round."""
        told = []
        for mine, now in ((self.rows, after.rows), (self.messages, after.messages)):
            for name in mine:
                told += [f"{name}: gone {row!r}" for row in mine[name] if row not in now[name]]
                told += [f"{name}: new {row!r}" for row in now[name] if row not in mine[name]]
        return told


class Siege:
    """The besieged place."""

    def __init__(self, floor: Floor, bots: Bots, store: Store) -> None:
        self.floor = floor
        self.bots = bots
        self.store = store
        self.sandbox = floor.sandbox.sandbox
        self.workspace = self.sandbox.workspace
        self.app: App = self.workspace.apps["A0ASKDESK"]
        self.cards: dict[int, Message] = {}
        self._mark = 0
        self._log = 0

    # Attacking

    def base(self, user: str, *, team: str | None = None, channel: str | None = None) -> Json:
        """What each interaction has: who, for which app, a trigger that is good, an address to answer to."""
        who = self.workspace.users.get(user) or User(user, "nobody", "Nobody", "T0NORTH")
        payload = base_payload(self.workspace, self.app, who, as_team=team, as_app=None)
        payload["trigger_id"] = self.sandbox.core.views.new_trigger(user, self.app)
        if channel is not None and channel in self.workspace.channels:
            place = self.workspace.channels[channel]
            payload["channel"] = {"id": channel, "name": place.name}
            payload["response_url"] = self.sandbox.answers.new_url(self.app, user, place)
        return payload

    def message(self, case: int) -> Json:
        """A case's card, as Slack would tell it."""
        card = self.cards[case]
        return message_json(self.workspace, self.workspace.channels[card.channel].messages[card.ts])

    def sends(self, payloads: Sequence[tuple[str, Json]]) -> list[Ack]:
        """Delivers envelopes, each of a kind of Slack's, and waits for what the bot answers to each."""

        async def all_of_them() -> list[Ack]:
            gate = asyncio.Semaphore(AT_ONCE)

            async def one(kind: str, payload: Json) -> Ack:
                async with gate:
                    return await self.sandbox.core.hub.deliver(
                        self.app.id, kind, payload, accepts_response=kind != "events_api"
                    )

            return list(await asyncio.gather(*(one(*each) for each in payloads)))

        found = self.floor.sandbox.call(all_of_them)
        assert isinstance(found, list)
        return found

    # Looking

    def seen(self) -> Seen:
        """The database, but for its bookkeeping, and what stands in the channels, when nothing is under way any more."""
        self.floor.slack.settles()
        rests(self.floor)
        with self.store.read() as reading:
            rows = {
                table.name: [
                    row[:2] if table.name == MEMBERS else tuple(row)
                    for row in reading.connection.execute(select(table))
                ]
                for table in SQLModel.metadata.sorted_tables
                if table.name not in BOOKKEEPING
            }
        channels = self.workspace.channels.values()
        return Seen(
            rows,
            {one.id: [message_json(self.workspace, m) for m in one.messages.values()] for one in channels},
        )

    def marks(self) -> None:
        """Whatever was shown and logged up to now is not looked at again."""
        self._mark = self.workspace.traffic.count
        self._log = len(self.bots.nursery.err)

    def shown(self, but_to: Sequence[str]) -> str:
        """All that the bot sent to Slack since the mark: acks, answers, views, messages; but for some people's Homes."""
        kinds = ("api", "ack", "response_url")
        sent = [
            one for one in self.workspace.traffic.so_far() if one["n"] > self._mark and one["kind"] in kinds
        ]
        said = [one.get("response" if one["kind"] == "ack" else "payload") or {} for one in sent]
        return json.dumps([one for one in said if one.get("user_id") not in but_to], ensure_ascii=False)

    def is_unharmed(self, before: Seen, *, hidden: Sequence[str] = (), but_to: Sequence[str] = ()) -> None:
        """Nothing done, nothing shown, nothing logged as an error, and the bot is at work."""
        self.is_at_work()
        told = before.differs(self.seen())
        assert not told, "\n".join(told[:20])
        shown = self.shown(but_to)
        told = [
            f"{secret}: …{shown[max(0, at - 200) : at + 200]}…"
            for secret in hidden
            if (at := shown.find(secret)) >= 0
        ]
        assert not told, "\n".join(told)
        self.log_is_clean(hidden)

    def log_is_clean(self, hidden: Sequence[str] = ()) -> None:
        """No traceback, no error, and none of these words in what was logged since the mark."""
        log = "".join(self.bots.nursery.err[self._log :])
        # A starved machine answers the bot late, as Slack may; that is no hole.
        bad = [
            line
            for line in log.splitlines()
            if re.search(r'Traceback|"level": "(error|critical)"|^[^{]', line)
            and not re.search(r'\bTimeoutError"', line)
        ]
        assert not bad, "\n".join(sorted({_gist(line) for line in bad}))
        told = [secret for secret in hidden if secret in log]
        assert not told, told

    def is_at_work(self) -> None:
        """A good command is answered as ever, by the same process."""
        acked = self.floor.mia.types("/askdesk help", in_="#ask-billing")
        assert acked.acked
        assert "Askdesk keeps" in str(acked.ephemeral)


def _gist(line: str) -> str:
    """A line of the log, without the way that led there; the first of each kind is printed whole."""
    try:
        told = json.loads(line)
    except ValueError:
        return line
    frames = str(told.get("exception", "")).splitlines()
    ours = [
        frame.strip() for frame in frames if "/bot/" in frame or "/storage/" in frame or "/cases/" in frame
    ]
    return " | ".join([str(told.get("event")), *ours[-2:], *frames[-1:]])


@contextmanager
def besieged(database: str, folder: Path) -> Iterator[Siege]:
    """Two programs, each with cases, and a bot that answers for both."""
    with SandboxThread(Seed(manifest()), limits=False, clock=SandboxClock(START)) as sandbox:
        users = sandbox.sandbox.workspace.users
        users[STRANGER] = User(STRANGER, "stella", "Stella Stranger", "T0ELSE")
        for channel in (BILLING, SALES):
            sandbox.sandbox.workspace.channels[channel].members.append(STRANGER)
        users[GONE] = User(GONE, "dora", "Dora Gone", "T0NORTH", deleted=True)
        place = Floor(sandbox, database, Pace())
        bots = Bots(sandbox, database, folder)
        store = stored_at(database)
        try:
            bots.opens()
            bots.closes()
            store.write_now(lambda unit: save_program(unit, SECOND))
            (billing,) = [
                one for one in store.ask_now(lambda reading: reading.programs()) if one.channel == BILLING
            ]
            store.write_now(lambda unit: save_program(unit, replace(billing, ladder=QUIET)))
            place.slack.channel("#random").invite("Askdesk")
            bots.opens()
            yield Siege(place, bots, store)
        finally:
            store.close()
            bots.end()
