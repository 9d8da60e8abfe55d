"""The one form with which a channel becomes an ASK channel."""

from __future__ import annotations

from dataclasses import replace

from bot.usecases.sheets import entered
from bot.views import blocks
from bot.views.ids import Modal, metadata
from bot.views.message import Json
from bot.views.modals.frame import modal
from bot.views.modals.settings.asks import ASKS, Groups, drawn
from cases.program import Program
from cases.settings import Section

SET_UP_SECTIONS = (Section.NAMES, Section.PEOPLE)
"""What a new program needs; all else starts with policy's defaults."""


def set_up(channel: str, channel_name: str, like: Program, groups: Groups) -> Json:
    """Zones, phone region and managers are those of a program that this manager has; name and SMEs are new."""
    preset = replace(
        like,
        name=_name(channel_name),
        sme_groups=(),
        sme_users=(),
        tl_groups=(),
        tl_users=(),
    )
    intro = (
        f"<#{channel}> becomes an ASK channel: cases are raised and handled there, by these people. "
        "All the rest starts with the defaults; `/askdesk settings` changes it."
    )
    values = {
        field: value for section in SET_UP_SECTIONS for field, value in entered(preset, section).items()
    }
    asks = [ask for section in SET_UP_SECTIONS for ask in ASKS[section]]
    body = [blocks.section(intro), *(drawn(ask, values[ask.field], groups) for ask in asks)]
    kept = metadata(channel=channel)
    return modal("Set up an ASK channel", body, callback=Modal.SET_UP, private=kept, submit="Open the desk")


def _name(channel_name: str) -> str:
    """A proposal from the channel's name: `ask-sales-eu` is that of Sales eu."""
    words = channel_name.removeprefix("ask-").replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:]
