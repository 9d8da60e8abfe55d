"""What to say, from the playbook: while the customer is on the line, and once a callback is agreed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from slack_sdk.models.blocks import Block

from bot.views import blocks
from cases.case import Case
from cases.mrkdwn import escape
from cases.playbook import Advice, Avoid
from cases.playbook.read_aloud import read_aloud
from cases.program import Knowledge, Program

AVOIDED_AT_MOST = 2
KNOWLEDGE_AT_MOST = 3


def instead(avoid: Avoid) -> str:
    """What not to say, struck out, and what to say instead."""
    return f"~{escape(avoid.words)}~ → “{escape(avoid.instead)}”"


def words(told: Advice, at_hand: Sequence[Knowledge] = ()) -> Iterator[Block]:
    """Three lines to say, related hints in small print, and what the program knows about the matter."""
    yield blocks.section("\n".join(["*Say this now*", *(f"> {escape(line)}" for line in told.lines)]))
    helps = " ".join(f"“{escape(one)}”" for one in told.helps)
    yield blocks.context(
        f"*What comes next*: “{escape(told.signpost)}”",
        f"*Helps too*: {helps}",
        f"*Not*: {' · '.join(map(instead, told.avoid[:AVOIDED_AT_MOST]))}",
        f"*For you*: {escape(told.reminder)}",
    )
    for one in at_hand[:KNOWLEDGE_AT_MOST]:
        yield blocks.section("\n".join(_known(one)))


def _known(one: Knowledge) -> Iterator[str]:
    """What an agent may do about the matter, before the rest."""
    yield f":bulb: *{escape(one.name)}*"
    if one.alone:
        yield f"*You may decide*: {escape(one.alone)}"
    if one.beyond:
        yield f"*Only a TL or a department*: {escape(one.beyond)}"
    if one.note:
        yield escape(one.note)
    for line in one.links.splitlines():
        address, _, name = line.partition(" ")
        yield f"<{escape(address)}|{escape(name or address)}>"


def read_out(case: Case, program: Program) -> Iterator[Block]:
    """What to read to the customer about the pending promise, as a text to copy; empty if there is none."""
    text = read_aloud(case, program)
    if text is not None:
        yield blocks.section("*Read this to the customer:*")
        yield blocks.quote(text)
