"""`askdesk verify`, `purge`, `forget`, `seal`, `export`, after their words are read: what they do, say and end with."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from types import FrameType

import typer

from bot.commands.books import Refused, chosen, with_books
from bot.commands.terminal import FAILED, SETTINGS_WRONG, STOPPED, bar, count, err, say
from bot.environment.clock import wall_clock
from bot.usecases.export_files import WRITERS, Draft, exported
from cases.contact import NotAContact, read_contact
from cases.figures.export import Told, columns
from cases.figures.period import Period
from cases.people import OPERATOR
from cases.program import Program
from cases.roles import person
from cases.times import wall
from cases.words import Role
from storage import exporting, languages, redaction, retention, sealing
from storage.reading import Reading
from storage.record import Point
from storage.redaction import Reach
from storage.retention import Known
from storage.sealing import Place
from storage.store import Store
from storage.unit import UnitOfWork
from storage.verify import Verdict
from storage.verify import verify as walk


def verify_records(name: str | None, since: str | None = None) -> int:
    """Walks the record of every program, or of one; a line for each. `since` is a line that was noted before."""

    def job(store: Store) -> int:
        programs, noted, broken = chosen(store, name), _noted(since), 0
        if noted is not None and len(programs) > 1:
            raise Refused("--since is of one record: say which with --program.", SETTINGS_WRONG)
        for program in programs:
            with store.snapshot() as reading:
                head = reading.record_head(program.id)
                with bar(f"Walking the record of {program.name}", head.length if head else 0) as advance:
                    verdict = walk(reading, program.id, advance, noted)
            broken += verdict.broken is not None
            say(verdict_of(program, verdict))
        return FAILED if broken else 0

    return with_books(job, without_key=True)


def _noted(since: str | None) -> Point | None:
    try:
        return None if since is None else Point.of(since)
    except ValueError:
        raise Refused(
            f"--since {since} is no line of a record. Copy it from a morning digest, such as 1234:9f3a5b7c8d9e.",
            SETTINGS_WRONG,
        ) from None


def verdict_of(program: Program, verdict: Verdict) -> str:
    """What a walk found, as a line."""
    if verdict.broken is not None:
        return f"{program.name}: the record does not hold: {verdict.broken}."
    parts = [f"{program.name}: the record holds, {count(verdict.lines, 'line')}, the last one {verdict.head}"]
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
    return f"{'; '.join(parts)}."


def purge_cases(name: str | None, *, dry_run: bool) -> int:
    """Blanks what has had its time in every program, or in one."""

    def job(store: Store) -> int:
        for program in chosen(store, name):
            with store.read() as reading:
                todo = retention.past_retention(reading, program, wall_clock())
                in_slack = redaction.reach(reading, todo)
            kept = f"closed for more than {program.retention.days} days"
            if dry_run:
                say(f"{program.name}: {count(len(todo), 'case')} {kept} (dry run: nothing was deleted).")
                if todo:
                    say(_in_slack(program, in_slack))
                continue
            done = 0
            with bar(f"Deleting in {program.name}", len(todo)) as advance:
                while some := store.write_now(retention.purge_next, program, wall_clock()):
                    done += some
                    advance(some)
            say(
                f"{program.name}: who the customer was and what was written was deleted of {count(done, 'case')} {kept}."
            )
            if done:
                say(_in_slack(program, in_slack))
        return 0 if dry_run else _cleaned(store, "askdesk purge")

    return with_books(job)


def forget_customer(customer: str, name: str | None, *, dry_run: bool, sure: bool) -> int:
    """Blanks a customer's closed cases in every program, or in one, after a question."""

    def job(store: Store) -> int:
        if not customer.strip():
            raise Refused(
                "--customer is empty: enter a contact number, e-mail address or reference.", SETTINGS_WRONG
            )
        found: dict[Program, Known] = {}
        for program in chosen(store, name):
            with store.read() as reading:
                known = retention.known(reading, program, *marks_of(customer, program))
            if known.closed or known.open:
                found[program] = known
                say(_known(program, known))
                if known.closed:
                    with store.read() as reading:
                        say(_in_slack(program, redaction.reach(reading, known.closed)))
        if not found:
            err.print("No case of this customer is known, or all that was known is deleted already.")
            return FAILED
        left_open = FAILED if any(known.open for known in found.values()) else 0
        if not any(known.closed for known in found.values()):
            return left_open
        if dry_run:
            say("Dry run: nothing was deleted.")
            return left_open
        if not sure and not typer.confirm("Delete who this was and what was written, for good?", err=True):
            err.print("Nothing was deleted.")
            return FAILED
        for program in found:
            gone = store.write_now(retention.forget, program, *marks_of(customer, program), wall_clock())
            say(f"{program.name}: deleted in {count(len(gone.closed), 'case')}.")
        return max(left_open, _cleaned(store, "askdesk purge"))

    return with_books(job)


def marks_of(customer: str, program: Program) -> tuple[str | None, str]:
    """What a customer may be known by in a program: a contact, where it can be read as one, and a reference."""
    try:
        return read_contact(customer, program.phone_region).value, customer.strip()
    except NotAContact:
        return None, customer.strip()


