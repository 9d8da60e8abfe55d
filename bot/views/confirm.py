"""Answers that only one person sees."""

from __future__ import annotations

from bot.views import blocks
from bot.views.message import Message
from bot.views.standing import promised, promised_plain, title
from cases.case import Case


def confirmation(case: Case, permalink: str | None) -> Message:
    """To the agent who raised the case, once its card is visible in the channel."""
    raised = f":white_check_mark: *{title(case)}* is in the channel."
    when = [promised(case.callback, waiting=case.waiting)] if case.callback else []
    told = "You'll be mentioned in its thread when it is claimed, rescheduled or closed."
    body = [blocks.section("\n".join([raised, *when])), blocks.context(told)]
    if permalink:
        body.append(blocks.link_to_card(case.number, permalink))
    return blocks.message(f"{title(case)} is in the channel. {promised_plain(case)} {told}", body)


def told(sentence: str) -> Message:
    """A sentence of the desk (already in mrkdwn, such as `Refusal.sentence`)."""
    return blocks.message(sentence, [blocks.section(sentence)])
