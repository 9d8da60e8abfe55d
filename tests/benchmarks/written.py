"""The table in the repository: `results.json` holds the figures, `results.md` is made of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from tests.benchmarks import machine
from tests.benchmarks.figures import Figure, row

CAUSES = Path(__file__).parent / "causes.md"
"""Why targets were missed, by whoever looked; the only part that is written by hand."""

HEAD = """# Benchmarks

Made by `uv run --group benchmarks python -m tests.benchmarks`; `results.json` has the same figures. Each part was measured
beside its peers in one run, so compare the ratios, not the figures. Missed targets are marked.
"""


def write(folder: Path, letter: str, figures: Sequence[Figure], noise: float, day: date) -> None:
    """Puts a part's figures in place of those that stood there."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "results.json"
    held: dict[str, Any] = json.loads(file.read_text("utf-8")) if file.exists() else {"parts": {}}
    held["machine"] = machine.facts()
    held["parts"][letter] = {
        "measured": day.isoformat(),
        "load before": round(noise, 2),
        "figures": [figure.as_json() for figure in figures],
    }
    held["parts"] = dict(sorted(held["parts"].items()))
    file.write_text(json.dumps(held, indent=1, ensure_ascii=False) + "\n", "utf-8")
    (folder / "results.md").write_text(document(folder), "utf-8")


def document(folder: Path) -> str:
    """The table as a page, made of the figures in the file."""
    from tests.benchmarks.parts import PARTS

    held = json.loads((folder / "results.json").read_text("utf-8"))
    titles = {part.letter: part.title for part in PARTS}
    lines = [
        HEAD,
        "**The machine:** " + " · ".join(f"{name} {fact}" for name, fact in held["machine"].items()),
    ]
    for letter, part in held["parts"].items():
        lines += [
            f"\n## ({letter}) {titles[letter]}\n",
            f"Measured {part['measured']}; other work on the machine before it: a load of {part['load before']}.\n",
            "| What | Askdesk | Beside | Ratio | Target | Met |",
            "|---|---:|---:|---:|---:|---|",
            *(row(figure) for figure in part["figures"]),
        ]
    return "\n".join(lines) + "\n" + CAUSES.read_text("utf-8")
