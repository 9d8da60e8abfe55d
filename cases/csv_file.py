"""CSV files that people bring: rows with their numbers, or what is wrong, as sentences with the row. And what a cell of a file
for people may hold.

Pure: bytes in, rows and problems out.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cases.text import clean

DELIMITERS = (",", ";")
SEPARATORS = ",;\t|"
"""What spreadsheets split a line at, whichever of them the file was written with."""

FORMULA = "=+-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u207c\u207a\u207b\u208c\u208a\u208b"
"""How a cell begins that a spreadsheet would calculate, with the full-width and small forms of these signs."""

_UNSEEN = r"\s\"\x00-\x1f\x7f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
"""What may stand before such a sign without keeping it from being the first: space, quotes, signs that nobody sees."""

_BEGINS = re.compile(
    rf"(\A|[{re.escape(SEPARATORS)}\r\n\v\f\x1c-\x1e\x85\u2028\u2029])([{_UNSEEN}]*)(?=[{re.escape(FORMULA)}])"
)
_NUMBER = re.compile(r"\+[0-9]+", re.ASCII)

LINE_ENDS = re.compile(r"(?<=\n)|(?<=\r)(?!\n)")


@dataclass(frozen=True)
class Problem:
    """What is wrong, where (the header is row 1; no row: the file itself), as a sentence that says what to do."""

    row: int | None
    column: str | None
    sentence: str

    @property
    def text(self) -> str:
        where = [f"row {self.row}"] if self.row else []
        where += [self.column] if self.column else []
        return f"{', '.join(where) or 'file'}: {self.sentence}"


Rows = Iterator[tuple[int, list[str] | Problem]]


def rows_of(data: bytes, header: tuple[str, ...]) -> Rows | Problem:
    """The rows below the header that are not empty, numbered as a spreadsheet numbers them; at a broken one they end.

    UTF-8 (with or without its mark), commas or semicolons, quotes, any line ends. A Problem where the file has another
    header or is no text.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        return Problem(row, None, "this is not UTF-8 text. In a spreadsheet, save it as “CSV UTF-8”.")
    head = next((line for line in LINE_ENDS.split(text) if line.strip()), "")
    delimiter = next((sign for sign in DELIMITERS if tuple(_cells(head, sign)) == header), None)
    if delimiter is None:
        return Problem(1, None, _wrong_header(head, header))
    rows = _rows(text, delimiter)
    next(rows)
    return rows


def inert(text: str) -> str:
    """A text as a cell in which nothing is calculated, also where a spreadsheet splits it at another separator.

    An apostrophe stands before every sign that could begin a formula
    (https://owasp.org/www-community/attacks/CSV_Injection). A phone number keeps its plus: as a formula it is itself.
    """
    return text if _NUMBER.fullmatch(text) else _BEGINS.sub(r"\1\2'", text)


def wrong_width(row: int, cells: Sequence[str], header: tuple[str, ...]) -> Problem:
    """That a row has too many values or too few."""
    count = "1 value" if len(cells) == 1 else f"{len(cells)} values"
    sentence = (
        f"{count} instead of {len(header)}. A value with a comma or semicolon in it needs quotation marks."
    )
    return Problem(row, None, sentence)


def shown(value: str) -> str:
    """A wrong value as it may be quoted: in one line, not too long."""
    text = " ".join(value.split())
    return f"“{text if len(text) <= 60 else text[:60] + '…'}”"


def _wrong_header(head: str, header: tuple[str, ...]) -> str:
    wanted = ",".join(header)
    if not head:
        return f"the file is empty. Its first row must be {wanted}."
    return f"the header must be exactly {wanted}, and it is {shown(head)}."


def _cells(line: str, delimiter: str) -> list[str]:
    """A single line's cells; none where it cannot be read as one."""
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return []


def _rows(text: str, delimiter: str) -> Rows:
    row, reader = 0, csv.reader(LINE_ENDS.split(text), delimiter=delimiter, strict=True)
    while True:
        row += 1
        try:
            cells = [clean(cell) for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as error:
            why = f"the file cannot be read from here on ({error}). Look for a quotation mark that is never closed."
            yield row, Problem(row, None, why)
            return
        if any(cells):
            yield row, cells
