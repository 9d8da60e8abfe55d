"""The form of one section of the settings, and what its menus of user groups offer."""

from __future__ import annotations

from collections.abc import Sequence

from bot.desk_settings import entered, opened
from bot.groups import Group
from bot.views import inputs
from bot.views.ids import Modal, metadata
from bot.views.message import Json
from bot.views.modals.frame import modal
from bot.views.modals.settings.asks import ASKS, Groups, drawn, group_option
from cases.program import Program
from cases.settings import Section


def section_form(
    program: Program, section: Section, groups: Groups, name: str | None = None, title: str = ""
) -> Json:
    """A section's inputs with what stands; `name` is that of the department or shift, None for a new one."""
    form = opened(program, section, name)
    values = entered(program, section, name)
    kept = metadata(program=program.id, section=section.value, name=name, seen=dict(form.seen))
    body = [drawn(ask, values[ask.field], groups) for ask in ASKS[section]]
    return modal(title or section.label, body, callback=Modal.SETTINGS_FORM, private=kept, submit="Save")


def group_options(groups: Sequence[Group]) -> list[Json]:
    """The user groups that a menu offers to what was typed."""
    shown = groups[: inputs.OPTIONS_AT_MOST]
    return [group_option(one.id, one).to_dict() for one in shown]
