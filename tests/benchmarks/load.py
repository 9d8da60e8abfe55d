"""The load generator: agents, team leads and time at work on a sandbox, as many and as fast as wanted.

It lives on the sandbox's own event loop and sends what Slack would send, so that the bot, a process of its own, is what
is measured. Everything is counted from the moment at which the sandbox writes to the socket.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from bot.demo.environment import seeded_environment
from bot.environment.manifest import manifest
from bot.faces.raising import ESCALATE
from bot.views.ids import action_of, metadata
from cases import moves
from cases.fields import Field
from sandbox import Sandbox, Seed
from sandbox.seed import contact_centre
from sandbox.workspace.faults import Faults
from sandbox.workspace.model import Channel, Json, Message
from sandbox.workspace.socketmode import Ack
from tests.chaos.running import TOP

APP = "A0ASKDESK"
NEW_YORK = "America/New_York"
BREATH = 0.05
"""Seconds between two gestures of which each is to be alone: enough for a form to be opened and drawn."""

PATIENCE = 30.0
"""Seconds that an ack may take here: Slack waits three, but what takes longer is to be seen in the figures."""


@dataclass(frozen=True)
class Answered:
    """How a number of envelopes was answered: each one's milliseconds until its ack, and the seconds for all."""

    ms: Sequence[float]
    seconds: float

    @property
    def per_second(self) -> float:
        return len(self.ms) / self.seconds


class Load:
    """A workspace with so many ASK channels, and what people do there."""

    def __init__(self, sandbox: Sandbox, channels: Sequence[str]) -> None:
        self.sandbox = sandbox
        self.channels = channels
        self._workspace = sandbox.workspace
        self._numbers = count(1)
        self._app = sandbox.workspace.apps[APP]

    @property
    def faults(self) -> Faults:
        return self.sandbox.core.faults

    # One person's doing

    async def escalates(self, channel: str | None = None) -> Ack:
        """Ana types /escalate."""
        ack = await self._deliver("slash_commands", self._command(channel or self.channels[0]))
        self._workspace.stacks.clear()
        return ack

    async def submits(self, program: int = 1) -> Ack:
        """Ana presses the button of a form for another customer."""
        number = next(self._numbers)
        at = (datetime.now(UTC) + timedelta(hours=2)).astimezone(ZoneInfo(NEW_YORK))
        values = {
            Field.CUSTOMER: {"value": f"Customer {number}"},
            Field.CONTACT: {"value": f"customer{number}@example.com"},
            Field.CUSTOMER_IS: _chosen("agreed"),
            Field.DATE: {"selected_date": f"{at:%Y-%m-%d}"},
            Field.TIME: {"selected_time": f"{at:%H:%M}"},
            Field.ZONE: _chosen(NEW_YORK),
            Field.ASKED_FOR_TIME: _ticked("asked_for_time"),
            Field.SCENARIO: _chosen("during"),
            Field.REASONS: _ticked("billing_dispute"),
            Field.STEPS: _ticked("listened"),
            Field.DETAILS: {"value": "Billed twice for October; I promised a call from a team lead."},
            Field.SUPERIOR: {"selected_user": "U0BEN"},
        }
        id_ = self._workspace.new_id("V")
        view: Json = {
            "id": id_,
            "root_view_id": id_,
            "previous_view_id": None,
            "hash": "1.abc",
            "type": "modal",
            "callback_id": ESCALATE,
            "private_metadata": metadata(program=program, knows_superior=False, already_open=[]),
            "title": {"type": "plain_text", "text": "Escalate"},
            "blocks": [{"type": "input", "block_id": field.value} for field in values],
            "state": {"values": {field.value: {field.value: entry} for field, entry in values.items()}},
        }
        payload = {**self._interaction("view_submission", "U0ANA"), "view": view, "response_urls": []}
        return await self._deliver("interactive", payload)

    async def claims(self, case: int, who: str = "U0BEN", channel: str | None = None) -> Ack:
        """A team lead clicks *Claim* on a card."""
        place = channel or self.channels[0]
        payload = {
            **self._interaction("block_actions", who),
            "channel": {"id": place, "name": "ask"},
            "container": {"type": "message", "message_ts": "1.000000", "channel_id": place},
            "actions": [
                {
                    "action_id": action_of(moves.claim),
                    "block_id": "buttons",
                    "type": "button",
                    "value": str(case),
                }
            ],
            "response_url": self.sandbox.answers.new_url(self._app, who, self._workspace.channels[place]),
        }
        return await self._deliver("interactive", payload)

    # Many at once

    async def one_by_one(self, gesture: Callable[[], Awaitable[Ack]], number: int) -> Answered:
        """Each when the one before is over, with all that followed from it."""
        began, ms = time.perf_counter(), []
        for _ in range(number):
            ms.append(_in_time(await gesture()))
            await asyncio.sleep(BREATH)
        return Answered(ms, time.perf_counter() - began)

    async def at_once(self, gestures: Iterable[Callable[[], Awaitable[Ack]]], in_flight: int) -> Answered:
        """A storm: as soon as one is answered the next is on its way, so many side by side."""
        waiting = iter(gestures)
        ms: list[float] = []

        async def hand() -> None:
            for gesture in waiting:
                ms.append(_in_time(await gesture()))

        began = time.perf_counter()
        await asyncio.gather(*(hand() for _ in range(in_flight)))
        return Answered(ms, time.perf_counter() - began)

    async def steadily(
        self, gesture: Callable[[], Awaitable[Ack]], per_second: float, seconds: float
    ) -> Answered:
        """So many a second, whether the ones before are answered or not."""
        began, tasks = time.perf_counter(), []
        for number in range(int(per_second * seconds)):
            await asyncio.sleep(max(0.0, began + number / per_second - time.perf_counter()))
            tasks.append(asyncio.ensure_future(gesture()))
        acks = await asyncio.gather(*tasks)
        return Answered([_in_time(ack) for ack in acks], time.perf_counter() - began)

    # What is seen

    def calls(self, method: str) -> int:
        """How often the app called a method."""
        return sum(
            1
            for entry in self._workspace.traffic.so_far()
            if entry["kind"] == "api" and entry["name"] == method
        )

    def messages(self, channel: str | None = None) -> list[Message]:
        """The app's messages that everybody sees, in one channel or in all."""
        places: list[Channel] = [
            self._workspace.channels[one] for one in ([channel] if channel else self.channels)
        ]
        found = (message for place in places for message in place.messages.values())
        return [message for message in found if message.app_id and message.only_for is None]

    async def until(self, holds: Callable[[], bool], within: float = 60.0) -> None:
        """Waits for it, change by change of the workspace, of which some come without a word."""
        async with asyncio.timeout(within):
            while not holds():
                await self._workspace.wait_for_change(self._workspace.revision, 0.2)

    async def connected(self, connections: int = 1) -> None:
        await self.until(lambda: len(self.sandbox.core.hub.live(APP)) >= connections)

    async def _deliver(self, kind: str, payload: Json) -> Ack:
        return await self.sandbox.core.hub.deliver(APP, kind, payload, accepts_response=True)

    def _command(self, channel: str) -> Json:
        user = self._workspace.users["U0ANA"]
        return {
            "command": "/escalate", "text": "", "team_id": "T0NORTH", "api_app_id": APP, "user_id": user.id,
            "channel_id": channel, "channel_name": "ask",
            "trigger_id": self.sandbox.core.views.new_trigger(user.id, self._app),
            "response_url": self.sandbox.answers.new_url(
                self._app, user.id, self._workspace.channels[channel], kind="commands"
            ),
        }  # fmt: skip

    def _interaction(self, kind: str, user: str) -> Json:
        return {
            "type": kind,
            "team": {"id": "T0NORTH", "domain": "northwind-care"},
            "user": {"id": user, "team_id": "T0NORTH", "username": user.casefold()},
            "api_app_id": APP,
            "trigger_id": self.sandbox.core.views.new_trigger(user, self._app),
        }


