"""The settings: what a manager types is understood or told at its field, and nothing is applied by half."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import fields, replace
from datetime import date, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.errors import FieldErrors
from cases.program import Department, Hours, Ladder, OwnDay, Program, Shift
from cases.settings import (
    LISTS,
    NOT_SHOWN,
    WEEK,
    Change,
    Entered,
    KnownGroups,
    Line,
    Section,
    Setting,
    Value,
    changes,
    entered,
    entries,
    facts,
    in_words,
    read,
    rows,
    without,
)
from cases.settings.changes import HANDLES
from cases.settings.forms import NO_GROUPS
from cases.settings.kinds import Minutes, Number
from cases.settings.typed import (
    NotUnderstood,
    read_hours,
    read_minutes,
    read_own_days,
    read_zone,
    write_days,
    write_hours,
    write_minutes,
    write_own_days,
    write_shift,
)
from cases.times import zone_exists
from cases.words import Reason, Step
from storage.mapping import program_row, program_value
from tests.build import BILLING, IT, program
from tests.cases.programs import growing, hours, own_days, programs, weekdays

PROGRAM = program()


Typed = dict[Setting, Value]


def filled(section: Section, typed: Entered, desk: Program = PROGRAM, name: str | None = None) -> Typed:
    """A section's form as it stands, but for what is typed."""
    return entered(desk, section, name) | dict(typed)


def refused(
    section: Section,
    given: Entered,
    desk: Program = PROGRAM,
    name: str | None = None,
    known: KnownGroups = NO_GROUPS,
) -> dict[Setting, str]:
    """What is wrong with a form, by field; each a whole sentence."""
    with pytest.raises(FieldErrors) as problem:
        read(section, given, desk, name, known)
    for sentence in problem.value.errors.values():
        assert sentence[0].isupper() or not sentence[0].isalpha()
        assert sentence.endswith((".", ".”"))
        assert len(sentence) <= 2000
    return {setting: problem.value.errors[setting] for setting in Setting if setting in problem.value.errors}


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
    with pytest.raises(NotUnderstood, match="end before they begin"):
        read_hours(text)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "at least one number"),
        (" , ;", "at least one number"),
        ("3, 7, soon", "“soon” is not a number"),
        ("3.5", "“3.5” is not a number"),
        ("-3", "“-3” is not a number"),
        ("3, 3", "greater than the one before it"),
        ("7, 3, 15", "3 follows 7"),
        ("0, 5", "from 1 to 90"),
        ("5, 91", "from 1 to 90"),
        ("1 2 3 4 5 6 7 8 9 10 11", "at most 10"),
        ("9" * 5000, "is not a number"),
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
    assert "Line 3: 2026-02-30 is not a date in the calendar." in sentence
    assert "Line 4: 2026-12-24 appears twice." in sentence
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
    with pytest.raises(NotUnderstood, match=r"“Mars/Olympus” is not a time zone\. Enter"):
        read_zone("Mars/Olympus")


# The sections


def test_a_sections_name_fits_a_modals_title() -> None:
    assert all(len(section.label) <= 24 for section in Section)


@given(programs)
def test_a_form_that_is_sent_as_it_stands_changes_nothing(desk: Program) -> None:
    """Whatever a manager may set up stands in the forms so that it is read back equal."""
    for section in Section:
        for name in [one.name for one in entries(desk, section)] if section in LISTS else [None]:
            assert read(section, entered(desk, section, name), desk, name) == desk
    assert changes(desk, desk) == []


@given(programs, programs)
def test_every_form_takes_one_program_to_another(before: Program, after: Program) -> None:
    """Section by section, each leaving the others as they are; then nothing differs but what has no form."""
    desk = before
    for section in Section:
        if section not in LISTS:
            desk = read(section, entered(after, section), desk)
            continue
        for one in entries(desk, section):
            desk = without(desk, section, one.name)
        for one in entries(after, section):
            desk = read(section, entered(after, section, one.name), desk)
    assert replace(desk, active=after.active) == after


@given(programs, programs)
def test_what_changed_is_told_once(before: Program, after: Program) -> None:
    told = changes(before, after)
    assert bool(told) is (_comparable(before) != _comparable(after))
    assert len({change.field for change in told}) == len(told)
    assert changes(after, before) == [Change(one.field, one.after, one.before) for one in told]
    lines = in_words(json.loads(json.dumps(facts(told, KnownGroups()))))
    assert len({line.label for line in lines}) == len(lines) >= len(told)
    for line in lines:
        assert line.label
        assert line.text
        old, arrow, new = line.text.partition(" → ")
        assert not arrow or old != new


