"""*Escalate this*, under somebody's own words: for a plea typed into the ASK channel, and where a message was refused.

Only the writer sees it. The button carries the message, of which Slack takes 2,000 characters
(https://docs.slack.dev/reference/block-kit/block-elements/button-element): so it still fills the form in when the message is
deleted, as the writer is asked to, and nothing of it is stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement

from bot.views import blocks
from bot.views.ids import Action, of_program
from bot.views.message import Message
from cases.contact import NotAContact, read_contact
from cases.forms import DETAILS_LIMITS
from cases.mrkdwn import escape, inline, shorten, trimmed
from cases.plea import CONTACT_AT_MOST, NAME_AT_MOST, Story
from cases.program import Program

CARRIED_AT_MOST = DETAILS_LIMITS[1] + NAME_AT_MOST + CONTACT_AT_MOST
PROGRAMS_AT_MOST = 5
LABEL_AT_MOST = 75

RAISE = (
    ":raised_hand: *Escalate this?* As a case it has an owner and a time, and people are reminded until somebody has called. A "
    "message here is forgotten."
)
DELETE = ":lock: Please delete your message: everybody here can read how to reach the customer. Askdesk keeps nothing of it."


def offer(said: str, story: Story, program: Program) -> Message:
    """To whoever typed a plea into the ASK channel: the form with what was understood, and what to delete."""
    known = [inline(story.customer, NAME_AT_MOST)] if story.customer else []
    if story.contact:
        known.append(_masked(story.contact, program))
    small = [
        f"Filled in for you: {' · '.join(known)} and your words."
        if known
        else "Your words are filled in for you."
    ]
    if story.contact:
        small.append(DELETE)
    body = [
        blocks.section(RAISE),
        *_buttons([program], said, Action.ESCALATE_SAID.label),
        blocks.context(*small),
    ]
    return blocks.message(" ".join([RAISE.replace("*", ""), *small]), body)


def refused(sentence: str, said: str, programs: Sequence[Program]) -> Message:
    """The refusal of a message elsewhere, with its words to be escalated in the programs whose channels the writer is in."""
    label = f"{Action.ESCALATE_SAID.label}" if len(programs) == 1 else ""
    return blocks.message(
        sentence, [blocks.section(sentence), *_buttons(programs[:PROGRAMS_AT_MOST], said, label)]
    )


def _buttons(programs: Iterable[Program], said: str, label: str) -> Iterator[Block]:
    for program in programs:
        button = ButtonElement(
            text=blocks.plain(label or shorten(f"Escalate in {escape(program.name)}", LABEL_AT_MOST)),
            action_id=Action.ESCALATE_SAID.value,
            value=trimmed(said, CARRIED_AT_MOST),
            style="primary",
        )
        yield ActionsBlock(elements=[button], block_id=of_program(program.id, "said"))


def _masked(contact: str, program: Program) -> str:
    try:
        return inline(read_contact(contact, program.phone_region).masked)
    except NotAContact:
        return ""