@asynccontextmanager
async def workspace(channels: int = 1, *, limits: bool = False) -> AsyncIterator[Load]:
    """A sandbox by the real time, with so many ASK channels; the first is the contact centre's own."""
    config = contact_centre()
    members = config["channels"][0]["members"]
    more = [
        {"id": f"C0ASK{number:04}", "name": f"ask-{number}", "members": members}
        for number in range(2, channels + 1)
    ]
    config["channels"] += more
    async with Sandbox(Seed(manifest(), config=config), limits=limits, ack_seconds=PATIENCE) as sandbox:
        yield Load(sandbox, ["C0ASKBILL", *(str(one["id"]) for one in more)])


@asynccontextmanager
async def bot(load: Load, kind: str, database: str = "sqlite://") -> AsyncIterator[Process]:
    """A bot of that kind (see `serving`) on this workspace."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.benchmarks.serving",
        kind,
        cwd=TOP,
        env={**os.environ, **seeded_environment(load.sandbox.api_url, database), "LOG_FORMAT": "json"},
        stdin=PIPE,
        stdout=PIPE,
        stderr=PIPE,
    )
    heard = asyncio.ensure_future(_read(process))
    try:
        assert process.stdout is not None
        said = (await process.stdout.readline()).decode().strip()
        if said != "open":
            process.kill()
            raise RuntimeError(f"the bot did not open: {said} {(await heard).decode()[-2000:]}")
        await load.connected(2)
        yield process
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()
        await heard


async def _read(process: Process) -> bytes:
    """The log, so that the pipe never fills."""
    assert process.stderr is not None
    return await process.stderr.read()


def _in_time(ack: Ack) -> float:
    if not ack.acked:
        raise RuntimeError(f"an envelope was not acknowledged: {ack.error}")
    return ack.ms


def _chosen(value: str) -> Mapping[str, Any]:
    return {"selected_option": {"value": value}}


def _ticked(value: str) -> Mapping[str, Any]:
    return {"selected_options": [{"value": value}]}
