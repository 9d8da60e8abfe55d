"""Questions in a channel to which the bot was invited; only one person sees each message."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import ActionsBlock, ButtonElement

from bot.views import blocks
from bot.views.ids import Action
from bot.views.message import Message
from cases.permissions import who_sets_up
from cases.program import Program


def question(channel: str) -> Message:
    """Asks a manager whether this becomes an ASK channel."""
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
    """To an inviter who is not a manager, if a manager is here."""
    said = (
        "*Make this an ASK channel?* Askdesk has asked the managers in this channel. A manager who "
        "missed the question can type `/askdesk settings` here."
    )
    return blocks.message(said.replace("*", ""), [blocks.section(said)])


def nobody_may(programs: Sequence[Program]) -> Message:
    """To an inviter, if nobody here may."""
    said = (
        f"Askdesk can make this an ASK channel. {who_sets_up(programs)} Invite one of them and have them type "
        "`/askdesk settings` here."
    )
    return blocks.message(said, [blocks.section(said)])
