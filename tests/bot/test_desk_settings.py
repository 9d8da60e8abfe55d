"""What a manager changes, as the desk does it: whole, told once, and never over what somebody else changed meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from bot.usecases import settings as settings_usecases
from bot.usecases.cases import Act
from bot.usecases.settings import Opened, Overtaken, opened
from cases.errors import FieldErrors, NotAllowed, NotPossible
from cases.people import Person
from cases.program import Program
from cases.settings import LISTS, Entered, KnownGroups, Section, Setting, Value, entered, in_words
from storage import tables as t
from storage.reading import Reading
from tests import build
from tests.build import BEN, BILLING, MIA, NOW
from tests.storage.book import Book, at_once
from tests.storage.book import opened as book_at

GROUPS = KnownGroups(handles={"S0IT": "it-support", "S0TLS": "billing-tls", "S0NEW": "new-ones"})
SHIFT: dict[Setting, Value] = {
    Setting.SHIFT_NAME: "Night",
    Setting.SHIFT_DAYS: ("0", "1"),
    Setting.SHIFT_BEGINS: "22:00",
    Setting.SHIFT_ENDS: "06:00",
}


@pytest.fixture
def book(sqlite_url: str) -> Iterator[Book]:
    with book_at(sqlite_url) as found:
        yield found


class Desk:
    """The settings of the book's program, and managers with forms open upon them."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self._keys = iter(range(1000))

    @property
    def program(self) -> Program:
        return self.book.store.ask_now(Reading.program, self.book.program.id)

    def opens(self, section: Section, name: str | None = None) -> tuple[Opened, dict[Setting, Value]]:
        """A form, and what stands in it."""
        program = self.program
        return opened(program, section, name), entered(program, section, name)

    def act(self, who: Person = MIA, key: str | None = None) -> Act:
        return Act(self.book.program, who, NOW, key or f"view:{next(self._keys)}")

    def saves(self, form: Opened, given: Entered, act: Act | None = None) -> Program:
        """Somebody presses Save."""
        self.book.store.write_now(settings_usecases.change, act or self.act(), form, given, GROUPS)
        return self.program

    def facts(self) -> list[dict[str, Any]]:
        """What the record says that was changed, line by line."""
        with self.book.store.read() as reading:
            events = [reading.event(row["id"]) for row in reading.record(self.book.program.id)]
        return [dict(event.facts) for event in events]

    def told(self) -> list[list[tuple[str, str]]]:
        """What the record says in words that was changed, line by line; without the people."""
        return [[line[:2] for line in in_words(one)] for one in self.facts()]


@pytest.fixture
def desk(book: Book) -> Desk:
    return Desk(book)


def test_a_change_is_told_once_however_often_it_arrives(desk: Desk) -> None:
    """A submission that Slack sends again, and a form that says what stands already, change and tell nothing."""
    form, given = desk.opens(Section.PROMISES)
    act = desk.act()
    desk.saves(form, given | {Setting.WINDOW: "20"}, act)
    desk.saves(form, given | {Setting.WINDOW: "20"}, act)
    desk.saves(*desk.opens(Section.PROMISES))
    assert desk.facts() == [{"window": [15, 20]}]
    assert desk.told() == [[("Window of a promise (minutes)", "15 → 20")]]
    assert [row["kind"] for row in desk.book.rows(t.notices)] == ["program_line"]


def test_every_section_is_for_managers(desk: Desk) -> None:
    for section in Section:
        with pytest.raises(NotAllowed, match="S0MGRS"):
            desk.saves(*desk.opens(section), desk.act(BEN))
    for section in LISTS:
        with pytest.raises(NotAllowed):
            desk.book.store.write_now(settings_usecases.remove, desk.act(BEN), section, "IT", GROUPS)
    assert desk.program == desk.book.program
    assert desk.facts() == []


def test_a_mistake_changes_nothing_else_either(desk: Desk) -> None:
    form, given = desk.opens(Section.LADDER)
    with pytest.raises(FieldErrors) as problem:
        desk.saves(form, given | {Setting.HEADS_UP: "30", Setting.UNCLAIMED: ""})
    assert set(problem.value.errors) == {Setting.UNCLAIMED}
    assert desk.program == desk.book.program
    assert desk.saves(form, given | {Setting.HEADS_UP: "30"}).ladder.heads_up == 30


