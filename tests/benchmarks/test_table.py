"""The table in the repository is what the figures say, and docs/performance.md quotes nothing else."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tests.benchmarks.parts import PARTS
from tests.benchmarks.written import document

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "performance.md"


def test_the_table_is_made_of_the_figures() -> None:
    """`results.md` is never edited by hand."""
    assert (HERE / "results.md").read_text("utf-8") == document(HERE)


def test_every_part_has_its_figures() -> None:
    """The table is whole."""
    held = json.loads((HERE / "results.json").read_text("utf-8"))
    assert list(held["parts"]) == [part.letter for part in PARTS]


def test_the_page_quotes_the_table() -> None:
    """Each figure in bold stands in the table, letter for letter."""
    quoted = re.findall(r"\*\*(.+?)\*\*", PAGE.read_text("utf-8"))
    cells = {
        part.strip()
        for line in (HERE / "results.md").read_text("utf-8").splitlines()
        for cell in line.split("|")
        for part in (cell, cell.partition(",")[0], cell.partition(", a ")[0])
    }
    assert quoted
    assert [figure for figure in quoted if figure not in cells] == []
