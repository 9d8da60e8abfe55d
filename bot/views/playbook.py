"""What to say, from the playbook: beside the form while the customer is on the line."""

from __future__ import annotations

from collections.abc import Iterator

from slack_sdk.models.blocks import Block

from bot.views import blocks
from cases.mrkdwn import escape
from cases.playbook import Advice, Avoid

AVOIDED_AT_MOST = 2


def instead(avoid: Avoid) -> str:
    """What not to say, struck out, and what to say."""
    return f"~{escape(avoid.words)}~ → “{escape(avoid.instead)}”"


def words(told: Advice) -> Iterator[Block]:
    """Three lines to say, and in small print what goes with them."""
    yield blocks.section("\n".join(["*Say this now*", *(f"> {escape(line)}" for line in told.lines)]))
    helps = " ".join(f"“{escape(one)}”" for one in told.helps)
    yield blocks.context(
        f"*What comes next*: “{escape(told.signpost)}”",
        f"*Helps too*: {helps}",
        f"*Not*: {' · '.join(map(instead, told.avoid[:AVOIDED_AT_MOST]))}",
        f"*For you*: {escape(told.reminder)}",
    )