def test_two_managers_who_change_different_fields_lose_nothing(desk: Desk) -> None:
    first, second = desk.opens(Section.LADDER), desk.opens(Section.LADDER)
    desk.saves(first[0], first[1] | {Setting.UNCLAIMED: "2, 5"})
    ladder = desk.saves(second[0], second[1] | {Setting.HEADS_UP: "30"}).ladder
    assert (ladder.unclaimed, ladder.heads_up) == ((2, 5), 30)


def test_two_managers_who_change_the_same_field_are_asked(desk: Desk) -> None:
    """The second reads what stands now, with all that they typed; saved again it counts."""
    first, second = desk.opens(Section.LADDER), desk.opens(Section.LADDER)
    desk.saves(first[0], first[1] | {Setting.UNCLAIMED: "2, 5", Setting.OVERDUE_EVERY: "5"})
    with pytest.raises(Overtaken) as asked:
        desk.saves(second[0], second[1] | {Setting.UNCLAIMED: "4", Setting.HEADS_UP: "30"})
    again = asked.value
    assert again.fields == (Setting.UNCLAIMED,)
    told = (again.given[Setting.UNCLAIMED], again.given[Setting.HEADS_UP], again.given[Setting.OVERDUE_EVERY])
    assert told == ("4", "30", "5")
    assert again.program.ladder.unclaimed == (2, 5)
    ladder = desk.saves(again.form, again.given).ladder
    assert (ladder.unclaimed, ladder.heads_up, ladder.overdue_every) == ((4,), 30, 5)


def test_whoever_says_the_same_is_not_asked(desk: Desk) -> None:
    first, second = desk.opens(Section.LADDER), desk.opens(Section.LADDER)
    for form, given in (first, second):
        desk.saves(form, given | {Setting.UNCLAIMED: "2, 5"})
    assert len(desk.facts()) == 1


def test_choices_in_another_order_are_the_same_choices(desk: Desk) -> None:
    """Slack tells them in the order in which they were ticked."""
    first, second = desk.opens(Section.OFFER), desk.opens(Section.OFFER)
    off = tuple(value for value in first[1][Setting.REASONS_ON] or () if value != "long_wait")
    desk.saves(first[0], first[1] | {Setting.REASONS_ON: off})
    turned = {field: tuple(reversed(value or ())) for field, value in second[1].items()}
    after = desk.saves(second[0], turned)
    assert [reason.value for reason in after.reasons_off] == ["long_wait"]
    assert len(desk.facts()) == 1


def test_saved_at_the_same_instant_one_of_two_is_asked(database_url: str) -> None:
    """Whichever comes second, on any database."""
    with book_at(database_url) as book:
        _save_at_once(Desk(book))


def _save_at_once(desk: Desk) -> None:
    forms = [desk.opens(Section.LADDER) for _ in range(2)]

    def saves(number: int, minutes: str) -> str:
        form, given = forms[number]
        try:
            desk.saves(form, given | {Setting.UNCLAIMED: minutes}, desk.act(key=f"view:{minutes}"))
        except Overtaken:
            return "asked"
        return minutes

    jobs: list[Callable[[], str]] = [partial(saves, 0, "2"), partial(saves, 1, "4")]
    outcomes = at_once(jobs)
    assert sorted(outcomes)[1] == "asked"
    assert desk.program.ladder.unclaimed == (int(sorted(outcomes)[0]),)
    assert len(desk.facts()) == 1


def test_an_entry_that_somebody_else_took_out_is_offered_as_a_new_one(desk: Desk) -> None:
    form, given = desk.opens(Section.DEPARTMENTS, "IT")
    desk.book.store.write_now(settings_usecases.remove, desk.act(), Section.DEPARTMENTS, "IT", GROUPS)
    desk.book.store.write_now(settings_usecases.remove, desk.act(), Section.DEPARTMENTS, "IT", GROUPS)
    assert desk.program.departments == (BILLING,)
    with pytest.raises(Overtaken) as asked:
        desk.saves(form, given | {Setting.GROUPS: ("S0IT", "S0NEW")})
    again = asked.value
    assert (again.form.name, again.fields) == (None, ())
    after = desk.saves(again.form, again.given)
    assert [one.groups for one in after.departments] == [(), ("S0IT", "S0NEW")]
    it = {"department_name": "IT", "groups": ["S0IT"], "users": []}
    assert desk.facts()[0] == {"departments": [[it], []], "handles": {"S0IT": "it-support"}}
    assert desk.told() == [
        [("Department “IT”", "removed"), ("Department “IT”: user groups", "@it-support → none")],
        [
            ("Department “IT”", "added"),
            ("Department “IT”: user groups", "none → @it-support, @new-ones"),
        ],
    ]


