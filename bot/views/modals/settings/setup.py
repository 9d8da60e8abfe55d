"""The one form with which a channel becomes an ASK channel."""

from __future__ import annotations

from dataclasses import replace

from bot.views import blocks
from bot.views.ids import Modal, metadata
from bot.views.message import Json
from bot.views.modals.frame import modal
from bot.views.modals.settings.fields import KnownNames, drawn
from cases.program import Program
from cases.settings import Section, entered

SET_UP_SECTIONS = (Section.NAMES, Section.PEOPLE)
"""What a new program needs; everything else starts with the defaults."""


def set_up(channel: str, channel_name: str, like: Program, groups: KnownNames) -> Json:
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
        f"<#{channel}> becomes an ASK channel: these people raise and handle cases there. "
        "Everything else starts with the defaults; change it with `/askdesk settings`."
    )
    body = [blocks.section(intro)]
    for section in SET_UP_SECTIONS:
        values = entered(preset, section)
        body += [drawn(setting, section, values[setting], groups) for setting in section.settings]
    kept = metadata(channel=channel)
    return modal("Set up an ASK channel", body, callback=Modal.SET_UP, private=kept, submit="Set up")


def _name(channel_name: str) -> str:
    """A proposal from the channel's name: `ask-sales-eu` is that of Sales eu."""
    words = channel_name.removeprefix("ask-").replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:]