def seal_texts() -> int:
    """Seals what the first key has not sealed, and lets go of the others."""

    def job(store: Store) -> int:
        if not store.vault.has_key:
            raise Refused("There is no ENCRYPTION_KEY to seal with. `askdesk key` makes one.", SETTINGS_WRONG)
        while found := store.ask_now(languages.written_out):
            store.write_now(languages.settle, found, wall_clock())
        with store.read() as reading:
            if reading.has_older_bots():
                raise Refused(
                    "A bot of an older version is at work on this database and could not read what is sealed now: stop it "
                    "first, or run this five minutes after its end.",
                    FAILED,
                )
            todo = sealing.left(reading)
        store.write_now(sealing.begin, wall_clock())
        place: Place | None = Place()
        done = 0
        with bar("Sealing", todo) as advance:
            while place is not None:
                advance(place.rows - done)
                done = place.rows
                place = store.write_now(sealing.seal_next, place)
        left = store.write_now(sealing.finish, wall_clock(), retire=True)
        if left:
            err.print(
                f"{count(left, 'row')} came in meanwhile under another key, or are not as Askdesk left them. Restart every "
                "bot with the new key first, then run this again. If that does not help, askdesk verify names what was "
                "changed by hand; keep the old key until it is put right."
            )
            return FAILED
        say(
            f"Everything is sealed with the first key of ENCRYPTION_KEY ({count(done, 'row')} just now); no other is needed."
        )
        return _cleaned(store, "askdesk seal")

    return with_books(job)


@dataclass(frozen=True)
class Wish:
    """What is to be exported, as the command line said it."""

    first: date
    last: date
    form: str
    program: str | None
    out: Path | None
    by: str | None
    personal: bool


def export_cases(wish: Wish) -> int:
    """Writes a period's cases to a file."""

    def job(store: Store) -> int:
        programs = chosen(store, wish.program)
        periods = {one: Period(wish.first, wish.last, one.timezone) for one in programs}
        _check(wish, store, programs)
        out = wish.out or Path(f"askdesk-{wish.first}-{wish.last}.{wish.form}")
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
                                    reading, program.id, period, now, personal=wish.personal
                                ):
                                    yield program, case
                                    advance(1)

                        for text in WRITERS[wish.form](rows(), columns(personal=wish.personal)):
                            draft.write(text)
                    if wish.personal and wish.by is not None:
                        store.write_now(_note, programs, sizes, wish, wall_clock())
                    draft.done()
                finally:
                    draft.discard()
        except KeyboardInterrupt:
            err.print("Stopped; there is no file.")
            return STOPPED
        except OSError as error:
            raise Refused(f"{out} cannot be written: {error.strerror or error}.", FAILED) from None
        say(f"{out}: {count(sum(sizes.values()), 'case')}.")
        return 0

    return with_books(job)


def _check(wish: Wish, store: Store, programs: tuple[Program, ...]) -> None:
    """Raises Refused with all that is wrong with a wish."""
    today = wall(wall_clock(), programs[0].timezone).date()
    if wish.last < wish.first:
        raise Refused(f"--to {wish.last} is before --from {wish.first}.", SETTINGS_WRONG)
    if wish.first > today:
        raise Refused(
            f"--from {wish.first} is in the future: nothing can have been raised then.", SETTINGS_WRONG
        )
    if wish.by is not None and not wish.personal:
        raise Refused("--by belongs to --personal.", SETTINGS_WRONG)
    if not wish.personal:
        return
    if not store.vault.has_key:
        raise Refused("--personal takes ENCRYPTION_KEY.", SETTINGS_WRONG)
    if wish.by is None:
        raise Refused("--personal takes --by: the manager who asks, by their Slack id.", SETTINGS_WRONG)
    for program in programs:
        manager = person(program, wish.by, store.ask_now(Reading.members, program.channel))
        if Role.MANAGER not in manager.roles:
            raise Refused(
                f"{wish.by} is no manager of {program.name}: only managers may export what is personal.",
                SETTINGS_WRONG,
            )


def _note(
    unit: UnitOfWork, programs: tuple[Program, ...], sizes: dict[Program, int], wish: Wish, now: datetime
) -> None:
    for program in programs:
        unit.note(
            program,
            exported(
                OPERATOR, wish.first, wish.last, sizes[program], personal=wish.personal, manager=wish.by
            ),
            now,
        )


@contextmanager
def stops() -> Iterator[None]:
    """A SIGTERM ends what runs as Ctrl-C does, so that nothing is left half done."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _cleaned(store: Store, again: str) -> int:
    if store.clean_now():
        return 0
    err.print(
        f"The database was busy: its files may still hold what was overwritten. Run {again} again, or leave it to the night.",
        markup=False,
    )
    return FAILED


def _known(program: Program, known: Known) -> str:
    parts = []
    if known.closed:
        parts.append(f"closed, to be deleted: {_numbers(known.closed)}")
    if known.open:
        parts.append(f"still open, to be closed first: {_numbers(known.open)}")
    return f"{program.name}: {'; '.join(parts)}."


def _in_slack(program: Program, reach: Reach) -> str:
    """What becomes of the bot's own messages."""
    edited = f"{count(reach.messages, 'message')} in Slack to edit besides the cards; the running bot edits about 20 a minute."
    private = f" Out of reach: {count(reach.private, 'private confirmation')}." if reach.private else ""
    return f"{program.name}: {edited}{private}"


def _numbers(cases: tuple[int, ...]) -> str:
    return ", ".join(f"case {number}" for number in cases)