def test_a_department_is_renamed_with_its_cases(desk: Desk) -> None:
    case = desk.book.raises(build.escalation(department="IT"))
    form, given = desk.opens(Section.DEPARTMENTS, "IT")
    after = desk.saves(form, given | {Setting.DEPARTMENT_NAME: "Tech", Setting.USERS: ("U0AMY",)})
    assert [one.name for one in after.departments] == ["Tech", BILLING.name]
    assert desk.book.case(case.number).department == "Tech"
    _, changed, followed = desk.facts()
    assert in_words(changed) == [
        ("Department “IT”: name", "IT → Tech", (), ()),
        ("Department “Tech”: people", "in another order", ("U0AMY",), ()),
    ]
    assert followed == {"department": "Tech", "was": "IT"}


def test_shifts_come_change_and_go(desk: Desk) -> None:
    form, given = desk.opens(Section.SHIFTS)
    desk.saves(form, given | SHIFT)
    form, given = desk.opens(Section.SHIFTS, "Night")
    desk.saves(form, given | {Setting.SHIFT_NAME: "Graveyard", Setting.SHIFT_ENDS: "07:00"})
    desk.book.store.write_now(settings_usecases.remove, desk.act(), Section.SHIFTS, "Graveyard", GROUPS)
    assert desk.program.shifts == ()
    assert desk.told() == [
        [("Shift “Night”", "none → Mon, Tue 22:00–06:00")],
        [
            ("Shift “Night”: name", "Night → Graveyard"),
            ("Shift “Graveyard”", "Mon, Tue 22:00–06:00 → Mon, Tue 22:00–07:00"),
        ],
        [("Shift “Graveyard”", "Mon, Tue 22:00–07:00 → none")],
    ]


NEW: dict[Setting, Value] = {
    Setting.PROGRAM_NAME: "Sales",
    Setting.SITE_ZONE: "Europe/London",
    Setting.CUSTOMER_ZONE: "Australia/Sydney",
    Setting.PHONE_REGION: "AU",
    Setting.SME_GROUPS: ("S0NEW",),
    Setting.MANAGER_USERS: ("U0MIA",),
}


def opens_desk(desk: Desk, given: Entered, who: Person = MIA, key: str = "view:setup") -> Program | None:
    groups = KnownGroups({"S0NEW": ("U0SAL",), "S0EMPTY": ()}, GROUPS.handles)
    return desk.book.store.write_now(settings_usecases.open_desk, key, who, NOW, "C0ASKSALES", given, groups)


def test_a_channel_becomes_a_desk_once(desk: Desk) -> None:
    """By a manager; with the customers' country for its holidays, and policy's defaults for the rest."""
    with pytest.raises(NotAllowed):
        opens_desk(desk, NEW, BEN)
    program = opens_desk(desk, NEW)
    assert program is not None
    assert (program.name, program.channel, program.holiday_country) == ("Sales", "C0ASKSALES", "AU")
    assert program.ladder == desk.program.ladder
    assert opens_desk(desk, NEW) is None
    with pytest.raises(NotPossible, match="already the ASK channel of Sales"):
        opens_desk(desk, NEW | {Setting.PROGRAM_NAME: "Sales 2"}, key="view:another")
    assert len(desk.book.store.ask_now(Reading.programs)) == 2


def test_all_mistakes_of_a_new_desk_are_told_at_once(desk: Desk) -> None:
    wrong = NEW | {
        Setting.PROGRAM_NAME: "northwind BILLING",
        Setting.SITE_ZONE: "Mars/Olympus",
        Setting.SME_GROUPS: ("S0EMPTY",),
        Setting.MANAGER_USERS: (),
    }
    with pytest.raises(FieldErrors) as problem:
        opens_desk(desk, wrong)
    assert set(problem.value.errors) == {
        *(Setting.PROGRAM_NAME, Setting.SITE_ZONE, Setting.SME_GROUPS, Setting.MANAGER_GROUPS)
    }
    with pytest.raises(FieldErrors) as problem:
        opens_desk(desk, NEW | {Setting.PROGRAM_NAME: "northwind  BILLING"})
    assert set(problem.value.errors) == {Setting.PROGRAM_NAME}
    assert len(desk.book.store.ask_now(Reading.programs)) == 1
