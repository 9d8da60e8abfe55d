"""`askdesk verify`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bot.terminal.console import FAILED, SETTINGS_WRONG, ProgramName, bar, count, print_lines
from bot.terminal.with_database import Refused, chosen, with_database

if TYPE_CHECKING:
    from storage.record import Point
    from storage.store import Store
    from storage.verify import Verdict


def verify(
    program: ProgramName = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--since",
            metavar="LINE:HASH",
            help="A line that a morning digest named; it must still be there.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Checks the record of every program and names the first thing that is wrong.

    Each line of the record is linked to the line before it and signed with a key
    made from ENCRYPTION_KEY; so are the end of the record and every case, callback
    and attempt. verify finds any line or case that was changed, added, swapped,
    moved or deleted by hand, and any text sealed for another place. It cannot see
    from the database alone that somebody put an older copy in its place. For
    that, pass --since a line from a morning digest; every digest names the last
    one. Without ENCRYPTION_KEY verify finds mistakes, but not forgeries. It
    changes nothing, and the bot may run meanwhile.

    Examples:
      askdesk verify
      askdesk verify --program Billing --since 1234:9f3a5b7c8d9e

    Exit codes:
      0  every record holds
      1  a record does not hold, or the database does not answer
      2  a setting, the program's name or --since is wrong
    """

    def job(store: Store) -> int:
        from storage.verify import verify as walk

        programs, noted, broken = chosen(store, program), _noted(since), 0
        if noted is not None and len(programs) > 1:
            raise Refused("--since belongs to one record: choose it with --program.", SETTINGS_WRONG)
        for one in programs:
            with store.snapshot() as reading:
                head = reading.record_head(one.id)
                with bar(f"Walking the record of {one.name}", head.length if head else 0) as advance:
                    verdict = walk(reading, one.id, advance, noted)
            broken += verdict.broken is not None
            print_lines(f"{one.name}: {_in_words(verdict)}.")
        return FAILED if broken else 0

    raise typer.Exit(with_database(job, without_key=True))


def _noted(since: str | None) -> Point | None:
    from storage.record import Point

    try:
        return None if since is None else Point.of(since)
    except ValueError:
        raise Refused(
            f"--since {since} is no line of a record. Copy it from a morning digest, such as 1234:9f3a5b7c8d9e.",
            SETTINGS_WRONG,
        ) from None


def _in_words(verdict: Verdict) -> str:
    if verdict.broken is not None:
        return f"the record does not hold: {verdict.broken}"
    parts = [f"the record holds, {count(verdict.lines, 'line')}, the last one {verdict.head}"]
    if verdict.keyed:
        parts.append(f"keyed from line {verdict.keyed} on")
    else:
        parts.append("not keyed, so that whoever writes the database can make it anew (see ENCRYPTION_KEY)")
    if verdict.keyed and not verdict.settled:
        parts.append("what is older than that is still being sealed and stamped")
    if verdict.unsure:
        parts.append(f"marks not checked for want of ENCRYPTION_KEY: {verdict.unsure}")
    if verdict.blanked:
        parts.append(f"texts deleted after their time: {verdict.blanked}")
    if verdict.unread:
        parts.append(f"texts not read for want of ENCRYPTION_KEY: {verdict.unread}")
    return "; ".join(parts)
