"""What is personal, each text column says itself; everything else follows from that, and is held against it here."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import JSON, Column, String, Table
from sqlmodel import SQLModel

from bot.views.card import card
from cases.case import Case
from cases.coaching import CoachingOutcome, Feedback
from cases.figures.export import Told, columns
from cases.figures.facts import FirstPromise
from storage import tables as t
from storage.mapping import case_row, case_value
from storage.personal import columns_of, marks_of
from storage.vault import Vault
from tests import build
from tests.build import DUE

TEXTS = [
    column
    for table in SQLModel.metadata.sorted_tables
    for column in table.c
    if isinstance(getattr(column.type, "impl", column.type), String | JSON)
]
PERSONAL_TABLES = [table for table in SQLModel.metadata.sorted_tables if columns_of(table)]
LATER = DUE + timedelta(hours=1)


def whose(typed: dict[str, str]) -> Case:
    """A closed case with these texts in its personal columns."""
    row = case_row(build.closed(), Vault(), bound=False)
    return case_value({**row, "other_contact_kind": row["contact_kind"], **typed}, None, None, Vault())


@pytest.mark.parametrize("column", TEXTS, ids=str)
def test_every_text_column_says_whether_it_is_personal(column: Column[str]) -> None:
    """`_personal()` or `_plain()` in storage/tables.py: nobody has to remember the other places."""
    assert isinstance(column.info.get(t.PERSONAL), bool)


@pytest.mark.parametrize("table", PERSONAL_TABLES, ids=str)
def test_what_is_personal_can_be_found_by_its_case_and_forgotten(table: Table) -> None:
    assert table is t.cases or "case_number" in table.c
    assert all(table.c[name].nullable or table.c[name].type.python_type is str for name in columns_of(table))
    assert set(marks_of(table)) <= set(columns_of(table))
    assert set(marks_of(table).values()) <= set(table.c.keys())


def test_an_export_without_what_is_personal_holds_none_of_it() -> None:
    case = whose({name: f"<{name}>" for name in columns_of(t.cases)})
    feedback = Feedback("<feedback>", CoachingOutcome.FEEDBACK)
    told = Told(case, FirstPromise(DUE, timedelta(minutes=15), DUE), LATER, None, feedback, "<comment>")
    for staff in (True, False):
        shown = [column.value(told) for column in columns(personal=False, staff=staff)]
        assert not [one for one in shown if "<" in str(one)]
    assert "<customer>" in [column.value(told) for column in columns(personal=True)]


def test_a_card_shows_no_number_of_any_personal_column() -> None:
    typed = dict.fromkeys(columns_of(t.cases), "Ask for +63 917 123 4567")
    case = whose({**typed, "contact": "+639171234567", "other_contact": "+639171234567"})
    shown = json.dumps(card(case, build.program(), LATER).blocks, ensure_ascii=False)
    assert not [part for part in ("917 123", "9171234567") if part in shown]
    assert "Ask for" in shown
