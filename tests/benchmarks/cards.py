"""(b) From the press on *Escalate* until the card stands in the channel, with Slack's rate limits off and on."""

from __future__ import annotations

import asyncio
import time

from sandbox.workspace.model import Message
from storage.records import NoticeKind
from tests.benchmarks.databases import Databases
from tests.benchmarks.figures import Figure, percentile
from tests.benchmarks.load import Load, bot, workspace

REST = 1.1
"""Seconds between two forms that are by themselves: a channel takes a post a second."""


def _is_card(message: Message) -> bool:
    about = (message.metadata or {}).get("event_payload", {})
    return bool(about.get("kind") == NoticeKind.CARD)


async def _seconds_to_cards(load: Load, number: int, *, at_once: bool) -> list[float]:
    """For each form, from its submission until its card is there; each by itself, or all in the same moment."""
    began: list[float] = []
    seen: list[float] = []

    async def press() -> None:
        began.append(time.perf_counter())
        await load.submits()

    async def watch(wanted: int) -> None:
        def look() -> bool:
            cards = sum(1 for message in load.messages() if _is_card(message))
            seen.extend([time.perf_counter()] * (cards - len(seen)))
            return len(seen) >= wanted

        await load.until(look, within=300.0)

    for turn in [number] if at_once else range(1, number + 1):
        watching = asyncio.ensure_future(watch(turn))
        await asyncio.gather(*(press() for _ in range(turn - len(began))))
        await watching
        await asyncio.sleep(0 if at_once else REST)
    return [there - pressed for pressed, there in zip(sorted(began), seen, strict=True)]


def measure(databases: Databases, number: int = 15) -> list[Figure]:
    return asyncio.run(_measure(databases, number))


async def _measure(databases: Databases, number: int) -> list[Figure]:
    figures = []
    for limits in (False, True):
        about = f"Slack's limits {'on' if limits else 'off'}"
        for at_once in (False, True):
            with databases.new("sqlite") as url:
                async with workspace(limits=limits) as load, bot(load, "askdesk", url):
                    took = await _seconds_to_cards(load, number, at_once=at_once)
            how = f"{number} forms at once in one channel" if at_once else "a form by itself"
            note = "one post a second in a channel is Slack's pace" if at_once else ""
            figures += [
                Figure("b", f"{about}, {how}: submitted → card visible, p{share * 100:.0f}", percentile(took, share), "s",
                       note=note)
                for share in (0.5, 0.99)
            ]  # fmt: skip
    return figures