def _comparable(desk: Program) -> Program:
    """The order of departments and of shifts means nothing; nobody switches a program off."""
    departments = tuple(sorted(desk.departments, key=lambda one: one.name))
    shifts = tuple(sorted(desk.shifts, key=lambda one: one.name))
    return replace(desk, departments=departments, shifts=shifts, active=True)


def test_all_mistakes_of_names_are_told_at_once() -> None:
    names = (Setting.PROGRAM_NAME, Setting.SITE_ZONE, Setting.CUSTOMER_ZONE, Setting.PHONE_REGION)
    found = refused(Section.NAMES, dict(zip(names, (" ", "Manila", "", "UK"), strict=True)))
    assert set(found) == set(names)
    assert "Did you mean Asia/Manila" in found[Setting.SITE_ZONE]
    assert "Great Britain is GB" in found[Setting.PHONE_REGION]
    given = dict(zip(names, ("Care", "UTC", "asia/manila", "ph"), strict=True))
    assert read(Section.NAMES, given, PROGRAM) == program(
        name="Care", timezone="UTC", customer_timezone="Asia/Manila", phone_region="PH"
    )


def test_a_card_number_is_no_name() -> None:
    form = filled(Section.NAMES, {Setting.PROGRAM_NAME: "Billing 4111 1111 1111 1111"})
    assert "card" in refused(Section.NAMES, form)[Setting.PROGRAM_NAME]


def test_a_role_that_nobody_has_is_refused() -> None:
    assert set(refused(Section.PEOPLE, {})) == {Setting.SME_GROUPS, Setting.MANAGER_GROUPS}
    only_tls: Typed = {Setting.TL_USERS: ("U0BEN",), Setting.MANAGER_USERS: ("U0MIA",)}
    assert read(Section.PEOPLE, only_tls, PROGRAM).tl_users == ("U0BEN",)


def test_a_group_without_members_is_named_at_its_field() -> None:
    """By the name that people know; one that was not read yet is taken."""
    known = KnownGroups({"S0SMES": ("U0SAM",), "S0TLS": (), "S0MGRS": ()}, {"S0TLS": "billing-tls"})
    found = refused(Section.PEOPLE, entered(PROGRAM, Section.PEOPLE), known=known)
    assert set(found) == {Setting.TL_GROUPS, Setting.MANAGER_GROUPS}
    assert "Nobody is in @billing-tls." in found[Setting.TL_GROUPS]
    assert "S0MGRS" in found[Setting.MANAGER_GROUPS]
    sales: Typed = {Setting.DEPARTMENT_NAME: "Sales", Setting.GROUPS: ("S0TLS",)}
    assert set(refused(Section.DEPARTMENTS, sales, known=known)) == {Setting.GROUPS}
    night = shift("Night", "0", "22:00", "06:00") | {Setting.GROUPS: ("S0TLS",)}
    assert set(refused(Section.SHIFTS, night, known=known)) == {Setting.GROUPS}


def test_what_is_no_group_and_nobody_is_refused() -> None:
    form: Typed = {
        Setting.SME_GROUPS: ("everyone",),
        Setting.TL_USERS: ("S0TLS",),
        Setting.MANAGER_USERS: ("U0MIA",),
    }
    assert set(refused(Section.PEOPLE, form)) == {Setting.SME_GROUPS, Setting.TL_USERS}
    many = tuple(f"U0{number:04}" for number in range(101))
    form = {Setting.SME_USERS: many, Setting.MANAGER_USERS: ("U0MIA",)}
    assert "at most 100" in refused(Section.PEOPLE, form)[Setting.SME_USERS]


@pytest.mark.parametrize(
    ("called", "groups", "replaces", "field", "sentence"),
    [
        ("", ("S0IT",), None, Setting.DEPARTMENT_NAME, "Enter a name"),
        ("x" * 76, ("S0IT",), None, Setting.DEPARTMENT_NAME, "up to 75"),
        ("it", ("S0IT",), None, Setting.DEPARTMENT_NAME, "already a department “it”"),
        ("IT", ("S0IT",), "Billing & refunds", Setting.DEPARTMENT_NAME, "already"),
        ("Sales", (), None, Setting.GROUPS, "Choose a user group or people"),
    ],
)
def test_a_department_that_would_not_do_is_told(
    called: str, groups: tuple[str, ...], replaces: str | None, field: Setting, sentence: str
) -> None:
    form: Typed = {Setting.DEPARTMENT_NAME: called, Setting.GROUPS: groups}
    assert sentence in refused(Section.DEPARTMENTS, form, name=replaces)[field]


