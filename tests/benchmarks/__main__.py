"""Measures, and writes the table: `uv run --group benchmarks python -m tests.benchmarks`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from tests.benchmarks import machine
from tests.benchmarks.databases import Databases
from tests.benchmarks.parts import PARTS
from tests.benchmarks.written import document, write

HERE = Path(__file__).parent


def main(
    parts: Annotated[
        list[str] | None,
        typer.Argument(help=f"What to measure: {', '.join(f'{p.letter} ({p.title})' for p in PARTS)}."),
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Small sizes: whether it works, not how fast.")
    ] = False,
    folder: Annotated[Path, typer.Option(help="Where results.json and results.md are written.")] = HERE,
) -> None:
    """Measures Askdesk beside its peers. Parts that are not named keep the figures that stand in the file."""
    console = Console()
    chosen = [part for part in PARTS if not parts or part.letter in parts]
    if not chosen:
        raise typer.BadParameter(f"there is no part {' '.join(parts or [])}")
    for part in chosen:
        console.print(f"[bold]({part.letter}) {part.title}[/]")
        noise = machine.load()
        with Databases() as databases:
            figures = part.small(databases) if quick else part.full(databases)
        for figure in figures:
            console.print(f"  {figure}")
        write(folder, part.letter, figures, noise, date.today())  # noqa: DTZ011 - the day on the wall is meant
    console.print(document(folder))


if __name__ == "__main__":
    typer.run(main)
