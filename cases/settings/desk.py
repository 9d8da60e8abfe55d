"""The settings of the desk itself: its name and zones, who is who, its departments, what its form offers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from cases.fields import Field
from cases.languages import is_language
from cases.program import Department, Program, Shift
from cases.settings.checks import KnownGroups, Mistakes
from cases.settings.typed import read_line, read_region, read_zone
from cases.words import Reason, Step, Word

NAME_AT_MOST = 80
DEPARTMENT_AT_MOST = 75
"""Slack's limit for an option of a menu."""
LANGUAGES_AT_MOST = 20
DEPARTMENTS_AT_MOST = 45
"""Their list, with the buttons of each, fits one modal."""

W = TypeVar("W", bound=Word)
N = TypeVar("N", Department, Shift)


@dataclass(frozen=True)
class NamesForm:
    name: str | None = None
    timezone: str | None = None
    customer_timezone: str | None = None
    phone_region: str | None = None


@dataclass(frozen=True)
class PeopleForm:
    """Who is an SME, a TL, a manager: by user groups, by people, or by both."""

    sme_groups: tuple[str, ...] = ()
    sme_users: tuple[str, ...] = ()
    tl_groups: tuple[str, ...] = ()
    tl_users: tuple[str, ...] = ()
    manager_groups: tuple[str, ...] = ()
    manager_users: tuple[str, ...] = ()


@dataclass(frozen=True)
class DepartmentForm:
    name: str | None = None
    groups: tuple[str, ...] = ()
    users: tuple[str, ...] = ()


@dataclass(frozen=True)
class OfferForm:
    """The reasons and steps that are ticked, by value; languages by their codes."""

    reasons_on: tuple[str, ...] = ()
    steps_on: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


def names_form(program: Program) -> NamesForm:
    return NamesForm(program.name, program.timezone, program.customer_timezone, program.phone_region)


def read_names(form: NamesForm, program: Program) -> Program:
    """Name, zones and phone region; raises FieldErrors."""
    found = Mistakes()
    sentence = f"Enter a name of up to {NAME_AT_MOST} characters, such as Billing."
    name = found.read(Field.PROGRAM_NAME, read_line, form.name, NAME_AT_MOST, sentence, instead="")
    site = found.read(Field.SITE_ZONE, read_zone, form.timezone, instead="")
    customers = found.read(Field.CUSTOMER_ZONE, read_zone, form.customer_timezone, instead="")
    region = found.read(Field.PHONE_REGION, read_region, form.phone_region, instead="")
    found.none_or_raise()
    return replace(program, name=name, timezone=site, customer_timezone=customers, phone_region=region)


def people_form(program: Program) -> PeopleForm:
    return PeopleForm(
        program.sme_groups,
        program.sme_users,
        program.tl_groups,
        program.tl_users,
        program.manager_groups,
        program.manager_users,
    )


def read_people(form: PeopleForm, program: Program, known: KnownGroups | None = None) -> Program:
    """Who is who; raises FieldErrors. A role that nobody has would leave its pings unheard."""
    known, found = known or KnownGroups(), Mistakes()
    sme_groups = found.groups(Field.SME_GROUPS, form.sme_groups, known)
    sme_users = found.users(Field.SME_USERS, form.sme_users)
    tl_groups = found.groups(Field.TL_GROUPS, form.tl_groups, known)
    tl_users = found.users(Field.TL_USERS, form.tl_users)
    manager_groups = found.groups(Field.MANAGER_GROUPS, form.manager_groups, known)
    manager_users = found.users(Field.MANAGER_USERS, form.manager_users)
    if not (sme_groups or sme_users or tl_groups or tl_users):
        found.add(
            Field.SME_GROUPS, "Choose SMEs or TLs, as a user group or one by one: nobody could claim a case."
        )
    if not (manager_groups or manager_users):
        found.add(
            Field.MANAGER_GROUPS,
            "Choose managers, as a user group or one by one: nobody could sign off or come back here.",
        )
    found.none_or_raise()
    return replace(
        program,
        sme_groups=sme_groups,
        sme_users=sme_users,
        tl_groups=tl_groups,
        tl_users=tl_users,
        manager_groups=manager_groups,
        manager_users=manager_users,
    )


