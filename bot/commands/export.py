"""`askdesk export`."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from bot.terminal.console import FAILED, SETTINGS_WRONG, STOPPED, ProgramName, bar, count, err, print_lines
from bot.terminal.with_database import Refused, chosen, with_database

if TYPE_CHECKING:
    from cases.figures.export import Told
    from cases.program import Program
    from storage.store import Store
    from storage.unit import UnitOfWork


class Format(StrEnum):
    """How an export is written."""

    CSV = "csv"
    JSON = "json"


def export(
    first: Annotated[
        datetime,
        typer.Option(
            "--from", formats=["%Y-%m-%d"], metavar="DATE", help="The first day.", show_default=False
        ),
    ],
    last: Annotated[
        datetime,
        typer.Option("--to", formats=["%Y-%m-%d"], metavar="DATE", help="The last day.", show_default=False),
    ],
    form: Annotated[Format, typer.Option("--format", metavar="FORMAT", help="csv or json.")] = Format.CSV,
    program: ProgramName = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FILE",
            dir_okay=False,
            help="The file to write; default: one in this folder, named after the days.",
            show_default=False,
        ),
    ] = None,
    personal: Annotated[
        bool, typer.Option("--personal", help="Include customers' names, numbers and all texts.")
    ] = False,
    by: Annotated[
        str | None,
        typer.Option(
            "--by", metavar="ID", help="With --personal: the manager you export for.", show_default=False
        ),
    ] = None,
) -> None:
    """Writes the cases raised in a period to a file, one row per case.

    docs/privacy.md lists the columns. The file contains nothing about customers unless
    a manager of each program asks you for that: --personal --by with their Slack
    id. This needs ENCRYPTION_KEY. The record and a line in the channel then say
    that the operator exported for that manager. The file appears under its name
    only when it is complete.

    Examples:
      askdesk export --from 2026-11-01 --to 2026-11-30
      askdesk export --from 2026-11-01 --to 2026-11-30 --format json --out nov.json
      askdesk export --from 2026-11-01 --to 2026-11-30 --personal --by U0MIA

    Exit codes:
      0  the file is there
      1  the database does not answer, or the file cannot be written
      2  a day, the program, who asks, or a setting is wrong
    130  stopped with Ctrl-C; there is no file
    """
    request = Request(first.date(), last.date(), form.value, out, by, personal=personal)
    raise typer.Exit(with_database(lambda store: request.export(store, chosen(store, program))))


@dataclass(frozen=True)
class Request:
    """An export as the command line asked for it."""

    first: date
    last: date
    form: str
    out: Path | None
    by: str | None
    personal: bool

    def export(self, store: Store, programs: tuple[Program, ...]) -> int:
        """Writes the file; returns the exit code."""
        from bot.environment.clock import wall_clock
        from bot.usecases.export_files import WRITERS, Draft
        from cases.figures.export import columns
        from cases.figures.period import Period
        from storage.reports import exporting

        self._check(store, programs)
        periods = {one: Period(self.first, self.last, one.timezone) for one in programs}
        out = self.out or Path(f"askdesk-{self.first}-{self.last}.{self.form}")
        try:
            with stops(), store.read() as reading:
                now = wall_clock()
                sizes = {one: exporting.count(reading, one.id, period) for one, period in periods.items()}
                draft = Draft(out)
                try:
                    with bar("Exporting", sum(sizes.values())) as advance:

                        def rows() -> Iterator[tuple[Program, Told]]:
                            for program, period in periods.items():
                                for case in exporting.cases(
                                    reading, program.id, period, now, personal=self.personal
                                ):
                                    yield program, case
                                    advance(1)

                        for text in WRITERS[self.form](rows(), columns(personal=self.personal)):
                            draft.write(text)
                    if self.personal:
                        store.write_now(self._note, sizes, wall_clock())
                    draft.done()
                finally:
                    draft.discard()
        except KeyboardInterrupt:
            err.print("Stopped; there is no file.")
            return STOPPED
        except OSError as error:
            raise Refused(f"{out} cannot be written: {error.strerror or error}.", FAILED) from None
        print_lines(f"{out}: {count(sum(sizes.values()), 'case')}.")
        return 0

    def _check(self, store: Store, programs: tuple[Program, ...]) -> None:
        """Raises Refused with what is wrong with the request."""
        from bot.environment.clock import wall_clock
        from cases.roles import person
        from cases.times import wall
        from cases.words import Role
        from storage.reading import Reading

        today = wall(wall_clock(), programs[0].timezone).date()
        for wrong, sentence in (
            (self.last < self.first, f"--to {self.last} is before --from {self.first}."),
            (self.first > today, f"--from {self.first} is in the future: no case was raised then."),
            (self.by is not None and not self.personal, "--by belongs to --personal."),
            (self.personal and not store.vault.has_key, "--personal needs ENCRYPTION_KEY."),
            (
                self.personal and self.by is None,
                "--personal needs --by: the Slack id of the manager who asks.",
            ),
        ):
            if wrong:
                raise Refused(sentence, SETTINGS_WRONG)
        if self.by is None:
            return
        for program in programs:
            manager = person(program, self.by, store.ask_now(Reading.members, program.channel))
            if Role.MANAGER not in manager.roles:
                raise Refused(
                    f"{self.by} is not a manager of {program.name}: only managers may export personal data.",
                    SETTINGS_WRONG,
                )

    def _note(self, unit: UnitOfWork, sizes: dict[Program, int], now: datetime) -> None:
        """Records for whom the personal data was exported."""
        from bot.usecases.export_files import exported
        from cases.people import OPERATOR
        from storage.writing.notices import note_on_program

        for program, size in sizes.items():
            event = exported(OPERATOR, self.first, self.last, size, personal=True, manager=self.by)
            note_on_program(unit, program, event, now)


@contextmanager
def stops() -> Iterator[None]:
    """Makes SIGTERM end what runs as Ctrl-C does, so that no half-written file is left."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
