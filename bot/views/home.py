"""App Home: where to ask, what waits for whoever looks, and the commands. Read when it is opened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.views import blocks
from bot.views.lists import COMMANDS, listed
from bot.views.message import Json, LinkedCase
from bot.views.text import inline
from bot.views.times import reader
from cases.program import Program

NOWHERE = "Ask your team lead for your program's ASK channel."
NOTHING = (
    "*Nothing waits for you.* :coffee: A case that you raise or claim stands here until its customer has been "
    "called back, with the link to its card."
)


def home(programs: Sequence[Program], user: str, cases: Sequence[LinkedCase], now: datetime) -> Json:
    """The Home of one person; `cases` are those that they own or raised and that are not closed.

    A case that its raiser owns stands once, among the callbacks.
    """
    mine = [linked for linked in cases if linked.case.owner == user]
    raised = [linked for linked in cases if linked.case.raised_by == user != linked.case.owner]
    return _view([*_where(programs), *_waiting(mine, raised, now), *_commands(now)])


def turned_away(sentence: str) -> Json:
    """The Home of somebody for whom the desk is not open: why, and nothing else."""
    return _view([blocks.section(sentence)])


def _where(programs: Sequence[Program]) -> Iterator[Block]:
    channels = [f"• <#{program.channel}> · {inline(program.name, 100)}" for program in programs]
    return blocks.packed(["*Where to ask*", *(channels or [NOWHERE])])


def _waiting(mine: Sequence[LinkedCase], raised: Sequence[LinkedCase], now: datetime) -> Iterator[Block]:
    if not mine and not raised:
        yield blocks.section(NOTHING)
    if mine:
        yield from blocks.packed(listed("Your callbacks", mine, now))
    if raised:
        yield from blocks.packed(listed("Your escalations", raised, now))


def _commands(now: datetime) -> Iterator[Block]:
    yield from blocks.packed(["*What to type in the channel*", *(f"• {line}" for line in COMMANDS)])
    yield blocks.context(f"As of {reader(now)}. Open this page again to see it anew.")


def _view(body: Sequence[Block]) -> Json:
    return View(type="home", blocks=list(body)).to_dict()
