"""What every command shares: its exit codes, how it speaks to whoever sits at the terminal, how it reads the settings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from bot.environment.settings import Settings, SettingsError, UnreadableFile, from_environment

if TYPE_CHECKING:
    from rich.progress import Progress

    from cases.csv_file import Problem

FAILED = 1
SETTINGS_WRONG = 2
TOKEN_REFUSED = 3
STOPPED = 130

ProgramName = Annotated[
    str | None,
    typer.Option(
        "--program", metavar="NAME", help="Only this program, by its name or channel id.", show_default=False
    ),
]
TryImport = Annotated[bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")]

err = Console(stderr=True, highlight=False, soft_wrap=True)


def csv_file(what: str) -> Any:
    """The word for a file that is imported; `what` tells what its rows are."""
    return typer.Argument(
        metavar="FILE.csv", exists=True, dir_okay=False, readable=True, show_default=False, help=what
    )


def say(*lines: str) -> None:
    """On standard output, a line each, as it is."""
    out = Console(highlight=False, soft_wrap=True)
    for line in lines:
        out.print(line, markup=False)


def count(number: int, what: str) -> str:
    """`1 case`, `1,200 cases`."""
    return f"1 {what}" if number == 1 else f"{number:,} {what}s"


def short(error: Exception) -> str:
    """Its first line, as the driver says it: without the statement and its values."""
    said = str(getattr(error, "orig", None) or error).strip()
    return said.splitlines()[0] if said else type(error).__name__


def say_database(error: Exception) -> int:
    """The database is in the way: what it says, and what the command ends with."""
    err.print(f"[red]The database (DATABASE_URL) does not answer:[/] {escape(short(error))}")
    return FAILED


def say_problems(problems: Iterable[Problem]) -> int:
    """All that is wrong with a file, a line each, in its order; and what the command ends with."""
    found = sorted(problems, key=lambda one: one.row or 0)
    for problem in found:
        err.print(problem.text, markup=False)
    err.print(f"[red]{count(len(found), 'problem')}: nothing was changed.[/]")
    return FAILED


def settings_or_exit() -> Settings:
    """The settings of this process; every mistake in them is told, and ends it."""
    try:
        return from_environment()
    except (SettingsError, UnreadableFile) as error:
        raise say_mistakes(error) from None


def say_mistakes(error: SettingsError | UnreadableFile) -> typer.Exit:
    """Tells every mistake in the settings; the exit is to be raised."""
    err.print("[red]Askdesk cannot start: these settings need another look (environment or .env):[/]")
    sentences = [m.sentence for m in error.mistakes] if isinstance(error, SettingsError) else [str(error)]
    for sentence in sentences:
        err.print(f"  • {sentence}", markup=False)
    err.print("  .env.example explains each of them; `askdesk demo` runs without any.", markup=False)
    return typer.Exit(SETTINGS_WRONG)


def progress() -> Progress:
    """A progress bar for whoever watches; nothing where nobody does."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        console=err,
        transient=True,
        disable=not err.is_terminal,
    )


@contextmanager
def bar(doing: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar around something long: what is yielded takes the steps that were done."""
    shown = progress()
    with shown:
        task = shown.add_task(escape(doing), total=total)
        yield lambda steps: shown.advance(task, steps)
