"""The table in the repository is what the figures say, and the README quotes nothing else."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tests.benchmarks.parts import PARTS
from tests.benchmarks.written import document

HERE = Path(__file__).parent
README = HERE.parents[1] / "README.md"


def test_the_table_is_made_of_the_figures() -> None:
    """`results.md` is never edited by hand."""
    assert (HERE / "results.md").read_text("utf-8") == document(HERE)


def test_every_part_has_its_figures() -> None:
    """The table is whole."""
    held = json.loads((HERE / "results.json").read_text("utf-8"))
    assert list(held["parts"]) == [part.letter for part in PARTS]


def test_the_readme_quotes_the_table() -> None:
    """Each figure in bold in its section stands in the table, letter for letter."""
    (section,) = re.findall(
        r"^## Figures\n(.*?)(?=^## )", README.read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    quoted = re.findall(r"\*\*(.+?)\*\*", section)
    cells = {
        part.strip()
        for line in (HERE / "results.md").read_text("utf-8").splitlines()
        for cell in line.split("|")
        for part in (cell, cell.partition(",")[0], cell.partition(", a ")[0])
    }
    assert quoted
    assert [figure for figure in quoted if figure not in cells] == []
