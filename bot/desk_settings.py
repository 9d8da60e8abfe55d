"""The settings as a use-case: what a manager changes with `/askdesk settings`, and a channel that becomes a desk.

It knows no Slack. Each function runs inside one transaction, as those of `bot.desk`, and raises a DeskError when
nothing was changed. What stands in a form is `Entered`: by field, as text or as a list of ids and words.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.desk import Act
from bot.views.refusals import managers_only
from cases import settings
from cases.errors import FieldErrors, NotAllowed, NotPossible
from cases.events import Event, Happened
from cases.fields import WEEK, Field
from cases.hours import has_holidays
from cases.people import Person
from cases.program import Department, Program, Shift
from cases.settings import Change, Section
from cases.settings.checks import KnownGroups
from cases.words import Role
from storage.work import Work

Value = str | tuple[str, ...] | None
Entered = Mapping[Field, Value]

GROUP_FIELDS = (Field.SME_GROUPS, Field.TL_GROUPS, Field.MANAGER_GROUPS, Field.GROUPS)
"""The fields that hold user groups."""

PEOPLE_FIELDS = (Field.SME_USERS, Field.TL_USERS, Field.MANAGER_USERS, Field.USERS)


@dataclass(frozen=True)
class Sheet:
    """One form of the settings: where its form holds each field, how it is filled, and how it is read.

    `fill(program, name)` and `read(form, program, name, groups)`: the name is that of a department or shift, None
    for a new one and in the other sections.
    """

    form: Callable[..., Any]
    fields: Mapping[Field, str]
    fill: Callable[[Program, str | None], Any]
    read: Callable[[Any, Program, str | None, KnownGroups], Program]


def _same(*fields: Field) -> dict[Field, str]:
    """Fields that the form names as they are called."""
    return {field: field.value for field in fields}


SHEETS: dict[Section, Sheet] = {
    Section.NAMES: Sheet(
        settings.NamesForm,
        {
            Field.PROGRAM_NAME: "name",
            Field.SITE_ZONE: "timezone",
            Field.CUSTOMER_ZONE: "customer_timezone",
            Field.PHONE_REGION: "phone_region",
        },
        lambda program, _: settings.names_form(program),
        lambda form, program, _name, _groups: settings.read_names(form, program),
    ),
    Section.PEOPLE: Sheet(
        settings.PeopleForm,
        _same(
            *(Field.SME_GROUPS, Field.SME_USERS, Field.TL_GROUPS, Field.TL_USERS),
            *(Field.MANAGER_GROUPS, Field.MANAGER_USERS),
        ),
        lambda program, _: settings.people_form(program),
        lambda form, program, _name, groups: settings.read_people(form, program, groups),
    ),
    Section.DEPARTMENTS: Sheet(
        settings.DepartmentForm,
        {Field.DEPARTMENT_NAME: "name", Field.GROUPS: "groups", Field.USERS: "users"},
        lambda program, name: settings.department_form(program.department(name)),
        lambda form, program, name, groups: settings.read_department(form, program, name, groups),
    ),
    Section.OFFER: Sheet(
        settings.OfferForm,
        _same(Field.REASONS_ON, Field.STEPS_ON),
        lambda program, _: settings.offer_form(program),
        lambda form, program, _name, _groups: settings.read_offer(form, program),
    ),
    Section.PROMISES: Sheet(
        settings.PromisesForm,
        _same(Field.WINDOW, Field.HORIZON, Field.ATTEMPTS, Field.SPACING, Field.REPEAT_WITHIN),
        lambda program, _: settings.promises_form(program),
        lambda form, program, _name, _groups: settings.read_promises(form, program),
    ),
    Section.LADDER: Sheet(
        settings.LadderForm,
        _same(
            *(Field.UNCLAIMED, Field.UNCLAIMED_WAITING, Field.UNCLAIMED_EVERY, Field.HEADS_UP),
            *(Field.OVERDUE_MANAGERS, Field.OVERDUE_EVERY, Field.OVERDUE_EVERY_AFTER),
            *(Field.CALL_MAY_TAKE, Field.SIGN_OFF_EVERY, Field.BURST_OVER),
        ),
        lambda program, _: settings.ladder_form(program),
        lambda form, program, _name, _groups: settings.read_ladder(form, program),
    ),
    Section.HOURS: Sheet(
        settings.HoursForm,
        {day: f"days.{place}" for place, day in enumerate(WEEK)}
        | _same(Field.HOLIDAY_COUNTRY, Field.OWN_DAYS),
        lambda program, _: settings.hours_form(program),
        lambda form, program, _name, _groups: settings.read_hours(form, program),
    ),
    Section.SHIFTS: Sheet(
        settings.ShiftForm,
        {
            Field.SHIFT_NAME: "name",
            Field.SHIFT_DAYS: "days",
            Field.SHIFT_BEGINS: "begins",
            Field.SHIFT_ENDS: "ends",
            Field.GROUPS: "groups",
            Field.USERS: "users",
        },
        lambda program, name: settings.shift_form(_shift(program, name)),
        lambda form, program, name, groups: settings.read_shift(form, program, name, groups),
    ),
    Section.POSTS: Sheet(
        settings.PostsForm,
        _same(Field.DIGEST_AT, Field.HANDOVER_BEFORE, Field.COACHING_DAYS, Field.RETENTION),
        lambda program, _: settings.posts_form(program),
        lambda form, program, _name, _groups: settings.read_posts(form, program),
    ),
}

REMOVE: dict[Section, Callable[[Program, str], Program]] = {
    Section.DEPARTMENTS: settings.without_department,
    Section.SHIFTS: settings.without_shift,
}
"""The sections that are lists: how an entry is taken out of each."""


@dataclass(frozen=True)
class Opened:
    """A form as it was when it was opened: the entry that it is about, and a mark of what each field said."""

    section: Section
    name: str | None
    seen: Mapping[str, str]


def entries(program: Program, section: Section) -> tuple[Department, ...] | tuple[Shift, ...]:
    """What a section that is a list holds."""
    return program.shifts if section is Section.SHIFTS else program.departments


def entered(program: Program, section: Section, name: str | None = None) -> dict[Field, Value]:
    """What stands in a section's form."""
    sheet = SHEETS[section]
    form = sheet.fill(program, name)
    found: dict[Field, Value] = {}
    for field, path in sheet.fields.items():
        attribute, _, place = path.partition(".")
        value = getattr(form, attribute)
        found[field] = value[int(place)] if place else value
    return found