def test_departments_come_change_in_their_place_and_go() -> None:
    sales: Typed = {Setting.DEPARTMENT_NAME: "Sales", Setting.GROUPS: ("S0SALES",)}
    more = read(Section.DEPARTMENTS, sales, PROGRAM)
    assert more.departments == (IT, BILLING, Department("Sales", ("S0SALES",)))
    form: Typed = {Setting.DEPARTMENT_NAME: "it", Setting.GROUPS: ("S0IT",)}
    renamed = read(Section.DEPARTMENTS, form, more, "IT")
    assert [one.name for one in renamed.departments] == ["it", "Billing & refunds", "Sales"]
    assert without(renamed, Section.DEPARTMENTS, "it").departments == more.departments[1:]
    most = LISTS[Section.DEPARTMENTS].most
    full = program(departments=tuple(Department(f"D{n}", ("S0IT",)) for n in range(most)))
    assert f"{most} departments" in str(refused(Section.DEPARTMENTS, sales, full))


def test_the_form_always_has_a_reason_and_a_step_to_offer() -> None:
    assert set(refused(Section.OFFER, {})) == {Setting.REASONS_ON, Setting.STEPS_ON}
    unknown: Typed = {Setting.REASONS_ON: ("other", "bad_mood"), Setting.STEPS_ON: ("listened",)}
    assert set(refused(Section.OFFER, unknown)) == {Setting.REASONS_ON}
    few = read(Section.OFFER, unknown | {Setting.REASONS_ON: ("other", "long_wait")}, PROGRAM)
    assert few.reasons == (Reason.LONG_WAIT, Reason.OTHER)
    assert few.steps == (Step.LISTENED,)
    assert len(few.reasons_off) == len(Reason) - 2


NUMBERS = [(setting, setting.kind) for setting in Setting if isinstance(setting.kind, Number)]


@pytest.mark.parametrize(("setting", "kind"), NUMBERS)
def test_a_number_out_of_its_bounds_is_told_with_them(setting: Setting, kind: Number) -> None:
    (section,) = setting.hints
    for value in (str(kind.least - 1), str(kind.most + 1), "", "ten", "-5", "1.5", "2 h", None, "९"):
        found = refused(section, filled(section, {setting: value}))
        assert set(found) == {setting}, value
        assert f"from {kind.least:,} to {kind.most:,}" in found[setting]
        assert "Enter a whole number" in found[setting]
        assert kind.unit in found[setting]


@pytest.mark.parametrize(("setting", "kind"), NUMBERS)
def test_a_number_within_its_bounds_is_kept_and_told(setting: Setting, kind: Number) -> None:
    """Each of them, also one that was added a moment ago: in the program, its form, the change and the database's row."""
    (section,) = setting.hints
    for number in (kind.least, kind.most):
        after = read(section, filled(section, {setting: str(number)}), PROGRAM)
        assert entered(after, section)[setting] == str(number)
        assert program_value({**program_row(after), "id": after.id}) == after
        before = setting.kind.data(setting.of(PROGRAM))
        expected = [] if before == number else [Change(setting, before, number)]
        assert changes(PROGRAM, after) == expected
        assert words(PROGRAM, after) == [Line(setting.label, f"{before} → {number}") for _ in expected]


def test_the_next_attempt_is_within_the_horizon() -> None:
    form = filled(Section.PROMISES, {Setting.HORIZON: "1", Setting.SPACING: "1441"})
    assert "1 days" in refused(Section.PROMISES, form)[Setting.SPACING]
    # Beside a horizon that is none there is nothing to compare with.
    form[Setting.HORIZON] = "soon"
    assert set(refused(Section.PROMISES, form)) == {Setting.HORIZON}


@pytest.mark.parametrize("setting", [one for one in Setting if isinstance(one.kind, Minutes)])
def test_an_empty_ladder_is_refused(setting: Setting) -> None:
    form = filled(Section.LADDER, {setting: " "})
    assert "Somebody has to be reminded" in refused(Section.LADDER, form)[setting]


