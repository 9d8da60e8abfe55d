"""The settings of the week: calling hours by weekday, holidays, the program's own days, shifts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import time

from cases.calendars import has_holidays
from cases.fields import WEEK, Field
from cases.program import OwnDay, Program, Shift
from cases.settings.checks import KnownGroups, Mistakes
from cases.settings.desk import put
from cases.settings.typed import (
    NotUnderstood,
    read_line,
    read_own_days,
    read_time,
    write_hours,
    write_own_days,
    write_time,
)
from cases.settings.typed import read_hours as read_day
from cases.shifts import overlapping
from cases.text import clean

SHIFT_NAME_AT_MOST = 75
SHIFTS_AT_MOST = 20


@dataclass(frozen=True)
class HoursForm:
    """Seven days' hours as typed, Monday first; the country by its two letters, nothing for no holidays."""

    days: tuple[str | None, ...] = ()
    holiday_country: str | None = None
    own_days: str | None = None


@dataclass(frozen=True)
class ShiftForm:
    """The weekdays by number, Monday is 0; times as `HH:MM`."""

    name: str | None = None
    days: tuple[str, ...] = ()
    begins: str | None = None
    ends: str | None = None
    groups: tuple[str, ...] = ()
    users: tuple[str, ...] = ()


def hours_form(program: Program) -> HoursForm:
    days = tuple(write_hours(day) for day in program.calling)
    return HoursForm(days, program.holiday_country, write_own_days(program.own_days))


def read_hours(form: HoursForm, program: Program) -> Program:
    """When customers are called; raises FieldErrors."""
    found = Mistakes()
    typed = (*form.days, *(None,) * 7)[:7]
    calling = tuple(found.read(at, read_day, day, instead=None) for at, day in zip(WEEK, typed, strict=True))
    if not any(calling) and not found.errors:
        found.add(Field.MONDAY, "Leave at least one day open: these hours leave no minute for a call.")
    country = found.read(Field.HOLIDAY_COUNTRY, _country, form.holiday_country, instead=None)
    no_days: tuple[OwnDay, ...] = ()
    own_days = found.read(Field.OWN_DAYS, read_own_days, form.own_days, instead=no_days)
    found.none_or_raise()
    return replace(program, calling=calling, holiday_country=country, own_days=own_days)


def _country(value: str | None) -> str | None:
    country = clean(value).upper()
    if not country:
        return None
    if not has_holidays(country):
        raise NotUnderstood(
            "The holidays of this country are not known. Enter two letters such as US, or leave it empty."
        )
    return country


def shift_form(shift: Shift | None = None) -> ShiftForm:
    """A shift's form, or the empty one of a new shift."""
    if shift is None:
        return ShiftForm()
    days = tuple(str(day) for day in shift.days)
    return ShiftForm(
        shift.name, days, write_time(shift.begins), write_time(shift.ends), shift.groups, shift.users
    )


def read_shift(
    form: ShiftForm, program: Program, replaces: str | None = None, known: KnownGroups | None = None
) -> Program:
    """The program with one shift more, or with another in place of `replaces`; raises FieldErrors."""
    known, found = known or KnownGroups(), Mistakes()
    sentence = f"Enter a name of up to {SHIFT_NAME_AT_MOST} characters, such as Night."
    name = found.read(Field.SHIFT_NAME, read_line, form.name, SHIFT_NAME_AT_MOST, sentence, instead="")
    others = [one for one in program.shifts if one.name != replaces]
    if name.casefold() in {other.name.casefold() for other in others}:
        found.add(
            Field.SHIFT_NAME, f"There is a shift “{name}” already. Enter another name, or change that one."
        )
    if len(others) >= SHIFTS_AT_MOST:
        found.add(Field.SHIFT_NAME, f"There are {SHIFTS_AT_MOST} shifts already: take one out first.")
    days = tuple(sorted({int(day) for day in form.days if day in {"0", "1", "2", "3", "4", "5", "6"}}))
    if not days:
        found.add(Field.SHIFT_DAYS, "Choose the weekdays on which it begins.")
    begins = found.read(Field.SHIFT_BEGINS, read_time, form.begins, "Choose when it begins.", instead=time(0))
    ends = found.read(Field.SHIFT_ENDS, read_time, form.ends, "Choose when it ends.", instead=time(0))
    groups = found.groups(Field.GROUPS, form.groups, known)
    users = found.users(Field.USERS, form.users)
    shift = Shift(name, days, begins, ends, groups, users)
    if not {Field.SHIFT_DAYS, Field.SHIFT_BEGINS, Field.SHIFT_ENDS} & set(found.errors):
        meets = [other for other in others if overlapping((shift, other))]
        if meets:
            what = " and ".join(f"“{other.name}” ({write_shift(other)})" for other in meets[:2])
            found.add(Field.SHIFT_BEGINS, f"It would overlap with {what}. One ends before the next begins.")
    found.none_or_raise()
    return replace(program, shifts=put(program.shifts, shift, replaces))


def without_shift(program: Program, name: str) -> Program:
    """The program without that shift."""
    return replace(program, shifts=tuple(one for one in program.shifts if one.name != name))


def write_shift(shift: Shift) -> str:
    """`Mon–Fri 22:00–06:00`."""
    return f"{write_days(shift.days)} {write_time(shift.begins)}–{write_time(shift.ends)}"


def write_days(days: Iterable[int]) -> str:
    """`Mon–Fri`, `Mon, Wed–Fri`, `every day`: weekdays as people write them."""
    chosen = sorted(set(days))
    if len(chosen) == 7:
        return "every day"
    runs: list[list[int]] = []
    for day in chosen:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    short = [WEEK[day].label[:3] for day in range(7)]
    return ", ".join(
        f"{short[run[0]]}–{short[run[-1]]}" if len(run) > 2 else ", ".join(short[day] for day in run)
        for run in runs
    )
