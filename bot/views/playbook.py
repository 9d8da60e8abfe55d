"""What to say, from the playbook: while the customer is on the line, and once a callback is agreed."""

from __future__ import annotations

from collections.abc import Iterator

from slack_sdk.models.blocks import Block

from bot.views import blocks
from cases.case import Case
from cases.mrkdwn import escape
from cases.playbook import Advice, Avoid
from cases.playbook.read_aloud import read_aloud
from cases.program import Program

AVOIDED_AT_MOST = 2


def instead(avoid: Avoid) -> str:
    """What not to say, struck out, and what to say instead."""
    return f"~{escape(avoid.words)}~ → “{escape(avoid.instead)}”"


def words(told: Advice) -> Iterator[Block]:
    """Three lines to say, and related hints in small print."""
    yield blocks.section("\n".join(["*Say this now*", *(f"> {escape(line)}" for line in told.lines)]))
    helps = " ".join(f"“{escape(one)}”" for one in told.helps)
    yield blocks.context(
        f"*What comes next*: “{escape(told.signpost)}”",
        f"*Helps too*: {helps}",
        f"*Not*: {' · '.join(map(instead, told.avoid[:AVOIDED_AT_MOST]))}",
        f"*For you*: {escape(told.reminder)}",
    )


def read_out(case: Case, program: Program) -> Iterator[Block]:
    """What to read to the customer about the pending promise, as a text to copy; empty if there is none."""
    text = read_aloud(case, program)
    if text is not None:
        yield blocks.section("*Read this to the customer:*")
        yield blocks.quote(text)