def opened(program: Program, section: Section, name: str | None = None) -> Opened:
    """What a form keeps of the moment when it is opened."""
    marks = {field.value: _mark(value) for field, value in entered(program, section, name).items()}
    return Opened(section, name, marks)


def manager(program: Program, who: Person) -> None:
    """Raises NotAllowed, naming who may, for everybody but the program's managers."""
    if Role.MANAGER not in who.roles:
        raise NotAllowed(managers_only(program))


def change(work: Work, act: Act, form: Opened, given: Entered, groups: KnownGroups) -> None:
    """A section as a manager filled it in; where it says what stands already, nothing happens.

    Raises FieldErrors with every mistake at its field, and also where somebody else changed a field meanwhile.
    """
    if not work.once(act.key, act.now):
        return
    programs = work.locked_programs()
    before = _standing(programs, act)
    _still_as_seen(before, form, groups)
    after = SHEETS[form.section].read(_form(form.section, given), before, form.name, groups)
    _free_name(after, programs)
    _keep(work, act, before, after, groups)
    renamed = [one.name for one in after.departments if before.department(one.name) is None]
    if form.section is Section.DEPARTMENTS and form.name is not None and renamed:
        work.rename_department(after, form.name, renamed[0], act.now)


def remove(work: Work, act: Act, section: Section, name: str) -> None:
    """Takes a department or a shift out; one that is gone already stays so."""
    if not work.once(act.key, act.now):
        return
    before = _standing(work.locked_programs(), act)
    _keep(work, act, before, REMOVE[section](before, name), KnownGroups())


