"""What an edit of the settings changed, in words: for the record, and for the line in the channel."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from cases.fields import WEEK, Field
from cases.languages import name as language_name
from cases.program import Department, Program, Shift
from cases.settings.pace import LADDER_LISTS, LADDER_NUMBERS
from cases.settings.typed import spoken_days, spoken_minutes, write_hours, write_minutes, write_time
from cases.settings.week import write_shift
from cases.words import Reason, Step

NOTHING = "none"
THERE = "there"


class Change(NamedTuple):
    """A field's label, and what it said before and says now.

    Where `who` is set, both are user groups' and people's ids, separated by commas (or `none`): a view shows them by name.
    """

    label: str
    old: str
    new: str
    who: bool = False


_SAID: tuple[tuple[Field, Callable[[Program], str]], ...] = (
    (Field.PROGRAM_NAME, lambda program: program.name),
    (Field.SITE_ZONE, lambda program: program.timezone),
    (Field.CUSTOMER_ZONE, lambda program: program.customer_timezone),
    (Field.PHONE_REGION, lambda program: program.phone_region),
    (Field.WINDOW, lambda program: spoken_minutes(program.window)),
    (Field.HORIZON, lambda program: spoken_days(program.horizon)),
    (Field.ATTEMPTS, lambda program: str(program.attempts)),
    (Field.SPACING, lambda program: spoken_minutes(program.spacing)),
    (Field.REPEAT_WITHIN, lambda program: spoken_days(program.repeat_within)),
    (Field.HOLIDAY_COUNTRY, lambda program: program.holiday_country or NOTHING),
    (Field.HANDOVER_BEFORE, lambda program: spoken_minutes(program.handover_before)),
    (Field.DIGEST_AT, lambda program: write_time(program.digest_at) if program.digest_at else NOTHING),
    (Field.COACHING_DAYS, lambda program: str(program.coaching_days)),
    (Field.PATTERN_OF, lambda program: str(program.pattern_of)),
    (Field.PATTERN_WITHIN, lambda program: spoken_days(program.pattern_within)),
    (Field.RETENTION, lambda program: spoken_days(program.retention)),
)

_ENTRY = {"departments": "Department", "shifts": "Shift"}

_WHO = (
    *(Field.SME_GROUPS, Field.SME_USERS, Field.TL_GROUPS, Field.TL_USERS),
    *(Field.MANAGER_GROUPS, Field.MANAGER_USERS),
)


def changes(before: Program, after: Program) -> list[Change]:
    """Everything that differs between two states of a program, in the order of the sections."""
    return [change for change in _all(before, after) if change.old != change.new]


def renamed(before: Program, several: str, old: str, new: str) -> tuple[Change, Program]:
    """One of the `departments` or `shifts` bears another name: the change, and the program as before but for that name."""
    alike = [replace(one, name=new) if one.name == old else one for one in getattr(before, several)]
    entries: dict[str, Any] = {several: tuple(alike)}
    return Change(f"{_ENTRY[several]} “{old}”: name", old, new), replace(before, **entries)


def _all(before: Program, after: Program) -> Iterator[Change]:
    for field, say in _SAID:
        yield Change(field.label, say(before), say(after))
    for field in _WHO:
        yield _who(field.label, getattr(before, field.value), getattr(after, field.value))
    yield from _named(_ENTRY["departments"], before.departments, after.departments, lambda _: "")
    for reason in Reason:
        yield _switch(f"Reason “{reason.label}”", reason in before.reasons_off, reason in after.reasons_off)
    for step in Step:
        yield _switch(f"Step “{step.label}”", step in before.steps_off, step in after.steps_off)
    old, new = (", ".join(map(language_name, program.languages)) or NOTHING for program in (before, after))
    yield Change(Field.LANGUAGES.label, old, new)
    for field, _ in LADDER_LISTS:
        old, new = (write_minutes(getattr(program.ladder, field.value)) for program in (before, after))
        yield Change(field.label, old, new)
    for field, *_ in LADDER_NUMBERS:
        old, new = (str(getattr(program.ladder, field.value)) for program in (before, after))
        yield Change(field.label, old, new)
    for day, field in enumerate(WEEK):
        yield Change(field.label, write_hours(before.calling[day]), write_hours(after.calling[day]))
    yield from _own_days(before, after)
    yield from _named(_ENTRY["shifts"], before.shifts, after.shifts, write_shift)
    yield _switch("The desk", not before.active, not after.active)


def _own_days(before: Program, after: Program) -> Iterator[Change]:
    old, new = ({one.day: one.name for one in program.own_days} for program in (before, after))
    for day in sorted({*old, *new}):
        yield Change(f"Own day {day}", old.get(day, NOTHING), new.get(day, NOTHING))


def _named(
    what: str,
    before: Iterable[Department] | Iterable[Shift],
    after: Iterable[Department] | Iterable[Shift],
    say: Callable[..., str],
) -> Iterator[Change]:
    """Departments or shifts by name: one that came, one that went, one whose times or people are others."""
    old, new = ({one.name: one for one in several} for several in (before, after))
    for name in dict.fromkeys((*old, *new)):
        was, is_now = old.get(name), new.get(name)
        label = f"{what} “{name}”"
        yield Change(
            label,
            (say(was) or THERE) if was else NOTHING,
            (say(is_now) or THERE) if is_now else NOTHING,
        )
        for kind, words in (("groups", "user groups"), ("users", "people")):
            yield _who(f"{label}: {words}", getattr(was, kind, ()), getattr(is_now, kind, ()))


def _who(label: str, old: Iterable[str], new: Iterable[str]) -> Change:
    return Change(label, ", ".join(old) or NOTHING, ", ".join(new) or NOTHING, who=True)


def _switch(label: str, was_off: bool, is_off: bool) -> Change:
    return Change(label, "off" if was_off else "on", "off" if is_off else "on")
