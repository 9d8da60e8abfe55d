"""Keeps the tables of the documents that the code knows better: `uv run python -m tests.docs` brings them up to date.

Such a table stands in its page between `<!-- generated: NAME -->` and `<!-- /generated -->`. What the code knows is
written anew each time; cells that only people can write keep what they say in the page.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import typer.main
import yaml

from bot import cli
from bot.environment.settings import variables
from bot.watch import metrics
from cases import moves
from cases.case import Status
from cases.figures.definitions import Figure
from cases.figures.export import COLUMNS
from cases.people import one_of
from cases.settings import Section, rows
from cases.words import COACHING, Reason
from sandbox.__main__ import parser
from tests import ui_text

TOP = Path(__file__).parents[1]
DOCS = TOP / "docs"
MANIFEST: dict[str, Any] = yaml.safe_load((TOP / "manifest.yml").read_text("utf-8"))

BLOCK = re.compile(r"<!-- generated: ([\w-]+) -->\n(.*?)<!-- /generated -->", re.S)

Rows = list[list[str]]


@dataclass(frozen=True)
class Table:
    """A table as the code knows it; the cell None is written by hand. `sorted_by_hand`: its rows stay in the page's order."""

    head: tuple[str, ...]
    rows: list[tuple[str | None, ...]]
    sorted_by_hand: bool = False

    def written(self, before: str) -> str:
        """The table, with what people wrote in its page `before`; rows are known by their first cell."""
        kept = {cells[0]: cells for cells in rows_of(before) if len(cells) == len(self.head)}
        rows = [
            [cell if cell is not None else by_hand for cell, by_hand in zip(row, old, strict=True)]
            for row in self.rows
            for old in [kept.get(str(row[0]), [""] * len(row))]
        ]
        if self.sorted_by_hand:
            places = [*kept]
            rows.sort(key=lambda row: places.index(row[0]) if row[0] in places else len(places))
        head, *lines = [f"| {' | '.join(cells)} |".replace("  ", " ") for cells in [self.head, *rows]]
        return "\n".join([head, "|" + "---|" * len(self.head), *lines])


