"""Sentences for what cannot be answered where it was asked; show them with `confirm.told`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import StrEnum

from cases.mrkdwn import inline
from cases.people import one_of
from cases.program import Program

POINTED_AT_MOST = 10


class Place(StrEnum):
    """Where somebody tried; the value is how the sentence names it."""

    DM = "direct messages"
    GROUP_DM = "group messages"
    CHANNEL = "this channel"


def wrong_place(place: Place, programs: Sequence[Program]) -> str:
    """Not in a DM, a group DM or another channel (house rule 5), with a pointer to the right one."""
    refused = f"Askdesk does not take cases in {place.value}: everybody must be able to see them."
    if not programs:
        return f"{refused} Ask your team lead for your program's ASK channel."
    channels = [f"<#{program.channel}>" for program in programs[:POINTED_AT_MOST]]
    return f"{refused} Go to {one_of(channels)} and type `/escalate` there."


def stranger() -> str:
    """For somebody of another workspace (Slack Connect)."""
    return "Askdesk works only for the people of the workspace that runs it. Ask your contact there to raise the case."


def unknown(text: str) -> str:
    """For a word after the command that means nothing."""
    return f"Askdesk doesn't know “{inline(text, 80)}”. `/askdesk help` shows what you can type."


def busy(seconds: float) -> str:
    """Slack takes no more for a moment; nothing was opened."""
    return f"Slack is busy right now. Please try again in {math.ceil(seconds)} s."


def too_late() -> str:
    """Slack opens nothing later than three seconds after a click."""
    return "That took too long, so Slack didn't open it. Please try again."


def failed(reference: str) -> str:
    """Something went wrong; the reference finds it in the log."""
    return (
        ":warning: Something went wrong. Check the case's card: if your change isn't there, please try again. "
        f"If it happens twice, give your administrator this reference: `{inline(reference, 80)}`."
    )