def test_all_mistakes_of_a_ladder_are_told_at_once() -> None:
    both: Typed = {Setting.UNCLAIMED: "7, 3", Setting.UNCLAIMED_WAITING: "1"}
    assert set(refused(Section.LADDER, both)) == set(Section.LADDER.settings) - {Setting.UNCLAIMED_WAITING}


def week(*days: str, country: str | None = None, own: str | None = None) -> Typed:
    """The form of the hours, Monday first."""
    return {**dict(zip(WEEK, days, strict=False)), Setting.HOLIDAY_COUNTRY: country, Setting.OWN_DAYS: own}


def test_a_week_without_a_minute_for_a_call_is_refused() -> None:
    assert "Leave at least one day open" in refused(Section.HOURS, week(*["closed"] * 7))[Setting.MONDAY]


def test_every_weekday_is_told_by_itself() -> None:
    form = week("8-21", "8-21", "x", "21-8", "closed", "closed", country="XX", own="someday")
    found = refused(Section.HOURS, form)
    wrong = {
        *(Setting.WEDNESDAY, Setting.THURSDAY, Setting.SUNDAY),
        *(Setting.HOLIDAY_COUNTRY, Setting.OWN_DAYS),
    }
    assert set(found) == wrong
    assert "Line 1" in found[Setting.OWN_DAYS]


def test_a_week_is_kept_as_typed() -> None:
    form = week(*["9-18"] * 5, "10:00–14:00", "closed", country="gb", own="2026-12-24 Company day")
    kept = read(Section.HOURS, form, PROGRAM)
    assert kept.calling == (*(Hours(time(9), time(18)),) * 5, Hours(time(10), time(14)), None)
    assert kept.holiday_country == "GB"
    assert kept.own_days == (OwnDay(date(2026, 12, 24), "Company day"),)
    without_holidays = filled(Section.HOURS, {Setting.HOLIDAY_COUNTRY: ""}, kept)
    assert read(Section.HOURS, without_holidays, kept).holiday_country is None


EARLY = Shift("Early", (0, 1, 2, 3, 4), time(6), time(14))
NIGHT = Shift("Night", (0, 1, 2, 3, 4), time(22), time(6))


def shift(name: str, days: str, begins: str, ends: str) -> Typed:
    """The form of a shift."""
    return {
        Setting.SHIFT_NAME: name,
        Setting.SHIFT_DAYS: tuple(days),
        Setting.SHIFT_BEGINS: begins,
        Setting.SHIFT_ENDS: ends,
    }


def test_shifts_that_overlap_are_refused_with_the_name_of_the_other() -> None:
    desk = program(shifts=(EARLY, NIGHT))
    late = shift("Late", "4", "13:30", "22:30")
    sentence = refused(Section.SHIFTS, late, desk)[Setting.SHIFT_BEGINS]
    assert "“Early” (Mon–Fri 06:00–14:00)" in sentence
    assert "“Night” (Mon–Fri 22:00–06:00)" in sentence
    saturday = shift("Saturday", "5", "05:00", "12:00")
    assert "“Night”" in refused(Section.SHIFTS, saturday, desk)[Setting.SHIFT_BEGINS]  # Friday's
    after = read(Section.SHIFTS, saturday | {Setting.SHIFT_BEGINS: "06:00"}, desk)
    assert [one.name for one in after.shifts] == ["Early", "Night", "Saturday"]
    # A shift never overlaps with what it was before.
    longer = filled(Section.SHIFTS, {Setting.SHIFT_ENDS: "15:00"}, desk, "Early")
    assert read(Section.SHIFTS, longer, desk, "Early").shifts[0].ends == time(15)


def test_all_mistakes_of_a_shift_are_told_at_once() -> None:
    desk = program(shifts=(EARLY, NIGHT))
    found = refused(Section.SHIFTS, shift("NIGHT", "7", "", "25:00") | {Setting.USERS: ("x",)}, desk)
    assert set(found) == {
        Setting.SHIFT_NAME,
        Setting.SHIFT_DAYS,
        Setting.SHIFT_BEGINS,
        Setting.SHIFT_ENDS,
        Setting.USERS,
    }
    full = program(shifts=tuple(Shift(f"S{n}", (0,), time(n), time(n, 30)) for n in range(20)))
    assert "20 shifts" in str(refused(Section.SHIFTS, shift("Night", "0", "22:00", "06:00"), full))


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


