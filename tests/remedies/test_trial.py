"""How a trial is judged: only what a test found out about the code's behaviour counts as red."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.remedies import trial
from tests.remedies.inside import PACKAGES
from tests.remedies.remedy import TOP, Fault, Remedy
from tests.remedies.trial import Came

TESTS = """
import pytest
from bot import answer

def test_well():
    assert answer() == 42

def test_wrong():
    assert answer() == 43

@pytest.mark.parametrize("wanted", [42, 43])
def test_one_case_is_wrong(wanted):
    assert answer() == wanted

def test_of_code_that_is_broken():
    assert anwser() == 42

@pytest.fixture
def stage():
    raise AssertionError("the stage fell over")

def test_that_never_began(stage):
    pass

@pytest.mark.skip
def test_that_was_skipped():
    pass
"""

REMEDY = Remedy(
    "answers", Fault.UNFORESEEN, "answers", "bot/__init__.py", "return 42", "return 43", ("tests/test_it.py",)
)


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """A small tree with the packages of a big one."""
    for package in PACKAGES:
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").touch()
    (tmp_path / "bot" / "__init__.py").write_text("def answer():\n    return 42\n")
    (tmp_path / "tests" / "test_it.py").write_text(TESTS)
    (tmp_path / "tests" / "remedies").mkdir()
    for name in ("__init__.py", "inside.py"):
        (tmp_path / "tests" / "remedies" / name).write_text(
            (TOP / "tests" / "remedies" / name).read_text("utf-8")
        )
    return tmp_path


def test_each_test_is_judged_by_how_it_ended(top: Path) -> None:
    """One that did not run, or that met code which cannot work, says nothing."""
    names = {
        "test_well": Came.GREEN,
        "test_wrong": Came.RED,
        "test_one_case_is_wrong": Came.RED,
        "test_one_case_is_wrong[42]": Came.GREEN,
        "test_of_code_that_is_broken": Came.BROKEN,
        "test_that_never_began": Came.BROKEN,
        "test_that_was_skipped": Came.BROKEN,
    }
    found = trial.run(top, [f"tests/test_it.py::{name}" for name in names], stop_at_first=False)
    assert {test.partition("::")[2]: one.came for test, one in found.items()} == names
    assert "assert 42 == 43" in found["tests/test_it.py::test_wrong"].said
    assert trial.run(top, ["tests/test_it.py::test_that_is_not_there"]).popitem()[1].came is Came.BROKEN


def test_the_copy_is_what_is_tested(top: Path) -> None:
    """Not the tree that is installed: what was taken away in the copy is away, and a part that is missing is told."""
    trial.take_away(REMEDY, top)
    (ended,) = trial.run(top, ["tests/test_it.py::test_well"]).values()
    assert ended.came is Came.RED
    (top / "scheduler" / "__init__.py").unlink()
    (top / "scheduler").rmdir()
    (ended,) = trial.run(top, ["tests/test_it.py::test_well"]).values()
    assert ended.came is Came.BROKEN
    assert "not from the copy" in ended.said


def test_a_place_that_moved_is_told(top: Path) -> None:
    """Rather than that its tests stay green."""
    (top / "bot" / "__init__.py").write_text("def answer():\n    return 6 * 7\n")
    with pytest.raises(ValueError, match="answers: this stands 0 times"):
        trial.take_away(REMEDY, top)
