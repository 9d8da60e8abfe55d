"""What was done and not acknowledged comes again; it is done once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.usecases import cases as usecases
from bot.usecases.cases import Act
from cases.errors import FieldErrors
from cases.forms import EscalationForm, PromiseForm
from cases.people import Person
from cases.program import Program
from storage.schema import upgrade
from storage.store import Store
from storage.unit import UnitOfWork
from storage.writing.programs import save_program
from tests import build

NOON = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
"""In New York, where the customer is."""

FORM = EscalationForm(
    customer="Jane Doe",
    contact="+1 212 555 0132",
    customer_is="agreed",
    when=PromiseForm("2026-11-23", "12:30", "America/New_York"),
    scenario="during",
    reasons=("billing_dispute",),
    steps=("listened",),
    details="Billed twice for October; I promised a call from a team lead.",
    superior="U0BEN",
)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """A store with the newest schema."""
    opened = Store.at(database_url)
    upgrade(opened.engine)
    yield opened
    opened.close()


@pytest.fixture
def program(store: Store) -> Program:
    """The billing desk."""
    return store.write_now(save_program, build.program())


def raised(store: Store, program: Program, now: datetime, key: str = "view:V1") -> object:
    """What the desk makes of Ana's form."""
    act = Act(program, Person("U0ANA"), now, key)
    return store.write_now(usecases.raise_case, act, FORM, lambda user: True, second=False)


def test_a_key_is_new_once(store: Store) -> None:
    """In one transaction, in the next one, and after it was taken back."""
    with store.begin() as unit:
        assert [unit.once("view:V1", NOON) for _ in range(3)] == [True, False, False]
    assert not store.write_now(UnitOfWork.once, "view:V1", NOON)
    store.write_now(UnitOfWork.forget, "view:V1")
    assert store.write_now(UnitOfWork.once, "view:V1", NOON)


def test_a_form_that_was_kept_is_not_found_late_when_it_comes_again(store: Store, program: Program) -> None:
    """The bot was killed before its ack; Ana presses the button again when the agreed time has passed."""
    assert raised(store, program, NOON) is not None
    assert raised(store, program, NOON + timedelta(hours=1)) is None
    with store.read() as reading:
        assert len(reading.waiting_cases(program.id)) == 1


def test_a_form_with_a_mistake_may_come_again(store: Store, program: Program) -> None:
    """Nothing was done, so that the same modal, put right, is a new submission."""
    with pytest.raises(FieldErrors):
        raised(store, program, NOON + timedelta(hours=1))
    assert raised(store, program, NOON) is not None
