"""The form of one section of the settings, or of one department or shift, and what its menus of user groups offer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from slack_sdk.models.blocks import Block

from bot.slack.answers import Group
from bot.usecases.settings import Opened, Overtaken, opened
from bot.views import blocks, inputs
from bot.views.ids import Modal, metadata
from bot.views.message import Json
from bot.views.modals.frame import modal
from bot.views.modals.settings.fields import KnownNames, drawn, group_option, said
from bot.views.proposal import field_id
from cases.mrkdwn import inline
from cases.program import Program
from cases.settings import LISTS, Entered, Section, Setting, entered


def section_form(program: Program, section: Section, groups: KnownNames, name: str | None = None) -> Json:
    """A section's inputs with what stands; `name` is that of the department or shift, None for a new one."""
    values = entered(program, section, name)
    return _form(program, opened(program, section, name), _inputs(section, values, groups))


def asked_again(overtaken: Overtaken, view: Mapping[str, Any], shown: Entered, groups: KnownNames) -> Json:
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
    if section in LISTS:
        noun = LISTS[section].noun
        title = f"New {noun}" if name is None else noun.capitalize()
    kept = metadata(program=program.id, section=section.value, name=name, seen=dict(form.seen))
    return modal(title, body, callback=Modal.SETTINGS_FORM, private=kept, submit="Save")


def _inputs(
    section: Section, values: Entered, groups: KnownNames, under: Mapping[Setting, str] | None = None
) -> Iterator[Block]:
    """The inputs; `under` names the block ids of a form that is shown again."""
    for setting in section.settings:
        block = drawn(setting, section, values[setting], groups)
        block.block_id = (under or {}).get(setting, block.block_id)
        yield block


def _warning(overtaken: Overtaken, groups: KnownNames) -> Block:
    section = overtaken.form.section
    if not overtaken.fields:
        return blocks.section(
            f":warning: *Somebody else removed or renamed this {LISTS[section].noun} in the meantime.* Save adds it again as "
            "shown below; Cancel leaves it out."
        )
    stands = entered(overtaken.program, section, overtaken.form.name)
    lines = [
        ":warning: *Somebody else changed this in the meantime:*",
        *(
            f"• *{inline(one.label, 100)}* is now {said(one, stands[one], groups)}"
            for one in overtaken.fields
        ),
        "Your entries are below. Save replaces theirs; Cancel keeps theirs.",
    ]
    return blocks.section("\n".join(lines))
