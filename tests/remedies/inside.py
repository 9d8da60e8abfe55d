"""A pytest plugin for a copy of the tree: sees to it that the copy is what is tested, and notes what failed and how.

`ASKDESK_TRIAL` names the file for the notes.
"""

from __future__ import annotations

import json
import os
from collections.abc import Generator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

PACKAGES = ("bot", "cases", "sandbox", "scheduler", "storage", "tests")

notes: list[dict[str, str]] = []


def pytest_sessionstart() -> None:
    for name in PACKAGES:
        file = import_module(name).__file__
        if file is None or not Path(file).is_relative_to(Path.cwd()):
            raise pytest.UsageError(f"{name} is imported from {file}, not from the copy in {Path.cwd()}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[Any]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    error = call.excinfo if report.failed else None
    notes.append(
        {
            "test": item.nodeid,
            "phase": str(report.when),
            "outcome": report.outcome,
            "error": error.typename if error else "",
            "said": str(error.value) if error else "",
        }
    )
    return report


def pytest_sessionfinish() -> None:
    Path(os.environ["ASKDESK_TRIAL"]).write_text(json.dumps(notes), "utf-8")