def open_desk(
    work: Work,
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
    if not work.once(key, now):
        return None
    programs = work.locked_programs()
    if Role.MANAGER not in who.roles:
        raise NotAllowed("A channel is made an ASK channel by a manager of a program.")
    if taken := next((program for program in programs if program.channel == channel), None):
        raise NotPossible(f"This is the ASK channel of {taken.name} already.")
    program = Program(0, channel, name="", timezone="", customer_timezone="", phone_region="")
    mistakes: dict[Field, str] = {}
    for section in (Section.NAMES, Section.PEOPLE):
        try:
            program = SHEETS[section].read(_form(section, given), program, None, groups)
            _free_name(program, programs)
        except FieldErrors as error:
            mistakes |= error.errors
    if mistakes:
        raise FieldErrors(mistakes)
    region = program.phone_region
    program = replace(program, holiday_country=region if has_holidays(region) else None)
    return work.open_program(program, Event(Happened.DESK_OPENED, who.id, {"name": program.name}), now)


def _standing(programs: Sequence[Program], act: Act) -> Program:
    """The program as it stands in this transaction, for a manager of it."""
    found = next(program for program in programs if program.id == act.program.id)
    manager(found, act.who)
    return found


def _keep(work: Work, act: Act, before: Program, after: Program, groups: KnownGroups) -> None:
    different = settings.changes(before, after)
    if different:
        event = Event(Happened.SETTINGS_CHANGED, act.who.id, _facts(different, groups))
        work.keep_settings(before, after, event, act.now)


def _facts(different: Sequence[Change], groups: KnownGroups) -> dict[str, str]:
    """What changed, for the record: user groups by their handle, people by their id."""

    def said(one: Change, text: str) -> str:
        if not one.who:
            return text
        return ", ".join(groups.name(word) if word.startswith("S") else word for word in text.split(", "))

    return {one.label: f"{said(one, one.old)} → {said(one, one.new)}" for one in different}


def _free_name(program: Program, programs: Sequence[Program]) -> None:
    others = {other.name.casefold() for other in programs if other.id != program.id}
    if program.name.casefold() in others:
        raise FieldErrors(
            {Field.PROGRAM_NAME: f"There is a program “{program.name}” already. Enter another name."}
        )


def _still_as_seen(program: Program, form: Opened, groups: KnownGroups) -> None:
    """Raises FieldErrors where somebody else changed a field since the form was opened, with what it says now."""
    name_field = next(iter(SHEETS[form.section].fields))
    if form.name is not None and form.name not in {one.name for one in entries(program, form.section)}:
        raise FieldErrors(
            {
                name_field: f"Somebody else renamed “{form.name}” or took it out meanwhile. Close this, and look at the list."
            }
        )
    errors = {
        field: f"Somebody else changed this meanwhile; it says {_spoken(field, value, groups)} now. "
        "Close this and open it again: nothing of theirs is overwritten."
        for field, value in entered(program, form.section, form.name).items()
        if form.seen.get(field.value) != _mark(value)
    }
    if errors:
        raise FieldErrors(errors)


def _spoken(field: Field, value: Value, groups: KnownGroups) -> str:
    """A field's value in a sentence of plain text, in which nobody can be shown by name."""
    if not value:
        return "nothing"
    if isinstance(value, str):
        return f"“{value if len(value) <= 80 else value[:80] + '…'}”"
    if field in GROUP_FIELDS:
        return ", ".join(groups.name(group) for group in value)
    what = "person" if field in PEOPLE_FIELDS else "choice"
    return f"1 {what}" if len(value) == 1 else f"{len(value)} {'people' if what == 'person' else 'choices'}"


def _form(section: Section, given: Entered) -> Any:
    """A section's form, from what was entered."""
    sheet = SHEETS[section]
    held: dict[str, Any] = {}
    for field, path in sheet.fields.items():
        attribute, _, place = path.partition(".")
        value = given.get(field)
        if place:
            held[attribute] = (*held.get(attribute, ()), value)
        else:
            held[attribute] = value
    return sheet.form(**held)


def _mark(value: Value) -> str:
    return hashlib.blake2s(repr(value).encode(), digest_size=4).hexdigest()


def _shift(program: Program, name: str | None) -> Shift | None:
    return next((shift for shift in program.shifts if shift.name == name), None)
