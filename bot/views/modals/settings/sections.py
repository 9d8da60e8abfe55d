"""The form of one section of the settings, or of one department or shift, and what its menus of user groups offer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from slack_sdk.models.blocks import Block

from bot.slack.answers import Group
from bot.usecases.settings import Opened, Overtaken, opened
from bot.usecases.sheets import Entered, entered
from bot.views import blocks, inputs
from bot.views.ids import Modal, metadata
from bot.views.message import Json
from bot.views.modals.frame import modal
from bot.views.modals.settings.asks import ASKS, Groups, drawn, group_option, said
from bot.views.proposal import field_id
from cases.fields import Field
from cases.mrkdwn import inline
from cases.program import Program
from cases.settings import Section

ENTRY: dict[Section, str] = {Section.DEPARTMENTS: "Department", Section.SHIFTS: "Shift"}
"""The sections that are lists: what one entry of each is called."""


def section_form(program: Program, section: Section, groups: Groups, name: str | None = None) -> Json:
    """A section's inputs with what stands; `name` is that of the department or shift, None for a new one."""
    values = entered(program, section, name)
    return _form(program, opened(program, section, name), _inputs(section, values, groups))


def asked_again(overtaken: Overtaken, view: Mapping[str, Any], shown: Entered, groups: Groups) -> Json:
    """The form that was sent once more, with all that was typed (`shown`), and what somebody else changed meanwhile.

    Slack keeps what stands under a block's id; a field that says something else now gets a new one.
    """
    ids = {field_id(block["block_id"]): str(block["block_id"]) for block in view["blocks"]}
    kept = {field: ids.get(field.value, field.value) for field in overtaken.given}
    other = [
        field for field, value in overtaken.given.items() if (value or None) != (shown.get(field) or None)
    ]
    under = kept | {field: f"{kept[field]}:again" for field in other}
    body = [_warning(overtaken, groups), *_inputs(overtaken.form.section, overtaken.given, groups, under)]
    return _form(overtaken.program, overtaken.form, body)


def group_options(groups: Sequence[Group]) -> list[Json]:
    """The user groups that a menu offers to what was typed."""
    shown = groups[: inputs.OPTIONS_AT_MOST]
    return [group_option(one.id, one).to_dict() for one in shown]


def _form(program: Program, form: Opened, body: Sequence[Block] | Iterator[Block]) -> Json:
    section, name = form.section, form.name
    title = section.label
    if section in ENTRY:
        title = ENTRY[section] if name is not None else f"New {ENTRY[section].lower()}"
    kept = metadata(program=program.id, section=section.value, name=name, seen=dict(form.seen))
    return modal(title, body, callback=Modal.SETTINGS_FORM, private=kept, submit="Save")


def _inputs(
    section: Section, values: Entered, groups: Groups, under: Mapping[Field, str] | None = None
) -> Iterator[Block]:
    """The inputs; `under` names the block ids of a form that is shown again."""
    for ask in ASKS[section]:
        block = drawn(ask, values[ask.field], groups)
        block.block_id = (under or {}).get(ask.field, block.block_id)
        yield block


def _warning(overtaken: Overtaken, groups: Groups) -> Block:
    section = overtaken.form.section
    if not overtaken.fields:
        what = ENTRY[section].lower()
        return blocks.section(
            f":warning: *Somebody else took this {what} out meanwhile, or renamed it.* Save adds it anew as it stands "
            "below; Cancel leaves it out."
        )
    stands = entered(overtaken.program, section, overtaken.form.name)
    now = [
        f"• *{inline(ask.field.label, 100)}* says {said(ask, stands[ask.field], groups)} now"
        for ask in ASKS[section]
        if ask.field in overtaken.fields
    ]
    lines = [
        ":warning: *Somebody else changed the same meanwhile:*",
        *now,
        "What you entered stands below. Save puts it in place of theirs; Cancel leaves theirs.",
    ]
    return blocks.section("\n".join(lines))
