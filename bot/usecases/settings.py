"""The settings as a use case: what a manager changes with `/askdesk settings`, and a channel that becomes an ASK channel.

It knows no Slack. Each function runs inside one transaction, as those of `bot.usecases.cases`, and raises a Refusal when
nothing was changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.usecases.cases import Act
from bot.usecases.refusals import managers_only
from cases import settings
from cases.calendars import has_holidays
from cases.errors import FieldErrors, NotAllowed, NotPossible, Refusal
from cases.events import Event, Happened
from cases.mrkdwn import inline
from cases.people import Person
from cases.program import Program
from cases.settings import Entered, KnownGroups, Section, Setting, Value, entered, entries
from cases.words import Role, Word
from storage.unit import UnitOfWork
from storage.writing.cases import rename_department
from storage.writing.programs import open_program, save_settings


@dataclass(frozen=True)
class Opened:
    """A form at the moment it was opened: its entry, and a mark of what each field held."""

    section: Section
    name: str | None
    seen: Mapping[str, str]


class Overtaken(Refusal):
    """Somebody else changed the same field while the form was open. Nothing typed is lost; the form is shown again.

    `program` is what stands now, `form` is what to ask next (a new entry where the old one is gone), `given` what
    stands in it, and `fields` are those that both changed.
    """

    def __init__(self, program: Program, form: Opened, given: Entered, fields: Sequence[Setting]) -> None:
        super().__init__("Somebody else changed this in the meantime. Please look at it again.")
        self.program = program
        self.form = form
        self.given = given
        self.fields = tuple(fields)


def opened(program: Program, section: Section, name: str | None = None) -> Opened:
    """What a form remembers from the moment it is opened."""
    marks = {field.value: _mark(value) for field, value in entered(program, section, name).items()}
    return Opened(section, name, marks)


def manager(program: Program, who: Person) -> None:
    """Raises NotAllowed, which names the managers, for everybody else."""
    if Role.MANAGER not in who.roles:
        raise NotAllowed(managers_only(program))


def change(unit: UnitOfWork, act: Act, form: Opened, given: Entered, groups: KnownGroups) -> None:
    """Saves a section as a manager filled it in. Nothing happens if nothing differs.

    Raises FieldErrors with every mistake at its field, and Overtaken where somebody else changed the same field
    since the form was opened; what they changed in its other fields stays.
    """
    if not unit.once(act.key, act.now):
        return
    programs = unit.locked_programs()
    before = _standing(programs, act)
    given = _merged(before, form, given)
    after = _read(form.section, given, before, programs, form.name, groups)
    _keep(unit, act, before, after, groups)
    new_name = _new_name(before, after, form)
    if form.section is Section.DEPARTMENTS and form.name is not None and new_name is not None:
        rename_department(unit, after, form.name, new_name, act.now)


def remove(unit: UnitOfWork, act: Act, section: Section, name: str, groups: KnownGroups) -> None:
    """Removes a department or a shift, if it is still there."""
    if not unit.once(act.key, act.now):
        return
    before = _standing(unit.locked_programs(), act)
    _keep(unit, act, before, settings.without(before, section, name), groups)


def open_desk(
    unit: UnitOfWork,
    key: str,
    who: Person,
    now: datetime,
    channel: str,
    given: Entered,
    groups: KnownGroups,
) -> Program | None:
    """A channel becomes an ASK channel, with a program of its own; None where this was done before.

    `who` is a manager of some program, or may not. Raises FieldErrors with every mistake at its field.
    """
    if not unit.once(key, now):
        return None
    programs = unit.locked_programs()
    if Role.MANAGER not in who.roles:
        raise NotAllowed("Only a manager of a program can make a channel an ASK channel.")
    if taken := next((program for program in programs if program.channel == channel), None):
        raise NotPossible(f"This is already the ASK channel of {inline(taken.name, 100)}.")
    program = Program(0, channel, name="", timezone="", customer_timezone="", phone_region="")
    mistakes: dict[Word, str] = {}
    for section in (Section.NAMES, Section.PEOPLE):
        try:
            program = _read(section, given, program, programs, None, groups)
        except FieldErrors as error:
            mistakes |= error.errors
    if mistakes:
        raise FieldErrors(mistakes)
    region = program.phone_region
    program = replace(program, holiday_country=region if has_holidays(region) else None)
    return open_program(unit, program, Event(Happened.DESK_OPENED, who.id, {"name": program.name}), now)


def _standing(programs: Sequence[Program], act: Act) -> Program:
    """The program as it stands in this transaction, for a manager of it."""
    found = next(program for program in programs if program.id == act.program.id)
    manager(found, act.who)
    return found


def _merged(program: Program, form: Opened, given: Entered) -> Entered:
    """What the manager changed, upon what stands now; raises Overtaken where somebody else changed the same."""
    there = form.name is None or form.name in {one.name for one in entries(program, form.section)}
    fresh = opened(program, form.section, form.name if there else None)
    standing = entered(program, fresh.section, fresh.name)
    merged: dict[Setting, Value] = {}
    contested: list[Setting] = []
    for field, stands in standing.items():
        mine, seen, now = given.get(field), form.seen.get(field.value), _mark(stands)
        untouched = there and _mark(mine) == seen != now
        merged[field] = stands if untouched else mine
        if now not in (seen, _mark(mine)) and not untouched:
            contested.append(field)
    if contested or not there:
        raise Overtaken(program, fresh, merged, contested if there else ())
    return merged


def _new_name(before: Program, after: Program, form: Opened) -> str | None:
    """What a department or shift is called from now on; None where nothing was renamed."""
    if form.name is None:
        return None
    known = {one.name for one in entries(before, form.section)}
    return next((one.name for one in entries(after, form.section) if one.name not in known), None)


def _keep(unit: UnitOfWork, act: Act, before: Program, after: Program, groups: KnownGroups) -> None:
    if different := settings.changes(before, after):
        event = Event(Happened.SETTINGS_CHANGED, act.who.id, settings.facts(different, groups))
        save_settings(unit, before, after, event, act.now)


def _read(
    section: Section,
    given: Entered,
    before: Program,
    programs: Sequence[Program],
    name: str | None,
    groups: KnownGroups,
) -> Program:
    """The program as the form has it; raises FieldErrors, also where its name is that of another program."""
    called = " ".join(str(given.get(Setting.PROGRAM_NAME) or "").split())
    taken = called.casefold() in {other.name.casefold() for other in programs if other.id != before.id}
    sentence = f"There is already a program “{called}”. Enter another name."
    mistakes = {Setting.PROGRAM_NAME: sentence} if taken else {}
    try:
        after = settings.read(section, given, before, name, groups)
    except FieldErrors as error:
        raise FieldErrors({**mistakes, **error.errors}) from None
    if mistakes:
        raise FieldErrors(mistakes)
    return after


def _mark(value: Value) -> str:
    """A few letters that stand for a value: nothing is nothing, text or list, and several are the same in any order."""
    text = repr(sorted(value) if isinstance(value, tuple) else value) if value else ""
    return hashlib.blake2s(text.encode(), digest_size=4).hexdigest()
