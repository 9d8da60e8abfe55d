"""The faces: each move has one, each button has its place, and what a form asks for is read when it is sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from bot.faces.registry import BUTTONS, FACES, FAMILIES, FORMS, LINES, REDRAWN_BY
from bot.views import buttons as placed
from bot.views.ids import Action
from cases import moves
from cases.events import OF_THE_PROGRAM, Happened
from tests.bot.test_typed_texts import Forms
from tests.storage.book import Book
from tests.storage.book import opened as book_at
from tests.views.reading import inputs

FACELESS = {
    moves.owner_left: "made by the bot when an account is deactivated",
    moves.follow_up: "made in the form of Complete and of Log outcome",
    moves.withdraw: "made in the form of Log outcome",
}

ELSEWHERE = {moves.raise_case: "by /escalate", moves.stay: "in the post before a shift ends"}
"""The moves that are begun in another place than a card."""

OF_NO_FACE = {
    *(Action.MORE, Action.OPEN_CARD, Action.CHOOSE_PROGRAM, Action.SET_UP, Action.NOT_NOW),
    *(action for action in Action if action.startswith("settings_")),
}
"""Links, menus and the settings, which have listeners of their own."""


@pytest.fixture
def book(sqlite_url: str) -> Iterator[Book]:
    with book_at(sqlite_url) as found:
        yield found


def test_every_move_has_exactly_one_face_or_is_declared_faceless() -> None:
    faces = Counter(face.of for face in FACES)
    assert faces == Counter({*moves.CLICKS.values()} - FACELESS.keys()) + Counter(
        face.of for face in FACES if isinstance(face.of, Action)
    )
    assert len(faces) == len(FACES)


def test_a_move_and_its_face_are_in_modules_of_the_same_name() -> None:
    """Whoever found the one has found the other."""
    for family in FAMILIES:
        for face in getattr(family, "FACES", ()):
            if isinstance(face.of, moves.Made):
                move_is_in = face.of.effect.__module__.rpartition(".")[2]
                assert family.__name__.rpartition(".")[2] == move_is_in, face.of


def test_no_two_faces_share_an_id_and_each_leads_somewhere() -> None:
    assert len(BUTTONS) == sum(face.action is not None for face in FACES)
    assert len(FORMS) == sum(face.callback is not None for face in FACES)
    assert all(face.action or face.callback for face in FACES)
    assert all(
        face.opens or face.if_closed for face in FACES if face.sends and face.of is not moves.raise_case
    )
    assert {*Action} - {*BUTTONS} == OF_NO_FACE


def test_every_button_of_a_move_has_its_place_on_a_card() -> None:
    shown = {*placed.ROW, *placed.MENU}
    assert shown >= placed.ROW_ONLY_WHILE.keys()
    buttons = {face.of for face in FACES if face.action and not isinstance(face.of, Action)}
    assert shown == buttons - ELSEWHERE.keys()
    assert all(face.opens or face.does for face in FACES if face.of in shown)


def test_every_kind_of_event_is_told_by_one_family() -> None:
    told = [kind for family in FAMILIES for kind in getattr(family, "LINES", ())]
    assert sorted(told) == sorted(set(Happened) - OF_THE_PROGRAM) == sorted(LINES)


class Looked(dict[str, Any]):
    """What stands in one input; looking at it leaves a trace."""

    def __init__(self, name: str, entry: Mapping[str, Any], traces: set[str]) -> None:
        super().__init__(entry)
        self._name, self._traces = name, traces

    def get(self, key: str, default: Any = None) -> Any:
        self._traces.add(self._name)
        return super().get(key, default)


def test_all_that_a_form_asks_for_is_read_when_it_is_sent(book: Book) -> None:
    """A row that is drawn and not read would lose what somebody typed."""
    forms = [form for form in Forms(book).all() if form.view["callback_id"] in FORMS]
    assert {form.view["callback_id"] for form in forms} == FORMS.keys()
    for form in forms:
        traces: set[str] = set()
        values = {name: Looked(name, entry, traces) for name, entry in form.filled().items()}
        book.store.write_now(form.submit, values)
        assert traces >= set(inputs(form.view)), form.view["callback_id"]


def test_the_inputs_that_redraw_a_form_are_those_that_its_face_names(book: Book) -> None:
    found: dict[str, set[str]] = {}
    for form in Forms(book).all():
        asked = inputs(form.view).items()
        redraw = {name for name, block in asked if block.get("dispatch_action")}
        found.setdefault(form.view["callback_id"], set()).update(redraw)
    named = {
        id_: {field.value for field in face.redrawn_by} for id_, face in FORMS.items() if face.redrawn_by
    }
    # The withdrawal is asked only of a customer who asked not to be called.
    assert {
        id_: names | ({"withdrawn"} if id_ == moves.log_outcome.value else set())
        for id_, names in found.items()
        if names
    } == named
    assert {*REDRAWN_BY} == set().union(*named.values())
    assert all((face.redraws is not None) == bool(face.redrawn_by) for face in FACES)
