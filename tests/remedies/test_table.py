"""The table of remedies fits the code: `uv run python -m tests.remedies` takes them away one by one."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from tests.remedies.remedy import TOP, Fault, Remedy
from tests.remedies.table import REMEDIES


@cache
def names_in(file: str) -> frozenset[str]:
    """The names of a file's tests."""
    tree = ast.parse((TOP / file).read_text("utf-8"))
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in tree.body if isinstance(node, functions))


def test_every_fault_has_a_remedy() -> None:
    assert {remedy.fault for remedy in REMEDIES} == set(Fault)


def test_every_remedy_has_a_name_of_its_own() -> None:
    assert [name for name, times in Counter(remedy.name for remedy in REMEDIES).items() if times > 1] == []


@pytest.mark.parametrize("remedy", REMEDIES, ids=lambda remedy: remedy.name)
def test_a_remedy_stands_where_the_table_says(remedy: Remedy) -> None:
    """Once; and without it the file is another program, that can be compiled."""
    without = ast.parse(remedy.source())
    assert ast.dump(without) != ast.dump(ast.parse((TOP / remedy.file).read_text("utf-8")))


@pytest.mark.parametrize("remedy", REMEDIES, ids=lambda remedy: remedy.name)
def test_a_remedy_is_held_by_tests_that_are_there(remedy: Remedy) -> None:
    assert remedy.tests
    for test in remedy.tests:
        file, _, name = test.partition("::")
        assert name.partition("[")[0] in names_in(file), test


def test_without_its_remedy_no_file_uses_a_name_that_is_not_there(tmp_path: Path) -> None:
    """Its tests must fail because the fault is back, not because the code is broken."""
    for remedy in REMEDIES:
        (tmp_path / f"{remedy.name}.py").write_text(remedy.source(), "utf-8")
    looks = [sys.executable, "-m", "ruff", "check", "--isolated", "--select", "F821,F822,F823", str(tmp_path)]
    found = subprocess.run(looks, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout
