"""Sentences for what cannot be answered where it was asked; show them with `confirm.told`."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from cases.program import Program


class Place(StrEnum):
    """Where somebody tried; the value is how the sentence names it."""

    DM = "a direct message"
    GROUP_DM = "a group message"
    CHANNEL = "this channel"


def wrong_place(place: Place, programs: Sequence[Program]) -> str:
    """Not in a DM, a group DM or another channel (house rule 5), with a pointer to the right one."""
    raise NotImplementedError


def stranger() -> str:
    """For somebody of another workspace (Slack Connect)."""
    raise NotImplementedError


def unknown(text: str) -> str:
    """For a word after the command that means nothing."""
    raise NotImplementedError


def failed(reference: str) -> str:
    """Something broke; the reference finds it in the log."""
    raise NotImplementedError
