"""The sheets of the settings: which section has which fields, and how its form is filled and read.

What stands in a form is `Entered`: by field, as text or as a list of ids and words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cases import settings
from cases.fields import WEEK, Field
from cases.program import Department, Program, Shift
from cases.settings import Section
from cases.settings.checks import KnownGroups

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
        _same(Field.REASONS_ON, Field.STEPS_ON, Field.LANGUAGES),
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
        _same(
            *(Field.DIGEST_AT, Field.HANDOVER_BEFORE, Field.COACHING_DAYS, Field.PATTERN_OF),
            *(Field.PATTERN_WITHIN, Field.RETENTION),
        ),
        lambda program, _: settings.posts_form(program),
        lambda form, program, _name, _groups: settings.read_posts(form, program),
    ),
}

REMOVE: dict[Section, Callable[[Program, str], Program]] = {
    Section.DEPARTMENTS: settings.without_department,
    Section.SHIFTS: settings.without_shift,
}
"""The sections that are lists: how an entry is taken out of each."""


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


def form_of(section: Section, given: Entered) -> Any:
    """A section's form, from what was entered."""
    sheet = SHEETS[section]
    held: dict[str, Any] = {}
    for field, path in sheet.fields.items():
        attribute, _, place = path.partition(".")
        if place:
            held[attribute] = (*held.get(attribute, ()), given.get(field))
        elif field in given:
            held[attribute] = given[field]
    return sheet.form(**held)


def _shift(program: Program, name: str | None) -> Shift | None:
    return next((shift for shift in program.shifts if shift.name == name), None)
