"""The sections that are lists, departments and shifts: what is there, with *Add*, *Edit* and *Remove*."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement, ConfirmObject

from bot.views import blocks
from bot.views.ids import Action, Modal, metadata
from bot.views.message import Json
from bot.views.modals.frame import modal
from cases.mrkdwn import inline, trimmed
from cases.people import named
from cases.program import Program
from cases.settings import LISTS, Section, entries
from cases.settings.typed import write_shift

NONE_YET: dict[Section, str] = {
    Section.DEPARTMENTS: "There are no departments: agents escalate to the program's own people.",
    Section.SHIFTS: "There are no shifts: everybody counts as on shift, and there is no handover post.",
}

IN_CONFIRM = 75
"""So much of a name is shown where Slack asks before it is removed."""


def entry_list(program: Program, section: Section) -> Json:
    """Everything in the list."""
    kept = metadata(program=program.id, section=section.value)
    return modal(section.label, _list(program, section), callback=Modal.SETTINGS_LIST, private=kept)


def _list(program: Program, section: Section) -> Iterator[Block]:
    found = entries(program, section)
    if not found:
        yield blocks.section(NONE_YET[section])
    for entry in found:
        yield blocks.section(f"*{inline(entry.name, 100)}* · {_SAID[section](entry)}")
        yield ActionsBlock(
            elements=[
                ButtonElement(
                    text=blocks.plain("Edit"), action_id=Action.SETTINGS_EDIT.value, value=entry.name
                ),
                _remove(entry.name, section),
            ]
        )
    add = ButtonElement(
        text=blocks.plain(f"Add a {LISTS[section].noun}"),
        action_id=Action.SETTINGS_ADD.value,
        style="primary",
    )
    yield ActionsBlock(elements=[add])


def _remove(name: str, section: Section) -> ButtonElement:
    what = LISTS[section].noun
    then = {
        Section.DEPARTMENTS: "Its cases go to the program's own people.",
        Section.SHIFTS: "Its handover post stops as well.",
    }[section]
    asks = ConfirmObject(
        title=blocks.plain(f"Remove this {what}?"),
        text=blocks.plain(f"{inline(trimmed(name, IN_CONFIRM), 200)}: {then}"),
        confirm=blocks.plain("Remove"),
        deny=blocks.plain("Keep"),
        style="danger",
    )
    return ButtonElement(
        text=blocks.plain("Remove"),
        action_id=Action.SETTINGS_REMOVE.value,
        value=name,
        confirm=asks,
    )


def _who(entry: Any) -> str:
    return " ".join(named(entry.groups[:5], entry.users[:5])) + (
        " …" if len(entry.groups) > 5 or len(entry.users) > 5 else ""
    )


_SAID: dict[Section, Callable[[Any], str]] = {
    Section.DEPARTMENTS: _who,
    Section.SHIFTS: lambda shift: f"{write_shift(shift)} · {_who(shift) or 'everybody'}",
}
