"""An export as text: CSV for people and spreadsheets, JSON for programs; row by row, so that any number fits."""

from __future__ import annotations

import csv
import io
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

from cases.csv_file import inert
from cases.events import Event, Fact, Happened
from cases.figures.export import Column, Told, Value, columns, row
from cases.figures.period import Period
from cases.people import Person
from cases.program import Program
from storage.reading import Reading
from storage.reports import exporting


def csv_text(cases: Iterable[tuple[Program, Told]], chosen: tuple[Column, ...]) -> Iterator[str]:
    """CSV with a head, a line at a time (RFC 4180, UTF-8), each cell in quotes."""
    line = io.StringIO()
    writer = csv.writer(line, quoting=csv.QUOTE_ALL)

    def flushed() -> str:
        text = line.getvalue()
        line.seek(0)
        line.truncate()
        return text

    writer.writerow(["program", *(column.name for column in chosen)])
    yield flushed()
    for program, case in cases:
        writer.writerow([_cell(program.name), *(_cell(value) for value in row(case, chosen).values())])
        yield flushed()


def json_text(cases: Iterable[tuple[Program, Told]], chosen: tuple[Column, ...]) -> Iterator[str]:
    """A JSON array of objects, one on each line."""
    before = "[\n"
    for program, case in cases:
        yield before + json.dumps({"program": program.name, **row(case, chosen)}, ensure_ascii=False)
        before = ",\n"
    yield "\n]\n" if before == ",\n" else "[]\n"


WRITERS: dict[str, Callable[[Iterable[tuple[Program, Told]], tuple[Column, ...]], Iterator[str]]] = {
    "csv": csv_text,
    "json": json_text,
}


def for_the_channel(reading: Reading, program: Program, period: Period, now: datetime) -> bytes:
    """A program's export as the channel may have it: CSV without anything of a customer, and without people's names and
    how agents did.

    The whole channel reads it, as there is no way to hand a file to one manager: Slack shows a file where it is shared
    (https://docs.slack.dev/reference/methods/files.completeUploadExternal: without a channel it stays the bot's own),
    an ephemeral message takes none (https://docs.slack.dev/reference/methods/chat.postEphemeral), a Home tab and a modal
    only images (https://docs.slack.dev/reference/block-kit/composition-objects/slack-file-object), and Askdesk sends no
    direct messages. The command line writes the other columns.

    With a byte order mark: a spreadsheet that opens it reads names as they are written.
    """
    cases = ((program, one) for one in exporting.cases(reading, program.id, period, now, personal=False))
    return "".join(csv_text(cases, columns(personal=False, staff=False))).encode("utf-8-sig")


def exported(
    by: Person, first: date, last: date, cases: int, *, personal: bool, manager: str | None = None
) -> Event:
    """That somebody exported a period's cases, with or without what is personal.

    From the command line it is the operator, for a `manager`: nobody there can say who sits at the keyboard.
    """
    facts: dict[str, Fact] = {"from": first.isoformat(), "to": last.isoformat()}
    if manager is not None:
        facts["for"] = manager
    return Event(Happened.EXPORTED, by.id, {**facts, "cases": cases, "personal": personal})


class Draft:
    """A file that is there under its name only once it is whole: `write`, then `done`; `discard` where it ends early."""

    def __init__(self, name: Path) -> None:
        self._name = name
        handle, path = tempfile.mkstemp(prefix=f".{name.name}.", suffix=".part", dir=name.parent)
        self._part = Path(path)
        self._file = os.fdopen(handle, "w", encoding="utf-8", newline="")

    def write(self, text: str) -> None:
        self._file.write(text)

    def done(self) -> None:
        """On the disk, then under its name, in one step."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._part.replace(self._name)

    def discard(self) -> None:
        """Nothing is left of it."""
        with suppress(OSError):
            self._file.close()
        self._part.unlink(missing_ok=True)


def _cell(value: Value) -> str:
    """A value as a cell; nothing in it is calculated."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case list():
            return inert(" ".join(value))
        case str():
            return inert(value)
    return str(value)
