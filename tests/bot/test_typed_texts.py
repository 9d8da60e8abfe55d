"""Every text that somebody can type, in every form: a payment card number is refused at its field, and nothing is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from bot.faces import (
    calling,
    claiming,
    closing,
    coaching,
    escalating,
    handing,
    notes,
    raising,
    rescheduling,
)
from bot.faces.face import Sent
from bot.faces.registry import FORMS
from bot.usecases import coaching as coaching_usecases
from bot.usecases import settings as settings_usecases
from bot.usecases.cases import Act
from bot.usecases.coaching import Item
from bot.usecases.links import LinkedCase
from bot.views.ids import Modal
from bot.views.message import Json
from bot.views.modals import settings as settings_modals
from bot.views.read import Values
from cases import moves
from cases.case import Case
from cases.close_form import Question
from cases.errors import FieldErrors
from cases.fields import Field
from cases.forms import EscalationForm, Promise
from cases.hours import Closed
from cases.moves import runs_out
from cases.people import Person
from cases.program import Program, Shift
from cases.settings import KnownGroups, Section, Setting
from cases.words import Disposition, Missed, Word
from storage import tables as t
from storage.unit import UnitOfWork
from storage.writing.coaching import item as coaching_item
from storage.writing.programs import save_program
from tests import build
from tests.build import ANA, BEN, DUE, MIA, NOW, acting
from tests.storage.book import Book
from tests.storage.book import opened as book_at
from tests.views.reading import inputs

CARD = "4111 - 1111 / 1111,\u200b 1111"
WORDS = "Words enough to say what was agreed."
FIELDS: dict[str, Word] = {field.value: field for field in (*Field, *Question, *Setting)}
TYPED: dict[Word, str] = {
    Field.CONTACT: "+1 212 555 0132",
    Setting.HOLIDAY_COUNTRY: "US",
    Setting.OWN_DAYS: "2026-12-24 Company day",
}

WITHOUT_TEXTS = {
    *(move.value for move in (moves.calling_now, moves.reschedule, moves.grant_attempt)),
    *(Modal.SETTINGS, Modal.SETTINGS_LIST),
}
"""The modals into which nobody types."""

Submit = Callable[[UnitOfWork, Values], Any]


@dataclass(frozen=True)
class Form:
    """A form that is open, and what sending it does."""

    view: Json
    submit: Submit

    @property
    def texts(self) -> list[Word]:
        """The fields into which somebody types."""
        found = inputs(self.view).items()
        return [FIELDS[name] for name, block in found if block["element"]["type"] == "plain_text_input"]

    def filled(self, **typed: str) -> Values:
        """What Slack hands over, with something in every field."""
        return {
            name: {name: _state(FIELDS[name], block["element"], typed.get(name))}
            for name, block in inputs(self.view).items()
        }


def _state(field: Word, element: Json, typed: str | None) -> Json:
    options = element.get("options", [])
    match element["type"]:
        case "plain_text_input":
            known = element.get("initial_value") or TYPED.get(field, WORDS)[: element["max_length"]]
            return {"value": typed or known}
        case "static_select" | "radio_buttons":
            return {"selected_option": element.get("initial_option") or options[0]}
        case "checkboxes" if field is Field.SECOND_CASE:
            return {"selected_options": options}
        case "multi_static_select" | "checkboxes":
            return {"selected_options": element.get("initial_options", [])}
        case "datepicker":
            return {"selected_date": element.get("initial_date")}
        case "timepicker":
            return {"selected_time": element.get("initial_time")}
        case "users_select":
            return {"selected_user": MIA.id}
        case "multi_users_select":
            return {"selected_users": element.get("initial_users") or [MIA.id]}
    return {}


def _person(user: str | None) -> Person | None:
    return {MIA.id: MIA, BEN.id: BEN}.get(user or "")


def sent(view: Json, values: Values) -> Sent:
    """The form as Slack sends it: every block has an id."""
    blocks = [{"block_id": f"block{place}", **block} for place, block in enumerate(view["blocks"])]
    return Sent({**view, "blocks": blocks, "state": {"values": values}}, _person, lambda user: True)


class Forms:
    """A book with a case in every state, and the forms that are opened on them."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self._keys = iter(range(1000))

    def act(self, who: Person) -> Act:
        return Act(self.book.program, who, NOW, f"view:{next(self._keys)}")

    def all(self) -> Iterator[Form]:
        yield from self._of_moves()
        yield from self._of_coaching()
        yield from self._of_settings()
        program = self.book.program
        escalate = EscalationForm(
            scenario="during", reasons=("other",), steps=("listened",), superior=BEN.id, contact=None
        )
        already = [LinkedCase(self._claimed())]
        view = raising.escalate(program, NOW, escalate, knows_superior=False, already_open=already)
        yield self._sent(view, ANA)
        yield self._sent(handing.hand_over_several(BEN.id, [self._claimed()], program), BEN)
        sections = (Section.NAMES, Section.PEOPLE)
        yield Form(
            settings_modals.set_up("C0NEW", "ask-new", program, {}),
            lambda unit, values: settings_usecases.open_desk(
                unit,
                self.act(MIA).key,
                MIA,
                NOW,
                "C0NEW",
                {k: v for one in sections for k, v in settings_modals.read_form(one, values).items()},
                KnownGroups(),
            ),
        )

    def _claimed(self) -> Case:
        return self.book.claims(self.book.raises())

    def _of_moves(self) -> Iterator[Form]:
        """Each form of a move once, and *Log outcome* in both of its ways."""
        program = self.book.program
        closed = self.book.closes(self.book.calls(self._claimed(), DUE), DUE)
        plain: tuple[Callable[[Case, Program, Any], Json], ...] = (
            *(closing.complete, handing.hand_over, claiming.release),
            *(escalating.escalate_further, notes.add_note, rescheduling.reschedule),
        )
        for draw in plain:
            yield self._sent(draw(self._claimed(), program, NOW), BEN)
        for ending in (Disposition.NO_ANSWER, Disposition.REACHED):
            calls = self.book.calls(self._claimed(), DUE)
            yield self._sent(calling.log_outcome(calls, program, NOW, ending), BEN)
        yield self._sent(closing.reopen(closed, program, NOW), BEN)
        yield self._sent(closing.sign_off(self._given_up(), program, NOW), MIA)
        yield self._sent(closing.grant_attempt(self._given_up(), program, NOW), MIA)
        early = Closed("It is too early there.", whole_day=False)
        yield self._sent(calling.calling_now(self._claimed(), early, program, NOW), BEN)

    def _sent(self, view: Json, who: Person) -> Form:
        """A form whose face is found by its callback id, as the listeners find it."""

        def submit(unit: UnitOfWork, values: Values) -> Any:
            sends = FORMS[view["callback_id"]].sends
            assert sends is not None
            return sends(unit, self.act(who), sent(view, values))

        return Form(view, submit)

    def _given_up(self) -> Case:
        case = self._claimed()
        while case.callback is not None:
            now = case.callback.due_at + timedelta(minutes=5)
            again = Promise(now + timedelta(hours=2), build.CUSTOMER_ZONE)
            last = runs_out(case, Disposition.NO_ANSWER)
            case = self.book.moves(
                case,
                lambda one, now=now, again=None if last else again: moves.log_outcome(  # type: ignore[misc]
                    one, acting(BEN, now), Disposition.NO_ANSWER, "", again
                ),
                now,
            )
        return case

    def _of_coaching(self) -> Iterator[Form]:
        numbers = [self._missed() for _ in range(2)]
        (owed, given) = (self._item(number) for number in numbers)
        self.book.store.write_now(
            lambda unit: coaching_usecases.give(unit, self.act(BEN), given.coaching.id, None)
        )
        yield self._sent(coaching.give_feedback(owed, keeps=True), BEN)
        yield self._sent(coaching.read_feedback(given, acknowledges=True, keeps=True), ANA)

    def _missed(self) -> int:
        """A case that was closed with a missed opportunity; its item."""
        case = self.book.calls(self._claimed(), DUE)
        entered = {"outcome": "resolved", "notes": WORDS, "missed": Missed.ONE.value}
        values = {
            name: {name: {"value": value, "selected_option": {"value": value}}}
            for name, value in entered.items()
        }
        form = self._sent(closing.complete(case, self.book.program, NOW), BEN)
        self.book.store.write_now(form.submit, values)
        found: int = self.book.rows(t.coaching, case_number=case.number)[0]["id"]
        return found

    def _item(self, number: int) -> Item:
        item = self.book.store.ask_now(coaching_item, number, self.book.program.id)
        return Item(item, tuple(self.book.case(case) for case in item.about))

    def _of_settings(self) -> Iterator[Form]:
        shift = Shift("Night", (0, 1), build.DUE.time(), (build.DUE + timedelta(hours=8)).time())
        program = replace(self.book.program, shifts=(shift,))
        self.book.store.write_now(lambda unit: save_program(unit, program))
        names = {Section.DEPARTMENTS: program.departments[0].name, Section.SHIFTS: shift.name}
        for section in Section:
            name = names.get(section)
            form = settings_usecases.opened(program, section, name)

            def submit(unit: UnitOfWork, values: Values, form: settings_usecases.Opened = form) -> Any:
                given = settings_modals.read_form(form.section, values)
                return settings_usecases.change(unit, self.act(MIA), form, given, KnownGroups())

            view = settings_modals.section_form(program, section, {}, name)
            yield Form(view, submit)


@pytest.fixture
def book(sqlite_url: str) -> Iterator[Book]:
    with book_at(sqlite_url) as found:
        yield found


def test_a_card_number_is_refused_at_every_field_into_which_somebody_types(book: Book) -> None:
    forms = list(Forms(book).all())
    asking = {form.view["callback_id"] for form in forms if form.texts}
    assert {*FORMS, *Modal} - asking == WITHOUT_TEXTS
    before = book.counts()
    for form in forms:
        for field in form.texts:
            with pytest.raises(FieldErrors) as refused:
                book.store.write_now(form.submit, form.filled(**{field.value: f"{WORDS} {CARD}"}))
            assert field in refused.value.errors, (form.view["callback_id"], refused.value.errors)
    assert book.counts() == before


def test_the_same_forms_are_taken_without_it(book: Book) -> None:
    """So that it is the card number that was refused above."""
    for form in Forms(book).all():
        book.store.write_now(form.submit, form.filled())
