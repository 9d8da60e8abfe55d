"""Tests run in a copy of the tree, as it stands or without a remedy."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from tests.remedies.remedy import TOP, Remedy

LONGEST = 300.0
"""Seconds that one run of tests may take, those on the untouched tree times their number."""

NO_BEHAVIOUR = frozenset(
    {
        "ImportError",
        "ModuleNotFoundError",
        "SyntaxError",
        "IndentationError",
        "NameError",
        "UnboundLocalError",
    }
)
"""Errors of code that is broken, which no test has to find."""


class Came(Enum):
    """How a test ended."""

    GREEN = "green"
    RED = "red"
    BROKEN = "broken"


@dataclass(frozen=True)
class Ended:
    """How a test ended and, if not well, what it said."""

    came: Came
    said: str = ""


def copy(to: Path) -> None:
    """Everything that git knows or would add, as it stands in the working tree."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=TOP,
        check=True,
        capture_output=True,
        text=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (TOP / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(TOP / name, to / name)


def take_away(remedy: Remedy, top: Path) -> None:
    """The copy is without the remedy from now on. Raises SyntaxError where what is left cannot be compiled."""
    source, file = remedy.source(top), top / remedy.file
    compile(source, remedy.file, "exec")
    for compiled in (file.parent / "__pycache__").glob(f"{file.stem}.*.pyc"):
        compiled.unlink()
    file.write_text(source, "utf-8")


def run(top: Path, tests: Sequence[str], *, stop_at_first: bool = True) -> dict[str, Ended]:
    """Runs these tests in the copy, by the Python that runs this: how each ended."""
    kept = top / "trial.json"
    kept.unlink(missing_ok=True)
    options = ["-n", "0", "-q", "-p", "no:cacheprovider", "-p", "tests.remedies.inside"]
    child = subprocess.Popen(
        [sys.executable, "-m", "pytest", *options, *(["-x"] if stop_at_first else []), *tests],
        cwd=top,
        env=os.environ | {"PYTHONPATH": str(top), "ASKDESK_TRIAL": str(kept)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        said, _ = child.communicate(timeout=LONGEST * len(tests))
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        said, _ = child.communicate()
        return dict.fromkeys(tests, Ended(Came.BROKEN, "no end"))
    if not kept.exists():
        return dict.fromkeys(tests, Ended(Came.BROKEN, said.strip()[-2_000:]))
    notes = json.loads(kept.read_text("utf-8"))
    return {test: _ended([note for note in notes if _is_of(note["test"], test)], said) for test in tests}


def _is_of(found: str, test: str) -> bool:
    """Whether a test that ran is the one that was meant, or one of its cases."""
    return found == test or found.startswith(f"{test}[")


def _ended(notes: Sequence[dict[str, str]], said: str) -> Ended:
    failed = next((note for note in notes if note["outcome"] == "failed"), None)
    if failed is not None:
        why = f"{failed['error']}: {failed['said']}"
        is_behaviour = failed["phase"] != "setup" and failed["error"] not in NO_BEHAVIOUR
        return Ended(Came.RED if is_behaviour else Came.BROKEN, why)
    if any(note["phase"] == "call" and note["outcome"] == "passed" for note in notes):
        return Ended(Came.GREEN)
    return Ended(Came.BROKEN, f"it did not run: {said.strip()[-2_000:]}")
