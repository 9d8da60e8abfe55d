"""What an edit of the settings changed: as data for the record, and in words where the record is read.

In the record (`Happened.SETTINGS_CHANGED`) a change stands under its setting's name, as what was there before and what is
there now; a list's under the list's name, with the entries that differ. Versions before this one wrote the words
instead: the label, and `old → new`. Those lines are read as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from cases.events import Fact
from cases.program import Program
from cases.settings.catalogue import LISTS, Section, Setting
from cases.settings.forms import entries
from cases.settings.kinds import NOTHING, Groups, KnownGroups, Offered, OwnDays, People
from cases.settings.typed import write_when
from cases.words import Word

HANDLES = "handles"
"""Beside the changes: what the user groups among them were called then, by id."""

_SETTINGS: Mapping[str, Setting] = {setting.value: setting for setting in Setting}
_SECTIONS: Mapping[str, Section] = {section.value: section for section in LISTS}


class Change(NamedTuple):
    """A setting, or a list of entries, with what the record holds of it before and after."""

    field: Setting | Section
    before: Fact
    after: Fact


class Line(NamedTuple):
    """A change in words: what it is about, and what it was and is. For people: who was added and removed instead."""

    label: str
    text: str
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


def changes(before: Program, after: Program) -> list[Change]:
    """Everything that differs between two states of a program, in the order of the sections."""
    return [change for change in _all(before, after) if change.before != change.after]


def facts(different: Iterable[Change], groups: KnownGroups) -> dict[str, Fact]:
    """The changes as the record holds them."""
    found: dict[str, Fact] = {one.field.value: [one.before, one.after] for one in different}
    handles = {id: groups.handles[id] for id in _strings(list(found.values())) if id in groups.handles}
    return found | ({HANDLES: handles} if handles else {})


def in_words(facts: Mapping[str, Any]) -> list[Line]:
    """What the record says that was changed, by this version or one before."""
    known = KnownGroups(handles=facts.get(HANDLES) or {})
    lines: list[Line] = []
    for field, change in facts.items():
        if field == HANDLES:
            continue
        if isinstance(change, str):
            lines.append(_written_out(field, change))
            continue
        before, after = change
        if field in _SECTIONS:
            lines += _of_entries(_SECTIONS[field], before, after, known)
        elif field in _SETTINGS:
            lines += _of_setting(_SETTINGS[field], _SETTINGS[field].label, before, after, known)
        else:  # of another version
            lines.append(Line(field, f"{before} → {after}"))
    return lines


def _all(before: Program, after: Program) -> Iterator[Change]:
    for section in Section:
        if section in LISTS:
            old, new = ([_entry(section, one) for one in entries(it, section)] for it in (before, after))
            yield Change(
                section, [one for one in old if one not in new], [one for one in new if one not in old]
            )
        else:
            for setting in section.settings:
                yield Change(
                    setting, *(setting.kind.data(setting.of(program)) for program in (before, after))
                )


def _entry(section: Section, entry: Any) -> dict[str, Fact]:
    return {setting.value: setting.kind.data(setting.of(entry)) for setting in section.settings}


def _strings(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, list | dict):
        for one in data.values() if isinstance(data, dict) else data:
            yield from _strings(one)


def _of_setting(setting: Setting, label: str, before: Any, after: Any, known: KnownGroups) -> Iterator[Line]:
    match setting.kind:
        case People():
            yield _people(label, before, after)
        case Groups():
            names = (", ".join(map(known.name, ids)) or NOTHING for ids in (before, after))
            yield Line(label, " → ".join(names))
        case Offered(all=words, noun=noun):
            yield from _switched(words, noun, before, after)
        case OwnDays():
            old, new = dict(before), dict(after)
            for day in sorted(day for day in {*old, *new} if old.get(day) != new.get(day)):
                was, now = old.get(day), new.get(day)
                text = (
                    f"added: {now}" if was is None else f"removed: {was}" if now is None else f"{was} → {now}"
                )
                yield Line(f"Own day {day}", text)
        case kind:
            yield Line(label, f"{kind.words(before)} → {kind.words(after)}")


def _switched(words: type[Word], noun: str, before: Iterable[str], after: Iterable[str]) -> Iterator[Line]:
    for word in words:
        if (word in before) != (word in after):
            yield Line(f"{noun.capitalize()} “{word.label}”", "off → on" if word in after else "on → off")


def _of_entries(section: Section, before: Any, after: Any, known: KnownGroups) -> Iterator[Line]:
    """One that was added, one that was removed, one whose name, times or people are others."""
    noun, key = LISTS[section].noun.capitalize(), section.settings[0].value
    old, new = ({one[key]: one for one in several} for several in (before, after))
    gone, came = ([name for name in one if name not in other] for one, other in ((old, new), (new, old)))
    if len(gone) == len(came) == 1:  # one form changes one entry
        yield Line(f"{noun} “{gone[0]}”: name", f"{gone[0]} → {came[0]}")
        old = {came[0]: old[gone[0]]} | {name: one for name, one in old.items() if name != gone[0]}
    for name in dict.fromkeys((*old, *new)):
        was, now = old.get(name, {}), new.get(name, {})
        said = [_when(one) for one in (was, now)]
        if any(said) and said[0] != said[1]:
            yield Line(f"{noun} “{name}”", " → ".join(one or NOTHING for one in said))
        elif not was or not now:
            yield Line(f"{noun} “{name}”", "added" if now else "removed")
        for setting in (Setting.GROUPS, Setting.USERS):
            ids, others = was.get(setting.value, []), now.get(setting.value, [])
            if ids != others:
                label = f"{noun} “{name}”: {setting.label.lower()}"
                yield from _of_setting(setting, label, ids, others, known)


def _when(entry: Mapping[str, Any]) -> str:
    """When a shift is; nothing of a department."""
    if Setting.SHIFT_DAYS.value not in entry:
        return ""
    days, begins, ends = (
        entry[one.value] for one in (Setting.SHIFT_DAYS, Setting.SHIFT_BEGINS, Setting.SHIFT_ENDS)
    )
    return write_when(days, begins, ends)


def _people(label: str, before: Iterable[str], after: Iterable[str]) -> Line:
    old, new = list(before), list(after)
    added = tuple(user for user in new if user not in old)
    removed = tuple(user for user in old if user not in new)
    return Line(label, "in another order", added, removed)


# What versions until December 2026 wrote

_THERE = {"none → there": "added", "there → none": "removed"}
_ID = re.compile(r"[UW][A-Z0-9]{2,}")


def _written_out(label: str, change: str) -> Line:
    if not label.endswith(": people"):
        return Line(label, _THERE.get(change, change))
    old, _, new = change.partition(" → ")
    return _people(label, *([id for id in half.split(", ") if _ID.fullmatch(id)] for half in (old, new)))