@pytest.mark.parametrize("wrong", ["8 o'clock", "24:00", "8-9"])
def test_what_is_no_time_for_the_digest_is_told(wrong: str) -> None:
    form = filled(Section.POSTS, {Setting.DIGEST_AT: wrong})
    assert set(refused(Section.POSTS, form)) == {Setting.DIGEST_AT}


@pytest.mark.parametrize(
    ("typed", "at"),
    [("8", time(8)), ("8:05", time(8, 5)), ("8 am", time(8)), ("6.30PM", time(18, 30)), ("00:00", time(0))],
)
def test_the_digests_time_as_people_type_it(typed: str, at: time) -> None:
    form = filled(Section.POSTS, {Setting.DIGEST_AT: typed})
    assert read(Section.POSTS, form, PROGRAM).digest_at == at


def test_a_digest_may_be_switched_off() -> None:
    assert read(Section.POSTS, filled(Section.POSTS, {Setting.DIGEST_AT: None}), PROGRAM).digest_at is None


# What changed


def words(before: Program, after: Program) -> list[Line]:
    """What changed, as it is read in the record."""
    handles = KnownGroups(handles={"S0MORE": "more-smes"})
    return in_words(json.loads(json.dumps(facts(changes(before, after), handles))))


AFTER = replace(
    PROGRAM,
    name="Care",
    sme_groups=("S0SMES", "S0MORE"),
    manager_users=("U0MIA",),
    departments=(IT, replace(BILLING, groups=("S0BILL",)), Department("Sales", users=("U0SAL",))),
    calling=(None, *PROGRAM.calling[1:]),
    horizon=timedelta(days=1),
    own_days=(OwnDay(date(2026, 12, 24), "Company day"),),
    reasons_off=(Reason.LONG_WAIT,),
    steps_off=(Step.LISTENED,),
    languages=("es",),
    shifts=(NIGHT,),
    digest_at=None,
    ladder=replace(PROGRAM.ladder, unclaimed=(5, 10), heads_up=30),
)


def test_a_change_is_data() -> None:
    """What was there before and what is there now, of each setting that differs; of lists the entries that differ."""
    found: dict[str, Any] = {one.field: (one.before, one.after) for one in changes(PROGRAM, AFTER)}
    assert found.pop("reasons_on")[1] == [one.value for one in Reason if one is not Reason.LONG_WAIT]
    assert found.pop("steps_on")[1] == [one.value for one in Step if one is not Step.LISTENED]
    billing = {"department_name": "Billing & refunds", "users": list(BILLING.users)}
    sales = {"department_name": "Sales", "groups": [], "users": ["U0SAL"]}
    night = {"shift_days": [0, 1, 2, 3, 4], "shift_begins": "22:00", "shift_ends": "06:00"}
    assert found == {
        "program_name": ("Northwind Billing", "Care"),
        "sme_groups": (["S0SMES"], ["S0SMES", "S0MORE"]),
        "manager_users": ([], ["U0MIA"]),
        "departments": ([billing | {"groups": []}], [billing | {"groups": ["S0BILL"]}, sales]),
        "languages": ([], ["es"]),
        "horizon": (7, 1),
        "unclaimed": ([3, 7, 15], [5, 10]),
        "heads_up": (15, 30),
        "monday": ("08:00–21:00", "closed"),
        "own_days": ([], [["2026-12-24", "Company day"]]),
        "shifts": ([], [night | {"shift_name": "Night", "groups": [], "users": []}]),
        "digest_at": ("08:00", None),
    }


def test_changes_are_told_as_people_say_them() -> None:
    assert words(PROGRAM, AFTER) == [
        Line("Name", "Northwind Billing → Care"),
        Line("SMEs: user groups", "S0SMES → S0SMES, @more-smes"),
        Line("Managers: people", "in another order", added=("U0MIA",)),
        Line("Department “Billing & refunds”: user groups", "none → S0BILL"),
        Line("Department “Sales”", "added"),
        Line("Department “Sales”: people", "in another order", added=("U0SAL",)),
        Line("Reason “Long wait”", "on → off"),
        Line("Step “Listened without interrupting”", "on → off"),
        Line("Languages that the form offers first", "none → Spanish"),
        Line("Promises ahead, at most (days)", "7 → 1"),
        Line("Unclaimed: remind after (minutes)", "3, 7, 15 → 5, 10"),
        Line("Heads-up before the agreed time (minutes)", "15 → 30"),
        Line("Monday", "08:00–21:00 → closed"),
        Line("Own day 2026-12-24", "added: Company day"),
        Line("Shift “Night”", "none → Mon–Fri 22:00–06:00"),
        Line("Daily digest at", "08:00 → none"),
    ]
    assert words(program(shifts=(EARLY,)), PROGRAM) == [Line("Shift “Early”", f"{write_shift(EARLY)} → none")]
    assert words(PROGRAM, without(PROGRAM, Section.DEPARTMENTS, "IT")) == [
        Line("Department “IT”", "removed"),
        Line("Department “IT”: user groups", "S0IT → none"),
    ]


