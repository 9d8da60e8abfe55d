"""`askdesk forget`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.purge import in_slack
from bot.terminal.console import FAILED, SETTINGS_WRONG, DryRun, ProgramName, count, err, print_lines
from bot.terminal.with_database import Refused, chosen, cleaned, with_database

if TYPE_CHECKING:
    from cases.program import Program
    from storage.privacy.retention import Known
    from storage.store import Store


def forget(
    customer: Annotated[
        str,
        typer.Option(
            "--customer",
            metavar="NUMBER-OR-REFERENCE",
            help="A number or e-mail address the case ever had, or its reference.",
            show_default=False,
        ),
    ],
    program: ProgramName = None,
    dry_run: DryRun = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Deletes a customer's details and all texts of their closed cases.

    It lists these cases, then asks. Open cases stay, because their promise must be
    kept: close them, then run forget again. The channel and the record say that
    cases were deleted, without the number. The running bot edits its own messages
    in Slack; docs/privacy.md says what it cannot reach.

    Examples:
      askdesk forget --customer "+1 212 555 0132" --dry-run
      askdesk forget --customer A-20417 --program Billing --yes

    Exit codes:
      0  nothing of this customer is left (or would be: --dry-run)
      1  no such customer, a case is still open, or you answered no
      2  a setting or the program's name is wrong
    """

    def job(store: Store) -> int:
        from bot.environment.clock import wall_clock
        from storage.privacy import redaction, retention

        if not customer.strip():
            raise Refused(
                "--customer is empty: enter a contact number, e-mail address or reference.", SETTINGS_WRONG
            )
        found: dict[Program, Known] = {}
        for one in chosen(store, program):
            with store.read() as reading:
                known = retention.known(reading, one, *_marks(customer, one))
                messages = redaction.reach(reading, known.closed)
            if known.closed or known.open:
                found[one] = known
                print_lines(_cases(one, known))
            if known.closed:
                print_lines(in_slack(one, messages))
        if not found:
            err.print("No case of this customer was found, or everything in them is already deleted.")
            return FAILED
        left_open = FAILED if any(known.open for known in found.values()) else 0
        if not any(known.closed for known in found.values()):
            return left_open
        if dry_run:
            print_lines("Dry run: nothing was deleted.")
            return left_open
        if not yes and not typer.confirm("Delete who this was and what was written, permanently?", err=True):
            err.print("Nothing was deleted.")
            return FAILED
        for one in found:
            gone = store.write_now(retention.forget, one, *_marks(customer, one), wall_clock())
            print_lines(f"{one.name}: deleted in {count(len(gone.closed), 'case')}.")
        return max(left_open, cleaned(store, "askdesk purge"))

    raise typer.Exit(with_database(job))


def _marks(customer: str, program: Program) -> tuple[str | None, str]:
    """What a customer may be known by in a program: a contact, if it can be read as one, and a reference."""
    from cases.contact import NotAContact, read_contact

    try:
        return read_contact(customer, program.phone_region).value, customer.strip()
    except NotAContact:
        return None, customer.strip()


def _cases(program: Program, known: Known) -> str:
    lists = (("closed, to be deleted", known.closed), ("still open, to be closed first", known.open))
    parts = [f"{what}: {', '.join(f'case {number}' for number in cases)}" for what, cases in lists if cases]
    return f"{program.name}: {'; '.join(parts)}."
