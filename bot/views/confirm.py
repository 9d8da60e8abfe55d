"""Answers that only one person sees."""

from __future__ import annotations

from bot.views import blocks
from bot.views.message import Message
from bot.views.playbook import read_out
from bot.views.standing import promised, promised_plain, title
from cases.case import Case
from cases.program import Program


def confirmation(case: Case, program: Program, permalink: str | None) -> Message:
    """To the agent who raised the case, once its card is visible in the channel: the customer is still on the line."""
    name = f"<{permalink}|{title(case)}>" if permalink else f"*{title(case)}*"
    raised = f":white_check_mark: {name} is in the channel."
    told = "You'll be mentioned in its thread when it is claimed, rescheduled or closed."
    if case.waiting:
        told = "You'll be mentioned in its thread when somebody takes the call. If the customer hangs up, say so on the card."
    body = [
        blocks.section("\n".join([raised, *promised(case)])),
        *read_out(case, program),
        blocks.context(told),
    ]
    if permalink:
        body.append(blocks.link_to_card(case.number, permalink))
    return blocks.message(f"{title(case)} is in the channel. {promised_plain(case)} {told}", body)


def as_message(sentence: str) -> Message:
    """A sentence (already in mrkdwn, such as `Refusal.sentence`) as a message."""
    return blocks.message(sentence, [blocks.section(sentence)])
