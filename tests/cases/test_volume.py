"""Call volume from a CSV file: read whole or refused whole, every mistake with its row."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.csv_file import Problem
from cases.figures.volume import HEADER, MOST_CALLS, Plan, Sheet, compare, read
from tests import build

BILLING = build.program()
SALES = replace(BILLING, id=2, channel="C0SALES", name="Sales, inbound")
TODAY = {1: date(2026, 11, 25), 2: date(2026, 11, 25)}
MONDAY = date(2026, 11, 23)


def sheet(text: str) -> Sheet:
    return read(text.encode(), [BILLING, SALES], TODAY)


def test_hours_and_whole_days_of_several_programs() -> None:
    """By name or by channel; with quotes where a name has a comma, with semicolons, with empty rows."""
    found = sheet(
        "program,day,hour,calls\n"
        "Northwind Billing,2026-11-23,9,120\n"
        "C0ASKBILL,2026-11-23,10,80\n\n"
        '"Sales, inbound",2026-11-24,,900\n'
    )
    assert not found.problems
    assert found.volume == {(1, MONDAY): {9: 120, 10: 80}, (2, date(2026, 11, 24)): {None: 900}}
    assert sheet("program;day;hour;calls\r\nC0SALES;2026-11-23;;5\r\n").volume == {(2, MONDAY): {None: 5}}


@pytest.mark.parametrize(
    ("row", "where", "says"),
    [
        ("Billing,2026-11-23,9,1", "row 2, program", "There are: Northwind Billing, Sales, inbound."),
        ("C0SALES,23.11.2026,9,1", "row 2, day", "Write it as 2026-11-23."),
        ("C0SALES,2026-11-26,9,1", "row 2, day", "has not come yet"),
        ("C0SALES,2026-11-23,24,1", "row 2, hour", "Write 0 to 23"),
        ("C0SALES,2026-11-23,9,many", "row 2, calls", "no number of calls"),
        ("C0SALES,2026-11-23,9,-1", "row 2, calls", "no number of calls"),
        (f"C0SALES,2026-11-23,9,{MOST_CALLS + 1}", "row 2, calls", "no number of calls"),
        ("C0SALES,2026-11-23,9", "row 2", "3 values instead of 4"),
        ("C0SALES,2026-11-23,9,1\nC0SALES,2026-11-23,09,2", "row 3", "row 2 has this already"),
        ("C0SALES,2026-11-23,9,1\nC0SALES,2026-11-23,,2", "row 3, hour", "as a whole or by the hour"),
        ('C0SALES,2026-11-23,9,"1', "row 2", "quotation mark"),
    ],
)
def test_what_is_wrong_is_told_with_its_row(row: str, where: str, says: str) -> None:
    (problem,) = sheet(f"{','.join(HEADER)}\n{row}\n").problems
    assert problem.text.startswith(f"{where}: ")
    assert says in problem.text


def test_all_that_is_wrong_with_a_row_is_told_at_once() -> None:
    found = sheet("program,day,hour,calls\nNobody,today,noon,few\n").problems
    assert [problem.column for problem in found] == list(HEADER)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "the file is empty"),
        (b"day,hour,calls\n", "the header must be exactly program,day,hour,calls"),
        (b"program,day,hour,calls\n", "no calls are in it"),
        (b"program,day,hour,calls\n\xff\xfe", "not UTF-8"),
    ],
)
def test_a_file_that_is_none_is_told_as_one(data: bytes, says: str) -> None:
    (problem,) = read(data, [BILLING], TODAY).problems
    assert says in problem.text


def test_the_same_file_again_changes_nothing() -> None:
    volume = sheet("program,day,hour,calls\nC0SALES,2026-11-23,9,7\nC0SALES,2026-11-24,,9\n").volume
    assert compare(volume, {}) == Plan(2, 0, 0, 16)
    assert compare(volume, volume) == Plan(0, 0, 2, 16)
    assert compare(volume, {(2, MONDAY): {None: 7}}) == Plan(1, 1, 0, 16)


@given(st.binary(max_size=200))
def test_no_file_is_too_strange(data: bytes) -> None:
    """Rows or problems, never an error."""
    found = read(b"program,day,hour,calls\n" + data, [BILLING], TODAY)
    assert found.volume or found.problems
    assert all(isinstance(problem, Problem) for problem in found.problems)
