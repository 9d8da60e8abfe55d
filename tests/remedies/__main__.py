"""Takes each remedy away and sees its tests fail: `uv run python -m tests.remedies`."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from tests.remedies import trial
from tests.remedies.remedy import Remedy
from tests.remedies.table import REMEDIES
from tests.remedies.trial import Came

WIDTH = 150
"""Of what a failing test said, so much is shown."""

console = Console(markup=False, highlight=False, soft_wrap=True)


def main(
    names: Annotated[
        list[str] | None, typer.Argument(help="Which remedies; all where none is named.", show_default=False)
    ] = None,
    listed: Annotated[bool, typer.Option("--list", help="Only say which there are.")] = False,
) -> None:
    """Takes each remedy away in a copy of the tree and runs its tests there, which must fail.

    First the tests run in a copy as it stands, where none may fail. Exit code 1: a test stayed green without its
    remedy, or failed with it, or something else than the fault broke.
    """
    unknown = sorted(set(names or ()) - {remedy.name for remedy in REMEDIES})
    if unknown:
        raise typer.BadParameter(f"there is no remedy {', '.join(unknown)}; --list says which there are")
    chosen = [remedy for remedy in REMEDIES if not names or remedy.name in names]
    if listed:
        for remedy in chosen:
            console.print(f"{remedy.name}: {remedy.fault.value} → {remedy.does}")
        return
    with tempfile.TemporaryDirectory(prefix="askdesk-remedies-", ignore_cleanup_errors=True) as folder:
        untouched = Path(folder) / "untouched"
        trial.copy(untouched)
        well = are_green(untouched, chosen)
        red = [is_red(untouched, Path(folder) / remedy.name, remedy) for remedy in chosen] if well else []
    if not well:
        raise typer.Exit(1)
    console.print(f"{sum(red)} of {len(red)} remedies are held by tests that fail without them")
    if not all(red):
        raise typer.Exit(1)


def are_green(untouched: Path, chosen: Sequence[Remedy]) -> bool:
    """Whether the tests pass as long as nothing is taken away."""
    tests = list(dict.fromkeys(test for remedy in chosen for test in remedy.tests))
    began = time.monotonic()
    ended = trial.run(untouched, tests, stop_at_first=False)
    wrong = {test: one for test, one in ended.items() if one.came is not Came.GREEN}
    for test, one in wrong.items():
        console.print(f"{one.came.value:<7}{test}\n       {one.said}")
    console.print(
        f"untouched: {len(tests) - len(wrong)} of {len(tests)} tests green, {time.monotonic() - began:.0f} s"
    )
    return not wrong


def is_red(untouched: Path, top: Path, remedy: Remedy) -> bool:
    """Whether each of its tests fails without the remedy, for no other reason than that."""
    shutil.copytree(untouched, top)
    trial.take_away(remedy, top)
    found = True
    for test in remedy.tests:
        began = time.monotonic()
        (ended,) = trial.run(top, [test]).values()
        said = " ".join(ended.said.split())[:WIDTH]
        console.print(
            f"{ended.came.value:<7}{remedy.name} ({time.monotonic() - began:.0f} s) {test.rpartition('::')[2]}\n       {said}"
        )
        found = found and ended.came is Came.RED
    shutil.rmtree(top)
    return found


if __name__ == "__main__":
    typer.run(main)
