"""No cell of an export is calculated, at whichever separator a spreadsheet splits the file."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.usecases.export_files import csv_text
from cases.csv_file import SEPARATORS, inert
from cases.figures.export import COLUMNS, Told
from cases.figures.facts import FirstPromise
from tests import build

TEXTS = tuple(column for column in COLUMNS if column.name in ("customer", "contact", "details"))

attacks = st.lists(
    st.sampled_from([*"=+-@＝＋－＠﹦⁺,;\t|\r\n\"' a1\u200b\u00ad\u2028\ufeff", "=cmd|'/C calc'!A0"])
).map("".join)
"""What somebody may type: signs of formulas and separators, quotes, signs that nobody sees."""


def file(customer: str, details: str = "", contact: str = build.NUMBER) -> str:
    """An export with these texts in it."""
    said = build.escalation(customer=customer, details=details)
    case = build.raised(replace(said, contact=replace(said.contact, value=contact)))
    told = Told(case, FirstPromise(build.DUE, build.program().window, None), build.NOW)
    return "".join(csv_text([(build.program(), told)], TEXTS))


def quoted(text: str, separator: str) -> Iterator[str]:
    """Cells as a spreadsheet reads them: a quote at a cell's begin goes to the next single one, what follows is added."""
    cell, inside, begins, place = "", False, True, 0
    while place < len(text):
        sign = text[place]
        if inside:
            if sign == '"' and text[place + 1 : place + 2] == '"':
                cell, place = cell + '"', place + 1
            elif sign == '"':
                inside = False
            else:
                cell += sign
        elif sign == '"' and begins:
            inside = True
        elif sign == separator or sign in "\r\n":
            yield cell
            cell = ""
        else:
            cell += sign
        begins = not inside and (sign == separator or sign in "\r\n")
        place += 1
    yield cell


def bluntly(text: str, separator: str) -> Iterator[str]:
    """The same by one that knows no quotes."""
    for line in text.splitlines():
        yield from line.split(separator)


def is_calculated(cell: str) -> bool:
    """Whether a cell begins as a formula does, whatever nobody sees stands before it; a bare number is none."""
    seen = cell
    while seen and (seen[0] == '"' or seen[0].isspace() or unicodedata.category(seen[0]) in ("Cf", "Cc")):
        seen = seen[1:]
    number = re.match(r"\+[0-9]+(?=[\",;|\t]|$)", seen)
    return bool(seen) and unicodedata.normalize("NFKC", seen[0])[0] in "=+-@" and not number


@pytest.mark.parametrize("splits", [quoted, bluntly])
@pytest.mark.parametrize("separator", list(SEPARATORS), ids=["comma", "semicolon", "tab", "bar"])
@given(customer=attacks, details=attacks)
@example(customer="de;=cmd|'/C calc'!A0", details="")
@example(customer='a;"=1+1', details="x\n=1+1")
@example(customer="|\u200b ＝1+1", details="\t@SUM(1)")
def test_nothing_is_calculated(
    splits: Callable[[str, str], Iterator[str]], separator: str, customer: str, details: str
) -> None:
    cells = [*splits(file(customer, details), separator)]
    assert not [cell for cell in cells if is_calculated(cell)]


@given(customer=attacks, details=attacks)
def test_the_file_is_read_back_as_it_was_but_for_the_apostrophes(customer: str, details: str) -> None:
    _, row = csv.reader(io.StringIO(file(customer, details), newline=""))
    assert row == [build.program().name, inert(customer), build.NUMBER, inert(details)]
    assert inert(customer).replace("'", "") == customer.replace("'", "")


def test_every_cell_is_quoted() -> None:
    head, row = file("Jane").splitlines()
    assert head == '"program","customer","contact","details"'
    assert row == f'"Northwind Billing","Jane","{build.NUMBER}",""'


@pytest.mark.parametrize(
    "text", ["Jane Doe", "O'Brien-Smith", "she said: well - then", "a+b=c", "50 % - 5", "x@y.org"]
)
def test_what_is_no_formula_stays_as_it_was_typed(text: str) -> None:
    assert inert(text) == text
