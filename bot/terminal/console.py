"""How commands speak: exit codes, shared options, lines on standard output, errors on standard error, progress."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

if TYPE_CHECKING:
    from rich.progress import Progress

    from bot.environment.settings import Settings, SettingsError, UnreadableFile
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
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would change; change nothing.")]

err = Console(stderr=True, highlight=False, soft_wrap=True)


def csv_file(what: str) -> Any:
    """The argument for a file to import; `what` says what its rows are."""
    return typer.Argument(
        metavar="FILE.csv", exists=True, dir_okay=False, readable=True, show_default=False, help=what
    )


def print_lines(*lines: str) -> None:
    """Prints lines on standard output, without markup."""
    out = Console(highlight=False, soft_wrap=True)
    for line in lines:
        out.print(line, markup=False)


def count(number: int, what: str) -> str:
    """`1 case`, `1,200 cases`."""
    return f"1 {what}" if number == 1 else f"{number:,} {what}s"


def short(error: Exception) -> str:
    """An error's first line in the driver's words, without the statement and its values."""
    said = str(getattr(error, "orig", None) or error).strip()
    return said.splitlines()[0] if said else type(error).__name__


def print_error(error: Exception, code: int) -> int:
    """Prints an error whose text is a sentence; returns `code`."""
    err.print(f"[red]{escape(str(error))}[/]")
    return code


def print_database_error(error: Exception) -> int:
    """Prints what the database says is wrong; returns the exit code."""
    err.print(f"[red]The database (DATABASE_URL) does not answer:[/] {escape(short(error))}")
    return FAILED


def print_problems(problems: Iterable[Problem]) -> int:
    """Prints all that is wrong with a file, a line each, in its order; returns the exit code."""
    found = sorted(problems, key=lambda one: one.row or 0)
    for problem in found:
        err.print(problem.text, markup=False)
    err.print(f"[red]{count(len(found), 'problem')}: nothing was changed.[/]")
    return FAILED


def settings_or_exit() -> Settings:
    """The settings of this process; mistakes in them are printed and end it."""
    from bot.environment.settings import SettingsError, UnreadableFile, from_environment

    try:
        return from_environment()
    except (SettingsError, UnreadableFile) as error:
        raise print_mistakes(error) from None


def print_mistakes(error: SettingsError | UnreadableFile) -> typer.Exit:
    """Prints every mistake in the settings; raise what it returns."""
    err.print("[red]Askdesk cannot start. Check these settings (environment or .env):[/]")
    mistakes = getattr(error, "mistakes", ())
    for sentence in [one.sentence for one in mistakes] or [str(error)]:
        err.print(f"  • {sentence}", markup=False)
    err.print("  .env.example explains each setting; `askdesk demo` needs none.", markup=False)
    return typer.Exit(SETTINGS_WRONG)


def progress() -> Progress:
    """A progress bar; nothing where standard error is no terminal."""
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
    """A progress bar around a long job; call what it yields with the number of steps done."""
    shown = progress()
    with shown:
        task = shown.add_task(escape(doing), total=total)
        yield lambda steps: shown.advance(task, steps)
