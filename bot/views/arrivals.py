"""What is asked in a channel to which the bot was invited; each message is seen by one person only."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import ActionsBlock, ButtonElement

from bot.views import blocks
from bot.views.ids import Action
from bot.views.message import Message
from cases.people import named
from cases.program import Program

NAMED_AT_MOST = 20


def question(channel: str) -> Message:
    """To a manager: whether this becomes an ASK channel."""
    asks = f"*Make this an ASK channel?* Cases would then be raised and handled in <#{channel}>, by its own team."
    buttons = ActionsBlock(
        elements=[
            ButtonElement(
                text=blocks.plain("Set it up"),
                action_id=Action.SET_UP.value,
                value=channel,
                style="primary",
            ),
            ButtonElement(text=blocks.plain("Not now"), action_id=Action.NOT_NOW.value, value=channel),
        ]
    )
    return blocks.message(asks.replace("*", ""), [blocks.section(asks), buttons])


def asked() -> Message:
    """To an inviter who is no manager, where a manager is here as well."""
    said = (
        "*Make this an ASK channel?* Askdesk has asked the managers in this channel. A manager who "
        "missed the question can type `/askdesk settings` here."
    )
    return blocks.message(said.replace("*", ""), [blocks.section(said)])


def nobody_may(programs: Sequence[Program]) -> Message:
    """To an inviter, where nobody is here who may."""
    said = (
        f"Askdesk can make this an ASK channel. {who_may(programs)} Invite one of them and have them type "
        "`/askdesk settings` here."
    )
    return blocks.message(said, [blocks.section(said)])


def who_may(programs: Sequence[Program]) -> str:
    """A sentence that names the managers of every program."""
    found = dict.fromkeys(
        one for program in programs for one in named(program.manager_groups, program.manager_users)
    )
    names = " ".join(list(found)[:NAMED_AT_MOST])
    if not names:
        return "Only a program's manager can set it up, and no program has one yet. Ask your administrator."
    return f"These managers can set it up: {names}."
