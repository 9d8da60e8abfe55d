"""The inputs of the settings, drawn and read by the kind of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from slack_sdk.models.blocks import InputBlock, Option

from bot.slack.answers import Group
from bot.views import inputs, read
from bot.views.read import Values
from cases.languages import name as language_name
from cases.mrkdwn import inline, shorten
from cases.people import mention
from cases.settings import Section, Setting, Value
from cases.settings.kinds import Groups, Languages, Offered, OwnDays, People, Picked, Weekdays
from cases.times import WEEKDAYS

KnownNames = Mapping[str, Group]
"""The workspace's user groups, by their ids."""

SAID_AT_MOST = 500
BOXES_AT_MOST = 10
"""Slack's limit of checkboxes: more words are a menu."""


def drawn(setting: Setting, section: Section, value: Value, groups: KnownNames) -> InputBlock:
    """The input of a setting, with what stands there."""
    hint, kind = setting.hints[section], setting.kind
    text, several = (value, ()) if isinstance(value, str) else (None, value or ())
    match kind:
        case Groups():
            chosen = [group_option(group, groups.get(group)) for group in several]
            return inputs.several_searched(setting, chosen, hint=hint)
        case Languages():
            chosen = [inputs.known(language_name(code), code) for code in several]
            return inputs.several_searched(setting, chosen, hint=hint)
        case People():
            return inputs.people(setting, several)
        case Picked():
            return inputs.clock(setting, text)
        case Weekdays():
            days = [inputs.option(day, str(number)) for number, day in enumerate(WEEKDAYS)]
            return inputs.checkboxes(setting, days, several, optional=False)
        case Offered(all=words) if len(words) <= BOXES_AT_MOST:
            boxes = [inputs.option(word.label, word.value) for word in words]
            return inputs.checkboxes(setting, boxes, several, optional=False)
        case Offered(all=words):
            return inputs.several(setting, words, several, most=len(words))
        case OwnDays():
            return inputs.paragraph(setting, text, optional=kind.optional, hint=hint)
    return inputs.line(setting, text, most=kind.width, optional=kind.optional, hint=hint)


def read_form(section: Section, values: Values) -> dict[Setting, Value]:
    """What a section's form says."""
    return {
        setting: _READ.get(type(setting.kind), read.text)(values, setting) for setting in section.settings
    }


_READ: dict[type, Callable[[Values, Setting], Any]] = {
    **dict.fromkeys((Groups, Languages, Offered, Weekdays), read.choices),
    People: read.users,
}
"""How the kinds are read that are not text."""


def said(setting: Setting, value: Value, groups: KnownNames) -> str:
    """A field's value within a sentence (mrkdwn)."""
    if not value:
        return "empty"
    if isinstance(value, str):
        return f"“{inline(value, SAID_AT_MOST)}”"
    match setting.kind:
        case Groups():
            words = [inline(f"@{groups[group].handle}" if group in groups else group) for group in value]
        case People():
            words = [mention(user) for user in value]
        case kind:
            words = [kind.one(one) for one in value]
    return shorten(", ".join(words), SAID_AT_MOST)


def group_option(group: str, known: Group | None) -> Option:
    """A user group as a menu offers it; by its id where Slack did not tell more."""
    return inputs.option(f"@{known.handle} · {known.name}" if known else group, group)