def rows_of(table: str) -> Rows:
    """The rows of a Markdown table, without its head."""
    lines = [line for line in table.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def lifecycle() -> str:
    """The diagram of the moves: from where to where, by which."""
    drawn = [
        f"    {origin or '[*]'} --> {to} : {'<br/>'.join(labels)}"
        for origin in (None, *Status)
        for to in Status
        if (labels := [move.label for move in moves.MOVES if move.leads.get(origin) is to])
    ]
    return "\n".join(["```mermaid", "stateDiagram-v2", *drawn, "```"])


def buttons() -> Table:
    """Every move with a button, and who may click it. Raising is a command, Askdesk itself frees an owner's cases, the
    others are choices in a form. Whoever may make the first of several moves makes the others as the owner.
    """
    without = {moves.raise_case, moves.owner_left, moves.follow_up, moves.withdraw}
    together = (click for click in moves.CLICKS.values() if isinstance(click, moves.Combined))
    may = {move.label: move.by for move in moves.MOVES if move not in without}
    may |= {click.label: click.parts[0].by for click in together}
    rows = [(label, one_of([party.label for party in who]), None) for label, who in may.items()]
    return Table(("Button", "Who may click it", "What it does"), [*rows], sorted_by_hand=True)


def families() -> Table:
    """The moves of each family of `cases/moves/`, whose face is in the module of the same name in `bot/faces/`."""
    labels: dict[str, list[str]] = {}
    for move in (move for move in moves.MOVES if isinstance(move, moves.Made)):
        labels.setdefault(move.effect.__module__.rpartition(".")[2], []).append(move.label)
    head = ("Module of `cases/moves/` and `bot/faces/`", "Its moves")
    return Table(head, [(f"`{module}.py`", ", ".join(names)) for module, names in labels.items()])


def reasons() -> str:
    return "\n".join(f"- {reason.label}" for reason in Reason)


def steps() -> Table:
    return Table(("Step", "How"), [(step.label, how) for step, how in COACHING.items()])


def slack_commands() -> Table:
    names = [f"`{one['command']}`" for one in MANIFEST["features"]["slash_commands"]]
    names += [f"*⋮ → {one['name']}* on a message" for one in MANIFEST["features"]["shortcuts"]]
    return Table(("Type this", "What happens"), [(name, None) for name in names])


def sections() -> Table:
    return Table(("Section", "What it holds"), [(section.label, None) for section in Section])


def settings_of_a_program() -> Table:
    """Every row of the catalogue, under its section."""
    found = rows()
    named = {
        row: "" if row.section == above.section else row.section
        for above, row in pairwise([found[-1], *found])
    }
    cells = [(named[row], row.label, row.takes, row.default, row.hint) for row in found]
    return Table(("Section", "Setting", "What it takes", "Default", "Hint"), [*cells])


def settings() -> Table:
    rows = [(f"`{name}`", what[:1].upper() + what[1:], None) for name, what in variables().items()]
    return Table(("Variable", "What to enter", "Without it"), [*rows])


def prometheus() -> Table:
    source = inspect.getsource(metrics)
    counters = set(re.findall(r'(?:_counter|CounterMetricFamily)\(\s*"(askdesk_\w+)"', source))
    names = re.findall(r'"(askdesk_\w+)"', source)
    rows = [(f"`{name}{'_total' * (name in counters)}`", None) for name in names]
    return Table(("Metric", "What it is"), [*rows], sorted_by_hand=True)


def figures() -> Table:
    rows = [(figure.label, figure.unit.label, figure.definition) for figure in Figure]
    return Table(("Figure", "Shown as", "What counts"), [*rows])


def export_columns() -> Table:
    only, staff = " (only with `--personal`)", " (not in the channel)"
    rows = [
        (f"`{column.name}`", column.what + only * column.personal + staff * column.staff)
        for column in COLUMNS
    ]
    return Table(("Column", "What it holds"), [("`program`", "the program's name"), *rows])


def commands(command: Any = None, words: tuple[str, ...] = ("askdesk",)) -> Iterator[tuple[str, Any]]:
    """Every command of the command line that does something, by its whole name."""
    command = command or typer.main.get_command(cli.app)
    if not hasattr(command, "commands"):
        yield " ".join(words), command
    for name, inner in getattr(command, "commands", {}).items():
        yield from commands(inner, (*words, name))


def command_line() -> Table:
    """Every command with the first sentence of its help and its options."""
    rows = [
        (f"`{name}`", _first_paragraph(command.help), ", ".join(map(_option, command.params)))
        for name, command in commands()
    ]
    return Table(("Command", "What it does", "Options"), [*rows])


def exit_codes() -> Table:
    rows = [tuple(row) for row in codes(typer.main.get_command(cli.app).help)]
    return Table(("Exit code", "Meaning"), [*rows])


def codes(text: str | None) -> Rows:
    """The lines of a help's list of exit codes."""
    return [list(row) for row in re.findall(r"^ *(\d+)  (\S.*)$", text or "", re.M)]


def sandbox_options() -> Table:
    options = [action for action in parser()._actions if action.dest != "help"]
    rows = [
        (
            f"`{' '.join([action.option_strings[0], *([] if action.nargs == 0 else [_value(action)])])}`",
            action.help,
        )
        for action in options
    ]
    return Table(("Option", "What it does"), [*rows])


def _value(action: Any) -> str:
    return str(action.metavar or action.dest.upper())


def _first_paragraph(text: str) -> str:
    return " ".join(inspect.cleandoc(text).split("\n\n")[0].split())


def _option(parameter: Any) -> str:
    """`--url URL`; what goes without a name: `FILE.csv`."""
    if parameter.param_type_name == "argument":
        return f"`{parameter.metavar}`"
    return f"`{max(parameter.opts, key=len)} {parameter.metavar or ''}".rstrip() + "`"


BLOCKS: dict[str, Callable[[], Table | str]] = {
    "buttons": buttons,
    "commands": command_line,
    "exit-codes": exit_codes,
    "export-columns": export_columns,
    "families": families,
    "figures": figures,
    "lifecycle": lifecycle,
    "metrics": prometheus,
    "reasons": reasons,
    "sandbox-options": sandbox_options,
    "sections": sections,
    "settings": settings_of_a_program,
    "slack-commands": slack_commands,
    "steps": steps,
    "ui-text": ui_text.page,
    "variables": settings,
}


def refreshed(page: str) -> str:
    """A page with its generated parts as the code has them now."""

    def written(block: re.Match[str]) -> str:
        made = BLOCKS[block[1]]()
        text = made if isinstance(made, str) else made.written(block[2])
        return f"<!-- generated: {block[1]} -->\n\n{text}\n\n<!-- /generated -->"

    return BLOCK.sub(written, page)


def pages() -> list[Path]:
    """The pages that may have generated parts."""
    return [*sorted(DOCS.glob("*.md")), TOP / "ARCHITECTURE.md"]


def main() -> None:
    for file in pages():
        page = file.read_text("utf-8")
        if (now := refreshed(page)) != page:
            file.write_text(now, "utf-8")
            print(f"{file.relative_to(TOP)} is up to date again")  # noqa: T201


if __name__ == "__main__":
    main()
