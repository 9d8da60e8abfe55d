"""The settings: what a manager types is understood or told at its field, and nothing is applied by half."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import settings
from cases.errors import FieldErrors
from cases.fields import WEEK, Field
from cases.program import Department, Hours, OwnDay, Program, Shift
from cases.settings import Change, Section, changes
from cases.settings.checks import KnownGroups
from cases.settings.desk import DEPARTMENTS_AT_MOST
from cases.settings.pace import LADDER_LISTS, LADDER_NUMBERS
from cases.settings.typed import (
    NotUnderstood,
    read_hours,
    read_minutes,
    read_own_days,
    read_zone,
    write_hours,
    write_minutes,
    write_own_days,
)
from cases.settings.week import write_days, write_shift
from cases.times import zone_exists
from cases.words import Reason, Step
from tests.build import BILLING, IT, program
from tests.cases.programs import growing, hours, own_days, programs, weekdays

PROGRAM = program()


def refused(reading: Callable[..., Program], *args: Any, **kwargs: Any) -> dict[Field, str]:
    """What is wrong with a form, by field; each a whole sentence."""
    with pytest.raises(FieldErrors) as problem:
        reading(*args, **kwargs)
    for sentence in problem.value.errors.values():
        assert sentence[0].isupper() or not sentence[0].isalpha()
        assert sentence.endswith((".", ".”"))
        assert len(sentence) <= 2000
    return problem.value.errors


# What is typed


@given(growing)
def test_minutes_come_back_as_they_were_written(minutes: tuple[int, ...]) -> None:
    assert read_minutes(write_minutes(minutes), 120) == minutes


@given(st.none() | hours)
def test_hours_come_back_as_they_were_written(one: Hours | None) -> None:
    assert read_hours(write_hours(one)) == one


@given(own_days)
def test_own_days_come_back_as_they_were_written(several: tuple[OwnDay, ...]) -> None:
    assert read_own_days(write_own_days(several)) == several


@given(st.text(max_size=60) | st.text("0123456789:.-–, ampcloset\n", max_size=30))
def test_whatever_is_typed_is_understood_or_told(text: str) -> None:
    """Never another error, and what is understood can be written and read again."""
    with suppress(NotUnderstood):
        one = read_hours(text)
        assert read_hours(write_hours(one)) == one
    with suppress(NotUnderstood):
        several = read_own_days(text)
        assert read_own_days(write_own_days(several)) == several
    with suppress(NotUnderstood):
        minutes = read_minutes(text, 90)
        assert read_minutes(write_minutes(minutes), 90) == minutes
    with suppress(NotUnderstood):
        assert zone_exists(read_zone(text))


@pytest.mark.parametrize(
    ("text", "opens", "closes"),
    [
        ("08:00–21:00", time(8), time(21)),
        ("8-21", time(8), time(21)),
        (" 8:30 to 17.15 ", time(8, 30), time(17, 15)),
        ("8am - 9pm", time(8), time(21)),
        ("12am–12pm", time(0), time(12)),
        ("12 PM until 11:59 pm", time(12), time(23, 59)),
        ("00:00-24:00", time(0), time(0)),
        ("13:00—0:00", time(13), time(0)),
    ],
)
def test_hours_as_people_type_them(text: str, opens: time, closes: time) -> None:
    assert read_hours(text) == Hours(opens, closes)


@pytest.mark.parametrize("text", ["closed", "Closed", " none ", "-", "–", "No calls"])
def test_a_day_without_calls(text: str) -> None:
    assert read_hours(text) is None


@pytest.mark.parametrize(
    "text", ["", "8", "8-", "eight to nine", "25-26", "8:60-9", "13pm-14pm", "0am-9", "8-21-22", None]
)
def test_what_is_no_hours_is_told_with_an_example(text: str | None) -> None:
    with pytest.raises(NotUnderstood, match="08:00–21:00"):
        read_hours(text)


@pytest.mark.parametrize("text", ["21:00-08:00", "08:00-08:00", "24:00-24:00"])
def test_hours_without_a_minute_are_told(text: str) -> None:
    with pytest.raises(NotUnderstood, match="leave no minute"):
        read_hours(text)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "at least one number"),
        (" , ;", "at least one number"),
        ("3, 7, soon", "“soon” is no number"),
        ("3.5", "“3.5” is no number"),
        ("-3", "“-3” is no number"),
        ("3, 3", "greater than the one before it"),
        ("7, 3, 15", "3 follows 7"),
        ("0, 5", "from 1 to 90"),
        ("5, 91", "from 1 to 90"),
        ("1 2 3 4 5 6 7 8 9 10 11", "at most 10"),
        ("9" * 5000, "is no number"),
    ],
)
def test_what_is_no_ladder_is_told(text: str, sentence: str) -> None:
    with pytest.raises(NotUnderstood, match=sentence):
        read_minutes(text, 90)


@pytest.mark.parametrize("text", ["3, 7, 15", "3 7 15", "3,7,15", " 3;7 / 15 "])
def test_minutes_as_people_type_them(text: str) -> None:
    assert read_minutes(text, 90) == (3, 7, 15)


def test_own_days_are_sorted_and_blank_lines_are_nothing() -> None:
    assert read_own_days("\n2026-12-31  Stock   taking\n\n2026-12-24: Company day\n") == (
        OwnDay(date(2026, 12, 24), "Company day"),
        OwnDay(date(2026, 12, 31), "Stock taking"),
    )
    assert read_own_days("") == read_own_days(None) == ()


def test_each_line_that_is_no_day_is_named_by_its_number() -> None:
    with pytest.raises(NotUnderstood) as problem:
        read_own_days(
            "2026-12-24 Company day\n24.12. Party\n2026-02-30 Leap\n2026-12-24 Again\n2026-12-25\nx"
        )
    sentence = str(problem.value)
    assert "Line 2: enter a date" in sentence
    assert "Line 3: 2026-02-30 is no day of the calendar." in sentence
    assert "Line 4: 2026-12-24 is there twice." in sentence
    assert "Line 5" not in sentence
    assert sentence.endswith("And 2 more.")


def test_a_list_of_days_that_no_form_could_show_is_told() -> None:
    lines = [f"{date(2026, 1, 1) + timedelta(days=n)} {'x' * 60}" for n in range(60)]
    with pytest.raises(NotUnderstood, match="3,000 characters"):
        read_own_days("\n".join(lines))


def test_zones_as_people_type_them() -> None:
    assert read_zone("asia/manila") == "Asia/Manila"
    assert read_zone(" America/New York ") == "America/New_York"
    with pytest.raises(NotUnderstood, match="Did you mean Asia/Manila"):
        read_zone("Manila")
    with pytest.raises(NotUnderstood, match=r"“Mars/Olympus” is no time zone\. Enter"):
        read_zone("Mars/Olympus")


# The sections


def test_a_sections_name_fits_a_modals_title() -> None:
    assert all(len(section.label) <= 24 for section in Section)


@given(programs)
def test_a_form_that_is_sent_as_it_stands_changes_nothing(desk: Program) -> None:
    """Whatever a manager may set up stands in the forms so that it is read back equal."""
    assert settings.read_names(settings.names_form(desk), desk) == desk
    assert settings.read_people(settings.people_form(desk), desk) == desk
    assert settings.read_offer(settings.offer_form(desk), desk) == desk
    assert settings.read_promises(settings.promises_form(desk), desk) == desk
    assert settings.read_ladder(settings.ladder_form(desk), desk) == desk
    assert settings.read_hours(settings.hours_form(desk), desk) == desk
    assert settings.read_posts(settings.posts_form(desk), desk) == desk
    for department in desk.departments:
        form = settings.department_form(department)
        assert settings.read_department(form, desk, department.name) == desk
    for shift in desk.shifts:
        assert settings.read_shift(settings.shift_form(shift), desk, shift.name) == desk
    assert changes(desk, desk) == []


@given(programs, programs)
def test_every_form_takes_one_program_to_another(before: Program, after: Program) -> None:
    """Section by section, each leaving the others as they are; then nothing differs but what has no form."""
    desk = settings.read_names(settings.names_form(after), before)
    desk = settings.read_people(settings.people_form(after), desk)
    desk = settings.read_offer(settings.offer_form(after), desk)
    desk = settings.read_promises(settings.promises_form(after), desk)
    desk = settings.read_ladder(settings.ladder_form(after), desk)
    desk = settings.read_hours(settings.hours_form(after), desk)
    desk = settings.read_posts(settings.posts_form(after), desk)
    for department in desk.departments:
        desk = settings.without_department(desk, department.name)
    for department in after.departments:
        desk = settings.read_department(settings.department_form(department), desk)
    for shift in desk.shifts:
        desk = settings.without_shift(desk, shift.name)
    for shift in after.shifts:
        desk = settings.read_shift(settings.shift_form(shift), desk)
    assert replace(desk, active=after.active) == after


@given(programs, programs)
def test_what_changed_is_told_once_in_words(before: Program, after: Program) -> None:
    told = changes(before, after)
    assert bool(told) is (_comparable(before) != _comparable(after))
    assert len({change.label for change in told}) == len(told)
    for change in told:
        assert change.old != change.new
        assert change.label
        assert change.old
        assert change.new
    back = {(change.label, change.new, change.old, change.who) for change in told}
    assert {tuple(change) for change in changes(after, before)} == back


def _comparable(desk: Program) -> Program:
    """The order of departments and of shifts means nothing."""
    departments = tuple(sorted(desk.departments, key=lambda one: one.name))
    return replace(desk, departments=departments, shifts=tuple(sorted(desk.shifts, key=lambda one: one.name)))


def test_all_mistakes_of_names_are_told_at_once() -> None:
    form = settings.NamesForm(" ", "Manila", "", "UK")
    found = refused(settings.read_names, form, PROGRAM)
    assert set(found) == {Field.PROGRAM_NAME, Field.SITE_ZONE, Field.CUSTOMER_ZONE, Field.PHONE_REGION}
    assert "Did you mean Asia/Manila" in found[Field.SITE_ZONE]
    assert "Great Britain is GB" in found[Field.PHONE_REGION]
    assert settings.read_names(settings.NamesForm("Care", "UTC", "asia/manila", "ph"), PROGRAM) == program(
        name="Care", timezone="UTC", customer_timezone="Asia/Manila", phone_region="PH"
    )


def test_a_card_number_is_no_name() -> None:
    form = replace(settings.names_form(PROGRAM), name="Billing 4111 1111 1111 1111")
    assert "card" in refused(settings.read_names, form, PROGRAM)[Field.PROGRAM_NAME]


def test_a_role_that_nobody_has_is_refused() -> None:
    found = refused(settings.read_people, settings.PeopleForm(), PROGRAM)
    assert set(found) == {Field.SME_GROUPS, Field.MANAGER_GROUPS}
    only_tls = settings.PeopleForm(tl_users=("U0BEN",), manager_users=("U0MIA",))
    assert settings.read_people(only_tls, PROGRAM).tl_users == ("U0BEN",)


def test_a_group_without_members_is_named_at_its_field() -> None:
    """By the name that people know; one that was not read yet is taken."""
    known = KnownGroups({"S0SMES": ("U0SAM",), "S0TLS": (), "S0MGRS": ()}, {"S0TLS": "billing-tls"})
    found = refused(settings.read_people, settings.people_form(PROGRAM), PROGRAM, known)
    assert set(found) == {Field.TL_GROUPS, Field.MANAGER_GROUPS}
    assert "Nobody is in @billing-tls." in found[Field.TL_GROUPS]
    assert "S0MGRS" in found[Field.MANAGER_GROUPS]
    department = settings.DepartmentForm("Sales", groups=("S0TLS",))
    assert set(refused(settings.read_department, department, PROGRAM, None, known)) == {Field.GROUPS}
    night = settings.ShiftForm("Night", ("0",), "22:00", "06:00", groups=("S0TLS",))
    assert set(refused(settings.read_shift, night, PROGRAM, None, known)) == {Field.GROUPS}


def test_what_is_no_group_and_nobody_is_refused() -> None:
    form = settings.PeopleForm(sme_groups=("everyone",), tl_users=("S0TLS",), manager_users=("U0MIA",))
    assert set(refused(settings.read_people, form, PROGRAM)) == {Field.SME_GROUPS, Field.TL_USERS}
    many = tuple(f"U0{number:04}" for number in range(101))
    form = settings.PeopleForm(sme_users=many, manager_users=("U0MIA",))
    assert "at most 100" in refused(settings.read_people, form, PROGRAM)[Field.SME_USERS]


@pytest.mark.parametrize(
    ("form", "replaces", "field", "sentence"),
    [
        (settings.DepartmentForm("", ("S0IT",)), None, Field.DEPARTMENT_NAME, "Enter a name"),
        (settings.DepartmentForm("x" * 76, ("S0IT",)), None, Field.DEPARTMENT_NAME, "up to 75"),
        (settings.DepartmentForm("it", ("S0IT",)), None, Field.DEPARTMENT_NAME, "a department “it” already"),
        (settings.DepartmentForm("IT", ("S0IT",)), "Billing & refunds", Field.DEPARTMENT_NAME, "already"),
        (settings.DepartmentForm("Sales"), None, Field.GROUPS, "has to reach somebody"),
    ],
)
def test_a_department_that_would_not_do_is_told(
    form: settings.DepartmentForm, replaces: str | None, field: Field, sentence: str
) -> None:
    assert sentence in refused(settings.read_department, form, PROGRAM, replaces)[field]


def test_departments_come_change_in_their_place_and_go() -> None:
    sales = Department("Sales", ("S0SALES",), ())
    more = settings.read_department(settings.department_form(sales), PROGRAM)
    assert more.departments == (IT, BILLING, sales)
    renamed = settings.read_department(settings.DepartmentForm("it", ("S0IT",)), more, "IT")
    assert [one.name for one in renamed.departments] == ["it", "Billing & refunds", "Sales"]
    assert settings.without_department(renamed, "it").departments == (BILLING, sales)
    full = program(departments=tuple(Department(f"D{n}", ("S0IT",)) for n in range(DEPARTMENTS_AT_MOST)))
    assert f"{DEPARTMENTS_AT_MOST} departments" in str(
        refused(settings.read_department, settings.department_form(sales), full)
    )


def test_the_form_always_has_a_reason_and_a_step_to_offer() -> None:
    found = refused(settings.read_offer, settings.OfferForm(), PROGRAM)
    assert set(found) == {Field.REASONS_ON, Field.STEPS_ON}
    unknown = settings.OfferForm(("other", "bad_mood"), ("listened",))
    assert set(refused(settings.read_offer, unknown, PROGRAM)) == {Field.REASONS_ON}
    few = settings.read_offer(settings.OfferForm(("other", "long_wait"), ("listened",)), PROGRAM)
    assert few.reasons == (Reason.LONG_WAIT, Reason.OTHER)
    assert few.steps == (Step.LISTENED,)
    assert len(few.reasons_off) == len(Reason) - 2


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        (Field.WINDOW, ("0", "241", "", "ten", "-5", "1.5", None, "९")),
        (Field.HORIZON, ("0", "61", "soon")),
        (Field.ATTEMPTS, ("0", "11", "three")),
        (Field.SPACING, ("4", "10081", "2 h")),
        (Field.REPEAT_WITHIN, ("0", "91", "week")),
    ],
)
def test_a_number_out_of_its_bounds_is_told_with_them(field: Field, wrong: tuple[str | None, ...]) -> None:
    for value in wrong:
        form = replace(settings.promises_form(PROGRAM), **{field.value: value})
        found = refused(settings.read_promises, form, PROGRAM)
        assert set(found) == {field}, value
        assert "Enter a whole number" in found[field]


def test_the_next_attempt_is_within_the_horizon() -> None:
    form = replace(settings.promises_form(PROGRAM), horizon="1", spacing="1441")
    assert "1 days" in refused(settings.read_promises, form, PROGRAM)[Field.SPACING]


@pytest.mark.parametrize("field", [field for field, _ in LADDER_LISTS])
def test_an_empty_ladder_is_refused(field: Field) -> None:
    form = replace(settings.ladder_form(PROGRAM), **{field.value: " "})
    assert "Somebody has to be reminded" in refused(settings.read_ladder, form, PROGRAM)[field]


def test_every_step_of_the_ladder_has_bounds() -> None:
    for field, least, most in LADDER_NUMBERS:
        for value in (str(least - 1), str(most + 1), "", "x"):
            form = replace(settings.ladder_form(PROGRAM), **{field.value: value})
            assert set(refused(settings.read_ladder, form, PROGRAM)) == {field}
    both = settings.LadderForm(unclaimed="7, 3", unclaimed_waiting="1")
    assert len(refused(settings.read_ladder, both, PROGRAM)) == 1 + len(LADDER_NUMBERS)


def test_a_week_without_a_minute_for_a_call_is_refused() -> None:
    form = settings.HoursForm(("closed",) * 7, None, "")
    assert "leave no minute" in refused(settings.read_hours, form, PROGRAM)[Field.MONDAY]


def test_every_weekday_is_told_by_itself() -> None:
    days = ("8-21", "8-21", "x", "21-8", "closed", "closed")
    found = refused(settings.read_hours, settings.HoursForm(days, "XX", "someday"), PROGRAM)
    wrong = {Field.WEDNESDAY, Field.THURSDAY, Field.SUNDAY, Field.HOLIDAY_COUNTRY, Field.OWN_DAYS}
    assert set(found) == wrong
    assert "Line 1" in found[Field.OWN_DAYS]


def test_a_week_is_kept_as_typed() -> None:
    days = ("9-18",) * 5 + ("10:00–14:00", "closed")
    kept = settings.read_hours(settings.HoursForm(days, "gb", "2026-12-24 Company day"), PROGRAM)
    assert kept.calling == (*(Hours(time(9), time(18)),) * 5, Hours(time(10), time(14)), None)
    assert kept.holiday_country == "GB"
    assert kept.own_days == (OwnDay(date(2026, 12, 24), "Company day"),)
    assert (
        settings.read_hours(replace(settings.hours_form(kept), holiday_country=""), kept).holiday_country
        is None
    )


EARLY = Shift("Early", (0, 1, 2, 3, 4), time(6), time(14))
NIGHT = Shift("Night", (0, 1, 2, 3, 4), time(22), time(6))


def test_shifts_that_overlap_are_refused_with_the_name_of_the_other() -> None:
    desk = program(shifts=(EARLY, NIGHT))
    late = settings.ShiftForm("Late", ("4",), "13:30", "22:30")
    sentence = refused(settings.read_shift, late, desk)[Field.SHIFT_BEGINS]
    assert "“Early” (Mon–Fri 06:00–14:00)" in sentence
    assert "“Night” (Mon–Fri 22:00–06:00)" in sentence
    saturday = settings.ShiftForm("Saturday", ("5",), "05:00", "12:00")
    assert "“Night”" in refused(settings.read_shift, saturday, desk)[Field.SHIFT_BEGINS]  # Friday's
    after = settings.read_shift(replace(saturday, begins="06:00"), desk)
    assert [one.name for one in after.shifts] == ["Early", "Night", "Saturday"]
    # A shift never overlaps with what it was before.
    longer = replace(settings.shift_form(EARLY), ends="15:00")
    assert settings.read_shift(longer, desk, "Early").shifts[0].ends == time(15)


def test_all_mistakes_of_a_shift_are_told_at_once() -> None:
    desk = program(shifts=(EARLY, NIGHT))
    found = refused(settings.read_shift, settings.ShiftForm("NIGHT", ("7",), "", "25:00", users=("x",)), desk)
    assert set(found) == {
        Field.SHIFT_NAME,
        Field.SHIFT_DAYS,
        Field.SHIFT_BEGINS,
        Field.SHIFT_ENDS,
        Field.USERS,
    }
    full = program(shifts=tuple(Shift(f"S{n}", (0,), time(n), time(n, 30)) for n in range(20)))
    assert "20 shifts" in str(refused(settings.read_shift, settings.shift_form(NIGHT), full))


@pytest.mark.parametrize(
    ("days", "text"),
    [
        ((0, 1, 2, 3, 4), "Mon–Fri"),
        ((5, 6), "Sat, Sun"),
        ((0, 2, 3, 4), "Mon, Wed–Fri"),
        ((6,), "Sun"),
        (tuple(range(7)), "every day"),
    ],
)
def test_weekdays_as_people_write_them(days: tuple[int, ...], text: str) -> None:
    assert write_days(days) == text


@given(weekdays, weekdays)
def test_different_weekdays_are_written_differently(one: tuple[int, ...], other: tuple[int, ...]) -> None:
    assert (write_days(one) == write_days(other)) is (one == other)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        (Field.DIGEST_AT, "8 o'clock"),
        (Field.DIGEST_AT, "24:00"),
        (Field.DIGEST_AT, "8-9"),
        (Field.HANDOVER_BEFORE, "0"),
        (Field.COACHING_DAYS, "31"),
        (Field.PATTERN_OF, "1"),
        (Field.PATTERN_WITHIN, "366"),
        (Field.RETENTION, "29"),
    ],
)
def test_posts_out_of_bounds_are_told(field: Field, wrong: str) -> None:
    form = replace(settings.posts_form(PROGRAM), **{field.value: wrong})
    assert set(refused(settings.read_posts, form, PROGRAM)) == {field}


@pytest.mark.parametrize(
    ("typed", "at"),
    [("8", time(8)), ("8:05", time(8, 5)), ("8 am", time(8)), ("6.30PM", time(18, 30)), ("00:00", time(0))],
)
def test_the_digests_time_as_people_type_it(typed: str, at: time) -> None:
    form = replace(settings.posts_form(PROGRAM), digest_at=typed)
    assert settings.read_posts(form, PROGRAM).digest_at == at


def test_a_digest_may_be_switched_off() -> None:
    assert (
        settings.read_posts(replace(settings.posts_form(PROGRAM), digest_at=None), PROGRAM).digest_at is None
    )


# What changed


def test_changes_are_told_as_people_say_them() -> None:
    after = replace(
        PROGRAM,
        name="Care",
        sme_groups=("S0SMES", "S0MORE"),
        manager_users=("U0MIA",),
        departments=(IT, replace(BILLING, groups=("S0BILL",)), Department("Sales", users=("U0SAL",))),
        calling=(None, *PROGRAM.calling[1:]),
        own_days=(OwnDay(date(2026, 12, 24), "Company day"),),
        reasons_off=(Reason.LONG_WAIT,),
        steps_off=(Step.LISTENED,),
        shifts=(NIGHT,),
        digest_at=None,
        ladder=replace(PROGRAM.ladder, unclaimed=(5, 10), heads_up=30),
        active=False,
    )
    assert changes(PROGRAM, after) == [
        Change("Name", "Northwind Billing", "Care"),
        Change("Daily digest at", "08:00", "none"),
        Change("SMEs: user groups", "S0SMES", "S0SMES, S0MORE", who=True),
        Change("Managers: people", "none", "U0MIA", who=True),
        Change("Department “Billing & refunds”: user groups", "none", "S0BILL", who=True),
        Change("Department “Sales”", "none", "there"),
        Change("Department “Sales”: people", "none", "U0SAL", who=True),
        Change("Reason “Long wait”", "on", "off"),
        Change("Step “Listened without interrupting”", "on", "off"),
        Change("Unclaimed: remind after (minutes)", "3, 7, 15", "5, 10"),
        Change("Heads-up before the agreed time (minutes)", "15", "30"),
        Change("Monday", "08:00–21:00", "closed"),
        Change("Own day 2026-12-24", "none", "Company day"),
        Change("Shift “Night”", "none", "Mon–Fri 22:00–06:00"),
        Change("The desk", "on", "off"),
    ]
    assert changes(program(shifts=(EARLY,)), PROGRAM) == [Change("Shift “Early”", write_shift(EARLY), "none")]


def test_another_name_is_told_as_such() -> None:
    """Not as one department that went and another that came; what else differs is told of the new name."""
    tech = Department("Tech", groups=("S0TECH",))
    after = program(departments=(tech, BILLING))
    renaming, alike = settings.renamed(PROGRAM, "departments", "IT", "Tech")
    assert [renaming, *changes(alike, after)] == [
        Change("Department “IT”: name", "IT", "Tech"),
        Change("Department “Tech”: user groups", "S0IT", "S0TECH", who=True),
    ]
    night = program(shifts=(EARLY, NIGHT))
    renaming, alike = settings.renamed(night, "shifts", "Night", "Graveyard")
    assert renaming == Change("Shift “Night”: name", "Night", "Graveyard")
    assert alike == program(shifts=(EARLY, replace(NIGHT, name="Graveyard")))


def test_the_fields_of_the_week_are_its_days() -> None:
    assert [field.label for field in WEEK][0::6] == ["Monday", "Sunday"]