def department_form(department: Department | None = None) -> DepartmentForm:
    """A department's form, or the empty one of a new department."""
    return (
        DepartmentForm(department.name, department.groups, department.users)
        if department
        else DepartmentForm()
    )


def read_department(
    form: DepartmentForm, program: Program, replaces: str | None = None, known: KnownGroups | None = None
) -> Program:
    """The program with one department more, or with another in place of `replaces`; raises FieldErrors."""
    known, found = known or KnownGroups(), Mistakes()
    sentence = f"Enter a name of up to {DEPARTMENT_AT_MOST} characters, such as IT."
    name = found.read(Field.DEPARTMENT_NAME, read_line, form.name, DEPARTMENT_AT_MOST, sentence, instead="")
    others = [one.name for one in program.departments if one.name != replaces]
    if name.casefold() in {other.casefold() for other in others}:
        found.add(
            Field.DEPARTMENT_NAME,
            f"There is a department “{name}” already. Enter another name, or change that one.",
        )
    if len(others) >= DEPARTMENTS_AT_MOST:
        found.add(
            Field.DEPARTMENT_NAME, f"There are {DEPARTMENTS_AT_MOST} departments already: take one out first."
        )
    groups = found.groups(Field.GROUPS, form.groups, known)
    users = found.users(Field.USERS, form.users)
    if not groups and not users:
        found.add(Field.GROUPS, "Choose a user group or people: a case sent there has to reach somebody.")
    found.none_or_raise()
    return replace(program, departments=put(program.departments, Department(name, groups, users), replaces))


def without_department(program: Program, name: str) -> Program:
    """The program without that department; cases that are there fall to the program's own people."""
    return replace(program, departments=tuple(one for one in program.departments if one.name != name))


def offer_form(program: Program) -> OfferForm:
    return OfferForm(
        tuple(word.value for word in program.reasons),
        tuple(word.value for word in program.steps),
        program.languages,
    )


def read_offer(form: OfferForm, program: Program) -> Program:
    """Which reasons and steps the form offers, and which languages first; raises FieldErrors."""
    found = Mistakes()
    reasons_off = _off(Reason, form.reasons_on, Field.REASONS_ON, "reason", found)
    steps_off = _off(Step, form.steps_on, Field.STEPS_ON, "step", found)
    languages = tuple(dict.fromkeys(form.languages))
    if not all(map(is_language, languages)):
        found.add(Field.LANGUAGES, "Choose languages from the list.")
    elif len(languages) > LANGUAGES_AT_MOST:
        found.add(
            Field.LANGUAGES, f"Choose at most {LANGUAGES_AT_MOST} languages: all others are found by typing."
        )
    found.none_or_raise()
    return replace(program, reasons_off=reasons_off, steps_off=steps_off, languages=languages)


def _off(words: type[W], on: Iterable[str], at: Field, what: str, found: Mistakes) -> tuple[W, ...]:
    chosen = set(on)
    if chosen - {word.value for word in words}:
        found.add(at, f"Choose each {what} from the list.")
    elif not chosen:
        found.add(at, f"Leave at least one {what} on: the form asks for one.")
    return tuple(word for word in words if word.value not in chosen)


def put(several: tuple[N, ...], one: N, replaces: str | None) -> tuple[N, ...]:
    """The list with `one` in the place of what has the name `replaces`, or else at its end."""
    if any(other.name == replaces for other in several):
        return tuple(one if other.name == replaces else other for other in several)
    return several + (one,)  # noqa: RUF005 - mypy loses the type in the other spelling
