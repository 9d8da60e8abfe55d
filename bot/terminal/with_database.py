"""How commands open the database, and what they print when something stands in the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.terminal.console import (
    FAILED,
    SETTINGS_WRONG,
    err,
    print_database_error,
    print_error,
    print_mistakes,
)

if TYPE_CHECKING:
    from cases.program import Program
    from storage.store import Store


class Refused(Exception):
    """The command cannot be done; the text is the sentence to print, `code` the exit code."""

    def __init__(self, sentence: str, code: int) -> None:
        super().__init__(sentence)
        self.code = code


def with_database(job: Callable[[Store], int], *, without_key: bool = False) -> int:
    """Runs `job` on the database of the settings and returns the exit code; prints what stands in the way.

    `without_key`: the job needs no key to seal or open anything, and no key is entered in the database.
    """
    from sqlalchemy.exc import SQLAlchemyError

    from bot.environment.clock import wall_clock
    from bot.environment.settings import SettingsError, UnreadableFile, database_and_vault, environment
    from storage.privacy import keyring
    from storage.store import Store
    from storage.vault import VaultError

    try:
        url, vault = database_and_vault(environment())
    except (SettingsError, UnreadableFile) as error:
        raise print_mistakes(error) from None
    store = Store.at(url, vault)
    try:
        if not is_of_this_version(store):
            return FAILED
        if not without_key:
            store.write_now(keyring.unlock, wall_clock())
        elif vault.has_key:
            store.ask_now(keyring.fits)
        return job(store)
    except Refused as refused:
        err.print(str(refused), markup=False)
        return refused.code
    except VaultError as error:
        return print_error(error, SETTINGS_WRONG)
    except SQLAlchemyError as error:
        return print_database_error(error)
    finally:
        store.close()


def chosen(store: Store, name: str | None) -> tuple[Program, ...]:
    """All programs, or the one with that name or channel id; raises Refused."""
    with store.read() as reading:
        programs = reading.programs()
    if not programs:
        raise Refused("There is no program yet. Start the bot once: askdesk run", FAILED)
    if name is None:
        return programs
    found = tuple(one for one in programs if name in (one.name, one.channel))
    if not found:
        names = ", ".join(one.name for one in programs)
        raise Refused(f"--program: there is no program {name}. There are: {names}.", SETTINGS_WRONG)
    return found


def is_of_this_version(store: Store) -> bool:
    """Whether the database has the newest schema; prints what to do if not."""
    from storage.schema import is_current

    current = is_current(store.engine)
    if not current:
        err.print("The database is not of this version. Bring it up to date first: askdesk db upgrade")
    return current


def cleaned(store: Store, again: str) -> int:
    """Removes what was overwritten from the files of a SQLite database; returns the exit code. `again` is the command."""
    from storage.privacy import wipe

    if wipe.clean(store):
        return 0
    err.print(
        f"The database was busy, and its files may still contain what was overwritten. Run {again} again, or wait for "
        "tonight's clean-up.",
        markup=False,
    )
    return FAILED
