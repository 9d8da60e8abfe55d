"""What is kept comes back equal: cases in every state, made by the real moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import Table

from cases.case import Escalation
from cases.program import OwnDay, Program, Shift
from cases.words import Reason
from storage import tables as t
from storage.mapping import (
    ATTEMPTS,
    CALLBACKS,
    CASES,
    attempt_value,
    program_row,
    program_value,
)
from storage.reading import Reading
from storage.record import spoken
from storage.rows import Rows
from storage.writing.coaching import ITEMS
from storage.writing.programs import save_program
from tests import build
from tests.build import ANA, NOW, VAULT
from tests.cases.programs import programs
from tests.storage.book import Book
from tests.storage.lives import Deed, escalations, kept, lives, times, tried


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=escalations, deeds=lives)
def test_a_case_comes_back_as_it_was_kept(book: Book, said: Escalation, deeds: Sequence[Deed]) -> None:
    """After each move: the case with its promise and call; each promise and attempt; each line of the record."""
    case = book.raises(said, by=ANA)
    assert book.case(case.number) == case
    assert case.said == said
    for deed, now in times(deeds):
        change = tried(case, deed, now)
        if change is None:
            continue
        before = len(book.rows(t.events, case_number=case.number))
        case = book.moves(case, kept(change), now)
        assert book.case(case.number) == case
        callbacks = [CALLBACKS.value(row) for row in book.rows(t.callbacks, case_number=case.number)]
        attempts = [attempt_value(row, VAULT) for row in book.rows(t.attempts, case_number=case.number)]
        assert set(change.callbacks) <= set(callbacks)
        assert set(change.attempts) <= set(attempts)
        assert [one.number for one in callbacks] == list(range(1, case.callbacks + 1))
        assert [one.number for one in attempts] == list(range(1, case.attempts + 1))
        with book.store.read() as reading:
            lines = reading.events(case.number)[before:]
        assert [(e.kind, e.by, e.facts, e.said, e.at) for e in lines] == [
            (event.kind, event.by, dict(event.facts), dict(event.said), now) for event in change.events
        ]


def test_what_was_said_comes_back_without_its_salt(book: Book) -> None:
    """And may be gone."""
    book.raises(now=NOW)
    row = book.rows(t.events)[0]
    assert spoken(row, VAULT)["customer"] == "Jane Doe"
    assert set(spoken(row, VAULT)) <= {"customer", "contact", "details", "reference", "other_reason"}
    assert spoken({**row, "said": None}, VAULT) == {}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(desk=programs)
def test_a_program_comes_back_as_it_was_kept(book: Book, desk: Program) -> None:
    """Whatever its manager set up; on either database, over JSON."""
    kept_now = book.store.write_now(lambda unit: save_program(unit, desk))
    assert kept_now == replace(desk, id=book.program.id)
    assert book.store.ask_now(Reading.programs) == (kept_now,)


def test_a_programs_row_stays_as_versions_before_wrote_it() -> None:
    """They read it, too, while old and new bots are at work; what they do not know is left out, what they lack is default."""
    desk = build.program(
        calling=(None, *build.program().calling[1:]),
        own_days=(OwnDay(date(2026, 12, 24), "Company day"),),
        reasons_off=(Reason.LONG_WAIT,),
        shifts=(Shift("Night", (0, 1), time(22), time(6), ("S0TLS",)),),
    )
    row = program_row(desk)
    assert (row["channel"], row["name"], row["phone_region"]) == (desk.channel, desk.name, "US")
    assert row["people"]["sme_groups"] == ["S0SMES"]
    assert row["people"]["departments"][0] == {"name": "IT", "groups": ["S0IT"], "users": []}
    assert row["people"]["shifts"] == [
        {
            "name": "Night",
            "days": [0, 1],
            "begins": "22:00",
            "ends": "06:00",
            "groups": ["S0TLS"],
            "users": [],
        }
    ]
    numbers = row["numbers"]
    assert (numbers["window"], numbers["horizon"], numbers["attempts"], numbers["active"]) == (
        15,
        10080,
        3,
        True,
    )
    assert (numbers["calling"][:2], numbers["digest_at"]) == ([None, ["08:00", "21:00"]], "08:00")
    assert (numbers["own_days"], numbers["reasons_off"]) == ([["2026-12-24", "Company day"]], ["long_wait"])
    assert numbers["ladder"]["unclaimed"] == [3, 7, 15]
    assert program_value({**row, "id": desk.id, "numbers": {**numbers, "of_tomorrow": 11}}) == desk
    del numbers["window"], numbers["ladder"]["heads_up"]
    assert program_value({**row, "id": desk.id}) == desk


@pytest.mark.parametrize(
    ("rows", "table", "besides"),
    [
        (
            CASES,
            t.cases,
            {"callback", "call", "contact_mark", "other_contact_mark", "reference_mark", "stamp"},
        ),
        (CALLBACKS, t.callbacks, {"case_number", "stamp"}),
        (ATTEMPTS, t.attempts, {"case_number", "stamp"}),
        (ITEMS, t.coaching, {"is_pattern", "feedback", "comment"}),
    ],
    ids=["cases", "callbacks", "attempts", "coaching"],
)
def test_every_column_has_its_attribute(rows: Rows[Any], table: Table, besides: set[str]) -> None:
    """A column whose attribute was forgotten would stay empty for ever, one that was forgotten would lose its attribute."""
    assert sorted([*rows.columns, *besides]) == sorted(column.name for column in table.c)