def test_a_day_that_is_called_none_is_told() -> None:
    """It was taken for no day at all, and the change was lost."""
    day = OwnDay(date(2026, 12, 24), "none")
    assert words(PROGRAM, program(own_days=(day,))) == [Line("Own day 2026-12-24", "added: none")]
    assert words(program(own_days=(day,)), PROGRAM) == [Line("Own day 2026-12-24", "removed: none")]
    other = replace(day, name="Company day")
    assert words(program(own_days=(day,)), program(own_days=(other,))) == [
        Line("Own day 2026-12-24", "none → Company day")
    ]


def test_another_name_is_told_as_such() -> None:
    """Not as one department that went and another that came; what else differs is told of the new name."""
    tech = Department("Tech", groups=("S0TECH",))
    assert words(PROGRAM, program(departments=(tech, BILLING))) == [
        Line("Department “IT”: name", "IT → Tech"),
        Line("Department “Tech”: user groups", "S0IT → S0TECH"),
    ]
    night = program(shifts=(EARLY, NIGHT))
    graveyard = program(shifts=(EARLY, replace(NIGHT, name="Graveyard", ends=time(7))))
    assert words(night, graveyard) == [
        Line("Shift “Night”: name", "Night → Graveyard"),
        Line("Shift “Graveyard”", "Mon–Fri 22:00–06:00 → Mon–Fri 22:00–07:00"),
    ]


def test_what_another_version_wrote_is_told() -> None:
    """One before wrote the words; one after may have settings that this one has not."""
    old = {
        "Name": "Billing → Care",
        "TLs: people": "U0BEN, U0TESS → U0BEN, U0SAM",
        "Department “IT”": "none → there",
    }
    assert in_words(old) == [
        Line("Name", "Billing → Care"),
        Line("TLs: people", "in another order", ("U0SAM",), ("U0TESS",)),
        Line("Department “IT”", "added"),
    ]
    assert in_words({"of_tomorrow": [3, 11]}) == [Line("of_tomorrow", "3 → 11")]


# The catalogue


def of_the_program(setting: Setting) -> bool:
    return not set(setting.hints) & set(LISTS)


def test_every_attribute_of_a_program_has_a_row_or_a_reason() -> None:
    """So that no setting can be forgotten: it would be in no form, and its changes would be lost."""
    paths = {setting.path for setting in Setting if of_the_program(setting)}
    shown = {".".join(part for part in path if not part.isdigit()) for path in paths}
    shown |= {section.value for section in LISTS}
    ladder = {f"ladder.{one.name}" for one in fields(Ladder)}
    assert shown | set(NOT_SHOWN) == {one.name for one in fields(Program)} - {"ladder"} | ladder
    assert not shown & set(NOT_SHOWN)
    assert all(NOT_SHOWN.values())
    assert [setting.path for setting in WEEK] == [("calling", str(day)) for day in range(7)]
    for section in LISTS:
        ours = [setting.path for setting in section.settings]
        assert sorted(ours) == sorted((one.name,) for one in fields(LISTS[section].blank))


def test_no_two_rows_are_about_the_same() -> None:
    assert all(section.settings for section in Section)
    paths = [setting.path for setting in Setting if of_the_program(setting)]
    assert len(set(paths)) == len(paths)
    names = [*Setting, *LISTS, HANDLES]
    assert len(set(names)) == len(names)


def test_every_row_can_be_listed() -> None:
    """What a form takes and begins with, for the documents."""
    found = rows()
    assert list(dict.fromkeys(row.section for row in found)) == [section.label for section in Section]
    assert all(row.label and row.takes for row in found)
    window = next(row for row in found if row.label == Setting.WINDOW.label)
    assert (window.takes, window.default) == ("1 to 240 minutes", "15")


def test_the_fields_of_the_week_are_its_days() -> None:
    assert [setting.label for setting in WEEK][0::6] == ["Monday", "Sunday"]
